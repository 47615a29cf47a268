/* Threads and processes: their names and their mappings, as they change over time. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "formats/perf/data/state.h"
#include "formats/perf/modules.h"

/* Bits of misc. */
enum { MODE = 7, MODE_KERNEL = 1, MODE_USER = 2, COMM_EXEC = 1 << 13, MMAP_BUILD_ID = 1 << 14 };
enum { FORK_EXEC = 1 << 13, MMAP_DATA = 1 << 13 };

enum { PROT_EXECUTABLE = 4, MAP_HUGE = 0x40000 };

/* --- threads and processes ----------------------------------------------- */

/* Valid until the next call, which may add a thread. */
static struct pp_data_thread *thread_at(struct pp_data_state *s, uint32_t tid)
{
    uint32_t i = *pp_number_at(&s->thread_of, tid, (uint32_t)s->nthreads);
    if (i == s->nthreads) {
        PP_GROW(s->threads, s->nthreads + 1, s->threads_cap);
        s->threads[s->nthreads++] = (struct pp_data_thread){0};
    }
    return &s->threads[i];
}

struct pp_data_space *pp_data_process(struct pp_data_state *s, uint32_t pid)
{
    uint32_t i = *pp_number_at(&s->process_of, pid, (uint32_t)s->nprocesses);
    if (i == s->nprocesses) {
        PP_GROW(s->processes, s->nprocesses + 1, s->processes_cap);
        s->processes[s->nprocesses++] = (struct pp_data_space){0};
    }
    return &s->processes[i];
}

void pp_data_tasks_release(struct pp_data_state *s)
{
    for (size_t i = 0; i < s->nprocesses; i++)
        pp_data_space_release(&s->processes[i]);
    pp_data_space_release(&s->kernel);
    free(s->processes);
    free(s->threads);
    free(s->process_of.slots);
    free(s->thread_of.slots);
    free(s->runs_memory_files.slots);
    if (s->maps.width)
        pp_table_release(&s->maps);
}

static void on_comm(struct pp_reader *r, struct pp_data_state *s, struct pp_span body)
{
    struct pp_data_bytes b = pp_data_bytes_of(s, body);
    pp_data_take32(&b); /* pid */
    uint32_t tid = pp_data_take32(&b);
    if (b.short_)
        return;
    *thread_at(s, tid) = (struct pp_data_thread){
        .comm = pp_string(r->out, pp_data_text((struct pp_span){b.p, b.end}))};
}

static void on_fork(struct pp_data_state *s, const struct pp_data_record *h, struct pp_span body)
{
    struct pp_data_bytes b = pp_data_bytes_of(s, body);
    uint32_t pid = pp_data_take32(&b), ppid = pp_data_take32(&b);
    uint32_t tid = pp_data_take32(&b), ptid = pp_data_take32(&b);
    if (b.short_)
        return;
    pp_id comm = thread_at(s, ptid)->comm;
    *thread_at(s, tid) = (struct pp_data_thread){.comm = comm};
    if (pid == ppid)
        return;
    static const struct pp_data_space none;
    struct pp_data_space from =
        *pp_data_process(s, ppid); /* the pointer may move when a process is added */
    pp_data_space_copy(pp_data_process(s, pid), h->misc & FORK_EXEC ? &none : &from);
}

/* --- labels -------------------------------------------------------------- */

static pp_id comm_of(struct pp_reader *r, const struct pp_data_thread *t, uint32_t tid)
{
    char text[24];
    if (t->comm)
        return t->comm;
    if (!tid)
        return pp_cstring(r->out, "swapper");
    snprintf(text, sizeof text, ":%" PRId32, (int32_t)tid);
    return pp_cstring(r->out, text);
}

/*
 * Without its process and thread, a sample equals others of the same command, which a build runs
 * hundreds of times. Code that exists only in the memory of a process can only be looked up by its
 * pid.
 */
static bool wants_numbers(const struct pp_reader *r, const struct pp_data_state *s, uint32_t pid)
{
    return (r->keep & PP_HOLDS_LABELS) == PP_HOLDS_LABELS ||
           pp_number_find(&s->runs_memory_files, pid, 0);
}

