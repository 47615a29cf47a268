/* Leaks of many processes: what grows in most of them, and what each loses. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/grid.h"
#include "report/leaks_per.h"
#include "report/leaks_private.h"
#include "syntax/json_write.h"

enum { SHOWN = 10 }; /* rows by default */

/* What pp_leak_frames() and so on need to know. */
static struct pp_leaks view_of(const struct pp_leaks_per *l)
{
    return (struct pp_leaks){.p = l->p, .by = l->by, .known = l->known};
}

static void put_amount(struct pp_out *out, const struct pp_leaks_per *l, double v, bool sign)
{
    struct pp_quantity q =
        pp_quantity(v, pp_text(l->p, l->p->columns[0].unit), pp_str(PP_UNIT_AUTO));
    pp_puts(out, sign && v > 0 ? "+" : "");
    pp_put_quantity(out, &q, 0);
}

static void amount_cell(struct pp_grid *g, const struct pp_leaks_per *l, double v, bool sign)
{
    put_amount(&g->text, l, v, sign);
    pp_grid_end_cell(g);
}

/* The function at the leaf of a row. */
static struct pp_span leaf_of(const struct pp_leaks_per *l, const struct pp_leak *leak)
{
    struct pp_leaks view = view_of(l);
    pp_id *functions = NULL;
    size_t cap = 0, n = pp_leak_frames(&view, leak, &functions, &cap);
    struct pp_span name = pp_leak_name(&view, n ? functions[n - 1] : 0);
    free(functions);
    return name;
}

/* --- text ---------------------------------------------------------------- */

static void put_shared(struct pp_out *out, const struct pp_leaks_per *l, size_t shown)
{
    struct pp_grid g;
    pp_puts(out, "\nWhat grows, and in how many of those that have it; the loss is the sum of "
                 "theirs, each for as many dumps again unless --horizon says otherwise.\n\n");
    pp_grid_init(&g, 6u + l->known);
    pp_grid_cell(&g, "");
    pp_grid_cell(&g, "grows in");
    pp_grid_cell(&g, "loss");
    if (l->known)
        pp_grid_cell(&g, "+/-");
    pp_grid_cell(&g, "first");
    pp_grid_cell(&g, "last");
    pp_grid_cell(&g, "function");
    for (size_t r = 0; r < shown; r++) {
        const struct pp_shared_leak *row = &l->rows[r];
        pp_putf(&g.text, "%zu.", r + 1);
        pp_grid_end_cell(&g);
        pp_putf(&g.text, "%zu/%zu", row->grows, row->processes);
        pp_grid_end_cell(&g);
        amount_cell(&g, l, row->loss, true);
        if (l->known)
            amount_cell(&g, l, row->loss_error, false);
        amount_cell(&g, l, row->first, false);
        amount_cell(&g, l, row->last, false);
        pp_put_name(&g.text, leaf_of(l, &(struct pp_leak){.id = row->id}));
        pp_grid_end_cell(&g);
    }
    pp_grid_write(&g, out);
    pp_grid_release(&g);
    if (shown < l->growing)
        pp_putf(out, "... and %zu more; see --rows\n", l->growing - shown);
}

static void put_process(struct pp_grid *g, const struct pp_leaks_per *l, const struct pp_process *q)
{
    struct pp_out *out = &g->text;
    const struct pp_leaks *own = &q->leaks;
    pp_putf(out, "%zu", q->series.count);
    pp_grid_end_cell(g);
    pp_putf(out, "%zu", own->trends[PP_GROWS]);
    pp_grid_end_cell(g);
    amount_cell(g, l, own->all.first, false);
    amount_cell(g, l, own->all.last, false);
    pp_put_name(out, pp_process_name(q));
    pp_puts(out, ": ");
    if (!q->judged)
        pp_puts(out, "a single dump, of which nothing can be said");
    else if (own->trends[PP_GROWS]) {
        put_amount(out, l, own->rows[0].loss, true);
        pp_puts(out, " in ");
        pp_put_name(out, leaf_of(l, &own->rows[0]));
    } else {
        pp_puts(out, "nothing grows");
    }
    pp_grid_end_cell(g);
}

static int by_loss(const void *a, const void *b)
{
    const struct pp_process *const *x = a, *const *y = b;
    double p = (*x)->leaks.trends[PP_GROWS] ? (*x)->leaks.rows[0].loss : 0;
    double q = (*y)->leaks.trends[PP_GROWS] ? (*y)->leaks.rows[0].loss : 0;
    return p < q ? 1 : p > q ? -1 : (*x > *y) - (*x < *y);
}

static void put_processes(struct pp_out *out, const struct pp_leaks_per *l, size_t limit)
{
    struct pp_grid g;
    const struct pp_process **order = pp_calloc(l->count, sizeof *order);
    for (size_t i = 0; i < l->count; i++)
        order[i] = &l->processes[i];
    qsort(order, l->count, sizeof *order, by_loss);
    pp_puts(out, "\nEach of them: its dumps, how many of its ");
    pp_puts(out, l->by == PP_LEAKS_BY_STACK ? "stacks" : "functions");
    pp_puts(out, " grow, what it has, and what grows most.\n\n");
    pp_grid_init(&g, 5);
    static const char *const heads[] = {"dumps", "grow", "first", "last", ""};
    for (int i = 0; i < 5; i++)
        pp_grid_cell(&g, heads[i]);
    for (size_t i = 0; i < limit; i++)
        put_process(&g, l, order[i]);
    pp_grid_write(&g, out);
    pp_grid_release(&g);
    free(order);
    if (limit < l->count)
        pp_putf(out, "... and %zu more; see --rows\n", l->count - limit);
}

