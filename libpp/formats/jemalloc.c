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
 * Also those of jemalloc up to 3, which have a line a stack and no threads:
 *
 *     heap profile:      2:  1052672 [     0:        0] @ heap_v2/524288
 *          1:  1048576 [     0:        0] @ 0x401300 0x401236
 *
 * The counts are of samples. An allocation of x bytes is sampled with probability
 * 1 - exp(-x / interval), so each line is divided by that, for its mean size; then lines are
 * summed. The opposite order would be wrong, and so is un-biasing the totals in the header,
 * which are therefore not looked at. See http://jemalloc.net/jemalloc.3.html and opt.prof there.
 */
#include "formats/format.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "formats/allocator_frames.h"
#include "formats/jemalloc_counts.h"
#include "formats/jemalloc_plain.h"
#include "formats/jemalloc_stacks.h"
#include "formats/mapped.h"

static const char magic[] = "heap_v2/", old_magic[] = "heap profile:";

/* The four counts, in the order of the columns. */
enum { ALLOC_OBJECTS, ALLOC_SPACE, INUSE_OBJECTS, INUSE_SPACE, COUNTS };

/* Long doubles, as these hold every 64-bit count exactly where counts stay as they are. */
struct counts {
    long double v[COUNTS];
};

struct thread {
    pp_id labels;
};

/* All that was said of a stack. */
struct stack {
    struct counts whole;
    const char *at; /* NULL: there is none */
    pp_id node;
    pp_id first_part, last_part;
};

/* The share of a thread in a stack. */
struct part {
    struct counts counts;
    int64_t rounded[COUNTS];
    pp_id thread, next;
};

/* The key of a part in its table. */
struct part_key {
    pp_id stack, thread;
};

/* The lines from one '@' to the next. */
struct record {
    enum { IN_HEADER, IN_STACK, IN_BAD_STACK } where;
    const char *at;
    pp_id stack;
    bool has_total, has_threads;
    struct counts threads;
};

struct heap {
    struct pp_reader *r;
    uint64_t interval;
    struct pp_span in; /* what follows the line at hand */
    struct pp_mapped mapped;
    struct pp_jemalloc_stacks found;
    struct pp_table uids, part_keys; /* number the threads, and the parts */
    struct thread *threads;
    pp_id *stack_of; /* by node: the number of its stack */
    struct stack *stacks;
    size_t stack_of_cap, nstacks;
    struct part *parts;
    struct share *shares;
    size_t threads_cap, stacks_cap, parts_cap, shares_cap;
    struct record record;
    bool accumulated; /* some count of all that was ever allocated is not 0 */
    struct pp_jemalloc_plain plain;
    struct {
        double size, factor; /* factor_of() */
    } last;
    struct {
        pp_id thread; /* that the line before has named; 0 if it hasn't */
        struct pp_span text;
    } name;
};

/* --- stacks -------------------------------------------------------------- */

/* The number of the stack at the tree's node; the empty stack, node 0, is number 0. */
static pp_id stack_of(struct heap *h, pp_id node, const char *at)
{
    size_t old = h->stack_of_cap;
    PP_GROW(h->stack_of, (size_t)node + 1, h->stack_of_cap);
    memset(h->stack_of + old, 0, (h->stack_of_cap - old) * sizeof *h->stack_of);
    pp_id id = h->stack_of[node];
    if (id || (!node && h->stacks[0].at))
        return id;
    if (node)
        id = h->stack_of[node] = (pp_id)h->nstacks++;
    PP_GROW(h->stacks, h->nstacks, h->stacks_cap);
    h->stacks[id] = (struct stack){.at = at, .node = node};
    return id;
}

static void add_counts(struct counts *to, const struct counts *c)
{
    for (int i = 0; i < COUNTS; i++)
        to->v[i] += c->v[i];
}

/* Without a total, the whole of a stack is what its threads have. */
static void end_record(struct heap *h)
{
    struct record *record = &h->record;
    if (record->where != IN_STACK)
        return;
    pp_jemalloc_stack(&h->plain);
    if (!record->has_total && !record->has_threads)
        pp_warn(h->r, record->at, "a stack without counts is left out");
    if (!record->has_total)
        add_counts(&h->stacks[record->stack].whole, &record->threads);
}

/* Begins the record of the stack whose addresses are in `addresses`; `rest` may have more such. */
static void begin_record(struct heap *h, const char *at, struct pp_span addresses,
                         struct pp_span rest)
{
    pp_id node;
    end_record(h);
    h->record = (struct record){.where = IN_BAD_STACK, .at = at};
    if (!pp_jemalloc_node(&h->found, at, addresses, rest, &node))
        return;
    h->record.where = IN_STACK;
    h->record.stack = stack_of(h, node, at);
}

/* --- threads ------------------------------------------------------------- */

static pp_id label_of(struct heap *h, struct pp_span name)
{
    struct pp_profile *p = h->r->out;
    struct pp_label label = {.key = pp_cstring(p, "thread"), .text = pp_string(p, name)};
    return pp_label_set(p, &label, 1);
}

