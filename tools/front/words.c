#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "front/front.h"

struct pp_list front_words, front_elsewhere, front_files;

const struct front_word front_no_words[] = {{0}};

static const struct front_peer *peer;

int front_refuse(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "%s: ", peer->name);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    return PP_EXIT_USAGE;
}

/* --- finding a word -------------------------------------------------------- */

/* The first `len` characters of `text`. */
struct name {
    const char *text;
    size_t len;
};

static bool same_letter(char a, char b)
{
    char pair[2][2] = {{a, 0}, {b, 0}};
    bool dashes = (a == '-' || a == '_') && (b == '-' || b == '_');
    return a == b || dashes || (peer->style == FRONT_PERL && strcasecmp(pair[0], pair[1]) == 0);
}

static bool begins(const char *name, struct name n)
{
    for (size_t i = 0; i < n.len; i++)
        if (!name[i] || !same_letter(name[i], n.text[i]))
            return false;
    return true;
}

static const struct front_word *find_exactly(struct name n)
{
    for (const struct front_word *w = peer->words; w->kind; w++)
        if (w->name && n.len && begins(w->name, n) && !w->name[n.len])
            return w;
    return NULL;
}

/* The only word that begins like this. */
static const struct front_word *find_abbreviated(struct name n)
{
    const struct front_word *found = NULL;
    for (const struct front_word *w = peer->words; w->kind; w++)
        if (w->name && n.len && begins(w->name, n)) {
            if (found)
                return NULL;
            found = w;
        }
    return found;
}

static const struct front_word *find_letter(char letter)
{
    for (const struct front_word *w = peer->words; w->kind; w++)
        if (w->letter == letter)
            return w;
    return NULL;
}

/* "noname" and "no-name". */
static const struct front_word *find_taken_back(struct name n)
{
    if (n.len < 4 || strncmp(n.text, "no", 2) != 0)
        return NULL;
    size_t skip = n.text[2] == '-' || n.text[2] == '_' ? 3 : 2;
    const struct front_word *w = find_exactly((struct name){n.text + skip, n.len - skip});
    return w && w->kind == FRONT_FLAG ? w : NULL;
}

/* --- taking it ------------------------------------------------------------- */

/* Puts the words that an option becomes on a list. */
static void put(struct pp_list *list, const char *becomes, const char *value)
{
    const char *hole = becomes ? strstr(becomes, "%s") : NULL;
    if (!becomes)
        return;
    if (hole)
        pp_list_add(list, front_word("%.*s%s%s", (int)(hole - becomes), becomes, value, hole + 2));
    else
        pp_list_add(list, front_word("%s", becomes));
}

static int use(const struct front_word *w, const char *value)
{
    if (w->instead)
        return front_refuse("pp has nothing for -%s: %s", w->name, w->instead);
    if (w->take) {
        w->take(w, value ? value : "");
        return PP_EXIT_OK;
    }
    put(&front_words, w->becomes, value);
    put(&front_elsewhere, w->elsewhere, value);
    return PP_EXIT_OK;
}

static int take_back(const struct front_word *w)
{
    put(&front_words, w->off, NULL);
    put(&front_elsewhere, w->off, NULL);
    return PP_EXIT_OK;
}

static bool is_no(const char *value)
{
    return strcmp(value, "false") == 0 || strcmp(value, "0") == 0 || strcmp(value, "f") == 0;
}

static bool is_switch(const char *value)
{
    return strcmp(value, "0") == 0 || strcmp(value, "1") == 0;
}

/* Takes a word by its name, with the value behind "=" or in the next argument. */
static int take_named(const struct front_word *w, const char *value, char ***next)
{
    if (w->kind == FRONT_FLAG && value && is_no(value))
        return take_back(w);
    if (w->kind == FRONT_VALUE && !value) {
        if (!**next)
            return front_refuse("-%s needs a value", w->name);
        value = *(*next)++;
    }
    if (w->kind == FRONT_MAYBE && !value && **next && is_switch(**next))
        value = *(*next)++; /* "-m 0", as older versions of Boost took it */
    return use(w, value);
}

