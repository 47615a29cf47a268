#include "symbols/dwarf_package.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/out.h"

/* The parts of a unit that are taken from a package. */
enum part { INFO, ABBREV, LINE, STR_OFFSETS, RANGES, PARTS };

/* By part: the package's section, and its number in the index of GNU's version and of DWARF 5. */
static const struct {
    const char *section;
    uint32_t gnu, dwarf5; /* 0: none */
    const char *name;     /* of the section in the file that is built */
} parts[PARTS] = {
    [INFO] = {".debug_info.dwo", 1, 1, ".debug_info"},
    [ABBREV] = {".debug_abbrev.dwo", 3, 3, ".debug_abbrev"},
    [LINE] = {".debug_line.dwo", 4, 4, ".debug_line"},
    [STR_OFFSETS] = {".debug_str_offsets.dwo", 6, 6, ".debug_str_offsets"},
    [RANGES] = {".debug_rnglists.dwo", 0, 8, ".debug_rnglists"},
};

/* A file built in memory, and libdw's handle of it. */
struct made {
    char *bytes;
    Elf *elf;
    Dwarf *dwarf;
};

struct pp_package {
    const struct pp_image *program;
    struct pp_image file;
    bool dwarf5;
    struct pp_span index, strings, sections[PARTS];
    uint32_t columns, units, slots;
    struct made *made;
    size_t nmade, cap;
};

/* --- the index ----------------------------------------------------------- */

/* A package is read on a machine with the byte order of the one that made it. */
static uint64_t number(struct pp_span s, uint64_t at, unsigned size)
{
    uint64_t v = 0;
    uint32_t half = 0;
    if (at > pp_len(s) || pp_len(s) - at < size)
        return 0;
    if (size == 8)
        memcpy(&v, s.p + at, sizeof v);
    else
        memcpy(&half, s.p + at, sizeof half);
    return size == 8 ? v : half;
}

static uint32_t u32(struct pp_span s, uint64_t at)
{
    return (uint32_t)number(s, at, 4);
}

enum { HEADER = 16 };

/*
 * "version, columns, units, slots"; in DWARF 5 the version has 16 bits, followed by 16 zero bits.
 */
static bool read_index(struct pp_package *k)
{
    uint32_t version = u32(k->index, 0);
    k->dwarf5 = version == 5;
    k->columns = u32(k->index, 4);
    k->units = u32(k->index, 8);
    k->slots = u32(k->index, 12);
    uint64_t hash = (uint64_t)k->slots * 12,
             table = (uint64_t)k->columns * 4 * (2 * (uint64_t)k->units + 1);
    return (version == 2 || version == 5) && k->columns && k->columns <= 64 && k->slots &&
           HEADER + hash + table <= pp_len(k->index);
}

/* The row of a unit, from 1; 0 if it is missing. */
static uint32_t row_of(const struct pp_package *k, uint64_t id)
{
    for (uint32_t slot = 0; slot < k->slots; slot++)
        if (number(k->index, HEADER + 8 * (uint64_t)slot, 8) == id) {
            uint32_t row = u32(k->index, HEADER + 8 * (uint64_t)k->slots + 4 * (uint64_t)slot);
            if (row && row <= k->units)
                return row;
        }
    return 0;
}

/* The contribution of a unit to a section; empty if it has none. */
static struct pp_span part_of(const struct pp_package *k, enum part part, uint32_t row)
{
    uint32_t want = k->dwarf5 ? parts[part].dwarf5 : parts[part].gnu;
    uint64_t ids = HEADER + 12 * (uint64_t)k->slots;
    for (uint32_t c = 0; want && c < k->columns; c++) {
        if (u32(k->index, ids + 4 * (uint64_t)c) != want)
            continue;
        uint64_t width = 4 * (uint64_t)k->columns, offsets = ids + width;
        uint64_t at = u32(k->index, offsets + width * (row - 1) + 4 * (uint64_t)c);
        uint64_t size = u32(k->index, offsets + width * (k->units + row - 1) + 4 * (uint64_t)c);
        struct pp_span s = k->sections[part];
        if (at > pp_len(s) || size > pp_len(s) - at)
            break;
        return (struct pp_span){s.p + at, s.p + at + size};
    }
    return pp_str("");
}

/* --- opening ------------------------------------------------------------- */

