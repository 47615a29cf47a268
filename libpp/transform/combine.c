#include "transform/combine.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/wide.h"
#include "model/copy.h"
#include "model/merge.h"
#include "transform/spelling.h"
#include "transform/units.h"

/* The key by which mappings of different runs are the same. */
struct key {
    uint64_t size, offset; /* the size in bytes of whole pages */
    uint64_t start;        /* 0 if there is an identity */
    pp_id identity;        /* string of `all`: the build id, else the file */
    uint32_t addresses;    /* enum addresses */
};

/* Kinds of addresses in a mapping: one mapping cannot have two kinds. No key is all zero. */
enum addresses {
    PLACED = 1 << 0,
    RELATIVE = 1 << 1, /* to nothing: the mapping has no place in memory */
    UNBOUNDED = 1 << 2,
    OF_RETURNS = 1 << 3,
    UNPLACED = 1 << 4, /* at an unknown place in memory: they stay as they are */
};

/* What is known of mappings with this key. */
struct same {
    uint64_t start; /* the base of the addresses in `all` */
    uint64_t lowest, size;
    pp_id file, build_id;
    uint32_t flags;
    pp_id mapping; /* of `all` */
};

struct pp_combined {
    struct pp_profile *all;
    struct pp_table keys; /* its ids are indices of `same` */
    struct same *same;
    size_t same_cap;
    pp_id program;                           /* the key of the first mapping */
    uint64_t profiles, have[PP_MAX_COLUMNS]; /* of profiles, and of those with each column */
};

struct pp_combined *pp_combine_new(void)
{
    struct pp_combined *c = pp_calloc(1, sizeof *c);
    c->all = pp_profile_new();
    pp_table_init(&c->keys, sizeof(struct key));
    return c;
}

void pp_combine_free(struct pp_combined *c)
{
    if (!c)
        return;
    pp_profile_free(c->all);
    pp_table_release(&c->keys);
    free(c->same);
    free(c);
}

/* --- units --------------------------------------------------------------- */

/* The finer of two comparable units; of two names for one unit, the lesser. */
static struct pp_span finer(struct pp_span a, struct pp_span b)
{
    int64_t x = pp_unit(a).factor, y = pp_unit(b).factor;
    if (x != y)
        return x < y ? a : b;
    return pp_compare_spans(a, b) <= 0 ? a : b;
}

static int64_t ratio(struct pp_span from, struct pp_span to)
{
    return pp_unit(from).factor / pp_unit(to).factor;
}

static bool multiply_column(struct pp_profile *p, unsigned column, int64_t by)
{
    struct pp_column *c = &p->columns[column];
    int64_t weight; /* it bounds every value, so only it is checked */
    if (__builtin_mul_overflow(c->weight, by, &weight))
        return false;
    c->weight = weight;
    for (size_t s = 0; by != 1 && s < p->samples.count; s++)
        c->values[s] *= by;
    return true;
}

static bool set_unit(struct pp_profile *p, unsigned column, struct pp_span unit)
{
    struct pp_span old = pp_text(p, p->columns[column].unit);
    if (!multiply_column(p, column, ratio(old, unit)))
        return false;
    p->columns[column].unit = pp_string(p, unit);
    return true;
}

/* Whether two columns measure the same, possibly in different units. */
static bool measure_the_same(const struct pp_profile *a, unsigned ca, const struct pp_profile *b,
                             unsigned cb)
{
    const struct pp_column *x = &a->columns[ca], *y = &b->columns[cb];
    return x->side == y->side && pp_same(pp_text(a, x->type), pp_text(b, y->type)) &&
           pp_units_compare(pp_text(a, x->unit), pp_text(b, y->unit));
}

/* The column of `a` for column `c` of `b`; the second of equal ones for the second. Or -1. */
static int counterpart(const struct pp_profile *a, const struct pp_profile *b, unsigned c)
{
    unsigned nth = 0;
    for (unsigned i = 0; i < c; i++)
        nth += measure_the_same(b, i, b, c);
    for (unsigned i = 0; i < a->ncolumns; i++)
        if (measure_the_same(a, i, b, c) && nth-- == 0)
            return (int)i;
    return -1;
}

static bool align_columns(struct pp_profile *all, struct pp_profile *p)
{
    for (unsigned c = 0; c < p->ncolumns; c++) {
        int to = counterpart(all, p, c);
        if (to < 0)
            continue;
        struct pp_span a = pp_text(all, all->columns[to].unit), b = pp_text(p, p->columns[c].unit);
        struct pp_span unit = finer(a, b);
        if (!set_unit(all, (unsigned)to, unit) || !set_unit(p, c, unit))
            return false;
    }
    return true;
}

