/*
 * The log of jemalloc's sampler (MALLOC_CONF=prof:true,prof_log:true): each sampled block that was
 * freed, with the stacks and threads that allocated and freed it, and the times. Blocks that were
 * not freed are not in it.
 *
 *     {"info":{"duration":39999999,"version":"5.3.0-0-g54ea","lg_sample_rate":12,
 *              "prof_time_resolution":"default","pid":1010},
 *      "threads":[{"thr_uid":1,"thr_name":""},{"thr_uid":0,"thr_name":"worker one"}],
 *      "stack_traces":[["0x7fa212ca2630","0x7fa212ca2d21"],["0x7fa212ca2630"]],
 *      "allocations":[{"alloc_thread":0,"free_thread":0,"alloc_trace":0,"free_trace":1,
 *                      "alloc_timestamp":1840888166414,"free_timestamp":1840908166414,
 *                      "usize":3072}]}
 *
 * Threads and traces are numbered from 0 in the order of the lists; names are written without
 * escapes. Times are nanoseconds since the system was started, in steps of 4 ms unless
 * prof_time_resolution is "high".
 *
 * A block is a sample of the stack that allocated it, which shows the cost of short-lived
 * allocations. The lifetime of blocks is the label "lifetime", so that --tag-focus=lifetime=:10ms
 * shows the shortest. The stacks that freed them are left out.
 *
 * https://github.com/jemalloc/jemalloc/blob/dev/src/prof_log.c
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/jemalloc/sampled_blocks.h"

struct log {
    struct pp_reader *r;
    struct pp_blocks blocks;
    uint64_t interval;       /* 0: not read yet */
    pp_id *threads, *stacks; /* by number: strings, and nodes */
    size_t nthreads, threads_cap, nstacks, stacks_cap;
    bool has_threads, has_stacks;
    bool waits; /* there were allocations before what they refer to */
    struct pp_json allocations;
};

/* --- what allocations refer to ------------------------------------------- */

static void read_info(struct log *l, struct pp_json *j)
{
    enum { RATE, DURATION, FIELDS };
    struct pp_json_field fields[] = {{.name = "lg_sample_rate"}, {.name = "duration"}};
    const char *at = j->in.p;
    struct pp_span key, version = pp_str("");
    pp_json_object(j);
    while (pp_json_member(j, &key)) {
        if (pp_is(key, "version"))
            pp_json_string(j, &version);
        else if (!pp_json_field(j, key, fields, FIELDS))
            pp_json_skip(j);
    }
    if (fields[RATE].known && fields[RATE].value < 63)
        l->interval = UINT64_C(1) << fields[RATE].value;
    else
        pp_warn(l->r, at, "the sampling interval of the blocks is unknown");
    if (fields[DURATION].value <= INT64_MAX)
        l->r->out->about.duration_ns = (int64_t)fields[DURATION].value;
    pp_blocks_describe(&l->blocks, "jemalloc%s%.*s, log of freed blocks",
                       pp_empty(version) ? "" : " ", PP_SHOW(version));
}

static void read_thread(struct log *l, struct pp_json *j)
{
    struct pp_json_field uid = {.name = "thr_uid"};
    struct pp_span key, name = pp_str("");
    pp_json_object(j);
    while (pp_json_member(j, &key)) {
        if (pp_is(key, "thr_name"))
            pp_json_string(j, &name);
        else if (!pp_json_field(j, key, &uid, 1))
            pp_json_skip(j);
    }
    PP_GROW(l->threads, l->nthreads + 1, l->threads_cap);
    l->threads[l->nthreads++] = pp_blocks_thread(&l->blocks, name, uid.value);
}

static void read_threads(struct log *l, struct pp_json *j)
{
    pp_json_array(j);
    while (pp_json_element(j))
        read_thread(l, j);
    l->has_threads = true;
}

static void read_stacks(struct log *l, struct pp_json *j)
{
    pp_json_array(j);
    while (pp_json_element(j)) {
        PP_GROW(l->stacks, l->nstacks + 1, l->stacks_cap);
        l->stacks[l->nstacks++] = pp_blocks_stack(&l->blocks, j);
    }
    l->has_stacks = true;
}

