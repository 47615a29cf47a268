/*
 * speedscope_write.c - writes profiles for speedscope: one for each column and thread. Equal stacks
 * are one sample, and stacks with a common prefix are adjacent; in order of time, a viewer takes a
 * minute for what it otherwise opens in seconds. With times, samples are in their order.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/reader/frame_name.h"
#include "formats/viewers/speedscope.h"
#include "formats/viewers/threads.h"
#include "syntax/json_write.h"

/* speedscope recurses: it opens stacks of 8,000 frames, but not of 12,000. */
enum { MAX_STACK = 8000, KEPT_BELOW = 4000, KEPT_ABOVE = MAX_STACK - KEPT_BELOW - 1 };

/* speedscope takes more than a minute or so for more samples than this in order of time. */
enum { MANY_SAMPLES = 100000 };

/* The key of a frame in speedscope. */
struct shown {
    pp_id name, file; /* of w->texts */
    uint32_t line, column;
};

struct writer {
    const struct pp_profile *p;
    struct pp_json_writer json;
    struct pp_strings texts;
    struct pp_table frames; /* struct shown; written from row 1 on */
    pp_id *of_frame;        /* by frame of the profile: the row */
    struct pp_table tree;   /* of stacks: a parent and a frame */
    pp_id *of_node;         /* by node of the profile: the row of the tree */
    uint32_t *rank;         /* by row of the tree: its position, with common prefixes adjacent */
    uint32_t *depth;        /* by row of the tree */
    pp_id *path;            /* of the stack being written */
    struct pp_threads threads;
    pp_id **samples; /* by column: its samples by thread, and where those of each begin */
    size_t **starts;
    bool timed;
    struct part { /* a profile to write */
        unsigned column;
        pp_id thread;
        int64_t weight;
        bool first; /* it has the column that is shown first */
    } * parts;
    size_t nparts;
};

/* --- frames and stacks --------------------------------------------------- */

static pp_id text(struct writer *w, struct pp_span s)
{
    return pp_intern_string(&w->texts, s);
}

static void make_frames(struct writer *w)
{
    const struct pp_profile *p = w->p;
    struct pp_out room;
    pp_out_memory(&room, NULL);
    for (size_t i = 0; i < p->frames.count; i++) {
        const struct pp_frame *f = pp_frame(p, (pp_id)i);
        struct shown row = {
            .name = text(w, pp_name_of_frame(p, (pp_id)i, &room)),
            .file = text(w, pp_text(p, pp_function(p, f->function)->file)),
            .line = f->line,
            .column = f->line ? f->column : 0,
        };
        w->of_frame[i] = pp_intern(&w->frames, &row);
    }
    pp_out_release(&room);
}

static void make_tree(struct writer *w)
{
    const struct pp_profile *p = w->p;
    for (size_t n = 1; n < p->nodes.count; n++) {
        const struct pp_node *node = pp_node(p, (pp_id)n);
        bool fresh = false;
        w->of_node[n] =
            pp_intern_child(&w->tree, w->of_node[node->parent], w->of_frame[node->frame], &fresh);
    }
    w->depth = pp_calloc(w->tree.count, sizeof *w->depth);
    for (size_t n = 1; n < w->tree.count; n++) {
        const struct pp_node *node = pp_row(&w->tree, (pp_id)n);
        w->depth[n] = w->depth[node->parent] + 1;
    }
}

/* Numbers the rows of the tree in preorder. */
static void rank_tree(struct writer *w)
{
    size_t count = w->tree.count, n = 0;
    pp_id *last = pp_calloc(count, sizeof *last), *before = pp_calloc(count, sizeof *before);
    w->rank = pp_calloc(count, sizeof *w->rank);
    for (size_t i = 1; i < count; i++) { /* the children of each, last first */
        pp_id parent = ((const struct pp_node *)pp_row(&w->tree, (pp_id)i))->parent;
        before[i] = last[parent];
        last[parent] = (pp_id)i;
    }
    pp_id *stack = pp_calloc(count, sizeof *stack);
    size_t depth = 1; /* the root */
    while (depth) {
        pp_id at = stack[--depth];
        w->rank[at] = (uint32_t)n++;
        for (pp_id child = last[at]; child; child = before[child])
            stack[depth++] = child;
    }
    free(stack);
    free(last);
    free(before);
}

