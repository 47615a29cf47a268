#include "common_files.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "load/load.h"

static void add(struct pp_list *files, struct pp_span path)
{
    size_t len = pp_len(path);
    char *copy = pp_calloc(len + 1, 1);
    memcpy(copy, path.p, len);
    PP_GROW(files->items, files->count + 2, files->cap);
    files->items[files->count++] = copy;
    files->items[files->count] = NULL;
}

void pp_free_paths(struct pp_list *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->items[i]);
    free(files->items);
    *files = (struct pp_list){0};
}

/* --- directories --------------------------------------------------------- */

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool has_suffix(const struct pp_format *f, const char *path)
{
    struct pp_span name = pp_str(path);
    if (pp_ends(name, ".gz"))
        name.end -= strlen(".gz");
    for (const char *const *s = f->suffixes; s && *s; s++)
        if (pp_ends(pp_str(path), *s) || pp_ends(name, *s))
            return true;
    return false;
}

/* Whether it is called like a profile: damage to one should be told of. */
static bool is_called_so(const char *path)
{
    for (const struct pp_format *const *f = pp_formats; *f; f++)
        if ((*f)->read && strcmp((*f)->name, "svg") != 0 && has_suffix(*f, path))
            return true;
    return false;
}

/* Whether a file that was found, and not asked for by name, is to be taken. */
static bool is_profile(const char *path)
{
    const struct pp_format *f = pp_load_detect(path);
    if (!f || !f->read)
        return is_called_so(path);
    if (strcmp(f->name, "folded") == 0)
        return has_suffix(f, path);
    return strcmp(f->name, "svg") != 0;
}

static bool add_found(struct pp_list *files, const FTSENT *entry)
{
    switch (entry->fts_info) {
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS:
        return pp_error(&pp_messages, entry->fts_path, "%s", strerror(entry->fts_errno));
    case FTS_F:
        if (is_profile(entry->fts_path))
            add(files, pp_str(entry->fts_path));
        return true;
    default:
        return true;
    }
}

static bool add_directory(struct pp_list *files, const char *path)
{
    char *root = strdup(path), *roots[] = {root, NULL};
    size_t before = files->count;
    FTS *tree = root ? fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name) : NULL;
    bool ok = tree || pp_error(&pp_messages, path, "%s", strerror(errno));
    for (FTSENT *entry; tree && (entry = fts_read(tree));)
        ok = add_found(files, entry) && ok;
    if (tree)
        fts_close(tree);
    free(root);
    if (ok && files->count == before)
        ok = pp_error(&pp_messages, path, "there is no profile in this directory");
    return ok;
}

bool pp_add_path(struct pp_list *files, const char *path)
{
    struct stat s;
    if (strcmp(path, "-") != 0 && stat(path, &s) == 0 && S_ISDIR(s.st_mode))
        return add_directory(files, path);
    add(files, pp_str(path)); /* whether it is there shows when it is read */
    return true;
}

/* --- lists --------------------------------------------------------------- */

static bool add_lines(struct pp_list *files, FILE *in, int end)
{
    char *line = NULL;
    size_t cap = 0;
    bool ok = true;
    for (ssize_t len; (len = getdelim(&line, &cap, end, in)) > 0;) {
        if (line[len - 1] == end)
            line[--len] = '\0';
        if (*line)
            ok = pp_add_path(files, line) && ok;
    }
    free(line);
    return ok;
}

bool pp_add_paths_from(struct pp_list *files, const char *list, bool nul)
{
    bool standard = strcmp(list, "-") == 0;
    FILE *in = standard ? stdin : fopen(list, "re");
    if (!in)
        return pp_error(&pp_messages, list, "%s", strerror(errno));
    bool ok = add_lines(files, in, nul ? '\0' : '\n');
    if (ferror(in))
        ok = pp_error(&pp_messages, standard ? "<stdin>" : list, "cannot be read");
    if (!standard)
        fclose(in);
    return ok;
}
