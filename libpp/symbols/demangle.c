#include "symbols/demangle.h"

#include <libiberty/demangle.h>
#include <setjmp.h>
#include <stdlib.h>

#include "symbols/strip.h"

/* A mangled name as libiberty expects it. */
struct mangled {
    char text[PP_LONGEST_MANGLED + 1];
    size_t len;
};

static struct pp_span name_of(const struct mangled *m)
{
    return (struct pp_span){m->text, m->text + m->len};
}

static void cut(struct mangled *m, size_t len)
{
    m->len = len;
    m->text[len] = '\0';
}

/* Without the version, and without the additional underscore of all names on macOS. */
static bool copy_mangled(struct pp_span symbol, struct mangled *m)
{
    const char *version = pp_find(symbol, '@');
    if (version)
        symbol.end = version;
    if (pp_starts(symbol, "__Z") || pp_starts(symbol, "__R") || pp_starts(symbol, "____Z"))
        symbol.p++;
    if (pp_len(symbol) > PP_LONGEST_MANGLED || pp_find(symbol, '\0') || !pp_starts(symbol, "_"))
        return false;
    memcpy(m->text, symbol.p, pp_len(symbol));
    cut(m, pp_len(symbol));
    return true;
}

/* --- what libiberty writes ------------------------------------------------- */

struct sink {
    struct pp_out *out;
    jmp_buf too_long;
};

