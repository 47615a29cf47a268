#include "model/merge.h"

#include <stdlib.h>

#include "base/memory.h"

/* For each row of a source table: where it went, new id = map[old id], and whether to take it. */
struct map {
    pp_id *ids;
    bool *wanted; /* NULL: all */
};

struct maps {
    struct map strings, mappings, functions, frames, nodes, labels;
    const pp_id *frame_image; /* which frame of the source is taken for another; NULL: itself */
};

/* Where a column's values go. */
struct target {
    unsigned column;
    int64_t factor; /* what to multiply them by, to get the decimals of the target */
};

static void init_maps(struct maps *m, const struct pp_profile *src)
{
    m->strings.ids = pp_calloc(src->strings.count, sizeof(pp_id));
    m->mappings.ids = pp_calloc(src->mappings.count, sizeof(pp_id));
    m->functions.ids = pp_calloc(src->functions.count, sizeof(pp_id));
    m->frames.ids = pp_calloc(src->frames.count, sizeof(pp_id));
    m->nodes.ids = pp_calloc(src->nodes.count, sizeof(pp_id));
    m->labels.ids = pp_calloc(src->labels.count, sizeof(pp_id));
}

static void free_map(struct map *m)
{
    free(m->ids);
    free(m->wanted);
}

static void free_maps(struct maps *m)
{
    free_map(&m->strings);
    free_map(&m->mappings);
    free_map(&m->functions);
    free_map(&m->frames);
    free_map(&m->nodes);
    free_map(&m->labels);
}

static bool wants(const struct map *m, size_t row)
{
    return !m->wanted || m->wanted[row];
}

/* --- one row ------------------------------------------------------------- */

static pp_id copy_mapping(struct pp_profile *dst, struct pp_mapping row, const struct maps *m)
{
    row.file = m->strings.ids[row.file];
    row.build_id = m->strings.ids[row.build_id];
    return pp_intern(&dst->mappings, &row);
}

static pp_id copy_function(struct pp_profile *dst, struct pp_function row, const struct maps *m)
{
    row.name = m->strings.ids[row.name];
    row.system_name = m->strings.ids[row.system_name];
    row.file = m->strings.ids[row.file];
    return pp_intern(&dst->functions, &row);
}

static pp_id copy_frame(struct pp_profile *dst, struct pp_frame row, const struct maps *m)
{
    row.function = m->functions.ids[row.function];
    row.mapping = m->mappings.ids[row.mapping];
    return pp_intern(&dst->frames, &row);
}

static pp_id copy_node(struct pp_profile *dst, struct pp_node row, const struct maps *m)
{
    pp_id frame = m->frame_image ? m->frame_image[row.frame] : row.frame;
    return pp_child(dst, m->nodes.ids[row.parent], m->frames.ids[frame]);
}

static pp_id copy_label(struct pp_profile *dst, struct pp_label row, const struct maps *m)
{
    row.next = m->labels.ids[row.next];
    row.key = m->strings.ids[row.key];
    row.text = m->strings.ids[row.text];
    row.unit = m->strings.ids[row.unit];
    return pp_intern(&dst->labels, &row);
}

/* Rows refer only to earlier tables, or to earlier rows of their own. */
static void copy_tables(struct pp_profile *dst, const struct pp_profile *src, struct maps *m)
{
    for (size_t i = 1; i < src->strings.count; i++)
        if (wants(&m->strings, i))
            m->strings.ids[i] = pp_string(dst, pp_text(src, (pp_id)i));
    for (size_t i = 1; i < src->mappings.count; i++)
        m->mappings.ids[i] = copy_mapping(dst, *pp_mapping(src, (pp_id)i), m);
    for (size_t i = 1; i < src->functions.count; i++)
        if (wants(&m->functions, i))
            m->functions.ids[i] = copy_function(dst, *pp_function(src, (pp_id)i), m);
    for (size_t i = 1; i < src->frames.count; i++)
        if (wants(&m->frames, i))
            m->frames.ids[i] = copy_frame(dst, *pp_frame(src, (pp_id)i), m);
    for (size_t i = 1; i < src->nodes.count; i++)
        if (wants(&m->nodes, i))
            m->nodes.ids[i] = copy_node(dst, *pp_node(src, (pp_id)i), m);
    for (size_t i = 1; i < src->labels.count; i++)
        if (wants(&m->labels, i))
            m->labels.ids[i] = copy_label(dst, *pp_label(src, (pp_id)i), m);
}

static bool copy_samples(struct pp_profile *dst, const struct pp_profile *src, const struct maps *m,
                         const struct target *targets)
{
    for (size_t i = 0; i < src->samples.count; i++) {
        struct pp_sample s = *pp_sample(src, (pp_id)i);
        s.node = m->nodes.ids[s.node];
        s.labels = m->labels.ids[s.labels];
        pp_id id = pp_sample_id(dst, &s);
        for (unsigned c = 0; c < src->ncolumns; c++) {
            int64_t value;
            if (__builtin_mul_overflow(src->columns[c].values[i], targets[c].factor, &value) ||
                !pp_add(dst, id, targets[c].column, value))
                return false;
        }
    }
    return true;
}

