#include "io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/pack.h"

enum { RAW_SIZE = 128 << 10, MAGIC_SIZE = 4 };

/* --- bytes of the file --------------------------------------------------- */

/* Waits until there is something to read, or the end. False once that is not wanted any more. */
static bool wait_for_input(const struct pp_input *s)
{
    enum { MILLISECONDS = 50 };
    struct pollfd in = {.fd = s->fd, .events = POLLIN};
    while (!atomic_load(s->stop))
        if (poll(&in, 1, MILLISECONDS) != 0)
            return true; /* read() says what poll() could not */
    return false;
}

/* read() or pread(), repeated if a signal interrupts it. -1 after reporting. */
static ssize_t read_fd(struct pp_input *s, void *buf, size_t n, struct pp_diag *diag)
{
    ssize_t got;
    if (s->stop && !wait_for_input(s))
        return -1;
    do
        got = s->ranged ? pread(s->fd, buf, n, (off_t)s->taken) : read(s->fd, buf, n);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        pp_error(diag, s->name, "cannot read: %s", strerror(errno));
    else
        s->taken += (uint64_t)got;
    return got;
}

static bool is_plain(const struct pp_input *s)
{
    return S_ISREG(s->opened_as.st_mode);
}

static bool unchanged(struct pp_input *s, struct pp_diag *diag)
{
    struct stat now;
    if (!is_plain(s) || fstat(s->fd, &now) != 0 ||
        (now.st_size == s->opened_as.st_size && now.st_mtim.tv_sec == s->opened_as.st_mtim.tv_sec &&
         now.st_mtim.tv_nsec == s->opened_as.st_mtim.tv_nsec))
        return true;
    return pp_error(diag, s->name, "the file changed while it was read");
}

static bool fill_raw(struct pp_input *s, struct pp_diag *diag)
{
    ssize_t got = read_fd(s, s->raw, RAW_SIZE, diag);
    s->raw_at = 0;
    s->raw_len = got > 0 ? (size_t)got : 0;
    return got >= 0;
}

/* The first bytes show whether the input is compressed; a pipe may deliver them one by one. */
static bool look_at_start(struct pp_input *s, struct pp_diag *diag)
{
    while (s->raw_len < MAGIC_SIZE) {
        ssize_t got = read_fd(s, s->raw + s->raw_len, RAW_SIZE - s->raw_len, diag);
        if (got < 0)
            return false;
        if (got == 0)
            break;
        s->raw_len += (size_t)got;
    }
    s->unpacker = pp_unpacker_new((struct pp_span){(char *)s->raw, (char *)s->raw + s->raw_len});
    if (is_plain(s) && !s->unpacker)
        s->size = (uint64_t)s->opened_as.st_size;
    return true;
}

bool pp_input_open(struct pp_input *s, const char *path, struct pp_diag *diag)
{
    bool use_stdin = strcmp(path, "-") == 0;
    *s = (struct pp_input){.name = use_stdin ? "<stdin>" : path, .owns_fd = !use_stdin};
    s->fd = use_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (s->fd < 0)
        return pp_error(diag, s->name, "cannot open: %s", strerror(errno));
    if (fstat(s->fd, &s->opened_as) != 0)
        return pp_error(diag, s->name, "cannot open: %s", strerror(errno));
    s->raw = pp_realloc(NULL, RAW_SIZE, 1);
    /* Standard input may be a file whose start another program has read. */
    if (use_stdin && lseek(s->fd, 0, SEEK_CUR) > 0)
        s->opened_as.st_mode = S_IFIFO;
    return look_at_start(s, diag);
}

void pp_input_close(struct pp_input *s)
{
    if (s->owns_fd && s->fd >= 0)
        close(s->fd);
    pp_unpacker_free(s->unpacker);
    free(s->raw);
    *s = (struct pp_input){.fd = -1};
}

/* --- reading ------------------------------------------------------------- */