pp_id pp_data_labels(struct pp_reader *r, struct pp_data_state *s, uint32_t pid, uint32_t tid)
{
    struct pp_data_thread *t = thread_at(s, tid);
    if (t->labels_known && t->pid == pid)
        return t->labels;
    struct pp_label labels[] = {
        {.key = s->comm_key, .text = comm_of(r, t, tid)},
        {.key = s->pid_key, .number = (int32_t)pid},
        {.key = s->tid_key, .number = (int32_t)tid},
    };
    t->labels = pp_label_set(r->out, labels, wants_numbers(r, s, pid) ? 3 : 1);
    t->pid = pid;
    t->labels_known = true;
    return t->labels;
}

/* --- mappings ------------------------------------------------------------ */

static bool is_anonymous(struct pp_span file)
{
    return pp_starts(file, "//anon") || pp_starts(file, "/dev/zero") ||
           pp_starts(file, "/anon_hugepage");
}

/* Whether a mapping has no file: addresses in it are addresses in memory. */
static bool has_no_file(struct pp_span file)
{
    return pp_starts(file, "[stack") || pp_starts(file, "/SYSV") || pp_starts(file, "[heap]") ||
           pp_starts(file, "[vsyscall]");
}

/* The contents of a record of a mapping. */
struct mapped {
    uint32_t pid, prot, flags;
    uint64_t start, size, offset;
    pp_id build_id;
    struct pp_span file;
};

static bool read_mmap(struct pp_reader *r, const struct pp_data_state *s,
                      const struct pp_data_record *h, struct pp_span body, struct mapped *m)
{
    struct pp_data_bytes b = pp_data_bytes_of(s, body);
    *m = (struct mapped){.pid = pp_data_take32(&b), .prot = PROT_EXECUTABLE};
    pp_data_take32(&b); /* tid */
    m->start = pp_data_take64(&b);
    m->size = pp_data_take64(&b);
    m->offset = pp_data_take64(&b);
    if (h->type == PP_DATA_MMAP2) {
        struct pp_span id = pp_data_take(&b, 24);
        if (h->misc & MMAP_BUILD_ID && !b.short_)
            m->build_id = pp_data_build_id_text(r->out, id.p + 4, (unsigned char)*id.p);
        m->prot = pp_data_take32(&b);
        m->flags = pp_data_take32(&b);
    } else if (h->misc & MMAP_DATA) {
        m->prot = 0;
    }
    m->file = pp_data_text((struct pp_span){b.p, b.end});
    return !b.short_;
}

/*
 * Code of a JIT compiler: the module is named for the symbol list that the compiler may have
 * written.
 */
static void make_jit(struct pp_reader *r, const struct mapped *m, struct pp_data_map *map)
{
    char name[40];
    snprintf(name, sizeof name, "/tmp/perf-%" PRId32 ".map", (int32_t)m->pid);
    map->file = pp_cstring(r->out, name);
    map->offset = map->start;
}

/*
 * The kernel's own code: addresses are absolute. If the recording knows the address of the symbol
 * that ends the name, the mapping begins there.
 */
static void make_kernel(const struct mapped *m, struct pp_data_map *map)
{
    if (m->offset && m->offset < map->limit)
        map->start = m->offset;
    map->offset = map->start;
}

static struct pp_data_map map_of(struct pp_reader *r, struct pp_data_state *s,
                                 const struct mapped *m, bool kernel)
{
    bool own = kernel && (pp_starts(m->file, "[kernel") || pp_starts(m->file, "[guest.kernel"));
    bool jit =
        !kernel && m->prot & PROT_EXECUTABLE && (is_anonymous(m->file) || m->flags & MAP_HUGE);
    struct pp_data_map map = {
        .start = m->start,
        .limit = m->start + m->size,
        .offset = kernel ? 0 : m->offset,
        .build_id = m->build_id,
        .file = pp_data_file_name(r->out, m->file),
    };
    if (own)
        make_kernel(m, &map);
    else if (jit)
        make_jit(r, m, &map);
    else if (!kernel && (is_anonymous(m->file) || has_no_file(m->file)))
        map.offset = map.start;
    if (m->prot & PROT_EXECUTABLE && pp_starts(m->file, "/memfd:"))
        pp_number_at(&s->runs_memory_files, m->pid, true);
    map.kind = kernel ? PP_KERNEL : pp_perf_kind(pp_text(r->out, map.file));
    return map;
}

