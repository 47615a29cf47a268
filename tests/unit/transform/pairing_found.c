/*
 * How often functions are paired that should be, and that should not: simulated with made-up
 * programs, each recorded twice, changed the second time. PP_POWER=1 prints the numbers;
 * those in docs/comparing.md were made with PP_SIMULATIONS=10000.
 */
#include "base/out.h"
#include "transform/compare.h"
#include "transform/pairing.h"
#include "unit/profiles.h"
#include "unit/simulate.h"

enum { FUNCTIONS = 60, STACKS = 200, DEEPEST = 12, SAMPLES = 20000, CALLS = 3 };

static struct pp_chance chance = {22};

/* A call graph without cycles, and stacks in it: numbers of functions, the root first. */
struct program {
    int calls[FUNCTIONS][CALLS];
    int stacks[STACKS][DEEPEST];
    int depth[STACKS];
    double weights[STACKS]; /* expected samples */
};

/* What the change does to function `changed`. */
enum change { NOTHING, RENAMED, INLINED, SPLIT, REMOVED, REPLACED, CHANGES };

static int below(int n)
{
    return (int)(pp_chance_next(&chance) % (uint64_t)n);
}

/* Functions call some of the next few, so that most are reached in several ways. */
static void make_up(struct program *p)
{
    double sum = 0;
    for (int f = 0; f < FUNCTIONS; f++)
        for (int c = 0; c < CALLS; c++)
            p->calls[f][c] = f + 1 + below(9);
    for (int s = 0; s < STACKS; s++) {
        int f = 0, depth = 0;
        do {
            p->stacks[s][depth++] = f;
            f = p->calls[f][below(CALLS)];
        } while (f < FUNCTIONS && depth < DEEPEST && (depth < 2 || below(6)));
        p->depth[s] = depth;
        sum += p->weights[s] = exp(1.5 * normal(&chance));
    }
    for (int s = 0; s < STACKS; s++)
        p->weights[s] *= SAMPLES / sum;
}

/* By what it calls next, a part of a function is "a" or "b"; what it takes itself is in "a". */
static const char *part_of(const struct program *p, int stack, int depth)
{
    return depth + 1 < p->depth[stack] && p->stacks[stack][depth + 1] % 2 ? "b" : "a";
}

/* The samples of a function, and those of its part "a". */
static double total_of(const struct program *p, int function, double *first)
{
    double sum = 0;
    *first = 0;
    for (int s = 0; s < STACKS; s++)
        for (int d = 0; d < p->depth[s]; d++) {
            if (p->stacks[s][d] != function)
                continue;
            sum += p->weights[s];
            *first += *part_of(p, s, d) == 'a' ? p->weights[s] : 0;
        }
    return sum;
}

/* One that has enough samples to be found, and whose parts are a fifth of it at least. */
static int choose(const struct program *p)
{
    for (int tries = 0; tries < 10000; tries++) {
        int f = 1 + below(FUNCTIONS - 1);
        double first, all = total_of(p, f, &first);
        if (all >= 100 && first >= 0.2 * all && first <= 0.8 * all)
            return f;
    }
    return 1;
}

/* One frame of a stack; nothing for what is inlined. */
static void put_frame(struct pp_out *out, const struct program *p, int stack, int depth,
                      int changed, enum change change)
{
    int f = p->stacks[stack][depth];
    if (f != changed || change == NOTHING)
        pp_putf(out, "%sf%d", depth ? ";" : "", f);
    else if (change == RENAMED)
        pp_puts(out, ";new");
    else if (change == SPLIT)
        pp_putf(out, ";%s", part_of(p, stack, depth));
}

static bool has(const struct program *p, int stack, int function)
{
    for (int d = 0; d < p->depth[stack]; d++)
        if (p->stacks[stack][d] == function)
            return true;
    return false;
}

