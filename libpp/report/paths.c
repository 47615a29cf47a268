#include "report/paths.h"

/* The text after the first "/name/" in `path`, or NULL; `name` is the last part of `folder`. */
static const char *after_folder(struct pp_span path, struct pp_span folder)
{
    while (pp_len(folder) > 1 && folder.end[-1] == '/')
        folder.end--;
    struct pp_span name = pp_base_name(folder);
    size_t len = pp_len(name);
    if (!len)
        return NULL;
    for (const char *p = path.p; (size_t)(path.end - p) >= len + 2; p++)
        if (p[0] == '/' && p[len + 1] == '/' && memcmp(p + 1, name.p, len) == 0)
            return p + len + 2;
    return NULL;
}

/* The rest of `path` after the folder with which it begins, or NULL. */
static const char *inside(struct pp_span path, struct pp_span folder)
{
    size_t len = pp_len(folder);
    bool slash = len && folder.end[-1] == '/';
    if (pp_len(path) < len + !slash || memcmp(path.p, folder.p, len) != 0)
        return NULL;
    if (slash)
        return path.p + len;
    return path.p[len] == '/' ? path.p + len + 1 : NULL;
}

struct pp_span pp_trim_path(struct pp_span path, const struct pp_paths *paths)
{
    static const char *const always[] = {"/proc/self/cwd/./", "/proc/self/cwd/"};
    struct pp_span list = pp_empty(paths->trim) ? paths->source : paths->trim, folder;
    const char *rest = NULL;
    while (!rest && pp_cut(&list, ':', &folder)) {
        if (pp_empty(folder))
            continue;
        rest = pp_empty(paths->trim) ? after_folder(path, folder) : inside(path, folder);
    }
    for (size_t i = 0; i < 2 && !rest; i++)
        rest = inside(path, pp_str(always[i]));
    return (struct pp_span){rest ? rest : path.p, path.end};
}

/* Removes the last part of the path written since `start`; false if it is empty. */
static bool drop_last(struct pp_out *out, size_t start)
{
    if (out->len == start)
        return false;
    struct pp_span made = {out->buf + start, out->buf + out->len};
    const char *slash;
    if (pp_is(pp_base_name(made), ".."))
        return false;
    slash = pp_rfind(made, '/');
    out->len = slash ? (size_t)(slash - out->buf) : start;
    return true;
}

void pp_put_clean_path(struct pp_out *out, struct pp_span path)
{
    struct pp_span part;
    bool rooted = !pp_empty(path) && *path.p == '/';
    if (rooted)
        pp_putc(out, '/');
    size_t start = out->len;
    while (pp_cut(&path, '/', &part)) {
        if (pp_empty(part) || pp_is(part, "."))
            continue;
        if (pp_is(part, "..") && (drop_last(out, start) || rooted))
            continue;
        if (out->len > start)
            pp_putc(out, '/');
        pp_put(out, part);
    }
    if (!rooted && out->len == start)
        pp_putc(out, '.');
}
