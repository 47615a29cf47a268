/*
 * raw: everything in a profile, in all columns, as pprof -raw prints it. Locations have the numbers
 * that the pprof writer would give them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "model/code.h"
#include "report/labels.h"
#include "report/reports.h"

/*
 * A location is a frame with the frames inlined in it: `below` is the location without its
 * innermost frame, 0 if it has only one.
 */
struct location {
    pp_id below, frame;
};

struct raw {
    const struct pp_profile *p;
    struct pp_out *out;
    struct pp_table locations;
    pp_id *of_stack; /* by stack: the location with its last frame as the innermost so far */
    pp_id *under;    /* by stack: the stack below that location */
    bool *whole;     /* by location: it is complete somewhere, and not only part of another */
    pp_id *number;   /* by location: its number */
    pp_id *sorted;   /* the complete locations, by number */
    size_t count;
    struct pp_out text;
};

static const struct location *location_at(const struct raw *w, pp_id id)
{
    return pp_row(&w->locations, id);
}

/* --- header -------------------------------------------------------------- */

/* Writes a duration as Go does: "1m30s", "1.5s", "250ms". */
static void duration_text(char *text, size_t size, int64_t ns)
{
    static const struct {
        const char *name;
        int64_t size;
    } small[] = {{"ms", 1000000}, {"\xc2\xb5s", 1000}, {"ns", 1}};
    const char *sign = ns < 0 ? "-" : "";
    uint64_t n = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
    size_t unit = 0;
    if (n >= 1000000000) {
        uint64_t hours = n / 3600000000000, minutes = n / 60000000000 % 60;
        double seconds = (double)(n % 60000000000) / 1e9;
        int len = snprintf(text, size, "%s", sign);
        if (hours)
            len += snprintf(text + len, size - (size_t)len, "%" PRIu64 "h", hours);
        if (hours || minutes)
            len += snprintf(text + len, size - (size_t)len, "%" PRIu64 "m", minutes);
        snprintf(text + len, size - (size_t)len, "%.11gs", seconds);
        return;
    }
    while (unit < 2 && n < (uint64_t)small[unit].size)
        unit++;
    snprintf(text, size, "%s%.10g%s", sign, (double)n / (double)small[unit].size, small[unit].name);
}

/* pprof cuts the duration to 4 characters, whatever they mean. */
static void put_duration(struct raw *w, int64_t ns)
{
    char text[64];
    size_t len = 0, characters = 0;
    duration_text(text, sizeof text, ns);
    while (text[len] && characters < 4) {
        len++;
        characters += ((unsigned char)text[len] & 0xc0) != 0x80;
    }
    pp_putf(w->out, "Duration: %.*s\n", (int)len, text);
}

static void put_time(struct raw *w, int64_t ns)
{
    char text[PP_TIME_SIZE], fraction[16];
    int64_t rest = ns % 1000000000;
    int len =
        snprintf(fraction, sizeof fraction, ".%09" PRId64, rest < 0 ? rest + 1000000000 : rest);
    while (len > 1 && fraction[len - 1] == '0')
        fraction[--len] = 0;
    if (len == 1)
        fraction[0] = 0;
    pp_putf(w->out, "Time: %s%s +0000 UTC\n", pp_time_text(text, ns), fraction);
}

static void put_field(struct raw *w, const char *label, pp_id text)
{
    pp_puts(w->out, label);
    pp_put_name(w->out, pp_text(w->p, text));
}

static void put_header(struct raw *w)
{
    const struct pp_about *a = &w->p->about;
    for (size_t c = 0; c < a->ncomments; c++) {
        put_field(w, "Comment: ", a->comments[c]);
        pp_putc(w->out, '\n');
    }
    if (a->doc_url) {
        put_field(w, "Doc: ", a->doc_url);
        pp_putc(w->out, '\n');
    }
    put_field(w, "PeriodType: ", a->period_type);
    put_field(w, " ", a->period_unit);
    pp_putf(w->out, "\nPeriod: %" PRId64 "\n", a->period);
    if (a->time_ns)
        put_time(w, a->time_ns);
    if (a->duration_ns)
        put_duration(w, a->duration_ns);
}

/* --- locations ----------------------------------------------------------- */

