/*
 * A library that is loaded into a tool (LD_PRELOAD) and runs its main() again and again, each time
 * with a fault at another call: in the first run at the first call, then at the second, until a run
 * comes to its end without having reached the fault. So every call is tried once.
 *
 * PP_FAULT names the fault, of the table below; PP_FAULT_OUT the file that the tool writes, which
 * must be there before, PP_FAULT_IN one that it reads. Of each run it is demanded that
 *
 *   - it gives what it gives without the fault, byte for byte: output, messages and status;
 *   - or, if the fault may do harm, that it ends with status 1 and one line that says why (or by
 *     the signal), and that the old output is there as it was;
 *   - that no other file is left beside the output.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum call { MALLOC, READ, WRITE, CLOSE, RENAME, OPEN, EXEC_MEMORY };
enum { SHORT = -1, GROW = -2, SHRINK = -3, TERM = -4, INT = -5 }; /* beside errno's numbers */
enum outcome { HARMLESS = 1, TOLD = 2, DEADLY = 4 };

static const struct fault {
    const char *name;
    enum call call;
    int what;          /* errno, or one of the above */
    bool ever_after;   /* not only once */
    unsigned outcomes; /* that are right: enum outcome */
    const char *says;  /* what the message must hold */
} faults[] = {
    {"malloc", MALLOC, ENOMEM, false, HARMLESS | TOLD, ": out of memory; "},
    {"malloc-ever-after", MALLOC, ENOMEM, true, HARMLESS | TOLD, ": out of memory; "},
    {"write-eio", WRITE, EIO, false, TOLD, "cannot write: Input/output error\n"},
    {"write-enospc", WRITE, ENOSPC, true, TOLD, "cannot write: No space left on device\n"},
    {"write-eintr", WRITE, EINTR, false, HARMLESS, NULL},
    {"write-short", WRITE, SHORT, true, HARMLESS, NULL},
    {"write-sigterm", WRITE, TERM, false, DEADLY, NULL},
    {"write-sigint", WRITE, INT, false, DEADLY, NULL},
    {"open-emfile", OPEN, EMFILE, false, HARMLESS | TOLD, "Too many open files\n"},
    {"open-sigterm", OPEN, TERM, false, DEADLY, NULL},
    {"close-eio", CLOSE, EIO, false, HARMLESS | TOLD, "cannot write: Input/output error\n"},
    {"rename-eio", RENAME, EIO, false, TOLD, "Input/output error\n"},
    {"rename-sigterm", RENAME, TERM, false, DEADLY, NULL},
    {"read-eio", READ, EIO, false, TOLD, "cannot read: Input/output error\n"},
    {"read-eintr", READ, EINTR, false, HARMLESS, NULL},
    {"read-short", READ, SHORT, true, HARMLESS, NULL},
    {"read-grow", READ, GROW, false, TOLD, "while it was read\n"},
    {"read-shrink", READ, SHRINK, false, TOLD, "while it was read\n"},
    {"exec-memory", EXEC_MEMORY, EACCES, true, HARMLESS, NULL},
};

static const struct fault *fault;
static struct { /* shared with the children */
    unsigned at, calls;
    bool hit;
} * shared;
static bool armed;
static const char *input;

/* --- the calls ------------------------------------------------------------ */

/* Whether the fault happens in this call; of those of a kind, `what` tells which. */
static bool strikes(enum call call)
{
    if (!armed || call != fault->call)
        return false;
    unsigned n = __atomic_add_fetch(&shared->calls, 1, __ATOMIC_RELAXED);
    if (n != shared->at && !(fault->ever_after && n > shared->at))
        return false;
    shared->hit = true;
    return true;
}

/* What a fault does beside: false if the call is to be made nevertheless. */
static bool act(void)
{
    switch (fault->what) {
    case TERM:
        raise(SIGTERM);
        return false;
    case INT:
        raise(SIGINT);
        return false;
    case GROW:
    case SHRINK: {
        struct stat s;
        if (stat(input, &s) != 0 ||
            truncate(input, fault->what == GROW ? s.st_size + 1 : s.st_size / 2) != 0)
            abort();
        return false;
    }
    case SHORT:
        return false;
    default:
        errno = fault->what;
        return true;
    }
}

/* Half of it, at least a byte, if the fault is that calls do less than they were asked to. */
static size_t less(bool struck, size_t n)
{
    return struck && fault->what == SHORT && n > 1 ? n / 2 : n;
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) \
    *(void **)&real = dlsym(RTLD_NEXT, name)

