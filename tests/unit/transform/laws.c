/*
 * Laws that hold for any profile, on hundreds of random ones. A failure prints the number of the
 * profile. merge.c and combine.c have the laws of merging.
 */
#include "base/memory.h"
#include "model/compact.h"
#include "model/merge.h"
#include "render/svg.h"
#include "transform/combine.h"
#include "transform/compare.h"
#include "unit/made_up.h"
#include "unit/rules.h"

enum { ROUNDS = 200 };

#define HOLDS(cond, round, what) \
    do { \
        if (!(cond)) { \
            fprintf(stderr, "%s: not so for profile %d: %s\n", __func__, (int)(round), what); \
            check_failures++; \
        } \
    } while (0)

static int64_t sum(const struct pp_profile *p, unsigned column)
{
    int64_t all = 0;
    for (size_t s = 0; s < p->samples.count; s++)
        all += p->columns[column].values[s];
    return all;
}

/* `p` written in `format`, ignoring messages; the caller frees it. */
static char *text_of(const struct pp_profile *p, const char *format)
{
    return written_saying(p, format, remember);
}

/* Everything in `p` as text, in a canonical order. Frees `p`. */
static char *all_of(struct pp_profile *p)
{
    pp_compact(&p);
    pp_canonical(&p);
    char *text = text_of(p, "text");
    pp_profile_free(p);
    return text;
}

static bool same_text(char *a, char *b)
{
    bool same = strcmp(a, b) == 0;
    if (!same)
        fprintf(stderr, "one:\n%sother:\n%s", a, b);
    free(a);
    free(b);
    return same;
}

static struct pp_profile *after(uint64_t number, const char *rules)
{
    struct pp_profile *p = made_up(number);
    CHECK(apply(&p, rules));
    return p;
}

/* --- rules ---------------------------------------------------------------- */

/* hide, show and truncate-at are not among them: they drop samples that lose all frames. */
static const char *const conserving[] = {
    "prune-from f2",
    "rewrite s/[0-9]/x/",
    "merge-recursion",
    "no-inlines",
    "granularity functions",
    "granularity filefunctions",
    "granularity files",
    "granularity lines",
    "granularity addresses",
    "granularity modules",
    "anonymize",
    "tag-root key0",
    "tag-leaf key1,key0",
    "tag-show key1",
    "tag-hide key1",
};

static void test_rules_that_drop_no_sample_conserve_every_total(void)
{
    for (uint64_t round = 0; round < ROUNDS; round++)
        for (size_t r = 0; r < sizeof conserving / sizeof *conserving; r++) {
            struct pp_profile *before = made_up(round), *p = after(round, conserving[r]);
            for (unsigned c = 0; c < before->ncolumns; c++)
                HOLDS(sum(before, c) == sum(p, c), round, conserving[r]);
            pp_profile_free(before);
            pp_profile_free(p);
        }
}

static void test_focus_and_ignore_add_up_to_the_whole(void)
{
    static const char *const halves[][2] = {
        {"focus f1", "ignore f1"},
        {"focus file:^0$", "ignore file:^0$"},
        {"focus module:lib", "ignore module:lib"},
        {"tag-focus key0=text1", "tag-ignore key0=text1"},
        {"tag-focus text", "tag-ignore text"},
        {"tag-focus key1=0:1", "tag-ignore key1=0:1"},
    };
    for (uint64_t round = 0; round < ROUNDS; round++)
        for (size_t h = 0; h < sizeof halves / sizeof *halves; h++) {
            struct pp_profile *p = made_up(round);
            struct pp_profile *a = after(round, halves[h][0]), *b = after(round, halves[h][1]);
            for (unsigned c = 0; c < p->ncolumns; c++)
                HOLDS(sum(a, c) + sum(b, c) == sum(p, c), round, halves[h][0]);
            pp_profile_free(p);
            pp_profile_free(a);
            pp_profile_free(b);
        }
}

static void test_most_rules_do_nothing_the_second_time(void)
{
    static const char *const rules[] = {
        "hide f1",
        "show f[01]",
        "focus f1",
        "ignore f2",
        "show-from f1",
        "prune-from f2",
        "merge-recursion",
        "no-inlines",
        "tag-show key1",
        "tag-hide key1",
        "tag-focus key0=text1",
        "granularity functions",
        "granularity filefunctions",
        "granularity files",
        "granularity lines",
        "granularity addresses",
        "granularity modules",
        "truncate-at /lib/1",
    };
    for (uint64_t round = 0; round < ROUNDS; round++)
        for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) {
            struct pp_profile *once = after(round, rules[r]), *twice = after(round, rules[r]);
            CHECK(apply(&twice, rules[r]));
            HOLDS(same_text(all_of(once), all_of(twice)), round, rules[r]);
        }
}

