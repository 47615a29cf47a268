/* The profile's own drop_frames and keep_frames. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/out.h"
#include "model/merge.h"
#include "transform/rule.h"
#include "transform/rules.h"

/* The pattern, to match whole names with; NULL after reporting. */
static struct pp_regex *whole(const struct pp_profile *p, pp_id pattern, struct pp_diag *diag)
{
    struct pp_out text;
    pp_out_memory(&text, NULL);
    pp_puts(&text, "\\A(?:");
    pp_put(&text, pp_text(p, pattern));
    pp_puts(&text, ")\\z");
    struct pp_regex *x = pp_regex_new(pp_out_bytes(&text), diag);
    pp_out_release(&text);
    return x;
}

/* Whether a function is to be dropped. `keep` may be NULL. */
static enum pp_matched is_dropped(struct pp_regex *drop, struct pp_regex *keep, struct pp_span name,
                                  struct pp_diag *diag)
{
    if (pp_empty(name))
        return PP_NO_MATCH;
    struct pp_span simple = pp_simple_name(name);
    enum pp_matched m = pp_regex_match(drop, simple, diag);
    if (m != PP_MATCH || !keep)
        return m;
    enum pp_matched kept = pp_regex_match(keep, simple, diag);
    return kept == PP_REGEX_FAILED ? kept : kept == PP_MATCH ? PP_NO_MATCH : PP_MATCH;
}

/* For each function whether it is to be dropped; NULL where a pattern gave up. */
static bool *dropped_functions(const struct pp_profile *p, struct pp_regex *drop,
                               struct pp_regex *keep, struct pp_diag *diag)
{
    bool *dropped = pp_calloc(p->functions.count, sizeof *dropped);
    for (size_t f = 1; f < p->functions.count; f++) {
        struct pp_span name = pp_text(p, pp_function(p, (pp_id)f)->name);
        enum pp_matched m = is_dropped(drop, keep, name, diag);
        if (m == PP_REGEX_FAILED) {
            free(dropped);
            return NULL;
        }
        dropped[f] = m == PP_MATCH;
    }
    return dropped;
}

/*
 * A stack ends before the first frame that is to go, but for those at the root: before the first
 * frame that stays nothing goes, so that a profile of the allocator itself isn't emptied.
 */
static void cut_stacks(struct pp_profile *p, const bool *dropped)
{
    size_t nodes = p->nodes.count;
    pp_id *image = pp_calloc(nodes, sizeof *image);
    bool *wanted = pp_calloc(nodes, sizeof *wanted); /* has a frame that stays */
    bool *cut = pp_calloc(nodes, sizeof *cut);
    for (size_t n = 1; n < nodes; n++) {
        const struct pp_node *node = pp_node(p, (pp_id)n);
        bool drop = dropped[pp_frame(p, node->frame)->function];
        wanted[n] = wanted[node->parent] || !drop;
        cut[n] = cut[node->parent] || (drop && wanted[node->parent]);
        image[n] = cut[n] ? image[node->parent] : (pp_id)n;
    }
    pp_move_samples(p, image);
    free(image);
    free(wanted);
    free(cut);
}

bool pp_drop_frames(struct pp_profile *p, struct pp_diag *diag)
{
    if (!p->about.drop_frames)
        return true;
    struct pp_regex *drop = whole(p, p->about.drop_frames, diag), *keep = NULL;
    bool *dropped = NULL;
    if (drop && p->about.keep_frames)
        keep = whole(p, p->about.keep_frames, diag);
    if (drop && (keep || !p->about.keep_frames))
        dropped = dropped_functions(p, drop, keep, diag);
    if (dropped)
        cut_stacks(p, dropped);
    bool ok = dropped != NULL;
    free(dropped);
    pp_regex_free(drop);
    pp_regex_free(keep);
    return ok;
}
