/*
 * The cache of the reader of folded stacks changes nothing: laws, on random lines, against reading
 * each line by itself.
 */
#include "base/out.h"
#include "unit/profiles.h"

/* A small generator of numbers, the same on every machine. */
static uint64_t state;

static unsigned roll(unsigned sides)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % sides;
}

/* Names of all lengths, including 0, so that they end anywhere within a step of the reader. */
static void put_name(struct pp_out *out, unsigned most)
{
    for (unsigned n = roll(most); n; n--)
        pp_putc(out, "ab:"[roll(3)]);
}

/* A stack that begins like an earlier line, and continues with its own names. */
static void put_stack(struct pp_out *out, struct pp_span earlier)
{
    pp_put(out, (struct pp_span){earlier.p, earlier.p + roll((unsigned)pp_len(earlier) + 1)});
    pp_putc(out, 'x'); /* a line must be neither empty nor a comment */
    for (unsigned n = roll(8); n; n--) {
        pp_putc(out, ';');
        put_name(out, roll(4) ? 12 : 150);
    }
}

enum { LINES = 300 };

/* The stacks of an input, also stored in `stacks`. */
static struct pp_span make_text(struct pp_out *out, struct pp_span *stacks)
{
    size_t from[LINES], to[LINES];
    out->len = 0;
    for (unsigned i = 0; i < LINES; i++) {
        char copy[1 << 14];
        unsigned which = i ? roll(3) ? roll(i) : i - 1 : 0;
        size_t len = i ? to[which] - from[which] : 0;
        memcpy(copy, out->buf + (i ? from[which] : 0), len < sizeof copy ? len : sizeof copy);
        from[i] = out->len;
        put_stack(out, (struct pp_span){copy, copy + (len < sizeof copy ? len : sizeof copy)});
        to[i] = out->len;
        pp_puts(out, " 1\n");
    }
    for (unsigned i = 0; i < LINES; i++)
        stacks[i] = (struct pp_span){out->buf + from[i], out->buf + to[i]};
    return pp_out_bytes(out);
}

static pp_id stack_by_hand(struct pp_profile *p, struct pp_span stack, unsigned max_depth)
{
    pp_id node = 0;
    for (bool more = true; more && max_depth; max_depth--) {
        const char *end = pp_find(stack, ';');
        struct pp_span name = {stack.p, end ? end : stack.end};
        node = pp_child(p, node, pp_frame_named(p, pp_empty(name) ? pp_str(" ") : name));
        more = end;
        stack.p = end ? end + 1 : stack.end;
    }
    return node;
}

static struct pp_profile *read_by_hand(const struct pp_span *stacks, unsigned max_depth)
{
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("samples"), pp_str("count"));
    for (unsigned i = 0; i < LINES; i++) {
        struct pp_sample s = {.node = stack_by_hand(p, stacks[i], max_depth)};
        CHECK(pp_add(p, pp_sample_id(p, &s), 0, 1));
    }
    return p;
}

static void ignore(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    (void)m;
}

static void test_lines_are_read_as_if_each_were_alone(void)
{
    struct pp_out out;
    struct pp_span stacks[LINES];
    pp_out_memory(&out, NULL);
    pp_putc(&out, ' ');
    for (state = 1; state < 60 && !check_failures; state++) {
        uint64_t seed = state;
        unsigned max_depth = roll(2) ? 0 : 1 + roll(20), deep = 0;
        struct pp_span text = make_text(&out, stacks);
        struct pp_profile *want = read_by_hand(stacks, max_depth ? max_depth : PP_MAX_DEPTH);
        for (unsigned jobs = 1; jobs <= 3; jobs++) {
            struct pp_diag diag = {.emit = ignore};
            struct pp_load_options o = {
                .from = pp_format_named("folded"), .jobs = jobs, .max_depth = max_depth};
            struct pp_profile *got = pp_load_bytes(text, "test", &o, &diag);
            CHECK(got && same_profile(want, got));
            pp_profile_free(got);
            pp_diag_release(&diag);
        }
        for (unsigned i = 0; i < LINES; i++) {
            unsigned depth = 1;
            for (const char *c = stacks[i].p; c < stacks[i].end; c++)
                depth += *c == ';';
            deep += max_depth && depth > max_depth;
        }
        struct pp_diag diag = {.emit = ignore};
        struct pp_load_options o = {.from = pp_format_named("folded"), .max_depth = max_depth};
        pp_profile_free(pp_load_bytes(text, "test", &o, &diag));
        CHECK_INT(diag.warnings, deep);
        pp_diag_release(&diag);
        pp_profile_free(want);
        state = seed;
    }
    pp_out_release(&out);
}

/* If no beginning occurs again for long, the cache switches itself off. */
static void test_many_lines_that_have_nothing_in_common_are_read_alike(void)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    for (unsigned i = 0; i < 70000; i++)
        pp_putf(&out, "%08x;%060u;%u %u\n", i * 2654435761u, i % 100, i % 7, 1 + i % 3);
    pp_puts(&out, "x;y 1\nx;y 1\nx;y;z 1\n");
    struct pp_profile *whole = profile_of("folded", pp_out_bytes(&out), 1);
    struct pp_profile *pieces = profile_of("folded", pp_out_bytes(&out), 8);
    CHECK(same_profile(whole, pieces));
    CHECK_INT(whole->samples.count, 1 + 70000 + 2);
    pp_profile_free(whole);
    pp_profile_free(pieces);
    pp_out_release(&out);
}

CHECK_MAIN(test_lines_are_read_as_if_each_were_alone,
           test_many_lines_that_have_nothing_in_common_are_read_alike)
