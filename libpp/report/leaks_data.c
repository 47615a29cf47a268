/* Leaks as CSV and JSON for scripts: all stacks or functions, with all numbers. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/leaks_private.h"
#include "syntax/json_write.h"

/* --- numbers ------------------------------------------------------------- */

static const char *const fields[] = {
    "growth", "growth_error", "growth_per_second", "loss", "loss_error", "fit", "grew", "first",
    "last",   "since"};
enum { FIELDS = sizeof fields / sizeof *fields };
_Static_assert(sizeof fields / sizeof *fields == (size_t)PP_LEAK_FIELDS,
               "leaks.h says how many there are");

double pp_leak_field(const struct pp_leaks *l, const struct pp_leak *leak, int field)
{
    double unknown = l->known ? 0 : NAN;
    const double values[FIELDS] = {
        leak->growth,
        leak->growth_error + unknown,
        l->interval_s > 0 ? leak->growth / l->interval_s : NAN,
        leak->loss,
        leak->loss_error + unknown,
        leak->fit,
        (double)leak->grew,
        leak->first,
        leak->last,
        (double)leak->since + 1,
    };
    return values[field];
}

void pp_put_leak_number(struct pp_out *out, double v, const char *none)
{
    if (isfinite(v))
        pp_putf(out, "%.12g", v);
    else
        pp_puts(out, none);
}

/* --- CSV ----------------------------------------------------------------- */

/* A stack is one field: root first, separated by ";", as in folded stacks. */
void pp_put_leak_csv(struct pp_out *out, const struct pp_leaks *l, const struct pp_leak *leak)
{
    struct pp_out stack;
    pp_id *functions = NULL;
    size_t cap = 0, n = pp_leak_frames(l, leak, &functions, &cap);
    pp_out_memory(&stack, NULL);
    for (size_t i = 0; i < n; i++) {
        pp_puts(&stack, i ? ";" : "");
        pp_put(&stack, pp_leak_name(l, functions[i]));
    }
    pp_put_csv(out, pp_out_bytes(&stack));
    pp_out_release(&stack);
    free(functions);
}

void pp_put_leaks_csv(struct pp_out *out, const struct pp_leaks *l, size_t limit)
{
    const struct pp_series *s = l->series;
    pp_puts(out, l->by == PP_LEAKS_BY_STACK ? "trend,stack" : "trend,function");
    for (int i = 0; i < FIELDS; i++)
        pp_putf(out, ",%s", fields[i]);
    for (size_t d = 0; d < s->count; d++) {
        pp_putc(out, ',');
        pp_put_csv(out, pp_str(s->dumps[d].name));
    }
    pp_putc(out, '\n');
    for (size_t r = 0; r < limit; r++) {
        pp_putf(out, "%s,", pp_trend_name(l->rows[r].trend));
        pp_put_leak_csv(out, l, &l->rows[r]);
        for (int i = 0; i < FIELDS; i++) {
            pp_putc(out, ',');
            pp_put_leak_number(out, pp_leak_field(l, &l->rows[r], i), "");
        }
        for (size_t d = 0; d < s->count; d++) {
            pp_putc(out, ',');
            pp_put_leak_number(out, l->values[r * s->count + d], "");
        }
        pp_putc(out, '\n');
    }
}

/* --- JSON ---------------------------------------------------------------- */

static void put_json_fields(struct pp_out *out, const struct pp_leaks *l,
                            const struct pp_leak *leak)
{
    pp_putf(out, "\"trend\":\"%s\"", pp_trend_name(leak->trend));
    for (int i = 0; i < FIELDS; i++) {
        pp_putf(out, ",\"%s\":", fields[i]);
        pp_put_leak_number(out, pp_leak_field(l, leak, i), "null");
    }
}

void pp_put_leak_json_stack(struct pp_out *out, const struct pp_leaks *l,
                            const struct pp_leak *leak)
{
    pp_id *functions = NULL;
    size_t cap = 0, n = pp_leak_frames(l, leak, &functions, &cap);
    pp_puts(out, "\"stack\":[");
    for (size_t i = 0; i < n; i++) {
        pp_puts(out, i ? "," : "");
        pp_put_json(out, pp_leak_name(l, functions[i]));
    }
    pp_putc(out, ']');
    free(functions);
}

static void put_json_row(struct pp_out *out, const struct pp_leaks *l, size_t r)
{
    size_t dumps = l->series->count;
    pp_puts(out, r ? ",\n{" : "\n{");
    put_json_fields(out, l, &l->rows[r]);
    pp_putc(out, ',');
    pp_put_leak_json_stack(out, l, &l->rows[r]);
    pp_puts(out, ",\"values\":[");
    for (size_t d = 0; d < dumps; d++) {
        pp_puts(out, d ? "," : "");
        pp_put_leak_number(out, l->values[r * dumps + d], "null");
    }
    pp_puts(out, "]}");
}

static void put_json_dumps(struct pp_out *out, const struct pp_series *s)
{
    for (size_t d = 0; d < s->count; d++) {
        pp_puts(out, d ? "," : "");
        pp_puts(out, "{\"name\":");
        pp_put_json(out, pp_str(s->dumps[d].name));
        pp_puts(out, ",\"time_ns\":");
        if (s->dumps[d].time_ns)
            pp_put_i64(out, s->dumps[d].time_ns);
        else
            pp_puts(out, "null");
        pp_putc(out, '}');
    }
}

void pp_put_leaks_json(struct pp_out *out, const struct pp_leaks *l, size_t limit)
{
    pp_puts(out, "{\"type\":");
    pp_put_json(out, pp_text(l->p, l->p->columns[0].type));
    pp_puts(out, ",\"unit\":");
    pp_put_json(out, pp_text(l->p, l->p->columns[0].unit));
    pp_puts(out, ",\"dumps\":[");
    put_json_dumps(out, l->series);
    pp_puts(out, "],\"interval_s\":");
    pp_put_leak_number(out, l->interval_s > 0 ? l->interval_s : NAN, "null");
    pp_puts(out, ",\"horizon_dumps\":");
    pp_put_leak_number(out, l->horizon, "null");
    pp_puts(out, ",\"total\":{");
    put_json_fields(out, l, &l->all);
    pp_puts(out, l->by == PP_LEAKS_BY_STACK ? "},\"stacks\":[" : "},\"functions\":[");
    for (size_t r = 0; r < limit; r++)
        put_json_row(out, l, r);
    pp_puts(out, "\n]}\n");
}
