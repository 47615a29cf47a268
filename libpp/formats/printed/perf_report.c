/*
 * Output of perf report --stdio -g folded: entries, and below each its stacks with a percentage, a
 * count or a period.
 *
 *     # Overhead  Command  Shared Object  Symbol
 *     # ........  .......  .............  .......
 *          3.85%  gp2      libc.so.6      [k] f
 *     5 f;g;main
 *
 * One end of a stack is the symbol of its entry, which shows whether stacks are leaf first. Reports
 * in which callers have entries too (Children) are refused, as their entries overlap; so are
 * reports with a drawn graph. https://man7.org/linux/man-pages/man1/perf-report.1.html
 */
#include <stdlib.h>

#include "formats/printed/perf_report_event.h"

static const char advice[] = "call perf report --no-children --stdio -g folded,0,caller,count";

/* Searches the head of the input for the order, as the first stacks may not show it. */
static void search_order(struct pp_report *p)
{
    struct pp_span head = p->s.r->head, line, entry = {0};
    while (!p->ordered && pp_line(&head, &line)) {
        if (!pp_empty(line) && pp_is_blank(*line.p)) {
            entry = line;
        } else if (entry.p && !pp_empty(line) && pp_is_digit(*line.p)) {
            const char *bracket = pp_rfind_text(entry, "] ");
            struct pp_span symbol = {bracket ? bracket + 2 : entry.end, entry.end};
            pp_report_find_order(p, pp_after(line, " "), pp_trim(symbol));
        }
    }
}

static bool on_comment(struct pp_report *p, struct pp_span line)
{
    struct pp_span text = pp_trim((struct pp_span){line.p + 1, line.end});
    if (pp_starts(text, "Children ") && pp_find_text(text, " Self "))
        return pp_fail(p->s.r, p->s.at, "entries of callers hold those of what they call; %s",
                       advice);
    if (pp_starts(text, "Samples: ") && !pp_report_end_event(p))
        return false;
    if (pp_report_comment(&p->head, p->s.r, line))
        pp_report_begin_event(p);
    return true;
}

static bool at_end(struct pp_report *p)
{
    struct pp_reader *r = p->s.r;
    return pp_report_end_event(p) &&
           (r->out->ncolumns || pp_fail(r, p->s.at, "there is no '# Samples:'"));
}

static bool on_line(struct pp_stack_lines *s)
{
    struct pp_report *p = (struct pp_report *)s;
    struct pp_span line = s->line, text = pp_skip_blanks(line);
    if (s->ended)
        return at_end(p);
    if (pp_empty(text))
        return true;
    if (*line.p == '#')
        return on_comment(p, line);
    if (!p->event)
        return true; /* the command line of the recording may have several lines */
    if (*text.p == '|' || pp_starts(text, "--"))
        return pp_fail(s->r, s->at, "a drawn graph is not read; %s", advice);
    if (pp_is_blank(*line.p))
        return pp_report_entry(p, line);
    if (!pp_is_digit(*line.p))
        return true;
    return p->in_entry ? pp_report_stack(p, line) : pp_fail(s->r, s->at, "a stack before an entry");
}

static bool perf_report_read(struct pp_reader *r, struct pp_span in)
{
    struct pp_report *p = r->state;
    if (!p->s.begun) {
        p->s.r = r;
        search_order(p);
    }
    return pp_stack_read(r, in, NULL, on_line);
}

static void perf_report_end(struct pp_reader *r)
{
    free(((struct pp_report *)r->state)->stacks);
    pp_stack_release_state(r);
}

static unsigned perf_report_bid(struct pp_span head)
{
    return pp_stack_heads(head, pp_report_is_heading, NULL, 0) ? 80 : 0;
}

const struct pp_format pp_format_perf_report = {
    .name = "perf-report",
    .title = "what perf report -g folded prints",
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LABELS,
    .bid = perf_report_bid,
    .read = perf_report_read,
    PP_STACK_FORMAT_END(struct pp_report, perf_report_end),
};
