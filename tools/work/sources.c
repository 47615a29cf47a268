#include "work/sources.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "report/paths.h"

/* A larger file is not a source file. */
enum { MOST_BYTES = 64 << 20 };

static struct pp_arena texts;

/* Reads a regular file whole. If it fails, errno is 0 for what is not a source file. */
static bool read_file(const char *path, struct pp_span *text)
{
    struct stat s;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    bool ok = fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && s.st_size <= MOST_BYTES;
    size_t size = ok ? (size_t)s.st_size : 0, len = 0;
    char *bytes = pp_alloc(&texts, size + 1);
    while (len < size) {
        ssize_t got = read(fd, bytes + len, size - len);
        if (got <= 0)
            break;
        len += (size_t)got;
    }
    ok = ok && len == size;
    close(fd);
    *text = (struct pp_span){bytes, bytes + len};
    if (!ok)
        errno = 0;
    return ok;
}

/* Searches `folder` and its parents. */
static bool find_upwards(const char *folder, const char *file, struct pp_span *text)
{
    char path[PATH_MAX];
    size_t len = strlen(folder);
    for (;;) {
        int n = snprintf(path, sizeof path, "%.*s/%s", (int)len, folder, file);
        if (n > 0 && (size_t)n < sizeof path && read_file(path, text))
            return true;
        const char *slash = len ? memrchr(folder, '/', len) : NULL;
        if (!slash)
            return false;
        len = (size_t)(slash - folder);
    }
}

static bool say(struct pp_span *text, const char *before, const char *file, const char *between,
                const char *after)
{
    char *message = NULL;
    int n = asprintf(&message, "%s%s%s%s", before, file, between, after);
    if (n < 0)
        pp_out_of_memory();
    const char *copy = pp_copy(&texts, (struct pp_span){message, message + n});
    *text = (struct pp_span){copy, copy + n};
    free(message);
    return false;
}

bool pp_source_text(void *ctx, struct pp_span name, struct pp_span *text)
{
    struct pp_paths paths = *(struct pp_paths *)ctx;
    char here[PATH_MAX] = "";
    if (pp_empty(paths.source)) {
        if (!getcwd(here, sizeof here))
            here[0] = 0;
        paths.source = pp_str(here);
    }
    struct pp_span rest = pp_trim_path(name, &paths), folder;
    const char *file = pp_copy(&texts, rest), *where = pp_copy(&texts, paths.source);
    if (*file == '/') {
        if (read_file(file, text))
            return true;
        return say(text, "open ", file, ": ", errno ? strerror(errno) : "not a source file");
    }
    while (pp_cut(&paths.source, ':', &folder))
        if (find_upwards(pp_copy(&texts, folder), file, text))
            return true;
    return say(text, "could not find file ", file, " on path ", where);
}

void pp_source_texts_release(void)
{
    pp_arena_release(&texts);
}
