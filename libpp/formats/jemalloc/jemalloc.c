/*
 * Heap dumps of jemalloc's sampling profiler (MALLOC_CONF=prof:true), 4.0 to 5.3:
 *
 *     heap_v2/524288                                   mean bytes between two samples
 *       t*: 2: 1052672 [3: 1060864]                    live objects: bytes [all ever made]
 *       t0: 2: 1052672 [3: 1060864] main               a thread, and its name
 *     @ 0x7f711baa2630 0x561e5616489d 0x561e5616423a   return addresses, leaf first
 *       t*: 1: 1048576 [1: 1048576]                    of this stack, by all threads
 *       t0: 1: 1048576 [1: 1048576]
 *
 *     MAPPED_LIBRARIES:
 *     561e56164000-561e56165000 r-xp 00001000 fe:00 11329656   /usr/bin/prog
 *
 * Also those of jemalloc up to 3, which have one line for each stack, and no threads:
 *
 *     heap profile:      2:  1052672 [     0:        0] @ heap_v2/524288
 *          1:  1048576 [     0:        0] @ 0x401300 0x401236
 *
 * The counts are of samples. An allocation of x bytes is sampled with probability 1 - exp(-x /
 * interval), so each line is divided by that, for its mean size; then lines are summed. The
 * opposite order would be wrong, and so would be scaling the totals in the header, which are
 * therefore ignored. See http://jemalloc.net/jemalloc.3.html and opt.prof there.
 */
#include "formats/format.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "formats/jemalloc/jemalloc_counts.h"
#include "formats/jemalloc/jemalloc_plain.h"
#include "formats/jemalloc/jemalloc_shares.h"
#include "formats/jemalloc/jemalloc_stacks.h"
#include "formats/reader/heap_columns.h"
#include "formats/reader/mapped.h"
#include "model/allocators.h"

static const char magic[] = "heap_v2/", old_magic[] = "heap profile:";

/* The four counts, in the order of the columns. */
enum { ALLOC_OBJECTS, ALLOC_SPACE, INUSE_OBJECTS, INUSE_SPACE, COUNTS = PP_JEMALLOC_COUNTS };

/* Long doubles, as these hold every 64-bit count exactly if counts are not scaled. */
struct counts {
    long double v[COUNTS];
};

struct thread {
    pp_id labels;
};

/* The counts of a stack. */
struct stack {
    struct counts whole;
    pp_id node;
    pp_id first_part, last_part;
};

/* The counts of a thread for a stack. */
struct part {
    struct counts counts;
    pp_id thread, next;
};

/* The key of a part in its table. */
struct part_key {
    pp_id stack, thread;
};

/* The lines from one '@' to the next, which are all in one block. */
struct record {
    enum { IN_HEADER, IN_STACK, IN_BAD_STACK } where;
    const char *at;
    pp_id stack;
    bool has_total, has_threads;
    struct counts threads;
};

struct heap {
    struct pp_reader *r; /* NULL before the first block */
    uint64_t interval;
    struct pp_span in; /* the rest of the block, after the current line */
    struct pp_mapped mapped;
    struct pp_jemalloc_stacks found;
    struct pp_table uids, stack_keys, part_keys; /* tables of the threads, the stacks, the parts */
    struct thread *threads;
    struct stack *stacks; /* the first is the empty stack */
    pp_id last_node;      /* the highest number of a stack's node */
    struct part *parts;
    struct pp_jemalloc_share *shares;
    size_t threads_cap, stacks_cap, parts_cap, shares_cap;
    struct record record;
    bool accumulated; /* some count of everything ever allocated is not 0 */
    struct pp_jemalloc_plain plain;
    struct {
        double size, factor; /* cached by factor_of() */
    } last;
    struct {
        pp_id thread; /* named on the previous line; 0: none */
        struct pp_span text;
    } name;
};

/* --- stacks -------------------------------------------------------------- */

/*
 * The index of the stack at a node of the tree; the empty stack, node 0, has index 0. Nearly all
 * are new, with new nodes, which need no lookup.
 */
static pp_id stack_of(struct heap *h, pp_id node)
{
    const uint64_t key = node; /* 8 bytes are hashed with one multiplication */
    bool fresh = node > h->last_node;
    size_t known = h->stack_keys.count;
    pp_id id = fresh ? pp_append_row(&h->stack_keys, &key) : pp_intern(&h->stack_keys, &key);
    if (fresh)
        h->last_node = node;
    if (h->stack_keys.count > known) {
        PP_GROW(h->stacks, h->stack_keys.count, h->stacks_cap);
        h->stacks[id] = (struct stack){.node = node};
    }
    return id;
}