static pp_id elided_frame(struct writer *w, size_t frames)
{
    char name[48];
    struct pp_out room;
    pp_out_memory(&room, NULL);
    pp_putf(&room, "(%zu frames elided)", frames);
    size_t n = room.len < sizeof name ? room.len : sizeof name;
    memcpy(name, room.buf, n);
    pp_out_release(&room);
    struct shown row = {.name = text(w, (struct pp_span){name, name + n})};
    return pp_intern(&w->frames, &row);
}

/* The frame for elided ones must be known before frames are written; users are warned. */
static void note_deep_stacks(struct writer *w)
{
    size_t deep = 0;
    for (size_t s = 0; s < w->p->samples.count; s++) {
        size_t depth = w->depth[w->of_node[pp_sample(w->p, (pp_id)s)->node]];
        if (depth <= MAX_STACK)
            continue;
        deep++;
        elided_frame(w, depth - KEPT_BELOW - KEPT_ABOVE);
    }
    if (deep)
        pp_warning(
            w->json.out->diag, w->json.out->name,
            "%zu stacks are deeper than the %d frames that speedscope opens: what is between "
            "is left out",
            deep, MAX_STACK);
}

/* --- which profiles ------------------------------------------------------ */

static enum pp_side side_of(const struct pp_profile *p)
{
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (p->columns[c].side == PP_ONLY)
            return PP_ONLY;
    return PP_AFTER;
}

static bool check_column(const struct writer *w, unsigned c)
{
    const struct pp_column *column = &w->p->columns[c];
    for (size_t s = 0; s < w->p->samples.count; s++)
        if (column->values[s] < 0)
            return pp_error(w->json.out->diag, w->json.out->name,
                            "column '%.*s' has negative values, which speedscope refuses; firefox "
                            "and pprof can hold them",
                            PP_SHOW(pp_text(w->p, column->type)));
    return true;
}

/* The column that is shown first, then by descending weight. */
static int by_weight(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    if (x->first != y->first)
        return x->first ? -1 : 1;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x->thread < y->thread ? -1 : x->thread > y->thread;
}

static int64_t weight_of(const struct writer *w, unsigned column, pp_id thread)
{
    int64_t sum = 0;
    for (size_t i = w->starts[column][thread]; i < w->starts[column][thread + 1]; i++)
        sum += w->p->columns[column].values[w->samples[column][i]];
    return sum;
}

static void sort_column(struct writer *w, unsigned c)
{
    size_t threads = w->threads.names.count;
    w->starts[c] = pp_calloc(threads + 1, sizeof **w->starts);
    w->samples[c] = pp_samples_by_thread(w->p, w->p->columns[c].values, w->threads.of_labels,
                                         threads, w->starts[c]);
}

static void add_part(struct writer *w, unsigned column, pp_id thread, int first)
{
    int64_t weight = weight_of(w, column, thread);
    if (weight)
        w->parts[w->nparts++] = (struct part){column, thread, weight, (int)column == first};
}

static bool choose_parts(struct writer *w)
{
    const struct pp_profile *p = w->p;
    enum pp_side side = side_of(p);
    int first = pp_column_select(p, NULL);
    size_t threads = w->threads.names.count;
    w->parts = pp_calloc((size_t)p->ncolumns * threads + 1, sizeof *w->parts);
    for (unsigned c = 0; c < p->ncolumns; c++) {
        if (p->columns[c].side != side)
            continue;
        if (!check_column(w, c))
            return false;
        sort_column(w, c);
        for (size_t t = 0; t < threads; t++)
            add_part(w, c, (pp_id)t, first);
    }
    if (first >= 0 && !w->nparts) /* an empty profile is one, too */
        w->parts[w->nparts++] = (struct part){(unsigned)first, 0, 0, true};
    qsort(w->parts, w->nparts, sizeof *w->parts, by_weight);
    return true;
}

/* --- what is written ----------------------------------------------------- */

static void put_text(struct writer *w, const char *key, struct pp_span value)
{
    pp_json_key(&w->json, key);
    pp_json_put_text(&w->json, value);
}

