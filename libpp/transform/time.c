/* time: keeps the samples that were taken within a range of time. */
#include <stdlib.h>

#include "base/memory.h"
#include "model/holds.h"
#include "model/merge.h"
#include "syntax/decimal.h"
#include "transform/rule_private.h"
#include "transform/rules.h"
#include "transform/units.h"

/* --- the argument -------------------------------------------------------- */

/* "12.5ms" in nanoseconds; seconds if there is no unit, as perf prints them. */
static bool parse_duration(struct pp_span text, int64_t *ns)
{
    struct pp_span number = text, name = {text.end, text.end};
    while (name.p > text.p && name.p[-1] != '.' && !pp_is_digit(name.p[-1]))
        name.p--;
    number.end = name.p;
    struct pp_unit unit = pp_unit(pp_empty(name) ? pp_str("s") : name);
    int64_t factor = unit.factor;
    unsigned decimals = 0;
    for (; factor % 10 == 0; factor /= 10)
        decimals++;
    return unit.family == PP_FAMILY_TIME && !pp_starts(number, "-") &&
           pp_parse_decimal(number, decimals, ns) && !__builtin_mul_overflow(*ns, factor, ns);
}

/* An end of the range; an empty text means no limit. */
static bool parse_moment(struct pp_span text, struct pp_moment *m)
{
    if (pp_empty(text))
        return true;
    m->known = true;
    m->absolute = *text.p == '@';
    text.p += m->absolute;
    return parse_duration(text, &m->ns);
}

bool pp_parse_time(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag)
{
    (void)a;
    const char *colon = pp_find(r->argument, ':');
    r->need |= PP_HOLDS_TIME | PP_HOLDS_CLOCK;
    if (!colon || !parse_moment((struct pp_span){r->argument.p, colon}, &r->from) ||
        !parse_moment((struct pp_span){colon + 1, r->argument.end}, &r->to) ||
        (!r->from.known && !r->to.known))
        return pp_error(diag, NULL,
                        "'time %.*s' is not a range such as 10s:20s, :500ms or @1234.5s:",
                        PP_SHOW(r->argument));
    if (r->from.known && r->to.known && r->from.absolute == r->to.absolute && r->from.ns > r->to.ns)
        return pp_error(diag, NULL, "'time %.*s' ends before it begins", PP_SHOW(r->argument));
    return true;
}

/* --- the samples --------------------------------------------------------- */

int64_t pp_first_time(const struct pp_profile *p)
{
    int64_t first = 0;
    for (size_t s = 0; s < p->samples.count; s++) {
        int64_t time = pp_sample(p, (pp_id)s)->time_ns;
        if (time && (!first || time < first))
            first = time;
    }
    return first;
}

/* The moment on the clock of the samples, limited to what 64 bits can hold. */
static int64_t on_clock(const struct pp_moment *m, int64_t first)
{
    int64_t at;
    if (m->absolute)
        return m->ns;
    return __builtin_add_overflow(first, m->ns, &at) ? INT64_MAX : at;
}

static void warn_of_timeless(const struct pp_rule_run *run, size_t timeless, size_t samples)
{
    if (timeless)
        pp_warning(run->diag, NULL, "--time: %zu of %zu samples have no time, and are dropped",
                   timeless, samples);
}

bool pp_apply_time(const struct pp_rule *r, struct pp_rule_run *run)
{
    struct pp_profile *p = run->p;
    size_t timeless = 0, samples = 0;
    if (!run->first_ns)
        return pp_error(run->diag, NULL,
                        "--time: the profile does not say when its samples were taken");
    int64_t from = r->from.known ? on_clock(&r->from, run->first_ns) : INT64_MIN;
    int64_t to = r->to.known ? on_clock(&r->to, run->first_ns) : INT64_MAX;
    struct pp_sample *moved = pp_calloc(p->samples.count, sizeof *moved);
    for (size_t s = 0; s < p->samples.count; s++) {
        moved[s] = *pp_sample(p, (pp_id)s);
        int64_t time = moved[s].time_ns;
        bool exists = pp_sample_exists(p, (pp_id)s), within = time && from <= time && time <= to;
        samples += exists;
        timeless += exists && !time;
        run->matched += exists && within;
        run->dropped += exists && !within;
        if (!within)
            moved[s].node = PP_DROPPED;
    }
    warn_of_timeless(run, timeless, samples);
    pp_move_each(p, moved);
    run->changed = true;
    free(moved);
    return true;
}

void pp_forget_times(struct pp_profile *p)
{
    struct pp_sample *moved = pp_calloc(p->samples.count, sizeof *moved);
    for (size_t s = 0; s < p->samples.count; s++) {
        moved[s] = *pp_sample(p, (pp_id)s);
        moved[s].time_ns = 0;
    }
    pp_move_each(p, moved);
    free(moved);
}
