/* Looks up locations in lists of symbols: those of the kernel, and of code made at run time. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "symbols/lookup.h"
#include "symbols/symbol_text.h"
#include "syntax/perf_symbol.h"

/* A list of the kernel has 10 MB, and that of a large Java program less. */
enum { MOST_BYTES = 1 << 30 };

struct lists {
    const struct pp_lookup *l;
    struct pp_answer *answer;
    bool (*read)(struct pp_span in, const char *file, struct pp_symbol_table *t,
                 struct pp_diag *diag);
    struct pp_symbol_table symbols;
};

/* --- reading ------------------------------------------------------------- */

/* Passes problems with a list on to the answer. */
struct forwarding {
    struct pp_diag diag; /* first, so that `emit` can find the rest */
    struct pp_answer *answer;
};

static void forward(struct pp_diag *d, const struct pp_message *m)
{
    char place[512];
    const char *file = m->place.file ? m->place.file : "";
    if (m->place.kind == PP_AT_LINE)
        snprintf(place, sizeof place, "%s:%llu", file, (unsigned long long)m->place.at);
    else
        snprintf(place, sizeof place, "%s", file);
    pp_answer_problem(((struct forwarding *)d)->answer, PP_LIST_BAD, place, m->text);
}

/* The bytes of a file, which the caller frees; false, with errno set, if it cannot be read. */
static bool read_file(const char *path, char **bytes, size_t *len)
{
    size_t cap = 0;
    ssize_t got = 1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    *bytes = NULL;
    *len = 0;
    while (fd >= 0 && got > 0 && *len < MOST_BYTES) {
        PP_GROW(*bytes, *len + (1 << 16), cap);
        got = read(fd, *bytes + *len, cap - *len);
        *len += got > 0 ? (size_t)got : 0;
    }
    int why = errno;
    if (fd >= 0)
        close(fd);
    errno = why;
    return fd >= 0 && got >= 0;
}

/* A missing list is reported only if the user named it. */
static void read_list(struct lists *lists, const char *path, bool must_be)
{
    char *bytes;
    size_t len;
    struct forwarding f = {.diag = {.emit = forward}, .answer = lists->answer};
    if (read_file(path, &bytes, &len))
        lists->read((struct pp_span){bytes, bytes + len}, path, &lists->symbols, &f.diag);
    else if (must_be || errno != ENOENT)
        pp_answer_problem(lists->answer, PP_LIST_UNREADABLE, path, strerror(errno));
    free(bytes);
    pp_diag_flush(&f.diag);
    pp_diag_release(&f.diag);
}

/*
 * Reads the lists that the user names, or else those that perf would read: the module, if it has
 * such a name, or that of the process.
 */
static void read_perf_maps(struct lists *lists)
{
    const struct pp_lookup *l = lists->l;
    const char *const *named = l->options->sources.perf_maps;
    struct pp_span file = pp_text(l->profile, pp_module_at(l->locations, l->module)->file);
    for (const char *const *map = named; map && *map; map++)
        read_list(lists, *map, true);
    if (!named && pp_starts(file, "/tmp/perf-"))
        read_list(lists, file.p, false);
    else if (!named && l->perf_map)
        read_list(lists, l->perf_map, false);
}

/* --- the kernel ---------------------------------------------------------- */

/* The path of a file that may exist; lives as long as the process, which is a child. */
__attribute__((format(printf, 1, 2))) static char *name(const char *fmt, ...)
{
    va_list ap;
    char *text = NULL;
    va_start(ap, fmt);
    if (vasprintf(&text, fmt, ap) < 0)
        pp_out_of_memory();
    va_end(ap);
    return text;
}

