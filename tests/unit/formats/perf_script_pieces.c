/* However perf script text is cut, the profile is the same: laws, on random inputs. */
#include "base/memory.h"
#include "base/out.h"
#include "formats/format.h"
#include "model/merge.h"
#include "unit/perf_script.h"

/* A small generator of numbers, the same on every machine. */
static uint64_t state;

static unsigned roll(unsigned sides)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % sides;
}

static const char *pick(const char *const *texts, unsigned n)
{
    return texts[roll(n)];
}
#define PICK(texts) pick(texts, sizeof(texts) / sizeof *(texts))

/* How the current input was printed. */
struct style {
    bool chains, times, cpus, pids, periods, modules, sources, blanks, returns, noise;
    bool switches; /* print switches out, and in */
};

static struct style make_style(void)
{
    return (struct style){
        .chains = roll(3) > 0,
        .times = roll(4) > 0,
        .cpus = roll(2),
        .pids = roll(2),
        .periods = roll(3) > 0,
        .modules = roll(4) > 0,
        .sources = roll(4) == 0,
        .blanks = roll(4) > 0,
        .returns = roll(6) == 0,
        .noise = roll(3) == 0,
        .switches = roll(2),
    };
}

static void end_line(struct pp_out *out, const struct style *s)
{
    pp_puts(out, s->returns ? "\r\n" : "\n");
}

static void put_frame(struct pp_out *out, const struct style *s)
{
    static const char *const symbols[] = {"main+0x10", "f(int)+0x1",       "[unknown]",
                                          "g",         "operator new+0x2", "La/B;->Lc/D;"};
    static const char *const modules[] = {" (/bin/x)", " ([kernel.kallsyms])", " (inlined)",
                                          " (/a b (deleted))", " ([unknown])"};
    pp_putf(out, "%16x %s", roll(3) * 4096, PICK(symbols));
    if (s->modules)
        pp_puts(out, PICK(modules));
}

static void put_header(struct pp_out *out, const struct style *s)
{
    static const char *const comms[] = {"a", "java", "my wk 7 1/2", "dd", "kworker/0:1"};
    static const char *const events[] = {"cycles", "cycles:u", "sched:sched_switch", "cpu-clock"};
    pp_puts(out, PICK(comms));
    pp_putf(out, " %5u", roll(3) + 1);
    if (s->pids)
        pp_putf(out, "/%-5u", roll(3));
    if (s->cpus)
        pp_putf(out, " [%03u]", roll(4));
    if (s->times)
        pp_putf(out, " %5u.%06u:", roll(100), roll(1000000));
    if (s->periods && roll(50))
        pp_putf(out, " %10u", roll(1000));
    const char *event = PICK(events);
    pp_putf(out, " %s: ", event);
    if (s->switches && strcmp(event, "sched:sched_switch") == 0)
        pp_putf(out, "prev_comm=a prev_pid=%u prev_state=%c ==> next_comm=b next_pid=%u", roll(4),
                "SRX"[roll(3)], roll(4));
}

static void put_noise(struct pp_out *out, const struct style *s)
{
    static const char *const lines[] = {"# comment",
                                        "a 1 1.0: PERF_RECORD_COMM: a:1/1",
                                        "a 2 50.0: PERF_RECORD_SWITCH IN",
                                        "what?",
                                        "\t12 f (/bin/x)",
                                        "  x.c:12",
                                        "",
                                        " ",
                                        "dd 12",
                                        "a 1 1.0: PERF_RECORD_MMAP2 1/1: [0x1000(0x8000) @ 0x2000 "
                                        "fe:00 1 2]: r-xp /bin/x",
                                        "a 1 1.0: PERF_RECORD_MMAP2 1/1: [0(0x10000) @ 0x1000 "
                                        "fe:00 1 2]: r-xp /a b (deleted)"};
    pp_puts(out, PICK(lines));
    end_line(out, s);
}

static void put_sample(struct pp_out *out, const struct style *s)
{
    put_header(out, s);
    if (!s->chains)
        put_frame(out, s);
    end_line(out, s);
    for (unsigned n = s->chains ? roll(8) : 0; n; n--) {
        pp_puts(out, "\t");
        put_frame(out, s);
        end_line(out, s);
        if (s->sources) {
            pp_putf(out, "  a.c:%u", roll(3));
            end_line(out, s);
        }
    }
    if (s->chains && s->blanks)
        end_line(out, s);
    if (s->noise && roll(4) == 0)
        put_noise(out, s);
}

/* The generated text, whole or with its last line truncated. */
static struct pp_span make_text(struct pp_out *out)
{
    struct style style = make_style();
    out->len = 0;
    for (unsigned n = roll(60) + 1; n; n--)
        put_sample(out, &style);
    size_t cut = roll(3) ? 0 : roll(20);
    return (struct pp_span){out->buf, out->buf + (out->len > cut ? out->len - cut : out->len)};
}

