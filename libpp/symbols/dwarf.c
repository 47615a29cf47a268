#include "symbols/dwarf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "symbols/dwarf_package.h"
#include "symbols/dwarf_private.h"

struct pp_dwarf {
    Dwarf *handle, *alternate;
    int alternate_fd;
    struct pp_unit *units;
    size_t nunits, units_cap;
    struct pp_range_index ranges; /* indices of `units` */
    struct pp_package *package;   /* the .dwo files packed by dwp; NULL: none */
    size_t missing_splits;
    bool names_only;
    struct pp_call *calls;
    size_t calls_cap;
    struct pp_names names;
};

/* --- opening ------------------------------------------------------------- */

/* Ranges of the functions of a unit that has no ranges itself. */
static void add_functions(struct pp_dwarf *d, uint32_t number)
{
    struct pp_unit *u = &d->units[number];
    Dwarf_Die die;
    if (dwarf_child(&u->skeleton, &die) != 0)
        return;
    do
        if (dwarf_tag(&die) == DW_TAG_subprogram)
            pp_range_add_die(&d->ranges, &die, number, 0);
    while (pp_next_die(&die));
}

/* Adds the ranges of the unit, or else those of its functions. */
static void add_unit(struct pp_dwarf *d, Dwarf_Die *die)
{
    uint32_t number = (uint32_t)d->nunits;
    PP_GROW(d->units, d->nunits + 1, d->units_cap);
    d->units[d->nunits++] = (struct pp_unit){.skeleton = *die, .die = *die};
    if (!pp_range_add_die(&d->ranges, die, number, 0))
        add_functions(d, number);
}

static void list_units(struct pp_dwarf *d)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die die;
    uint8_t type;
    while (dwarf_get_units(d->handle, unit, &unit, NULL, &type, &die, NULL) == 0)
        if (type == DW_UT_compile || type == DW_UT_skeleton)
            add_unit(d, &die);
    pp_range_sort(&d->ranges);
}

struct pp_dwarf *pp_dwarf_new(struct pp_image *image, const char *alternate)
{
    errno = 0;
    Dwarf *handle = dwarf_begin_elf(image->elf, DWARF_C_READ, NULL);
    if (!handle && errno == ENOMEM)
        pp_out_of_memory(); /* because of the child's limit: the file is not damaged */
    if (!handle)
        return NULL;
    dwarf_new_oom_handler(handle, pp_out_of_memory);
    struct pp_dwarf *d = pp_calloc(1, sizeof *d);
    d->handle = handle;
    pp_names_init(&d->names);
    d->alternate_fd = alternate ? open(alternate, O_RDONLY | O_CLOEXEC) : -1;
    if (d->alternate_fd >= 0)
        d->alternate = dwarf_begin(d->alternate_fd, DWARF_C_READ);
    if (d->alternate)
        dwarf_setalt(handle, d->alternate);
    list_units(d);
    d->package = pp_package_open(image);
    return d;
}

void pp_dwarf_leave_out_lines(struct pp_dwarf *d)
{
    d->names_only = true;
    d->names.names_only = true;
}

void pp_dwarf_free(struct pp_dwarf *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->nunits; i++)
        pp_unit_release(&d->units[i]);
    pp_range_release(&d->ranges);
    pp_names_release(&d->names);
    pp_package_free(d->package);
    dwarf_end(d->handle);
    dwarf_end(d->alternate);
    if (d->alternate_fd >= 0)
        close(d->alternate_fd);
    free(d->units);
    free(d->calls);
    free(d);
}

/* --- units --------------------------------------------------------------- */

/* Languages whose compilers write the full name of a function into DW_AT_name. */
static bool names_are_whole(int language)
{
    switch (language) {
    case DW_LANG_C89:
    case DW_LANG_C:
    case DW_LANG_C99:
    case DW_LANG_C11:
    case DW_LANG_Go:
    case DW_LANG_Mips_Assembler:
        return true;
    default:
        return false;
    }
}

/*
 * Takes the contents of a skeleton unit from the package, where some ranges are relative to its
 * start.
 */