static void find_locations(struct raw *w)
{
    const struct pp_profile *p = w->p;
    bool *goes_on = pp_calloc(p->nodes.count, sizeof *goes_on);
    bool *ends = pp_calloc(p->nodes.count, sizeof *ends);
    for (pp_id n = 1; n < p->nodes.count; n++) {
        const struct pp_node *node = pp_node(p, n);
        bool joined = pp_joins_parent(p, n);
        struct location row = {joined ? w->of_stack[node->parent] : 0, node->frame};
        w->of_stack[n] = pp_number(&w->locations, &row);
        w->under[n] = joined ? w->under[node->parent] : node->parent;
        *(joined ? &goes_on[node->parent] : &ends[node->parent]) = true;
    }
    for (size_t s = 0; s < p->samples.count; s++)
        ends[pp_sample(p, (pp_id)s)->node] = true;
    w->whole = pp_calloc(w->locations.count, sizeof *w->whole);
    for (pp_id n = 1; n < p->nodes.count; n++)
        w->whole[w->of_stack[n]] |= ends[n] || !goes_on[n];
    free(goes_on);
    free(ends);
}

/* Frames have the order of the input's locations, innermost first. */
static int compare_locations(const void *a, const void *b, void *ctx)
{
    const struct raw *w = ctx;
    pp_id x = *(const pp_id *)a, y = *(const pp_id *)b;
    pp_id f = location_at(w, x)->frame, g = location_at(w, y)->frame;
    return f != g ? (f > g) - (f < g) : (x > y) - (x < y);
}

static void number_locations(struct raw *w)
{
    w->sorted = pp_calloc(w->locations.count, sizeof *w->sorted);
    w->number = pp_calloc(w->locations.count, sizeof *w->number);
    for (pp_id l = 1; l < w->locations.count; l++)
        if (w->whole[l])
            w->sorted[w->count++] = l;
    qsort_r(w->sorted, w->count, sizeof *w->sorted, compare_locations, w);
    for (size_t i = 0; i < w->count; i++)
        w->number[w->sorted[i]] = (pp_id)i + 1;
}

/* No system name means that it equals the name, and the name itself means none. */
static pp_id system_name(const struct pp_function *f)
{
    return f->system_name == f->name ? 0 : f->system_name ? f->system_name : f->name;
}

static void put_line(struct raw *w, const struct pp_frame *f)
{
    const struct pp_function *function = pp_function(w->p, f->function);
    pp_id system = system_name(function);
    put_field(w, "", function->name);
    put_field(w, " ", function->file);
    pp_putf(w->out, ":%" PRIu32 ":%u s=%" PRIu32, f->line, (unsigned)f->column, function->line);
    if (system == function->name)
        return;
    put_field(w, "(", system);
    pp_putc(w->out, ')');
}

static void put_location(struct raw *w, pp_id location)
{
    const struct pp_frame *f = pp_frame(w->p, location_at(w, location)->frame);
    pp_id mapping = w->p->mappings.count > 1 ? f->mapping : 1;
    pp_putf(w->out, "%6" PRIu32 ": 0x%" PRIx64 " ", w->number[location], f->address);
    if (mapping)
        pp_putf(w->out, "M=%" PRIu32 " ", mapping);
    if (f->folded)
        pp_puts(w->out, "[F] ");
    for (bool first = true; location; location = location_at(w, location)->below, first = false) {
        f = pp_frame(w->p, location_at(w, location)->frame);
        pp_puts(w->out, first ? "" : "             ");
        if (f->function)
            put_line(w, f);
        pp_putc(w->out, '\n');
    }
}

static void put_mappings(struct raw *w)
{
    static const char *const flags[] = {"[FN]", "[FL]", "[LN]", "[IN]"};
    pp_puts(w->out, "Mappings\n");
    if (w->p->mappings.count == 1)
        pp_puts(w->out, "1: 0x0/0x0/0x0   \n");
    for (pp_id id = 1; id < w->p->mappings.count; id++) {
        const struct pp_mapping *m = pp_mapping(w->p, id);
        pp_putf(w->out, "%" PRIu32 ": 0x%" PRIx64 "/0x%" PRIx64 "/0x%" PRIx64, id, m->start,
                m->limit, m->offset);
        put_field(w, " ", m->file);
        put_field(w, " ", m->build_id);
        pp_putc(w->out, ' ');
        for (int f = 0; f < 4; f++)
            if (m->flags >> f & 1)
                pp_puts(w->out, flags[f]);
        pp_putc(w->out, '\n');
    }
}