static void put_text(struct pp_out *out, const struct pp_leaks_per *l, size_t limit)
{
    struct pp_leaks view = view_of(l);
    size_t most = limit ? limit : SHOWN, shown = most < l->growing ? most : l->growing;
    pp_put_name(out, pp_text(l->p, l->p->columns[0].type));
    pp_putf(out, " of %zu processes, told apart by the label ", l->count);
    pp_put_name(out, l->key);
    pp_putf(out, "; %zu of them have two dumps or more\n", l->judged);
    if (shown)
        put_shared(out, l, shown);
    else
        pp_puts(out, "\nNothing grows from dump to dump in any of them.\n");
    struct pp_leak *rows = pp_calloc(shown, sizeof *rows);
    for (size_t r = 0; r < shown; r++)
        rows[r].id = l->rows[r].id;
    view.rows = rows;
    if (shown && l->by == PP_LEAKS_BY_STACK)
        pp_put_leak_stacks(out, &view, shown);
    free(rows);
    put_processes(out, l, most < l->count ? most : l->count);
}

/* --- for scripts --------------------------------------------------------- */

/* Rows over all processes, which have no name there, and then those of each. */
static void put_csv(struct pp_out *out, const struct pp_leaks_per *l, size_t limit)
{
    struct pp_leaks view = view_of(l);
    pp_putf(out, "process,dumps,trend,%s,processes,grows_in,loss,loss_error,first,last,growth\n",
            l->by == PP_LEAKS_BY_STACK ? "stack" : "function");
    for (size_t r = 0; r < l->nrows && r < limit; r++) {
        const struct pp_shared_leak *row = &l->rows[r];
        pp_puts(out, ",,,");
        pp_put_leak_csv(out, &view, &(struct pp_leak){.id = row->id});
        pp_putf(out, ",%zu,%zu,%.12g,", row->processes, row->grows, row->loss);
        pp_put_leak_number(out, l->known ? row->loss_error : NAN, "");
        pp_putf(out, ",%.12g,%.12g,\n", row->first, row->last);
    }
    for (size_t i = 0; i < l->count; i++) {
        const struct pp_process *q = &l->processes[i];
        for (size_t r = 0; r < q->leaks.count && r < limit; r++) {
            const struct pp_leak *leak = &q->leaks.rows[r];
            pp_put_csv(out, pp_process_name(q));
            pp_putf(out, ",%zu,%s,", q->series.count, pp_trend_name(leak->trend));
            pp_put_leak_csv(out, &view, leak);
            pp_putf(out, ",,,%.12g,", leak->loss);
            pp_put_leak_number(out, q->leaks.known ? leak->loss_error : NAN, "");
            pp_putf(out, ",%.12g,%.12g,%.12g\n", leak->first, leak->last, leak->growth);
        }
    }
}

static void put_json(struct pp_out *out, const struct pp_leaks_per *l, size_t limit)
{
    struct pp_leaks view = view_of(l);
    pp_puts(out, "{\"label\":");
    pp_put_json(out, l->key);
    pp_puts(out, l->by == PP_LEAKS_BY_STACK ? ",\"stacks\":[" : ",\"functions\":[");
    for (size_t r = 0; r < l->nrows && r < limit; r++) {
        const struct pp_shared_leak *row = &l->rows[r];
        pp_putf(out, "%s\n{\"processes\":%zu,\"grows_in\":%zu,\"loss\":%.12g,\"loss_error\":",
                r ? "," : "", row->processes, row->grows, row->loss);
        pp_put_leak_number(out, l->known ? row->loss_error : NAN, "null");
        pp_putf(out, ",\"first\":%.12g,\"last\":%.12g,", row->first, row->last);
        pp_put_leak_json_stack(out, &view, &(struct pp_leak){.id = row->id});
        pp_putc(out, '}');
    }
    pp_puts(out, "\n],\"processes\":[");
    for (size_t i = 0; i < l->count; i++) {
        const struct pp_process *q = &l->processes[i];
        pp_puts(out, i ? ",\n{\"name\":" : "\n{\"name\":");
        pp_put_json(out, pp_process_name(q));
        pp_putf(out, ",\"dumps\":%zu,\"leaks\":", q->series.count);
        if (q->judged)
            pp_write_leaks(&q->leaks, PP_REPORT_JSON, limit, out);
        else
            pp_puts(out, "null");
        pp_putc(out, '}');
    }
    pp_puts(out, "\n]}\n");
}

void pp_write_leaks_per(const struct pp_leaks_per *l, enum pp_report_form form, size_t limit,
                        struct pp_out *out)
{
    if (form == PP_REPORT_TEXT)
        put_text(out, l, limit);
    else if (form == PP_REPORT_CSV)
        put_csv(out, l, limit ? limit : SIZE_MAX);
    else
        put_json(out, l, limit ? limit : SIZE_MAX);
}
