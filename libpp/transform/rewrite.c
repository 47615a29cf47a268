/* rewrite: sed's s command on names, files, modules and values of labels. */
#include <stdlib.h>

#include "base/memory.h"
#include "model/merge.h"
#include "transform/naming.h"
#include "transform/rule.h"

/* What became of each string, by id; UNKNOWN where nobody asked. */
struct rewriting {
    const struct pp_rule *rule;
    struct pp_change *change;
    pp_id *to;
    bool failed;
};

enum { UNKNOWN = -1 };

static struct rewriting begin(const struct pp_rule *r, struct pp_change *c)
{
    struct rewriting w = {r, c, NULL, false};
    w.to = pp_calloc(c->p->strings.count, sizeof *w.to);
    for (size_t s = 0; s < c->p->strings.count; s++)
        w.to[s] = (pp_id)UNKNOWN;
    return w;
}

static pp_id rewritten(struct rewriting *w, pp_id string)
{
    if (w->to[string] != (pp_id)UNKNOWN || w->failed)
        return w->failed ? string : w->to[string];
    struct pp_span text;
    struct pp_profile *p = w->change->p;
    enum pp_matched m = pp_regex_replace(w->rule->regexes[0], pp_text(p, string), w->rule->text,
                                         w->rule->all, &text, w->change->diag);
    w->failed = m == PP_REGEX_FAILED;
    w->to[string] = m == PP_MATCH ? pp_string(p, text) : string;
    return w->to[string];
}

/* --- functions and files ------------------------------------------------- */

/*
 * The frame with the new name, or file. The name that the linker knows goes with the old name:
 * it would keep apart what was given one name, and tell what was perhaps to be hidden.
 */
static pp_id rewrite_frame(struct rewriting *w, pp_id frame, pp_id name)
{
    struct pp_profile *p = w->change->p;
    struct pp_frame f = *pp_frame(p, frame);
    struct pp_function function = *pp_function(p, f.function);
    bool is_file = w->rule->fields == PP_LOOK_FILE;
    pp_id old = is_file ? function.file : name;
    pp_id new = rewritten(w, old);
    if (new == old || (is_file && !f.function))
        return frame;
    w->change->matched++;
    if (is_file) {
        function.file = new;
    } else {
        function.name = new;
        function.system_name = 0;
    }
    f.function = pp_intern(&p->functions, &function);
    return pp_frame_left(p, &f);
}

static bool rewrite_frames(const struct pp_rule *r, struct pp_change *c)
{
    size_t count = c->p->frames.count;
    pp_id *names = pp_calloc(count, sizeof *names);
    pp_id *frames = pp_calloc(count, sizeof *frames);
    for (size_t f = 0; f < count; f++)
        names[f] = pp_display_name(c->p, (pp_id)f); /* may add strings */
    struct rewriting w = begin(r, c);
    for (size_t f = 0; f < count && !w.failed; f++)
        frames[f] = rewrite_frame(&w, (pp_id)f, names[f]);
    free(w.to);
    free(names);
    if (w.failed)
        free(frames);
    else
        pp_change_frames(c, frames);
    return !w.failed;
}

/* --- modules ------------------------------------------------------------- */

static bool rewrite_modules(const struct pp_rule *r, struct pp_change *c)
{
    size_t count = c->p->mappings.count;
    pp_id *files = pp_calloc(count, sizeof *files);
    struct rewriting w = begin(r, c);
    for (size_t m = 1; m < count && !w.failed; m++)
        files[m] = rewritten(&w, pp_mapping(c->p, (pp_id)m)->file);
    for (size_t f = 1; f < c->p->frames.count && !w.failed; f++) {
        pp_id mapping = pp_frame(c->p, (pp_id)f)->mapping;
        c->matched += files[mapping] != pp_mapping(c->p, mapping)->file;
    }
    free(w.to);
    if (w.failed)
        free(files);
    else
        pp_change_mappings(c, files, false);
    return !w.failed;
}

/* --- labels -------------------------------------------------------------- */

/* The set with the label rewritten; a text that became empty is a label no more. */
static pp_id rewrite_label(struct rewriting *w, struct pp_label label, pp_id next)
{
    struct pp_profile *p = w->change->p;
    label.next = next;
    if (label.text && pp_same(pp_text(p, label.key), w->rule->keys[0])) {
        pp_id old = label.text;
        label.text = rewritten(w, old);
        w->change->matched += label.text != old;
        if (!label.text)
            return next;
    }
    return pp_intern(&p->labels, &label);
}

static bool rewrite_labels(const struct pp_rule *r, struct pp_change *c)
{
    size_t count = c->p->labels.count;
    pp_id *sets = pp_calloc(count, sizeof *sets);
    struct rewriting w = begin(r, c);
    for (size_t l = 1; l < count && !w.failed; l++) {
        struct pp_label label = *pp_label(c->p, (pp_id)l);
        sets[l] = rewrite_label(&w, label, sets[label.next]);
    }
    if (!w.failed) {
        pp_move_labels(c->p, sets);
        c->changed = true;
    }
    free(w.to);
    free(sets);
    return !w.failed;
}

bool pp_apply_rewrite(const struct pp_rule *r, struct pp_change *c)
{
    if (r->fields == PP_LOOK_LABEL)
        return rewrite_labels(r, c);
    if (r->fields == PP_LOOK_MODULE)
        return rewrite_modules(r, c);
    return rewrite_frames(r, c);
}
