/*
 * Where in the code samples were taken, and the source there: the sections PLACES and SOURCE of a
 * page's data.
 *
 *     PLACES    places: count; the function's name; file; line; module; address. All but the line
 * and the address are texts; 0 is unknown nodes, as NODES has them but each of a place: count; how
 * many levels up; place, from 0 for each stack the number of its node, less that of the stack
 * before ~; 0: none SOURCE    files: count; path (a text); how many parts; of each its first line,
 * from 1, and how many lines. Then all lines: count; lengths; the bytes
 *
 * Source is of functions that have a thousandth of all or more, with some lines around those that
 * were seen, the heaviest first as long as there is room.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "model/totals.h"
#include "render/html_data_private.h"

/* The walk is made twice: for the numbers, and again for what is put. */
void pp_html_number_places(struct pp_html_writer *w)
{
    const struct pp_profile *p = w->options->places->p;
    struct pp_html_walk walk = pp_html_walk_nodes(p);
    w->place_numbers = pp_calloc(p->nodes.count, sizeof *w->place_numbers);
    for (size_t i = 0; i < walk.count; i++)
        w->place_numbers[walk.nodes[i]] = (pp_id)(i + 1);
    free(walk.nodes);
    free(walk.ups);
}

/* --- places -------------------------------------------------------------- */

static const struct pp_function *function_of(const struct pp_profile *p, size_t frame)
{
    return pp_function(p, pp_frame(p, (pp_id)frame)->function);
}

static void put_frames(struct pp_html_writer *w, const struct pp_profile *p)
{
    size_t n = p->frames.count;
    pp_html_put(&w->rows, n);
    for (size_t f = 0; f < n; f++)
        pp_html_put_text(w, pp_text(p, function_of(p, f)->name));
    for (size_t f = 0; f < n; f++)
        pp_html_put_text(w, pp_text(p, function_of(p, f)->file));
    for (size_t f = 0; f < n; f++)
        pp_html_put(&w->rows, pp_frame(p, (pp_id)f)->line);
    for (size_t f = 0; f < n; f++)
        pp_html_put_text(w, pp_text(p, pp_mapping(p, pp_frame(p, (pp_id)f)->mapping)->file));
    for (size_t f = 0; f < n; f++)
        pp_html_put(&w->rows, pp_frame(p, (pp_id)f)->address);
}

static void put_nodes(struct pp_html_writer *w, const struct pp_profile *p)
{
    struct pp_html_walk walk = pp_html_walk_nodes(p);
    pp_html_put_walk(w, p, &walk);
    free(walk.nodes);
    free(walk.ups);
}

/* Samples of a stack are all of one node. */
static void put_stacks(struct pp_html_writer *w)
{
    pp_id *of_stack = pp_calloc(w->nstacks + 1, sizeof *of_stack);
    int64_t before = 0;
    for (size_t s = 0; s < w->p->samples.count; s++) {
        pp_id copy = pp_sample(w->p, (pp_id)s)->copy;
        if (w->stack_of[s] != UINT32_MAX && copy)
            of_stack[w->stack_of[s]] = w->place_numbers[copy - 1];
    }
    for (size_t i = 0; i < w->nstacks; i++) {
        pp_html_put_signed(&w->rows, of_stack[i] - before);
        before = of_stack[i];
    }
    free(of_stack);
}

/* --- which source ---------------------------------------------------------- */

/* The lines of a function in a file that are wanted. */
struct wanted {
    pp_id file; /* a string of the profile */
    uint32_t first, last;
    int64_t weight;
};

enum { MARGIN = 5 };