/* --- what profiles say of themselves ------------------------------------- */

static void first_said(pp_id *mine, pp_id theirs)
{
    if (!*mine)
        *mine = theirs;
}

static void merge_comments(struct pp_profile *dst, const struct pp_profile *src)
{
    for (size_t i = 0; i < src->about.ncomments; i++) {
        pp_id text = pp_string(dst, pp_text(src, src->about.comments[i]));
        bool known = false;
        for (size_t k = 0; k < dst->about.ncomments && !known; k++)
            known = dst->about.comments[k] == text;
        if (!known)
            pp_comment(dst, pp_text(dst, text));
    }
}

static void merge_about(struct pp_profile *dst, const struct pp_profile *src, const pp_id *strings)
{
    struct pp_about *a = &dst->about;
    const struct pp_about *b = &src->about;
    if (b->time_ns && (!a->time_ns || b->time_ns < a->time_ns))
        a->time_ns = b->time_ns;
    if (__builtin_add_overflow(a->duration_ns, b->duration_ns, &a->duration_ns))
        a->duration_ns = INT64_MAX;
    if (b->period > a->period)
        a->period = b->period;
    first_said(&a->period_type, strings[b->period_type]);
    first_said(&a->period_unit, strings[b->period_unit]);
    first_said(&a->default_type, strings[b->default_type]);
    first_said(&a->drop_frames, strings[b->drop_frames]);
    first_said(&a->keep_frames, strings[b->keep_frames]);
    first_said(&a->doc_url, strings[b->doc_url]);
    dst->annotated |= src->annotated;
    merge_comments(dst, src);
}

/* --- columns ------------------------------------------------------------- */

static bool same_column(const struct pp_profile *a, unsigned ca, const struct pp_profile *b,
                        unsigned cb, enum pp_side side)
{
    const struct pp_column *x = &a->columns[ca], *y = &b->columns[cb];
    return x->side == side && pp_same(pp_text(a, x->type), pp_text(b, y->type)) &&
           pp_same(pp_text(a, x->unit), pp_text(b, y->unit));
}

/* The column of `dst` for column `c` of `src`: the second of two equal ones for the second. */
static int match_column(struct pp_profile *dst, const struct pp_profile *src, unsigned c,
                        enum pp_side side)
{
    unsigned nth = 0;
    for (unsigned earlier = 0; earlier < c; earlier++)
        nth += same_column(src, earlier, src, c, src->columns[c].side);
    for (unsigned d = 0; d < dst->ncolumns; d++)
        if (same_column(dst, d, src, c, side) && nth-- == 0)
            return (int)d;
    return pp_column_new(dst, side, pp_text(src, src->columns[c].type),
                         pp_text(src, src->columns[c].unit));
}

static const char *match_columns(struct pp_profile *dst, const struct pp_profile *src,
                                 const enum pp_side *side, struct target *targets)
{
    for (unsigned c = 0; c < src->ncolumns; c++) {
        const struct pp_column *from = &src->columns[c];
        int to = match_column(dst, src, c, side ? *side : from->side);
        if (to < 0)
            return "too many different columns";
        if (!pp_column_scale(dst, (unsigned)to, from->decimals))
            return "the sum of a column exceeds 64 bits";
        targets[c] = (struct target){(unsigned)to, 1};
        for (unsigned d = from->decimals; d < dst->columns[to].decimals; d++)
            targets[c].factor *= 10;
    }
    return NULL;
}

/* --- merging ------------------------------------------------------------- */

static bool merge(struct pp_profile *dst, const struct pp_profile *src, const enum pp_side *side,
                  const char **why)
{
    struct target targets[PP_MAX_COLUMNS];
    struct maps m = {0};
    init_maps(&m, src);
    copy_tables(dst, src, &m); /* before the columns: their strings keep their order so */
    *why = match_columns(dst, src, side, targets);
    if (!*why) {
        merge_about(dst, src, m.strings.ids);
        if (!copy_samples(dst, src, &m, targets))
            *why = "the sum of a column exceeds 64 bits";
    }
    free_maps(&m);
    return !*why;
}

bool pp_merge(struct pp_profile *dst, const struct pp_profile *src, const char **why)
{
    return merge(dst, src, NULL, why);
}

bool pp_merge_side(struct pp_profile *dst, const struct pp_profile *src, enum pp_side side,
                   const char **why)
{
    return merge(dst, src, &side, why);
}

/* --- moving -------------------------------------------------------------- */

/* Empties the table of samples, and returns it and the values as they were. */
static struct pp_table take_samples(struct pp_profile *p, int64_t **values)
{
    struct pp_table old = p->samples;
    pp_table_init(&p->samples, sizeof(struct pp_sample));
    for (unsigned c = 0; c < p->ncolumns; c++) {
        values[c] = p->columns[c].values;
        p->columns[c].values = pp_calloc(1, sizeof(int64_t));
        p->columns[c].cap = 1;
        p->columns[c].weight = 0;
    }
    return old;
}

