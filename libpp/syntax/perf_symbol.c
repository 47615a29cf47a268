#include "syntax/perf_symbol.h"

/* --- names of interpreters ----------------------------------------------- */

/*
 * Names from perf maps of Python, JavaScript and others contain the path of a file, which has no
 * arguments.
 */
static bool has_no_arguments(struct pp_span name)
{
    static const char *const beginnings[] = {
        "py::",    "JS:",      "LazyCompile:", "Function:", "Eval:",
        "Script:", "Builtin:", "Stub:",        "Code:",     NULL};
    for (const char *const *b = beginnings; *b; b++)
        if (pp_starts(name, *b))
            return true;
    return pp_find_text(name, ":/") || pp_find_text(name, " /");
}

/* V8's regular expressions. */
static bool is_expression(struct pp_span name)
{
    return pp_starts(name, "RegExp:");
}

/* --- brackets ------------------------------------------------------------ */

/* How a byte changes the depth of brackets. The '>' of an arrow does not count. */
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

/* Whether the "->" at `p` is between two methods. */
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
        if (depth == 0 && is_inlining(*symbol, p) && !has_no_arguments(*symbol) &&
            !is_expression(*symbol)) {
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

/* Writes the character as UTF-8; returns its length. */
static size_t put_character(char *out, uint64_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
    out[0] = (char)(lead[more] | c >> (6 * more));
    for (size_t i = 1; i <= more; i++)
        out[i] = (char)(0x80 | (c >> (6 * (more - i)) & 0x3f));
    return more + 1;
}

/* "$u7b$", the code of a character, is never shorter than the character. 0 if it is not one. */
static size_t rust_code(struct pp_span s, char *out, size_t *written)
{
    const char *end = pp_len(s) > 2 ? pp_find((struct pp_span){s.p + 2, s.end}, '$') : NULL;
    uint64_t c;
    if (!pp_starts(s, "$u") || !end || end - s.p > 8 ||
        !pp_parse_hex((struct pp_span){s.p + 2, end}, &c) || c < 0x20 || c == 0x7f ||
        c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return 0;
    *written = put_character(out, c);
    return (size_t)(end + 1 - s.p);
}

/* Decodes the escape at the start of `s`; returns its length, or 0 if it is not an escape. */
static size_t rust_escape(struct pp_span s, char *out, size_t *written)
{
    static const struct {
        const char *text;
        char c;
    } escapes[] = {
        {"$SP$", '@'}, {"$BP$", '*'}, {"$RF$", '&'}, {"$LT$", '<'},
        {"$GT$", '>'}, {"$LP$", '('}, {"$RP$", ')'}, {"$C$", ','},
    };
    *written = 1;
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
        if (pp_starts(s, escapes[i].text)) {
            *out = escapes[i].c;
            return strlen(escapes[i].text);
        }
    return rust_code(s, out, written);
}

/* Copies `s` with its escapes decoded; the text from an unknown escape on stays as it is. */
static size_t decode_rust(struct pp_span s, char *out)
{
    size_t n = 0;
    if (pp_starts(s, "_$"))
        s.p++; /* added because a symbol cannot begin with $ */
    while (s.p < s.end) {
        size_t len = 1, written = 1;
        out[n] = *s.p;
        if (*s.p == '$')
            len = rust_escape(s, out + n, &written);
        if (!len) {
            memmove(out + n, s.p, pp_len(s));
            return n + pp_len(s);
        }
        if (pp_starts(s, "..")) {
            memcpy(out + n, "::", 2);
            len = written = 2;
        }
        n += written;
        s.p += len;
    }
    return n;
}

/* --- arguments ----------------------------------------------------------- */

static bool is_name_char(char c)
{
    return pp_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

/* Whether the word ends at `p`, and is a whole word. */
static bool ends_in_word(struct pp_span name, const char *p, const char *word)
{
    struct pp_span before = {name.p, p};
    if (!pp_ends(before, word))
        return false;
    before.end -= strlen(word);
    return pp_empty(before) || !is_name_char(before.end[-1]);
}

/* The length of the operator's sign at `s`, if that is made of brackets or is an arrow. */
static size_t sign_length(struct pp_span s)
{
    static const char *const signs[] = {"<=>", "<<=", ">>=", "->*", "()", "[]", "->",
                                        "<<",  ">>",  "<=",  ">=",  "<",  ">",  NULL};
    for (const char *const *sign = signs; *sign; sign++)
        if (pp_starts(s, *sign))
            return strlen(*sign);
    return 0;
}

/* Whether the bracket at `p` is closed by the last byte of the name. */
static bool is_last_bracket(struct pp_span name, const char *p)
{
    size_t depth = 0;
    for (; p < name.end; p++) {
        depth += *p == '(';
        if (*p == ')' && --depth == 0)
            return p + 1 == name.end;
    }
    return false;
}

/*
 * Whether the bracket begins an argument list, unlike those in "net/http.(*Client).Do", "(anonymous
 * namespace)", "decltype(x) f(x)", "closure #1 (Int) -> () in f()" and "void (*f(int))(char)".
 * After a blank, as in Mono's names, it must be closed at the end.
 */
static bool begins_arguments(struct pp_span name, const char *p)
{
    static const char *const types[] = {"decltype", "noexcept", "requires", "sizeof",
                                        "alignof",  "typeid",   "typeof",   NULL};
    struct pp_span rest = {p, name.end};
    if (*p != '(' || p == name.p || pp_starts(rest, "(anonymous namespace)") || p[-1] == '.' ||
        p[-1] == ')')
        return false;
    if (p[-1] == ' ' || is_expression(name)) /* other tools cut what looks like one */
        return (p[-1] == ' ' || is_name_char(p[-1])) && is_last_bracket(name, p);
    for (const char *const *type = types; *type; type++)
        if (ends_in_word(name, p, *type))
            return false;
    return true;
}

/* The open brackets; deeper nesting is left as it is. */
struct brackets {
    size_t depth;
    char open[256];
};

/* A '>' closes only '<'; other brackets also close what is open in them: "<(a>b)>". */
static void close_bracket(struct brackets *b, char open)
{
    size_t depth = b->depth;
    while (depth && b->open[depth - 1] != open) {
        if (open == '<' || b->open[depth - 1] != '<')
            return;
        depth--;
    }
    if (depth)
        b->depth = depth - 1;
}

/* False if too many are open. */
static bool on_byte(struct brackets *b, struct pp_span name, const char *p)
{
    static const char opening[] = "([{<", closing[] = ")]}>";
    const char *open = memchr(opening, *p, 4), *close = memchr(closing, *p, 4);
    if (open && b->depth == sizeof b->open)
        return false;
    if (open)
        b->open[b->depth++] = *p;
    if (close && !(*p == '>' && p > name.p && p[-1] == '-')) /* of an arrow */
        close_bracket(b, opening[close - closing]);
    return true;
}

static size_t without_arguments(struct pp_span name)
{
    struct brackets b = {0};
    const char *p = name.p;
    if (!pp_find(name, '(') || (has_no_arguments(name) && !is_expression(name)))
        return pp_len(name);
    while (p < name.end) {
        size_t sign =
            ends_in_word(name, p, "operator") ? sign_length((struct pp_span){p, name.end}) : 0;
        p += sign;
        if (p < name.end && b.depth == 0 && ((sign && *p == '(') || begins_arguments(name, p)))
            return pp_len(pp_trim_end((struct pp_span){name.p, p}));
        if (p < name.end && !on_byte(&b, name, p++))
            break;
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
