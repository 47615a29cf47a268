#include "formats/perf/script_symbol.h"

/* --- brackets ------------------------------------------------------------ */

/* How a byte changes the depth of brackets. The '>' of an arrow is none. */
static int bracket(struct pp_span s, const char *p)
{
    switch (*p) {
    case '(':
    case '[':
    case '{':
    case '<':
        return 1;
    case '>':
        return p > s.p && p[-1] == '-' ? 0 : -1;
    case ')':
    case ']':
    case '}':
        return -1;
    default:
        return 0;
    }
}

/* An arrow at `p` that stands between two methods. */
static bool is_inlining(struct pp_span s, const char *p)
{
    static const char operator[] = "operator";
    struct pp_span before = {s.p, p};
    return p + 1 < s.end && p[0] == '-' && p[1] == '>' && p > s.p && !pp_is_blank(p[-1]) &&
           !pp_ends(before, operator);
}

bool pp_perf_part(struct pp_span *symbol, struct pp_span *part)
{
    if (!symbol->p)
        return false;
    long depth = 0;
    *part = *symbol;
    for (const char *p = symbol->p; p < symbol->end; p++) {
        if (depth == 0 && is_inlining(*symbol, p)) {
            part->end = p;
            symbol->p = p + 2;
            return true;
        }
        depth += bracket(*symbol, p);
    }
    symbol->p = NULL;
    return true;
}

/* --- Rust ---------------------------------------------------------------- */

/* Old Rust symbols end in ::h and 16 hexadecimal digits. */
static bool cut_rust_hash(struct pp_span *s)
{
    enum { DIGITS = 16 };
    uint64_t hash;
    if (pp_len(*s) < DIGITS + 1)
        return false;
    struct pp_span digits = {s->end - DIGITS, s->end};
    if (digits.p[-1] != 'h' || pp_find(digits, 'x') || !pp_parse_hex(digits, &hash))
        return false;
    s->end = digits.p - 1;
    if (pp_ends(*s, "::"))
        s->end -= strlen("::");
    return true;
}

/* What the escape at the start of `s` stands for, and its length; 0 if it is none. */
static size_t rust_escape(struct pp_span s, char *c)
{
    static const struct {
        const char *text;
        char c;
    } escapes[] = {
        {"$SP$", '@'},   {"$BP$", '*'},  {"$RF$", '&'},  {"$LT$", '<'},  {"$GT$", '>'},
        {"$LP$", '('},   {"$RP$", ')'},  {"$C$", ','},   {"$u7e$", '~'}, {"$u20$", ' '},
        {"$u27$", '\''}, {"$u3d$", '='}, {"$u5b$", '['}, {"$u5d$", ']'}, {"$u7b$", '{'},
        {"$u7d$", '}'},  {"$u3b$", ';'}, {"$u2b$", '+'}, {"$u21$", '!'}, {"$u22$", '"'},
    };
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
        if (pp_starts(s, escapes[i].text)) {
            *c = escapes[i].c;
            return strlen(escapes[i].text);
        }
    return 0;
}

/* Copies `s` with its escapes decoded; what follows one that is not known stays as it is. */
static size_t decode_rust(struct pp_span s, char *out)
{
    size_t n = 0;
    if (pp_starts(s, "_$"))
        s.p++; /* put there as a symbol cannot begin with $ */
    while (s.p < s.end) {
        char c = *s.p;
        size_t len = 1;
        if (c == '$' && !(len = rust_escape(s, &c))) {
            memcpy(out + n, s.p, pp_len(s));
            return n + pp_len(s);
        }
        if (pp_starts(s, "..")) {
            out[n++] = ':';
            c = ':';
            len = 2;
        }
        out[n++] = c;
        s.p += len;
    }
    return n;
}

/* --- arguments ----------------------------------------------------------- */

/* The bracket of an argument list, unlike those in "net/http.(*Client).Do" and "(anonymous". */
static bool begins_arguments(struct pp_span name, const char *p)
{
    struct pp_span rest = {p, name.end};
    return *p == '(' && p > name.p && p[-1] != '.' && !pp_starts(rest, "(anonymous namespace)");
}

static size_t without_arguments(struct pp_span name)
{
    long depth = 0;
    for (const char *p = name.p; p < name.end; p++) {
        if (depth == 0 && begins_arguments(name, p))
            return (size_t)(p - name.p);
        depth += bracket(name, p);
    }
    return pp_len(name);
}

size_t pp_perf_tidy(struct pp_span symbol, bool java, char *out)
{
    size_t n = pp_len(symbol);
    if (cut_rust_hash(&symbol))
        n = decode_rust(symbol, out);
    else if (n)
        memcpy(out, symbol.p, n);
    for (char *p = out; (p = memchr(p, ';', n - (size_t)(p - out)));)
        *p = ':';
    n = without_arguments((struct pp_span){out, out + n});
    if (java && n && *out == 'L' && memchr(out, '/', n))
        memmove(out, out + 1, --n);
    return n;
}