ssize_t read(int fd, void *buf, size_t n)
{
    REAL(ssize_t, "read", int, void *, size_t);
    bool struck = strikes(READ);
    return struck && act() ? -1 : real(fd, buf, less(struck, n));
}

ssize_t pread(int fd, void *buf, size_t n, off_t at)
{
    REAL(ssize_t, "pread", int, void *, size_t, off_t);
    bool struck = strikes(READ);
    return struck && act() ? -1 : real(fd, buf, less(struck, n), at);
}

ssize_t write(int fd, const void *buf, size_t n)
{
    REAL(ssize_t, "write", int, const void *, size_t);
    bool struck = fd != STDERR_FILENO && strikes(WRITE);
    return struck && act() ? -1 : real(fd, buf, less(struck, n));
}

int close(int fd)
{
    REAL(int, "close", int);
    bool failed = strikes(CLOSE) && act();
    int rc = real(fd);
    return failed ? (errno = fault->what, -1) : rc;
}

int rename(const char *from, const char *to)
{
    REAL(int, "rename", const char *, const char *);
    return strikes(RENAME) && act() ? -1 : real(from, to);
}

/* A signal comes after the file was opened: then there is something to remove. */
int open(const char *path, int flags, ...)
{
    REAL(int, "open", const char *, int, ...);
    bool struck = strikes(OPEN);
    if (struck && fault->what > 0)
        return act() ? -1 : 0;
    int fd = real(path, flags, 0666);
    if (struck)
        act();
    return fd;
}

void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    REAL(void *, "mmap", void *, size_t, int, int, int, off_t);
    return protection & PROT_EXEC && strikes(EXEC_MEMORY) && act()
               ? MAP_FAILED
               : real(at, size, protection, flags, fd, offset);
}

int mprotect(void *at, size_t size, int protection)
{
    REAL(int, "mprotect", void *, size_t, int);
    return protection & PROT_EXEC && strikes(EXEC_MEMORY) && act() ? -1
                                                                   : real(at, size, protection);
}

/* What the loader does is its own: pp makes sure before that there is memory for it. */
void *dlopen(const char *file, int mode)
{
    REAL(void *, "dlopen", const char *, int);
    bool was_armed = armed;
    armed = false;
    void *library = real(file, mode);
    armed = was_armed;
    return library;
}

/* The sanitizers have these for themselves. */
#ifndef PP_WITHOUT_MALLOC
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t),
    *__libc_memalign(size_t, size_t);

void *malloc(size_t n)
{
    return strikes(MALLOC) && act() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t width)
{
    return strikes(MALLOC) && act() ? NULL : __libc_calloc(n, width);
}

void *realloc(void *p, size_t n)
{
    return strikes(MALLOC) && act() ? NULL : __libc_realloc(p, n);
}

void *aligned_alloc(size_t align, size_t n)
{
    return strikes(MALLOC) && act() ? NULL : __libc_memalign(align, n);
}

int posix_memalign(void **p, size_t align, size_t n)
{
    *p = aligned_alloc(align, n);
    return *p ? 0 : ENOMEM;
}
#endif

/* --- files ---------------------------------------------------------------- */

struct text {
    char *bytes;
    size_t len;
};

static void load(const char *path, struct text *t)
{
    struct stat s;
    int fd = open(path, O_RDONLY);
    if (fd < 0 || fstat(fd, &s) != 0 || !(t->bytes = realloc(t->bytes, (size_t)s.st_size + 1)) ||
        read(fd, t->bytes, (size_t)s.st_size) != s.st_size) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    t->len = (size_t)s.st_size;
    close(fd);
}

static void store(const char *path, const struct text *t)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC);
    if (fd < 0 || write(fd, t->bytes, t->len) != (ssize_t)t->len || close(fd) != 0)
        abort();
}

