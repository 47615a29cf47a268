#include "render/html_data.h"

#include <stdlib.h>

#include "render/html_data_private.h"

/* Texts are known only when everything else is written. */
static void put_texts(struct pp_html_writer *w)
{
    struct pp_out bytes;
    pp_out_memory(&bytes, NULL);
    pp_html_put(&w->rows, w->texts.count);
    for (size_t i = 0; i < w->texts.count; i++) {
        size_t before = bytes.len;
        pp_html_put_clean(&bytes, pp_string_at(&w->texts, (pp_id)i));
        pp_html_put(&w->rows, bytes.len - before);
    }
    pp_put(&w->rows, pp_out_bytes(&bytes));
    pp_out_release(&bytes);
    pp_html_end_section(w, PP_HTML_TEXTS);
}

/* The only control characters are the ends of lines. */
static void put_meta(struct pp_html_writer *w)
{
    struct pp_span text = pp_str(w->options->about ? w->options->about : ""), line;
    while (pp_line(&text, &line)) {
        pp_html_put_clean(&w->rows, line);
        pp_putc(&w->rows, '\n');
    }
    pp_html_end_section(w, PP_HTML_META);
}

static bool has_times(const struct pp_profile *p)
{
    for (size_t s = 0; s < p->samples.count; s++)
        if (pp_sample(p, (pp_id)s)->time_ns)
            return true;
    return false;
}

/* What remains of the budget for times, in bytes before base64. */
static size_t room_for_times(const struct pp_html_writer *w)
{
    size_t budget = (size_t)PP_HTML_BUDGET / 4 * 3, least = (size_t)PP_HTML_TIMES_BUDGET / 4 * 3;
    return w->out->len + least < budget ? budget - w->out->len : least;
}

void pp_put_html_data(struct pp_out *o, const struct pp_profile *p,
                      const struct pp_html_options *options)
{
    struct pp_html_writer w = {.p = p, .options = options, .out = o, .jobs = o->jobs};
    w.timed = !options->no_times && has_times(p);
    pp_strings_init(&w.texts);
    pp_out_memory(&w.rows, NULL);
    pp_putc(o, PP_HTML_DATA_VERSION);
    put_meta(&w);
    pp_html_put_columns(&w);
    pp_html_put_frames(&w);
    pp_html_put_nodes(&w);
    pp_html_put_labels(&w);
    if (options->places)
        pp_html_number_places(&w);
    pp_html_put_stacks(&w);
    pp_html_put_samples(&w);
    if (options->places)
        pp_html_put_places(&w);
    pp_html_put_code(&w);
    pp_html_put_changes(&w);
    pp_html_put_series(&w);
    put_texts(&w);
    if (w.timed)
        pp_html_put_times(&w, room_for_times(&w));
    free(w.node_numbers);
    free(w.place_numbers);
    free(w.stack_of);
    pp_out_release(&w.rows);
    pp_strings_release(&w.texts);
}
