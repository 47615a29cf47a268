#include "formats/printed/bpftrace_entry.h"

#include <stdlib.h>

#include "base/memory.h"

/* --- frames -------------------------------------------------------------- */

/* The "@" before a place in the source: after "+N", or after the name of an inlined function. */
static const char *find_place(struct pp_span name, bool inlined)
{
    struct pp_span rest = name;
    for (const char *at; (at = pp_find(rest, '@')); rest.p = at + 1) {
        const char *digits = at;
        while (digits > name.p && pp_is_digit(digits[-1]))
            digits--;
        if (inlined || (digits < at && digits > name.p && digits[-1] == '+'))
            return at;
    }
    return NULL;
}

/* [[inlined] ]NAME[+N][@FILE:LINE]; N is decimal. */
static void take_name(struct pp_span name, struct pp_code *f)
{
    uint64_t offset;
    f->inlined = pp_take(&name, "[inlined] ") || f->inlined;
    const char *at = pp_is_digit(name.end[-1]) ? find_place(name, f->inlined) : NULL;
    if (at) {
        pp_stack_place((struct pp_span){at + 1, name.end}, f);
        name.end = at;
    }
    const char *plus = pp_rfind(name, '+');
    if (plus && plus > name.p && pp_parse_u64((struct pp_span){plus + 1, name.end}, &offset))
        name.end = plus;
    f->function = name;
}

/* Cuts " (MODULE)" or " (inlined)" off the end of `*text`. */
static void take_module(struct pp_span *text, struct pp_code *f)
{
    const char *open = pp_ends(*text, ")") ? pp_rfind_text(*text, " (") : NULL;
    if (!open)
        return;
    struct pp_span module = {open + 2, text->end - 1};
    f->inlined = pp_is(module, "inlined");
    if (!f->inlined && !pp_is(module, "[unknown]"))
        f->module = module;
    text->end = open;
}

bool pp_bpftrace_frame(struct pp_reader *r, struct pp_span text, struct pp_code *f)
{
    struct pp_span rest = text, word;
    (void)r;
    pp_word(&rest, &word);
    if (pp_parse_hex(word, &f->address) && (pp_starts(word, "0x") || !pp_empty(rest))) {
        take_module(&rest, f);
        text = pp_trim(rest);
    }
    if (!pp_empty(text) && !pp_is(text, "[unknown]") && !pp_starts(text, "0x"))
        take_name(text, f);
    return true;
}

bool pp_bpftrace_is_raw(struct pp_span line)
{
    struct pp_span word, rest = line;
    uint64_t offset;
    if (!pp_word(&rest, &word) || word.p > line.p || !pp_hex_digit(*word.p))
        return false;
    pp_take_hex(&word);
    return pp_empty(word) &&
           (pp_empty(rest) || (pp_take(&rest, " 0x") && pp_parse_hex(rest, &offset)));
}

/* ADDRESS, or the build id of a file and an offset in it. */
static pp_id raw_frame(struct pp_profile *p, struct pp_span line)
{
    struct pp_span word, rest = line;
    struct pp_code code = {.line = 0};
    pp_word(&rest, &word);
    struct pp_mapping m = {.build_id = pp_empty(rest) ? 0 : pp_string(p, word)};
    code.address = pp_take_hex(pp_empty(rest) ? &word : &(struct pp_span){rest.p + 3, rest.end});
    code.mapping = m.build_id ? pp_intern(&p->mappings, &m) : 0;
    return pp_frame_at(p, &code);
}

/* --- keys ---------------------------------------------------------------- */

void pp_bpftrace_begin(struct pp_bpftrace *b, struct pp_span map)
{
    pp_stack_begin(&b->s);
    b->map = pp_string(b->s.r->out, map);
    b->nstacks = 0;
    b->in_stack = false;
}

