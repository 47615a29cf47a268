/* firefox_table.c - tables of numbers, by columns or by rows. */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/viewers/firefox.h"
#include "syntax/decimal.h"

static const char *const names[PP_FX_TABLES][PP_FX_MAX_COLUMNS] = {
    [PP_FX_SAMPLES] = {[SAMPLE_STACK] = "stack",
                       [SAMPLE_TIME] = "time",
                       [SAMPLE_DELTA] = "timeDeltas",
                       [SAMPLE_WEIGHT] = "weight",
                       [SAMPLE_CPU] = "threadCPUDelta"},
    [PP_FX_STACKS] = {[STACK_FRAME] = "frame",
                      [STACK_PREFIX] = "prefix",
                      [STACK_OFFSET] = "prefixOffset",
                      [STACK_CATEGORY] = "category"},
    [PP_FX_FRAMES] = {[FRAME_FUNC] = "func",
                      [FRAME_ADDRESS] = "address",
                      [FRAME_DEPTH] = "inlineDepth",
                      [FRAME_CATEGORY] = "category",
                      [FRAME_SUBCATEGORY] = "subcategory",
                      [FRAME_LINE] = "line",
                      [FRAME_COLUMN] = "column",
                      [FRAME_LIB] = "lib",
                      [FRAME_FLAGS] = "flags",
                      [FRAME_LOCATION] = "location"},
    [PP_FX_FUNCS] = {[FUNC_NAME] = "name",
                     [FUNC_JS] = "isJS",
                     [FUNC_RESOURCE] = "resource",
                     [FUNC_SOURCE] = "source",
                     [FUNC_FILE] = "fileName",
                     [FUNC_LINE] = "lineNumber",
                     [FUNC_FLAGS] = "flags"},
    [PP_FX_RESOURCES] = {[RESOURCE_LIB] = "lib"},
    [PP_FX_SOURCES] = {[SOURCE_FILE] = "filename"},
    [PP_FX_ALLOCATIONS] = {[ALLOCATION_STACK] = "stack",
                           [ALLOCATION_WEIGHT] = "weight",
                           [ALLOCATION_ADDRESS] = "memoryAddress"},
    [PP_FX_JS_ALLOCATIONS] = {[ALLOCATION_STACK] = "stack", [ALLOCATION_WEIGHT] = "weight"},
};

int pp_fx_column_named(enum pp_fx_table_id table, struct pp_span name)
{
    for (int i = 0; i < PP_FX_MAX_COLUMNS && names[table][i]; i++)
        if (pp_is(name, names[table][i]))
            return i;
    return -1;
}

/* --- columns ------------------------------------------------------------- */

static void push(struct pp_fx_column *c, int64_t v)
{
    PP_GROW(c->v, c->n + 1, c->cap);
    c->v[c->n++] = v;
    c->there = true;
}

void pp_fx_push_none(struct pp_fx_column *c)
{
    push(c, PP_FX_NONE);
}

static bool grow_decimals(struct pp_fx_column *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->v[i] != PP_FX_NONE && __builtin_mul_overflow(c->v[i], 10, &c->v[i]))
            return false;
    c->decimals++;
    return true;
}

/* The number of decimals in a text; one with an exponent counts as having the maximum. */
static unsigned decimals_of(struct pp_span text)
{
    const char *point = pp_find(text, '.');
    if (pp_find(text, 'e') || pp_find(text, 'E'))
        return PP_MAX_DECIMALS;
    size_t n = point ? (size_t)(text.end - point - 1) : 0;
    return n < PP_MAX_DECIMALS ? (unsigned)n : PP_MAX_DECIMALS;
}