static void add_counts(struct counts *to, const struct counts *c)
{
    for (int i = 0; i < COUNTS; i++)
        to->v[i] += c->v[i];
}

static bool fits_column(long double count)
{
    return count < 0x1p62L || rintl(count) < (long double)INT64_MAX;
}

/* Adds to the counts of the current stack. False after failing. */
static bool add_to_stack(struct heap *h, const struct counts *c)
{
    struct counts *whole = &h->stacks[h->record.stack].whole;
    bool fits = true;
    add_counts(whole, c);
    for (int i = 0; i < COUNTS; i++)
        fits = fits && fits_column(whole->v[i]);
    return fits || pp_fail(h->r, h->record.at, "the counts of the stack exceed 64 bits");
}

/* Without a total, the counts of a stack are the sum of its threads'. */
static bool end_record(struct heap *h)
{
    struct record *record = &h->record;
    if (record->where != IN_STACK)
        return true;
    record->where = IN_BAD_STACK;
    pp_jemalloc_stack(&h->plain);
    if (!record->has_total && !record->has_threads)
        pp_warn(h->r, record->at, "a stack without counts is left out");
    return record->has_total || add_to_stack(h, &record->threads);
}

/*
 * Begins the record of the stack whose addresses are in `addresses`; `rest` may have more of them.
 * False after failing.
 */
static bool begin_record(struct heap *h, const char *at, struct pp_span addresses,
                         struct pp_span rest)
{
    pp_id node;
    if (!end_record(h))
        return false;
    h->record = (struct record){.where = IN_BAD_STACK, .at = at};
    if (!pp_jemalloc_node(&h->found, at, addresses, rest, &node))
        return true;
    h->record.where = IN_STACK;
    h->record.stack = stack_of(h, node);
    return true;
}

/* --- threads ------------------------------------------------------------- */

static pp_id label_of(struct heap *h, struct pp_span name)
{
    struct pp_profile *p = h->r->out;
    struct pp_label label = {.key = pp_cstring(p, "thread"), .text = pp_string(p, name)};
    return pp_label_set(p, &label, 1);
}

/* The index of the thread `uid`, from 1. Its first name counts. */
static pp_id thread_of(struct heap *h, struct pp_span uid_text, uint64_t uid, struct pp_span name)
{
    size_t known = h->uids.count;
    pp_id id = pp_number(&h->uids, &uid);
    if (h->uids.count == known)
        return id;
    PP_GROW(h->threads, h->uids.count, h->threads_cap);
    h->threads[id].labels = label_of(h, pp_empty(pp_trim(name)) ? uid_text : name);
    h->name.thread = id;
    h->name.text = name;
    return id;
}

/* Takes a line that continues the previous line's name of a thread, which contains a newline. */
static bool add_to_name(struct heap *h, struct pp_span line)
{
    if (h->record.where != IN_HEADER || !h->name.thread || pp_empty(h->name.text))
        return false;
    h->name.text.end = line.end;
    h->threads[h->name.thread].labels = label_of(h, h->name.text);
    return true;
}

static void add_to_thread(struct heap *h, pp_id thread, const struct counts *c)
{
    const struct part_key key = {h->record.stack, thread};
    struct stack *s = &h->stacks[key.stack];
    size_t known = h->part_keys.count;
    bool fresh = !s->first_part;
    pp_id id = fresh ? pp_append_row(&h->part_keys, &key) : pp_intern(&h->part_keys, &key);
    if (h->part_keys.count > known) {
        PP_GROW(h->parts, h->part_keys.count, h->parts_cap);
        h->parts[id] = (struct part){.thread = thread};
        if (s->first_part)
            h->parts[s->last_part].next = id;
        else
            s->first_part = id;
        s->last_part = id;
    }
    add_counts(&h->parts[id].counts, c);
    add_counts(&h->record.threads, c);
    h->record.has_threads = true;
}

/* --- counts -------------------------------------------------------------- */

/* How many blocks a sample of this size stands for. Caches the last result: most lines repeat it.
 */
static double factor_of(struct heap *h, uint64_t n, uint64_t bytes)
{
    if (!n || !bytes)
        return 0;
    double size = (double)bytes / (double)n;
    if (size != h->last.size) {
        h->last.size = size;
        h->last.factor = 1 / -expm1(-size / (double)h->interval);
    }
    return h->last.factor;
}

