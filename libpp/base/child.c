#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"

/*
 * An answer goes through the pipe in parts of AT_ONCE bytes. A child that crashes takes along what
 * it has not written, so these are not many.
 */
enum { MOST_AT_ONCE = 64, AT_ONCE = 4 << 10, STATUS_OUT_OF_MEMORY = 99 };

/* --- in the child -------------------------------------------------------- */

/* The answer, which is written to a pipe. */
struct pipe_out {
    struct pp_out out; /* first, so that drain() finds the rest */
    int fd;
};

static bool drain(struct pp_out *o, struct pp_span bytes)
{
    int fd = ((struct pipe_out *)o)->fd;
    while (!pp_empty(bytes)) {
        ssize_t n = write(fd, bytes.p, pp_len(bytes));
        if (n < 0 && errno != EINTR)
            _exit(EXIT_FAILURE); /* the parent has ended */
        bytes.p += n > 0 ? n : 0;
    }
    return true;
}

static void end_without_memory(void)
{
    _exit(STATUS_OUT_OF_MEMORY);
}

/* The address space that the process uses already; 0 if the system does not say. */
static uint64_t address_space(void)
{
    char text[64];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text);
    struct pp_span in = {text, text + (n > 0 ? n : 0)}, pages;
    uint64_t count = 0;
    if (fd >= 0)
        close(fd);
    if (pp_cut(&in, ' ', &pages) && !pp_parse_u64(pages, &count))
        count = 0;
    return count * (uint64_t)sysconf(_SC_PAGESIZE);
}

enum { STACK_AT_LEAST = 1 << 20 };

/*
 * The stack, which grows by itself, must have its room before memory is limited: if it could not
 * grow, the child would end with a signal, as with a damaged file.
 */
static __attribute__((noinline)) void touch_stack(void)
{
    char stack[STACK_AT_LEAST];
    for (size_t i = sizeof stack; i > 0; i -= 1024)
        ((volatile char *)stack)[i - 1] = 0;
}

static bool has_large_stack(void)
{
    struct rlimit stack;
    return getrlimit(RLIMIT_STACK, &stack) == 0 && stack.rlim_cur / 4 >= STACK_AT_LEAST;
}

/* Sanitizers reserve so much address space that the limit would mean nothing. */
static void limit_memory(uint64_t bytes)
{
    const struct rlimit no_core = {0, 0};
    rlim_t limit;
    if (bytes && has_large_stack())
        touch_stack();
    if (__builtin_add_overflow(address_space(), bytes, &limit))
        limit = RLIM_INFINITY;
    const struct rlimit most = {limit, limit};
    setrlimit(RLIMIT_CORE, &no_core);
#ifndef PP_SANITIZED
    if (bytes)
        setrlimit(RLIMIT_AS, &most);
#else
    (void)most;
#endif
}

/* A child must end with its parent, which could no longer stop it. */
static void end_with(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EXIT_FAILURE); /* it ended before this call */
}

static void prepare_child(pid_t parent)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], SIG_DFL); /* the parent's handlers clean up what belongs to the parent */
    pp_on_out_of_memory = end_without_memory;
    end_with(parent);
}

static _Noreturn void be_child(const struct pp_child *c, int fd, uint64_t memory, pid_t parent)
{
    struct pipe_out answer = {.out = {.drain = drain, .name = "pipe"}, .fd = fd};
    prepare_child(parent);
    pp_out_room(&answer.out, AT_ONCE);
    limit_memory(memory);
    c->work(c->ctx, &answer.out);
    pp_out_flush(&answer.out);
    _exit(EXIT_SUCCESS);
}

/* --- in the parent ------------------------------------------------------- */

