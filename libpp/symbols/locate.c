#include "symbols/locate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "symbols/debuginfod.h"
#include "symbols/vdso.h"
#include "symbols/xz.h"

static const char deleted[] = " (deleted)";
static const char not_used[] = ", and is ignored; see --ignore-build-id";
static const char *const system_debug_dirs[] = {"/usr/lib/debug", NULL};

/* The state of a search. */
struct search {
    const struct pp_symbol_sources *sources;
    const struct pp_wanted_file *wanted;
    struct pp_answer *answer;
    struct pp_arena names; /* paths that were tried */
    bool reported;         /* a file was found, and reported as unusable */
    const char *other_binary,
        *other_debug; /* the first files of another build, not reported yet; or NULL */
};

__attribute__((format(printf, 2, 3))) static char *name(struct search *s, const char *fmt, ...)
{
    va_list ap;
    char *text = NULL;
    va_start(ap, fmt);
    int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (n < 0)
        pp_out_of_memory();
    char *copy = pp_copy(&s->names, pp_str(text));
    free(text);
    return copy;
}

/* --- paths --------------------------------------------------------------- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* `path` after the first of the user's path maps whose OLD it begins with. */
static const char *mapped_path(struct search *s, const char *path)
{
    for (const char *const *map = s->sources->path_maps; map && *map; map++) {
        const char *equals = strchr(*map, '=');
        size_t n = equals ? (size_t)(equals - *map) : 0;
        if (n && strncmp(path, *map, n) == 0 && (path[n] == '/' || !path[n] || path[n - 1] == '/'))
            return name(s, "%s%s", equals + 1, path + n);
    }
    return path;
}

static const char *root(const struct search *s)
{
    return s->sources->sysroot ? s->sources->sysroot : "";
}

/* --- one file ------------------------------------------------------------ */

static const struct {
    enum pp_image_fault fault;
    enum pp_symbol_problem problem;
} faults[] = {
    {PP_IMAGE_UNREADABLE, PP_BINARY_UNREADABLE},
    {PP_IMAGE_NOT_ELF, PP_BINARY_NOT_ELF},
};

static void report(struct search *s, enum pp_symbol_problem problem, const char *path,
                   const char *detail)
{
    pp_answer_problem(s->answer, problem, path, detail);
    s->reported = true;
}

/*
 * Whether the file, which is of another build, is used anyway; it is closed if not. The recorded
 * build may be elsewhere, as where perf keeps copies: if it is, nothing is said of this one.
 */
static bool use_other_build(struct search *s, enum pp_symbol_problem difference, const char *path,
                            struct pp_image *image)
{
    if (s->sources->ignore_build_id) {
        report(s, difference, path, "");
        return true;
    }
    const char **other = difference == PP_BINARY_DIFFERS ? &s->other_binary : &s->other_debug;
    if (!*other)
        *other = name(s, "%s", path);
    pp_image_close(image);
    return false;
}