/* A recording, as folded stacks. */
static char *record(const struct program *p, int changed, enum change change)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    for (int s = 0; s < STACKS; s++) {
        double samples = poisson(&chance, p->weights[s]);
        if (samples <= 0 || (change >= REMOVED && has(p, s, changed)))
            continue;
        for (int d = 0; d < p->depth[s]; d++)
            put_frame(&out, p, s, d, changed, change);
        pp_putf(&out, " %.0f\n", samples);
    }
    if (change == REPLACED) { /* another function elsewhere, of any size, that does other things */
        int caller = below(FUNCTIONS / 2), callee = below(FUNCTIONS);
        pp_putf(&out, "f0;f%d;other %.0f\n", caller, poisson(&chance, 200 * exp(normal(&chance))));
        pp_putf(&out, "f0;f%d;other;f%d %.0f\n", caller, callee,
                poisson(&chance, 200 * exp(normal(&chance))));
    }
    pp_putc(&out, '\0');
    return out.buf;
}

/* The names of functions in the comparison of two recordings, as folded stacks. */
static char *names_after(const char *before, const char *after, size_t *pairs)
{
    const char *why;
    struct pp_profile *b = folded(before), *a = folded(after);
    const double units[] = {pp_keep_sampled(b, 0, false).unit, pp_keep_sampled(a, 0, false).unit};
    CHECK(pp_compare(b, a, &why));
    *pairs = pp_pair_functions(b, 0, (unsigned)pp_column_other(b, 0), units);
    pp_keep_column(b, 0);
    char *text = written(b, "folded");
    pp_profile_free(b);
    pp_profile_free(a);
    return text;
}

/* Whether the change is shown as what it is: the name of the function is part of the right one. */
static bool is_right(const char *text, int changed, enum change change)
{
    char name[64];
    if (change == INLINED) {
        snprintf(name, sizeof name, ", f%d -> f", changed);
        return strstr(text, name);
    }
    snprintf(name, sizeof name, "f%d -> %s", changed, change == RENAMED ? "new" : "a, b");
    if (strstr(text, name))
        return true;
    snprintf(name, sizeof name, "f%d -> b, a", changed);
    return change == SPLIT && strstr(text, name);
}

/* Whether a split is shown as a rename to its larger part, which it is nearly. */
static bool is_nearly(const char *text, int changed, enum change change)
{
    char name[64];
    snprintf(name, sizeof name, "f%d -> ", changed);
    return change == SPLIT && strstr(text, name);
}

struct rates {
    size_t right, wrong; /* comparisons: as it should be, and with any other pair */
};

static struct rates compare(enum change change)
{
    static struct program p;
    struct rates rates = {0};
    for (size_t i = 0; i < simulations(); i++) {
        size_t pairs;
        make_up(&p);
        int changed = choose(&p);
        char *before = record(&p, changed, NOTHING), *after = record(&p, changed, change);
        char *text = names_after(before, after, &pairs);
        bool right = change != NOTHING && change < REMOVED && is_right(text, changed, change);
        rates.right += right;
        rates.wrong += pairs > right && !is_nearly(text, changed, change);
        free(before);
        free(after);
        free(text);
    }
    return rates;
}

/* At least so many must be right, of 1, and at most so many wrong, but for what chance makes. */
static void check(const char *name, enum change change, double least, double most)
{
    struct rates r = compare(change);
    double n = (double)simulations();
    if (getenv("PP_POWER"))
        printf("%s: right %.1f %%, wrong %.1f %%\n", name, 100 * (double)r.right / n,
               100 * (double)r.wrong / n);
    CHECK((double)r.right >= least * n - 3.3 * sqrt(n * least * (1 - least)));
    CHECK(is_rate(r.wrong, simulations(), most, 0));
}

static void test_equal_programs_have_no_pairs(void)
{
    check("nothing", NOTHING, 0, 0.01);
}

static void test_what_is_removed_or_replaced_has_few(void)
{
    check("removed", REMOVED, 0, 0.01);
    check("replaced", REPLACED, 0, 0.05);
}

static void test_what_moved_is_found(void)
{
    check("renamed", RENAMED, 0.9, 0.01);
    check("inlined", INLINED, 0.9, 0.01);
    check("split", SPLIT, 0.5, 0.02);
}

CHECK_MAIN(test_equal_programs_have_no_pairs, test_what_is_removed_or_replaced_has_few,
           test_what_moved_is_found)