/*
 * Whether the sums of the common columns stay within 64 bits. The weights bound all sums; values
 * count with the finer decimals of the two.
 */
static bool sum_fits(const struct pp_column *a, const struct pp_column *b)
{
    int64_t x = a->weight, y = b->weight;
    for (unsigned d = a->decimals; d < b->decimals; d++)
        if (__builtin_mul_overflow(x, 10, &x))
            return false;
    for (unsigned d = b->decimals; d < a->decimals; d++)
        if (__builtin_mul_overflow(y, 10, &y))
            return false;
    return !__builtin_add_overflow(x, y, &x);
}

static bool sums_fit(const struct pp_profile *all, const struct pp_profile *p)
{
    for (unsigned c = 0; c < p->ncolumns; c++) {
        int to = counterpart(all, p, c);
        if (to >= 0 && !sum_fits(&all->columns[to], &p->columns[c]))
            return false;
    }
    return true;
}

static void set_period_unit(struct pp_profile *p, struct pp_span unit)
{
    struct pp_about *a = &p->about;
    if (__builtin_mul_overflow(a->period, ratio(pp_text(p, a->period_unit), unit), &a->period))
        a->period = INT64_MAX;
    a->period_unit = pp_string(p, unit);
}

static bool same_period(const struct pp_profile *a, const struct pp_profile *b)
{
    return pp_same(pp_text(a, a->about.period_type), pp_text(b, b->about.period_type)) &&
           pp_units_compare(pp_text(a, a->about.period_unit), pp_text(b, b->about.period_unit));
}

/* A period without a type is not comparable to others. */
static void align_periods(struct pp_profile *all, struct pp_profile *p)
{
    if (!p->about.period_type)
        p->about.period = p->about.period_unit = 0;
    if (!same_period(all, p))
        return;
    struct pp_span unit =
        finer(pp_text(all, all->about.period_unit), pp_text(p, p->about.period_unit));
    set_period_unit(all, unit);
    set_period_unit(p, unit);
}

/* --- mappings ------------------------------------------------------------ */

static uint64_t whole_pages(uint64_t size)
{
    enum { PAGE = 4096 };
    return size > UINT64_MAX - PAGE ? UINT64_MAX : (size + PAGE - 1) / PAGE * PAGE;
}

/* The lesser of two strings, either of which may be missing. */
static pp_id lesser(const struct pp_profile *p, pp_id a, pp_id b)
{
    if (!a || !b)
        return a ? a : b;
    return pp_compare_spans(pp_text(p, a), pp_text(p, b)) <= 0 ? a : b;
}

static uint32_t addresses_of(const struct pp_mapping *m)
{
    uint32_t addresses = m->flags & PP_CALLERS_RETURN ? OF_RETURNS : 0;
    if (m->flags & PP_START_UNKNOWN)
        return addresses | UNPLACED;
    if (!m->start && (!m->limit || m->limit == UINT64_MAX))
        return addresses | RELATIVE;
    return addresses | (m->limit ? PLACED : UNBOUNDED);
}

/* 0 if unknown. */
static uint64_t size_of(const struct pp_mapping *m)
{
    return m->limit ? m->limit - m->start : 0;
}

static pp_id key_of(struct pp_combined *c, const struct pp_profile *p, const struct pp_mapping *m)
{
    struct pp_span identity = pp_text(p, m->build_id ? m->build_id : m->file);
    struct key key = {
        .size = whole_pages(size_of(m)),
        .offset = m->offset,
        .start = pp_empty(identity) ? m->start : 0,
        .identity = pp_string(c->all, identity),
        .addresses = addresses_of(m),
    };
    return pp_intern(&c->keys, &key);
}

/* Adds what a mapping of `p` says; the first one with its key goes into `all` unchanged. */
static pp_id note_mapping(struct pp_combined *c, const struct pp_profile *p, pp_id id)
{
    struct pp_mapping m = *pp_mapping(p, id);
    size_t known = c->keys.count;
    pp_id key = key_of(c, p, &m);
    uint64_t size = size_of(&m);
    m.file = pp_string(c->all, pp_text(p, m.file));
    m.build_id = pp_string(c->all, pp_text(p, m.build_id));
    m.copy = 0;
    PP_GROW(c->same, c->keys.count, c->same_cap);
    struct same *s = &c->same[key];
    if (c->keys.count > known)
        *s = (struct same){
            m.start, m.start, size, m.file, m.build_id, m.flags, pp_intern(&c->all->mappings, &m)};
    s->lowest = m.start < s->lowest ? m.start : s->lowest;
    s->size = size > s->size ? size : s->size;
    s->file = lesser(c->all, s->file, m.file);
    s->flags &= m.flags;
    return key;
}

