#include "work/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/input.h"
#include "load/load.h"

static void add(struct pp_list *files, struct pp_span path)
{
    char *copy = pp_calloc(pp_len(path) + 1, 1);
    memcpy(copy, path.p, pp_len(path));
    pp_list_add(files, copy);
}

void pp_free_paths(struct pp_list *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->items[i]);
    free(files->items);
    *files = (struct pp_list){0};
}

/* --- directories --------------------------------------------------------- */

static bool has_suffix(const struct pp_format *f, const char *path)
{
    struct pp_span name = pp_str(path);
    if (pp_ends(name, ".gz"))
        name.end -= strlen(".gz");
    return pp_format_has_suffix(f, pp_str(path)) || pp_format_has_suffix(f, name);
}

/* Whether other files than profiles have this suffix, too. */
static bool is_common(const char *suffix)
{
    static const char *const common[] = {".json", ".txt", ".dat", ".svg", NULL};
    const char *const *c = common;
    while (*c && strcmp(*c, suffix) != 0)
        c++;
    return *c;
}

/* Whether its name is that of a profile, so that damage to it should be reported. */
static bool is_called_so(const char *path)
{
    struct pp_span name = pp_str(path);
    if (pp_ends(name, ".gz"))
        name.end -= strlen(".gz");
    for (const struct pp_format *const *f = pp_formats; *f; f++)
        for (const char *const *s = (*f)->read ? (*f)->suffixes : NULL; s && *s; s++)
            if (!is_common(*s) && (pp_ends(name, *s) || pp_ends(pp_str(path), *s)))
                return true;
    return false;
}

/* Whether a file found in a directory, and not named by the user, is to be read. */
static bool is_profile(const char *path)
{
    const struct pp_format *f = pp_load_detect(path);
    if (!f || !f->read)
        return is_called_so(path);
    if (strcmp(f->name, "folded") == 0)
        return has_suffix(f, path);
    return strcmp(f->name, "svg") != 0;
}

/* Reports errno; ENOMEM ends the program. */
static bool cannot_list(const char *path)
{
    if (errno == ENOMEM)
        pp_out_of_memory();
    return pp_error(&pp_messages, path, "%s", strerror(errno));
}

static int is_entry(const struct dirent *e)
{
    return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
}

static int last_first(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*b)->d_name, (*a)->d_name);
}

/* Whether `path`/`name` is a file, which can be read if `format` is not NULL: as that format. */
static bool has_file(const char *path, const char *name, const char *format)
{
    char *file;
    struct stat s;
    if (asprintf(&file, "%s/%s", path, name) < 0)
        pp_out_of_memory();
    bool has = stat(file, &s) == 0 && S_ISREG(s.st_mode);
    const struct pp_format *f = has && format ? pp_load_detect(file) : NULL;
    free(file);
    return has && (!format || (f && strcmp(f->name, format) == 0));
}

/*
 * perf record --threads writes a file for each thread of its own, without a header; they are read
 * with the file "data".
 */
static bool is_of_threads(const char *path)
{
    return has_file(path, "data.0", NULL) && has_file(path, "data", "perf-data");
}

static void push(struct pp_list *todo, const char *path, const char *name)
{
    char *entry;
    if (asprintf(&entry, "%s/%s", path, name) < 0)
        pp_out_of_memory();
    pp_list_add(todo, entry);
}

/*
 * Pushes the entries of a directory on the stack `todo`, in an order that pops the first one first.
 */
static bool push_entries(struct pp_list *todo, const char *path)
{
    struct dirent **entries;
    if (is_of_threads(path)) {
        push(todo, path, "data");
        return true;
    }
    int n = scandir(path, &entries, is_entry, last_first);
    if (n < 0)
        return cannot_list(path);
    for (int i = 0; i < n; i++) {
        push(todo, path, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return true;
}

/*
 * Adds `path` if it is a profile, or pushes its entries if it is a directory; links are not
 * followed.
 */
static bool add_found(struct pp_list *files, struct pp_list *todo, char *path)
{
    struct stat s;
    bool ok = lstat(path, &s) == 0 || cannot_list(path);
    if (ok && S_ISDIR(s.st_mode))
        ok = push_entries(todo, path);
    if (ok && S_ISREG(s.st_mode) && is_profile(path))
        pp_list_add(files, path);
    else
        free(path);
    return ok;
}

static bool add_directory(struct pp_list *files, const char *path)
{
    struct pp_list todo = {0};
    size_t before = files->count;
    bool ok = push_entries(&todo, path);
    while (todo.count)
        ok = add_found(files, &todo, todo.items[--todo.count]) && ok;
    free(todo.items);
    if (ok && files->count == before)
        ok = pp_error(&pp_messages, path, "there is no profile in this directory");
    return ok;
}

bool pp_is_directory(const char *path)
{
    struct stat s;
    return strcmp(path, "-") != 0 && stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

bool pp_add_path(struct pp_list *files, const char *path)
{
    if (pp_is_directory(path))
        return add_directory(files, path);
    add(files, pp_str(path)); /* if it does not exist, reading it will fail */
    return true;
}

/* --- what files hold ----------------------------------------------------- */

bool pp_read_text(const char *file, char **text, size_t *len)
{
    return pp_read_file(file, 16 << 20, text, len, &pp_messages);
}

/* --- lists --------------------------------------------------------------- */

/* Windows ends lines with a carriage return as well; but a file may be called so. */
static void cut_return(char *line, size_t len)
{
    if (len && line[len - 1] == '\r' && access(line, F_OK) != 0)
        line[len - 1] = '\0';
}

static bool add_lines(struct pp_list *files, FILE *in, int end)
{
    char *line = NULL;
    size_t cap = 0;
    bool ok = true;
    for (ssize_t len; (len = getdelim(&line, &cap, end, in)) > 0;) {
        if (line[len - 1] == end)
            line[--len] = '\0';
        if (end == '\n')
            cut_return(line, (size_t)len);
        if (*line)
            ok = pp_add_path(files, line) && ok;
    }
    free(line);
    return ok;
}

/* The output of find -print0, read as lines, would be taken for its first name. */
static bool has_nul(FILE *in)
{
    char head[4096];
    long at = ftell(in);
    size_t n = at >= 0 ? fread(head, 1, sizeof head, in) : 0;
    if (at >= 0)
        fseek(in, at, SEEK_SET);
    return n && memchr(head, '\0', n);
}

bool pp_add_paths_from(struct pp_list *files, const char *list, bool nul)
{
    bool standard = strcmp(list, "-") == 0;
    FILE *in = standard ? stdin : fopen(list, "re");
    if (!in)
        return pp_error(&pp_messages, list, "%s", strerror(errno));
    bool wrong = !nul && has_nul(in);
    if (wrong)
        pp_error(&pp_messages, list, "its names end with NUL: also give -0");
    bool ok = !wrong && add_lines(files, in, nul ? '\0' : '\n');
    if (!wrong && !feof(in) && !ferror(in))
        pp_out_of_memory(); /* getdelim() can also fail for lack of memory */
    if (ferror(in))
        ok = pp_error(&pp_messages, standard ? "<stdin>" : list, "cannot be read");
    if (!standard)
        fclose(in);
    return ok;
}
