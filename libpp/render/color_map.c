#include "render/color_map.h"

#include <stdlib.h>

#include "base/memory.h"

void pp_color_map_init(struct pp_color_map *m)
{
    *m = (struct pp_color_map){0};
    pp_strings_init(&m->names);
}

void pp_color_map_release(struct pp_color_map *m)
{
    pp_strings_release(&m->names);
    free(m->colors);
}

/* --- names --------------------------------------------------------------- */

/* The slot of a name; slot 0, that of the empty name, never has a colour. */
static struct pp_color *place_of(struct pp_color_map *m, struct pp_span name)
{
    pp_id id = pp_intern_string(&m->names, name);
    size_t had = m->cap;
    PP_GROW(m->colors, (size_t)id + 1, m->cap);
    if (m->cap > had)
        memset(m->colors + had, 0, (m->cap - had) * sizeof *m->colors);
    return &m->colors[id];
}

/* With its mark, as other tools write it; and on one line, as they read it. */
static struct pp_color *place_of_frame(struct pp_color_map *m, const struct pp_named_frame *frame)
{
    struct pp_out text;
    pp_out_memory(&text, NULL);
    pp_put(&text, frame->name);
    for (size_t i = 0; i < text.len; i++)
        if (text.buf[i] == '\n' || text.buf[i] == '\r')
            text.buf[i] = ' ';
    if (frame->mark)
        pp_putf(&text, "_[%c]", frame->mark);
    struct pp_color *place = place_of(m, pp_out_bytes(&text));
    pp_out_release(&text);
    return place;
}

const struct pp_rgb *pp_color_map_find(struct pp_color_map *m, const struct pp_named_frame *name)
{
    const struct pp_color *color = place_of_frame(m, name);
    return color->given ? &color->rgb : NULL;
}

void pp_color_map_set(struct pp_color_map *m, const struct pp_named_frame *name,
                      struct pp_rgb color)
{
    *place_of_frame(m, name) = (struct pp_color){color, true};
}

/* --- reading ------------------------------------------------------------- */

/* Splits at the last "->" of the line, as colours contain none. */
static bool read_line(struct pp_color_map *m, struct pp_span line)
{
    char color[32];
    const char *arrow = pp_rfind(line, '>');
    if (!arrow || arrow == line.p || arrow[-1] != '-')
        return false;
    struct pp_span text = pp_trim((struct pp_span){arrow + 1, line.end});
    struct pp_rgb rgb;
    if (pp_len(text) >= sizeof color)
        return false;
    memcpy(color, text.p, pp_len(text));
    color[pp_len(text)] = '\0';
    if (!pp_parse_color(color, &rgb))
        return false;
    if (arrow - 1 == line.p)
        return true; /* the root of flamegraph.pl, which has no name there */
    *place_of(m, (struct pp_span){line.p, arrow - 1}) = (struct pp_color){rgb, true};
    return true;
}

void pp_color_map_read(struct pp_color_map *m, struct pp_span text, const char *file,
                       struct pp_diag *diag)
{
    struct pp_place place = {file, PP_AT_LINE, 0};
    for (struct pp_span line; pp_line(&text, &line);) {
        place.at++;
        if (!pp_empty(line) && !read_line(m, line))
            pp_report(diag, PP_WARNING, place, "expected 'NAME->rgb(R,G,B)', not '%.*s'",
                      PP_SHOW(line));
    }
}

/* --- writing ------------------------------------------------------------- */

struct entry {
    struct pp_span name;
    struct pp_rgb rgb;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return pp_compare_spans(x->name, y->name);
}

void pp_color_map_write(const struct pp_color_map *m, struct pp_out *out)
{
    size_t n = 0, count = m->names.count < m->cap ? m->names.count : m->cap;
    struct entry *entries = pp_calloc(count + 1, sizeof *entries);
    for (size_t id = 0; id < count; id++)
        if (m->colors[id].given)
            entries[n++] = (struct entry){pp_string_at(&m->names, (pp_id)id), m->colors[id].rgb};
    qsort(entries, n, sizeof *entries, compare_entries);
    for (size_t i = 0; i < n; i++) {
        pp_put(out, entries[i].name);
        pp_putf(out, "->rgb(%d,%d,%d)\n", entries[i].rgb.r, entries[i].rgb.g, entries[i].rgb.b);
    }
    free(entries);
}
