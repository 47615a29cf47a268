/* tag-root and tag-leaf: labels as frames. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/out.h"
#include "model/merge.h"
#include "transform/graft.h"
#include "transform/rule_private.h"
#include "transform/units.h"

#define UNSEEN UINT32_MAX

/*
 * "worker", "512B": a number gets the symbol of its unit, exact and not scaled, unless the unit
 * only says that something is counted.
 */
static void put_value(struct pp_out *out, const struct pp_profile *p, const struct pp_label *label)
{
    static const char *const counts[] = {"", "count", "counts", "sample", "samples", "unit"};
    if (label->text) {
        pp_put(out, pp_text(p, label->text));
        return;
    }
    struct pp_span unit = pp_text(p, label->unit);
    pp_put_i64(out, label->number);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (pp_is(unit, counts[i]))
            return;
    const char *symbol = pp_unit(unit).symbol;
    pp_put(out, symbol ? pp_str(symbol) : unit);
}

/* The frame for a key: its values joined by commas, or without a name if there are none. */
static pp_id frame_of(struct pp_profile *p, pp_id set, struct pp_span key, struct pp_out *name)
{
    name->len = 0;
    for (; set; set = pp_label(p, set)->next) {
        const struct pp_label *label = pp_label(p, set);
        if (!pp_same(pp_text(p, label->key), key))
            continue;
        if (name->len)
            pp_puts(name, ",");
        put_value(name, p, label);
    }
    struct pp_function function = {
        .name = pp_string(p, pp_out_bytes(name)),
        .file = pp_string(p, key),
    };
    return pp_intern(&p->frames,
                     &(struct pp_frame){.function = pp_intern(&p->functions, &function)});
}

static bool has_any(const struct pp_rule *r, const struct pp_profile *p, pp_id set)
{
    for (; set; set = pp_label(p, set)->next)
        for (size_t k = 0; k < r->nkeys; k++)
            if (pp_same(pp_text(p, pp_label(p, set)->key), r->keys[k]))
                return true;
    return false;
}

/* The stack of the frames for all keys, the first at the root. Empty if the set has none of them.
 */
static pp_id put_frames(struct pp_rule_run *run, const struct pp_rule *r, pp_id set,
                        struct pp_out *name)
{
    if (!has_any(r, run->p, set))
        return 0;
    run->matched++;
    pp_id node = 0;
    for (size_t k = 0; k < r->nkeys; k++)
        node = pp_child(run->p, node, frame_of(run->p, set, r->keys[k], name));
    return node;
}

/* The frames of each set of labels are a stack, which is put below or on top of the other one. */
static bool put_tags(const struct pp_rule *r, struct pp_rule_run *run, bool at_root)
{
    struct pp_profile *p = run->p;
    struct pp_out name;
    struct pp_graft graft;
    pp_out_memory(&name, NULL);
    pp_graft_init(&graft);
    size_t sets = p->labels.count;
    pp_id *tags = pp_calloc(sets, sizeof *tags); /* the stack for a set of labels, or UNSEEN */
    memset(tags, 0xff, sets * sizeof *tags);
    struct pp_sample *to = pp_calloc(p->samples.count, sizeof *to);
    for (size_t s = pp_sample_exists(p, 0) ? 0 : 1; s < p->samples.count; s++) {
        to[s] = *pp_sample(p, (pp_id)s);
        pp_id *tag = &tags[to[s].labels];
        if (*tag == UNSEEN)
            *tag = put_frames(run, r, to[s].labels, &name);
        to[s].node =
            at_root ? pp_graft(&graft, p, *tag, to[s].node) : pp_graft(&graft, p, to[s].node, *tag);
    }
    pp_move_each(p, to);
    run->changed = true;
    free(to);
    free(tags);
    pp_graft_release(&graft);
    pp_out_release(&name);
    return true;
}

bool pp_apply_tag_root(const struct pp_rule *r, struct pp_rule_run *run)
{
    return put_tags(r, run, true);
}

bool pp_apply_tag_leaf(const struct pp_rule *r, struct pp_rule_run *run)
{
    return put_tags(r, run, false);
}
