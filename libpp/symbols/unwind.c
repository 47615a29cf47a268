#include "symbols/unwind.h"

#include <stdlib.h>

#include "base/bisect.h"
#include "base/child.h"
#include "base/memory.h"
#include "symbols/binaries.h"
#include "symbols/frame_rules.h"
#include "symbols/locate.h"

/* --- machines ------------------------------------------------------------ */

enum { NO_REGISTER = 0xff };

/* How perf and DWARF number the registers of a machine. */
struct machine {
    unsigned elf;               /* e_machine */
    bool wide;                  /* addresses of 64 bits */
    unsigned registers;         /* how many have rules */
    unsigned stack;             /* the stack pointer, by DWARF's number */
    unsigned ip;                /* by perf's number */
    unsigned char dwarf_of[33]; /* by perf's number */
    unsigned perf_registers;
};

static const struct machine machines[] = {
    {.elf = 62, /* x86-64 */
     .wide = true,
     .registers = 17,
     .stack = 7,
     .ip = 8,
     .perf_registers = 24,
     .dwarf_of = {0,           3,           2,           1,           4,           5,
                  6,           7,           16,          NO_REGISTER, NO_REGISTER, NO_REGISTER,
                  NO_REGISTER, NO_REGISTER, NO_REGISTER, NO_REGISTER, 8,           9,
                  10,          11,          12,          13,          14,          15}},
    {.elf = 183, /* aarch64 */
     .wide = true,
     .registers = 32,
     .stack = 31,
     .ip = 32,
     .perf_registers = 33,
     .dwarf_of = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,         16,
                  17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, NO_REGISTER}},
    {.elf = 3, /* i386 */
     .wide = false,
     .registers = 9,
     .stack = 4,
     .ip = 8,
     .perf_registers = 9,
     .dwarf_of = {0, 3, 1, 2, 6, 7, 5, 4, 8}},
};

static const struct machine *machine_of(unsigned elf)
{
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
        if (machines[i].elf == elf)
            return &machines[i];
    return NULL;
}

/* --- programs ------------------------------------------------------------ */

struct program {
    bool tried, opened;
    struct pp_image image;
    struct pp_rule_book book;
    const struct machine *machine;
};

/* The input of a child. */
struct unwinding {
    const struct pp_symbolize_options *options;
    struct pp_stack_dumps *dumps;
    size_t first, end; /* its part of the dumps */
    struct program *programs;
    struct pp_answer
        nobody; /* ignores problems with files: they are reported when names are looked up */
    struct pp_out ignored;
    uint64_t *addresses; /* of the stack being walked */
    size_t count, cap;
};

static struct program *program_at(struct unwinding *u, uint32_t file)
{
    struct program *p = &u->programs[file];
    const struct pp_dump_file *f = &u->dumps->files[file];
    if (p->tried)
        return p;
    p->tried = true;
    const struct pp_wanted_file wanted = {
        .binary = pp_binary_named(u->options->sources.binaries, f->path),
        .path = f->path,
        .build_id = f->build_id,
    };
    p->opened = pp_locate_binary(&u->options->sources, &wanted, &p->image, &u->nobody);
    u->ignored.len = 0;
    if (p->opened) {
        p->machine = machine_of(pp_image_machine(&p->image));
        pp_rule_book_open(&p->book, &p->image);
    }
    return p;
}

static const struct pp_dump_range *range_at(const struct pp_dump_space *space, uint64_t address)
{
    PP_BISECT(n, space->count, i, space->ranges[i].end <= address);
    return n < space->count && space->ranges[n].start <= address ? &space->ranges[n] : NULL;
}

/* --- a walk -------------------------------------------------------------- */

struct walk {
    struct unwinding *u;
    const struct pp_stack_dump *dump;
    const struct machine *machine; /* of the program at the first address */
    uint64_t registers[PP_RULE_REGISTERS], known;
    uint64_t ip, frame, stack_start;
    bool exact;  /* `ip` is not a return address */
    bool beyond; /* a read was beyond the end of the dump */
};

static bool load(void *ctx, uint64_t address, unsigned size, uint64_t *value)
{
    struct walk *w = ctx;
    const struct pp_span bytes = w->dump->bytes;
    uint64_t at = address - w->stack_start;
    if (address < w->stack_start)
        return false;
    if (at > pp_len(bytes) || size > pp_len(bytes) - at) {
        w->beyond = true;
        return false;
    }
    *value = 0;
    memcpy(value, bytes.p + at, size); /* all supported machines are little-endian */
    return true;
}