static bool has_identity(const struct key *k)
{
    return k->identity != 0;
}

/*
 * The order of mappings. It does not depend on what differs between runs, such as the lowest start.
 */
static int compare_keys(const struct pp_profile *p, const struct key *a, const struct key *b)
{
    if (has_identity(a) != has_identity(b))
        return has_identity(a) ? -1 : 1;
    int order = pp_compare_spans(pp_text(p, a->identity), pp_text(p, b->identity));
    if (order)
        return order;
    if (a->offset != b->offset)
        return a->offset < b->offset ? -1 : 1;
    if (a->size != b->size)
        return a->size < b->size ? -1 : 1;
    if (a->addresses != b->addresses)
        return a->addresses < b->addresses ? -1 : 1;
    return (a->start > b->start) - (a->start < b->start);
}

static const struct key *key_at(const struct pp_combined *c, pp_id key)
{
    return pp_row(&c->keys, key);
}

static void note_program(struct pp_combined *c, pp_id key)
{
    if (!c->program || compare_keys(c->all, key_at(c, key), key_at(c, c->program)) < 0)
        c->program = key;
}

/*
 * A mapping without any information stands for none: pprof adds one to profiles without mappings.
 */
static bool says_nothing(const struct pp_mapping *m)
{
    return !m->start && !m->limit && !m->offset && !m->file && !m->build_id;
}

/* The mapping of `all` for each mapping of `p`. The caller frees it. */
static struct pp_alignment *align_mappings(struct pp_combined *c, const struct pp_profile *p)
{
    struct pp_alignment *align = pp_calloc(p->mappings.count, sizeof *align);
    bool first = true;
    for (pp_id id = 1; id < p->mappings.count; id++) {
        if (says_nothing(pp_mapping(p, id)))
            continue;
        pp_id key = note_mapping(c, p, id);
        align[id].mapping = c->same[key].mapping;
        align[id].shift = c->same[key].start - pp_mapping(p, id)->start;
        if (first)
            note_program(c, key);
        first = false;
    }
    return align;
}

/* --- descriptions of profiles -------------------------------------------- */

/*
 * Of several values the least is taken. The default column is named even if it was implied by being
 * the last.
 */