static void check_same(const struct reading *whole, const struct reading *pieces,
                       struct pp_span text)
{
    bool same = whole->p && pieces->p && same_profile(whole->p, pieces->p) &&
                strcmp(whole->messages, pieces->messages) == 0;
    CHECK(same);
    if (!same)
        fprintf(stderr, "%.*s\n%s---\n%s", (int)pp_len(text), text.p, whole->messages,
                pieces->messages);
}

static void test_pieces_make_the_profile_of_the_whole(void)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    for (state = 1; state < 300 && !check_failures; state++) {
        uint64_t seed = state;
        struct pp_span text = make_text(&out);
        struct reading whole, pieces;
        unsigned keep = roll(2) ? ~0u : roll(32);
        read_bytes_as_perf(&whole, text, keep, 1);
        for (unsigned jobs = 2; jobs <= 8; jobs++) {
            read_bytes_as_perf(&pieces, text, keep, jobs);
            check_same(&whole, &pieces, text);
            reading_release(&pieces);
        }
        reading_release(&whole);
        state = seed;
    }
    pp_out_release(&out);
}

/* What the reader cached in the first half must not change how it reads the second. */
static void test_cached_text_is_read_as_the_first_time(void)
{
    const char *why;
    struct pp_out out;
    pp_out_memory(&out, NULL);
    for (state = 1000; state < 1300 && !check_failures; state++) {
        uint64_t seed = state;
        struct style style = make_style();
        style.switches = false; /* which pair across the halves */
        style.noise = false;    /* some of it depends on what follows */
        struct reading twice, first, second;
        unsigned keep = roll(2) ? ~0u : roll(32);
        out.len = 0;
        for (unsigned n = roll(20) + 1; n; n--)
            put_sample(&out, &style);
        size_t len = out.len;
        struct pp_span once = {out.buf, out.buf + len};
        read_bytes_as_perf(&first, once, keep, 1);
        read_bytes_as_perf(&second, once, keep, 1);
        CHECK(pp_merge(first.p, second.p, &why));
        pp_out_room(&out, len);
        memcpy(out.buf + len, out.buf, len);
        read_bytes_as_perf(&twice, (struct pp_span){out.buf, out.buf + 2 * len}, keep, 1);
        CHECK(same_profile(twice.p, first.p));
        reading_release(&twice);
        reading_release(&first);
        reading_release(&second);
        state = seed;
    }
    pp_out_release(&out);
}

/* Call `which`, always printed as the same line. */
static void put_call(struct pp_out *out, const struct style *s, unsigned which)
{
    uint64_t saved = state;
    state = which * UINT64_C(0x9e3779b97f4a7c15);
    pp_puts(out, "\t");
    put_frame(out, s);
    end_line(out, s);
    state = saved;
}

/* A sample whose outermost frames are a random part of one of three chains. */
static void put_branch(struct pp_out *out, const struct style *s)
{
    unsigned chain = roll(3) * 100, shared = roll(15) * 4;
    put_header(out, s);
    end_line(out, s);
    for (unsigned own = 1 + roll(4); own; own--)
        put_call(out, s, 1000 + roll(30));
    while (shared)
        put_call(out, s, chain + --shared);
    end_line(out, s);
}

static struct pp_profile *read_up_to(struct pp_span text, unsigned max_depth, unsigned keep,
                                     unsigned jobs)
{
    struct reading r = {.diag = {.emit = keep_message}};
    struct pp_load_options o = {
        .from = pp_format_named("perf-script"), .keep = keep, .jobs = jobs, .max_depth = max_depth};
    r.p = pp_load_bytes(text, "test", &o, &r.diag);
    pp_diag_release(&r.diag);
    return r.p;
}

/* Cached callers must not change how a stack is read. */
static void test_stacks_with_callers_in_common_are_read_as_each_by_itself(void)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    for (state = 5000; state < 5200 && !check_failures; state++) {
        uint64_t seed = state;
        struct style style = make_style();
        unsigned keep = roll(2) ? 0 : roll(32), max_depth = roll(3) ? 0 : 5 + roll(60);
        out.len = 0;
        for (unsigned n = 2 + roll(60); n; n--)
            put_branch(&out, &style);
        struct pp_profile *together = read_up_to(pp_out_bytes(&out), max_depth, keep, 1);
        struct pp_profile *apart = read_up_to(pp_out_bytes(&out), max_depth, keep, 64);
        CHECK(same_profile(together, apart));
        pp_profile_free(together);
        pp_profile_free(apart);
        state = seed;
    }
    pp_out_release(&out);
}

/*
 * Blocks of an input are read into the same memory. In the first, the callers of the second sample
 * are looked at ahead, and then not used, as no line of it is a frame.
 */