void pp_bpftrace_frame_line(struct pp_bpftrace *b, struct pp_span text)
{
    if (!b->in_stack && b->nstacks < PP_BPFTRACE_STACKS)
        b->starts[b->nstacks++] = b->s.count;
    b->in_stack = true;
    if (pp_bpftrace_is_raw(text))
        pp_stack_push(&b->s, raw_frame(b->s.r->out, text));
    else
        pp_stack_frame(&b->s, pp_trim(text));
}

/* "comm, 42": the first text is the command. */
void pp_bpftrace_keys(struct pp_bpftrace *b, struct pp_span keys)
{
    struct pp_span key;
    int64_t number;
    b->in_stack = false;
    while (pp_cut(&keys, ',', &key)) {
        key = pp_trim(key);
        if (pp_parse_i64(key, &number))
            pp_stack_number(&b->s, "key", (uint64_t)number, "");
        else
            pp_stack_label(&b->s, "comm", key);
    }
}

/* --- the end ------------------------------------------------------------- */

static bool is_of_kernel(const struct pp_profile *p, pp_id frame)
{
    static const char *const starts[] = {"entry_SYSCALL", "do_syscall_64", "asm_", "el0",
                                         "ret_from_fork", "__x64_sys_",    NULL};
    struct pp_span name = pp_frame_name(p, frame);
    for (const char *const *s = starts; *s; s++)
        if (pp_starts(name, *s))
            return true;
    return pp_frame(p, frame)->address >> 47 == UINT64_MAX >> 47;
}

/* Moves the kernel's stack before the others, on the leaf side. */
static void put_kernel_first(struct pp_bpftrace *b)
{
    struct pp_stack_lines *s = &b->s;
    for (size_t i = 1; i < b->nstacks; i++) {
        size_t from = b->starts[i], to = i + 1 < b->nstacks ? b->starts[i + 1] : s->count;
        size_t n = to - from, kernel = from;
        while (kernel < to && !is_of_kernel(s->r->out, s->frames[kernel]))
            kernel++;
        if (kernel == to)
            continue;
        PP_GROW(s->frames, s->count + n, s->cap);
        memmove(s->frames + n, s->frames, s->count * sizeof *s->frames);
        memmove(s->frames, s->frames + from + n, n * sizeof *s->frames);
        memmove(s->frames + from + n, s->frames + to + n, (s->count - to) * sizeof *s->frames);
        return;
    }
}

static const char *unit_of(struct pp_span map)
{
    static const char *const units[][2] = {{"ns", "nanoseconds"},  {"nsecs", "nanoseconds"},
                                           {"us", "microseconds"}, {"usecs", "microseconds"},
                                           {"ms", "milliseconds"}, {"bytes", "bytes"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (pp_is(map, units[i][0]))
            return units[i][1];
    return "count";
}

bool pp_bpftrace_end(struct pp_bpftrace *b, int64_t value)
{
    struct pp_profile *p = b->s.r->out;
    struct pp_span map = pp_text(p, b->map);
    int column = pp_empty(map) ? pp_column(p, pp_str("samples"), pp_str("count"))
                               : pp_column(p, map, pp_str(unit_of(map)));
    if (column < 0)
        return pp_fail(b->s.r, b->s.at, "more than %d maps", PP_MAX_COLUMNS);
    if (!p->about.default_type)
        p->about.default_type = p->columns[column].type;
    put_kernel_first(b);
    return pp_stack_end_in(&b->s, column, value);
}

bool pp_bpftrace_end_text(struct pp_bpftrace *b, struct pp_span value)
{
    struct pp_span total = pp_after(value, "total ");
    int64_t number;
    pp_take(&total, "= "); /* newer versions print a record */
    if (!pp_empty(total))
        value = pp_before(total, " }");
    if (pp_parse_i64(pp_trim(value), &number))
        return pp_bpftrace_end(b, number);
    struct pp_span map = pp_text(b->s.r->out, b->map);
    pp_warn(b->s.r, b->s.at, "a value that is not a number is left out, in map '@%.*s'",
            PP_SHOW(map));
    b->s.open = false;
    return true;
}