/* The number of the thread `uid`, which is from 1. The name counts where it is first said. */
static pp_id thread_of(struct heap *h, struct pp_span uid_text, uint64_t uid, struct pp_span name)
{
    const uint64_t key[2] = {1, uid};
    size_t known = h->uids.count;
    pp_id id = pp_intern(&h->uids, key);
    if (h->uids.count == known)
        return id;
    PP_GROW(h->threads, h->uids.count, h->threads_cap);
    h->threads[id].labels = label_of(h, pp_empty(pp_trim(name)) ? uid_text : name);
    h->name.thread = id;
    h->name.text = name;
    return id;
}

/* Takes a line that goes on with the name of the thread in the one before, which has a newline. */
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
    size_t known = h->part_keys.count;
    pp_id id = pp_intern(&h->part_keys, &key);
    PP_GROW(h->parts, h->part_keys.count, h->parts_cap);
    if (h->part_keys.count > known) {
        struct stack *s = &h->stacks[key.stack];
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

/* What samples of this size stand for each. The last is known, as most lines have it again. */
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
 * Takes the counts off `*s`, un-biased; what is in use as it stands as well. BAD if there are none;
 * FAILED after reporting counts that no column can hold.
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

/* Adds the counts of one thread, and the name that `rest` may begin with. */
static void take_thread(struct heap *h, struct pp_span uid_text, uint64_t uid, struct pp_span rest,
                        const struct counts *counts)
{
    rest.p += !pp_empty(rest) && *rest.p == ' ';
    pp_id thread = thread_of(h, uid_text, uid, rest);
    if (h->record.where == IN_STACK)
        add_to_thread(h, thread, counts);
}

static void take_total(struct heap *h, const struct counts *counts)
{
    if (h->record.where != IN_STACK)
        return;
    add_counts(&h->stacks[h->record.stack].whole, counts);
    h->record.has_total = true;
}

/* The counts of all threads, or of one, in the header or under a stack: `s` is what follows "t". */
static bool read_thread_line(struct heap *h, struct pp_span line, struct pp_span s)
{
    struct counts counts;
    uint64_t uid = 0, inuse[2];
    const char *colon = pp_find(s, ':');
    struct pp_span who = {s.p, colon ? colon : s.end};
    bool all = pp_is(who, "*");
    enum parsed parsed = BAD;
    if (colon && (all || pp_parse_u64(who, &uid))) {
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
        take_total(h, &counts);
    else
        take_thread(h, who, uid, s, &counts);
    return true;
}

/* The counts of a stack, and its addresses: jemalloc 3 and older. */
static bool read_old_line(struct heap *h, struct pp_span line)
{
    struct counts counts;
    uint64_t inuse[2];
    const char *at_sign = pp_find(line, '@');
    if (!at_sign) {
        pp_warn(h->r, line.p, "expected counts and addresses: '%.*s'", PP_SHOW(line));
        return true;
    }
    begin_record(h, line.p, (struct pp_span){at_sign + 1, line.end}, (struct pp_span){0});
    enum parsed parsed = parse_counts(h, &line, inuse, &counts);
    if (parsed != PARSED || h->record.where != IN_STACK)
        return parsed != FAILED;
    pp_jemalloc_counts(&h->plain, false, true, inuse);
    take_total(h, &counts);
    return true;
}

static bool read_line(struct heap *h, struct pp_span line)
{
    struct pp_span s = line;
    while (s.p < s.end && pp_is_blank(*s.p))
        s.p++;
    if (pp_empty(s))
        return true;
    if (*s.p == '@')
        begin_record(h, line.p, (struct pp_span){s.p + 1, s.end}, h->in);
    else if (*s.p == 't')
        return read_thread_line(h, line, (struct pp_span){s.p + 1, s.end});
    else if (add_to_name(h, line))
        return true;
    else if (pp_is_digit(*s.p))
        return read_old_line(h, line);
    else if (*s.p != '%')
        pp_warn(h->r, line.p, "not understood, and left out: '%.*s'", PP_SHOW(line));
    return true;
}

/* --- the profile --------------------------------------------------------- */

/* The share of a part in a rounded whole. */
struct share {
    pp_id part;
    int64_t value;
    long double rest; /* what rounding down has taken */
};

static int by_rest(const void *a, const void *b)
{
    const struct share *x = a, *y = b;
    if (x->rest < y->rest || x->rest > y->rest)
        return x->rest < y->rest ? 1 : -1;
    return (x->part > y->part) - (x->part < y->part);
}

/* The parts of `s` whose count is not 0, and in `*sum` what they add up to; their number. */
static size_t list_shares(struct heap *h, const struct stack *s, int count, long double *sum)
{
    size_t n = 0;
    *sum = 0;
    for (pp_id id = s->first_part; id; id = h->parts[id].next) {
        long double value = h->parts[id].counts.v[count];
        if (value <= 0)
            continue;
        PP_GROW(h->shares, n + 1, h->shares_cap);
        h->shares[n++] = (struct share){.part = id};
        *sum += value;
    }
    return n;
}

/*
 * Divides `whole` in proportion to the parts' own values. What rounding down leaves over goes to
 * those that lost most by it, so that the shares add up. Returns what nobody can be given.
 */
static int64_t divide(struct heap *h, const struct stack *s, int count, int64_t whole)
{
    long double sum;
    size_t n = list_shares(h, s, count, &sum);
    int64_t left = whole;
    for (size_t i = 0; i < n; i++) {
        struct share *share = &h->shares[i];
        long double exact = (long double)whole * (h->parts[share->part].counts.v[count] / sum);
        share->value = exact < (long double)left ? (int64_t)exact : left;
        share->rest = exact - (long double)share->value;
        left -= share->value;
    }
    if (n && left)
        qsort(h->shares, n, sizeof *h->shares, by_rest);
    for (size_t i = 0; i < n; i++) {
        bool more = left > 0;
        h->parts[h->shares[i].part].rounded[count] = h->shares[i].value + more;
        left -= more;
    }
    return left;
}

/* Adds what is not 0 of `values` to the sample of this stack and these labels. */
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
        if (!pp_reader_add(h->r, s->at, id, i - first, values[i]))
            return false;
    }
    return true;
}

