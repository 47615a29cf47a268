#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/pack.h"

enum { BUFFER = 256 << 10 };

/* --- writing ------------------------------------------------------------- */

static bool fail(struct pp_output *o)
{
    return pp_error(o->out.diag, o->out.name, "cannot write: %s", strerror(errno));
}

static bool write_all(struct pp_output *o, const void *data, size_t n)
{
    const char *p = data;
    while (n) {
        ssize_t put = write(o->fd, p, n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return fail(o);
        p += put;
        n -= (size_t)put;
    }
    return true;
}

static bool drain(struct pp_out *out, struct pp_span bytes)
{
    return write_all((struct pp_output *)out, bytes.p, pp_len(bytes));
}

/* Writes `bytes` compressed; with `last` also what the compressor still holds. */
static bool pack(struct pp_output *o, struct pp_span bytes, bool last)
{
    struct pp_span packed;
    bool more = true;
    while (more) {
        more = pp_pack(o->packer, &bytes, last, &packed);
        if (!write_all(o, packed.p, pp_len(packed)))
            return false;
    }
    return true;
}

static bool drain_packed(struct pp_out *out, struct pp_span bytes)
{
    return pack((struct pp_output *)out, bytes, false);
}

/* --- opening ------------------------------------------------------------- */

/* Creates o->temporary. Signals are blocked until `unfinished` is set. */
static bool create(struct pp_output *o)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    o->fd = open(o->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    o->unfinished = o->fd >= 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return o->unfinished;
}

/* Creates a file beside `path` with a name that no other program uses. */
static bool open_temporary(struct pp_output *o, const struct stat *old)
{
    for (unsigned try = 0; try < 100; try++) {
        snprintf(o->temporary, PATH_MAX + 32, "%s.%ld-%u.tmp", o->path, (long)getpid(), try);
        if (create(o) || errno != EEXIST)
            break;
    }
    if (o->fd < 0)
        return pp_error(o->out.diag, o->out.name, "cannot create: %s", strerror(errno));
    return !old || fchmod(o->fd, old->st_mode & 07777) == 0 || fail(o);
}

/*
 * Reads the target of the link `path` into `target`, of PATH_MAX bytes; false if it is not a link.
 */
static bool read_link(const char *path, char *target)
{
    const char *slash = strrchr(path, '/');
    ssize_t n = readlink(path, target, PATH_MAX - 1);
    if (n < 0)
        return false;
    size_t folder = *target != '/' && slash ? (size_t)(slash + 1 - path) : 0;
    if (folder + (size_t)n >= PATH_MAX)
        return false;
    memmove(target + folder, target, (size_t)n);
    memcpy(target, path, folder);
    target[folder + (size_t)n] = '\0';
    return true;
}

/* Follows links whose target does not exist, so that the target is created. */
static void follow_links(char *path)
{
    enum { MOST_LINKS = 40 };
    char *target = pp_calloc(PATH_MAX, 1);
    for (int i = 0; i < MOST_LINKS && read_link(path, target); i++)
        memcpy(path, target, PATH_MAX);
    free(target);
}

static bool open_path(struct pp_output *o, const char *path)
{
    struct stat st;
    bool exists = stat(path, &st) == 0;
    if (exists && !S_ISREG(st.st_mode)) {
        o->fd = open(path, O_WRONLY | O_CLOEXEC);
        return o->fd >= 0 || pp_error(o->out.diag, o->out.name, "cannot open: %s", strerror(errno));
    }
    o->path = pp_calloc(PATH_MAX, 1);
    o->temporary = pp_calloc(PATH_MAX + 32, 1);
    /* A link to a file stays a link: its target is replaced. */
    if (!exists || !realpath(path, o->path)) {
        if (strlen(path) >= PATH_MAX)
            return pp_error(o->out.diag, o->out.name, "cannot create: the name is too long");
        memcpy(o->path, path, strlen(path) + 1);
        follow_links(o->path);
    }
    if (exists && access(o->path, W_OK) != 0)
        return pp_error(o->out.diag, o->out.name, "cannot open: %s", strerror(errno));
    return open_temporary(o, exists ? &st : NULL);
}

bool pp_output_open(struct pp_output *o, const char *path, bool gzip, unsigned jobs,
                    struct pp_diag *diag)
{
    bool use_stdout = !path || strcmp(path, "-") == 0;
    *o = (struct pp_output){.fd = use_stdout ? STDOUT_FILENO : -1};
    o->out = (struct pp_out){
        .drain = gzip ? drain_packed : drain,
        .diag = diag,
        .name = use_stdout ? "<stdout>" : path,
        .buf = pp_realloc(NULL, BUFFER, 1),
        .cap = BUFFER,
        .jobs = jobs,
    };
    if (gzip)
        o->packer = pp_packer_new(jobs);
    if (use_stdout || open_path(o, path))
        return true;
    pp_output_abandon(o);
    return false;
}

/* --- closing ------------------------------------------------------------- */

static void release(struct pp_output *o)
{
    pp_packer_free(o->packer);
    free(o->path);
    free(o->temporary);
    pp_out_release(&o->out);
    o->packer = NULL;
    o->path = o->temporary = NULL;
    o->fd = -1;
}

/* A full disk may only show when the file is closed. */
static bool close_fd(struct pp_output *o)
{
    int fd = o->fd;
    o->fd = -1;
    return fd < 0 || fd == STDOUT_FILENO || close(fd) == 0 || fail(o);
}

bool pp_output_close(struct pp_output *o)
{
    pp_out_flush(&o->out);
    bool ok = !o->out.failed;
    if (ok && o->packer)
        ok = pack(o, pp_str(""), true);
    ok = close_fd(o) && ok;
    if (ok && o->temporary && rename(o->temporary, o->path) != 0)
        ok = pp_error(o->out.diag, o->out.name, "cannot rename '%s': %s", o->temporary,
                      strerror(errno));
    if (ok)
        o->unfinished = false;
    pp_output_abandon(o);
    return ok;
}

void pp_output_abandon(struct pp_output *o)
{
    if (o->fd >= 0 && o->fd != STDOUT_FILENO)
        close(o->fd);
    pp_output_forget(o);
    o->unfinished = false; /* before its name goes */
    release(o);
}