/* One of `image`, `labels` and `to` says what becomes of each sample. */
static void move(struct pp_profile *p, const pp_id *image, const pp_id *labels,
                 const struct pp_sample *to)
{
    int64_t *values[PP_MAX_COLUMNS];
    struct pp_table old = take_samples(p, values);
    bool nothing = true; /* whether sample 0 is one that is not there, and must not become one */
    for (unsigned c = 0; c < p->ncolumns; c++)
        nothing = nothing && values[c][0] == 0;
    for (size_t i = nothing; i < old.count; i++) {
        struct pp_sample s = to ? to[i] : *(const struct pp_sample *)pp_row(&old, (pp_id)i);
        if (image)
            s.node = image[s.node];
        if (labels)
            s.labels = labels[s.labels];
        if (s.node == PP_DROPPED)
            continue;
        pp_id id = pp_sample_id(p, &s);
        for (unsigned c = 0; c < p->ncolumns; c++) /* cannot overflow: the sum was less before */
            pp_add(p, id, c, values[c][i]);
    }
    for (unsigned c = 0; c < p->ncolumns; c++)
        free(values[c]);
    pp_table_release(&old);
}

void pp_move_samples(struct pp_profile *p, const pp_id *image)
{
    move(p, image, NULL, NULL);
}

void pp_move_labels(struct pp_profile *p, const pp_id *labels)
{
    move(p, NULL, labels, NULL);
}

void pp_move_each(struct pp_profile *p, const struct pp_sample *to)
{
    move(p, NULL, NULL, to);
}

/* --- compacting ---------------------------------------------------------- */

static void init_wanted(struct maps *m, const struct pp_profile *p)
{
    m->strings.wanted = pp_calloc(p->strings.count, sizeof(bool));
    m->functions.wanted = pp_calloc(p->functions.count, sizeof(bool));
    m->frames.wanted = pp_calloc(p->frames.count, sizeof(bool));
    m->nodes.wanted = pp_calloc(p->nodes.count, sizeof(bool));
    m->labels.wanted = pp_calloc(p->labels.count, sizeof(bool));
}

/* Rows refer to earlier rows only, so a loop from the last to the first finds all. */
static void want_nodes(struct maps *m, const struct pp_profile *p)
{
    for (size_t i = p->nodes.count; i-- > 1;) {
        const struct pp_node *n = pp_node(p, (pp_id)i);
        if (!m->nodes.wanted[i])
            continue;
        m->nodes.wanted[n->parent] = true;
        m->frames.wanted[m->frame_image ? m->frame_image[n->frame] : n->frame] = true;
    }
}

static void want_rows(struct maps *m, const struct pp_profile *p)
{
    for (size_t i = 0; i < p->samples.count; i++) {
        m->nodes.wanted[pp_sample(p, (pp_id)i)->node] = true;
        m->labels.wanted[pp_sample(p, (pp_id)i)->labels] = true;
    }
    want_nodes(m, p);
    for (size_t i = p->labels.count; i-- > 1;)
        if (m->labels.wanted[i])
            m->labels.wanted[pp_label(p, (pp_id)i)->next] = true;
    for (size_t i = 1; i < p->frames.count; i++)
        if (m->frames.wanted[i])
            m->functions.wanted[pp_frame(p, (pp_id)i)->function] = true;
}

static void want_strings(struct maps *m, const struct pp_profile *p)
{
    bool *wanted = m->strings.wanted;
    for (size_t i = 1; i < p->functions.count; i++) {
        const struct pp_function *f = pp_function(p, (pp_id)i);
        if (m->functions.wanted[i])
            wanted[f->name] = wanted[f->system_name] = wanted[f->file] = true;
    }
    for (size_t i = 1; i < p->labels.count; i++) {
        const struct pp_label *l = pp_label(p, (pp_id)i);
        if (m->labels.wanted[i])
            wanted[l->key] = wanted[l->text] = wanted[l->unit] = true;
    }
    for (size_t i = 1; i < p->mappings.count; i++)
        wanted[pp_mapping(p, (pp_id)i)->file] = wanted[pp_mapping(p, (pp_id)i)->build_id] = true;
    const struct pp_about *a = &p->about;
    wanted[a->period_type] = wanted[a->period_unit] = wanted[a->default_type] = true;
    wanted[a->drop_frames] = wanted[a->keep_frames] = wanted[a->doc_url] = true;
}

void pp_compact(struct pp_profile **p)
{
    pp_compact_as(p, NULL);
}

void pp_compact_as(struct pp_profile **p, const pp_id *frames)
{
    struct pp_profile *old = *p, *new = pp_profile_new();
    struct target targets[PP_MAX_COLUMNS];
    match_columns(new, old, NULL, targets); /* cannot fail: `new` has none yet */
    struct maps m = {.frame_image = frames};
    init_maps(&m, old);
    init_wanted(&m, old);
    want_rows(&m, old);
    want_strings(&m, old);
    copy_tables(new, old, &m);
    merge_about(new, old, m.strings.ids);
    copy_samples(new, old, &m, targets); /* cannot overflow: the sums are the same */
    free_maps(&m);
    pp_profile_free(old);
    *p = new;
}
