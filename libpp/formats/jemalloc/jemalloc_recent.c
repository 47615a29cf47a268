/*
 * The last blocks that jemalloc's sampler took (MALLOC_CONF=prof:true,prof_recent_alloc_max:N, and
 * mallctl "experimental.prof_recent.alloc_dump"), oldest first:
 *
 *     {"sample_interval":4096,"recent_alloc_max":40,"recent_alloc":[
 *         {"size":3000,"usize":3072,"released":true,
 *          "alloc_thread_uid":0,"alloc_thread_name":"worker one","alloc_time":1840844166415,
 *          "alloc_trace":["0x7fbf38ca2630","0x7fbf38ca2d21"],
 *          "dalloc_thread_uid":0,"dalloc_thread_name":"worker one","dalloc_time":1840864166415,
 *          "dalloc_trace":["0x7fbf38ca2630"]}]}
 *
 * Members with "dalloc" exist if the block was released, and a thread's name if it has one. "size"
 * is the requested size, and "usize" the allocated one. Names are written without escapes; times
 * are nanoseconds since the system was started.
 *
 * A block is a sample of the stack that allocated it, in columns for all blocks and for those still
 * in use. The lifetime of the others is the label "lifetime". The stacks that released them are
 * left out.
 *
 * https://github.com/jemalloc/jemalloc/blob/dev/src/prof_recent.c
 */
#include "formats/jemalloc/sampled_blocks.h"

struct recent {
    struct pp_blocks blocks;
    uint64_t interval; /* 0: not read yet */
    bool waits;        /* there were blocks before it */
    struct pp_json list;
};

/* --- blocks -------------------------------------------------------------- */

enum { SIZE, UID, TIME, FREE_UID, FREE_TIME, FIELDS };

/* The members of a block other than numbers. */
struct said {
    pp_id stack;
    bool released, has_stack;
    struct pp_span name, free_name;
};

static void read_other(struct recent *recent, struct pp_json *j, struct pp_span key, struct said *s)
{
    if (pp_is(key, "released")) {
        pp_json_bool(j, &s->released);
    } else if (pp_is(key, "alloc_thread_name")) {
        pp_json_string(j, &s->name);
    } else if (pp_is(key, "dalloc_thread_name")) {
        pp_json_string(j, &s->free_name);
    } else if (pp_is(key, "alloc_trace")) {
        s->stack = pp_blocks_stack(&recent->blocks, j);
        s->has_stack = true;
    } else {
        pp_json_skip(j);
    }
}

static bool read_block(struct recent *recent, struct pp_json *j)
{
    struct pp_json_field f[] = {
        {.name = "usize"},       {.name = "alloc_thread_uid"},
        {.name = "alloc_time"},  {.name = "dalloc_thread_uid"},
        {.name = "dalloc_time"},
    };
    struct pp_blocks *b = &recent->blocks;
    struct said s = {.name = pp_str(""), .free_name = pp_str("")};
    struct pp_span key;
    const char *at = j->in.p;
    pp_json_object(j);
    while (pp_json_member(j, &key))
        if (!pp_json_field(j, key, f, FIELDS))
            read_other(recent, j, key, &s);
    if (j->why)
        return true; /* reported at the end */
    if (!s.has_stack)
        pp_warn(b->r, at, "a block without an 'alloc_trace'");
    return pp_blocks_add(
        b, &(struct pp_block){
               .at = at,
               .stack = s.stack,
               .size = f[SIZE].value,
               .freed = s.released,
               .thread = pp_blocks_thread(b, s.name, f[UID].value),
               .free_thread = s.released ? pp_blocks_thread(b, s.free_name, f[FREE_UID].value) : 0,
               .time_ns = f[TIME].value,
               .freed_ns = f[FREE_TIME].value,
           });
}

static bool read_list(struct recent *recent, struct pp_json *j)
{
    if (!recent->interval || recent->interval > INT64_MAX)
        return pp_fail(recent->blocks.r, j->in.p, "the sampling interval of the blocks is unknown");
    pp_blocks_begin(&recent->blocks, recent->interval, true);
    pp_json_array(j);
    while (pp_json_element(j))
        if (!read_block(recent, j))
            return false;
    return true;
}

/* --- reading ------------------------------------------------------------- */

static bool read_recent(struct recent *recent, struct pp_json *j)
{
    struct pp_json_field interval = {.name = "sample_interval"};
    struct pp_span key;
    pp_json_object(j);
    while (pp_json_member(j, &key)) {
        if (pp_json_field(j, key, &interval, 1)) {
            recent->interval = interval.value;
        } else if (pp_is(key, "recent_alloc") && recent->interval) {
            if (!read_list(recent, j))
                return false;
        } else {
            if (pp_is(key, "recent_alloc")) {
                recent->waits = true;
                recent->list = *j;
            }
            pp_json_skip(j);
        }
    }
    if (recent->waits && !read_list(recent, &recent->list))
        return false;
    return pp_blocks_end(&recent->blocks, j);
}

static bool recent_read(struct pp_reader *r, struct pp_span in)
{
    struct recent recent = {.blocks = {.r = r}};
    struct pp_json j = {.in = in, .arena = &r->arena, .literal = true};
    pp_blocks_describe(&recent.blocks, "jemalloc, recent blocks");
    bool ok = read_recent(&recent, &j);
    pp_blocks_release(&recent.blocks);
    return ok;
}

/*
 * Searches for names that no other format has, anywhere: tools that sort members change their
 * order.
 */
static unsigned recent_bid(struct pp_span head)
{
    static const char *const names[] = {"\"recent_alloc_max\"", "\"recent_alloc\"",
                                        "\"alloc_thread_uid\""};
    return pp_blocks_bid(head, names, sizeof names / sizeof *names);
}

const struct pp_format pp_format_jemalloc_recent = {
    .name = "jemalloc-recent",
    .title = "recent blocks by jemalloc (prof_recent)",
    .suffixes = (const char *const[]){".json", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS | PP_HOLDS_TIME,
    .binary = true,
    .bid = recent_bid,
    .read = recent_read,
};