static bool take_packed(struct pp_dwarf *d, struct pp_unit *u, uint64_t id)
{
    Dwarf_Addr begin;
    if (!d->package || !pp_package_unit(d->package, &u->skeleton, id, &u->die)) {
        u->die = u->skeleton;
        return false;
    }
    if (dwarf_lowpc(&u->skeleton, &begin) == 0)
        u->begin = begin;
    return true;
}

/* Finds the unit's .dwo file, if it has one, and lists its functions. */
static void open_unit(struct pp_dwarf *d, struct pp_unit *u)
{
    Dwarf_Die whole, split = {0};
    uint8_t type = 0;
    uint64_t id = 0;
    if (dwarf_cu_info(u->skeleton.cu, NULL, &type, &whole, &split, &id, NULL, NULL) == 0 &&
        type == DW_UT_skeleton) {
        if (dwarf_tag(&split) == DW_TAG_compile_unit)
            u->die = split;
        else if (!take_packed(d, u, id))
            d->missing_splits++;
    }
    u->needs_linkage = !names_are_whole(dwarf_srclang(&u->die));
    u->opened = true;
    pp_unit_read(u, false);
}

/* The unit whose contents begin at this offset; they are in the order of their offsets. */
static bool unit_with_offset(const struct pp_dwarf *d, Dwarf_Off offset, uint32_t *number)
{
    size_t from = 0, to = d->nunits;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (dwarf_dieoffset(&d->units[middle].skeleton) < offset)
            from = middle + 1;
        else
            to = middle;
    }
    *number = (uint32_t)from;
    return from < d->nunits && dwarf_dieoffset(&d->units[from].skeleton) == offset;
}

/*
 * By .debug_aranges, for addresses that no unit claims: strict DWARF 2 gives a unit only one range,
 * which leaves out code in other sections, such as .text.unlikely. dwarf_addrdie() of elfutils
 * 0.190 and later goes by the units, too.
 */
static bool find_in_aranges(const struct pp_dwarf *d, uint64_t address, uint32_t *number)
{
    Dwarf_Aranges *all;
    size_t n;
    Dwarf_Off unit;
    return dwarf_getaranges(d->handle, &all, &n) == 0 && all &&
           dwarf_getarangeinfo(dwarf_getarange_addr(all, address), NULL, NULL, &unit) == 0 &&
           unit_with_offset(d, unit, number);
}

static struct pp_unit *unit_at(struct pp_dwarf *d, uint64_t address)
{
    uint32_t number;
    if (!pp_range_find(&d->ranges, address, &number) && !find_in_aranges(d, address, &number))
        return NULL;
    struct pp_unit *u = &d->units[number];
    if (!u->opened)
        open_unit(d, u);
    return u;
}

size_t pp_dwarf_missing_splits(const struct pp_dwarf *d)
{
    return d->missing_splits;
}

/* --- finding ------------------------------------------------------------- */

/* Finds the file and line of an address in the line table. */
static void find_line(struct pp_dwarf *d, struct pp_unit *u, uint64_t address, struct pp_call *call)
{
    int line = 0, column = 0;
    unsigned discriminator = 0;
    Dwarf_Line *row = dwarf_getsrc_die(&u->skeleton, address);
    if (!row)
        return;
    call->file = pp_whole_path(&d->names, &u->skeleton, dwarf_linesrc(row, NULL, NULL));
    if (dwarf_lineno(row, &line) == 0 && line > 0)
        call->line = (uint32_t)line;
    if (dwarf_linecol(row, &column) == 0 && column > 0)
        call->column = (uint32_t)column;
    if (dwarf_linediscriminator(row, &discriminator) == 0)
        call->discriminator = discriminator;
}

/* DW_AT_GNU_discriminator of an inlined call, which elfutils 0.188 does not define. */
enum { DW_AT_GNU_DISCRIMINATOR = 0x2136 };