static void put_frames(struct writer *w)
{
    struct pp_json_writer *j = &w->json;
    pp_json_key(j, "shared");
    pp_json_open(j, '{');
    pp_json_key(j, "frames");
    pp_json_open(j, '[');
    for (size_t i = 1; i < w->frames.count; i++) {
        const struct shown *f = pp_row(&w->frames, (pp_id)i);
        pp_json_open(j, '{');
        put_text(w, "name", pp_string_at(&w->texts, f->name));
        if (f->file)
            put_text(w, "file", pp_string_at(&w->texts, f->file));
        if (f->line) {
            pp_json_key(j, "line");
            pp_json_put_u64(j, f->line);
        }
        if (f->column) {
            pp_json_key(j, "col");
            pp_json_put_u64(j, f->column);
        }
        pp_json_close(j, '}');
    }
    pp_json_close(j, ']');
    pp_json_close(j, '}');
}

/* A sample of a part: a stack and its weight. */
struct weighed {
    pp_id stack; /* of the tree */
    uint32_t rank;
    int64_t weight;
};

static int by_rank(const void *a, const void *b)
{
    const struct weighed *x = a, *y = b;
    return x->rank < y->rank ? -1 : x->rank > y->rank;
}

/* Collects the samples of a part, adjacent equal stacks as one. Returns their number. */
static size_t weigh(const struct writer *w, const struct part *part, struct weighed *list)
{
    if (!part->weight)
        return 0;
    const int64_t *values = w->p->columns[part->column].values;
    const pp_id *samples = w->samples[part->column];
    const size_t *starts = w->starts[part->column];
    size_t n = 0, joined = 0;
    for (size_t i = starts[part->thread]; i < starts[part->thread + 1]; i++) {
        pp_id stack = w->of_node[pp_sample(w->p, samples[i])->node];
        list[n++] = (struct weighed){stack, w->rank[stack], values[samples[i]]};
    }
    if (!w->timed)
        qsort(list, n, sizeof *list, by_rank);
    for (size_t i = 0; i < n; i++) {
        if (joined && list[joined - 1].stack == list[i].stack)
            list[joined - 1].weight += list[i].weight;
        else
            list[joined++] = list[i];
    }
    return joined;
}

static void put_index(struct writer *w, pp_id frame)
{
    pp_json_put_u64(&w->json, frame - 1);
}

static void put_stack(struct writer *w, pp_id stack)
{
    size_t depth = w->depth[stack], at = depth;
    for (pp_id n = stack; n; n = ((const struct pp_node *)pp_row(&w->tree, n))->parent)
        w->path[--at] = ((const struct pp_node *)pp_row(&w->tree, n))->frame;
    pp_json_open(&w->json, '[');
    for (size_t i = 0; i < depth; i++) {
        if (depth > MAX_STACK && i == KEPT_BELOW) {
            put_index(w, elided_frame(w, depth - KEPT_BELOW - KEPT_ABOVE));
            i = depth - KEPT_ABOVE;
        }
        put_index(w, w->path[i]);
    }
    pp_json_close(&w->json, ']');
}

/* speedscope's name of a unit, or "none". */
static const char *unit_of(const struct writer *w, const struct pp_column *c)
{
    const struct pp_speedscope_unit *unit = pp_speedscope_unit_named(pp_text(w->p, c->unit));
    return unit ? unit->name : "none";
}

/* Writes the member "pp", which says what speedscope cannot: which column this is. */
static void put_own(struct writer *w, const struct part *part)
{
    const struct pp_column *c = &w->p->columns[part->column];
    pp_json_key(&w->json, "pp");
    pp_json_open(&w->json, '{');
    put_text(w, "column", pp_text(w->p, c->type));
    if (strcmp(unit_of(w, c), "none") == 0)
        put_text(w, "unit", pp_text(w->p, c->unit));
    if (part->thread)
        put_text(w, "thread", pp_string_at(&w->threads.names, part->thread));
    pp_json_close(&w->json, '}');
}