/* --- samples ------------------------------------------------------------- */

static void put_columns(struct raw *w)
{
    w->text.len = 0;
    for (unsigned c = 0; c < w->p->ncolumns; c++) {
        const struct pp_column *column = &w->p->columns[c];
        pp_put(&w->text, pp_text(w->p, column->type));
        pp_putc(&w->text, '/');
        pp_put(&w->text, pp_text(w->p, column->unit));
        bool shown_first = column->type == w->p->about.default_type;
        pp_puts(&w->text, shown_first ? "[dflt] " : " ");
    }
    pp_puts(w->out, "Samples:\n");
    pp_put_name(w->out, pp_trim(pp_out_bytes(&w->text)));
    pp_putc(w->out, '\n');
}

/* The values of a key that are texts, or numbers: `key:[a b]`. Returns the label after the key. */
static pp_id put_key(struct raw *w, pp_id l, bool numbers, bool *begun)
{
    const struct pp_label *first = pp_label(w->p, l);
    bool here = false;
    for (; l && pp_label(w->p, l)->key == first->key; l = pp_label(w->p, l)->next) {
        const struct pp_label *label = pp_label(w->p, l);
        if (!pp_label_says(label) || (label->text == 0) != numbers)
            continue;
        if (!here) {
            pp_puts(w->out, *begun ? " " : "                ");
            put_field(w, "", label->key);
        }
        pp_puts(w->out, here ? " " : ":[");
        here = *begun = true;
        if (!numbers)
            pp_put_name(w->out, pp_text(w->p, label->text));
        else
            pp_put_i64(w->out, label->number);
        if (numbers && label->unit)
            put_field(w, " ", label->unit);
    }
    if (here)
        pp_putc(w->out, ']');
    return l;
}

static void put_sample(struct raw *w, pp_id id)
{
    const struct pp_sample *s = pp_sample(w->p, id);
    for (unsigned c = 0; c < w->p->ncolumns; c++) {
        w->text.len = 0;
        pp_put_decimal(&w->text, w->p->columns[c].values[id], w->p->columns[c].decimals);
        pp_putc(w->out, ' ');
        pp_put_right(w->out, pp_out_bytes(&w->text), 10);
    }
    pp_puts(w->out, ": ");
    for (pp_id n = s->node; n; n = w->under[n])
        pp_putf(w->out, "%" PRIu32 " ", w->number[w->of_stack[n]]);
    pp_putc(w->out, '\n');
    for (int numbers = 0; numbers < 2; numbers++) {
        bool begun = false;
        for (pp_id l = s->labels; l;)
            l = put_key(w, l, numbers, &begun);
        if (begun)
            pp_putc(w->out, '\n');
    }
}

/* --- entry point --------------------------------------------------------- */

bool pp_write_raw(struct pp_report *r, struct pp_out *out)
{
    struct raw w = {.p = r->p, .out = out};
    pp_table_init(&w.locations, sizeof(struct location));
    w.of_stack = pp_calloc(r->p->nodes.count, sizeof *w.of_stack);
    w.under = pp_calloc(r->p->nodes.count, sizeof *w.under);
    pp_out_memory(&w.text, NULL);
    find_locations(&w);
    number_locations(&w);
    put_header(&w);
    put_columns(&w);
    for (size_t s = 0; s < r->p->samples.count; s++)
        if (pp_sample_exists(r->p, (pp_id)s))
            put_sample(&w, (pp_id)s);
    pp_puts(out, "Locations\n");
    for (size_t i = 0; i < w.count; i++)
        put_location(&w, w.sorted[i]);
    put_mappings(&w);
    pp_table_release(&w.locations);
    pp_out_release(&w.text);
    free(w.of_stack);
    free(w.under);
    free(w.whole);
    free(w.number);
    free(w.sorted);
    return true;
}
