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

/* Text from an input must not control the terminal. */
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

/* A kind of warning or note about files. */
static struct shown {
    const char *kind;
    char *text, *file; /* the first of the kind, and the last file that had it; owned */
    uint64_t files;
    uint64_t most; /* of them that are printed */
} * shown;
static size_t nshown, shown_cap;

static char *copy(const char *text)
{
    size_t len = strlen(text);
    return memcpy(pp_calloc(len + 1, 1), text, len);
}

static struct shown *shown_of(const struct pp_message *m)
{
    bool note = m->severity == PP_NOTE;
    for (size_t i = 0; i < nshown; i++)
        if (strcmp(shown[i].kind, m->kind) == 0)
            return &shown[i];
    PP_GROW(shown, nshown + 1, shown_cap);
    shown[nshown] = (struct shown){m->kind, copy(m->text), NULL, 0, note ? 1 : PP_DIAG_SHOWN};
    return &shown[nshown++];
}

/*
 * Whether other files had this message as well, often enough: a warning is printed for a few files,
 * which are then counted; a note holds for all similar files, and is printed for one.
 */
static bool is_repeated(const struct pp_message *m)
{
    if (m->severity == PP_ERROR || !m->place.file)
        return false;
    struct shown *t = shown_of(m);
    if (!m->rest && (!t->file || strcmp(t->file, m->place.file) != 0)) {
        free(t->file);
        t->file = copy(m->place.file);
        t->files++;
    }
    return t->files > t->most;
}

static void emit(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    if (!is_repeated(m) && (m->severity == PP_ERROR || !pp_cli.quiet))
        print_message(m);
}

/* Says how many more files each warning was about. */
static void flush_shown(void)
{
    for (size_t i = 0; i < nshown; i++) {
        struct shown *t = &shown[i];
        if (t->files > t->most && t->most > 1 && !pp_cli.quiet) {
            fprintf(stderr, "%s: ... and %llu more files: ", tool->name,
                    (unsigned long long)(t->files - t->most));
            print_clean(t->text);
            putc('\n', stderr);
        }
        free(t->text);
        free(t->file);
    }
    free(shown);
    shown = NULL;
    nshown = shown_cap = 0;
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
    bool small = pp_cli.max_memory < 1 << 20;
    int n =
        snprintf(text, sizeof text, "%s: out of memory; --max-memory is %llu%c\n", tool->name,
                 (unsigned long long)(pp_cli.max_memory >> (small ? 10 : 20)), small ? 'k' : 'm');
    if (write(STDERR_FILENO, text, (size_t)n) < 0)
        return;
}

/*
 * An input made to exhaust memory, such as a few kilobytes of gzip, must end this process, and not
 * lead the kernel to kill another.
 */
static void limit_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    if (!pp_cli.max_memory && pages > 0 && size > 0)
        pp_cli.max_memory = (uint64_t)pages / 4 * 3 * (uint64_t)size;
#ifndef PP_SANITIZED /* a sanitizer reserves far more address space than there is memory */
    struct rlimit r;
    if (pp_cli.max_memory && getrlimit(RLIMIT_DATA, &r) == 0 && r.rlim_cur > pp_cli.max_memory) {
        r.rlim_cur = pp_cli.max_memory;
        setrlimit(RLIMIT_DATA, &r);
    }
#endif
}

/* --- options ------------------------------------------------------------- */

static const struct pp_opt standard[] = {
    {PP_OPT_FLAG, 'h', "help", NULL, "print this help and exit", NULL},
    {PP_OPT_FLAG, 'V', "version", NULL, "print the version and exit", NULL},
    {0},
};

/* Calls `each` for every option, including those of all tools. */
static void each_option(void (*each)(const struct pp_opt *o, void *ctx), void *ctx)
{
    for (const struct pp_opt *const *table = tool->options; *table; table++)
        for (const struct pp_opt *o = *table; o->type; o++)
            if (o->name)
                each(o, ctx);
    for (const struct pp_opt *o = standard; o->type; o++)
        each(o, ctx);
}

/* A search for an option, and its result. */
struct search {
    const char *word;
    size_t len;
    const struct pp_opt *exact, *first, *other; /* the first two that begin with the word */
    const struct pp_opt *near;                  /* the one with the most similar spelling */
    size_t distance;
    char letter;
};

