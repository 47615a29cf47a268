/*
 * Heap and contention profiles of Java servers, which look like those of C++ but have numbers
 * instead of addresses, with their meaning after the stacks:
 *
 *     --- contentionz 1 ---
 *     format = java
 *     resolution = microseconds
 *     sampling period = 100
 *     ms since reset = 6019923
 *              14     1 @ 0x00000003 0x00000004     amount, count; leaf first
 *
 *      0x00000003 com.example.Lock.take (Lock.java:103)
 *      0x00000004 com.example.Main.main (Main.java:12)
 *
 * Heap profiles begin with "--- heapz 1 ---", and have one sample in 512 KiB.
 */
#include "formats/gperftools/legacy.h"

static const char heapz[] = "--- heapz 1 ---", contentionz[] = "--- contentionz 1 ---";

struct java {
    struct pp_legacy l;
    bool heap;
    int64_t period;
    struct pp_span resolution;
};

/* --- attributes ---------------------------------------------------------- */

static bool take_number(struct java *j, struct pp_span value, int64_t *out)
{
    if (pp_parse_i64(value, out) && *out >= 0)
        return true;
    return pp_fail(j->l.r, value.p, "bad number '%.*s'", PP_SHOW(value));
}

static bool take_attribute(struct java *j, struct pp_span line, const char *equals)
{
    struct pp_span key = pp_trim((struct pp_span){line.p, equals});
    struct pp_span value = pp_trim((struct pp_span){equals + 1, line.end});
    int64_t *duration = &j->l.r->out->about.duration_ns;
    if (pp_is(key, "format") && !pp_is(value, "java"))
        return pp_fail(j->l.r, value.p, "expected 'java', found '%.*s'", PP_SHOW(value));
    if (pp_is(key, "resolution")) {
        j->resolution = value;
    } else if (pp_is(key, "sampling period")) {
        return take_number(j, value, &j->period);
    } else if (pp_is(key, "ms since reset")) {
        if (!take_number(j, value, duration))
            return false;
        if (__builtin_mul_overflow(*duration, 1000000, duration))
            return pp_fail(j->l.r, value.p, "the duration exceeds 64 bits");
    } else if (!pp_is(key, "format")) {
        pp_warn(j->l.r, line.p, "not understood, and left out: '%.*s'", PP_SHOW(line));
    }
    return true;
}

/* --- stacks -------------------------------------------------------------- */

static bool scale(struct java *j, struct pp_legacy_stack *s, int64_t count, int64_t amount)
{
    enum { HEAP_INTERVAL = 512 << 10 };
    int64_t *v = s->values;
    v[0] = count;
    v[1] = amount;
    if (j->l.r->raw_counts)
        return true;
    if (!j->heap) {
        int64_t period = j->period ? j->period : 1;
        return (!__builtin_mul_overflow(count, period, &v[0]) &&
                !__builtin_mul_overflow(amount, period, &v[1])) ||
               pp_fail(j->l.r, s->at, "a value exceeds 64 bits");
    }
    double factor = pp_legacy_heap_factor(count, amount, HEAP_INTERVAL);
    return pp_legacy_whole(&j->l, s->at, (double)count * factor, &v[0]) &&
           pp_legacy_whole(&j->l, s->at, (double)amount * factor, &v[1]);
}

/* Takes "14     1 @" off the line. */
static bool take_counts(struct pp_span *line, int64_t *amount, int64_t *count)
{
    struct pp_span word, other, at_sign;
    return pp_word(line, &word) && pp_parse_i64(word, amount) && pp_word(line, &other) &&
           pp_parse_i64(other, count) && *amount >= 0 && *count >= 0 && pp_word(line, &at_sign) &&
           pp_is(at_sign, "@");
}

static bool read_stack(struct java *j, struct pp_span line)
{
    const char *at = line.p;
    struct pp_span whole = line;
    int64_t amount, count;
    if (!take_counts(&line, &amount, &count)) {
        pp_warn(j->l.r, at, "expected two counts and numbers, and left out: '%.*s'",
                PP_SHOW(whole));
        return true;
    }
    if (j->heap && !count)
        return pp_fail(j->l.r, at, "%lld bytes in no objects", (long long)amount);
    struct pp_legacy_stack *s = pp_legacy_begin(&j->l, at);
    if (j->heap)
        s->block = amount / count;
    s->has_block = s->block != 0;
    if (!scale(j, s, count, amount))
        return false;
    pp_legacy_addresses(&j->l, line, PP_ALL_ARE_EXACT);
    return true;
}

/* --- reading ------------------------------------------------------------- */

static void describe(struct java *j)
{
    struct pp_profile *p = j->l.r->out;
    if (j->heap)
        pp_legacy_about(&j->l, pp_legacy_allocators, "", "", 0);
    else
        pp_legacy_about(&j->l, pp_legacy_locks, "contentions", "count", j->period);
    pp_column(p, pp_str(j->heap ? "inuse_objects" : "contentions"), pp_str("count"));
    pp_column(p, pp_str(j->heap ? "inuse_space" : "delay"), j->resolution);
}

/* Reads attributes, then stacks, up to the first line that explains a number. */
static bool read_lines(struct java *j, struct pp_span *in)
{
    struct pp_span line, rest = *in;
    while (pp_legacy_line(&rest, &line) && !pp_starts(line, "0x")) {
        const char *equals = j->l.nstacks ? NULL : pp_find(line, '=');
        if (equals ? !take_attribute(j, line, equals) : !read_stack(j, line))
            return false;
        *in = rest;
    }
    return true;
}

static bool java_read(struct pp_reader *r, struct pp_span in)
{
    struct java j = {.l = {.r = r}, .resolution = pp_str("")};
    struct pp_span line = in;
    pp_legacy_line(&in, &line);
    j.heap = pp_is(line, heapz);
    if (!j.heap && !pp_is(line, contentionz))
        return pp_fail(r, line.p, "expected '%s' or '%s'", heapz, contentionz);
    bool ok = read_lines(&j, &in);
    if (ok) {
        describe(&j);
        pp_legacy_java_lines(&j.l, in);
        ok = pp_legacy_finish(&j.l);
    }
    pp_legacy_release(&j.l);
    return ok;
}

static unsigned java_bid(struct pp_span head)
{
    struct pp_span line, next;
    if (!pp_legacy_line(&head, &line) || !pp_legacy_line(&head, &next))
        return 0;
    if ((!pp_is(line, heapz) && !pp_is(line, contentionz)) || !pp_starts(next, "format"))
        return 0;
    return 8 * (unsigned)(strlen(heapz) + strlen("format"));
}

const struct pp_format pp_format_java = {
    .name = "java",
    .title = "heap and contention profiles of Java servers (text)",
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_LABELS,
    .bid = java_bid,
    .read = java_read,
};
