#include "formats/perf/data/attr.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/arena.h"

/* --- reading ------------------------------------------------------------- */

/* In recordings of the other byte order, the order of the flags' bits is reversed. */
static uint64_t mirrored(uint64_t v)
{
    uint64_t out = 0;
    for (int i = 0; i < 64; i++)
        out |= (v >> i & 1) << (63 - i);
    return out;
}

static bool is_big_endian(bool swap)
{
    const uint16_t probe = 1;
    char first;
    memcpy(&first, &probe, 1);
    return (first == 1) == swap;
}

bool pp_data_read_attr(struct pp_span bytes, bool swap, struct pp_data_attr *attr)
{
    char full[PP_DATA_ATTR_MAX] = {0};
    if (pp_len(bytes) < PP_DATA_ATTR_MIN)
        return false;
    size_t size = pp_data_u32(bytes.p + 4, swap);
    size = size ? size : PP_DATA_ATTR_MIN;
    if (size < PP_DATA_ATTR_MIN)
        return false;
    size = size < pp_len(bytes) ? size : pp_len(bytes);
    memcpy(full, bytes.p, size < sizeof full ? size : sizeof full);
    uint64_t flags = pp_data_u64(full + 40, swap);
    *attr = (struct pp_data_attr){
        .type = pp_data_u32(full, swap),
        .config = pp_data_u64(full + 8, swap),
        .period = pp_data_u64(full + 16, swap),
        .sample_type = pp_data_u64(full + 24, swap),
        .read_format = pp_data_u64(full + 32, swap),
        .flags = is_big_endian(swap) ? mirrored(flags) : flags,
        .bp_type = pp_data_u32(full + 52, swap),
        .bp_addr = pp_data_u64(full + 56, swap),
        .branch_type = pp_data_u64(full + 72, swap),
        .regs_user = pp_data_u64(full + 80, swap),
        .regs_intr = pp_data_u64(full + 96, swap),
        .name = pp_str(""),
        .event = {.counted = -1, .timed = -1, .period = -1},
    };
    return true;
}

int pp_data_attr_of(const struct pp_data_attrs *attrs, uint64_t id)
{
    uint32_t found = attrs->count == 1 ? 0 : pp_number_find(&attrs->ids, id, UINT32_MAX);
    return found < attrs->count ? (int)found : -1;
}

/* --- names --------------------------------------------------------------- */

static const char *const hardware[] = {"cycles",
                                       "instructions",
                                       "cache-references",
                                       "cache-misses",
                                       "branches",
                                       "branch-misses",
                                       "bus-cycles",
                                       "stalled-cycles-frontend",
                                       "stalled-cycles-backend",
                                       "ref-cycles"};

static const char *const software[] = {
    "cpu-clock",        "task-clock",   "page-faults",  "context-switches",
    "cpu-migrations",   "minor-faults", "major-faults", "alignment-faults",
    "emulation-faults", "dummy",        "bpf-output",   "cgroup-switches"};

static const char *const caches[] = {"L1-dcache", "L1-icache", "LLC", "dTLB",
                                     "iTLB",      "branch",    "node"};
static const char *const operations[] = {"load", "store", "prefetch"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* "L1-dcache-load-misses"; "L1-dcache-loads" if accesses are counted. */
static bool cache_name(uint64_t config, char *out, size_t size)
{
    uint64_t cache = config & 0xff, operation = config >> 8 & 0xff, result = config >> 16;
    if (cache >= COUNT(caches) || operation >= COUNT(operations) || result > 1)
        return false;
    const char *what = operations[operation];
    if (result)
        snprintf(out, size, "%s-%s-misses", caches[cache], what);
    else
        snprintf(out, size, "%s-%s%s", caches[cache], what, operation == 2 ? "es" : "s");
    return true;
}

static void breakpoint_name(const struct pp_data_attr *a, char *out, size_t size)
{
    snprintf(out, size, "mem:0x%" PRIx64 ":%s%s%s", a->bp_addr, a->bp_type & 1 ? "r" : "",
             a->bp_type & 2 ? "w" : "", a->bp_type & 4 ? "x" : "");
}

static void base_name(const struct pp_data_attr *a, char *out, size_t size)
{
    uint64_t config = a->type == 0 ? a->config & UINT32_MAX : a->config;
    if (a->type == 0 && config < COUNT(hardware))
        snprintf(out, size, "%s", hardware[config]);
    else if (a->type == 1 && config < COUNT(software))
        snprintf(out, size, "%s", software[config]);
    else if (a->type == PP_DATA_TRACEPOINT)
        snprintf(out, size, "tracepoint:%" PRIu64, config);
    else if (a->type == 4)
        snprintf(out, size, "r%" PRIx64, config);
    else if (a->type == 5)
        breakpoint_name(a, out, size);
    else if (a->type != 3 || !cache_name(config, out, size))
        snprintf(out, size, "event-%" PRIu32 ":%" PRIx64, a->type, config);
}

/*
 * Appends perf's modifiers: ":u" for an event that does not count in the kernel, and a "p" for each
 * level of precision.
 */
static void add_modifiers(const struct pp_data_attr *a, char *out, size_t size)
{
    char text[16];
    size_t n = 0;
    bool user = pp_data_flag(a, PP_DATA_EXCLUDE_USER),
         kernel = pp_data_flag(a, PP_DATA_EXCLUDE_KERNEL);
    bool hypervisor = pp_data_flag(a, PP_DATA_EXCLUDE_HV);
    if (user || kernel || (hypervisor && a->type == 0)) {
        if (!kernel)
            text[n++] = 'k';
        if (!user)
            text[n++] = 'u';
        if (!hypervisor && (user && kernel))
            text[n++] = 'h';
    }
    for (unsigned precise = a->flags >> PP_DATA_PRECISE & 3; precise; precise--)
        text[n++] = 'p';
    text[n] = '\0';
    size_t at = strlen(out);
    if (n && at < size)
        snprintf(out + at, size - at, ":%s", text);
}

struct pp_span pp_data_event_name(const struct pp_data_attr *attr, struct pp_arena *arena)
{
    if (!pp_empty(attr->name))
        return attr->name;
    char name[96];
    base_name(attr, name, sizeof name);
    add_modifiers(attr, name, sizeof name);
    size_t n = strlen(name);
    const char *copy = pp_copy(arena, (struct pp_span){name, name + n});
    return (struct pp_span){copy, copy + n};
}