/* Takes letters that stand together; the last may have its value attached. */
static int take_letters(const char *letters, char ***next)
{
    for (const char *p = letters; *p; p++) {
        const struct front_word *w = find_letter(*p);
        if (!w)
            return front_refuse("unknown option '-%s'; try --help", letters);
        if (w->kind != FRONT_FLAG)
            return take_named(w, p[1] ? p + 1 + (p[1] == '=') : NULL, next);
        int rc = use(w, NULL);
        if (rc)
            return rc;
    }
    return PP_EXIT_OK;
}

static int take(const char *arg, char ***next)
{
    bool two = arg[1] == '-';
    struct name n = {arg + 1 + two, strcspn(arg + 1 + two, "=")};
    const char *value = n.text[n.len] ? n.text + n.len + 1 : NULL;
    const struct front_word *w = find_exactly(n), *back = w ? NULL : find_taken_back(n);
    if (back)
        return take_back(back);
    if (!w && (two || peer->style == FRONT_PERL))
        w = find_abbreviated(n);
    if (w)
        return take_named(w, value, next);
    if (!two && find_letter(n.text[0]))
        return take_letters(n.text, next);
    return front_refuse("unknown option '%s'; try --help", arg);
}

/* --- help ------------------------------------------------------------------ */

static void print_word(const struct front_word *w)
{
    char name[64];
    snprintf(name, sizeof name, "%s%s%s", w->name ? "-" : "",
             w->name ? w->name : (char[]){'-', w->letter, 0}, w->kind == FRONT_VALUE ? " X" : "");
    const char *what = w->instead   ? w->instead
                       : w->becomes ? w->becomes
                       : w->take    ? ""
                                    : "(changes nothing here)";
    const char *hole = strstr(what, "%s");
    printf("  %-26s %s%.*s%s%s\n", name, w->instead ? "not in pp: " : "",
           hole ? (int)(hole - what) : (int)strlen(what), what, hole ? "X" : "",
           hole ? hole + 2 : "");
}

static int print_help(void)
{
    printf("%s, as %s answers it: %s.\nWhat its options become:\n\n", peer->name, peer->tool,
           peer->summary);
    for (const struct front_word *w = peer->words; w->kind; w++)
        print_word(w);
    printf("\n'pp-tools show %s ARGUMENT...' prints the command of pp. See also %s --help.\n",
           peer->name, peer->tool);
    return FRONT_HELPED;
}

int front_take(const struct front_peer *p, char **argv)
{
    bool literal = false;
    peer = p;
    while (*argv) {
        char *arg = *argv++;
        if (literal || arg[0] != '-' || !arg[1]) {
            pp_list_add(&front_files, arg);
        } else if (strcmp(arg, "--") == 0) {
            literal = true;
        } else if (strcmp(arg, "--help") == 0 || strcmp(arg, "-help") == 0 ||
                   (strcmp(arg, "-h") == 0 && !find_letter('h'))) {
            return print_help();
        } else {
            int rc = take(arg, &argv);
            if (rc)
                return rc;
        }
    }
    return PP_EXIT_OK;
}

void front_release_words(void)
{
    free(front_words.items);
    free(front_elsewhere.items);
    free(front_files.items);
}

/* --- files ----------------------------------------------------------------- */

bool front_is_program(const char *file)
{
    static const char magics[][5] = {"\x7f"
                                     "ELF",
                                     "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe", "MZ"};
    char begin[4] = "";
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, begin, sizeof begin);
    close(fd);
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (n == sizeof begin && memcmp(begin, magics[i], strlen(magics[i])) == 0)
            return true;
    return false;
}

const char *front_take_program(void)
{
    if (front_files.count < 2 || strcmp(front_files.items[0], "-") == 0)
        return NULL;
    char *first = front_files.items[0];
    if (access(first, F_OK) == 0 && !front_is_program(first))
        return NULL;
    memmove(front_files.items, front_files.items + 1,
            front_files.count * sizeof *front_files.items);
    front_files.count--;
    return first;
}
