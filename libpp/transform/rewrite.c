/* rewrite: sed's s command on names, files, modules and values of labels. */
#include <stdlib.h>

#include "base/memory.h"
#include "model/merge.h"
#include "transform/naming.h"
#include "transform/rule_private.h"

/* The new string for each string, by id; UNKNOWN until it is needed. */
struct rewriting {
    const struct pp_rule *rule;
    struct pp_rule_run *run;
    pp_id *to;
    bool failed;
};

enum { UNKNOWN = -1 };

static struct rewriting begin(const struct pp_rule *r, struct pp_rule_run *run)
{
    struct rewriting w = {r, run, NULL, false};
    w.to = pp_calloc(run->p->strings.count, sizeof *w.to);
    for (size_t s = 0; s < run->p->strings.count; s++)
        w.to[s] = (pp_id)UNKNOWN;
    return w;
}

static pp_id rewritten(struct rewriting *w, pp_id string)
{
    if (w->to[string] != (pp_id)UNKNOWN || w->failed)
        return w->failed ? string : w->to[string];
    struct pp_span text;
    struct pp_profile *p = w->run->p;
    enum pp_matched m = pp_regex_replace(w->rule->regexes[0], pp_text(p, string), w->rule->text,
                                         w->rule->all, &text, w->run->diag);
    w->failed = m == PP_REGEX_FAILED;
    w->to[string] = m == PP_MATCH ? pp_string(p, text) : string;
    return w->to[string];
}

/* --- functions and files ------------------------------------------------- */

/*
 * The frame with the new name or file. The linker's name is dropped with the old name: it would
 * distinguish functions that now have one name, and might reveal what was to be hidden.
 */
static pp_id rewrite_frame(struct rewriting *w, pp_id frame, pp_id name)
{
    struct pp_profile *p = w->run->p;
    struct pp_frame f = *pp_frame(p, frame);
    struct pp_function function = *pp_function(p, f.function);
    bool is_file = w->rule->fields == PP_LOOK_FILE;
    pp_id old = is_file ? function.file : name;
    pp_id new = rewritten(w, old);
    if (new == old || (is_file && !f.function))
        return frame;
    w->run->matched++;
    if (is_file) {
        function.file = new;
    } else {
        function.name = new;
        function.system_name = 0;
    }
    f.function = pp_intern(&p->functions, &function);
    return pp_frame_left(p, &f);
}

static bool rewrite_frames(const struct pp_rule *r, struct pp_rule_run *run)
{
    size_t count = run->p->frames.count;
    pp_id *names = pp_calloc(count, sizeof *names);
    pp_id *frames = pp_calloc(count, sizeof *frames);
    for (size_t f = 0; f < count; f++)
        names[f] = pp_display_name(run->p, (pp_id)f); /* may add strings */
    struct rewriting w = begin(r, run);
    for (size_t f = 0; f < count && !w.failed; f++)
        frames[f] = rewrite_frame(&w, (pp_id)f, names[f]);
    free(w.to);
    free(names);
    if (w.failed)
        free(frames);
    else
        pp_change_frames(run, frames);
    return !w.failed;
}

/* --- modules ------------------------------------------------------------- */

static bool rewrite_modules(const struct pp_rule *r, struct pp_rule_run *run)
{
    size_t count = run->p->mappings.count;
    pp_id *files = pp_calloc(count, sizeof *files);
    struct rewriting w = begin(r, run);
    for (size_t m = 1; m < count && !w.failed; m++)
        files[m] = rewritten(&w, pp_mapping(run->p, (pp_id)m)->file);
    for (size_t f = 1; f < run->p->frames.count && !w.failed; f++) {
        pp_id mapping = pp_frame(run->p, (pp_id)f)->mapping;
        run->matched += files[mapping] != pp_mapping(run->p, mapping)->file;
    }
    free(w.to);
    if (w.failed)
        free(files);
    else
        pp_change_mappings(run, files, false);
    return !w.failed;
}

/* --- labels -------------------------------------------------------------- */

/* The set with the label rewritten; a label with an empty text is removed. */
static pp_id rewrite_label(struct rewriting *w, struct pp_label label, pp_id next)
{
    struct pp_profile *p = w->run->p;
    label.next = next;
    if (label.text && pp_same(pp_text(p, label.key), w->rule->keys[0])) {
        pp_id old = label.text;
        label.text = rewritten(w, old);
        w->run->matched += label.text != old;
        if (!label.text)
            return next;
    }
    return pp_intern(&p->labels, &label);
}

static bool rewrite_labels(const struct pp_rule *r, struct pp_rule_run *run)
{
    size_t count = run->p->labels.count;
    pp_id *sets = pp_calloc(count, sizeof *sets);
    struct rewriting w = begin(r, run);
    for (size_t l = 1; l < count && !w.failed; l++) {
        struct pp_label label = *pp_label(run->p, (pp_id)l);
        sets[l] = rewrite_label(&w, label, sets[label.next]);
    }
    if (!w.failed) {
        pp_move_labels(run->p, sets);
        run->changed = true;
    }
    free(w.to);
    free(sets);
    return !w.failed;
}

bool pp_apply_rewrite(const struct pp_rule *r, struct pp_rule_run *run)
{
    if (r->fields == PP_LOOK_LABEL)
        return rewrite_labels(r, run);
    if (r->fields == PP_LOOK_MODULE)
        return rewrite_modules(r, run);
    return rewrite_frames(r, run);
}