static void align_about(struct pp_profile *all, const struct pp_profile *p)
{
    struct pp_about *a = &all->about;
    const struct pp_about *b = &p->about;
    pp_id last = p->ncolumns ? p->columns[p->ncolumns - 1].type : 0;
    const struct {
        pp_id *mine;
        pp_id theirs;
    } said[] = {
        {&a->default_type, b->default_type ? b->default_type : last},
        {&a->drop_frames, b->drop_frames},
        {&a->keep_frames, b->keep_frames},
        {&a->doc_url, b->doc_url},
        {&a->period_type, b->period_type},
        {&a->period_unit, b->period_unit},
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        *said[i].mine = lesser(all, *said[i].mine, pp_string(all, pp_text(p, said[i].theirs)));
}

/* --- adding -------------------------------------------------------------- */

bool pp_combine_fits(struct pp_combined *c, struct pp_profile *p, const char **why)
{
    pp_agree_on_types(c->all, p);
    const struct pp_about *a = &c->all->about, *b = &p->about;
    *why = NULL;
    if (a->period_type && b->period_type && !same_period(c->all, p))
        *why = "its period is of another type";
    bool shared = !c->profiles;
    for (unsigned i = 0; i < p->ncolumns; i++) {
        int to = counterpart(c->all, p, i);
        shared = shared || (to >= 0 && c->have[to] == c->profiles);
    }
    if (!shared)
        *why = "it has no column that the others have";
    return !*why;
}

static void count_columns(struct pp_combined *c, const struct pp_profile *p)
{
    c->profiles++;
    for (unsigned i = 0; i < p->ncolumns; i++) {
        int to = counterpart(c->all, p, i);
        if (to >= 0)
            c->have[to]++;
    }
}

bool pp_combine(struct pp_combined *c, struct pp_profile *p, const char **why)
{
    return pp_combine_traced(c, p, NULL, why);
}

bool pp_combine_traced(struct pp_combined *c, struct pp_profile *p, pp_id *samples,
                       const char **why)
{
    *why = "the sum of a column exceeds 64 bits";
    pp_agree_on_types(c->all, p);
    if (!align_columns(c->all, p) || !sums_fit(c->all, p))
        return false; /* and nothing was added */
    align_periods(c->all, p);
    align_about(c->all, p);
    struct pp_alignment *align = align_mappings(c, p);
    bool ok = pp_merge_aligned(c->all, p, align, samples, why);
    free(align);
    if (ok)
        count_columns(c, p);
    return ok;
}

/* --- the end ------------------------------------------------------------- */

void pp_combine_number(struct pp_combined *c)
{
    pp_number_samples(c->all);
}

/* The mapping for all those with one key. */
static struct pp_mapping final_mapping(const struct same *s, const struct key *k)
{
    return (struct pp_mapping){
        .start = s->lowest,
        .limit = s->size ? s->lowest + s->size : 0,
        .offset = k->offset,
        .file = s->file,
        .build_id = s->build_id,
        .flags = s->flags,
    };
}

static pp_id add_final(struct pp_combined *c, struct pp_profile *out, pp_id key)
{
    struct pp_mapping m = final_mapping(&c->same[key], key_at(c, key));
    m.file = pp_string(out, pp_text(c->all, m.file));
    m.build_id = pp_string(out, pp_text(c->all, m.build_id));
    return pp_intern(&out->mappings, &m);
}

/* Keys and mappings have the same numbers: both are added when a key first occurs. */
static struct pp_profile *with_final_mappings(struct pp_combined *c)
{
    struct pp_profile *out = pp_profile_new();
    struct pp_alignment *align = pp_calloc(c->all->mappings.count, sizeof *align);
    const char *why;
    if (c->program)
        add_final(c, out, c->program);
    for (pp_id key = 1; key < c->keys.count; key++) {
        const struct same *s = &c->same[key];
        align[s->mapping].mapping = add_final(c, out, key);
        align[s->mapping].shift = s->lowest - s->start;
    }
    pp_merge_aligned(out, c->all, align, NULL, &why); /* cannot overflow: the sums do not change */
    free(align);
    return out;
}

/* Keeps only the columns that all profiles had. */
static void keep_common(struct pp_combined *c, struct pp_diag *diag)
{
    struct pp_profile *p = c->all;
    unsigned kept = 0;
    for (unsigned i = 0; i < p->ncolumns; i++) {
        if (c->have[i] == c->profiles) {
            p->columns[kept++] = p->columns[i];
            continue;
        }
        if (diag)
            pp_warning(diag, NULL, "column '%.*s' is in %llu of %llu profiles, and is left out",
                       PP_SHOW(pp_text(p, p->columns[i].type)), (unsigned long long)c->have[i],
                       (unsigned long long)c->profiles);
        free(p->columns[i].values);
    }
    p->ncolumns = kept;
}

struct pp_profile *pp_combine_end(struct pp_combined *c, bool common, struct pp_diag *diag)
{
    if (common)
        keep_common(c, diag);
    struct pp_profile *out = c->profiles ? with_final_mappings(c) : NULL;
    pp_combine_free(c);
    return out;
}

/* --- weights and labels -------------------------------------------------- */

bool pp_weigh(struct pp_profile *p, int64_t up, int64_t down)
{
    for (unsigned c = 0; c < p->ncolumns; c++) {
        struct pp_column *column = &p->columns[c];
        column->weight = 0;
        for (pp_id s = 0; s < p->samples.count; s++) {
            int64_t value;
            if (!pp_mul_div(column->values[s], up, down, true, &value))
                return false;
            column->values[s] = 0;
            if (!pp_add(p, s, c, value))
                return false;
        }
    }
    return true;
}

void pp_label_all(struct pp_profile *p, struct pp_span key, struct pp_span text)
{
    struct pp_label *labels = NULL, own = {.key = pp_string(p, key), .text = pp_string(p, text)};
    size_t cap = 0, sets = p->labels.count;
    pp_id *image = pp_calloc(sets, sizeof *image);
    for (pp_id set = 0; set < sets; set++) {
        size_t n = 0;
        for (pp_id id = set; id; id = pp_label(p, id)->next) {
            PP_GROW(labels, n + 1, cap);
            if (pp_label(p, id)->key != own.key)
                labels[n++] = *pp_label(p, id);
        }
        PP_GROW(labels, n + 1, cap);
        labels[n++] = own;
        image[set] = pp_label_set(p, labels, n);
    }
    pp_move_labels(p, image);
    free(image);
    free(labels);
}