static void test_a_look_ahead_in_one_block_is_not_used_in_the_next(void)
{
    static const char header[] = " 1 1.0: cycles: \n", first[] = "\t            1000 f (/x)\n";
    static const char g[] = "\t            2000 g (/x)\n\n", h[] = "\t            2000 h (/x)\n\n";
    static const char odd[] = "\tzzzzzzzzzzzzzzzz f (/x)\n";
    const struct pp_format *f = pp_format_named("perf-script");
    struct reading said = {.diag = {.emit = keep_message}};
    struct pp_out block;
    pp_out_memory(&block, NULL);
    pp_out_room(&block, 1000); /* so as to stay where it is */
    pp_putf(&block, "a%s%s%sa%s%s%s\n", header, first, g, header, odd, odd);
    struct pp_reader r = {.out = pp_profile_new(),
                          .diag = &said.diag,
                          .file = "test",
                          .head = pp_out_bytes(&block),
                          .max_depth = 10,
                          .state = pp_calloc(1, f->state_size)};
    CHECK(f->read(&r, r.in = pp_out_bytes(&block)));
    block.len = 0; /* a sample without frames, so that the callers are where they were before */
    pp_putf(&block, "%-*s%s\n", (int)(strlen(first) + strlen(g)), "a", header);
    pp_putf(&block, "a%s%s%sa%s%s%s\n", header, first, h, header, first, odd);
    CHECK(f->read(&r, r.in = pp_out_bytes(&block)));
    check_written(r.out, "folded", " 2\nf 1\ng;f 1\nh;f 1\n", __func__, __LINE__);
    CHECK_INT(said.diag.warnings, 3);
    f->end(&r);
    pp_profile_free(r.out);
    pp_reader_release(&r);
    pp_diag_release(&said.diag);
    pp_out_release(&block);
}

/* If no line occurs again for long, the cache switches itself off; in a short piece it does not. */
static void test_many_lines_that_are_all_new_are_read_alike(void)
{
    struct pp_out out;
    struct reading whole, pieces;
    pp_out_memory(&out, NULL);
    for (unsigned i = 0; i < 17000; i++) {
        pp_putf(&out, "a 1 %u.5: cycles:\n", i);
        for (unsigned k = 0; k < 16; k++)
            pp_putf(&out, "\t%16x f%u+0x%x (/x)\n", i * 16 + k + 1, k % 5, i);
        pp_puts(&out, i % 2 ? "\t             abc f0+0x1 (/x)\n\n" : "\n");
    }
    read_bytes_as_perf(&whole, pp_out_bytes(&out), 0, 1);
    read_bytes_as_perf(&pieces, pp_out_bytes(&out), 0, 8);
    CHECK(same_profile(whole.p, pieces.p));
    CHECK_INT(whole.p->columns[0].weight, 17000);
    reading_release(&whole);
    reading_release(&pieces);
    pp_out_release(&out);
}

/* Reads both sides of the split separately. */
static void check_split(struct pp_span text, const char *cut)
{
    struct reading whole, first, second;
    const char *why;
    read_bytes_as_perf(&whole, text, 0, 1);
    read_bytes_as_perf(&first, (struct pp_span){text.p, cut}, 0, 1);
    read_bytes_as_perf(&second, (struct pp_span){cut, text.end}, 0, 1);
    CHECK(pp_merge(first.p, second.p, &why));
    CHECK_INT(first.p->samples.count, whole.p->samples.count);
    reading_release(&whole);
    reading_release(&first);
    reading_release(&second);
}

static void test_an_input_can_be_split_wherever_it_is_cut_off(void)
{
    const struct pp_format *f = pp_format_named("perf-script");
    struct pp_span text = pp_str("a 1 1.0: 5 cycles: \n\t145d f (/x)\n\nb 1 1.5: 5 cycles: \n"
                                 "\t145d f (/x)\n\nc 1 1.5: 5 cycles: \n\t145d f (/x)\n");
    for (const char *end = text.p; end <= text.end; end++) {
        const char *cut = f->split((struct pp_span){text.p, end});
        CHECK(!cut || (cut > text.p && cut < end));
        if (cut)
            check_split(text, cut);
    }
    CHECK(f->split(text) != NULL);
}

static void test_inputs_without_blank_lines_are_split_at_headers(void)
{
    const struct pp_format *f = pp_format_named("perf-script");
    struct pp_span text = pp_str("a 1 1.0: 5 cycles:      7f3d6dea33e0 f (/x)\n"
                                 "b 1 1.5: 5 cycles:      7f3d6dea33e0 f (/x)\nc 1 1.6: 5 cyc");
    CHECK(f->split(text) && *f->split(text) == 'b');
    text = pp_str("a 1 1.0: 5 cycles: \n\t145d f (/x)\n\t145d f (/x)\n\t145d");
    CHECK(!f->split(text));
}

CHECK_MAIN(test_pieces_make_the_profile_of_the_whole, test_cached_text_is_read_as_the_first_time,
           test_stacks_with_callers_in_common_are_read_as_each_by_itself,
           test_a_look_ahead_in_one_block_is_not_used_in_the_next,
           test_many_lines_that_are_all_new_are_read_alike,
           test_an_input_can_be_split_wherever_it_is_cut_off,
           test_inputs_without_blank_lines_are_split_at_headers)