/* Finds the place of an inlined call, in the function that contains it. */
static void find_call_site(struct pp_dwarf *d, struct pp_unit *u, Dwarf_Die *inlined,
                           struct pp_call *outer)
{
    Dwarf_Files *files;
    size_t count;
    uint32_t file = pp_die_number(inlined, DW_AT_call_file);
    bool known = dwarf_getsrcfiles(&u->die, &files, &count) == 0 ||
                 dwarf_getsrcfiles(&u->skeleton, &files, &count) == 0;
    if (known && file < count)
        outer->file =
            pp_whole_path(&d->names, &u->skeleton, dwarf_filesrc(files, file, NULL, NULL));
    outer->line = pp_die_number(inlined, DW_AT_call_line);
    outer->column = pp_die_number(inlined, DW_AT_call_column);
    outer->discriminator = pp_die_number(inlined, DW_AT_GNU_DISCRIMINATOR);
}

/* Appends an empty call. */
static struct pp_call *add_call(struct pp_dwarf *d, size_t n)
{
    PP_GROW(d->calls, n + 1, d->calls_cap);
    d->calls[n] = (struct pp_call){0};
    return &d->calls[n];
}

/* A function that is not at the top level may be nested in another one. */
static struct pp_dwarf_function *function_at(struct pp_unit *u, uint64_t address)
{
    struct pp_dwarf_function *f = pp_unit_function(u, address);
    if (!f && !u->deep) {
        pp_unit_read(u, true);
        f = pp_unit_function(u, address);
    }
    return f;
}

size_t pp_dwarf_find(struct pp_dwarf *d, uint64_t address, const struct pp_call **calls)
{
    size_t n = 0;
    struct pp_unit *u = unit_at(d, address);
    struct pp_dwarf_function *f = u ? function_at(u, address) : NULL;
    add_call(d, n);
    if (u && !d->names_only)
        find_line(d, u, address, &d->calls[0]);
    uint32_t inlined = f ? pp_function_inlined(f, address) : PP_NO_PARENT;
    while (inlined != PP_NO_PARENT) {
        struct pp_inlined *in = &f->inlined[inlined];
        pp_name_call(&d->names, u, &in->die, &d->calls[n]);
        struct pp_call *outer = add_call(d, ++n);
        if (!d->names_only)
            find_call_site(d, u, &in->die, outer);
        inlined = in->parent;
    }
    if (f)
        pp_name_call(&d->names, u, &f->die, &d->calls[n++]);
    *calls = d->calls;
    return n;
}

/* --- borders ------------------------------------------------------------- */

struct borders {
    uint64_t low, high;
    uint64_t **at;
    size_t *n, *cap;
};

static void add_border(const struct borders *b, uint64_t address)
{
    if (address <= b->low || address >= b->high)
        return;
    PP_GROW(*b->at, *b->n + 1, *b->cap);
    (*b->at)[(*b->n)++] = address;
}

/* The address of a row; rows are sorted by address. */
static uint64_t row_address(Dwarf_Lines *lines, size_t i)
{
    Dwarf_Addr address = 0;
    dwarf_lineaddr(dwarf_onesrcline(lines, i), &address);
    return address;
}

static void add_rows(const struct borders *b, struct pp_unit *u)
{
    Dwarf_Lines *lines;
    size_t count, first = 0;
    if (dwarf_getsrclines(&u->skeleton, &lines, &count) != 0)
        return;
    for (size_t step = count; step > 0; step /= 2) /* the first row after `low` */
        while (first + step <= count && row_address(lines, first + step - 1) <= b->low)
            first += step;
    for (size_t i = first; i < count && row_address(lines, i) < b->high; i++)
        add_border(b, row_address(lines, i));
}

void pp_dwarf_borders(struct pp_dwarf *d, uint64_t low, uint64_t high, uint64_t **borders,
                      size_t *n, size_t *cap)
{
    const struct borders b = {low, high, borders, n, cap};
    struct pp_unit *u = unit_at(d, low);
    struct pp_dwarf_function *f = u ? function_at(u, low) : NULL;
    if (u)
        add_rows(&b, u);
    if (f)
        pp_function_inlined(f, low); /* reads the inlined calls */
    for (size_t i = 0; f && i < f->ninlined; i++) {
        Dwarf_Addr base, begins, ends;
        for (ptrdiff_t at = 0;
             (at = dwarf_ranges(&f->inlined[i].die, at, &base, &begins, &ends)) > 0;) {
            add_border(&b, begins);
            add_border(&b, ends);
        }
    }
}
