#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/docs.h"
#include "cli/progress.h"

struct pp_cli pp_cli;
void (*pp_cli_undo)(void);

static const struct pp_tool *tool;

/* --- messages ------------------------------------------------------------ */

/* What comes from an input must not steer the terminal. */
static void print_clean(const char *text)
{
    for (struct pp_span left = pp_str(text); !pp_empty(left);) {
        size_t control = pp_control(left);
        putc(control || *left.p == '\t' ? '?' : *left.p, stderr);
        left.p += control ? control : 1;
    }
}

static void print_message(const struct pp_message *m)
{
    pp_progress_end();
    fprintf(stderr, "%s: ", tool->name);
    if (m->place.file) {
        print_clean(m->place.file);
        if (m->place.kind == PP_AT_LINE)
            fprintf(stderr, ":%llu", (unsigned long long)m->place.at);
        else if (m->place.kind == PP_AT_BYTE)
            fprintf(stderr, ":+%llu", (unsigned long long)m->place.at);
        fputs(": ", stderr);
    }
    print_clean(m->text);
    putc('\n', stderr);
}

/* Notes hold for all similar files, so each is printed once. */
static bool is_noted(const struct pp_message *m)
{
    static const char *noted;
    if (m->severity != PP_NOTE || !m->place.file)
        return false;
    if (noted && strcmp(noted, m->kind) == 0)
        return true;
    noted = m->kind;
    return false;
}

static void emit(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    if (m->severity == PP_ERROR || (!pp_cli.quiet && !is_noted(m)))
        print_message(m);
}

static void emit_answer(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    print_message(m);
}

struct pp_diag pp_messages = {.emit = emit};
struct pp_diag pp_answers = {.emit = emit_answer};

int pp_usage(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "%s: ", tool->name);
    vfprintf(stderr, fmt, ap);
    fprintf(stderr, "\nTry '%s --help'.\n", tool->name);
    va_end(ap);
    return PP_EXIT_USAGE;
}

static void out_of_memory(void)
{
    char text[128];
    if (pp_cli_undo)
        pp_cli_undo();
    int n = snprintf(text, sizeof text, "%s: out of memory; --max-memory is %llum\n", tool->name,
                     (unsigned long long)(pp_cli.max_memory >> 20));
    if (write(STDERR_FILENO, text, (size_t)n) < 0)
        return;
}

/*
 * An input that is made to fill the memory, as a few kilobytes of gzip can, shall end this process
 * and not make the kernel look for another to end.
 */
static void limit_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    if (!pp_cli.max_memory && pages > 0 && size > 0)
        pp_cli.max_memory = (uint64_t)pages / 4 * 3 * (uint64_t)size;
#ifndef PP_SANITIZED /* as a sanitizer has memory for itself, far more than there is */
    struct rlimit r;
    if (pp_cli.max_memory && getrlimit(RLIMIT_DATA, &r) == 0 && r.rlim_cur > pp_cli.max_memory) {
        r.rlim_cur = pp_cli.max_memory;
        setrlimit(RLIMIT_DATA, &r);
    }
#endif
}

/* --- options ------------------------------------------------------------- */

static bool is_named(const struct pp_opt *o, const char *name, size_t len, char short_name)
{
    if (!o->name)
        return false;
    return short_name ? o->short_name == short_name
                      : strlen(o->name) == len && memcmp(o->name, name, len) == 0;
}

static const struct pp_opt *find(const char *name, size_t len, char short_name)
{
    for (const struct pp_opt *const *table = tool->options; *table; table++)
        for (const struct pp_opt *o = *table; o->type; o++)
            if (is_named(o, name, len, short_name))
                return o;
    return NULL;
}

static bool parse_size(const char *text, uint64_t *size)
{
    static const char units[] = "kmgt";
    struct pp_span number = pp_str(text);
    unsigned shift = 0;
    if (!pp_empty(number) && !pp_is_digit(number.end[-1])) {
        const char *unit = strchr(units, number.end[-1] | 0x20);
        if (!unit)
            return false;
        shift = 10 * (unsigned)(unit - units + 1);
        number.end--;
    }
    if (!pp_parse_u64(number, size) || *size > UINT64_MAX >> shift)
        return false;
    *size <<= shift;
    return true;
}

static int set_number(const struct pp_opt *o, const char *text)
{
    uint64_t n;
    char *end;
    if (o->type == PP_OPT_SIZE) {
        if (!parse_size(text, o->value))
            return pp_usage("--%s needs a size such as 64k or 2g, not '%s'", o->name, text);
    } else if (o->type == PP_OPT_NUMBER) {
        *(double *)o->value = strtod(text, &end);
        if (end == text || *end || !isfinite(*(double *)o->value))
            return pp_usage("--%s needs a number, not '%s'", o->name, text);
    } else {
        if (!pp_parse_u64(pp_str(text), &n) || n > UINT32_MAX)
            return pp_usage("--%s needs a number, not '%s'", o->name, text);
        *(unsigned *)o->value = (unsigned)n;
    }
    return PP_EXIT_OK;
}