static bool is_ascii(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

/*
 * A few bytes can stand for terabytes of text, so a jump ends the output. libiberty then holds no
 * heap memory, except the text of a non-ASCII identifier of Rust while it passes that to us.
 */
static void collect(const char *text, size_t n, void *sink)
{
    struct sink *s = sink;
    if (n == 0)
        return; /* when text is NULL */
    if (n <= PP_LONGEST_DEMANGLED - s->out->len)
        pp_put(s->out, (struct pp_span){text, text + n});
    else if (is_ascii(text, n))
        longjmp(s->too_long, 1);
    else
        s->out->len = PP_LONGEST_DEMANGLED; /* more text would be too much in any case */
}

typedef int demangler(const char *mangled, int options, demangle_callbackref, void *opaque);

static bool run(demangler *demangle, const char *mangled, int options, struct pp_out *out)
{
    struct sink sink = {.out = out};
    out->len = 0;
    if (setjmp(sink.too_long))
        return false;
    return demangle(mangled, options, collect, &sink) && out->len &&
           out->len < PP_LONGEST_DEMANGLED;
}

static void strip(struct pp_out *out, unsigned what)
{
    if (out->len)
        out->len = pp_strip(out->buf, out->len, what);
}

/* --- Rust ------------------------------------------------------------------ */

/* Where a compiler's suffix begins in a v0 name, which has no "." and "$" otherwise. */
static const char *v0_suffix(struct pp_span name)
{
    const char *dot = pp_find(name, '.'), *dollar = pp_find(name, '$');
    return dollar && (!dot || dollar < dot) ? dollar : dot;
}

/*
 * The length of a legacy name up to its hash, "17h0123456789abcdefE"; 0 if it has none. "$" also
 * stands for other characters in it.
 */
static size_t end_of_legacy(struct pp_span name)
{
    enum { HASH = 20 };
    struct pp_span rest = name;
    for (const char *p; (p = pp_find_text(rest, "17h")); rest.p = p + 1) {
        const char *end = p + HASH;
        if (end <= name.end && end[-1] == 'E' && (end == name.end || *end == '.' || *end == '$'))
            return (size_t)(end - name.p);
    }
    return 0;
}

/*
 * The end of a Rust name to which compilers may have appended ".llvm.123", ".cold" or "$got"; 0 if
 * it is not one.
 */
static size_t end_of_rust(struct pp_span name)
{
    if (pp_starts(name, "_ZN"))
        return end_of_legacy(name);
    const char *suffix = pp_starts(name, "_R") ? v0_suffix(name) : name.p;
    return suffix ? (size_t)(suffix - name.p) : pp_len(name);
}

static bool demangle_rust(const struct mangled *name, enum pp_demangle how, bool full_names,
                          struct pp_out *out)
{
    size_t end = end_of_rust(name_of(name));
    if (!end)
        return false;
    struct mangled m = *name;
    cut(&m, end);
    if (!run(rust_demangle_callback, m.text, full_names ? DMGL_VERBOSE : 0, out))
        return false;
    if (how == PP_DEMANGLE_SIMPLE)
        strip(out, PP_STRIP_RUST | PP_STRIP_TEMPLATES);
    return out->len; /* nothing is left of "_RINvC0_0E" */
}

/* --- C++ ------------------------------------------------------------------- */

/*
 * Cuts "_block_invoke_2" from the name of a block of clang, which contains the name of its
 * function.
 */
static bool cut_block(struct mangled *m)
{
    static const char word[] = "_block_invoke";
    const char *at = pp_find_text(name_of(m), word), *p = at;
    if (!at)
        return false;
    for (p += strlen(word); *p == '_' || pp_is_digit(*p);)
        p++;
    if (*p && *p != '.')
        return false;
    size_t len = (size_t)(at - m->text) - 2;
    memmove(m->text, m->text + 2, len); /* it begins with "___Z" */
    cut(m, len);
    return true;
}

/* Cuts " [clone .cold]" from the end, any number of times. */
static void cut_clones(struct pp_out *out)
{
    while (pp_ends(pp_out_bytes(out), "]")) {
        const char *blank = memrchr(out->buf, '[', out->len);
        if (!blank || blank == out->buf ||
            !pp_starts((struct pp_span){blank, out->buf + out->len}, "[clone ."))
            return;
        out->len = (size_t)(blank - out->buf) - 1;
    }
}

/*
 * libiberty refuses names longer than 1024 bytes to protect the stack, but templates produce them.
 * Without its limit, twice that length took at most 2 MB in experiments. It prints at most 1024
 * levels deep anyway.
 */
static int options_for(const struct mangled *m, enum pp_demangle how)
{
    enum { LIBIBERTYS_LONGEST = DEMANGLE_RECURSION_LIMIT / 2 };
    int options = how == PP_DEMANGLE_FULL ? DMGL_PARAMS | DMGL_ANSI : DMGL_NO_OPTS;
    return m->len > LIBIBERTYS_LONGEST ? options | DMGL_NO_RECURSE_LIMIT : options;
}

static bool demangle_cxx(const struct mangled *name, enum pp_demangle how, bool full_names,
                         struct pp_out *out)
{
    static const char block[] = "invocation function for block in ";
    struct mangled m = *name;
    bool is_block = pp_starts(name_of(name), "___Z") && cut_block(&m);
    if (!pp_starts(name_of(&m), "_Z") && !pp_starts(name_of(&m), "_GLOBAL_"))
        return false;
    if (!run(cplus_demangle_v3_callback, m.text, options_for(&m, how), out))
        return false;
    if (how == PP_DEMANGLE_FULL && !full_names)
        cut_clones(out);
    if (how == PP_DEMANGLE_SIMPLE)
        strip(out, PP_STRIP_TEMPLATES | PP_STRIP_ENCLOSING);
    if (how == PP_DEMANGLE_TEMPLATES)
        strip(out, PP_STRIP_ENCLOSING);
    if (is_block) {
        pp_out_room(out, strlen(block));
        memmove(out->buf + strlen(block), out->buf, out->len);
        memcpy(out->buf, block, strlen(block));
        out->len += strlen(block);
    }
    return true;
}

/* --- D --------------------------------------------------------------------- */

/*
 * The distance of a back reference, "Q" and digits of base 26, to its target; 0 if it is not one.
 */
static size_t read_back_reference(const char **p)
{
    size_t n = 0;
    while (**p >= 'A' && **p <= 'Z' && n < PP_LONGEST_MANGLED)
        n = n * 26 + (size_t)(*(*p)++ - 'A');
    return **p >= 'a' && **p <= 'z' ? n * 26 + (size_t)(*(*p)++ - 'a') : 0;
}

/* The length at the start of an identifier. */
static size_t identifier_length(const char *p)
{
    size_t n = 0;
    while (pp_is_digit(*p) && n < PP_LONGEST_MANGLED)
        n = n * 10 + (size_t)(*p++ - '0');
    return n;
}

/*
 * dlang_demangle() returns the whole text at once, so a limit must be checked first. A back
 * reference to a type expands to the text between that type and the reference, with the references
 * in it. sum[i] is an upper bound for the expansion of the first i characters.
 */
static bool is_short_in_d(const struct mangled *m)
{
    size_t sum[PP_LONGEST_MANGLED + 1] = {0};
    for (const char *p = m->text; *p;) {
        size_t at = (size_t)(p - m->text), cost = 1, back = 0;
        const char *end = p + 1;
        if (*p == 'Q')
            back = read_back_reference(&end);
        if (back && back <= at)
            cost = pp_is_digit(p[-(ptrdiff_t)back]) ? identifier_length(p - back)
                                                    : sum[at] - sum[at - back];
        else
            end = p + 1;
        while (p < end)
            sum[++p - m->text] = sum[at] + cost;
        if (sum[p - m->text] > PP_LONGEST_DEMANGLED)
            return false;
    }
    return true;
}

static bool demangle_d(const struct mangled *m, enum pp_demangle how, struct pp_out *out)
{
    bool is_d =
        pp_is(name_of(m), "_Dmain") || (pp_starts(name_of(m), "_D") && pp_is_digit(m->text[2]));
    char *text = is_d && is_short_in_d(m) ? dlang_demangle(m->text, DMGL_NO_OPTS) : NULL;
    out->len = 0;
    if (text && strlen(text) <= PP_LONGEST_DEMANGLED)
        pp_puts(out, text);
    free(text);
    if (how != PP_DEMANGLE_FULL)
        strip(out,
              how == PP_DEMANGLE_SIMPLE ? PP_STRIP_D | PP_STRIP_SIGNATURE : PP_STRIP_SIGNATURE);
    return out->len;
}

/* --- any of them ----------------------------------------------------------- */

bool pp_demangle(struct pp_span symbol, enum pp_demangle how, bool full_names, struct pp_out *out)
{
    struct mangled m;
    out->len = 0;
    if (how != PP_DEMANGLE_NONE && copy_mangled(symbol, &m) &&
        (demangle_rust(&m, how, full_names, out) || demangle_cxx(&m, how, full_names, out) ||
         demangle_d(&m, how, out)))
        return true;
    out->len = 0;
    return false;
}

/* pprof's guess; Java has "Foo.<init>", and Go "pkg.(*T[...]).method". */
static bool looks_like_cxx(struct pp_span name)
{
    return !pp_find_text(name, ".<") && !pp_find_text(name, "]).") &&
           (pp_find(name, '<') || pp_find(name, '>') || pp_find_text(name, "::"));
}

static bool looks_like_rust(struct pp_span name)
{
    return pp_starts(name, "<") || pp_find_text(name, "::<impl ") || pp_find_text(name, " as ") ||
           pp_find_text(name, "{closure") || pp_find_text(name, "{shim:");
}

bool pp_simplify(struct pp_span name, enum pp_demangle how, struct pp_out *out)
{
    out->len = 0;
    if (how == PP_DEMANGLE_FULL || how == PP_DEMANGLE_NONE || !looks_like_cxx(name) ||
        pp_len(name) > PP_LONGEST_DEMANGLED)
        return false;
    pp_put(out, name);
    if (!looks_like_rust(name))
        strip(out, PP_STRIP_ENCLOSING | PP_STRIP_SIGNATURE |
                       (how == PP_DEMANGLE_SIMPLE ? PP_STRIP_TEMPLATES : 0));
    else if (how == PP_DEMANGLE_SIMPLE)
        strip(out, PP_STRIP_RUST | PP_STRIP_TEMPLATES);
    if (out->len == pp_len(name))
        out->len = 0;
    return out->len;
}