/* Whether a name begins with the word, which may have _ for -. */
static bool begins(const char *name, const char *word, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!name[i] || (name[i] != word[i] && !(name[i] == '-' && word[i] == '_')))
            return false;
    return true;
}

static void compare_name(const struct pp_opt *o, void *ctx)
{
    struct search *s = ctx;
    if (!begins(o->name, s->word, s->len))
        return;
    if (!o->name[s->len])
        s->exact = o;
    else if (!s->first)
        s->first = o;
    else if (strcmp(s->first->name, o->name) != 0)
        s->other = o;
}

static void compare_letter(const struct pp_opt *o, void *ctx)
{
    struct search *s = ctx;
    if (o->short_name == s->letter && !s->exact)
        s->exact = o;
}

static const struct pp_opt *find_letter(char letter)
{
    struct search s = {.letter = letter};
    each_option(compare_letter, &s);
    return s.exact;
}

/* --- near misses --------------------------------------------------------- */

enum { MOST_LETTERS = 32, MOST_MISSES = 2 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The number of letters to insert, delete, change or swap with the next to turn `a` into `b`. */
static size_t count_misses(const char *a, size_t la, const char *b, size_t lb)
{
    size_t rows[3][MOST_LETTERS + 1];
    for (size_t k = 0; k <= lb; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= la; i++) {
        size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *two = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t k = 1; k <= lb; k++) {
            now[k] =
                least(before[k - 1] + (a[i - 1] != b[k - 1]), least(before[k], now[k - 1]) + 1);
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                now[k] = least(now[k], two[k - 2] + 1);
        }
    }
    return rows[la % 3][lb];
}

static void compare_spelling(const struct pp_opt *o, void *ctx)
{
    struct search *s = ctx;
    size_t n = strlen(o->name);
    if (n > MOST_LETTERS || s->len > MOST_LETTERS || s->len < 3)
        return;
    size_t misses = count_misses(s->word, s->len, o->name, n);
    if (misses < s->distance) {
        s->distance = misses;
        s->near = o;
    }
}

static int refuse(const char *word, const struct search *s)
{
    struct search near = {.word = s->word, .len = s->len, .distance = MOST_MISSES + 1};
    if (s->other)
        return pp_usage("'%s' may be --%s or --%s", word, s->first->name, s->other->name);
    each_option(compare_spelling, &near);
    if (near.near)
        return pp_usage("unknown option '%s'; did you mean --%s?", word, near.near->name);
    return pp_usage("unknown option '%s'", word);
}

/* The option that a word such as "title" or "titl" names; NULL after pp_usage(). */
static const struct pp_opt *find_long(const char *word, const char *name, size_t len)
{
    struct search s = {.word = name, .len = len};
    if (len)
        each_option(compare_name, &s);
    if (s.exact || (s.first && !s.other))
        return s.exact ? s.exact : s.first;
    refuse(word, &s);
    return NULL;
}

/* "-title", a long option with a single dash, which would be parsed as -t with an argument. */
static const struct pp_opt *find_behind_one_dash(const char *word)
{
    struct search s = {.word = word + 1, .len = strcspn(word + 1, "=")};
    if (s.len > 2)
        each_option(compare_name, &s);
    return s.exact;
}

/* --- values -------------------------------------------------------------- */

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
        if (*(uint64_t *)o->value == 0)
            return pp_usage("--%s must be at least 1", o->name);
    } else if (o->type == PP_OPT_NUMBER) {
        *(double *)o->value = strtod(text, &end);
        if (end == text || *end || !isfinite(*(double *)o->value))
            return pp_usage("--%s needs a number, not '%s'", o->name, text);
    } else {
        if (!pp_parse_u64(pp_str(text), &n) || n > UINT32_MAX)
            return pp_usage("--%s needs a number, not '%s'", o->name, text);
        if (n < o->least)
            return pp_usage("--%s must be at least %u", o->name, o->least);
        *(unsigned *)o->value = (unsigned)n;
    }
    return PP_EXIT_OK;
}

/*
 * The list of the last PP_OPT_FILES, to which further files are added; NULL: they go to the tool.
 */
static struct pp_list *files_of_option;

