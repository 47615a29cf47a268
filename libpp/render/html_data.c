#include "render/html_data.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "render/describe.h"
#include "render/frame_color.h"
#include "render/xml_text.h"

/* Rows go to `rows` first: only when all are written are the texts known that stand before. */
struct writer {
    const struct pp_profile *p;
    struct pp_strings texts;
    struct pp_out rows;
};

/* --- numbers and texts --------------------------------------------------- */

static void put(struct pp_out *o, uint64_t v)
{
    char *to = pp_out_room(o, 10);
    size_t n = 0;
    for (; v > 127; v >>= 7)
        to[n++] = (char)(128 | (v & 127));
    to[n++] = (char)v;
    o->len += n;
}

static void put_signed(struct pp_out *o, int64_t v)
{
    put(o, v < 0 ? ~((uint64_t)v << 1) : (uint64_t)v << 1);
}

static void put_text(struct writer *w, struct pp_span text)
{
    put(&w->rows, pp_intern_string(&w->texts, text));
}

/* `text` as UTF-8 without control characters: each byte that is none of it is U+FFFD. */
static void put_clean(struct pp_out *o, struct pp_span text)
{
    while (!pp_empty(text)) {
        const char *start = text.p;
        uint32_t c;
        if (pp_next_char(&text, &c))
            pp_put(o, (struct pp_span){start, text.p});
        else
            pp_puts(o, PP_REPLACEMENT);
    }
}

static void put_texts(struct pp_out *o, const struct pp_strings *texts)
{
    struct pp_out bytes;
    pp_out_memory(&bytes, NULL);
    put(o, texts->count);
    for (size_t i = 0; i < texts->count; i++) {
        size_t before = bytes.len;
        put_clean(&bytes, pp_string_at(texts, (pp_id)i));
        put(o, bytes.len - before);
    }
    pp_put(o, pp_out_bytes(&bytes));
    pp_out_release(&bytes);
}

/* --- tables -------------------------------------------------------------- */

static void put_columns(struct writer *w)
{
    const struct pp_profile *p = w->p;
    put(&w->rows, p->ncolumns);
    for (unsigned c = 0; c < p->ncolumns; c++)
        put_text(w, pp_text(p, p->columns[c].type));
    for (unsigned c = 0; c < p->ncolumns; c++)
        put_text(w, pp_text(p, p->columns[c].unit));
    for (unsigned c = 0; c < p->ncolumns; c++)
        put(&w->rows, p->columns[c].side);
    for (unsigned c = 0; c < p->ncolumns; c++)
        put(&w->rows, p->columns[c].decimals);
}

static void put_frames(struct writer *w, const struct pp_svg_options *look)
{
    size_t n = w->p->frames.count;
    uint64_t seed = 0;
    put(&w->rows, n - 1);
    for (size_t f = 1; f < n; f++)
        put_text(w, pp_describe_frame(w->p, (pp_id)f).name);
    for (size_t f = 1; f < n; f++)
        put(&w->rows, (uint64_t)pp_describe_frame(w->p, (pp_id)f).mark);
    for (size_t f = 1; f < n; f++) {
        struct pp_named_frame frame = pp_describe_frame(w->p, (pp_id)f);
        struct pp_rgb color = pp_lasting_color(look, (pp_id)f, &frame, &seed);
        put(&w->rows, (uint64_t)color.r << 16 | (uint64_t)color.g << 8 | color.b);
    }
}

static void put_nodes(struct writer *w)
{
    size_t n = w->p->nodes.count;
    put(&w->rows, n - 1);
    for (size_t i = 1; i < n; i++)
        put(&w->rows, i - pp_node(w->p, (pp_id)i)->parent);
    for (size_t i = 1; i < n; i++)
        put(&w->rows, pp_node(w->p, (pp_id)i)->frame);
}

static void put_labels(struct writer *w)
{
    const struct pp_profile *p = w->p;
    size_t n = p->labels.count;
    put(&w->rows, n - 1);
    for (size_t i = 1; i < n; i++)
        put(&w->rows, pp_label(p, (pp_id)i)->next);
    for (size_t i = 1; i < n; i++)
        put_text(w, pp_text(p, pp_label(p, (pp_id)i)->key));
    for (size_t i = 1; i < n; i++)
        put_text(w, pp_text(p, pp_label(p, (pp_id)i)->text));
    for (size_t i = 1; i < n; i++)
        put_text(w, pp_text(p, pp_label(p, (pp_id)i)->unit));
    for (size_t i = 1; i < n; i++)
        put_signed(&w->rows, pp_label(p, (pp_id)i)->number);
}

/* --- samples ------------------------------------------------------------- */

struct moment {
    int64_t time;
    pp_id sample;
};

static int compare_moments(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->sample > y->sample) - (x->sample < y->sample);
}

static bool counts(const struct pp_profile *p, pp_id sample)
{
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (p->columns[c].values[sample])
            return true;
    return false;
}

/* The samples that count anything, sorted if they have times; the caller frees them. */
static struct moment *sample_order(const struct pp_profile *p, size_t *n, bool *timed)
{
    struct moment *moments = pp_calloc(p->samples.count, sizeof *moments);
    *n = 0;
    *timed = false;
    for (size_t s = 0; s < p->samples.count; s++) {
        if (!counts(p, (pp_id)s))
            continue;
        int64_t time = pp_sample(p, (pp_id)s)->time_ns;
        moments[(*n)++] = (struct moment){time, (pp_id)s};
        *timed |= time != 0;
    }
    if (*timed)
        qsort(moments, *n, sizeof *moments, compare_moments);
    return moments;
}

static void put_samples(struct writer *w)
{
    const struct pp_profile *p = w->p;
    size_t n;
    bool timed;
    int64_t before = 0;
    struct moment *moments = sample_order(p, &n, &timed);
    put(&w->rows, n);
    put(&w->rows, timed);
    for (size_t i = 0; i < n; i++) {
        int64_t node = pp_sample(p, moments[i].sample)->node;
        put_signed(&w->rows, node - before);
        before = node;
    }
    for (size_t i = 0; i < n; i++)
        put(&w->rows, pp_sample(p, moments[i].sample)->labels);
    for (unsigned c = 0; c < p->ncolumns; c++)
        for (size_t i = 0; i < n; i++)
            put_signed(&w->rows, p->columns[c].values[moments[i].sample]);
    free(moments);
}

void pp_put_html_data(struct pp_out *o, const struct pp_profile *p,
                      const struct pp_svg_options *look)
{
    struct writer w = {.p = p};
    pp_strings_init(&w.texts);
    pp_out_memory(&w.rows, NULL);
    put_columns(&w);
    put_frames(&w, look);
    put_nodes(&w);
    put_labels(&w);
    put_samples(&w);
    put(o, PP_HTML_DATA_VERSION);
    put_texts(o, &w.texts);
    pp_put(o, pp_out_bytes(&w.rows));
    pp_out_release(&w.rows);
    pp_strings_release(&w.texts);
}