static bool same(const struct text *a, const struct text *b)
{
    return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

static unsigned files_beside(const char *path)
{
    char folder[4096];
    unsigned n = 0;
    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

/* --- a run ---------------------------------------------------------------- */

struct result {
    int status;
    struct text output, messages;
    unsigned files;
};

static int (*tool_main)(int, char **, char **);
static const char *output;

static int redirect(const char *suffix, int to)
{
    char path[4096];
    snprintf(path, sizeof path, "%s.%s", getenv("PP_FAULT_LOG"), suffix);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC);
    return fd < 0 || dup2(fd, to) != to ? -1 : close(fd);
}

static void load_messages(struct text *t)
{
    char path[4096];
    snprintf(path, sizeof path, "%s.err", getenv("PP_FAULT_LOG"));
    load(path, t);
}

/* Runs the tool with the fault at call `at`, 0 for none. */
static void run(unsigned at, int argc, char **argv, char **env, struct result *r)
{
    shared->at = at;
    shared->calls = 0;
    shared->hit = false;
    pid_t child = fork();
    if (child == 0) {
        unsetenv("LD_PRELOAD");
        if (redirect("out", 1) != 0 || redirect("err", 2) != 0)
            _exit(99);
        armed = at > 0;
        exit(tool_main(argc, argv, env));
    }
    if (child < 0 || waitpid(child, &r->status, 0) != child)
        abort();
    load(output, &r->output);
    load_messages(&r->messages);
    r->files = files_beside(output);
}

/* --- what must be true ---------------------------------------------------- */

static bool is_one_line_that_says(const struct text *t, const char *what)
{
    const char *newline = memchr(t->bytes, '\n', t->len);
    return newline == t->bytes + t->len - 1 && memmem(t->bytes, t->len, what, strlen(what));
}

static bool is_right(const struct result *r, const struct result *good, const struct text *old)
{
    bool as_before = same(&r->output, old);
    if (r->files != 1)
        return false;
    if (!shared->hit || fault->outcomes & HARMLESS)
        if (r->status == good->status && same(&r->output, &good->output) &&
            same(&r->messages, &good->messages))
            return true;
    if (!shared->hit)
        return false;
    if (fault->outcomes & DEADLY)
        return as_before && WIFSIGNALED(r->status) && r->messages.len == good->messages.len &&
               WTERMSIG(r->status) == (fault->what == TERM ? SIGTERM : SIGINT);
    return fault->outcomes & TOLD && as_before && WIFEXITED(r->status) &&
           WEXITSTATUS(r->status) == 1 && is_one_line_that_says(&r->messages, fault->says);
}

static void complain(unsigned at, const struct result *r, const char *tool)
{
    fprintf(stderr, "%s: %s at call %u:\n", tool, fault->name, at);
    if (WIFSIGNALED(r->status))
        fprintf(stderr, "    killed by signal %d\n", WTERMSIG(r->status));
    else
        fprintf(stderr, "    status %d\n", WEXITSTATUS(r->status));
    fprintf(stderr, "    %zu bytes of output, %u files\n    messages: %.*s\n", r->output.len,
            r->files, (int)r->messages.len, r->messages.bytes);
}

static int try_every_call(int argc, char **argv, char **env)
{
    static struct result good, r;
    static struct text old, in;
    unsigned at = 0, bad = 0;
    input = getenv("PP_FAULT_IN");
    load(output, &old);
    load(input, &in);
    run(0, argc, argv, env, &good);
    if (good.status != 0 || same(&good.output, &old) || good.files != 1) {
        complain(0, &good, argv[0]);
        return 1;
    }
    do {
        store(output, &old);
        store(input, &in);
        run(++at, argc, argv, env, &r);
        if (!is_right(&r, &good, &old) && ++bad)
            complain(at, &r, argv[0]);
    } while (shared->hit && bad < 5);
    store(output, &old);
    printf("%s: %s: %u calls\n", argv[0], fault->name, at - 1);
    return bad > 0;
}

static int instead_of_main(int argc, char **argv, char **env)
{
    const char *name = getenv("PP_FAULT");
    output = getenv("PP_FAULT_OUT");
    for (size_t i = 0; name && i < sizeof faults / sizeof *faults; i++)
        if (strcmp(faults[i].name, name) == 0)
            fault = &faults[i];
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!fault || !output || shared == MAP_FAILED) {
        fprintf(stderr, "there is no fault '%s'\n", name ? name : "");
        return 2;
    }
    return try_every_call(argc, argv, env);
}

int __libc_start_main(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
                      void (*)(void), void *);

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
    REAL(int, "__libc_start_main", int (*)(int, char **, char **), int, char **, void (*)(void),
         void (*)(void), void (*)(void), void *);
    tool_main = main;
    return real(instead_of_main, argc, argv, init, fini, rtld_fini, stack_end);
}
