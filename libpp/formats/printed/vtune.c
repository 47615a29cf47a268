/*
 * Top-down trees of Intel VTune as CSV (-report top-down -format csv -csv-delimiter comma):
 *
 *     Function Stack,CPU Time:Self,Module
 *     Total,0.0,[Unknown]
 *      main,0.0,app
 *       "b<int, char>",0.003,app
 *
 * Each level is a blank, before the quotation marks. https://www.intel.com/vtune
 */
#include "formats/printed/rows.h"

static const char heading[] = "Function Stack,";

/* The measures that pp knows, and their columns. */
static const struct {
    const char *field, *type, *unit;
    int64_t times;
} measures[] = {
    {"CPU Time:Self", "cpu", "nanoseconds", 1000000000},
    {"Allocation Size:Self", "alloc_space", "bytes", 1},
    {"Allocations:Self", "alloc_objects", "count", 1},
};
enum { MEASURES = sizeof measures / sizeof *measures };

struct vtune {
    struct pp_rows rows;
    bool begun;
    size_t value, module; /* indices of fields; 0: none */
    int64_t times;
};

static bool read_heading(struct vtune *v, struct pp_span line)
{
    struct pp_reader *r = v->rows.r;
    struct pp_span field, rest = line;
    for (size_t i = 0; pp_csv_field(&rest, &r->arena, &field); i++) {
        if (pp_is(pp_trim(field), "Module"))
            v->module = i;
        for (size_t m = 0; m < MEASURES && !v->value; m++)
            if (pp_is(pp_trim(field), measures[m].field)) {
                v->value = i;
                v->times = measures[m].times;
                pp_column(r->out, pp_str(measures[m].type), pp_str(measures[m].unit));
            }
    }
    v->begun = true;
    return v->value ||
           pp_fail(r, line.p, "there is no column of self values, such as '%s'", measures[0].field);
}

static bool read_fields(struct vtune *v, struct pp_span line, struct pp_code *code, int64_t *value)
{
    struct pp_reader *r = v->rows.r;
    struct pp_span field, rest = line;
    bool known = pp_ends(line, ","); /* it may be the last field, which may be empty */
    for (size_t i = 0; pp_csv_field(&rest, &r->arena, &field); i++) {
        if (i == 0)
            code->function = field;
        else if (i == v->value)
            known = pp_empty(field) ||
                    (pp_take_scaled(&field, v->times, value) && pp_empty(pp_trim(field)));
        else if (i == v->module)
            code->module = field;
    }
    return known || pp_fail(r, line.p, "a row without a number: '%.*s'", PP_SHOW(line));
}

static bool read_row(struct vtune *v, struct pp_span line)
{
    struct pp_reader *r = v->rows.r;
    struct pp_code code = {.line = 0};
    struct pp_span fields = line;
    int64_t value = 0;
    while (fields.p < fields.end && *fields.p == ' ')
        fields.p++;
    size_t depth = (size_t)(fields.p - line.p);
    pp_arena_clear(&r->arena);
    if (!read_fields(v, fields, &code, &value))
        return false;
    if (!depth)
        v->rows.hidden = pp_is(code.function, "Total");
    pp_id frame = depth < v->rows.hidden ? 0 : pp_frame_at(r->out, &code);
    if (!pp_rows_open(&v->rows, line.p, depth, frame, 0))
        return false;
    struct pp_sample sample = {.node = pp_rows_last(&v->rows)->node};
    return pp_reader_add(r, line.p, pp_sample_id(r->out, &sample), 0, value);
}

static bool vtune_read(struct pp_reader *r, struct pp_span in)
{
    struct vtune *v = r->state;
    struct pp_span line;
    v->rows.r = r;
    while (pp_line(&in, &line)) {
        if (!v->begun)
            line = pp_without_mark(line);
        bool begins = !v->begun && pp_starts(line, heading);
        if ((begins && !read_heading(v, line)) ||
            (!begins && v->begun && !pp_empty(pp_trim(line)) && !read_row(v, line)))
            return false;
    }
    return v->begun || !r->last || pp_fail(r, in.p, "expected '%s'", heading);
}

static void vtune_end(struct pp_reader *r)
{
    pp_rows_release(&((struct vtune *)r->state)->rows);
}

/* Lines about the collection may come before the heading. */
static unsigned vtune_bid(struct pp_span head)
{
    struct pp_span line;
    for (int i = 0; i < 8 && pp_line(&head, &line); i++)
        if (pp_starts(pp_without_mark(line), heading))
            return 8 * (unsigned)strlen(heading);
    return 0;
}

const struct pp_format pp_format_vtune = {
    .name = "vtune",
    .title = "top-down trees of Intel VTune (CSV)",
    .bid = vtune_bid,
    .read = vtune_read,
    .split = pp_split_lines,
    .in_order = true,
    .state_size = sizeof(struct vtune),
    .end = vtune_end,
};