/* --- allocations --------------------------------------------------------- */

/* The one of `ids` that a field refers to; 0 with a warning if it does not exist. */
static pp_id refer(struct log *l, const char *at, const struct pp_json_field *field,
                   const pp_id *ids, size_t n)
{
    if (field->known && field->value < n)
        return ids[field->value];
    pp_warn(l->r, at, "an allocation without a valid '%s'", field->name);
    return 0;
}

static bool read_allocation(struct log *l, struct pp_json *j)
{
    enum { THREAD, FREE_THREAD, TRACE, TIME, FREE_TIME, SIZE, FIELDS };
    struct pp_json_field f[] = {
        {.name = "alloc_thread"},    {.name = "free_thread"},    {.name = "alloc_trace"},
        {.name = "alloc_timestamp"}, {.name = "free_timestamp"}, {.name = "usize"},
    };
    struct pp_span key;
    const char *at = j->in.p;
    pp_json_object(j);
    while (pp_json_member(j, &key))
        if (!pp_json_field(j, key, f, FIELDS))
            pp_json_skip(j);
    if (j->why)
        return true; /* reported at the end */
    return pp_blocks_add(&l->blocks,
                         &(struct pp_block){
                             .at = at,
                             .stack = refer(l, at, &f[TRACE], l->stacks, l->nstacks),
                             .size = f[SIZE].value,
                             .freed = true,
                             .thread = refer(l, at, &f[THREAD], l->threads, l->nthreads),
                             .free_thread = refer(l, at, &f[FREE_THREAD], l->threads, l->nthreads),
                             .time_ns = f[TIME].value,
                             .freed_ns = f[FREE_TIME].value,
                         });
}

static bool read_allocations(struct log *l, struct pp_json *j)
{
    if (!l->interval)
        return pp_fail(l->r, j->in.p, "the sampling interval of the allocations is unknown");
    pp_blocks_begin(&l->blocks, l->interval, false);
    pp_json_array(j);
    while (pp_json_element(j))
        if (!read_allocation(l, j))
            return false;
    return true;
}

/* --- reading ------------------------------------------------------------- */

static bool read_member(struct log *l, struct pp_json *j, struct pp_span key)
{
    if (pp_is(key, "info")) {
        read_info(l, j);
    } else if (pp_is(key, "threads")) {
        read_threads(l, j);
    } else if (pp_is(key, "stack_traces")) {
        read_stacks(l, j);
    } else if (pp_is(key, "allocations") && l->interval && l->has_threads && l->has_stacks) {
        return read_allocations(l, j);
    } else {
        if (pp_is(key, "allocations")) {
            l->waits = true;
            l->allocations = *j;
        }
        pp_json_skip(j);
    }
    return true;
}

static bool read_log(struct log *l, struct pp_json *j)
{
    struct pp_span key;
    pp_json_object(j);
    while (pp_json_member(j, &key))
        if (!read_member(l, j, key))
            return false;
    if (l->waits && !read_allocations(l, &l->allocations))
        return false;
    return pp_blocks_end(&l->blocks, j);
}

static bool log_read(struct pp_reader *r, struct pp_span in)
{
    struct log l = {.r = r, .blocks = {.r = r}};
    struct pp_json j = {.in = in, .arena = &r->arena, .literal = true};
    bool ok = read_log(&l, &j);
    pp_blocks_release(&l.blocks);
    free(l.threads);
    free(l.stacks);
    return ok;
}

/*
 * Searches for names that no other format has, anywhere: tools that sort members change their
 * order.
 */
static unsigned log_bid(struct pp_span head)
{
    static const char *const names[] = {"\"lg_sample_rate\"", "\"thr_uid\"", "\"free_timestamp\""};
    return pp_blocks_bid(head, names, sizeof names / sizeof *names);
}

const struct pp_format pp_format_jemalloc_log = {
    .name = "jemalloc-log",
    .title = "logs of freed blocks by jemalloc (prof_log)",
    .suffixes = (const char *const[]){".json", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS | PP_HOLDS_TIME,
    .binary = true,
    .bid = log_bid,
    .read = log_read,
};
