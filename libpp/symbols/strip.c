#include "symbols/strip.h"

/* A limit for open brackets. A name with deeper nesting stays as it is. */
enum { MOST_OPEN = 256 };

struct open {
    uint32_t at;  /* offset in the output */
    char bracket; /* '(', '<' or '{' */
    bool goes;    /* it will be removed with its contents when it is closed */
};

struct strip {
    unsigned what;
    char *text; /* input from `at` on, output before: that is never longer than what was read */
    size_t at, len, written;
    size_t operator_end; /* offset in the output of the end of the last operator's name */
    size_t name;         /* where the name begins, after the return type */
    bool no_return_type; /* the text before the name is not a return type */
    size_t nopen;
    struct open open[MOST_OPEN];
};

static bool is_name_char(char c)
{
    return pp_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

static struct pp_span rest(const struct strip *s)
{
    return (struct pp_span){s->text + s->at, s->text + s->len};
}

static struct pp_span written(const struct strip *s)
{
    return (struct pp_span){s->text, s->text + s->written};
}

/* The last character of the output, or 0. */
static char last(const struct strip *s)
{
    return s->written ? s->text[s->written - 1] : '\0';
}

static void take(struct strip *s, size_t n)
{
    memmove(s->text + s->written, s->text + s->at, n);
    s->written += n;
    s->at += n;
}

/* Whether the output ends in a name, which parameters or arguments may follow. */
static bool after_name(const struct strip *s)
{
    char c = last(s);
    return is_name_char(c) || (c && strchr(">}]", c)) || (c && s->written == s->operator_end);
}

/* --- operators ------------------------------------------------------------- */

/* Those with brackets; longer ones before their prefixes. */
static const char *const operators[] = {"()", "[]", "<=>", "<<=", ">>=", "->*", "->",
                                        "<<", ">>", "<=",  ">=",  "<",   ">",   NULL};

static bool is_operator(const struct strip *s)
{
    static const char word[] = "operator";
    size_t n = strlen(word);
    return pp_starts(rest(s), word) && !is_name_char(last(s)) &&
           (s->at + n == s->len || !is_name_char(s->text[s->at + n]));
}

/* Copies the word "operator" and the signs after it. A type ("operator bool") is ordinary text. */
static void take_operator(struct strip *s)
{
    take(s, strlen("operator"));
    const char *const *o = operators;
    while (*o && !pp_starts(rest(s), *o))
        o++;
    if (*o)
        take(s, strlen(*o));
    else
        while (s->at < s->len && memchr("+-*/%^&|~!=,", s->text[s->at], 12))
            take(s, 1);
    s->operator_end = s->written;
}

/* --- brackets -------------------------------------------------------------- */

/* Whether the "<" that follows begins arguments, as opposed to a type or a name in brackets. */
static bool begins_arguments(const struct strip *s)
{
    bool rust = s->what & PP_STRIP_RUST;
    if (pp_ends(written(s), "operator< ") || pp_ends(written(s), "operator<< "))
        return true;
    if (!rust)
        return after_name(s) || last(s) == ')';
    if (pp_ends(written(s), "::"))
        return !pp_starts(rest(s), "<impl ");
    return after_name(s) && !pp_ends(written(s), "for");
}

static bool goes(const struct strip *s, char bracket)
{
    if (bracket == '<')
        return s->what & PP_STRIP_TEMPLATES && begins_arguments(s);
    if (bracket != '(')
        return false;
    return s->what & PP_STRIP_D ||
           (s->what & (PP_STRIP_ENCLOSING | PP_STRIP_SIGNATURE) && after_name(s));
}

/* False if too many are open. */
static bool open_bracket(struct strip *s)
{
    if (s->nopen == MOST_OPEN)
        return false;
    char c = s->text[s->at];
    s->open[s->nopen++] = (struct open){(uint32_t)s->written, c, goes(s, c)};
    take(s, 1);
    return true;
}

/* Skips the qualifiers of a member function, and what the compiler appended. */
static struct pp_span after_qualifiers(struct pp_span s)
{
    static const char *const words[] = {" const",     " volatile", " &&",    " &", " noexcept",
                                        " immutable", " shared",   " inout", NULL};
    for (const char *const *w = words; *w;) {
        bool hit = pp_starts(s, *w);
        s.p += hit ? strlen(*w) : 0;
        w = hit ? words : w + 1;
    }
    return s;
}

/*
 * "<...>" was closed: removes it with the blank of "operator< <int>", and the "::" of Rust's
 * "f::<T>".
 */
static void drop_arguments(struct strip *s, const struct open *o)
{
    s->written = o->at;
    if (last(s) == ' ' && s->written == s->operator_end + 1)
        s->written--;
    if (s->what & PP_STRIP_RUST && pp_ends(written(s), "::"))
        s->written -= 2;
    if (last(s) == ')') /* "operator void (*)()<int>" */
        s->operator_end = s->written;
}

/* The parameters at the end were closed: what follows them is not part of the name. */
static void drop_signature(struct strip *s, const struct open *o)
{
    s->at = s->len;
    s->written = o->at;
    if (s->no_return_type)
        return;
    s->written -= s->name;
    memmove(s->text, s->text + s->name, s->written);
}

/* "(...)" was closed after a name: removes it if the flags say so. */
static void drop_parameters(struct strip *s, const struct open *o)
{
    struct pp_span after = after_qualifiers(rest(s));
    bool end = s->nopen == 0 && (pp_empty(after) || pp_starts(after, " [clone "));
    if (s->what & PP_STRIP_ENCLOSING && pp_starts(after, "::")) {
        s->written = o->at + 1;
        s->text[s->written++] = ')';
    } else if (s->what & PP_STRIP_SIGNATURE && end) {
        drop_signature(s, o);
    } else if (s->what & PP_STRIP_D) {
        s->written = o->at - (o->at && s->text[o->at - 1] == '!');
    }
}

static void close_bracket(struct strip *s)
{
    char close = s->text[s->at], open = close == ')' ? '(' : close == '}' ? '{' : '<';
    take(s, 1);
    size_t i = s->nopen;
    /* A "<" or ">" inside of parentheses may be a comparison; a parenthesis never is. */
    while (i && s->open[i - 1].bracket != open) {
        if (open == '<')
            return;
        i--;
    }
    if (!i)
        return;
    s->nopen = i - 1;
    struct open o = s->open[s->nopen];
    if (o.goes && open == '<')
        drop_arguments(s, &o);
    else if (o.goes)
        drop_parameters(s, &o);
}

/* --- entry point ----------------------------------------------------------- */

/* A blank outside of all brackets follows a return type, or a word such as "thunk to". */
static void take_blank(struct strip *s)
{
    static const char *const words[] = {" to", " for", " in", NULL};
    for (const char *const *w = words; *w; w++)
        s->no_return_type |= pp_ends(written(s), *w);
    take(s, 1);
    if (s->nopen == 0 && s->operator_end == 0)
        s->name = s->written;
}

static bool step(struct strip *s)
{
    char c = s->text[s->at];
    if (is_operator(s))
        take_operator(s);
    else if (pp_starts(rest(s), "->"))
        take(s, 2);
    else if (strchr("(<{", c) && c)
        return open_bracket(s);
    else if (strchr(")>}", c) && c)
        close_bracket(s);
    else if (c == ' ')
        take_blank(s);
    else
        take(s, 1);
    return true;
}

size_t pp_strip(char *text, size_t len, unsigned what)
{
    struct strip s = {.what = what, .text = text, .len = len};
    while (s.at < s.len)
        if (!step(&s))
            take(&s, s.len - s.at);
    return s.written;
}
