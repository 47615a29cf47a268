#include "work/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "formats/sqlite/sqlite.h"
#include "io/input.h"
#include "model/compact.h"
#include "model/merge.h"
#include "work/columns.h"
#include "work/files.h"
#include "work/load.h"
#include "work/options.h"
#include "work/save.h"

/* --- one profile --------------------------------------------------------- */

/* A copy without the numbers, and without samples that only dumps have. */
static struct pp_profile *without_numbers(const struct pp_profile *numbered)
{
    const char *why;
    struct pp_profile *p = pp_profile_new();
    pp_merge(p, numbered, &why); /* no sum changes, so it cannot fail */
    struct pp_sample *to = pp_calloc(p->samples.count, sizeof *to);
    for (size_t i = 0; i < p->samples.count; i++) {
        bool any = false;
        for (unsigned c = 0; c < p->ncolumns; c++)
            any = any || p->columns[c].values[i];
        to[i] = *pp_sample(p, (pp_id)i);
        to[i].copy = 0;
        if (!any)
            to[i].node = PP_DROPPED;
    }
    pp_move_each(p, to);
    pp_compact(&p);
    free(to);
    return p;
}

static bool add_with_series(struct pp_store *s, struct pp_profile *numbered,
                            const struct pp_series *series, const char *origin)
{
    struct pp_profile *p = without_numbers(numbered);
    pp_show_column_first(p);
    bool ok = pp_store_add(s, p, origin) && pp_store_add_series(s, numbered, series);
    pp_profile_free(p);
    return ok;
}

/* Loads a file, and its moments if it has several, and applies the rules. */
static struct pp_profile *load(char *file, unsigned keep, struct pp_series *series)
{
    char *files[] = {file, NULL};
    struct pp_profile *p = pp_load_moments(file, keep, series);
    if (p && series->count)
        pp_number_samples(p); /* by which the dumps find them after rules */
    p = pp_with_rules(pp_with_symbols(p, files), true);
    if (p)
        pp_warn_of_losses(p, pp_format_named("sqlite"));
    return p;
}

static bool add(struct pp_store *s, struct pp_profile *p, const struct pp_series *series,
                const char *origin)
{
    if (series->count)
        return add_with_series(s, p, series, origin);
    pp_show_column_first(p);
    return pp_store_add(s, p, origin);
}

static bool add_file(struct pp_store *s, char *file, unsigned keep)
{
    struct pp_series series = {0};
    struct pp_profile *p = load(file, keep, &series);
    bool ok = p && add(s, p, &series, file);
    pp_profile_free(p);
    pp_series_release(&series);
    return ok;
}

/* --- databases ----------------------------------------------------------- */

static bool write_store(struct pp_out *out, void *ctx)
{
    return pp_store_write(ctx, out);
}

static int save_store(struct pp_store *s, bool ok)
{
    int rc = ok ? pp_save_with(write_store, s, false) : PP_EXIT_FAILED;
    pp_store_free(s);
    return rc;
}

/* Adds the files to a copy of the database `old`, and writes that. An exit status. */
static int add_and_save(char **files, unsigned keep, struct pp_span old)
{
    struct pp_store *s = pp_store_new(old, pp_common.output, &pp_messages);
    bool ok = s != NULL;
    for (; ok && *files; files++)
        ok = add_file(s, *files, keep);
    return save_store(s, ok);
}

struct one {
    const struct pp_profile *p;
    const char *origin;
};

static bool write_one(struct pp_out *out, void *ctx)
{
    const struct one *one = ctx;
    return pp_store_write_one(one->p, one->origin, out);
}

/* Writes the profile of a single file. An exit status. */
static int save_file(char *file, unsigned keep)
{
    struct pp_series series = {0};
    struct pp_profile *p = load(file, keep, &series);
    int rc = PP_EXIT_FAILED;
    if (p && series.count) {
        struct pp_store *s = pp_store_new((struct pp_span){0}, pp_common.output, &pp_messages);
        rc = save_store(s, s && add(s, p, &series, file));
    } else if (p) {
        pp_show_column_first(p);
        rc = pp_save_with(write_one, &(struct one){p, strcmp(file, "-") == 0 ? "" : file}, false);
    }
    pp_profile_free(p);
    pp_series_release(&series);
    return rc;
}

/*
 * Locks the file at `path`, which is made if there is none, so that of several programs that append
 * to it each finds what the others wrote. The file is replaced by each, and must be found again
 * when the lock was waited for. -1 after a message.
 */
static int lock_file(const char *path)
{
    for (;;) {
        struct stat mine, now;
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (fd >= 0 && flock(fd, LOCK_EX) == 0 && fstat(fd, &mine) == 0) {
            if (stat(path, &now) == 0 && now.st_ino == mine.st_ino && now.st_dev == mine.st_dev)
                return fd;
            close(fd);
            continue;
        }
        pp_error(&pp_messages, path, "cannot lock: %s", strerror(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
}

/* Removes a file that lock_file() has made, if nothing was written to it. */
static void remove_if_empty(int fd, const char *path)
{
    struct stat mine, now;
    if (fstat(fd, &mine) == 0 && mine.st_size == 0 && stat(path, &now) == 0 &&
        now.st_ino == mine.st_ino)
        unlink(path);
}

static int append_files(char **files, unsigned keep)
{
    struct pp_list found = {0};
    char *bytes = NULL;
    size_t len = 0;
    int rc = PP_EXIT_FAILED, fd = -1;
    const char *path = pp_common.output;
    uint64_t most = pp_common.max_size ? pp_common.max_size : PP_MAX_SIZE;
    if (pp_expand_directories(files, &found))
        fd = lock_file(path);
    if (fd >= 0 && pp_read_file(path, most, &bytes, &len, &pp_messages))
        rc = add_and_save(found.count ? found.items : files, keep,
                          (struct pp_span){bytes, len ? bytes + len : bytes});
    if (fd >= 0) {
        remove_if_empty(fd, path);
        close(fd);
    }
    free(bytes);
    pp_free_paths(&found);
    return rc;
}

/* Whether it is, or can become, a regular file. */
static bool is_regular(const char *path)
{
    struct stat s;
    return stat(path, &s) != 0 || S_ISREG(s.st_mode);
}

int pp_store_files(char **files, unsigned keep, bool append)
{
    const char *path = pp_common.output;
    const struct pp_format *f = pp_format_named("sqlite");
    if (append && (!path || strcmp(path, "-") == 0 || !is_regular(path)))
        return pp_usage("--append needs --output=FILE");
    if (append && pp_ends(pp_str(path), ".gz"))
        return pp_usage("--append is not for packed files");
    if (append)
        return append_files(files, keep);
    int rc = pp_check_terminal(f);
    if (rc != PP_EXIT_OK)
        return rc;
    if (!files[1] && !pp_is_directory(files[0]))
        return save_file(files[0], keep);
    struct pp_profile *p = pp_load_files(files, keep);
    return p ? pp_write_as(p, f) : PP_EXIT_FAILED;
}
