#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/memory.h"
#include "front/front.h"

/* One command: a tool of pp and its words. */
struct command {
    struct pp_list words;
    const char *heading;
    const char *dot_form, *dot_file; /* its output goes through dot */
};

enum { MOST_COMMANDS = 8 };

static struct command commands[MOST_COMMANDS];
static size_t count;
static const char *notice;
static bool showing;
static struct pp_arena arena;

/* --- making them ----------------------------------------------------------- */

static char *format_word(const char *fmt, va_list ap)
{
    char *text = NULL;
    int n = vasprintf(&text, fmt, ap);
    if (n < 0)
        pp_out_of_memory();
    char *copy = pp_copy(&arena, (struct pp_span){text, text + n});
    free(text);
    return copy;
}

char *front_word(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *word = format_word(fmt, ap);
    va_end(ap);
    return word;
}

void front_add(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    pp_list_add(&commands[count - 1].words, format_word(fmt, ap));
    va_end(ap);
}

void front_add_list(const struct pp_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        pp_list_add(&commands[count - 1].words, list->items[i]);
}

void front_command(const char *tool, const char *words)
{
    struct pp_span left = pp_str(words ? words : ""), word;
    if (count == MOST_COMMANDS)
        abort(); /* no plan has so many */
    commands[count++] = (struct command){0};
    front_add("%s", tool);
    while (pp_cut(&left, ' ', &word))
        front_add("%.*s", PP_SHOW(word));
}

void front_through_dot(const char *form, const char *file)
{
    commands[count - 1].dot_form = form;
    commands[count - 1].dot_file = file;
}

void front_heading(const char *text)
{
    commands[count - 1].heading = text;
}

void front_notice(const char *text)
{
    notice = text;
}

const char *front_new_file(const char *suffix)
{
    const char *folder = getenv("TMPDIR");
    if (!folder || !*folder)
        folder = "/tmp";
    if (showing)
        return front_word("%s/pprof%s", folder, suffix);
    char *name = front_word("%s/pprof.XXXXXX%s", folder, suffix);
    int fd = mkstemps(name, (int)strlen(suffix));
    if (fd >= 0)
        close(fd);
    return name;
}

void front_end(void)
{
    for (size_t i = 0; i < count; i++)
        free(commands[i].words.items);
    pp_arena_release(&arena);
}

/* --- showing them ---------------------------------------------------------- */

/* As a shell takes it. */
static void print_quoted(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_=./:,+@%^";
    if (*word && strspn(word, plain) == strlen(word)) {
        fputs(word, stdout);
        return;
    }
    putchar('\'');
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", stdout);
        else
            putchar(*word);
    putchar('\'');
}

static void show(const struct command *c)
{
    for (size_t i = 0; i < c->words.count; i++) {
        if (i)
            putchar(' ');
        print_quoted(c->words.items[i]);
    }
    if (c->dot_form)
        printf(" | dot -T%s", c->dot_form);
    if (c->dot_file) {
        fputs(" -o ", stdout);
        print_quoted(c->dot_file);
    }
    putchar('\n');
}

/* --- running them ---------------------------------------------------------- */

/* The tools of pp lie beside this one; where that cannot be found out, on PATH. */
static const char *path_of(const char *tool)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    char *slash = n > 0 ? memrchr(self, '/', (size_t)n) : NULL;
    if (!slash)
        return tool;
    const char *path = front_word("%.*s/%s", (int)(slash - self), self, tool);
    return access(path, X_OK) == 0 ? path : tool;
}

/* Starts a program with these as standard input and output; -1: those of this process. */
static pid_t start(const char *program, char **words, int in, int out)
{
    pid_t pid = -1;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (in >= 0)
        posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    if (out >= 0)
        posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    int error = posix_spawnp(&pid, program, &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error)
        fprintf(stderr, "pp-tools: %s: cannot run: %s\n", words[0], strerror(error));
    return error ? -1 : pid;
}

static int wait_for(pid_t pid)
{
    int status = 0;
    if (pid < 0)
        return PP_EXIT_FAILED;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return PP_EXIT_FAILED;
    return WIFEXITED(status) ? WEXITSTATUS(status) : PP_EXIT_FAILED;
}

static int run_through_dot(struct command *c)
{
    int ends[2];
    char *form = front_word("-T%s", c->dot_form);
    char *file = c->dot_file ? front_word("-o%s", c->dot_file) : NULL;
    char *dot[] = {(char[]){"dot"}, form, file, NULL};
    if (pipe(ends))
        return PP_EXIT_FAILED;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    pid_t writer = start(path_of(c->words.items[0]), c->words.items, -1, ends[1]);
    pid_t reader = start(dot[0], dot, ends[0], -1);
    close(ends[0]);
    close(ends[1]);
    int rc = wait_for(reader);
    int written = wait_for(writer);
    if (reader < 0)
        fprintf(stderr, "pp-tools: install Graphviz, or draw a flame graph: pp-flamegraph\n");
    return rc ? rc : written;
}

static int run(struct command *c)
{
    if (c->heading)
        printf("%s\n", c->heading);
    fflush(stdout);
    if (c->dot_form)
        return run_through_dot(c);
    if (count == 1 && !notice) { /* nothing is left to do */
        const char *path = path_of(c->words.items[0]);
        execvp(path, c->words.items);
        fprintf(stderr, "pp-tools: %s: cannot run: %s\n", path, strerror(errno));
        return PP_EXIT_FAILED;
    }
    return wait_for(start(path_of(c->words.items[0]), c->words.items, -1, -1));
}

void front_only_show(void)
{
    showing = true;
}

int front_run(void)
{
    int rc = PP_EXIT_OK;
    for (size_t i = 0; i < count; i++) {
        int this = PP_EXIT_OK;
        if (showing)
            show(&commands[i]);
        else
            this = run(&commands[i]);
        rc = rc ? rc : this;
    }
    if (notice && !showing && rc == PP_EXIT_OK)
        fprintf(stderr, "%s\n", notice);
    return rc;
}
