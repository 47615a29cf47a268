#include "work/columns.h"

#include "base/out.h"
#include "work/options.h"

/* The event that a column of perf is of: "cycles" for "cycles" and "cycles.samples". */
static struct pp_span event_of(const struct pp_profile *p, unsigned column)
{
    struct pp_span type = pp_text(p, p->columns[column].type);
    if (pp_is(type, "samples"))
        return pp_text(p, p->about.period_type);
    if (pp_ends(type, ".samples"))
        type.end -= strlen(".samples");
    return type;
}

/* The column of an event's periods, or of its samples; "cycles" also finds "cycles:u". -1: none. */
static int column_of_event(const struct pp_profile *p, const char *event)
{
    int found = -1;
    for (unsigned c = p->ncolumns; c-- > 0;) {
        struct pp_span name = event_of(p, c);
        size_t len = strlen(event);
        bool matches = pp_starts(name, event) && (pp_len(name) == len || name.p[len] == ':');
        bool periods = pp_same(name, pp_text(p, p->columns[c].type));
        if (matches && (periods || found < 0))
            found = (int)c;
    }
    return found;
}

static void tell_columns(const struct pp_profile *p, const char *what, const char *name)
{
    struct pp_out names;
    pp_out_memory(&names, &pp_messages);
    for (unsigned c = 0; c < p->ncolumns; c++) {
        pp_puts(&names, c ? ", " : "");
        pp_put(&names, pp_text(p, p->columns[c].type));
    }
    pp_putc(&names, '\0');
    pp_error(&pp_messages, NULL, "there is no %s '%s'; there are the columns %s", what, name,
             names.buf);
    pp_out_release(&names);
}

int pp_chosen_column(const struct pp_profile *p)
{
    bool by_event = pp_shown.event && !pp_common.sample_type;
    int column =
        by_event ? column_of_event(p, pp_shown.event) : pp_column_select(p, pp_common.sample_type);
    if (column < 0 && by_event)
        tell_columns(p, "event", pp_shown.event);
    else if (column < 0 && pp_common.sample_type)
        tell_columns(p, "column", pp_common.sample_type);
    return column;
}

/* Tells of samples of other events than the one that is shown, unless that one was asked for. */
static void tell_other_events(const struct pp_profile *p, unsigned shown)
{
    if (pp_common.sample_type || pp_shown.event)
        return;
    for (unsigned c = 0; c < p->ncolumns; c++) {
        const struct pp_column *other = &p->columns[c];
        struct pp_span event = event_of(p, c);
        if (!pp_ends(pp_text(p, other->type), ".samples") || pp_same(event, event_of(p, shown)))
            continue;
        pp_warning(&pp_messages, NULL,
                   "%lld samples of event '%.*s' are left out; see "
                   "--event-filter",
                   (long long)other->weight, PP_SHOW(event));
    }
}

bool pp_use_column(struct pp_profile *p)
{
    int column = pp_chosen_column(p);
    if (column < 0)
        return p->ncolumns == 0 && !pp_common.sample_type && !pp_shown.event;
    tell_other_events(p, (unsigned)column);
    pp_keep_column(p, (unsigned)column);
    return true;
}
