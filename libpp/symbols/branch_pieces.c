#include "symbols/branch_pieces.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "symbols/debug_info.h"
#include "symbols/instruction.h"
#include "symbols/lookup.h"

/* From `address` on, instructions were executed this many times more, or fewer, than before it. */
struct step {
    uint64_t address;
    int64_t more;
};

struct pieces {
    const struct pp_piece_search *search;
    struct pp_answer *answer;
    struct pp_located files;
    struct pp_debug_info debug;
    struct pp_symbol_table symbols;
    struct pp_namer namer;
    unsigned machine;
    struct step *steps;
    size_t nsteps, steps_cap;
    const struct pp_symbol **touched;
    size_t ntouched, touched_cap;
    uint64_t *borders;
    size_t borders_cap;
    struct pp_found_frame *frames;
    size_t frames_cap;
    uint32_t nlocations;
    int64_t placed;
};

/* --- addresses ----------------------------------------------------------- */

/* The address in the file of an address in the process, by the mapping that `near` lies in. */
static bool file_address(const struct pieces *s, pp_id near, uint64_t address, uint64_t *out)
{
    const struct pp_mapping *m = pp_mapping(s->search->profile, near);
    return address >= m->start && (!m->limit || address < m->limit) &&
           pp_image_address(&s->files.binary, address - m->start + m->offset, out);
}

static void add_step(struct pieces *s, uint64_t address, int64_t more)
{
    PP_GROW(s->steps, s->nsteps + 1, s->steps_cap);
    s->steps[s->nsteps++] = (struct step){address, more};
}

/* The length of a range's last instruction, which must end within its function. */
static uint64_t last_length(const struct pieces *s, const struct pp_symbol *f, uint64_t address)
{
    uint64_t length = pp_branch_length(pp_image_bytes(&s->files.binary, address), s->machine);
    uint64_t left = f->start + f->size - address;
    return length < left ? length : left;
}

static void add_range(struct pieces *s, const struct pp_branch_count *c)
{
    uint64_t begin, end;
    if (!file_address(s, c->mapping, c->branch.from, &begin) ||
        !file_address(s, c->mapping, c->branch.to, &end))
        return;
    const struct pp_symbol *f = pp_symbol_find(&s->symbols, begin);
    if (!f || end < begin || pp_symbol_find(&s->symbols, end) != f)
        return;
    add_step(s, begin, c->count);
    add_step(s, end + last_length(s, f, end), -c->count);
    PP_GROW(s->touched, s->ntouched + 1, s->touched_cap);
    s->touched[s->ntouched++] = f;
    s->placed += c->count;
}

static int by_address(const void *a, const void *b)
{
    const struct step *x = a, *y = b;
    return x->address < y->address ? -1 : x->address > y->address;
}

static int by_start(const void *a, const void *b)
{
    const struct pp_symbol *x = *(const struct pp_symbol *const *)a;
    const struct pp_symbol *y = *(const struct pp_symbol *const *)b;
    return x->start < y->start ? -1 : x->start > y->start;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* --- names --------------------------------------------------------------- */

static struct pp_span symbol_name(const struct pp_symbol *f)
{
    return (struct pp_span){f->name, f->name + f->len};
}

/* The linker's name of a call; empty if there is only the name in the debug information. */
static struct pp_span linkage_name(const struct pp_call *call, const struct pp_symbol *outermost)
{
    bool lacks = !call->name || (call->needs_linkage && !call->is_linkage);
    return lacks && outermost ? symbol_name(outermost) : pp_str(call->name ? call->name : "");
}

/* Sends the functions at an address of `f`, outermost first. */
static bool send_location(struct pieces *s, const struct pp_symbol *f, uint64_t address)
{
    const struct pp_call *calls;
    uint32_t sent = 0;
    size_t n = s->debug.dwarf ? pp_dwarf_find(s->debug.dwarf, address + s->debug.shift, &calls) : 0;
    for (size_t i = n; i-- > 0;) {
        struct pp_span name = linkage_name(&calls[i], i + 1 == n ? f : NULL);
        if (pp_empty(name))
            return false;
        PP_GROW(s->frames, sent + 1, s->frames_cap);
        s->frames[sent++] = (struct pp_found_frame){
            .function = pp_name_function(&s->namer, name, calls[i].file, calls[i].declared_line),
            .line = calls[i].line,
            .column = calls[i].column,
            .discriminator = calls[i].discriminator,
        };
    }
    if (sent)
        pp_answer_location(s->answer, s->nlocations++, s->frames, sent);
    return sent > 0;
}

/* --- pieces -------------------------------------------------------------- */

static int64_t times_bytes(int64_t count, uint64_t bytes)
{
    int64_t product;
    return bytes > INT64_MAX || __builtin_mul_overflow(count, (int64_t)bytes, &product) ? INT64_MAX
                                                                                        : product;
}

/* Finds the addresses in a function where something changes, sorted. Returns their number. */
static size_t find_borders(struct pieces *s, const struct pp_symbol *f, const struct step *steps,
                           size_t nsteps)
{
    size_t n = 0;
    uint64_t start = f->start + s->debug.shift;
    if (s->debug.dwarf)
        pp_dwarf_borders(s->debug.dwarf, start, start + f->size, &s->borders, &n, &s->borders_cap);
    for (size_t i = 0; i < n; i++)
        s->borders[i] -= s->debug.shift;
    PP_GROW(s->borders, n + nsteps + 2, s->borders_cap);
    s->borders[n++] = f->start;
    s->borders[n++] = f->start + f->size;
    for (size_t i = 0; i < nsteps; i++)
        s->borders[n++] = steps[i].address;
    qsort(s->borders, n, sizeof *s->borders, by_value);
    return n;
}

/* Sends the pieces of a function that was executed; `steps` are the changes in it. */
static void send_pieces(struct pieces *s, const struct pp_symbol *f, const struct step *steps,
                        size_t nsteps)
{
    size_t n = find_borders(s, f, steps, nsteps), at = 0;
    int64_t count = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        uint64_t begin = s->borders[i], end = s->borders[i + 1];
        for (; at < nsteps && steps[at].address <= begin; at++)
            count += steps[at].more;
        if (begin < end && end <= f->start + f->size && send_location(s, f, begin))
            pp_answer_count(
                s->answer, &(struct pp_found_count){begin, count, times_bytes(count, end - begin)});
    }
}

