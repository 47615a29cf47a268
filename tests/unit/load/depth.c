/*
 * The most frames of a stack, by a law that holds for every reader: a stack of exactly so many is
 * unchanged, one frame less gives a warning, and nothing is deeper. Tried with all golden inputs.
 */
#include <dirent.h>

#include "io/input.h"
#include "unit/profiles.h"

/* How often it was said that a stack is cut, or a call graph's stacks are put together with a gap.
 */
struct said {
    struct pp_diag diag; /* first, so that its `emit` can find the rest */
    unsigned cut, wrong; /* of these, stacks that are not deeper than allowed */
};

static void count(struct pp_diag *d, const struct pp_message *m)
{
    struct said *s = (struct said *)d;
    size_t depth;
    unsigned most;
    if (sscanf(m->text, "a stack of %zu frames is cut at %u", &depth, &most) == 2)
        s->wrong += depth <= most;
    s->cut += strstr(m->text, "cut") || strstr(m->text, "'[...]' in place of");
}

static struct pp_profile *read(const struct pp_format *f, const char *path, unsigned most,
                               struct said *said)
{
    struct pp_load_options o = {.from = f, .keep = ~0u, .max_depth = most};
    *said = (struct said){.diag = {.emit = count}};
    struct pp_profile *p = pp_load(path, &o, &said->diag);
    pp_diag_flush(&said->diag);
    pp_diag_release(&said->diag);
    return p;
}

static unsigned depth_of(const struct pp_profile *p)
{
    unsigned deepest = 0;
    for (size_t s = 0; s < p->samples.count; s++) {
        unsigned depth = (unsigned)pp_depth(p, pp_sample(p, (pp_id)s)->node);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

static bool same(const struct pp_profile *a, const struct pp_profile *b)
{
    char *x = written(a, "text"), *y = written(b, "text");
    bool equal = strcmp(x, y) == 0;
    free(x);
    free(y);
    return equal;
}

static void complain(const char *path, const char *what, unsigned depth)
{
    fprintf(stderr, "%s: %s, with at most %u frames\n", path, what, depth);
    check_failures++;
}

static void check_input(const struct pp_format *f, const char *path)
{
    struct said usual, said;
    struct pp_profile *whole = read(f, path, 0, &usual), *p = NULL;
    unsigned depth = whole ? depth_of(whole) : 0;
    if (depth >= 2 && depth < PP_MAX_DEPTH) {
        p = read(f, path, depth, &said);
        if (!p || said.wrong || !same(p, whole))
            complain(path, "a stack is cut that is not too deep", depth);
        pp_profile_free(p);
    }
    pp_profile_free(whole);
    if (!p)
        return;
    p = read(f, path, depth - 1, &said);
    if (p && depth_of(p) > depth - 1)
        complain(path, "a stack is too deep", depth - 1);
    if (!p || said.wrong || said.cut <= usual.cut)
        complain(path, "a stack is cut without a word", depth - 1);
    pp_profile_free(p);
}

/* Chains of wakeups are two stacks, each of which is as deep as it may be. */
static bool has_joined_stacks(const char *name)
{
    return strcmp(name, "wakeup.in") == 0;
}

static unsigned check_folder(const struct pp_format *f, const char *folder)
{
    unsigned inputs = 0;
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));) {
        char path[8192];
        if (!pp_ends(pp_str(e->d_name), ".in") || has_joined_stacks(e->d_name))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        check_input(f, path);
        inputs++;
    }
    if (d)
        closedir(d);
    return inputs;
}

static void test_the_most_frames_are_not_too_many(void)
{
    unsigned inputs = 0;
    for (const struct pp_format *const *f = pp_formats; *f; f++) {
        char folder[4096];
        if (!(*f)->read)
            continue;
        snprintf(folder, sizeof folder, "%s/formats/%s", PP_TESTDATA, (*f)->name);
        inputs += check_folder(*f, folder);
    }
    CHECK(inputs > 100);
}

static unsigned cuts_of(const char *stack)
{
    char text[256];
    struct said said = {.diag = {.emit = count}};
    struct pp_load_options o = {.from = pp_format_named("jemalloc"), .keep = ~0u, .max_depth = 2};
    snprintf(text, sizeof text,
             "heap_v2/1\n  t*: 1: 8 [0: 0]\n@ %s\n  t*: 1: 8 [0: 0]\n\nMAPPED_LIBRARIES:\n", stack);
    pp_profile_free(pp_load_bytes(pp_str(text), "test", &o, &said.diag));
    pp_diag_release(&said.diag);
    return said.cut;
}

/* What is left out of a stack of jemalloc does not count. */
static void test_a_wrong_address_is_no_frame(void)
{
    CHECK_INT(cuts_of("0x1001 0x2001"), 0);
    CHECK_INT(cuts_of("0x1001 0x1 0x2001"), 0);
    CHECK_INT(cuts_of("0x1001 0x1 0x2001 0x3001"), 1);
}

CHECK_MAIN(test_a_wrong_address_is_no_frame, test_the_most_frames_are_not_too_many)