static int by_weight(const void *a, const void *b)
{
    const struct wanted *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

static int by_place(const void *a, const void *b)
{
    const struct wanted *x = a, *y = b;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* Of each function with a file its lines and what it weighs; direct recursion counts once. The list
 * is the caller's. */
static struct wanted *weigh_functions(const struct pp_profile *p, unsigned column)
{
    struct wanted *list = pp_calloc(p->functions.count, sizeof *list);
    int64_t *totals = pp_totals(p, column);
    for (size_t n = 1; n < p->nodes.count; n++) {
        const struct pp_node *node = pp_node(p, (pp_id)n);
        const struct pp_frame *frame = pp_frame(p, node->frame);
        const struct pp_function *function = pp_function(p, frame->function);
        struct wanted *w = &list[frame->function];
        if (!frame->line || !function->file || !totals[n])
            continue;
        if (!w->last || frame->line < w->first)
            w->first = frame->line;
        if (frame->line > w->last)
            w->last = frame->line;
        w->file = function->file;
        if (pp_frame(p, pp_node(p, node->parent)->frame)->function != frame->function)
            w->weight += totals[n] < 0 ? -totals[n] : totals[n];
    }
    free(totals);
    return list;
}

/* Moves those that weigh enough to the front, the heaviest first; their number. */
static size_t choose(struct wanted *list, size_t n, int64_t all)
{
    size_t kept = 0;
    int64_t least = (all < 0 ? -all : all) / 1000 * PP_HTML_LEAST_PER_MILLE;
    for (size_t i = 0; i < n; i++) {
        if (!list[i].last || list[i].weight < least)
            continue;
        list[kept] = list[i];
        list[kept].first = list[kept].first > MARGIN ? list[kept].first - MARGIN : 1;
        list[kept].last += list[kept].last <= UINT32_MAX - MARGIN ? MARGIN : 0;
        kept++;
    }
    if (kept)
        qsort(list, kept, sizeof *list, by_weight);
    return kept;
}

/* The lines from `first` to `last` of a text, as far as there are. */
static struct pp_span lines_of(struct pp_span text, uint32_t first, uint32_t last)
{
    struct pp_span line, part = {text.end, text.end};
    for (uint32_t n = 1; n <= last && pp_line(&text, &line); n++) {
        if (n == first)
            part.p = line.p;
        if (n >= first)
            part.end = text.p;
    }
    return part.p <= part.end ? part : (struct pp_span){part.p, part.p};
}

/* Leaves those whose source is there and has room; their number. */
static size_t find_source(const struct pp_html_writer *w, struct wanted *list, size_t n)
{
    const struct pp_html_places *places = w->options->places;
    size_t kept = 0, bytes = 0, crowded = 0;
    for (size_t i = 0; i < n; i++) {
        struct pp_span text;
        if (!places->source(places->ctx, pp_text(places->p, list[i].file), &text))
            continue;
        size_t length = pp_len(lines_of(text, list[i].first, list[i].last));
        if (bytes + length > PP_HTML_MOST_SOURCE) {
            crowded++;
            continue;
        }
        bytes += length;
        list[kept++] = list[i];
    }
    if (crowded)
        pp_report(
            w->out->diag, PP_NOTE, (struct pp_place){0},
            "the page has no room for the source of %zu functions, which are not the heaviest",
            crowded);
    return kept;
}

/* Joins parts of a file that overlap; their number. */
static size_t join_parts(struct wanted *list, size_t n)
{
    size_t kept = 0;
    if (n)
        qsort(list, n, sizeof *list, by_place);
    for (size_t i = 0; i < n; i++) {
        struct wanted *last = kept ? &list[kept - 1] : NULL;
        if (last && last->file == list[i].file && list[i].first <= last->last + 1)
            last->last = list[i].last > last->last ? list[i].last : last->last;
        else
            list[kept++] = list[i];
    }
    return kept;
}

/* --- source ---------------------------------------------------------------- */

static void put_lines(struct pp_html_writer *w, struct pp_out *lengths, struct pp_out *texts,
                      struct pp_span part, size_t *count)
{
    (void)w;
    for (struct pp_span line; pp_line(&part, &line); ++*count) {
        size_t before = texts->len;
        /* A tab is a control character, but one that source is full of. */
        for (struct pp_span piece; !pp_empty(line);) {
            const char *tab = pp_find(line, '\t');
            piece = (struct pp_span){line.p, tab ? tab : line.end};
            pp_html_put_clean(texts, piece);
            pp_puts(texts, tab ? "\t" : "");
            line.p = tab ? tab + 1 : line.end;
        }
        pp_html_put(lengths, texts->len - before);
    }
}

static size_t count_lines(struct pp_span part)
{
    size_t n = 0;
    for (struct pp_span line; pp_line(&part, &line);)
        n++;
    return n;
}

static struct pp_span part_of(const struct pp_html_writer *w, const struct wanted *part)
{
    const struct pp_html_places *places = w->options->places;
    struct pp_span text;
    if (!places->source(places->ctx, pp_text(places->p, part->file), &text))
        return (struct pp_span){0};
    return lines_of(text, part->first, part->last);
}

static void put_source(struct pp_html_writer *w, const struct wanted *list, size_t n)
{
    const struct pp_profile *p = w->options->places->p;
    struct pp_out lengths, texts;
    size_t files = 0, lines = 0;
    pp_out_memory(&lengths, NULL);
    pp_out_memory(&texts, NULL);
    for (size_t i = 0; i < n; i++)
        files += !i || list[i].file != list[i - 1].file;
    pp_html_put(&w->rows, files);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && list[end].file == list[i].file;)
            end++;
        pp_html_put_text(w, pp_text(p, list[i].file));
        pp_html_put(&w->rows, end - i);
        for (size_t k = i; k < end; k++) {
            struct pp_span part = part_of(w, &list[k]);
            pp_html_put(&w->rows, list[k].first);
            pp_html_put(&w->rows, count_lines(part));
            put_lines(w, &lengths, &texts, part, &lines);
        }
    }
    pp_html_put(&w->rows, lines);
    pp_put(&w->rows, pp_out_bytes(&lengths));
    pp_put(&w->rows, pp_out_bytes(&texts));
    pp_out_release(&lengths);
    pp_out_release(&texts);
    pp_html_end_section(w, PP_HTML_SOURCE);
}

void pp_html_put_places(struct pp_html_writer *w)
{
    const struct pp_html_places *places = w->options->places;
    put_frames(w, places->p);
    put_nodes(w, places->p);
    put_stacks(w);
    pp_html_end_section(w, PP_HTML_PLACES);
    if (!places->source || !places->p->ncolumns)
        return;
    unsigned column = w->options->column < places->p->ncolumns ? w->options->column : 0;
    struct wanted *list = weigh_functions(places->p, column);
    size_t n = choose(list, places->p->functions.count, pp_sum(places->p, column));
    n = join_parts(list, find_source(w, list, n));
    put_source(w, list, n);
    free(list);
}
