#include "formats/valgrind/callgrind_paths.h"

#include <stdlib.h>

#include "base/memory.h"

void pp_cg_paths_clear(struct pp_cg_paths *s)
{
    free(s->first);
    free(s->kids);
    free(s->rows.left);
    free(s->rows.cursors);
    free(s->left);
    s->first = s->kids = s->rows.cursors = NULL;
    s->rows.left = s->left = NULL;
    s->count = s->nends = s->nkids = 0;
    pp_cg_path_root(s);
}

void pp_cg_paths_release(struct pp_cg_paths *s)
{
    pp_cg_paths_clear(s);
    free(s->list);
    free(s->ends);
    free(s->values);
    *s = (struct pp_cg_paths){0};
}

pp_id pp_cg_path_root(struct pp_cg_paths *s)
{
    pp_id root = pp_cg_path(s, 0, 0);
    s->list[root].parent = root;
    return root;
}

pp_id pp_cg_path(struct pp_cg_paths *s, pp_id parent, pp_id frame)
{
    PP_GROW(s->list, s->count + 1, s->cap);
    s->list[s->count] = (struct pp_cg_path){parent, frame};
    return (pp_id)s->count++;
}

void pp_cg_path_end(struct pp_cg_paths *s, struct pp_cg_path_end end, const int64_t *values)
{
    PP_GROW(s->ends, s->nends + 1, s->ends_cap);
    PP_GROW(s->values, (s->nends + 1) * s->n, s->values_cap);
    s->ends[s->nends] = end;
    if (values)
        memcpy(s->values + s->nends * s->n, values, s->n * sizeof *values);
    else
        memset(s->values + s->nends * s->n, 0, s->n * sizeof *values);
    s->nends++;
}

/* --- the kids of paths --------------------------------------------------- */

static bool is_root(const struct pp_cg_paths *s, size_t path)
{
    return s->list[path].parent == path;
}

static void find_kids(struct pp_cg_paths *s)
{
    s->nkids = s->nends;
    s->first = pp_calloc(s->count + 2, sizeof *s->first);
    for (size_t i = 0; i < s->nends; i++)
        s->first[s->ends[i].path + 2]++;
    for (size_t i = 0; i < s->count; i++)
        if (!is_root(s, i)) {
            s->first[s->list[i].parent + 2]++;
            s->nkids++;
        }
    for (size_t i = 2; i < s->count + 2; i++)
        s->first[i] += s->first[i - 1];
    s->kids = pp_calloc(s->nkids + 1, sizeof *s->kids);
    for (size_t i = 0; i < s->nends; i++)
        s->kids[s->first[s->ends[i].path + 1]++] = (pp_id)i;
    for (size_t i = 0; i < s->count; i++)
        if (!is_root(s, i))
            s->kids[s->first[s->list[i].parent + 1]++] = (pp_id)(s->nends + i);
}

/* The costs of a path are those of its kids: children come after their parents. */
static void add_up(struct pp_cg_paths *s)
{
    for (size_t path = s->count; path-- > 0;)
        for (size_t k = s->first[path]; k < s->first[path + 1]; k++) {
            size_t kid = s->kids[k];
            const int64_t *from =
                kid < s->nends ? s->values + kid * s->n : s->left + (kid - s->nends) * s->n;
            for (unsigned e = 0; e < s->n; e++) {
                s->rows.left[k * s->n + e] = from[e];
                s->left[path * s->n + e] += from[e];
            }
        }
}

void pp_cg_paths_index(struct pp_cg_paths *s)
{
    find_kids(s);
    s->rows.left = pp_calloc(s->nkids * s->n + 1, sizeof *s->rows.left);
    s->rows.cursors = pp_calloc(s->count * s->n + 1, sizeof *s->rows.cursors);
    s->left = pp_calloc(s->count * s->n + 1, sizeof *s->left);
    add_up(s);
    for (size_t path = 0; path < s->count; path++)
        for (unsigned e = 0; e < s->n; e++)
            s->rows.cursors[path * s->n + e] = s->first[path];
}
