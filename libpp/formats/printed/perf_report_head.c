#include "formats/printed/perf_report_head.h"

#include "formats/printed/rows.h"

static struct pp_span keep_text(struct pp_reader *r, struct pp_span text)
{
    const char *copy = pp_copy(&r->arena, text);
    return (struct pp_span){copy, copy + pp_len(text)};
}

/* "Samples: 8K of event 'cycles'"; the number may be rounded to thousands. */
static void take_samples(struct pp_report_head *h, struct pp_reader *r, struct pp_span line)
{
    struct pp_span rest = pp_after(line, "Samples: "), event = pp_after(line, " of event '");
    pp_take_scaled(&rest, pp_find_text(line, "K") ? 1000 : 1, &h->samples);
    h->event = keep_text(r, pp_before(event, "'"));
    if (pp_empty(h->event))
        h->event = pp_str("event");
    h->events = 0;
}

/* The column between the offsets `from` and `to`, by its name in the heading. */
static void take_place(struct pp_report_head *h, size_t from, size_t to, bool last)
{
    static const char *const names[] = {"Command", "Shared Object", "Symbol"};
    struct pp_span name = {h->heading.p + from, h->heading.p + to};
    if (to > pp_len(h->heading))
        name.end = h->heading.end;
    for (int i = 0; i < PP_REPORT_COLUMNS; i++)
        if (pp_is(pp_trim(name), names[i])) {
            h->places[i].from = from;
            h->places[i].to = last ? 0 : to;
        }
}

static void take_dots(struct pp_report_head *h, struct pp_span line)
{
    struct pp_span rest = {line.p + 1, line.end}, dots;
    while (pp_word(&rest, &dots)) {
        size_t from = (size_t)(dots.p - line.p), to = (size_t)(dots.end - line.p);
        if (from >= pp_len(h->heading))
            break;
        take_place(h, from, to, pp_empty(pp_trim(rest)));
    }
}

bool pp_report_comment(struct pp_report_head *h, struct pp_reader *r, struct pp_span line)
{
    struct pp_span text = pp_trim((struct pp_span){line.p + 1, line.end}), number;
    bool begins = pp_starts(text, "Samples: ");
    if (begins) {
        take_samples(h, r, line);
    } else if (pp_starts(text, "Event count (approx.): ")) {
        number = pp_after(text, ": ");
        pp_take_scaled(&number, 1, &h->events);
    } else if (pp_starts(text, "Overhead")) {
        h->heading = keep_text(r, line);
    } else if (pp_starts(text, "...")) {
        take_dots(h, line);
    }
    return begins;
}

bool pp_report_is_heading(struct pp_span line)
{
    return (pp_starts(line, "# Overhead") || pp_starts(line, "# Children")) &&
           pp_find_text(line, " Symbol");
}

struct pp_span pp_report_field(const struct pp_report_head *h, struct pp_span line,
                               enum pp_report_column column)
{
    size_t len = pp_len(line), from = h->places[column].from, to = h->places[column].to;
    if (!from || from >= len)
        return (struct pp_span){line.end, line.end};
    return pp_trim((struct pp_span){line.p + from, to && to < len ? line.p + to : line.end});
}