static bool is_native(Elf *elf)
{
    const uint16_t one = 1;
    GElf_Ehdr header;
    unsigned char own = *(const unsigned char *)&one ? ELFDATA2LSB : ELFDATA2MSB;
    return gelf_getehdr(elf, &header) && header.e_ident[EI_DATA] == own;
}

struct pp_package *pp_package_open(const struct pp_image *image)
{
    char *path = NULL;
    struct pp_package *k = pp_calloc(1, sizeof *k);
    k->program = image;
    if (asprintf(&path, "%s.dwp", image->path) < 0)
        pp_out_of_memory();
    bool ok = pp_image_open(&k->file, path) == PP_IMAGE_OPENED && is_native(k->file.elf) &&
              pp_image_section(&k->file, ".debug_cu_index", &k->index) && read_index(k) &&
              pp_image_section(&k->file, ".debug_str.dwo", &k->strings);
    for (int p = 0; ok && p < PARTS; p++)
        if (!pp_image_section(&k->file, parts[p].section, &k->sections[p]))
            k->sections[p] = pp_str("");
    free(path);
    if (ok)
        return k;
    pp_package_free(k);
    return NULL;
}

void pp_package_free(struct pp_package *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < k->nmade; i++) {
        dwarf_end(k->made[i].dwarf);
        elf_end(k->made[i].elf);
        free(k->made[i].bytes);
    }
    free(k->made);
    pp_image_close(&k->file);
    free(k);
}

/* --- the file of a unit -------------------------------------------------- */

/* An ELF file under construction. */
struct making {
    struct pp_out bytes, names;
    Elf64_Shdr sections[16];
    uint16_t count;
};

static void begin_file(struct making *m)
{
    static const Elf64_Ehdr nothing;
    *m = (struct making){.count = 1};
    pp_out_memory(&m->bytes, NULL);
    pp_out_memory(&m->names, NULL);
    pp_putc(&m->names, '\0');
    pp_put(&m->bytes, (struct pp_span){(const char *)&nothing, (const char *)(&nothing + 1)});
}

static void align(struct making *m)
{
    while (m->bytes.len % 8)
        pp_putc(&m->bytes, '\0');
}

static void add_section(struct making *m, const char *name, uint32_t type, struct pp_span content)
{
    if (pp_empty(content))
        return;
    align(m);
    m->sections[m->count++] = (Elf64_Shdr){.sh_name = (Elf64_Word)m->names.len,
                                           .sh_type = type,
                                           .sh_offset = m->bytes.len,
                                           .sh_size = pp_len(content),
                                           .sh_addralign = 1};
    pp_put(&m->bytes, content);
    pp_put(&m->names, (struct pp_span){name, name + strlen(name) + 1});
}

/*
 * Adds the strings of the unit, with new offsets: the strings of all units share one section, which
 * may be large.
 */
static void add_strings(const struct pp_package *k, struct making *m, struct pp_span offsets)
{
    struct pp_out moved, text;
    size_t skip = k->dwarf5 ? 8 : 0; /* its length, version, and padding */
    pp_out_memory(&moved, NULL);
    pp_out_memory(&text, NULL);
    if (pp_len(offsets) < skip)
        skip = pp_len(offsets);
    pp_put(&moved, (struct pp_span){offsets.p, offsets.p + skip});
    for (uint64_t at = skip; at + 4 <= pp_len(offsets); at += 4) {
        uint32_t from = u32(offsets, at), to = (uint32_t)text.len;
        struct pp_span s = k->strings;
        s.p += from < pp_len(s) ? from : pp_len(s);
        const char *end = pp_find(s, '\0');
        pp_put(&text, (struct pp_span){s.p, end ? end : s.p});
        pp_putc(&text, '\0');
        pp_put(&moved, (struct pp_span){(const char *)&to, (const char *)(&to + 1)});
    }
    add_section(m, ".debug_str_offsets", SHT_PROGBITS, pp_out_bytes(&moved));
    add_section(m, ".debug_str", SHT_PROGBITS, pp_out_bytes(&text));
    pp_out_release(&moved);
    pp_out_release(&text);
}