/* The order of these does not matter. */
static void test_some_rules_commute(void)
{
    static const char *const pairs[][2] = {
        {"hide f1\nhide f2", "hide f2\nhide f1"},
        {"focus f1\nfocus f2", "focus f2\nfocus f1"},
        {"ignore f1\nfocus f2", "focus f2\nignore f1"},
        {"focus f1\ntag-focus key0=text1", "tag-focus key0=text1\nfocus f1"},
        {"hide f1\ntag-hide key0", "tag-hide key0\nhide f1"},
        {"merge-recursion\ntag-show key0", "tag-show key0\nmerge-recursion"},
    };
    for (uint64_t round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
            char *one = all_of(after(round, pairs[i][0])),
                 *other = all_of(after(round, pairs[i][1]));
            HOLDS(same_text(one, other), round, pairs[i][0]);
        }
}

/* --- comparing ------------------------------------------------------------ */

static void test_compared_with_itself_nothing_has_changed(void)
{
    for (uint64_t round = 0; round < ROUNDS; round++) {
        const char *why = NULL;
        struct pp_profile *both = made_up(round), *p = made_up(round);
        CHECK(pp_compare(both, p, &why));
        for (unsigned c = 0; c < both->ncolumns; c++) {
            int other = pp_column_other(both, c);
            HOLDS(other >= 0 && memcmp(both->columns[c].values, both->columns[other].values,
                                       both->samples.count * sizeof(int64_t)) == 0,
                  round, "all columns");
        }
        pp_profile_free(p);
        pp_profile_free(both);
    }
}

static void test_before_and_after_keep_what_they_were(void)
{
    for (uint64_t round = 0; round < ROUNDS; round++) {
        const char *why = NULL;
        struct pp_profile *a = made_up(round), *b = made_up(round + 1), *both = made_up(round);
        CHECK(pp_compare(both, b, &why));
        for (unsigned c = 0; c < both->ncolumns; c++) {
            const struct pp_column *col = &both->columns[c];
            const struct pp_profile *from = col->side == PP_BEFORE ? a : b;
            int64_t want = 0;
            for (unsigned i = 0; i < from->ncolumns; i++)
                if (pp_same(pp_text(from, from->columns[i].type), pp_text(both, col->type)) &&
                    pp_same(pp_text(from, from->columns[i].unit), pp_text(both, col->unit)))
                    want = sum(from, i);
            HOLDS(sum(both, c) == want, round, "sums of each side");
        }
        pp_profile_free(a);
        pp_profile_free(b);
        pp_profile_free(both);
    }
}

/* --- formats -------------------------------------------------------------- */

static struct pp_profile *read_back(const char *format, const struct pp_profile *p)
{
    struct pp_diag diag = {.emit = remember};
    struct pp_out out;
    pp_out_memory(&out, &diag);
    CHECK(pp_format_named(format)->write(p, &out));
    struct pp_profile *back = profile_of(format, pp_out_bytes(&out), 1);
    CHECK_INT(diag.errors, 0);
    pp_out_release(&out);
    pp_diag_release(&diag);
    return back;
}

static void test_pprof_holds_everything(void)
{
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct pp_profile *p = made_up(round);
        pp_canonical(&p);
        struct pp_profile *back = read_back("pprof", p);
        HOLDS(same_text(all_of(p), all_of(back)), round, "written and read");
    }
}

/* The stacks with values in the column "cpu", by name. Frees `p`. */
static char *stacks_of(struct pp_profile *p)
{
    pp_keep_column(p, (unsigned)pp_column_select(p, "cpu"));
    pp_by_name(&p, &(struct pp_naming){0});
    char *text = text_of(p, "folded");
    pp_profile_free(p);
    return text;
}

static void test_folded_stacks_hold_names_and_one_column(void)
{
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct pp_profile *p = made_up(round);
        pp_keep_column(p, (unsigned)pp_column_select(p, "cpu"));
        pp_by_name(&p, &(struct pp_naming){0});
        struct pp_profile *back = read_back("folded", p);
        HOLDS(sum(back, 0) == sum(p, 0), round, "the sum");
        HOLDS(same_text(text_of(p, "folded"), text_of(back, "folded")), round, "the stacks");
        pp_profile_free(p);
        pp_profile_free(back);
    }
}

