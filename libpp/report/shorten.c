#include "report/shorten.h"

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_word(char c)
{
    return is_lower(c) || is_upper(c) || pp_is_digit(c) || c == '_';
}

/* The end of the word that begins at `p`. */
static const char *word_end(const char *p, const char *end)
{
    while (p < end && is_word(*p))
        p++;
    return p;
}

/* --- Go ------------------------------------------------------------------ */

/* "/v2" to "/v99...", as in paths of modules: the text after it, or NULL. */
static const char *after_version(const char *p, const char *end)
{
    if (end - p < 4 || p[0] != '/' || p[1] != 'v' || p[2] < '1' || p[2] > '9')
        return NULL;
    const char *digits = p + 2;
    for (p = digits; p < end && pp_is_digit(*p);)
        p++;
    if (p == digits + 1 && *digits == '1')
        return NULL;
    return p < end && (*p == '.' || *p == '/') ? p : NULL;
}

/*
 * The text after the last slash before which there are only characters of paths; NULL if there is
 * none.
 */
static const char *after_path(struct pp_span s)
{
    const char *found = NULL, *start = s.p;
    for (const char *p = s.p; p < s.end; p++) {
        if (*p == '/' && p > start && p + 1 < s.end) {
            found = p + 1;
            start = p + 1;
        } else if (!is_word(*p) && *p != '-' && *p != '.') {
            break;
        }
    }
    return found;
}

/* --- Java ---------------------------------------------------------------- */

/* The end of "<init>", or of a method with Kotlin's suffix, or NULL. */
static const char *method_end(const char *p, const char *end)
{
    static const char init[] = "<init>";
    if ((size_t)(end - p) >= sizeof init - 1 && memcmp(p, init, sizeof init - 1) == 0)
        return p + sizeof init - 1;
    if (p == end || !is_lower(*p))
        return NULL;
    while (p < end && (is_word(*p) || *p == '$'))
        p++;
    return p;
}

/* "Class.method" of "org.example.Class.method(int)"; false if the name is not of this form. */
static bool java_name(struct pp_span s, struct pp_span *name)
{
    const char *p = s.p;
    while (p < s.end && is_lower(*p)) {
        const char *word = word_end(p, s.end);
        if (word == s.end || *word != '.')
            return false;
        p = word + 1;
    }
    if (p == s.end || !is_upper(*p))
        return false;
    const char *class = p;
    while (p < s.end && (is_word(*p) || *p == '$'))
        p++;
    if (p == s.end || *p != '.')
        return false;
    p = method_end(p + 1, s.end);
    if (!p || (p < s.end && *p != '('))
        return false;
    *name = (struct pp_span){class, p};
    return true;
}

/* --- C++ ----------------------------------------------------------------- */

/* The end of "Class::method" at `p`, with template arguments if they are at its end. */
static const char *class_end(const char *p, const char *end)
{
    while (p < end && *p == '_')
        p++;
    if (p == end || !is_upper(*p))
        return NULL;
    p = word_end(p, end);
    if (end - p < 3 || p[0] != ':' || p[1] != ':')
        return NULL;
    p += 2;
    if (*p == '~')
        p++;
    if (p == end || (!is_word(*p) || pp_is_digit(*p)))
        return NULL;
    p = word_end(p, end);
    if (p < end && *p == '<') {
        const char *close = memrchr(p, '>', (size_t)(end - p));
        p = close ? close + 1 : p;
    }
    return p;
}

/* "Class::method" of "space::Class::method(int)"; false if the name is not of this form. */
static bool cpp_name(struct pp_span s, struct pp_span *name)
{
    const char *p = s.p, *found = NULL, *found_end = NULL;
    for (;;) {
        if (p == s.end || !is_word(*p) || pp_is_digit(*p))
            break;
        const char *word = word_end(p, s.end);
        if (s.end - word < 3 || word[0] != ':' || word[1] != ':')
            break;
        p = word + 2;
        const char *end = class_end(p, s.end);
        if (end) {
            found = p;
            found_end = end;
        }
    }
    *name = (struct pp_span){found, found_end};
    return found != NULL;
}

/* ------------------------------------------------------------------------- */

static struct pp_span shortened(struct pp_span s)
{
    struct pp_span name;
    const char *go = after_path(s);
    if (go)
        return (struct pp_span){go, s.end};
    return java_name(s, &name) || cpp_name(s, &name) ? name : s;
}

void pp_put_short_name(struct pp_out *out, struct pp_span name)
{
    static const char anonymous[] = "(anonymous namespace)::";
    struct pp_out without;
    if (pp_starts(name, anonymous))
        name.p += sizeof anonymous - 1;
    for (const char *p = name.p; p < name.end; p++) {
        const char *rest = after_version(p, name.end);
        if (!rest)
            continue;
        pp_out_memory(&without, NULL);
        pp_put(&without, (struct pp_span){name.p, p});
        pp_put(&without, (struct pp_span){rest, name.end});
        pp_put(out, shortened(pp_out_bytes(&without)));
        pp_out_release(&without);
        return;
    }
    pp_put(out, shortened(name));
}
