#include "formats/printed/java_exceptions.h"

#include <stdlib.h>

#include "base/memory.h"
#include "formats/printed/java_names.h"

static const char caused[] = "Caused by: ", suppressed[] = "Suppressed: ";

/* --- heads --------------------------------------------------------------- */

static bool is_class_byte(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '.' ||
           c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/*
 * The name of a class in a package at the start of `s`, if ":" or nothing follows it; else empty.
 */
static struct pp_span class_at(struct pp_span s)
{
    const char *end = s.p;
    while (end < s.end && is_class_byte(*end))
        end++;
    struct pp_span name = {s.p, end};
    const char *point = pp_rfind(name, '.');
    bool ends = end == s.end || *end == ':' || pp_is_blank(*end);
    bool named =
        point && point > s.p && point + 1 < end && !pp_is_digit(point[1]) && !pp_is_digit(*s.p);
    return ends && named ? name : (struct pp_span){s.p, s.p};
}

static bool is_throwable(struct pp_span name)
{
    return pp_ends(name, "Exception") || pp_ends(name, "Error") || pp_ends(name, "Throwable");
}

/*
 * The class of the exception whose trace a line begins: at its start, or, after other text of a
 * log, the first word that looks like an exception's name. Empty if there is none.
 */
static struct pp_span exception_of(struct pp_span line)
{
    struct pp_span rest = pp_skip_blanks(line), word, name;
    if (pp_starts(rest, "Exception in thread \"") && pp_find_text(rest, "\" "))
        rest = pp_after(rest, "\" ");
    pp_take(&rest, "[CIRCULAR REFERENCE:");
    bool inner = pp_take(&rest, caused) || pp_take(&rest, suppressed);
    name = class_at(rest);
    if (!pp_empty(name) && (inner || name.end == rest.end || *name.end == ':'))
        return name;
    while (pp_word(&rest, &word)) {
        name = class_at(word);
        if (is_throwable(name))
            return name;
    }
    return (struct pp_span){line.p, line.p};
}

bool pp_is_java_exception(struct pp_span line)
{
    return !pp_is_java_frame(line) && !pp_empty(exception_of(line));
}

/* --- traces -------------------------------------------------------------- */

static unsigned indent_of(struct pp_span line)
{
    unsigned tabs = 0;
    while (line.p < line.end && *line.p++ == '\t')
        tabs++;
    return tabs < PP_JAVA_LEVELS ? tabs : PP_JAVA_LEVELS - 1;
}

bool pp_java_exceptions_end(struct pp_java_exceptions *e, struct pp_stack_lines *s)
{
    struct pp_java_trace *t = &e->traces[e->level];
    if (!s->open)
        return true;
    PP_GROW(t->frames, s->count, t->cap);
    if (s->count)
        memcpy(t->frames, s->frames, s->count * sizeof *t->frames);
    t->count = s->count;
    return pp_stack_end(s, 1);
}

static void begin(struct pp_java_exceptions *e, struct pp_stack_lines *s, struct pp_span exception)
{
    struct pp_span rest = pp_skip_blanks(s->line);
    e->suppressed = pp_starts(rest, suppressed);
    e->level = e->suppressed || pp_starts(rest, caused) ? indent_of(s->line) : 0;
    pp_stack_begin(s);
    pp_stack_label(s, "exception", exception);
}

/* Takes "... N more", or what other libraries write for it; false if `line` is something else. */
static bool put_back(struct pp_java_exceptions *e, struct pp_stack_lines *s, struct pp_span line)
{
    uint64_t n;
    unsigned from = e->suppressed && e->level ? e->level - 1 : e->level;
    const struct pp_java_trace *t = &e->traces[from];
    if (!pp_take(&line, "... ") || !pp_take_u64(&line, &n) ||
        (!pp_starts(line, " more") && !pp_starts(line, " common frames omitted")))
        return false;
    if (n > t->count)
        pp_warn(s->r, s->at, "there are no %llu frames of an enclosing trace",
                (unsigned long long)n);
    else if (n)
        pp_stack_repeat(s, t->frames + (t->count - n), n, 1);
    return true;
}

bool pp_java_exceptions_line(struct pp_java_exceptions *e, struct pp_stack_lines *s)
{
    struct pp_span line = pp_skip_blanks(s->line), exception;
    if (pp_is_java_frame(line)) {
        if (!s->open)
            begin(e, s, pp_str(""));
        pp_stack_frame(s, line);
        return true;
    }
    if (pp_empty(line))
        return pp_java_exceptions_end(e, s);
    if (s->open && put_back(e, s, line))
        return true;
    exception = exception_of(s->line);
    if (pp_empty(exception))
        return true;
    bool ok = pp_java_exceptions_end(e, s);
    begin(e, s, exception);
    return ok;
}

void pp_java_exceptions_release(struct pp_java_exceptions *e)
{
    for (size_t i = 0; i < PP_JAVA_LEVELS; i++)
        free(e->traces[i].frames);
}