/* The value of the register that perf numbers `perf`; false if it was not recorded. */
static bool recorded(const struct pp_stack_dump *d, unsigned perf, uint64_t *value)
{
    if (perf >= PP_DUMP_MOST_REGISTERS || !(d->mask >> perf & 1))
        return false;
    uint64_t lower = d->mask & ((UINT64_C(1) << perf) - 1);
    *value = d->registers[__builtin_popcountll(lower)];
    return true;
}

static bool take_registers(struct walk *w)
{
    const struct machine *m = w->machine;
    uint64_t value;
    for (unsigned perf = 0; perf < m->perf_registers; perf++) {
        unsigned reg = m->dwarf_of[perf];
        if (reg == NO_REGISTER || !recorded(w->dump, perf, &value))
            continue;
        w->registers[reg] = value;
        w->known |= UINT64_C(1) << reg;
    }
    w->stack_start = w->registers[m->stack];
    return w->known >> m->stack & 1;
}

static bool is_known(const struct walk *w, unsigned reg)
{
    return reg < PP_RULE_REGISTERS && w->known >> reg & 1;
}

/* The caller's value of a register; false if it is lost. */
static bool apply(const struct walk *w, const struct pp_rule_machine *m,
                  const struct pp_rule_of *rule, uint64_t *value)
{
    unsigned size = w->machine->wide ? 8 : 4;
    switch (rule->kind) {
    case PP_RULE_SAVED:
        return m->load(m->ctx, m->frame + (uint64_t)rule->offset, size, value);
    case PP_RULE_FRAME:
        *value = m->frame + (uint64_t)rule->offset;
        return true;
    case PP_RULE_REGISTER:
        if (rule->offset < 0 || !is_known(w, (unsigned)rule->offset))
            return false;
        *value = w->registers[rule->offset];
        return true;
    case PP_RULE_EXPRESSION:
        return pp_rule_value(m, rule->ops, rule->nops, value) &&
               m->load(m->ctx, *value, size, value);
    case PP_RULE_VALUE:
        return pp_rule_value(m, rule->ops, rule->nops, value);
    default:
        return false;
    }
}

/* Computes the address of the frame; false if that fails. */
static bool find_frame(const struct walk *w, struct pp_rule_machine *m,
                       const struct pp_frame_rules *f)
{
    if (!f->simple)
        return pp_rule_value(m, f->ops, f->nops, &m->frame);
    if (!is_known(w, f->frame_reg))
        return false;
    m->frame = w->registers[f->frame_reg] + (uint64_t)f->frame_offset;
    return true;
}

/* Moves to the caller by the rules. False at the end. */
static bool step_by(struct walk *w, const struct pp_rule_book *book, const struct pp_frame_rules *f)
{
    uint64_t registers[PP_RULE_REGISTERS], known = w->known;
    struct pp_rule_machine m = {
        .registers = w->registers, .known = w->known, .load = load, .ctx = w};
    if (!find_frame(w, &m, f) || m.frame < w->frame)
        return false;
    memcpy(registers, w->registers, sizeof registers);
    registers[w->machine->stack] = m.frame;
    known |= UINT64_C(1) << w->machine->stack;
    for (uint32_t i = 0; i < f->count; i++) {
        const struct pp_rule_of *rule = &book->rules[f->first + i];
        known &= ~(UINT64_C(1) << rule->reg);
        if (apply(w, &m, rule, &registers[rule->reg]))
            known |= UINT64_C(1) << rule->reg;
    }
    bool moves = m.frame > w->frame || w->u->count == 1;
    w->frame = m.frame;
    w->known = known;
    memcpy(w->registers, registers, sizeof registers);
    w->ip = is_known(w, f->return_reg) ? w->registers[f->return_reg] : 0;
    w->exact = f->signal;
    return moves && w->ip;
}

/* How a walk ended that cannot go on. */
static enum pp_dump_end end_of(const struct walk *w)
{
    return w->beyond ? PP_DUMP_CUT : PP_DUMP_WHOLE;
}

/* Moves to the caller; false, with the reason in `*end`, if that fails. */
static bool step(struct walk *w, enum pp_dump_end *end)
{
    uint64_t address = w->exact ? w->ip : w->ip - 1, at;
    const struct pp_dump_range *r = range_at(&w->u->dumps->spaces[w->dump->space], address);
    if (!r) {
        *end = PP_DUMP_LOST;
        return false;
    }
    struct program *p = program_at(w->u, r->file);
    if (!p->opened || !p->machine) {
        *end = PP_DUMP_NO_FILE;
        return false;
    }
    if (!w->machine) {
        w->machine = p->machine;
        if (w->machine->wide != w->dump->wide || !take_registers(w)) {
            *end = PP_DUMP_NOT_WALKED;
            return false;
        }
    }
    if (!pp_image_address(&p->image, address - r->start + r->offset, &at)) {
        *end = PP_DUMP_LOST;
        return false;
    }
    const struct pp_frame_rules *f = pp_frame_rules_at(&p->book, at, w->machine->registers);
    *end = PP_DUMP_NO_RULES;
    if (!f->known || !step_by(w, &p->book, f)) {
        *end = f->known ? end_of(w) : PP_DUMP_NO_RULES;
        return false;
    }
    return true;
}

