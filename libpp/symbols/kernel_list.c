#include "symbols/kernel_list.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"

/* A list of the kernel has 10 MB, and that of a large Java program less. */
enum { MOST_BYTES = 1 << 30 };

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

void pp_read_symbol_list(pp_read_symbols *read, const char *path, bool must_be,
                         struct pp_symbol_table *table, struct pp_answer *answer)
{
    char *bytes;
    size_t len;
    struct forwarding f = {.diag = {.emit = forward}, .answer = answer};
    if (read_file(path, &bytes, &len))
        read((struct pp_span){bytes, bytes + len}, path, table, &f.diag);
    else if (must_be || errno != ENOENT)
        pp_answer_problem(answer, PP_LIST_UNREADABLE, path, strerror(errno));
    free(bytes);
    pp_diag_flush(&f.diag);
    pp_diag_release(&f.diag);
}

/* --- the kernel ---------------------------------------------------------- */

/* The path of a file that may exist. */
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

/* Reads a list that need not exist; frees its path. */
static void try_list(struct pp_symbol_table *table, struct pp_answer *answer, char *path)
{
    pp_read_symbol_list(pp_read_kallsyms, path, false, table, answer);
    free(path);
}

void pp_read_kernel_list(const struct pp_symbol_sources *sources, const char *id,
                         struct pp_symbol_table *table, struct pp_answer *answer)
{
    if (sources->kallsyms) {
        pp_read_symbol_list(pp_read_kallsyms, sources->kallsyms, true, table, answer);
        return;
    }
    for (const char *const *dir = sources->debug_dirs; dir && *dir && *id; dir++)
        if (!table->count)
            try_list(table, answer, name("%s/[kernel.kallsyms]/%s/kallsyms", *dir, id));
    if (!table->count && sources->sysroot)
        try_list(table, answer, name("%s/proc/kallsyms", sources->sysroot));
    else if (!table->count && runs_here(id))
        try_list(table, answer, name("/proc/kallsyms"));
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

uint64_t pp_kernel_slide(const struct pp_symbol_table *t, struct pp_span file, uint64_t start,
                         uint64_t offset)
{
    bool kernel = pp_starts(file, "[kernel") || pp_starts(file, "[guest.kernel");
    const char *end = kernel ? pp_find(file, ']') : NULL;
    uint64_t recorded = offset ? offset : start;
    if (!end || !recorded)
        return 0;
    if (end + 1 == file.end)
        return slide_of_start(t, recorded);
    const struct pp_symbol *s = symbol_named(t, (struct pp_span){end + 1, file.end});
    return s ? s->start - recorded : 0;
}