/* Whether the running kernel has this build id, by its notes. */
static bool runs_here(const char *id)
{
    enum { HEADER = 12, NAME = 4, BUILD_ID = 3, MOST = 32 };
    char *notes, hex[2 * MOST + 1] = "";
    size_t len;
    struct pp_span in = {NULL, NULL};
    if (read_file("/sys/kernel/notes", &notes, &len))
        in = (struct pp_span){notes, notes + len};
    while (pp_len(in) >= HEADER + NAME && !*hex) {
        uint32_t head[3]; /* sizes of name and content, and the type */
        memcpy(head, in.p, sizeof head);
        size_t at = HEADER + ((size_t)head[0] + 3) / 4 * 4, size = ((size_t)head[1] + 3) / 4 * 4;
        if (at > pp_len(in) || size > pp_len(in) - at)
            break;
        bool is_id = head[2] == BUILD_ID && head[1] <= MOST && memcmp(in.p + HEADER, "GNU", 4) == 0;
        for (size_t i = 0; is_id && i < head[1]; i++)
            snprintf(hex + 2 * i, 3, "%02x", (unsigned char)in.p[at + i]);
        in.p += at + size;
    }
    free(notes);
    return *id && strcmp(hex, id) == 0;
}

/*
 * Reads the list that the user names; or perf's copy of the recorded kernel's; or that of a running
 * kernel: below --sysroot, or of this machine if it is the same kernel.
 */
static void read_kernel(struct lists *lists)
{
    const struct pp_symbol_sources *sources = &lists->l->options->sources;
    const char *id = pp_text(lists->l->profile, lists->l->kernel_id).p;
    if (sources->kallsyms) {
        read_list(lists, sources->kallsyms, true);
        return;
    }
    for (const char *const *dir = sources->debug_dirs; dir && *dir && *id; dir++)
        if (!lists->symbols.count)
            read_list(lists, name("%s/[kernel.kallsyms]/%s/kallsyms", *dir, id), false);
    if (!lists->symbols.count && sources->sysroot)
        read_list(lists, name("%s/proc/kallsyms", sources->sysroot), false);
    else if (!lists->symbols.count && runs_here(id))
        read_list(lists, "/proc/kallsyms", false);
}

/* --- names --------------------------------------------------------------- */

struct found {
    struct pp_namer namer;
    struct pp_found_frame *frames;
    uint32_t count;
    size_t cap;
    struct pp_out name;
};

static void add_frame(struct found *f, uint32_t function)
{
    PP_GROW(f->frames, f->count + 1, f->cap);
    f->frames[f->count++] = (struct pp_found_frame){.function = function};
}

/* Lists for Java have "Lcom/example/Thing;::method"; names of other languages may only look so. */
static bool is_java_class(struct pp_span part)
{
    const char *end = pp_find_text(part, ";::");
    return end && *part.p == 'L' && memchr(part.p, '/', (size_t)(end - part.p));
}

/*
 * HotSpot numbers its pieces of machine code: "StubRoutines (1)". Other tools that read perf's text
 * cut the bracket, but leave the blank before it.
 */
static bool is_numbered(struct pp_span part, size_t tidy)
{
    uint64_t n;
    struct pp_span rest = {part.p + tidy, part.end};
    return pp_starts(rest, " (") && pp_ends(rest, ")") &&
           pp_parse_u64((struct pp_span){rest.p + 2, rest.end - 1}, &n);
}

/*
 * Adds what a compiler calls a piece of code: a method, or several, each inlined in the one before.
 */
static void add_compiled(struct found *f, struct pp_answer *answer, struct pp_span symbol)
{
    for (struct pp_span part; pp_perf_part(&symbol, &part);) {
        f->name.len = 0;
        size_t n = pp_perf_tidy(part, is_java_class(part), pp_out_room(&f->name, pp_len(part)));
        n += !is_java_class(part) && is_numbered(part, n);
        struct pp_span tidy = {f->name.buf, f->name.buf + n};
        if (pp_same(tidy, part) || !n)
            add_frame(f, pp_name_function(&f->namer, part, NULL, 0));
        else
            add_frame(f, pp_answer_function(answer, &(struct pp_found_function){
                                                        .name = tidy, .system_name = part}));
    }
}

/* --- the kernel's slide --------------------------------------------------- */

static const struct pp_symbol *symbol_named(const struct pp_symbol_table *t, struct pp_span name)
{
    for (size_t i = 0; i < t->count; i++)
        if (pp_same((struct pp_span){t->symbols[i].name, t->symbols[i].name + t->symbols[i].len},
                    name))
            return &t->symbols[i];
    return NULL;
}

