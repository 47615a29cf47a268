#include "formats/printed/austin_sample.h"

#include "base/memory.h"

void pp_austin_set_mode(struct pp_austin *a, struct pp_span word)
{
    static const char *const names[] = {"wall", "cpu", "memory", "full"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (pp_is(word, names[i]))
            a->mode = (enum pp_austin_mode)i;
}

void pp_austin_push(struct pp_austin *a, const struct pp_code *code)
{
    PP_GROW(a->frames, a->count + 1, a->cap);
    a->frames[a->count++] = pp_frame_at(a->r->out, code);
}

static bool add_to(struct pp_austin *a, const char *at, pp_id sample, const char *type,
                   const char *unit, int64_t value)
{
    int column = pp_column(a->r->out, pp_str(type), pp_str(unit));
    return pp_reader_add(a->r, at, sample, column, value);
}

bool pp_austin_add(struct pp_austin *a, const char *at, struct pp_span thread, uint64_t pid,
                   const struct pp_austin_metrics *m)
{
    struct pp_profile *p = a->r->out;
    struct pp_label labels[2] = {
        {.key = pp_cstring(p, "thread"), .text = pp_string(p, thread)},
        {.key = pp_cstring(p, "pid"), .number = (int64_t)(pid & INT64_MAX)},
    };
    bool labelled = a->r->keep & PP_HOLDS_LABELS, full = a->mode == PP_AUSTIN_FULL;
    struct pp_sample sample = {
        .node = pp_reader_stack(a->r, at, a->frames, a->count, PP_ROOT_FIRST),
        .labels = labelled ? pp_label_set(p, labels, 2) : 0,
    };
    int64_t ns;
    a->count = 0;
    if (__builtin_mul_overflow(m->time, 1000, &ns))
        return pp_fail(a->r, at, "the time exceeds 64 bits");
    pp_id id = pp_sample_id(p, &sample);
    if (a->mode == PP_AUSTIN_MEMORY)
        return add_to(a, at, id, "space", "bytes", m->memory);
    bool cpu = a->mode == PP_AUSTIN_CPU;
    if (!add_to(a, at, id, cpu ? "cpu" : "wall", "nanoseconds", ns))
        return false;
    return !full || (add_to(a, at, id, "cpu", "nanoseconds", m->idle ? 0 : ns) &&
                     add_to(a, at, id, "space", "bytes", m->memory));
}