void pp_list_add(struct pp_list *list, char *item)
{
    PP_GROW(list->items, list->count + 2, list->cap);
    list->items[list->count++] = item;
    list->items[list->count] = NULL;
}

/* The options that were given, in the order of the command line. */
static const struct pp_opt **given;
static size_t ngiven, given_cap;

const struct pp_opt *pp_opt_given(const struct pp_opt *table)
{
    for (const struct pp_opt *o = table; o->type != PP_OPT_END; o++)
        for (size_t i = 0; i < ngiven; i++)
            if (given[i] == o)
                return o;
    return NULL;
}

static int set(const struct pp_opt *o, char *text)
{
    PP_GROW(given, ngiven + 1, given_cap);
    given[ngiven++] = o;
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

/* An option such as --help was answered, and the tool is not run. */
enum { ANSWERED = -1 };

static int take_option(const struct pp_opt *o, char *text)
{
    if (o >= standard && o < standard + sizeof standard / sizeof *standard) {
        if (o->short_name == 'h')
            pp_print_help(tool);
        else
            printf("%s (pp) %s\n%s\n", tool->name, PP_VERSION, PP_PARTS);
        return ANSWERED;
    }
    return set(o, text);
}

/* Takes the option at argv[*i] and its argument; short flags may be combined. */
static int take(char **argv, int *i)
{
    char *word = argv[*i], *text = NULL;
    const struct pp_opt *o;
    if (word[1] == '-') {
        size_t len = strcspn(word + 2, "=");
        o = find_long(word, word + 2, len);
        text = word[2 + len] ? word + 3 + len : NULL;
        if (!o)
            return PP_EXIT_USAGE;
    } else {
        const struct pp_opt *meant = find_behind_one_dash(word);
        char *letter = word + 1;
        int rc = PP_EXIT_OK;
        if (meant)
            return pp_usage("unknown option '%s'; did you mean --%s?", word, meant->name);
        while ((o = find_letter(*letter)) && (!o->arg || o->optional) && letter[1] && !rc) {
            rc = take_option(o, NULL);
            letter++;
        }
        if (rc)
            return rc;
        text = *letter && letter[1] ? letter + 1 : NULL;
    }
    if (!o)
        return pp_usage("unknown option '%s'", word);
    if (!o->arg && text)
        return pp_usage("--%s takes no argument", o->name);
    bool next = o->arg && !o->optional && !text;
    if (next)
        text = argv[*i + 1] ? argv[++*i] : NULL;
    if (next && !text)
        return pp_usage("--%s needs %s", o->name, o->arg);
    return take_option(o, text);
}

/* --help and similar options are answered wherever they are, and nothing else is done. */
static bool answer(const char *word)
{
    if (strcmp(word, "--help") == 0)
        take_option(&standard[0], NULL);
    else if (strcmp(word, "--version") == 0)
        take_option(&standard[1], NULL);
    else if (strncmp(word, "--help=", 7) == 0)
        return pp_print_docs(tool, word + 7);
    else
        return false;
    return true;
}

/* --- running ------------------------------------------------------------- */

/*
 * If a standard stream is closed, the next file opened would get its number, and messages would be
 * written to it. So a descriptor that cannot be written to takes its place.
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
    flush_shown();
    if ((fflush(stdout) || ferror(stdout)) && rc == PP_EXIT_OK) {
        pp_error(&pp_messages, "<stdout>", "cannot write: %s", strerror(errno));
        rc = PP_EXIT_FAILED;
    }
    pp_diag_release(&pp_messages);
    pp_diag_release(&pp_answers);
    return rc;
}

/* Takes all options, and moves the files to the front of argv. */
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
    signal(SIGPIPE, SIG_DFL); /* if the reader of a pipe exits, end quietly */
    pp_on_out_of_memory = out_of_memory;
    if (t->begin)
        t->begin();

    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (answer(argv[i]))
            return finish(PP_EXIT_OK);
    char *only_stdin[] = {(char[]){"-"}, NULL};
    int nfiles = 0, rc = take_all(argv, &nfiles);
    if (rc == ANSWERED)
        return finish(PP_EXIT_OK);
    pp_messages.strict = pp_cli.strict;
    limit_memory();
    if (rc == PP_EXIT_OK)
        rc = t->run(nfiles ? argv : only_stdin);
    return finish(rc);
}
