#include "model/copy.h"

#include <stdlib.h>

#include "base/memory.h"

void pp_copy_init(struct pp_copy *c, struct pp_profile *dst, const struct pp_profile *src)
{
    *c = (struct pp_copy){.dst = dst, .src = src};
    c->strings.ids = pp_calloc(src->strings.count, sizeof(pp_id));
    c->mappings.ids = pp_calloc(src->mappings.count, sizeof(pp_id));
    c->functions.ids = pp_calloc(src->functions.count, sizeof(pp_id));
    c->frames.ids = pp_calloc(src->frames.count, sizeof(pp_id));
    c->labels.ids = pp_calloc(src->labels.count, sizeof(pp_id));
}

static void free_map(struct pp_row_map *m)
{
    free(m->ids);
    free(m->wanted);
}

void pp_copy_release(struct pp_copy *c)
{
    free_map(&c->strings);
    free_map(&c->mappings);
    free_map(&c->functions);
    free_map(&c->frames);
    free_map(&c->labels);
}

/* --- rows ---------------------------------------------------------------- */

static inline pp_id copy_string(struct pp_copy *c, pp_id id)
{
    return c->strings.ids[id] = pp_string(c->dst, pp_text(c->src, id));
}

pp_id pp_copy_string(struct pp_copy *c, pp_id id)
{
    pp_id copy = c->strings.ids[id];
    return copy || !id ? copy : copy_string(c, id);
}

static inline pp_id copy_mapping(struct pp_copy *c, pp_id id)
{
    struct pp_mapping row = *pp_mapping(c->src, id);
    if (c->align)
        return c->mappings.ids[id] = c->align[id].mapping;
    row.file = pp_copy_string(c, row.file);
    row.build_id = pp_copy_string(c, row.build_id);
    return c->mappings.ids[id] = pp_intern(&c->dst->mappings, &row);
}

pp_id pp_copy_mapping(struct pp_copy *c, pp_id id)
{
    pp_id copy = c->mappings.ids[id];
    return copy || !id ? copy : copy_mapping(c, id);
}

static inline pp_id copy_function(struct pp_copy *c, pp_id id)
{
    struct pp_function row = *pp_function(c->src, id);
    row.name = pp_copy_string(c, row.name);
    row.system_name = pp_copy_string(c, row.system_name);
    row.file = pp_copy_string(c, row.file);
    return c->functions.ids[id] = pp_intern(&c->dst->functions, &row);
}

pp_id pp_copy_function(struct pp_copy *c, pp_id id)
{
    pp_id copy = c->functions.ids[id];
    return copy || !id ? copy : copy_function(c, id);
}

static inline pp_id copy_frame(struct pp_copy *c, pp_id id)
{
    struct pp_frame row = *pp_frame(c->src, id);
    row.function = pp_copy_function(c, row.function);
    if (c->align && row.address)
        row.address += c->align[row.mapping].shift;
    row.mapping = pp_copy_mapping(c, row.mapping);
    return c->frames.ids[id] = pp_intern(&c->dst->frames, &row);
}

pp_id pp_copy_frame(struct pp_copy *c, pp_id id)
{
    pp_id copy = c->frames.ids[id];
    return copy || !id ? copy : copy_frame(c, id);
}

static pp_id copy_label(const struct pp_copy *c, struct pp_label row)
{
    row.next = c->labels.ids[row.next];
    row.key = c->strings.ids[row.key];
    row.text = c->strings.ids[row.text];
    row.unit = c->strings.ids[row.unit];
    return pp_intern(&c->dst->labels, &row);
}

static bool wants(const struct pp_row_map *m, size_t row)
{
    return !m->wanted || m->wanted[row];
}

/* Rows refer only to earlier tables, or to earlier rows of their own table. */
void pp_copy_tables(struct pp_copy *c)
{
    const struct pp_profile *src = c->src;
    for (size_t i = 1; i < src->strings.count; i++)
        if (wants(&c->strings, i))
            copy_string(c, (pp_id)i);
    for (size_t i = 1; i < src->mappings.count; i++)
        if (wants(&c->mappings, i))
            copy_mapping(c, (pp_id)i);
    for (size_t i = 1; i < src->functions.count; i++)
        if (wants(&c->functions, i))
            copy_function(c, (pp_id)i);
    for (size_t i = 1; i < src->frames.count; i++)
        if (wants(&c->frames, i))
            copy_frame(c, (pp_id)i);
    for (size_t i = 1; i < src->labels.count; i++)
        if (wants(&c->labels, i))
            c->labels.ids[i] = copy_label(c, *pp_label(src, (pp_id)i));
}

bool pp_copy_keeps_apart(const struct pp_copy *c, const pp_id *images, const bool *used)
{
    bool *taken = pp_calloc(c->dst->frames.count, sizeof *taken), apart = true;
    for (size_t i = 0; i < c->src->frames.count && apart; i++) {
        if (used && !used[i])
            continue;
        pp_id to = c->frames.ids[images ? images[i] : i];
        apart = !taken[to];
        taken[to] = true;
    }
    free(taken);
    return apart;
}

bool pp_copy_sample(struct pp_copy *c, pp_id id, pp_id node)
{
    struct pp_sample s = *pp_sample(c->src, id);
    s.node = node;
    s.labels = c->labels.ids[s.labels];
    pp_id new_id = pp_sample_id(c->dst, &s);
    if (c->samples)
        c->samples[id] = new_id;
    for (unsigned i = 0; i < c->src->ncolumns; i++) {
        int64_t value;
        if (__builtin_mul_overflow(c->src->columns[i].values[id], c->columns[i].factor, &value) ||
            !pp_add(c->dst, new_id, c->columns[i].column, value))
            return false;
    }
    return true;
}

/* --- descriptions of profiles -------------------------------------------- */

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

void pp_copy_about(struct pp_copy *c)
{
    struct pp_profile *dst = c->dst;
    const pp_id *strings = c->strings.ids;
    struct pp_about *a = &dst->about;
    const struct pp_about *b = &c->src->about;
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
    a->calls_only |= b->calls_only;
    merge_comments(dst, c->src);
}

/* --- columns ------------------------------------------------------------- */

static bool same_column(const struct pp_profile *a, unsigned ca, const struct pp_profile *b,
                        unsigned cb, enum pp_side side)
{
    const struct pp_column *x = &a->columns[ca], *y = &b->columns[cb];
    return x->side == side && pp_same(pp_text(a, x->type), pp_text(b, y->type)) &&
           pp_same(pp_text(a, x->unit), pp_text(b, y->unit));
}

/* The column of `dst` for column `c` of `src`; the second of two equal ones for the second. */
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

const char *pp_copy_columns(struct pp_copy *copy, const enum pp_side *side)
{
    struct pp_profile *dst = copy->dst;
    const struct pp_profile *src = copy->src;
    struct pp_column_target *targets = copy->columns;
    for (unsigned c = 0; c < src->ncolumns; c++) {
        const struct pp_column *from = &src->columns[c];
        int to = match_column(dst, src, c, side ? *side : from->side);
        if (to < 0)
            return "too many different columns";
        if (!pp_column_scale(dst, (unsigned)to, from->decimals))
            return "the sum of a column exceeds 64 bits";
        targets[c] = (struct pp_column_target){(unsigned)to, 1};
        for (unsigned d = from->decimals; d < dst->columns[to].decimals; d++)
            targets[c].factor *= 10;
    }
    return NULL;
}