/* Where files go: to the list of the last PP_OPT_FILES, or with NULL to the tool. */
static struct pp_list *files_of_option;

void pp_list_add(struct pp_list *list, char *item)
{
    PP_GROW(list->items, list->count + 2, list->cap);
    list->items[list->count++] = item;
    list->items[list->count] = NULL;
}

static int set(const struct pp_opt *o, char *text)
{
    switch (o->type) {
    case PP_OPT_FLAG:
        *(bool *)o->value = true;
        return PP_EXIT_OK;
    case PP_OPT_STRING:
        *(const char **)o->value = text;
        return PP_EXIT_OK;
    case PP_OPT_LIST:
        pp_list_add(o->value, text);
        return PP_EXIT_OK;
    case PP_OPT_FILES:
        files_of_option = o->value;
        pp_list_add(files_of_option, text);
        return PP_EXIT_OK;
    case PP_OPT_TAKE:
        return o->take(o, text);
    default:
        return set_number(o, text);
    }
}

/* Takes the option at argv[*i], and its argument; short flags may stand together. */
static int take(char **argv, int *i)
{
    char *word = argv[*i], *text = NULL;
    const struct pp_opt *o;
    if (word[1] == '-') {
        size_t len = strcspn(word + 2, "=");
        o = find(word + 2, len, 0);
        text = word[2 + len] ? word + 3 + len : NULL;
    } else {
        char *letter = word + 1;
        while ((o = find(NULL, 0, *letter)) && !o->arg && letter[1]) {
            set(o, NULL);
            letter++;
        }
        text = *letter && letter[1] ? letter + 1 : NULL;
    }
    if (!o)
        return pp_usage("unknown option '%s'", word);
    if (!o->arg && text)
        return pp_usage("--%s takes no argument", o->name);
    if (o->arg && !text && !(text = argv[*i + 1] ? argv[++*i] : NULL))
        return pp_usage("--%s needs %s", o->name, o->arg);
    return set(o, text);
}

/* --help and the like: they answer and stop, wherever they stand. */
static bool answer(const char *word)
{
    if (strcmp(word, "--help") == 0)
        pp_print_help(tool);
    else if (strcmp(word, "--version") == 0)
        printf("%s (pp) %s\n", tool->name, PP_VERSION);
    else if (strncmp(word, "--help=", 7) == 0)
        return pp_print_docs(tool, word + 7);
    else
        return false;
    return true;
}

/* --- running ------------------------------------------------------------- */

/*
 * A standard stream that is closed would give its number to the next file that is opened, and
 * messages would end up there. What cannot be written to is put in its place.
 */
static void keep_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
            _exit(PP_EXIT_FAILED);
}

static int finish(int rc)
{
    pp_progress_end();
    pp_diag_flush(&pp_messages);
    if ((fflush(stdout) || ferror(stdout)) && rc == PP_EXIT_OK) {
        pp_error(&pp_messages, "<stdout>", "cannot write: %s", strerror(errno));
        rc = PP_EXIT_FAILED;
    }
    pp_diag_release(&pp_messages);
    pp_diag_release(&pp_answers);
    return rc;
}

/* Takes all options; the files move to the front of argv. */
static int take_all(char **argv, int *nfiles)
{
    bool literal = false;
    for (int i = 1; argv[i]; i++) {
        if (literal || argv[i][0] != '-' || !argv[i][1]) {
            if (files_of_option)
                pp_list_add(files_of_option, argv[i]);
            else
                argv[(*nfiles)++] = argv[i];
            continue;
        }
        if (strcmp(argv[i], "--") == 0) {
            literal = true;
            continue;
        }
        int rc = take(argv, &i);
        if (rc)
            return rc;
    }
    argv[*nfiles] = NULL;
    return PP_EXIT_OK;
}

int pp_cli_main(const struct pp_tool *t, int argc, char **argv)
{
    tool = t;
    files_of_option = NULL;
    keep_standard_streams();
    signal(SIGPIPE, SIG_DFL); /* a reader that has seen enough ends us, quietly */
    pp_on_out_of_memory = out_of_memory;
    if (t->begin)
        t->begin();

    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (answer(argv[i]))
            return finish(PP_EXIT_OK);
    char *only_stdin[] = {(char[]){"-"}, NULL};
    int nfiles = 0, rc = take_all(argv, &nfiles);
    pp_messages.strict = pp_cli.strict;
    limit_memory();
    if (rc == PP_EXIT_OK)
        rc = t->run(nfiles ? argv : only_stdin);
    return finish(rc);
}