static ssize_t read_plain(struct pp_input *s, void *buf, size_t n, struct pp_diag *diag)
{
    size_t kept = s->raw_len - s->raw_at;
    if (kept) {
        n = n < kept ? n : kept;
        memcpy(buf, s->raw + s->raw_at, n);
        s->raw_at += n;
        return (ssize_t)n;
    }
    ssize_t got = read_fd(s, buf, n, diag);
    return got == 0 && !unchanged(s, diag) ? -1 : got;
}

static ssize_t read_range(struct pp_input *s, void *buf, size_t n, struct pp_diag *diag)
{
    uint64_t left = s->limit - s->taken;
    if (left == 0)
        return unchanged(s, diag) ? 0 : -1;
    ssize_t got = read_fd(s, buf, n < left ? n : (size_t)left, diag);
    if (got == 0) {
        pp_error(diag, s->name, "the file shrank while it was read");
        return -1;
    }
    return got;
}

/* At the end of the file: false if the compressed data is incomplete. */
static bool ends_whole(struct pp_input *s, struct pp_diag *diag)
{
    return unchanged(s, diag) && (pp_unpacker_complete(s->unpacker) ||
                                  pp_error(diag, s->name, "the packed data is cut short"));
}

static ssize_t read_packed(struct pp_input *s, char *buf, size_t n, struct pp_diag *diag)
{
    char *out = buf;
    while (out == buf) {
        if (s->raw_at == s->raw_len && !fill_raw(s, diag))
            return -1;
        if (s->raw_len == 0)
            return ends_whole(s, diag) ? 0 : -1;
        struct pp_span in = {(char *)s->raw + s->raw_at, (char *)s->raw + s->raw_len};
        const char *why = "bad data";
        enum pp_unpacked done = pp_unpack(s->unpacker, &in, &out, buf + n, &why);
        s->raw_at = (size_t)(in.p - (char *)s->raw);
        if (done == PP_UNPACK_UNKNOWN) {
            pp_error(diag, s->name, "it is packed with zstd, and pp was built without zstd");
            return -1;
        }
        if (done == PP_UNPACK_CORRUPT) {
            if (unchanged(s, diag))
                pp_error(diag, s->name, "the packed data is corrupt: %s", why);
            return -1;
        }
        if (done == PP_UNPACK_GARBAGE) {
            pp_warning(diag, s->name, "ignoring unpacked data after the packed data");
            return out - buf;
        }
    }
    return out - buf;
}

ssize_t pp_input_read(struct pp_input *s, void *buf, size_t n, struct pp_diag *diag)
{
    if (s->ranged)
        return read_range(s, buf, n, diag);
    if (s->unpacker)
        return read_packed(s, buf, n, diag);
    return read_plain(s, buf, n, diag);
}

bool pp_input_at(const struct pp_input *s, uint64_t at, void *to, size_t n)
{
    for (char *p = to; n;) {
        ssize_t got = pread(s->fd, p, n, (off_t)at);
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        p += got > 0 ? got : 0;
        at += got > 0 ? (uint64_t)got : 0;
        n -= got > 0 ? (size_t)got : 0;
    }
    return true;
}

bool pp_read_file(const char *path, size_t most, char **bytes, size_t *len, struct pp_diag *diag)
{
    struct pp_input s;
    size_t cap = 0;
    ssize_t got = pp_input_open(&s, path, diag) ? 1 : -1;
    *bytes = NULL;
    *len = 0;
    while (got > 0 && *len <= most) {
        PP_GROW(*bytes, *len + RAW_SIZE, cap);
        got = pp_input_read(&s, *bytes + *len, RAW_SIZE, diag);
        *len += got > 0 ? (size_t)got : 0;
    }
    if (*len > most)
        pp_error(diag, s.name, "is larger than %zu MiB", most >> 20);
    pp_input_close(&s);
    return got == 0;
}

struct pp_input pp_input_range(const struct pp_input *s, uint64_t from, uint64_t to)
{
    return (struct pp_input){
        .name = s->name,
        .size = s->size,
        .fd = s->fd,
        .ranged = true,
        .taken = from,
        .limit = to,
        .opened_as = s->opened_as,
    };
}
