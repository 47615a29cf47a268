/*
 * Waiting for locks: /contentionz of C++ servers, and mutex and block profiles of Go with debug=1,
 * which begin with "--- mutex:" and "--- contention:".
 *
 *     --- contentionz 1 ---
 *     cycles/second = 3201000000
 *     sampling period = 100
 *     ms since reset = 16502830
 *      19490304       27 @ 0xbccc97 0xc61202        cycles, count, return addresses
 *     --- Memory map: ---
 *       00400000-00fcb000: /usr/bin/prog
 *
 * Both numbers count one event in a sampling period, and are multiplied by it.
 */
#include "formats/gperftools/legacy.h"

static const char *const headings[] = {"--- contentionz ", "--- mutex:", "--- contention:"};

struct contention {
    struct pp_legacy l;
    int64_t hertz, period;
};

/* --- attributes ---------------------------------------------------------- */

static bool take_number(struct contention *c, struct pp_span value, int64_t *out)
{
    if (pp_parse_i64(value, out) && *out >= 0)
        return true;
    return pp_fail(c->l.r, value.p, "bad number '%.*s'", PP_SHOW(value));
}

static bool take_attribute(struct contention *c, struct pp_span line, const char *equals)
{
    struct pp_span key = pp_trim((struct pp_span){line.p, equals});
    struct pp_span value = pp_trim((struct pp_span){equals + 1, line.end});
    int64_t *duration = &c->l.r->out->about.duration_ns;
    if (pp_is(key, "cycles/second"))
        return take_number(c, value, &c->hertz);
    if (pp_is(key, "sampling period"))
        return take_number(c, value, &c->period);
    if (pp_is(key, "ms since reset")) {
        if (!take_number(c, value, duration))
            return false;
        if (__builtin_mul_overflow(*duration, 1000000, duration))
            return pp_fail(c->l.r, value.p, "the duration exceeds 64 bits");
    } else if (pp_is(key, "discarded samples")) {
        if (!pp_is(value, "0"))
            pp_warn(c->l.r, line.p, "the profiler has discarded %.*s samples", PP_SHOW(value));
    } else {
        pp_warn(c->l.r, line.p, "not understood, and left out: '%.*s'", PP_SHOW(line));
    }
    return true;
}

/* --- stacks -------------------------------------------------------------- */

/*
 * Multiplies by what a sample stands for, as pprof does; this also turns cycles into nanoseconds.
 */
static bool scale(struct contention *c, const char *at, int64_t cycles, int64_t count,
                  int64_t values[2])
{
    values[0] = count;
    values[1] = cycles;
    if (c->period <= 0)
        return true;
    double delay = (double)cycles * (double)c->period;
    if (__builtin_mul_overflow(count, c->period, &values[0]))
        return pp_fail(c->l.r, at, "a value exceeds 64 bits");
    return !c->hertz || pp_legacy_whole(&c->l, at, delay / ((double)c->hertz / 1e9), &values[1]);
}

static bool read_stack(struct contention *c, struct pp_span line)
{
    struct pp_span rest = line, cycles_text, count_text, at_sign;
    int64_t cycles, count;
    if (!pp_word(&rest, &cycles_text) || !pp_word(&rest, &count_text) ||
        !pp_word(&rest, &at_sign) || !pp_is(at_sign, "@") || !pp_parse_i64(cycles_text, &cycles) ||
        !pp_parse_i64(count_text, &count)) {
        pp_warn(c->l.r, line.p, "not understood, and left out: '%.*s'", PP_SHOW(line));
        return true;
    }
    if (!scale(c, line.p, cycles, count, pp_legacy_begin(&c->l, line.p)->values))
        return false;
    pp_legacy_addresses(&c->l, rest, PP_ALL_RETURN);
    return true;
}

/* --- reading ------------------------------------------------------------- */

/* Attributes come before all stacks; a Go name with a "=" in it is on a line with a "#". */
static bool read_line(struct contention *c, struct pp_span line)
{
    if (*line.p == '#') {
        pp_legacy_go_line(&c->l, line);
        return true;
    }
    const char *equals = c->l.nstacks ? NULL : pp_find(line, '=');
    return equals ? take_attribute(c, line, equals) : read_stack(c, line);
}

static bool is_heading(struct pp_span line)
{
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        if (pp_starts(line, headings[i]))
            return true;
    return false;
}

static bool contentionz_read(struct pp_reader *r, struct pp_span in)
{
    struct contention c = {.l = {.r = r}, .period = 1};
    struct pp_span line = in;
    bool ok = pp_legacy_line(&in, &line) && is_heading(line);
    if (!ok)
        return pp_fail(r, line.p, "expected '%s'", headings[0]);
    pp_legacy_maps(&c.l, &in);
    pp_column(r->out, pp_str("contentions"), pp_str("count"));
    pp_column(r->out, pp_str("delay"), pp_str("nanoseconds"));
    while (ok && pp_legacy_line(&in, &line) && !pp_starts(line, "---"))
        ok = read_line(&c, line);
    pp_legacy_about(&c.l, pp_legacy_locks, "contentions", "count", c.period);
    ok = ok && pp_legacy_finish(&c.l);
    pp_legacy_release(&c.l);
    return ok;
}

/* Java's files begin with the same line, but continue differently. */
static unsigned contentionz_bid(struct pp_span head)
{
    struct pp_span line, next;
    if (!pp_legacy_line(&head, &line) || !is_heading(line))
        return 0;
    return 8 * (unsigned)strlen(headings[1]) + (pp_legacy_line(&head, &next) && pp_find(next, '='));
}

const struct pp_format pp_format_contentionz = {
    .name = "contentionz",
    .title = "lock contention of C++ servers and Go (text)",
    .suffixes = (const char *const[]){".contention", ".mutex", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_ADDRESSES,
    .bid = contentionz_bid,
    .read = contentionz_read,
};