static void unbias(struct heap *h, const uint64_t raw[2], long double out[2])
{
    if (h->r->raw_counts) {
        out[0] = raw[0];
        out[1] = raw[1];
        return;
    }
    double factor = factor_of(h, raw[0], raw[1]);
    out[0] = (double)raw[0] * factor;
    out[1] = (double)raw[1] * factor;
}

/*
 * Takes the counts off `*s`, scaled; those in use also unscaled. BAD if there are none; FAILED
 * after reporting counts that do not fit a column.
 */
enum parsed { PARSED, BAD, FAILED };
static enum parsed parse_counts(struct heap *h, struct pp_span *s, uint64_t inuse[2],
                                struct counts *out)
{
    const char *at = s->p;
    uint64_t alloc[2];
    if (!pp_jemalloc_take_counts(s, inuse, alloc))
        return BAD;
    unbias(h, alloc, &out->v[ALLOC_OBJECTS]);
    unbias(h, inuse, &out->v[INUSE_OBJECTS]);
    for (int i = 0; i < COUNTS && h->record.where != IN_HEADER; i++) {
        if (out->v[i] >= (long double)INT64_MAX) {
            pp_fail(h->r, at, "a count exceeds 64 bits");
            return FAILED;
        }
    }
    if (h->record.where == IN_STACK && (out->v[ALLOC_OBJECTS] > 0 || out->v[ALLOC_SPACE] > 0))
        h->accumulated = true;
    return PARSED;
}

/* Adds the counts of one thread, and its name if `rest` begins with one. */
static void take_thread(struct heap *h, struct pp_span uid_text, uint64_t uid, struct pp_span rest,
                        const struct counts *counts)
{
    rest.p += !pp_empty(rest) && *rest.p == ' ';
    pp_id thread = thread_of(h, uid_text, uid, rest);
    if (h->record.where == IN_STACK)
        add_to_thread(h, thread, counts);
}

static bool take_total(struct heap *h, const struct counts *counts)
{
    if (h->record.where != IN_STACK)
        return true;
    h->record.has_total = true;
    return add_to_stack(h, counts);
}

/* Reads the counts of all threads or one, in the header or a stack: `s` is the text after "t". */
static bool read_thread_line(struct heap *h, struct pp_span line, struct pp_span s)
{
    struct counts counts;
    uint64_t uid = 0, inuse[2];
    const char *colon = pp_find(s, ':');
    struct pp_span thread = {s.p, colon ? colon : s.end};
    bool all = pp_is(thread, "*");
    enum parsed parsed = BAD;
    if (colon && (all || pp_parse_u64(thread, &uid))) {
        s.p = colon + 1;
        parsed = parse_counts(h, &s, inuse, &counts);
    }
    if (parsed == BAD && !add_to_name(h, line))
        pp_warn(h->r, line.p, "bad counts '%.*s' are left out", PP_SHOW(line));
    if (parsed != PARSED)
        return parsed == BAD;
    h->name.thread = 0;
    if (h->record.where != IN_BAD_STACK)
        pp_jemalloc_counts(&h->plain, h->record.where == IN_HEADER, all, inuse);
    if (all)
        return take_total(h, &counts);
    take_thread(h, thread, uid, s, &counts);
    return true;
}

/* Reads the counts and addresses of a stack: jemalloc 3 and older. */
static bool read_old_line(struct heap *h, struct pp_span line)
{
    struct counts counts;
    uint64_t inuse[2];
    const char *at_sign = pp_find(line, '@');
    if (!at_sign) {
        pp_warn(h->r, line.p, "expected counts and addresses: '%.*s'", PP_SHOW(line));
        return true;
    }
    if (!begin_record(h, line.p, (struct pp_span){at_sign + 1, line.end}, (struct pp_span){0}))
        return false;
    enum parsed parsed = parse_counts(h, &line, inuse, &counts);
    if (parsed != PARSED || h->record.where != IN_STACK)
        return parsed != FAILED;
    pp_jemalloc_counts(&h->plain, false, true, inuse);
    return take_total(h, &counts);
}

