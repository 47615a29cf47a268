/* The profile's own drop_frames and keep_frames. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/out.h"
#include "model/allocators.h"
#include "model/merge.h"
#include "transform/naming.h"
#include "transform/rule_private.h"
#include "transform/rules.h"

/*
 * The pattern of frames to drop: the profile's own, or, for a profile of jemalloc's sampler without
 * one, that of the allocator. Empty if there is none.
 */
static struct pp_span pattern_of(const struct pp_profile *p)
{
    if (!p->about.drop_frames && pp_shows_allocator(p))
        return pp_str(pp_allocator_frames);
    return pp_text(p, p->about.drop_frames);
}

/* The pattern, made to match whole names; NULL after reporting. */
static struct pp_regex *whole(struct pp_span pattern, bool interpret, struct pp_diag *diag)
{
    struct pp_out text;
    pp_out_memory(&text, NULL);
    pp_puts(&text, "\\A(?:");
    pp_put(&text, pattern);
    pp_puts(&text, ")\\z");
    struct pp_regex *x = pp_regex_new(pp_out_bytes(&text), diag);
    pp_out_release(&text);
    if (!x)
        return NULL;
    pp_regex_distrust(x);
    if (interpret)
        pp_regex_interpret(x);
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

/* A cache of results, for each string that is the name of a frame. */
struct answers {
    struct pp_regex *drop, *keep;
    bool *asked, *dropped;
};

static bool ask(struct answers *a, const struct pp_profile *p, pp_id name, struct pp_diag *diag)
{
    if (a->asked[name])
        return true;
    enum pp_matched m = is_dropped(a->drop, a->keep, pp_text(p, name), diag);
    a->asked[name] = true;
    a->dropped[name] = m == PP_MATCH;
    return m != PP_REGEX_FAILED;
}

/*
 * The displayed name of each frame, which without a function is that of its module; 0 if nothing is
 * known about it. The caller frees it.
 */
static pp_id *displayed_names(struct pp_profile *p)
{
    pp_id *names = pp_calloc(p->frames.count, sizeof *names);
    pp_id *modules = pp_calloc(p->mappings.count, sizeof *modules); /* their names, once needed */
    for (pp_id f = 1; f < p->frames.count; f++) {
        pp_id mapping = pp_frame(p, f)->mapping;
        names[f] = pp_function(p, pp_frame(p, f)->function)->name;
        if (names[f] || !pp_mapping(p, mapping)->file)
            continue;
        if (!modules[mapping])
            modules[mapping] = pp_display_name(p, f);
        names[f] = modules[mapping];
    }
    free(modules);
    return names;
}

/* For each frame whether it is dropped; NULL if a pattern gave up. */
static bool *dropped_frames(struct pp_profile *p, struct pp_regex *drop, struct pp_regex *keep,
                            bool by_file, struct pp_diag *diag)
{
    pp_id *names = displayed_names(p);
    struct answers a = {drop, keep, pp_calloc(p->strings.count, 1), pp_calloc(p->strings.count, 1)};
    bool *dropped = pp_calloc(p->frames.count, sizeof *dropped), ok = true;
    for (pp_id f = 1; ok && f < p->frames.count; f++) {
        pp_id file = pp_function(p, pp_frame(p, f)->function)->file;
        ok = ask(&a, p, names[f], diag);
        dropped[f] = a.dropped[names[f]] || (by_file && pp_is_allocator_file(pp_text(p, file)));
        if (dropped[f] && by_file && pp_calls_through_box(pp_text(p, names[f])))
            dropped[f] = false;
    }
    free(names);
    free(a.asked);
    free(a.dropped);
    if (ok)
        return dropped;
    free(dropped);
    return NULL;
}

/*
 * What was found on the path from the root to a node. Like pprof, it judges locations: a frame with
 * its inlined frames.
 */
struct met {
    bool user;    /* an earlier location without a match */
    bool matched; /* a frame of this location matches */
    bool inlines; /* ... but not the outermost: it is dropped with the frames inlined in it */
    bool cut;     /* the stack ends before it */
};

static bool begins_location(const struct pp_profile *p, const struct pp_node *node)
{
    const struct pp_frame *f = pp_frame(p, node->frame);
    const struct pp_frame *under = pp_frame(p, pp_node(p, node->parent)->frame);
    return !f->inlined || !node->parent || f->address != under->address ||
           f->mapping != under->mapping;
}

/* The first location that matches ends the stack, unless all locations before it match. */
static struct met next_location(struct met before, bool any_before, bool drop)
{
    struct met m = {.user = before.user || (any_before && !before.matched), .matched = drop};
    m.cut = before.cut || (before.matched && before.user) || (drop && m.user);
    return m;
}

static struct met next_inline(struct met m, bool drop)
{
    if (drop && !m.matched)
        m.matched = m.inlines = true;
    return m;
}

/*
 * Cuts stacks at the first frame to drop. If only inlined frames of a location match, they are
 * dropped wherever it is, as in pprof.
 */
static void cut_stacks(struct pp_profile *p, const bool *dropped)
{
    size_t nodes = p->nodes.count;
    pp_id *image = pp_calloc(nodes, sizeof *image);
    struct met *met = pp_calloc(nodes, sizeof *met);
    for (size_t n = 1; n < nodes; n++) {
        struct pp_node node = *pp_node(p, (pp_id)n);
        bool drop = dropped[node.frame];
        met[n] = begins_location(p, &node) ? next_location(met[node.parent], node.parent, drop)
                                           : next_inline(met[node.parent], drop);
        bool gone = met[n].cut || met[n].inlines;
        image[n] = gone ? image[node.parent] : pp_child(p, image[node.parent], node.frame);
    }
    pp_move_samples(p, image);
    free(image);
    free(met);
}

bool pp_drop_frames(struct pp_profile *p, bool interpret, struct pp_diag *diag)
{
    struct pp_span pattern = pattern_of(p);
    bool by_file = pp_find_text(pattern, "malloc"); /* an allocator's: see pp_is_allocator_file() */
    if (pp_empty(pattern))
        return true;
    struct pp_regex *drop = whole(pattern, interpret, diag), *keep = NULL;
    bool *dropped = NULL;
    if (drop && p->about.keep_frames)
        keep = whole(pp_text(p, p->about.keep_frames), interpret, diag);
    if (drop && (keep || !p->about.keep_frames))
        dropped = dropped_frames(p, drop, keep, by_file, diag);
    if (dropped && memchr(dropped, 1, p->frames.count))
        cut_stacks(p, dropped);
    bool ok = dropped != NULL;
    free(dropped);
    pp_regex_free(drop);
    pp_regex_free(keep);
    return ok;
}