/*
 * The slide if no symbol is named, but the mapping starts at one of those at the start of the
 * kernel.
 */
static uint64_t slide_of_start(const struct pp_symbol_table *t, uint64_t recorded)
{
    enum { STEP = 1 << 16 }; /* no machine moves its kernel by less */
    static const char *const starts[] = {"_text", "_stext"};
    uint64_t slide = 0;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        const struct pp_symbol *s = symbol_named(t, pp_str(starts[i]));
        if (s && s->start == recorded)
            return 0;
        if (s && (s->start - recorded) % STEP == 0)
            slide = s->start - recorded;
    }
    return slide;
}

/*
 * What to add to an address of a kernel that was loaded elsewhere when it was recorded than when
 * the list was made: each boot moves it. perf names the kernel's mapping after a symbol, whose
 * address is the mapping's offset or start: "[kernel.kallsyms]_text".
 */
static uint64_t slide_of(const struct pp_symbol_table *t, const struct pp_profile *p,
                         const struct pp_mapping *m)
{
    struct pp_span file = pp_text(p, m->file);
    const char *end = pp_starts(file, "[") ? pp_find(file, ']') : NULL;
    uint64_t recorded = m->offset ? m->offset : m->start;
    if (!end || !recorded)
        return 0;
    if (end + 1 == file.end)
        return slide_of_start(t, recorded);
    const struct pp_symbol *s = symbol_named(t, (struct pp_span){end + 1, file.end});
    return s ? s->start - recorded : 0;
}

/* --- looking up ---------------------------------------------------------- */

/* Looks up the locations of one module. Returns whether any was found. */
static bool look_up_module(const struct lists *lists, struct found *found, size_t module)
{
    const struct pp_lookup *l = lists->l;
    bool kernel = pp_module_at(l->locations, (pp_id)module)->kind == PP_MODULE_KERNEL, any = false;
    uint64_t slide = 0;
    pp_id mapping = 0; /* the mapping of the slide */
    for (size_t i = l->locations->first[module]; i < l->locations->first[module + 1]; i++) {
        pp_id id = l->locations->order[i];
        const struct pp_location *location = pp_location_at(l->locations, id);
        if (kernel && location->mapping != mapping) {
            mapping = location->mapping;
            slide = slide_of(&lists->symbols, l->profile, pp_mapping(l->profile, mapping));
        }
        const struct pp_symbol *s = pp_symbol_find(&lists->symbols, location->address + slide);
        if (!s || !s->len)
            continue;
        struct pp_span name = {s->name, s->name + s->len};
        found->count = 0;
        if (kernel)
            add_frame(found, pp_name_function(&found->namer, name, NULL, 0));
        else
            add_compiled(found, lists->answer, name);
        pp_answer_location(lists->answer, id, found->frames, found->count);
        any = true;
    }
    return any;
}

/* For the kernel, this includes its loadable modules, which are in the same list. */
void pp_lookup_lists(const struct pp_lookup *l, struct pp_answer *answer)
{
    bool kernel = pp_module_at(l->locations, l->module)->kind == PP_MODULE_KERNEL;
    struct lists lists = {l, answer, kernel ? pp_read_kallsyms : pp_read_perf_map, {0}};
    struct found found = {.count = 0};
    if (kernel)
        read_kernel(&lists);
    else
        read_perf_maps(&lists);
    pp_symbol_table_sort(&lists.symbols);
    pp_namer_init(&found.namer, l->options, answer);
    pp_out_memory(&found.name, NULL);
    bool any = look_up_module(&lists, &found, l->module);
    for (size_t m = l->module + (size_t)1; kernel && m < l->locations->modules.count; m++)
        if (pp_module_at(l->locations, (pp_id)m)->kind == PP_MODULE_KERNEL)
            look_up_module(&lists, &found, m);
    pp_answer_module(answer, &(struct pp_found_module){pp_str(""), any ? PP_HAS_FUNCTIONS : 0u});
    pp_namer_release(&found.namer);
    pp_out_release(&found.name);
    free(found.frames);
    pp_symbol_table_release(&lists.symbols);
}