/* What the program itself has for the unit, from the offset in one of two attributes. */
static struct pp_span of_program(const struct pp_package *k, Dwarf_Die *skeleton, const char *name,
                                 unsigned gnu, unsigned dwarf5)
{
    Dwarf_Attribute found;
    Dwarf_Word base = 0;
    struct pp_span s;
    if (!pp_image_section(k->program, name, &s))
        return pp_str("");
    if (dwarf_formudata(dwarf_attr(skeleton, dwarf5, &found), &base) != 0)
        dwarf_formudata(dwarf_attr(skeleton, gnu, &found), &base);
    s.p += base < pp_len(s) ? base : pp_len(s);
    return s;
}

/* In DWARF 5, the 8 bytes before the table hold its length; other units follow it. */
static struct pp_span addresses_of(const struct pp_package *k, Dwarf_Die *skeleton)
{
    struct pp_span s = of_program(k, skeleton, ".debug_addr", DW_AT_GNU_addr_base, DW_AT_addr_base),
                   whole;
    enum { LENGTH = 8, COUNTED = 4 }; /* of these, the bytes that the length includes */
    if (!k->dwarf5 || pp_empty(s) || !pp_image_section(k->program, ".debug_addr", &whole) ||
        s.p - whole.p < LENGTH)
        return s;
    uint32_t size = u32((struct pp_span){s.p - LENGTH, s.end}, 0);
    if (size >= COUNTED && size - COUNTED <= pp_len(s))
        s.end = s.p + size - COUNTED;
    return s;
}

static char *end_file(struct making *m, const struct pp_package *k, size_t *size)
{
    GElf_Ehdr program;
    struct pp_out names = m->names;
    m->names = (struct pp_out){0};
    pp_out_memory(&m->names, NULL);
    align(m);
    uint16_t strings = m->count;
    m->sections[m->count++] = (Elf64_Shdr){
        .sh_type = SHT_STRTAB, .sh_offset = m->bytes.len, .sh_size = names.len, .sh_addralign = 1};
    pp_put(&m->bytes, pp_out_bytes(&names));
    pp_out_release(&names);
    pp_out_release(&m->names);
    align(m);
    gelf_getehdr(k->file.elf, &program);
    Elf64_Ehdr header = {.e_type = ET_REL,
                         .e_machine = program.e_machine,
                         .e_version = EV_CURRENT,
                         .e_shoff = m->bytes.len,
                         .e_ehsize = sizeof header,
                         .e_shentsize = sizeof(Elf64_Shdr),
                         .e_shnum = m->count,
                         .e_shstrndx = strings};
    memcpy(header.e_ident, program.e_ident, EI_NIDENT);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    pp_put(&m->bytes,
           (struct pp_span){(const char *)m->sections, (const char *)(m->sections + m->count)});
    memcpy(m->bytes.buf, &header, sizeof header);
    *size = m->bytes.len;
    return m->bytes.buf;
}

static char *make_file(const struct pp_package *k, Dwarf_Die *skeleton, uint32_t row, size_t *size)
{
    struct making m;
    begin_file(&m);
    for (int p = 0; p < PARTS; p++)
        if (p != STR_OFFSETS)
            add_section(&m, parts[p].name, SHT_PROGBITS, part_of(k, (enum part)p, row));
    add_strings(k, &m, part_of(k, STR_OFFSETS, row));
    add_section(&m, ".debug_addr", SHT_PROGBITS, addresses_of(k, skeleton));
    if (!k->dwarf5)
        add_section(&m, ".debug_ranges", SHT_PROGBITS,
                    of_program(k, skeleton, ".debug_ranges", DW_AT_GNU_ranges_base, 0));
    return end_file(&m, k, size);
}

bool pp_package_unit(struct pp_package *k, Dwarf_Die *skeleton, uint64_t id, Dwarf_Die *unit)
{
    uint32_t row = row_of(k, id);
    size_t size;
    Dwarf_CU *cu = NULL;
    if (!row)
        return false;
    PP_GROW(k->made, k->nmade + 1, k->cap);
    struct made *made = &k->made[k->nmade++];
    *made = (struct made){.bytes = make_file(k, skeleton, row, &size)};
    made->elf = elf_memory(made->bytes, size);
    made->dwarf = made->elf ? dwarf_begin_elf(made->elf, DWARF_C_READ, NULL) : NULL;
    return made->dwarf && dwarf_get_units(made->dwarf, cu, &cu, NULL, NULL, unit, NULL) == 0 &&
           dwarf_tag(unit) == DW_TAG_compile_unit;
}