static bool read_line(struct heap *h, struct pp_span line)
{
    struct pp_span s = line;
    while (s.p < s.end && pp_is_blank(*s.p))
        s.p++;
    if (pp_empty(s))
        return true;
    if (*s.p == '@')
        return begin_record(h, line.p, (struct pp_span){s.p + 1, s.end}, h->in);
    if (*s.p == 't')
        return read_thread_line(h, line, (struct pp_span){s.p + 1, s.end});
    if (add_to_name(h, line))
        return true;
    if (pp_is_digit(*s.p))
        return read_old_line(h, line);
    if (*s.p != '%')
        pp_warn(h->r, line.p, "not understood, and left out: '%.*s'", PP_SHOW(line));
    return true;
}

/* --- the profile --------------------------------------------------------- */

/*
 * Lists the parts of `s`, in the order in which they came, which is that in memory. Returns their
 * number.
 */
static size_t list_shares(struct heap *h, const struct stack *s)
{
    size_t n = 0;
    for (pp_id id = s->first_part; id; id = h->parts[id].next) {
        PP_GROW(h->shares, n + 1, h->shares_cap);
        h->shares[n++] = (struct pp_jemalloc_share){.values = h->parts[id].counts.v,
                                                    .thread = h->parts[id].thread};
    }
    return n;
}

/* Adds the values that are not 0 to the sample of this stack and these labels. */
static bool add_values(struct heap *h, const struct stack *s, pp_id labels,
                       const int64_t values[COUNTS])
{
    const struct pp_sample key = {.node = s->node, .labels = labels};
    int first = h->accumulated ? ALLOC_OBJECTS : INUSE_OBJECTS;
    pp_id id = 0;
    bool known = false;
    for (int i = first; i < COUNTS; i++) {
        if (!values[i])
            continue;
        if (!known)
            id = pp_sample_id(h->r->out, &key);
        known = true;
        if (!pp_reader_add(h->r, h->r->in.end, id, i - first, values[i]))
            return false;
    }
    return true;
}

static bool add_stack(struct heap *h, const struct stack *s)
{
    int64_t rest[COUNTS];
    size_t n = list_shares(h, s);
    for (int i = 0; i < COUNTS; i++)
        rest[i] = pp_jemalloc_divide(h->shares, n, i, llrintl(s->whole.v[i]));
    for (size_t i = 0; i < n; i++)
        if (!add_values(h, s, h->threads[h->shares[i].thread].labels, h->shares[i].given))
            return false;
    return add_values(h, s, 0, rest);
}

static void describe(const struct heap *h)
{
    struct pp_profile *p = h->r->out;
    struct pp_about *about = &p->about;
    char comment[96];
    about->period_type = pp_cstring(p, "space");
    about->period_unit = pp_cstring(p, "bytes");
    about->period = (int64_t)h->interval;
    about->default_type = pp_cstring(p, "inuse_space");
    about->drop_frames = pp_cstring(p, pp_allocator_frames);
    snprintf(comment, sizeof comment, "jemalloc heap_v2, a sample every %" PRIu64 " bytes",
             h->interval);
    pp_comment(p, pp_str(comment));
    pp_comment(p, pp_str(h->r->raw_counts ? "counts are of samples" : "counts are un-biased"));
}

static bool add_stacks(struct heap *h)
{
    enum { AHEAD = 8 };
    struct pp_profile *p = h->r->out;
    if (h->accumulated)
        pp_heap_columns_allocated(p);
    pp_heap_columns_in_use(p);
    for (size_t id = 0; id < h->stack_keys.count; id++) {
        if (id + AHEAD < h->stack_keys.count)
            pp_prefetch_sample(p, h->stacks[id + AHEAD].node);
        if (!add_stack(h, &h->stacks[id]))
            return false;
    }
    return true;
}

/* --- reading ------------------------------------------------------------- */

/*
 * The first line that is neither blank nor a remark: "%warn ...", or "<jemalloc>: Leak
 * approximation summary: ...", which opt.prof_leak prints to standard error, and so possibly into
 * the file.
 */
static struct pp_span first_line(struct pp_span *in)
{
    struct pp_span line;
    while (pp_line(in, &line))
        if (!pp_empty(pp_trim(line)) && *line.p != '%' && !pp_starts(line, "<jemalloc>: "))
            return line;
    return *in;
}

/*
 * The text after the "@" in the header of jemalloc 3 and older, which has totals on the same line.
 */