static void on_mmap(struct pp_reader *r, struct pp_data_state *s, const struct pp_data_record *h,
                    struct pp_span body)
{
    struct mapped m;
    uint64_t end;
    unsigned mode = h->misc & MODE;
    if (!read_mmap(r, s, h, body, &m) || !m.size || (mode != MODE_KERNEL && mode != MODE_USER))
        return;
    if (__builtin_add_overflow(m.start, m.size, &end))
        return;
    struct pp_data_map map = map_of(r, s, &m, mode == MODE_KERNEL);
    uint32_t id = pp_intern(&s->maps, &map);
    struct pp_data_space *space = mode == MODE_KERNEL ? &s->kernel : pp_data_process(s, m.pid);
    pp_data_space_add(space, &s->versions, m.start, end, id);
}

/* --- symbols of the kernel that come and go ------------------------------- */

static void on_ksymbol(struct pp_reader *r, struct pp_data_state *s, struct pp_span body)
{
    enum { GONE = 1 };
    struct pp_data_bytes b = pp_data_bytes_of(s, body);
    uint64_t start = pp_data_take64(&b), size = pp_data_take32(&b), end;
    struct pp_span kind_and_flags = pp_data_take(&b, 4);
    if (b.short_ || !size || __builtin_add_overflow(start, size, &end))
        return;
    if (pp_data_u16(kind_and_flags.p + 2, s->swap) & GONE) {
        pp_data_space_cut(&s->kernel, &s->versions, start, end);
        return;
    }
    struct pp_span name = pp_data_text((struct pp_span){b.p, b.end});
    struct pp_data_map map = {
        .start = start,
        .limit = end,
        .offset = start,
        .file = pp_cstring(r->out, "[bpf]"),
        .kind = PP_KERNEL,
        .function = pp_string(r->out, name),
    };
    pp_data_space_add(&s->kernel, &s->versions, start, end, pp_intern(&s->maps, &map));
}

static void on_cgroup(struct pp_reader *r, struct pp_data_state *s, struct pp_span body)
{
    struct pp_data_bytes b = pp_data_bytes_of(s, body);
    uint64_t id = pp_data_take64(&b);
    pp_id path = b.short_ ? 0 : pp_string(r->out, pp_data_text((struct pp_span){b.p, b.end}));
    if (path)
        *pp_number_at(&s->cgroups, id, path) = path;
}

/* --- all of them --------------------------------------------------------- */

void pp_data_task_record(struct pp_reader *r, struct pp_data_state *s,
                         const struct pp_data_record *h, struct pp_span body)
{
    struct pp_data_bytes b = pp_data_bytes_of(s, body);
    switch (h->type) {
    case PP_DATA_MMAP:
    case PP_DATA_MMAP2:
        on_mmap(r, s, h, body);
        break;
    case PP_DATA_COMM:
        on_comm(r, s, body);
        break;
    case PP_DATA_FORK:
        on_fork(s, h, body);
        break;
    case PP_DATA_KSYMBOL:
        on_ksymbol(r, s, body);
        break;
    case PP_DATA_CGROUP_RECORD:
        on_cgroup(r, s, body);
        break;
    case PP_DATA_SWITCH:
    case PP_DATA_SWITCH_CPU_WIDE:
        pp_data_switch_record(s, h, body);
        break;
    case PP_DATA_LOST:
        pp_data_take64(&b);
        s->counts.lost += pp_data_take64(&b);
        break;
    case PP_DATA_LOST_SAMPLES:
        if (!(h->misc >> 15)) /* otherwise a filter has dropped them, as requested */
            s->counts.lost_samples += pp_data_take64(&b);
        break;
    case PP_DATA_THROTTLE:
        s->counts.throttled++;
        break;
    case PP_DATA_AUX_RECORD:
        s->counts.aux++;
        break;
    default:
        s->counts.unknown_types += h->type > PP_DATA_CALLCHAIN_DEFERRED;
        break;
    }
}
