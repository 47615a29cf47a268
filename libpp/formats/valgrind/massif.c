/*
 * Files of valgrind's massif: snapshots of the heap, some with a tree of the allocations.
 *
 *     desc: --time-unit=B
 *     cmd: ./a
 *     time_unit: B
 *     #-----------
 *     snapshot=1
 *     #-----------
 *     time=123
 *     mem_heap_B=100
 *     mem_heap_extra_B=8
 *     mem_stacks_B=0
 *     heap_tree=peak
 *     n2: 100 (heap allocation functions) malloc/new/new[], --alloc-fns, etc.
 *      n1: 60 0x109267: leaky (alloc.c:8)
 *       n0: 60 0x10946A: main (alloc.c:19)
 *      n0: 40 in 2 places, all below massif's threshold (1.00%)
 *
 * The columns are the peak, which is the snapshot marked so or else the largest with a tree, and
 * the last one with a tree; a series has all with a tree. Allocations below the threshold have a
 * frame "[below threshold]" in place of their callers.
 *
 * memcheck and others write this syntax with --xtree-memory to a file .ms. A snapshot there is not
 * a time but a measure, which its root names.
 *
 * https://valgrind.org/docs/manual/ms-manual.html
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "formats/valgrind/massif_tree.h"
#include "model/compact.h"
#include "syntax/decimal.h"

/* The lines of a snapshot outside of its tree. */
struct snapshot {
    uint64_t number;
    int64_t time, heap, extra, stacks; /* time: in nanoseconds if the unit is one of time */
    bool open, peak, tree_expected;
};

struct massif_state {
    struct pp_massif_tree tree;
    struct pp_strings texts; /* texts of the header */
    pp_id desc, cmd, unit;
    struct snapshot now, best_is;
    struct pp_massif_cells best, last;
    int64_t best_value;
    uint64_t snapshots, trees, peaks;
    int peak, inuse; /* columns */
    bool begun;
};

/* --- columns ------------------------------------------------------------- */

static bool is_xtree(const struct massif_state *s)
{
    return pp_starts(pp_string_at(&s->texts, s->desc), "xtree");
}

static bool add_cells(struct pp_reader *r, const char *at, const struct pp_massif_cells *cells,
                      int column)
{
    for (size_t i = 0; i < cells->count; i++) {
        struct pp_sample sample = {.node = cells->list[i].node};
        if (!pp_reader_add(r, at, pp_sample_id(r->out, &sample), column, cells->list[i].value))
            return false;
    }
    return true;
}

/* The column of a measure of xtree, by the text of its root: "curB : currently allocated Bytes". */
static int xtree_column(struct pp_profile *p, struct pp_span title)
{
    static const struct {
        const char *word, *type, *unit;
    } measures[] = {
        {"curB", "inuse_space", "bytes"},   {"curBk", "inuse_objects", "count"},
        {"totB", "alloc_space", "bytes"},   {"totBk", "alloc_objects", "count"},
        {"totFdB", "freed_space", "bytes"}, {"totFdBk", "freed_objects", "count"},
    };
    struct pp_span word = title;
    pp_word(&title, &word);
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
        if (pp_is(word, measures[i].word))
            return pp_column(p, pp_str(measures[i].type), pp_str(measures[i].unit));
    return pp_column(p, word, pp_str("count"));
}

static bool add_measure(struct pp_reader *r, struct massif_state *s, const char *at)
{
    int column = xtree_column(r->out, pp_string_at(&s->tree.titles, s->tree.title));
    if (column < 0)
        return pp_fail(r, at, "more than %d measures", PP_MAX_COLUMNS);
    return add_cells(r, at, &s->tree.cells, column);
}

/* --- snapshots ----------------------------------------------------------- */

static void swap(struct pp_massif_cells *a, struct pp_massif_cells *b)
{
    struct pp_massif_cells c = *a;
    *a = *b;
    *b = c;
}

static void copy_cells(struct pp_massif_cells *to, const struct pp_massif_cells *from)
{
    PP_GROW(to->list, from->count + 1, to->cap);
    if (from->count)
        memcpy(to->list, from->list, from->count * sizeof *from->list);
    to->count = from->count;
}

static void add_dump(struct pp_reader *r, const struct massif_state *s)
{
    char name[64];
    int n = snprintf(name, sizeof name, "snapshot %llu", (unsigned long long)s->now.number);
    pp_series_begin(r->series, (struct pp_span){name, name + n}, s->now.time);
    r->series->column = (unsigned)s->inuse;
    for (size_t i = 0; i < s->tree.cells.count; i++) {
        const struct pp_massif_cell *cell = &s->tree.cells.list[i];
        pp_id sample = pp_sample_id(r->out, &(struct pp_sample){.node = cell->node});
        pp_series_put(r->series, sample, (double)cell->value);
    }
}