bool pp_fx_push(struct pp_fx_column *c, struct pp_span text)
{
    int64_t v;
    if (!c->decimals && pp_len(text) < 18 && pp_parse_i64(text, &v)) { /* nearly always */
        push(c, v);
        return true;
    }
    for (unsigned wanted = decimals_of(text); c->decimals < wanted;)
        if (!grow_decimals(c))
            return false;
    if (!pp_parse_decimal(text, c->decimals, &v) || v == PP_FX_NONE)
        return false;
    push(c, v);
    return true;
}

/* --- rows ---------------------------------------------------------------- */

/* Fills a column with nulls for rows without a value. */
static void pad(struct pp_fx_column *c, size_t n)
{
    while (c->n < n)
        pp_fx_push_none(c);
}

bool pp_fx_cell(struct pp_fx_table *t, const struct pp_span *text)
{
    if (t->cell >= PP_FX_MAX_CELLS)
        return true;
    if (!t->cells)
        t->cells = pp_calloc(PP_FX_MAX_CELLS, sizeof *t->cells);
    struct pp_fx_column *c = &t->cells[t->cell++];
    if (!text) /* is padded later, if a value follows */
        return true;
    pad(c, t->nrows);
    return pp_fx_push(c, *text);
}

void pp_fx_end_row(struct pp_fx_table *t)
{
    t->nrows++;
    t->cell = 0;
}

void pp_fx_end_table(struct pp_fx_table *t)
{
    for (size_t c = 0; t->nrows && c < PP_FX_MAX_COLUMNS; c++) {
        size_t at = t->at[c];
        if (!at)
            continue;
        if (!t->cells)
            t->cells = pp_calloc(PP_FX_MAX_CELLS, sizeof *t->cells);
        free(t->columns[c].v);
        t->columns[c] = t->cells[at - 1];
        t->cells[at - 1] = (struct pp_fx_column){0};
        pad(&t->columns[c], t->nrows);
        t->columns[c].there = true;
    }
    for (size_t i = 0; t->cells && i < PP_FX_MAX_CELLS; i++)
        free(t->cells[i].v);
    free(t->cells);
    t->cells = NULL;
}

void pp_fx_table_release(struct pp_fx_table *t)
{
    for (size_t i = 0; t->cells && i < PP_FX_MAX_CELLS; i++)
        free(t->cells[i].v);
    free(t->cells);
    for (size_t i = 0; i < PP_FX_MAX_COLUMNS; i++)
        free(t->columns[i].v);
    *t = (struct pp_fx_table){.length = PP_FX_NONE};
}

/* --- values -------------------------------------------------------------- */

size_t pp_fx_rows(const struct pp_fx_table *t, unsigned n)
{
    size_t rows = SIZE_MAX;
    for (unsigned i = 0; i < n; i++)
        if (t->columns[i].there && t->columns[i].n < rows)
            rows = t->columns[i].n;
    if (rows == SIZE_MAX)
        return 0;
    return t->length >= 0 && (uint64_t)t->length < rows ? (size_t)t->length : rows;
}

static const int64_t powers[PP_MAX_DECIMALS + 1] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

bool pp_fx_scaled(const struct pp_fx_column *c, size_t row, unsigned decimals, int64_t *out)
{
    *out = 0;
    if (row >= c->n || c->v[row] == PP_FX_NONE)
        return true;
    if (c->decimals == decimals) {
        *out = c->v[row];
        return true;
    }
    return pp_mul_div(c->v[row], powers[decimals], powers[c->decimals], true, out);
}

int64_t pp_fx_value(const struct pp_fx_table *t, unsigned column, size_t row)
{
    const struct pp_fx_column *c = &t->columns[column];
    int64_t v;
    if (row >= c->n || c->v[row] == PP_FX_NONE)
        return PP_FX_NONE;
    return pp_fx_scaled(c, row, 0, &v) ? v : PP_FX_NONE;
}

int64_t pp_fx_index(const struct pp_fx_table *t, unsigned column, size_t row)
{
    int64_t v = pp_fx_value(t, column, row);
    return v < 0 ? PP_FX_NONE : v;
}