static void put_samples(struct writer *w, const struct part *part, struct weighed *list)
{
    const struct pp_column *c = &w->p->columns[part->column];
    size_t n = weigh(w, part, list);
    if (w->timed && n > MANY_SAMPLES)
        pp_warning(w->json.out->diag, w->json.out->name,
                   "%zu samples in order of time: speedscope may not open them; without --times "
                   "equal stacks are one",
                   n);
    pp_json_key(&w->json, "samples");
    pp_json_open(&w->json, '[');
    for (size_t i = 0; i < n; i++)
        put_stack(w, list[i].stack);
    pp_json_close(&w->json, ']');
    pp_json_key(&w->json, "weights");
    pp_json_open(&w->json, '[');
    for (size_t i = 0; i < n; i++)
        pp_json_put_decimal(&w->json, list[i].weight, c->decimals);
    pp_json_close(&w->json, ']');
}

static void put_part(struct writer *w, const struct part *part, struct weighed *list)
{
    const struct pp_column *c = &w->p->columns[part->column];
    struct pp_json_writer *j = &w->json;
    pp_json_open(j, '{');
    put_text(w, "type", pp_str("sampled"));
    put_text(w, "name",
             part->thread ? pp_string_at(&w->threads.names, part->thread) : pp_text(w->p, c->type));
    put_text(w, "unit", pp_str(unit_of(w, c)));
    pp_json_key(j, "startValue");
    pp_json_put_u64(j, 0);
    pp_json_key(j, "endValue");
    pp_json_put_decimal(j, part->weight, c->decimals);
    put_own(w, part);
    put_samples(w, part, list);
    pp_json_close(j, '}');
}

static void put_document(struct writer *w)
{
    struct pp_json_writer *j = &w->json;
    struct weighed *list = pp_calloc(w->p->samples.count, sizeof *list);
    pp_json_open(j, '{');
    put_text(w, "$schema", pp_str("https://www.speedscope.app/file-format-schema.json"));
    put_text(w, "exporter", pp_str("pp"));
    put_frames(w);
    pp_json_key(j, "profiles");
    pp_json_open(j, '[');
    for (size_t i = 0; i < w->nparts; i++)
        put_part(w, &w->parts[i], list);
    pp_json_close(j, ']');
    pp_json_close(j, '}');
    pp_putc(j->out, '\n');
    free(list);
}

/* --- entry point --------------------------------------------------------- */

static void init(struct writer *w)
{
    const struct pp_profile *p = w->p;
    uint32_t deepest = 0;
    pp_strings_init(&w->texts);
    pp_table_init(&w->frames, sizeof(struct shown));
    pp_table_init_tree(&w->tree);
    w->of_frame = pp_calloc(p->frames.count, sizeof *w->of_frame);
    w->of_node = pp_calloc(p->nodes.count, sizeof *w->of_node);
    make_frames(w);
    make_tree(w);
    rank_tree(w);
    for (size_t i = 0; i < w->tree.count; i++)
        deepest = w->depth[i] > deepest ? w->depth[i] : deepest;
    w->path = pp_calloc(deepest + 1, sizeof *w->path);
    pp_threads_init(&w->threads, p);
    w->timed = pp_has_times(p);
    w->starts = pp_calloc(p->ncolumns, sizeof *w->starts);
    w->samples = pp_calloc(p->ncolumns, sizeof *w->samples);
}

static void release(struct writer *w)
{
    pp_strings_release(&w->texts);
    pp_table_release(&w->frames);
    pp_table_release(&w->tree);
    pp_threads_release(&w->threads);
    free(w->of_frame);
    free(w->of_node);
    free(w->rank);
    free(w->depth);
    free(w->path);
    for (unsigned c = 0; c < w->p->ncolumns; c++) {
        free(w->samples[c]);
        free(w->starts[c]);
    }
    free(w->samples);
    free(w->starts);
    free(w->parts);
}

bool pp_speedscope_write(const struct pp_profile *p, struct pp_out *out)
{
    struct writer w = {.p = p, .json = {out}};
    if (!p->ncolumns)
        return pp_error(out->diag, out->name, "speedscope needs a column of values");
    init(&w);
    bool ok = choose_parts(&w);
    if (ok) {
        note_deep_stacks(&w);
        put_document(&w);
    }
    release(&w);
    return ok && !out->failed;
}