/* The sum of the tree, which the snapshot says is the heap's size. */
static int64_t check_sum(struct pp_reader *r, const struct massif_state *s, const char *at)
{
    int64_t sum = 0;
    for (size_t i = 0; i < s->tree.cells.count; i++)
        if (__builtin_add_overflow(sum, s->tree.cells.list[i].value, &sum))
            return INT64_MAX;
    if (sum != s->now.heap)
        pp_warn(r, at, "the tree has %lld bytes, the snapshot %lld", (long long)sum,
                (long long)s->now.heap);
    return sum;
}

/* Takes a complete tree. */
static bool take_tree(struct pp_reader *r, struct massif_state *s, const char *at)
{
    int64_t sum = check_sum(r, s, at);
    s->trees++;
    if (is_xtree(s))
        return add_measure(r, s, at);
    bool better = s->trees == 1 || (s->now.peak && !s->best_is.peak) ||
                  (s->now.peak == s->best_is.peak && sum > s->best_value);
    if (better) {
        copy_cells(&s->best, &s->tree.cells);
        s->best_is = s->now;
        s->best_value = sum;
    }
    if (s->now.peak && ++s->peaks == 2)
        pp_warn(r, at, "more than one snapshot is marked as the peak: the largest is taken");
    if (r->series)
        add_dump(r, s);
    swap(&s->last, &s->tree.cells);
    return true;
}

static bool end_snapshot(struct pp_reader *r, struct massif_state *s, const char *at)
{
    if (!s->now.open)
        return true;
    s->now.open = false;
    s->snapshots++;
    bool has_tree = s->tree.depth;
    pp_massif_close(r, &s->tree, at);
    if (!has_tree && s->now.tree_expected)
        pp_warn(r, at, "the tree of snapshot %llu is missing", (unsigned long long)s->now.number);
    bool ok = !has_tree || take_tree(r, s, at);
    s->tree.cells.count = 0;
    return ok;
}

/* --- lines --------------------------------------------------------------- */

/* Takes `name` from the start of the line. */
static bool is_field(struct pp_span line, const char *name, struct pp_span *value)
{
    if (!pp_starts(line, name))
        return false;
    *value = pp_trim((struct pp_span){line.p + strlen(name), line.end});
    return true;
}

/* The time in nanoseconds; 0 if the unit is not one of time, but instructions or bytes. */
static bool parse_time(const struct massif_state *s, struct pp_span value, int64_t *out)
{
    struct pp_span unit = pp_string_at(&s->texts, s->unit);
    unsigned decimals = pp_is(unit, "s") ? 9 : pp_is(unit, "ms") ? 6 : 0;
    int64_t time;
    if (!pp_parse_decimal(value, decimals, &time))
        return false;
    *out = decimals ? time : 0;
    return true;
}

static bool take_header(struct massif_state *s, struct pp_span line)
{
    struct pp_span value;
    if (is_field(line, "desc:", &value))
        s->desc = pp_intern_string(&s->texts, value);
    else if (is_field(line, "cmd:", &value))
        s->cmd = pp_intern_string(&s->texts, value);
    else if (is_field(line, "time_unit:", &value))
        s->unit = pp_intern_string(&s->texts, value);
    else
        return false;
    return true;
}

/* Takes a line of a snapshot; false if it is not one, or is invalid. */
static bool take_field(struct massif_state *s, struct pp_span line)
{
    struct pp_span value;
    if (is_field(line, "time=", &value))
        return parse_time(s, value, &s->now.time);
    if (is_field(line, "mem_heap_B=", &value))
        return pp_parse_i64(value, &s->now.heap);
    if (is_field(line, "mem_heap_extra_B=", &value))
        return pp_parse_i64(value, &s->now.extra);
    if (is_field(line, "mem_stacks_B=", &value))
        return pp_parse_i64(value, &s->now.stacks);
    if (!is_field(line, "heap_tree=", &value))
        return false;
    s->now.peak = pp_is(value, "peak");
    s->now.tree_expected = s->now.peak || pp_is(value, "detailed");
    return s->now.tree_expected || pp_is(value, "empty");
}