static struct pp_span old_header(struct heap *h, struct pp_span line)
{
    struct counts counts;
    uint64_t inuse[2];
    const char *at_sign = pp_find(line, '@');
    struct pp_span totals = {line.p + strlen(old_magic), line.end};
    h->interval = 1;
    if (parse_counts(h, &totals, inuse, &counts) == PARSED)
        pp_jemalloc_counts(&h->plain, true, true, inuse);
    return (struct pp_span){at_sign ? at_sign + 1 : line.end, line.end};
}

static bool read_header(struct heap *h, struct pp_span *in)
{
    struct pp_span line = first_line(in), version = line;
    if (pp_starts(line, old_magic))
        version = old_header(h, line);
    version = pp_trim(version);
    if (!pp_starts(version, magic))
        return pp_fail(h->r, line.p, "expected 'heap_v2/INTERVAL', found '%.*s'", PP_SHOW(version));
    version.p += strlen(magic);
    if (!pp_parse_u64(version, &h->interval) || h->interval > INT64_MAX)
        return pp_fail(h->r, line.p, "bad sampling interval '%.*s'", PP_SHOW(version));
    return true;
}

static bool begin(struct heap *h, struct pp_reader *r)
{
    h->r = r;
    pp_table_init(&h->uids, sizeof(uint64_t));
    pp_table_init(&h->stack_keys, sizeof(uint64_t));
    pp_table_init(&h->part_keys, sizeof(struct part_key));
    pp_jemalloc_stacks_init(&h->found, r, &h->mapped);
    PP_GROW(h->stacks, 1, h->stacks_cap);
    h->stacks[0] = (struct stack){0};
    return read_header(h, &h->in);
}

/* Cuts the list of mapped files off the last block, and returns it; empty if there is none. */
static struct pp_span cut_tail(struct heap *h)
{
    const char *at = pp_mapped_heading(h->in);
    struct pp_span tail = {at ? at : h->in.end, h->in.end}, heading;
    h->in.end = tail.p;
    pp_line(&tail, &heading);
    return tail;
}

/* Reads the part after all stacks. */
static bool finish(struct heap *h, struct pp_span maps)
{
    if (maps.p == h->in.end)
        pp_warn(h->r, maps.p, "the list of mapped files is missing: the dump may be cut");
    pp_mapped_read(&h->mapped, h->r, maps);
    pp_mapped_place(&h->mapped, h->r->out);
    if (h->interval > 1)
        pp_jemalloc_remark(&h->plain, h->r);
    describe(h);
    return add_stacks(h);
}

static bool jemalloc_read(struct pp_reader *r, struct pp_span in)
{
    struct heap *h = r->state;
    struct pp_span line, maps = {0};
    h->in = in;
    if (!h->r && !begin(h, r))
        return false;
    if (r->last)
        maps = cut_tail(h);
    pp_jemalloc_begin_block(&h->found);
    while (pp_line(&h->in, &line))
        if (!read_line(h, line))
            return false;
    return end_record(h) && (!r->last || finish(h, maps));
}

static void jemalloc_end(struct pp_reader *r)
{
    struct heap *h = r->state;
    pp_table_release(&h->uids);
    pp_table_release(&h->stack_keys);
    pp_table_release(&h->part_keys);
    pp_jemalloc_stacks_release(&h->found);
    pp_mapped_release(&h->mapped);
    free(h->threads);
    free(h->stacks);
    free(h->parts);
    free(h->shares);
}

/* Splits before a stack, but never after the heading of the list of mapped files. */
static const char *jemalloc_split(struct pp_span in)
{
    const char *heading = pp_mapped_heading(in);
    struct pp_span stacks = {in.p, heading ? heading : in.end};
    const char *at;
    while ((at = pp_rfind(stacks, '@')) && at > in.p && at[-1] != '\n')
        stacks.end = at;
    return at && at > in.p ? at : NULL;
}

static unsigned jemalloc_bid(struct pp_span head)
{
    struct pp_span line = first_line(&head);
    if (pp_starts(line, "heap_v"))
        return 8 * (unsigned)strlen("heap_v");
    bool old = pp_starts(line, old_magic) && pp_find_text(line, "@ heap_v2/");
    return old ? 8 * (unsigned)strlen(old_magic) : 0;
}

const struct pp_format pp_format_jemalloc = {
    .name = "jemalloc",
    .title = "heap dumps of jemalloc (heap_v2)",
    .suffixes = (const char *const[]){".heap", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS,
    .bid = jemalloc_bid,
    .read = jemalloc_read,
    .split = jemalloc_split,
    .in_order = true,
    .state_size = sizeof(struct heap),
    .end = jemalloc_end,
};