static bool add_stack(struct heap *h, const struct stack *s)
{
    int64_t rest[COUNTS];
    for (int i = 0; i < COUNTS; i++) {
        long double whole = rintl(s->whole.v[i]);
        if (whole >= (long double)INT64_MAX)
            return pp_fail(h->r, s->at, "the counts of the stack exceed 64 bits");
        rest[i] = divide(h, s, i, (int64_t)whole);
    }
    for (pp_id id = s->first_part; id; id = h->parts[id].next) {
        const struct part *part = &h->parts[id];
        if (!add_values(h, s, h->threads[part->thread].labels, part->rounded))
            return false;
    }
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
    if (h->accumulated) {
        pp_column(p, pp_str("alloc_objects"), pp_str("count"));
        pp_column(p, pp_str("alloc_space"), pp_str("bytes"));
    }
    pp_column(p, pp_str("inuse_objects"), pp_str("count"));
    pp_column(p, pp_str("inuse_space"), pp_str("bytes"));
    for (size_t id = 0; id < h->nstacks; id++) {
        if (id + AHEAD < h->nstacks)
            pp_fetch_sample(p, h->stacks[id + AHEAD].node);
        if (h->stacks[id].at && !add_stack(h, &h->stacks[id]))
            return false;
    }
    return true;
}

/* --- reading ------------------------------------------------------------- */

/* The first line that isn't blank or a remark such as "%warn ...". */
static struct pp_span first_line(struct pp_span *in)
{
    struct pp_span line;
    while (pp_line(in, &line))
        if (!pp_empty(pp_trim(line)) && *line.p != '%')
            return line;
    return *in;
}

/* What stands behind the "@" of jemalloc 3 and older, whose totals are in the same line. */
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

/* Reads what follows the stacks first, as they need it, and cuts it off `*in`. */
static void read_tail(struct heap *h, struct pp_span *in)
{
    const char *at = pp_mapped_heading(*in);
    if (!at) {
        pp_warn(h->r, in->end, "the list of mapped files is missing: the dump may be cut");
        return;
    }
    struct pp_span maps = {at, in->end}, heading;
    pp_line(&maps, &heading);
    pp_mapped_read(&h->mapped, h->r, maps);
    in->end = at;
}

static void heap_release(struct heap *h)
{
    pp_table_release(&h->uids);
    pp_table_release(&h->part_keys);
    pp_jemalloc_stacks_release(&h->found);
    pp_mapped_release(&h->mapped);
    free(h->stack_of);
    free(h->threads);
    free(h->stacks);
    free(h->parts);
    free(h->shares);
}

static bool jemalloc_read(struct pp_reader *r, struct pp_span in)
{
    struct heap h = {.r = r, .in = in, .nstacks = 1};
    struct pp_span line;
    pp_table_init(&h.uids, 2 * sizeof(uint64_t));
    pp_jemalloc_stacks_init(&h.found, r, &h.mapped);
    pp_table_init(&h.part_keys, sizeof(struct part_key));
    PP_GROW(h.stacks, 1, h.stacks_cap);
    h.stacks[0] = (struct stack){0};

    bool ok = read_header(&h, &h.in);
    if (ok)
        read_tail(&h, &h.in);
    while (ok && pp_line(&h.in, &line))
        ok = read_line(&h, line);
    if (ok) {
        end_record(&h);
        if (h.interval > 1)
            pp_jemalloc_remark(&h.plain, r);
        describe(&h);
        ok = add_stacks(&h);
    }
    heap_release(&h);
    return ok;
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
};
