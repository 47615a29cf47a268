/*
 * Any bytes at all, up to a NUL, as a condition of --fail-if, asked of a small comparison. Beside
 * not crashing:
 *
 *   - what is refused, or cannot be asked, says why;
 *   - no sample counts twice;
 *   - of what did not change, the condition says what it says of no change.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "load/load.h"
#include "transform/compare.h"
#include "transform/condition.h"

static struct pp_profile *folded(const char *text)
{
    struct pp_diag diag = {.emit = ignore};
    struct pp_load_options o = {.from = pp_format_named("folded"), .keep = ~0u};
    struct pp_profile *p = pp_load_bytes(pp_str(text), "small", &o, &diag);
    pp_diag_release(&diag);
    return p;
}

static struct pp_profile *comparison(void)
{
    const char *why;
    struct pp_profile *before = folded("main;parse(int);parse(int) 3\nmain;\xff\xfe;x_[j] 4\n 2\n");
    struct pp_profile *after = folded("main;parse(int) 5\nmain;\xe2\x82\xac 1\n");
    if (!pp_compare(before, after, &why))
        abort();
    pp_profile_free(after);
    return before;
}

static void ask(struct pp_condition *c, const struct pp_profile *p, struct pp_span text,
                struct pp_diag *diag)
{
    int64_t sums[2] = {0, 0};
    struct pp_span unit = pp_text(p, p->columns[0].unit);
    if (!pp_condition_fits(c, unit, diag) || !pp_condition_sums(c, p, sums, diag)) {
        demand(diag->errors, "what fails says why", text);
        return;
    }
    demand(sums[0] >= 0 && sums[0] <= 9 && sums[1] >= 0 && sums[1] <= 6, "no sample twice", text);
    struct pp_delta more = {(double)sums[0], (double)sums[1], 0};
    struct pp_delta same = {(double)sums[0], (double)sums[0], 0};
    bool now = pp_condition_holds(c, &more, unit), then = pp_condition_holds(c, &same, unit);
    demand(now == then || sums[0] != sums[1], "an unchanged value is reported as unchanged", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = calloc(size + 1, 1);
    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    struct pp_diag diag = {.emit = ignore};
    struct pp_condition *c = pp_condition_new(text, &diag);
    demand(!c == !!diag.errors, "what is refused says why", pp_str(text));
    if (c) {
        struct pp_profile *p = comparison();
        ask(c, p, pp_str(text), &diag);
        pp_profile_free(p);
    }
    pp_condition_free(c);
    pp_diag_release(&diag);
    free(text);
    return 0;
}