static void send_all_pieces(struct pieces *s)
{
    size_t first = 0;
    if (!s->ntouched)
        return;
    qsort(s->touched, s->ntouched, sizeof *s->touched, by_start);
    qsort(s->steps, s->nsteps, sizeof *s->steps, by_address);
    for (size_t i = 0; i < s->ntouched; i++) {
        const struct pp_symbol *f = s->touched[i];
        if (i && f == s->touched[i - 1])
            continue;
        while (first < s->nsteps && s->steps[first].address < f->start)
            first++;
        size_t end = first;
        while (end < s->nsteps && s->steps[end].address <= f->start + f->size)
            end++;
        send_pieces(s, f, s->steps + first, end - first);
    }
}

/* --- calls --------------------------------------------------------------- */

/* Finds the function that begins at an address, as its number in the answer; false if none does. */
static bool function_at(struct pieces *s, uint64_t address, uint32_t *function)
{
    const struct pp_symbol *f = pp_symbol_find(&s->symbols, address);
    const struct pp_call *calls;
    if (!f || f->start != address)
        return false;
    size_t n = s->debug.dwarf ? pp_dwarf_find(s->debug.dwarf, address + s->debug.shift, &calls) : 0;
    *function = n ? pp_name_function(&s->namer, linkage_name(&calls[n - 1], f), calls[n - 1].file,
                                     calls[n - 1].declared_line)
                  : pp_name_function(&s->namer, symbol_name(f), NULL, 0);
    return true;
}

/* A jump whose origin has no line still counts as an entry to the function. */
static void send_call(struct pieces *s, const struct pp_branch_count *c)
{
    uint64_t from, to;
    uint32_t function;
    if (!file_address(s, c->mapping, c->branch.from, &from) ||
        !file_address(s, c->mapping, c->branch.to, &to) || !function_at(s, to, &function))
        return;
    if (!send_location(s, pp_symbol_find(&s->symbols, from), from))
        pp_answer_location(s->answer, s->nlocations++, NULL, 0);
    pp_answer_call(s->answer, &(struct pp_found_call){to, c->count, function, 0});
}

/* --- entry point --------------------------------------------------------- */

static void open_files(struct pieces *s)
{
    const struct pp_profile *p = s->search->profile;
    const struct pp_mapping *m = pp_mapping(p, s->search->counts[0].mapping);
    const struct pp_wanted_file wanted = {
        .path = pp_text(p, m->file).p,
        .build_id = pp_text(p, m->build_id).p,
        .binary = s->search->binary,
    };
    pp_locate(&s->search->options->sources, &wanted, &s->files, s->answer);
    if (!s->files.binary.path)
        return;
    pp_debug_info_open(&s->debug, &s->search->options->sources, &s->files, s->answer);
    s->symbols.borrow = true;
    pp_debug_info_symbols(&s->debug, &s->files, &s->symbols);
    s->machine = pp_image_machine(&s->files.binary);
}

static void release(struct pieces *s)
{
    pp_dwarf_free(s->debug.dwarf);
    pp_symbol_table_release(&s->symbols);
    pp_namer_release(&s->namer);
    pp_located_release(&s->files);
    free(s->steps);
    free(s->touched);
    free(s->borders);
    free(s->frames);
}

void pp_find_pieces(const struct pp_piece_search *search, struct pp_answer *answer)
{
    struct pieces s = {.search = search, .answer = answer};
    char placed[24];
    pp_namer_init(&s.namer, search->options, answer);
    open_files(&s);
    for (size_t i = 0; i < search->n && s.files.binary.path; i++)
        if (!search->counts[i].jump)
            add_range(&s, &search->counts[i]);
    send_all_pieces(&s);
    for (size_t i = 0; i < search->n && s.files.binary.path; i++)
        if (search->counts[i].jump)
            send_call(&s, &search->counts[i]);
    snprintf(placed, sizeof placed, "%" PRId64, s.placed);
    pp_answer_module(answer, &(struct pp_found_module){pp_str(placed), 0});
    release(&s);
}