/* Opens the file if it exists and is of the wanted build. Otherwise reports why not. */
static bool try_file(struct search *s, const char *path, const char *build_id,
                     enum pp_symbol_problem difference, struct pp_image *image)
{
    enum pp_image_fault fault = pp_image_open(image, path);
    const char *why = fault == PP_IMAGE_UNREADABLE ? strerror(errno) : "";
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (fault == faults[i].fault)
            report(s, faults[i].problem, path, why);
    if (fault != PP_IMAGE_OPENED)
        return false;
    if (!*build_id || !*image->build_id || strcmp(build_id, image->build_id) == 0)
        return true;
    return use_other_build(s, difference, path, image);
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Tries ROOT/DIR/.build-id/xx/rest with each of `endings`, in each folder. */
static bool try_build_id(struct search *s, const char *top, const char *const *dirs,
                         const char *build_id, const char *const *endings, struct pp_image *image)
{
    if (strlen(build_id) < 3)
        return false;
    for (; dirs && *dirs; dirs++)
        for (const char *const *ending = endings; *ending; ending++) {
            const char *path =
                name(s, "%s%s/.build-id/%.2s/%s%s", top, *dirs, build_id, build_id + 2, *ending);
            if (!is_folder(path) && /* as perf has one of this name */
                try_file(s, path, build_id, PP_DEBUG_FILE_DIFFERS, image))
                return true;
        }
    return false;
}

/* --- the binary ---------------------------------------------------------- */

/* perf's cache has a folder for each path, with a copy for each build id: see try_build_id(). */
static bool try_in_folder(struct search *s, const char *dir, const char *path,
                          struct pp_image *image)
{
    const char *file = name(s, "%s/%s", dir, path);
    return !is_folder(file) && try_file(s, file, s->wanted->build_id, PP_BINARY_DIFFERS, image);
}

static bool find_in_debug_dirs(struct search *s, const char *path, struct pp_image *image)
{
    static const char *const endings[] = {"", "/elf", "/vdso", NULL};
    const char *id = s->wanted->build_id;
    if (try_build_id(s, "", s->sources->debug_dirs, id, endings, image))
        return true;
    for (const char *const *dir = s->sources->debug_dirs; dir && *dir && *path; dir++)
        if (try_in_folder(s, *dir, path, image) || try_in_folder(s, *dir, base_name(path), image))
            return true;
    return false;
}

static bool find_binary(struct search *s, const char *path, struct pp_image *image)
{
    const struct pp_wanted_file *w = s->wanted;
    if (w->binary)
        return try_file(s, w->binary, w->build_id, PP_BINARY_DIFFERS, image);
    if (strcmp(path, PP_VDSO) == 0 && !s->sources->sysroot && pp_vdso_open(w->build_id, image))
        return true;
    if (strchr(path, '/') &&
        try_file(s, name(s, "%s%s%s", root(s), s->sources->sysroot ? "/" : "", path), w->build_id,
                 PP_BINARY_DIFFERS, image))
        return true;
    if (find_in_debug_dirs(s, path, image))
        return true;
    const char *fetched = s->sources->debuginfod
                              ? pp_debuginfod_find(w->build_id, PP_THE_EXECUTABLE, &s->names)
                              : NULL;
    return fetched && try_file(s, fetched, w->build_id, PP_BINARY_DIFFERS, image);
}

/* Warns if the file may have changed, by its time, as there is no build id to tell. */
static void warn_of_changes(struct search *s, const struct pp_image *image)
{
    struct stat st;
    int64_t recorded = s->wanted->recorded_ns / 1000000000;
    if (*s->wanted->build_id || !recorded || stat(image->path, &st) != 0)
        return;
    if ((int64_t)st.st_mtime > recorded)
        pp_answer_problem(s->answer, PP_BINARY_CHANGED, image->path, "");
}

/* --- separate debug information ------------------------------------------ */

static bool find_debug_by_id(struct search *s, const char *build_id, struct pp_image *image)
{
    static const char *const endings[] = {".debug", "/debug", NULL};
    return try_build_id(s, "", s->sources->debug_dirs, build_id, endings, image) ||
           try_build_id(s, root(s), system_debug_dirs, build_id, endings, image);
}

/* Whether the CRC of the file is the one in .gnu_debuglink. */
static bool has_sum(const char *path, uint32_t want)
{
    enum { BLOCK = 1 << 16 };
    uint32_t sum = 0;
    FILE *in = fopen(path, "re");
    char *block = pp_calloc(BLOCK, 1);
    while (in && !feof(in) && !ferror(in)) {
        size_t n = fread(block, 1, BLOCK, in);
        sum = pp_crc32((struct pp_span){block, block + n}, sum);
    }
    if (in)
        fclose(in);
    free(block);
    return in && sum == want;
}

/* If there was nothing to strip, the link may name the file itself. */
static bool try_link(struct search *s, const char *path, const struct pp_image *binary,
                     uint32_t sum, struct pp_image *image)
{
    if (strcmp(path, binary->path) == 0 ||
        !try_file(s, path, binary->build_id, PP_DEBUG_FILE_DIFFERS, image))
        return false;
    if (*binary->build_id || has_sum(path, sum))
        return true;
    return use_other_build(s, PP_DEBUG_FILE_DIFFERS, path, image);
}

static bool find_debug_by_link(struct search *s, const struct pp_image *binary,
                               struct pp_image *image)
{
    uint32_t sum;
    const char *link = pp_image_debug_link(binary, &sum), *mapped = s->wanted->path;
    if (!link || !*link || strchr(link, '/'))
        return false;
    int beside = (int)(base_name(binary->path) - binary->path);
    int folder = (int)(base_name(mapped) - mapped);
    if (try_link(s, name(s, "%.*s%s", beside, binary->path, link), binary, sum, image) ||
        try_link(s, name(s, "%.*s.debug/%s", beside, binary->path, link), binary, sum, image))
        return true;
    for (const char *const *dir = s->sources->debug_dirs; dir && *dir; dir++)
        if (try_link(s, name(s, "%s/%.*s%s", *dir, folder, mapped, link), binary, sum, image) ||
            try_link(s, name(s, "%s/%s", *dir, link), binary, sum, image))
            return true;
    return try_link(s, name(s, "%s%s/%.*s%s", root(s), *system_debug_dirs, folder, mapped, link),
                    binary, sum, image);
}

static bool find_debug(struct search *s, const char *build_id, const struct pp_image *binary,
                       struct pp_image *image)
{
    if (find_debug_by_id(s, build_id, image) ||
        (binary->path && find_debug_by_link(s, binary, image)))
        return true;
    const char *fetched = s->sources->debuginfod
                              ? pp_debuginfod_find(build_id, PP_DEBUG_INFORMATION, &s->names)
                              : NULL;
    return fetched && try_file(s, fetched, build_id, PP_DEBUG_FILE_DIFFERS, image);
}

/*
 * "Mini debug info": a compressed file with only the symbols that .dynsym lacks.
 * https://sourceware.org/gdb/current/onlinedocs/gdb/MiniDebugInfo.html
 */
static void open_extra(struct pp_located *found)
{
    enum { MOST_BYTES = 256 << 20 };
    struct pp_span packed;
    size_t size;
    if (!pp_image_section(&found->binary, ".gnu_debugdata", &packed))
        return;
    char *bytes = pp_xz_unpack(packed, MOST_BYTES, &size);
    if (bytes)
        pp_image_of(&found->extra, found->binary.path, bytes, size);
}

/* --- entry point --------------------------------------------------------- */

void pp_locate(const struct pp_symbol_sources *sources, const struct pp_wanted_file *wanted,
               struct pp_located *found, struct pp_answer *answer)
{
    struct search s = {.sources = sources, .wanted = wanted, .answer = answer};
    const char *path = mapped_path(&s, wanted->path), *build_id = wanted->build_id;
    bool gone = wanted->deleted;
    if (pp_ends(pp_str(path), deleted)) {
        gone = true;
        path = name(&s, "%.*s", (int)(strlen(path) - strlen(deleted)), path);
    }
    *found = (struct pp_located){0};
    if (find_binary(&s, path, &found->binary)) {
        build_id = found->binary.build_id;
        warn_of_changes(&s, &found->binary);
        if (gone && !*wanted->build_id && !wanted->binary)
            pp_answer_problem(answer, PP_BINARY_DELETED, found->binary.path, "");
    }
    bool whole = found->binary.path && pp_image_has_debug_info(&found->binary);
    if (!whole && !find_debug(&s, build_id, &found->binary, &found->debug) && found->binary.path)
        open_extra(found);
    if (!found->binary.path && s.other_binary)
        report(&s, PP_BINARY_DIFFERS, s.other_binary, not_used);
    if (!whole && !found->debug.path && s.other_debug)
        report(&s, PP_DEBUG_FILE_DIFFERS, s.other_debug, not_used);
    if (!found->binary.path && !found->debug.path && !s.reported)
        pp_answer_problem(answer, PP_BINARY_MISSING, wanted->path, "");
    pp_arena_release(&s.names);
}

bool pp_locate_binary(const struct pp_symbol_sources *sources, const struct pp_wanted_file *wanted,
                      struct pp_image *binary, struct pp_answer *answer)
{
    struct search s = {.sources = sources, .wanted = wanted, .answer = answer};
    bool found = find_binary(&s, mapped_path(&s, wanted->path), binary);
    pp_arena_release(&s.names);
    return found;
}

void pp_located_release(struct pp_located *found)
{
    pp_image_close(&found->binary);
    pp_image_close(&found->debug);
    pp_image_close(&found->extra);
}

char *pp_locate_by_build_id(const struct pp_symbol_sources *sources, const char *build_id)
{
    for (const char *const *dir = sources->debug_dirs; dir && *dir && strlen(build_id) > 2; dir++) {
        char *path = NULL;
        struct stat s;
        if (asprintf(&path, "%s/.build-id/%.2s/%s.debug", *dir, build_id, build_id + 2) < 0)
            pp_out_of_memory();
        if (stat(path, &s) == 0)
            return path;
        free(path);
    }
    return NULL;
}
