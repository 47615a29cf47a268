#include "transform/only_labelled.h"

#include <stdlib.h>

#include "base/memory.h"

static bool has_value(const struct pp_profile *p, const struct pp_label *l, struct pp_span value)
{
    int64_t number;
    if (l->text)
        return pp_same(pp_text(p, l->text), value);
    return pp_parse_i64(value, &number) && number == l->number;
}

bool *pp_labelled(const struct pp_profile *p, const struct pp_label_is *label)
{
    pp_id key = pp_string_find(p, label->key);
    bool *sets = pp_calloc(p->labels.count, sizeof *sets);
    bool *samples = pp_calloc(p->samples.count, sizeof *samples);
    for (size_t i = 1; i < p->labels.count && key; i++) {
        const struct pp_label *l = pp_label(p, (pp_id)i);
        sets[i] = sets[l->next] || (l->key == key && has_value(p, l, label->value));
    }
    for (size_t s = 0; s < p->samples.count; s++)
        samples[s] = sets[pp_sample(p, (pp_id)s)->labels];
    free(sets);
    return samples;
}

size_t pp_label_values(const struct pp_profile *p, struct pp_span key, unsigned column)
{
    struct value {
        int64_t number;
        pp_id text, unit;
        uint64_t one; /* row 0 of a table is all zeros, as the number 0 would be */
    };
    struct pp_table values;
    pp_id id = pp_string_find(p, key);
    size_t found = 0;
    pp_table_init(&values, sizeof(struct value));
    for (size_t s = 0; s < p->samples.count && id; s++) {
        if (!p->columns[column].values[s])
            continue;
        for (pp_id set = pp_sample(p, (pp_id)s)->labels; set; set = pp_label(p, set)->next) {
            const struct pp_label *l = pp_label(p, set);
            if (l->key != id)
                continue;
            const struct value v = {l->text ? 0 : l->number, l->text, l->unit, 1};
            size_t known = values.count;
            found += pp_intern(&values, &v) >= known;
        }
    }
    pp_table_release(&values);
    return found;
}
