#include "symbols/processes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "model/compact.h"
#include "model/merge.h"
#include "symbols/locations.h"

/* At most this many processes with lists of their own are kept apart. */
enum { MOST = 256 };

struct split {
    struct pp_profile *p;
    bool *jit;     /* by frame: whether it is code that was made at run time */
    pp_id *frames; /* by frame: what it is in the current process; 0: not known yet */
    pp_id *nodes;  /* by node, likewise */
    size_t nframes, nnodes;
    pp_id *path; /* nodes on the way to one that is known */
    size_t path_cap;
    char list[64]; /* of the current process */
};

static int compare_pids(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The processes of the samples, each once, in `*pids`, which the caller frees. */
static size_t processes_of(const struct pp_profile *p, pp_id key, int64_t **pids)
{
    size_t n = 0, kept = 0;
    *pids = pp_calloc(p->labels.count, sizeof **pids);
    for (size_t i = 1; i < p->labels.count; i++) {
        const struct pp_label *l = pp_label(p, (pp_id)i);
        if (l->key == key && !l->text)
            (*pids)[n++] = l->number;
    }
    qsort(*pids, n, sizeof **pids, compare_pids);
    for (size_t i = 0; i < n; i++)
        if (!kept || (*pids)[kept - 1] != (*pids)[i])
            (*pids)[kept++] = (*pids)[i];
    return kept;
}

/* --- one process --------------------------------------------------------- */

static pp_id frame_of(struct split *s, pp_id frame)
{
    struct pp_profile *p = s->p;
    if (!s->jit[frame])
        return frame;
    if (!s->frames[frame]) {
        struct pp_frame row = *pp_frame(p, frame);
        struct pp_mapping mapping = *pp_mapping(p, row.mapping);
        mapping.file = pp_cstring(p, s->list);
        row.mapping = pp_intern(&p->mappings, &mapping);
        s->frames[frame] = pp_intern(&p->frames, &row);
    }
    return s->frames[frame];
}

/* The stack of `node` in the current process. */
static pp_id node_of(struct split *s, pp_id node)
{
    size_t n = 0;
    for (; node && !s->nodes[node]; node = pp_node(s->p, node)->parent) {
        PP_GROW(s->path, n + 1, s->path_cap);
        s->path[n++] = node;
    }
    pp_id to = node ? s->nodes[node] : 0;
    while (n) {
        pp_id from = s->path[--n];
        to = pp_child(s->p, to, frame_of(s, pp_node(s->p, from)->frame));
        s->nodes[from] = to;
    }
    return to;
}

static void split_process(struct split *s, pp_id key, int64_t pid, struct pp_sample *to)
{
    memset(s->frames, 0, s->nframes * sizeof *s->frames);
    memset(s->nodes, 0, s->nnodes * sizeof *s->nodes);
    for (size_t i = 0; i < s->p->samples.count; i++) {
        const struct pp_sample *sample = pp_sample(s->p, (pp_id)i);
        const struct pp_label *l = pp_label_find(s->p, sample->labels, key);
        if (l && !l->text && l->number == pid)
            to[i].node = node_of(s, sample->node);
    }
}

/* --- all of them --------------------------------------------------------- */

static bool find_jit(struct split *s)
{
    bool any = false;
    for (size_t f = 1; f < s->nframes; f++) {
        const struct pp_frame *frame = pp_frame(s->p, (pp_id)f);
        struct pp_span file = pp_text(s->p, pp_mapping(s->p, frame->mapping)->file);
        s->jit[f] = frame->address && !frame->function && frame->mapping &&
                    !pp_starts(file, "/tmp/perf-") && pp_is_jit(file, frame->kind);
        any = any || s->jit[f];
    }
    return any;
}

static void split_all(struct split *s, pp_id key, const int64_t *pids, size_t n)
{
    struct pp_sample *to = pp_calloc(s->p->samples.count, sizeof *to);
    size_t split = 0;
    for (size_t i = 0; i < s->p->samples.count; i++)
        to[i] = *pp_sample(s->p, (pp_id)i);
    for (size_t i = 0; i < n && split < MOST; i++) {
        snprintf(s->list, sizeof s->list, "/tmp/perf-%" PRId64 ".map", pids[i]);
        if (access(s->list, R_OK) != 0)
            continue;
        split_process(s, key, pids[i], to);
        split++;
    }
    if (split)
        pp_move_each(s->p, to);
    free(to);
}

void pp_split_jit_code(struct pp_profile **p)
{
    struct split s = {.p = *p, .nframes = (*p)->frames.count, .nnodes = (*p)->nodes.count};
    pp_id key = pp_string_find(*p, pp_str("pid"));
    int64_t *pids = NULL;
    size_t n = key ? processes_of(*p, key, &pids) : 0, before = (*p)->nodes.count;
    if (n > 1) {
        s.jit = pp_calloc(s.nframes, sizeof *s.jit);
        s.frames = pp_calloc(s.nframes, sizeof *s.frames);
        s.nodes = pp_calloc(s.nnodes, sizeof *s.nodes);
        if (find_jit(&s))
            split_all(&s, key, pids, n);
    }
    free(s.jit);
    free(s.frames);
    free(s.nodes);
    free(s.path);
    free(pids);
    if ((*p)->nodes.count > before)
        pp_compact(p);
}
