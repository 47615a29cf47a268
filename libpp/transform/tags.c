/* Rules that keep or drop samples, or their labels, by label. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/out.h"
#include "base/wide.h"
#include "model/merge.h"
#include "transform/rule_private.h"
#include "transform/units.h"

/* --- which labels match -------------------------------------------------- */

/* An end of the range without a unit has that of the label. */
static bool in_range(const struct pp_range *range, int64_t number, struct pp_span unit)
{
    int64_t factor = pp_unit(unit).factor;
    struct pp_span low = pp_empty(range->low_unit) ? unit : range->low_unit;
    struct pp_span high = pp_empty(range->high_unit) ? unit : range->high_unit;
    if (range->has_low &&
        (!pp_units_compare(low, unit) ||
         pp_compare_products(number, factor, range->low, pp_unit(low).factor) < 0))
        return false;
    return !range->has_high ||
           (pp_units_compare(high, unit) &&
            pp_compare_products(number, factor, range->high, pp_unit(high).factor) <= 0);
}

/* A text that is a number, such as the name of a thread, counts as one. */
static bool label_in_range(const struct pp_rule *r, const struct pp_profile *p,
                           const struct pp_label *label)
{
    int64_t number = label->number;
    if (label->text && !pp_parse_i64(pp_text(p, label->text), &number))
        return false;
    struct pp_span unit = pp_text(p, label->unit);
    return in_range(&r->range, number,
                    pp_empty(unit) ? pp_unit_of_key(pp_text(p, label->key)) : unit);
}

static bool has_key(const struct pp_rule *r, const struct pp_profile *p,
                    const struct pp_label *label)
{
    return !r->nkeys || pp_same(pp_text(p, label->key), r->keys[0]);
}

/* For each label whether it, or a later one in its chain, is in the range. */
static bool *sets_in_range(const struct pp_rule *r, const struct pp_profile *p)
{
    bool *match = pp_calloc(p->labels.count, sizeof *match);
    for (size_t l = 1; l < p->labels.count; l++) {
        const struct pp_label *label = pp_label(p, (pp_id)l);
        match[l] = match[label->next] || (has_key(r, p, label) && label_in_range(r, p, label));
    }
    return match;
}

/* A cache of a pattern's results, by key and text. */
struct asked {
    struct pp_table pairs;
    enum pp_matched *answers;
    size_t cap;
    struct pp_out text;
};

/* With a key, the pattern is matched with the text, otherwise with "key:text". */
static enum pp_matched ask(struct asked *a, const struct pp_rule *r, struct pp_regex *x,
                           const struct pp_label *label, struct pp_rule_run *run)
{
    size_t known = a->pairs.count;
    pp_id pair = pp_intern(&a->pairs, (const pp_id[]){label->key, label->text});
    if (pair < known)
        return a->answers[pair];
    a->text.len = 0;
    if (!r->nkeys) {
        pp_put(&a->text, pp_text(run->p, label->key));
        pp_puts(&a->text, ":");
    }
    pp_put(&a->text, pp_text(run->p, label->text));
    PP_GROW(a->answers, a->pairs.count, a->cap);
    return a->answers[pair] = pp_regex_match(x, pp_out_bytes(&a->text), run->diag);
}

/* As sets_in_range(), for one pattern. NULL if it gave up. */
static bool *sets_with(const struct pp_rule *r, struct pp_regex *x, struct pp_rule_run *run)
{
    bool *match = pp_calloc(run->p->labels.count, sizeof *match);
    struct asked asked = {0};
    pp_table_init(&asked.pairs, 2 * sizeof(pp_id));
    pp_out_memory(&asked.text, NULL);
    enum pp_matched m = PP_NO_MATCH;
    for (size_t l = 1; l < run->p->labels.count && m != PP_REGEX_FAILED; l++) {
        const struct pp_label *label = pp_label(run->p, (pp_id)l);
        m = label->text && has_key(r, run->p, label) ? ask(&asked, r, x, label, run) : PP_NO_MATCH;
        match[l] = match[label->next] || m == PP_MATCH;
    }
    pp_table_release(&asked.pairs);
    pp_out_release(&asked.text);
    free(asked.answers);
    if (m != PP_REGEX_FAILED)
        return match;
    free(match);
    return NULL;
}

