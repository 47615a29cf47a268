#include "report/labels.h"

#include "base/memory.h"

static struct pp_span known_unit(struct pp_span key)
{
    return pp_is(key, "request") || pp_is(key, "alignment") ? pp_str("bytes") : key;
}

struct pp_span *pp_label_units(const struct pp_profile *p)
{
    struct pp_span *units = pp_calloc(p->strings.count, sizeof *units);
    for (size_t s = 0; s < p->samples.count; s++)
        for (pp_id l = pp_sample(p, (pp_id)s)->labels; l; l = pp_label(p, l)->next) {
            const struct pp_label *label = pp_label(p, l);
            if (!label->text && label->unit && !units[label->key].p)
                units[label->key] = pp_text(p, label->unit);
        }
    for (size_t l = 1; l < p->labels.count; l++) {
        pp_id key = pp_label(p, (pp_id)l)->key;
        if (!units[key].p)
            units[key] = known_unit(pp_text(p, key));
    }
    return units;
}