static bool take_line(struct pp_reader *r, struct massif_state *s, struct pp_span line)
{
    struct pp_span value;
    uint64_t number;
    if (s->now.open && pp_massif_is_tree(line))
        return pp_massif_line(r, &s->tree, line);
    if (pp_empty(line) || *line.p == '#' || take_header(s, line))
        return true;
    if (is_field(line, "snapshot=", &value) && pp_parse_u64(value, &number)) {
        if (!end_snapshot(r, s, line.p))
            return false;
        s->now = (struct snapshot){.number = number, .open = true};
        return true;
    }
    if (!s->now.open || !take_field(s, line))
        pp_warn(r, line.p, "not understood, and left out: '%.*s'", PP_SHOW(line));
    return true;
}

/* --- the end ------------------------------------------------------------- */

static void put_comment(struct pp_reader *r, const char *what, struct pp_span text)
{
    struct pp_out line;
    pp_out_memory(&line, NULL);
    pp_puts(&line, what);
    pp_put(&line, text);
    pp_comment(r->out, pp_out_bytes(&line));
    pp_out_release(&line);
}

/*
 * Adds a comment on what the columns do not show at the peak: the allocator's own bytes, and
 * stacks.
 */
static void comment_peak(struct pp_reader *r, const struct massif_state *s)
{
    const struct snapshot *b = &s->best_is;
    char text[200];
    int n = snprintf(text, sizeof text,
                     "%llu of %llu: %lld bytes of heap, %lld more for it, %lld of stacks",
                     (unsigned long long)b->number, (unsigned long long)s->snapshots,
                     (long long)b->heap, (long long)b->extra, (long long)b->stacks);
    put_comment(r, "peak: snapshot ", (struct pp_span){text, text + n});
}

static bool finish(struct pp_reader *r, struct massif_state *s, const char *at)
{
    if (!end_snapshot(r, s, at))
        return false;
    if (!s->snapshots)
        return pp_fail(r, at, "there is no snapshot");
    if (s->cmd)
        put_comment(r, "command: ", pp_string_at(&s->texts, s->cmd));
    if (!s->trees)
        pp_remark(r, "none of the %llu snapshots says what allocated the memory",
                  (unsigned long long)s->snapshots);
    if (!is_xtree(s)) {
        if (!add_cells(r, at, &s->best, s->peak) || !add_cells(r, at, &s->last, s->inuse))
            return false;
        if (s->trees)
            comment_peak(r, s);
    }
    if (!r->series)
        pp_compact(&r->out); /* drops stacks that only other snapshots have */
    return true;
}

/* --- reading ------------------------------------------------------------- */

/* Only xtree's files begin with a description of their own, and have columns of their own. */
static void begin(struct pp_reader *r, struct massif_state *s)
{
    s->begun = true;
    pp_strings_init(&s->texts);
    pp_strings_init(&s->tree.texts);
    pp_strings_init(&s->tree.titles);
    bool xtree = pp_starts(r->head, "desc: xtree");
    if (!xtree) {
        s->peak = pp_column(r->out, pp_str("peak_space"), pp_str("bytes"));
        s->inuse = pp_column(r->out, pp_str("inuse_space"), pp_str("bytes"));
    }
    r->out->about.default_type = pp_cstring(r->out, xtree ? "inuse_space" : "peak_space");
}

static bool massif_read(struct pp_reader *r, struct pp_span in)
{
    struct massif_state *s = r->state;
    if (!s->begun)
        begin(r, s);
    for (struct pp_span line; pp_line(&in, &line);)
        if (!take_line(r, s, line))
            return false;
    return !r->last || finish(r, s, in.end);
}

static void massif_end(struct pp_reader *r)
{
    struct massif_state *s = r->state;
    pp_strings_release(&s->texts);
    pp_massif_release(&s->tree);
    free(s->best.list);
    free(s->last.list);
}

/*
 * "desc: ", and soon after it a line with the unit of time; files of heaptrack may begin with a
 * snapshot.
 */
static unsigned massif_bid(struct pp_span head)
{
    static const char desc[] = "desc: ", unit[] = "\ntime_unit: ",
                      snapshot[] = "#-----------\nsnapshot=";
    if (pp_starts(head, snapshot))
        return 8 * (unsigned)strlen(snapshot);
    if (!pp_starts(head, desc) || !pp_find_text(head, unit))
        return 0;
    return 8 * (unsigned)(strlen(desc) + strlen(unit));
}

const struct pp_format pp_format_massif = {
    .name = "massif",
    .title = "valgrind's heap profiler, and xtree's .ms",
    .suffixes = (const char *const[]){".massif", ".ms", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_ADDRESSES,
    .bid = massif_bid,
    .read = massif_read,
    .split = pp_split_lines,
    .in_order = true,
    .timeline = true,
    .state_size = sizeof(struct massif_state),
    .end = massif_end,
};
