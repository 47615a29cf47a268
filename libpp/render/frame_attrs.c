#include "render/frame_attrs.h"

#include <stdlib.h>

#include "base/memory.h"

const char *const pp_attr_names[PP_ATTRS] = {"title", "href", "target", "id",
                                             "class", "rel",  "lang",   "download"};

void pp_frame_attrs_init(struct pp_frame_attrs *a)
{
    *a = (struct pp_frame_attrs){0};
    pp_strings_init(&a->names);
    pp_strings_init(&a->values);
}

void pp_frame_attrs_release(struct pp_frame_attrs *a)
{
    pp_strings_release(&a->names);
    pp_strings_release(&a->values);
    free(a->sets);
}

static struct pp_attr_set *set_of(struct pp_frame_attrs *a, struct pp_span name)
{
    pp_id id = pp_intern_string(&a->names, name);
    size_t had = a->cap;
    PP_GROW(a->sets, (size_t)id + 1, a->cap);
    if (a->cap > had)
        memset(a->sets + had, 0, (a->cap - had) * sizeof *a->sets);
    return &a->sets[id];
}

const struct pp_attr_set *pp_frame_attrs_find(struct pp_frame_attrs *a, struct pp_span name)
{
    const struct pp_attr_set *set = set_of(a, name);
    for (size_t i = 0; i < PP_ATTRS; i++)
        if (set->values[i])
            return set;
    return NULL;
}

/*
 * Whether a link only loads a page: http, https, or without a scheme. Browsers ignore control
 * characters, as in "java\tscript:", so a link with any is refused.
 */
static bool is_safe_link(struct pp_span link)
{
    for (const char *c = link.p; c < link.end; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f)
            return false;
    for (const char *c = link.p; c < link.end; c++) {
        if (*c == '/' || *c == '?' || *c == '#')
            return true;
        struct pp_span scheme = {link.p, c};
        if (*c == ':')
            return pp_same_any_case(scheme, pp_str("http")) ||
                   pp_same_any_case(scheme, pp_str("https"));
    }
    return true;
}

static int attr_named(struct pp_span name)
{
    for (int i = 0; i < PP_ATTRS; i++)
        if (pp_is(name, pp_attr_names[i]))
            return i;
    return -1;
}

/* Removes quotes around a value: flamegraph.pl uses none, and inferno removes them. */
static struct pp_span unquote(struct pp_span value)
{
    if (pp_len(value) >= 2 && *value.p == '"' && value.end[-1] == '"')
        return (struct pp_span){value.p + 1, value.end - 1};
    return value;
}

struct attrs_reader {
    struct pp_frame_attrs *a;
    struct pp_diag *diag;
    struct pp_place place;
};

static void read_attr(struct attrs_reader *r, struct pp_attr_set *set, struct pp_span text)
{
    const char *equals = pp_find(text, '=');
    struct pp_span name = pp_trim((struct pp_span){text.p, equals ? equals : text.end});
    int attr = attr_named(name);
    if (!equals || attr < 0) {
        pp_report(r->diag, PP_WARNING, r->place, "no attribute for frames: '%.*s'", PP_SHOW(name));
        return;
    }
    struct pp_span value = unquote(pp_trim((struct pp_span){equals + 1, text.end}));
    if (attr == PP_ATTR_HREF && !is_safe_link(value)) {
        pp_report(r->diag, PP_WARNING, r->place,
                  "a link must be relative, http or https, not '%.*s'", PP_SHOW(value));
        return;
    }
    set->values[attr] = pp_intern_string(&r->a->values, value);
}

void pp_frame_attrs_read(struct pp_frame_attrs *a, struct pp_span text, const char *file,
                         struct pp_diag *diag)
{
    struct attrs_reader r = {a, diag, {file, PP_AT_LINE, 0}};
    for (struct pp_span line, name, attr; pp_line(&text, &line);) {
        r.place.at++;
        if (!pp_cut(&line, '\t', &name) || pp_empty(pp_trim(name)))
            continue;
        struct pp_attr_set *set = set_of(a, pp_trim(name));
        while (pp_cut(&line, '\t', &attr))
            if (!pp_empty(pp_trim(attr)))
                read_attr(&r, set, attr);
    }
}
