/* Rules that keep or drop frames of stacks. Each is one loop from parents to children. */
#include <stdlib.h>

#include "base/memory.h"
#include "model/merge.h"
#include "transform/naming.h"
#include "transform/rule_private.h"

/* The new stacks, up to the current one. */
struct walk {
    struct pp_profile *p;
    size_t nodes;
    pp_id *image;
    bool *place; /* whether a frame of the same location is left: a frame inlined in nothing is no
                    longer inlined */
};

static struct walk begin(struct pp_rule_run *run)
{
    struct walk w = {.p = run->p, .nodes = run->p->nodes.count};
    w.image = pp_calloc(w.nodes, sizeof *w.image);
    w.place = pp_calloc(w.nodes, sizeof *w.place);
    return w;
}

static void end(struct walk *w, struct pp_rule_run *run)
{
    free(w->place);
    pp_change_stacks(run, w->image, w->nodes);
}

/* The frame of stack n stays, on top of the stack `under`. */
static void keep(struct walk *w, size_t n, pp_id under)
{
    struct pp_node node = *pp_node(w->p, (pp_id)n);
    struct pp_frame frame = *pp_frame(w->p, node.frame);
    if (frame.inlined && !w->place[node.parent]) {
        frame.inlined = 0;
        node.frame = pp_frame_left(w->p, &frame);
    }
    w->place[n] = true;
    w->image[n] = pp_child(w->p, under, node.frame);
}

/* The frame of stack n is dropped, which leaves the stack `under`. */
static void drop(struct walk *w, size_t n, pp_id under)
{
    struct pp_node node = *pp_node(w->p, (pp_id)n);
    w->place[n] = pp_frame(w->p, node.frame)->inlined && w->place[node.parent];
    w->image[n] = under;
}

/* Drops or keeps the frame of node n. */
static void drop_if(struct walk *w, bool dropped, size_t n, pp_id under)
{
    if (dropped)
        drop(w, n, under);
    else
        keep(w, n, under);
}

/* --- hide, show ---------------------------------------------------------- */

/* Drops the frames that match, or those that do not. */
static bool drop_frames(const struct pp_rule *r, struct pp_rule_run *run, bool matching)
{
    bool *matched = pp_match_frames(r, run);
    if (!matched)
        return false;
    struct walk w = begin(run);
    w.image[0] = matching ? 0 : PP_DROPPED; /* show drops stacks that were empty */
    for (size_t n = 1; n < w.nodes; n++) {
        struct pp_node node = *pp_node(w.p, (pp_id)n);
        pp_id under = node.parent ? w.image[node.parent] : 0;
        drop_if(&w, matched[node.frame] == matching, n, under);
    }
    end(&w, run);
    free(matched);
    return true;
}

bool pp_apply_hide(const struct pp_rule *r, struct pp_rule_run *run)
{
    return drop_frames(r, run, true);
}

bool pp_apply_show(const struct pp_rule *r, struct pp_rule_run *run)
{
    return drop_frames(r, run, false);
}

/* --- show-from, prune-from, truncate-at ---------------------------------- */

bool pp_apply_show_from(const struct pp_rule *r, struct pp_rule_run *run)
{
    bool *matched = pp_match_frames(r, run);
    if (!matched)
        return false;
    struct walk w = begin(run);
    w.image[0] = PP_DROPPED;
    for (size_t n = 1; n < w.nodes; n++) {
        struct pp_node node = *pp_node(w.p, (pp_id)n);
        pp_id under = w.image[node.parent];
        if (under != PP_DROPPED)
            keep(&w, n, under);
        else if (matched[node.frame])
            keep(&w, n, 0);
        else
            drop(&w, n, PP_DROPPED);
    }
    end(&w, run);
    free(matched);
    return true;
}

bool pp_apply_prune_from(const struct pp_rule *r, struct pp_rule_run *run)
{
    bool *matched = pp_match_frames(r, run);
    if (!matched)
        return false;
    size_t nodes = run->p->nodes.count;
    pp_id *image = pp_calloc(nodes, sizeof *image);
    bool *below = pp_calloc(nodes, sizeof *below); /* whether a match is in it */
    for (size_t n = 1; n < nodes; n++) {
        struct pp_node node = *pp_node(run->p, (pp_id)n);
        bool match = matched[node.frame];
        image[n] = below[node.parent] && !match ? image[node.parent] : (pp_id)n;
        below[n] = below[node.parent] || match;
    }
    pp_change_stacks(run, image, nodes);
    free(below);
    free(matched);
    return true;
}

bool pp_apply_truncate_at(const struct pp_rule *r, struct pp_rule_run *run)
{
    bool *matched = pp_match_frames(r, run);
    if (!matched)
        return false;
    struct walk w = begin(run);
    for (size_t n = 1; n < w.nodes; n++) {
        struct pp_node node = *pp_node(w.p, (pp_id)n);
        if (matched[node.frame])
            drop(&w, n, 0);
        else
            keep(&w, n, w.image[node.parent]);
    }
    end(&w, run);
    free(matched);
    return true;
}

/* --- no-inlines, merge-recursion ----------------------------------------- */

bool pp_apply_no_inlines(const struct pp_rule *r, struct pp_rule_run *run)
{
    (void)r;
    struct walk w = begin(run);
    for (size_t f = 1; f < run->p->frames.count; f++)
        run->matched += pp_frame(run->p, (pp_id)f)->inlined;
    for (size_t n = 1; n < w.nodes; n++) {
        struct pp_node node = *pp_node(w.p, (pp_id)n);
        bool inlined = pp_frame(w.p, node.frame)->inlined && w.place[node.parent];
        drop_if(&w, inlined, n, w.image[node.parent]);
    }
    end(&w, run);
    return true;
}

/* Functions are compared by name; frames without a function as a whole. */
static bool recurses(struct pp_profile *p, pp_id caller, pp_id frame)
{
    pp_id name = pp_function(p, pp_frame(p, frame)->function)->name;
    if (!name)
        return caller == frame;
    return name == pp_function(p, pp_frame(p, caller)->function)->name;
}

bool pp_apply_merge_recursion(const struct pp_rule *r, struct pp_rule_run *run)
{
    (void)r;
    bool *merged = pp_calloc(run->p->frames.count, sizeof *merged);
    size_t frames = run->p->frames.count;
    struct walk w = begin(run);
    for (size_t n = 1; n < w.nodes; n++) {
        struct pp_node node = *pp_node(w.p, (pp_id)n);
        pp_id under = w.image[node.parent];
        bool again = under && recurses(w.p, pp_node(w.p, under)->frame, node.frame);
        merged[node.frame] |= again;
        drop_if(&w, again, n, under);
    }
    for (size_t f = 0; f < frames; f++)
        run->matched += merged[f];
    end(&w, run);
    free(merged);
    return true;
}