static void test_the_way_through_pprof_changes_no_stack(void)
{
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct pp_profile *p = made_up(round), *back = read_back("pprof", p);
        HOLDS(same_text(stacks_of(p), stacks_of(back)), round, "by pprof");
    }
}

/* --- folded stacks at random ---------------------------------------------- */

/* Lines of stacks with names that could be mistaken for syntax. */
static char *made_up_stacks(uint64_t number)
{
    static const char *const names[] = {
        "main", "f",      "f (1 samples, 2.00%)", "<b>&amp;\"'",     "all", "operator()(int) const",
        "a b",  "[libc]", "\xe2\x82\xac",         "x::y<int, long>", "-",   "](",
    };
    uint64_t state = number * UINT64_C(0x9e3779b97f4a7c15) + 7;
    struct pp_out o;
    pp_out_memory(&o, NULL);
    for (uint64_t lines = 1 + one_of(&state, 12); lines; lines--) {
        for (uint64_t depth = 1 + one_of(&state, 6); depth; depth--) {
            pp_puts(&o, names[one_of(&state, sizeof names / sizeof *names)]);
            pp_puts(&o, depth > 1 ? ";" : " ");
        }
        pp_put_u64(&o, 1 + one_of(&state, 1000));
        pp_putc(&o, '\n');
    }
    pp_putc(&o, '\0');
    return o.buf;
}

static struct pp_profile *folded_at_random(uint64_t number)
{
    char *text = made_up_stacks(number);
    struct pp_profile *p = folded(text);
    free(text);
    return p;
}

static void test_a_picture_holds_its_stacks(void)
{
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct pp_profile *p = folded_at_random(round);
        struct pp_layout layout;
        struct pp_out out;
        struct pp_diag diag = {.emit = show_message};
        pp_by_name(&p, &(struct pp_naming){0});
        pp_layout_make(&layout, p, &(struct pp_layout_options){0});
        pp_out_memory(&out, &diag);
        pp_svg_write(p, &layout, &pp_svg_defaults, &out);
        struct pp_profile *back = profile_of("svg", pp_out_bytes(&out), 1);
        HOLDS(same_text(text_of(p, "folded"), text_of(back, "folded")), round, "from the picture");
        pp_layout_release(&layout);
        pp_out_release(&out);
        pp_diag_release(&diag);
        pp_profile_free(p);
        pp_profile_free(back);
    }
}

/* Applying a rule to two merged profiles equals merging the results of applying it to each. */
static void test_rules_distribute_over_merging(void)
{
    static const char *const rules[] = {
        "hide b|f",       "show [a-m]",      "focus f",         "ignore int", "show-from f",
        "prune-from all", "merge-recursion", "rewrite s/a/b/g", "anonymize",
    };
    for (uint64_t round = 0; round < ROUNDS; round++)
        for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) {
            const char *why = NULL;
            struct pp_profile *whole = folded_at_random(round), *a = folded_at_random(round);
            struct pp_profile *b = folded_at_random(round + 1);
            CHECK(pp_merge(whole, b, &why) && apply(&whole, rules[r]));
            CHECK(apply(&a, rules[r]) && apply(&b, rules[r]) && pp_merge(a, b, &why));
            HOLDS(same_text(text_of(whole, "folded"), text_of(a, "folded")), round, rules[r]);
            pp_profile_free(whole);
            pp_profile_free(a);
            pp_profile_free(b);
        }
}

/* Pieces can be as small as a line: there are more threads than lines. */
static void test_any_number_of_threads_reads_the_same(void)
{
    for (uint64_t round = 0; round < ROUNDS; round++) {
        char *text = made_up_stacks(round);
        struct pp_profile *one = profile_of("folded", pp_str(text), 1);
        for (unsigned jobs = 2; jobs < 9; jobs += 3) {
            struct pp_profile *many = profile_of("folded", pp_str(text), jobs);
            HOLDS(same_profile(one, many), round, "read in pieces");
            pp_profile_free(many);
        }
        pp_profile_free(one);
        free(text);
    }
}

CHECK_MAIN(test_rules_that_drop_no_sample_conserve_every_total,
           test_focus_and_ignore_add_up_to_the_whole, test_most_rules_do_nothing_the_second_time,
           test_some_rules_commute, test_compared_with_itself_nothing_has_changed,
           test_before_and_after_keep_what_they_were, test_pprof_holds_everything,
           test_folded_stacks_hold_names_and_one_column,
           test_the_way_through_pprof_changes_no_stack, test_a_picture_holds_its_stacks,
           test_rules_distribute_over_merging, test_any_number_of_threads_reads_the_same)
