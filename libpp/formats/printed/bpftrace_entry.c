#include "formats/printed/bpftrace_entry.h"

#include <stdlib.h>

#include "base/memory.h"

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
        pp_stack_push(&b->s, pp_bpftrace_raw_frame(b->s.r->out, text));
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
    struct pp_span map = pp_text(b->s.r->out, b->map);
    int column = pp_empty(map) ? pp_stack_column(&b->s, pp_str("samples"), "count")
                               : pp_stack_column(&b->s, map, unit_of(map));
    put_kernel_first(b);
    return column >= 0 && pp_stack_end_in(&b->s, column, value);
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