/* A running child: the end of its pipe, and its deadline. */
struct running {
    struct pp_child *child;
    pid_t pid;
    int fd;
    double deadline; /* in seconds of the monotonic clock; 0: none */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* False if no process could be started. */
static bool start(struct running *r, struct pp_child *c, const struct pp_child_limits *limits)
{
    int ends[2];
    pp_out_memory(&c->answer, NULL);
    c->end = PP_CHILD_NOT_STARTED;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid_t parent = getpid();
    *r = (struct running){.child = c, .fd = ends[0], .pid = fork()};
    if (r->pid == 0)
        be_child(c, ends[1], limits->memory, parent);
    close(ends[1]);
    if (r->pid < 0)
        close(ends[0]);
    else if (limits->seconds)
        r->deadline = now() + limits->seconds;
    return r->pid > 0;
}

/*
 * A sanitizer that finds a fault reports it and exits. That is a fault of pp, not of the input, and
 * must not be hidden: a test has to fail.
 */
static void look_for_faults(int status)
{
#ifdef PP_SANITIZED
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE)
        abort();
#else
    (void)status;
#endif
}

/* Waits for the end of a child, and returns its status. */
static int reap(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    look_for_faults(status);
    return status;
}

/* How the child ended, by itself or at its deadline. */
static void end(struct running *r, bool late)
{
    struct pp_child *c = r->child;
    if (late)
        kill(r->pid, SIGKILL);
    close(r->fd);
    int status = reap(r->pid);
    c->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (late)
        c->end = PP_CHILD_OUT_OF_TIME;
    else if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS)
        c->end = PP_CHILD_DONE;
    else if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_OUT_OF_MEMORY)
        c->end = PP_CHILD_OUT_OF_MEMORY;
    else
        c->end = PP_CHILD_CRASHED;
}

/* Takes what there is to read; false at the end. */
static bool take(const struct running *r)
{
    struct pp_out *answer = &r->child->answer;
    size_t room = 64 << 10;
    ssize_t n = read(r->fd, pp_out_room(answer, room), room);
    if (n > 0)
        answer->len += (size_t)n;
    return n > 0 || (n < 0 && errno == EINTR);
}

/* Milliseconds until the deadline (0: none), as poll() takes them. */
static int wait_at_most(double deadline)
{
    double left = (deadline - now()) * 1000;
    return deadline <= 0 ? -1 : left < 0 ? 0 : left > 1e6 ? 1000000 : (int)left + 1;
}

/* The same for the first of several deadlines. */
static int time_left(const struct running *running, size_t n)
{
    double least = 0;
    for (size_t i = 0; i < n; i++)
        if (running[i].deadline > 0 && (least <= 0 || running[i].deadline < least))
            least = running[i].deadline;
    return wait_at_most(least);
}

/* Waits until a child writes or ends; those that have ended are removed from the list. */
static size_t attend(struct running *running, size_t n)
{
    struct pollfd fds[MOST_AT_ONCE];
    size_t left = 0;
    for (size_t i = 0; i < n; i++)
        fds[i] = (struct pollfd){.fd = running[i].fd, .events = POLLIN};
    if (poll(fds, n, time_left(running, n)) < 0)
        return n; /* interrupted by a signal */
    double t = now();
    for (size_t i = 0; i < n; i++) {
        bool late = running[i].deadline > 0 && t >= running[i].deadline;
        if (late || (fds[i].revents && !take(&running[i])))
            end(&running[i], late);
        else
            running[left++] = running[i];
    }
    return left;
}

void pp_children_run(struct pp_child *children, size_t n, unsigned jobs,
                     const struct pp_child_limits *limits)
{
    struct running running[MOST_AT_ONCE];
    size_t most = jobs < 1 ? 1 : jobs < MOST_AT_ONCE ? jobs : MOST_AT_ONCE, count = 0, next = 0;
    while (next < n || count) {
        while (next < n && count < most)
            count += start(&running[count], &children[next++], limits);
        if (count)
            count = attend(running, count);
    }
}

/* --- helpers ------------------------------------------------------------- */

/* Questions and answers are a size of 32 bits, and as many bytes. */
struct pp_helper {
    void (*work)(void *ctx, struct pp_span question, struct pp_out *answer);
    void *ctx;
    struct pp_child_limits limits;
    pid_t pid; /* 0: not running */
    int fd;
    unsigned starts;
};

