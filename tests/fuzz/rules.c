/*
 * Any bytes at all as a file of rules, applied to a small profile with a bit of everything. Beside
 * not crashing: what is refused says why, and no rule makes more of a column than there was.
 */
#include "transform/rules.h"
#include "fuzz.h"
#include "load/load.h"

static struct pp_profile *small_profile(void)
{
    static const char text[] = "main;parse(int);std::vector<int>::push_back;malloc_[k] 3\n"
                               "main;parse(int);parse(int);a b 2.5\n"
                               "main;\xff\xfe;\xe2\x82\xac;x_[j];y_[i] 4\n"
                               ";; 1\n"
                               "main 5\n";
    struct pp_diag diag = {.emit = ignore};
    struct pp_load_options o = {.from = pp_format_named("folded"), .keep = ~0u};
    struct pp_profile *p = pp_load_bytes(pp_str(text), "small", &o, &diag);
    pp_diag_release(&diag);
    for (pp_id s = 1; s < p->samples.count; s++) {
        struct pp_sample sample = *pp_sample(p, s);
        struct pp_label label = {.key = pp_cstring(p, "thread"), .text = pp_cstring(p, "worker-1")};
        sample.labels = pp_intern(&p->labels, &label);
        pp_add(p, pp_sample_id(p, &sample), 0, s);
    }
    return p;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pp_span text = {(const char *)data, (const char *)data + size};
    struct pp_diag diag = {.emit = ignore};
    struct pp_rules *rules = pp_rules_new();
    struct pp_profile *p = small_profile();
    int64_t before = p->columns[0].weight;
    bool ok =
        pp_rules_parse(rules, text, "rules", &diag) && pp_rules_apply(rules, &p, 0, &diag, &diag);
    demand(ok == !diag.errors, "what fails says why", text);
    demand(p->columns[0].weight <= before, "rules add nothing", text);
    pp_profile_free(p);
    pp_rules_free(rules);
    pp_diag_release(&diag);
    return 0;
}