/* The register with the address of the thread; its number depends on the machine. */
static bool first_ip(const struct pp_stack_dump *d, uint64_t *ip)
{
    enum { AARCH64_IP = 32, X86_IP = 8 };
    bool aarch64 = d->mask >> AARCH64_IP & 1;
    return recorded(d, aarch64 ? AARCH64_IP : X86_IP, ip);
}

static enum pp_dump_end walk_up(struct unwinding *u, const struct pp_stack_dump *dump)
{
    struct walk w = {.u = u, .dump = dump, .exact = true};
    enum pp_dump_end end = PP_DUMP_NOT_WALKED;
    bool more = first_ip(dump, &w.ip);
    u->count = 0;
    while (more && u->count < u->dumps->most) {
        PP_GROW(u->addresses, u->count + 1, u->cap);
        u->addresses[u->count++] = w.exact ? w.ip : w.ip - 1;
        more = step(&w, &end);
    }
    return more ? PP_DUMP_CUT : end;
}

/* --- in the child -------------------------------------------------------- */

/* The answer for a stack: how it ended, the number of its addresses, and these. */
static void put_word(struct pp_out *out, uint64_t word)
{
    pp_put(out, (struct pp_span){(const char *)&word, (const char *)(&word + 1)});
}

static void unwind_part(void *ctx, struct pp_out *out)
{
    struct unwinding *u = ctx;
    pp_out_memory(&u->ignored, NULL);
    pp_answer_init(&u->nobody, &u->ignored);
    u->programs = pp_calloc(u->dumps->nfiles, sizeof *u->programs);
    for (size_t i = u->first; i < u->end; i++) {
        enum pp_dump_end end = walk_up(u, &u->dumps->dumps[i]);
        put_word(out, end);
        put_word(out, u->count);
        pp_put(out, (struct pp_span){(const char *)u->addresses,
                                     (const char *)(u->addresses + u->count)});
    }
}

/* --- in the parent ------------------------------------------------------- */

static bool take_word(struct pp_span *in, uint64_t *word)
{
    if (pp_len(*in) < sizeof *word)
        return false;
    memcpy(word, in->p, sizeof *word);
    in->p += sizeof *word;
    return true;
}

/* Takes the answers of a child; stacks that it did not reach stay PP_DUMP_NOT_WALKED. */
static void take_part(const struct unwinding *u, struct pp_span in)
{
    struct pp_stack_dumps *d = u->dumps;
    uint64_t end, n;
    for (size_t i = u->first; i < u->end && take_word(&in, &end) && take_word(&in, &n); i++) {
        if (end >= PP_DUMP_ENDS || n > pp_len(in) / sizeof(uint64_t))
            return;
        PP_GROW(d->addresses, d->naddresses + n, d->cap);
        if (n)
            memcpy(d->addresses + d->naddresses, in.p, n * sizeof(uint64_t));
        in.p += n * sizeof(uint64_t);
        d->dumps[i].end = (enum pp_dump_end)end;
        d->dumps[i].first = d->naddresses;
        d->dumps[i].count = n;
        d->naddresses += n;
    }
}

void pp_unwind(void *options, struct pp_stack_dumps *dumps)
{
    const struct pp_symbolize_options *o = options;
    const struct pp_child_limits limits = {o->seconds ? o->seconds : PP_SYMBOL_SECONDS,
                                           o->memory ? o->memory : PP_SYMBOL_MEMORY};
    size_t n = o->jobs > 1 ? o->jobs : 1;
    n = n < dumps->count ? n : dumps->count;
    struct unwinding *parts = pp_calloc(n, sizeof *parts);
    struct pp_child *children = pp_calloc(n, sizeof *children);
    for (size_t i = 0; i < n; i++) {
        parts[i] = (struct unwinding){.options = o,
                                      .dumps = dumps,
                                      .first = dumps->count * i / n,
                                      .end = dumps->count * (i + 1) / n};
        children[i] = (struct pp_child){.work = unwind_part, .ctx = &parts[i]};
    }
    pp_children_run(children, n, o->jobs, &limits);
    for (size_t i = 0; i < n; i++) {
        take_part(&parts[i], pp_out_bytes(&children[i].answer));
        pp_out_release(&children[i].answer);
    }
    free(parts);
    free(children);
}