struct pp_helper *pp_helper_new(void (*work)(void *ctx, struct pp_span question,
                                             struct pp_out *answer),
                                void *ctx, const struct pp_child_limits *limits)
{
    struct pp_helper *h = pp_calloc(1, sizeof *h);
    *h = (struct pp_helper){.work = work, .ctx = ctx, .limits = *limits};
    return h;
}

/* Reads exactly `n` bytes; false at the end, or at the deadline (0: none). */
static bool read_all(int fd, char *to, size_t n, double deadline)
{
    while (n) {
        struct pollfd in = {.fd = fd, .events = POLLIN};
        int ready = deadline > 0 ? poll(&in, 1, wait_at_most(deadline)) : 1;
        if (ready == 0)
            return false;
        ssize_t got = ready > 0 ? read(fd, to, n) : -1;
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        to += got > 0 ? got : 0;
        n -= got > 0 ? (size_t)got : 0;
    }
    return true;
}

/* SIGPIPE would end the parent if the helper has crashed: these are sockets, which need not. */
static bool send_all(int fd, struct pp_span bytes)
{
    while (!pp_empty(bytes)) {
        ssize_t n = send(fd, bytes.p, pp_len(bytes), MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR)
            return false;
        bytes.p += n > 0 ? n : 0;
    }
    return true;
}

static bool send_message(int fd, struct pp_span bytes)
{
    uint32_t n = (uint32_t)pp_len(bytes);
    struct pp_span size = {(const char *)&n, (const char *)(&n + 1)};
    return pp_len(bytes) <= UINT32_MAX && send_all(fd, size) && send_all(fd, bytes);
}

/* Appends a message to `out`. */
static bool read_message(int fd, struct pp_out *out, double deadline)
{
    enum { MOST = 1 << 30 };
    uint32_t n;
    if (!read_all(fd, (char *)&n, sizeof n, deadline) || n > MOST)
        return false;
    if (!read_all(fd, pp_out_room(out, n), n, deadline))
        return false;
    out->len += n;
    return true;
}

static _Noreturn void be_helper(const struct pp_helper *h, int fd, pid_t parent)
{
    struct pp_out question, answer;
    prepare_child(parent);
    limit_memory(h->limits.memory);
    pp_out_memory(&question, NULL);
    pp_out_memory(&answer, NULL);
    while (read_message(fd, &question, 0)) {
        h->work(h->ctx, pp_out_bytes(&question), &answer);
        if (!send_message(fd, pp_out_bytes(&answer)))
            break;
        question.len = answer.len = 0;
    }
    _exit(EXIT_SUCCESS);
}

static bool start_helper(struct pp_helper *h)
{
    enum { MOST_STARTS = 64 };
    int ends[2];
    if (h->starts++ == MOST_STARTS || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    pid_t parent = getpid();
    h->pid = fork();
    if (h->pid == 0) {
        close(ends[0]);
        be_helper(h, ends[1], parent);
    }
    close(ends[1]);
    h->fd = ends[0];
    if (h->pid > 0)
        return true;
    close(h->fd);
    h->pid = 0;
    return false;
}

static void stop_helper(struct pp_helper *h)
{
    if (!h->pid)
        return;
    close(h->fd);
    kill(h->pid, SIGKILL);
    reap(h->pid);
    h->pid = 0;
}

bool pp_helper_ask(struct pp_helper *h, struct pp_span question, struct pp_out *answer)
{
    size_t len = answer->len;
    if (!h->pid && !start_helper(h))
        return false;
    double deadline = h->limits.seconds ? now() + h->limits.seconds : 0;
    if (send_message(h->fd, question) && read_message(h->fd, answer, deadline))
        return true;
    answer->len = len;
    stop_helper(h);
    return false;
}

void pp_helper_free(struct pp_helper *h)
{
    if (h)
        stop_helper(h);
    free(h);
}