/* Of several patterns, any must match if a key is given, and all if not. */
static bool *sets_that_match(const struct pp_rule *r, struct pp_rule_run *run)
{
    if (r->is_range)
        return sets_in_range(r, run->p);
    bool *match = sets_with(r, r->regexes[0], run);
    for (size_t i = 1; match && i < r->nregexes; i++) {
        bool *more = sets_with(r, r->regexes[i], run);
        for (size_t l = 0; more && l < run->p->labels.count; l++)
            match[l] = r->nkeys ? match[l] || more[l] : match[l] && more[l];
        if (!more) {
            free(match);
            match = NULL;
        }
        free(more);
    }
    return match;
}

/* --- samples by label ---------------------------------------------------- */

/* Counts the sets that samples have; the table also has the ends of longer chains. */
static void count_sets(struct pp_rule_run *run, const bool *match)
{
    bool *used = pp_calloc(run->p->labels.count, sizeof *used);
    for (size_t s = 0; s < run->p->samples.count; s++)
        used[pp_sample(run->p, (pp_id)s)->labels] = true;
    for (size_t l = 1; l < run->p->labels.count; l++)
        run->matched += used[l] && match[l];
    free(used);
}

static bool keep_samples(const struct pp_rule *r, struct pp_rule_run *run, bool with)
{
    bool *sets = sets_that_match(r, run);
    if (!sets)
        return false;
    count_sets(run, sets);
    for (size_t l = 0; l < run->p->labels.count; l++)
        sets[l] = sets[l] != with;
    pp_change_samples(run, sets);
    return true;
}

bool pp_apply_tag_focus(const struct pp_rule *r, struct pp_rule_run *run)
{
    return keep_samples(r, run, true);
}

bool pp_apply_tag_ignore(const struct pp_rule *r, struct pp_rule_run *run)
{
    return keep_samples(r, run, false);
}

/* --- labels by key ------------------------------------------------------- */

/* For each string whether it is a key of a label and matches. NULL if the pattern gave up. */
static bool *keys_that_match(const struct pp_rule *r, struct pp_rule_run *run)
{
    const struct pp_profile *p = run->p;
    bool *match = pp_calloc(p->strings.count, sizeof *match);
    bool *known = pp_calloc(p->strings.count, sizeof *known);
    enum pp_matched m = PP_NO_MATCH;
    for (size_t l = 1; l < p->labels.count && m != PP_REGEX_FAILED; l++) {
        pp_id key = pp_label(p, (pp_id)l)->key;
        if (known[key])
            continue;
        m = pp_regex_match(r->regexes[0], pp_text(p, key), run->diag);
        match[key] = m == PP_MATCH;
        known[key] = true;
    }
    free(known);
    if (m != PP_REGEX_FAILED)
        return match;
    free(match);
    return NULL;
}

/* Removes the labels whose keys match, or the others. */
static bool remove_labels(const struct pp_rule *r, struct pp_rule_run *run, bool matching)
{
    bool *keys = keys_that_match(r, run);
    if (!keys)
        return false;
    size_t count = run->p->labels.count;
    pp_id *sets = pp_calloc(count, sizeof *sets);
    bool *touched = pp_calloc(count, sizeof *touched);
    for (size_t l = 1; l < count; l++)
        touched[l] =
            touched[pp_label(run->p, (pp_id)l)->next] || keys[pp_label(run->p, (pp_id)l)->key];
    count_sets(run, touched);
    for (size_t l = 1; l < count; l++) {
        struct pp_label label = *pp_label(run->p, (pp_id)l);
        label.next = sets[label.next];
        sets[l] = keys[label.key] == matching ? label.next : pp_intern(&run->p->labels, &label);
    }
    pp_move_labels(run->p, sets);
    run->changed = true;
    free(sets);
    free(touched);
    free(keys);
    return true;
}

bool pp_apply_tag_show(const struct pp_rule *r, struct pp_rule_run *run)
{
    return remove_labels(r, run, false);
}

bool pp_apply_tag_hide(const struct pp_rule *r, struct pp_rule_run *run)
{
    return remove_labels(r, run, true);
}
