#include "work/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/out.h"
#include "transform/spelling.h"
#include "work/options.h"

/* The event of a column of perf: "cycles" for "cycles" and "cycles.samples". */
static struct pp_span event_of(const struct pp_profile *p, unsigned column)
{
    struct pp_span type = pp_text(p, p->columns[column].type);
    if (pp_is(type, "samples"))
        return pp_text(p, p->about.period_type);
    if (pp_ends(type, ".samples"))
        type.end -= strlen(".samples");
    return type;
}

/*
 * The column with an event's periods, else that with its samples; "cycles" also finds "cycles:u".
 * -1: none.
 */
static int column_of_event(const struct pp_profile *p, const char *event)
{
    int found = -1;
    for (unsigned c = p->ncolumns; c-- > 0;) {
        struct pp_span name = event_of(p, c);
        bool matches =
            pp_is(name, event) || pp_same(pp_event_base(name), pp_event_usual(pp_str(event)));
        bool periods = pp_same(name, pp_text(p, p->columns[c].type));
        if (matches && (periods || found < 0))
            found = (int)c;
    }
    return found;
}

/* The selected column; an event also matches by its name without modifiers. -1: there is none. */
static int shown_column(const struct pp_profile *p)
{
    if (pp_shown.event && !pp_common.sample_type)
        return column_of_event(p, pp_shown.event);
    int column = pp_column_select(p, pp_common.sample_type);
    return column < 0 && pp_common.sample_type ? column_of_event(p, pp_common.sample_type) : column;
}

static void list_columns(const struct pp_profile *p, const char *what, const char *name)
{
    struct pp_out names;
    pp_out_memory(&names, &pp_messages);
    for (unsigned c = 0; c < p->ncolumns; c++) {
        pp_puts(&names, c ? ", " : "");
        pp_put(&names, pp_text(p, p->columns[c].type));
    }
    pp_putc(&names, '\0');
    pp_error(&pp_messages, NULL, "there is no %s '%s'; the columns are %s", what, name, names.buf);
    pp_out_release(&names);
}

int pp_chosen_column(const struct pp_profile *p)
{
    bool by_event = pp_shown.event && !pp_common.sample_type;
    int column = shown_column(p);
    if (column < 0 && by_event)
        list_columns(p, "event", pp_shown.event);
    else if (column < 0 && pp_common.sample_type)
        list_columns(p, "column", pp_common.sample_type);
    return column;
}

/*
 * Warns about samples of other events than the one shown, unless that one was selected explicitly.
 */
static void warn_of_other_events(const struct pp_profile *p, unsigned shown)
{
    if (pp_common.sample_type || pp_shown.event)
        return;
    for (unsigned c = 0; c < p->ncolumns; c++) {
        const struct pp_column *other = &p->columns[c];
        struct pp_span event = event_of(p, c);
        if (!pp_ends(pp_text(p, other->type), ".samples") || !other->weight ||
            pp_same(event, event_of(p, shown)))
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
    warn_of_other_events(p, (unsigned)column);
    pp_keep_column(p, (unsigned)column);
    return true;
}

void pp_show_column_first(struct pp_profile *p)
{
    int column = pp_common.sample_type || pp_shown.event ? pp_chosen_column(p) : -1;
    if (column >= 0)
        p->about.default_type = p->columns[column].type;
}

/* --- columns of several files -------------------------------------------- */

struct pp_had {
    const char *file;
    struct pp_strings types; /* in its columns */
    size_t samples;
};

static size_t count_samples(const struct pp_profile *p)
{
    return p->samples.count - 1 + pp_sample_exists(p, 0);
}

void pp_had_note(struct pp_had_list *l, const char *file, const struct pp_profile *p)
{
    PP_GROW(l->items, l->count + 1, l->cap);
    struct pp_had *had = &l->items[l->count++];
    *had = (struct pp_had){.file = file, .samples = count_samples(p)};
    pp_strings_init(&had->types);
    for (unsigned c = 0; c < p->ncolumns; c++)
        pp_intern_string(&had->types, pp_text(p, p->columns[c].type));
}

static bool has_alike(const struct pp_had *had, struct pp_span type)
{
    for (size_t id = 1; id < had->types.count; id++)
        if (pp_types_alike(pp_string_at(&had->types, (pp_id)id), type))
            return true;
    return false;
}

/* The samples of an event are called just that in a file with one event. */
static bool has_type(const struct pp_had *had, struct pp_span type)
{
    static const char suffix[] = ".samples";
    struct pp_span event = {type.p, type.end - (pp_ends(type, suffix) ? strlen(suffix) : 0)};
    return has_alike(had, type) ||
           (event.end < type.end && has_alike(had, event) && has_alike(had, pp_str("samples")));
}

void pp_had_warn(const struct pp_had_list *l, const struct pp_profile *all)
{
    int column = shown_column(all);
    size_t samples = 0;
    for (size_t i = 0; i < l->count; i++)
        samples += l->items[i].samples;
    if (column < 0)
        return;
    struct pp_span type = pp_text(all, all->columns[column].type);
    for (size_t i = 0; i < l->count; i++) {
        const struct pp_had *had = &l->items[i];
        if (had->samples && !has_type(had, type))
            pp_warning(&pp_messages, had->file,
                       "has no column '%.*s': its %zu samples, %.3g%% of all, count as 0",
                       PP_SHOW(type), had->samples, 100 * (double)had->samples / (double)samples);
    }
}

void pp_had_release(struct pp_had_list *l)
{
    for (size_t i = 0; i < l->count; i++)
        pp_strings_release(&l->items[i].types);
    free(l->items);
}
