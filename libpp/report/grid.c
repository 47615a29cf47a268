#include "report/grid.h"

#include <stdlib.h>

#include "base/memory.h"
#include "report/measure.h"

enum { GAP = 2 };

void pp_grid_init(struct pp_grid *g, unsigned columns)
{
    *g = (struct pp_grid){.columns = columns};
    pp_out_memory(&g->text, NULL);
}

void pp_grid_release(struct pp_grid *g)
{
    pp_out_release(&g->text);
    free(g->ends);
}

void pp_grid_end_cell(struct pp_grid *g)
{
    PP_GROW(g->ends, g->cells + 1, g->cap);
    g->ends[g->cells++] = g->text.len;
}

void pp_grid_cell(struct pp_grid *g, const char *text)
{
    pp_puts(&g->text, text);
    pp_grid_end_cell(g);
}

static struct pp_span cell(const struct pp_grid *g, size_t i)
{
    size_t start = i ? g->ends[i - 1] : 0;
    return (struct pp_span){g->text.buf + start, g->text.buf + g->ends[i]};
}

/* Blanks are written only when something follows them. */
static void put_row(const struct pp_grid *g, size_t first, const size_t *widths, struct pp_out *out)
{
    size_t blanks = 0;
    for (unsigned c = 0; c < g->columns; c++) {
        struct pp_span text = cell(g, first + c);
        blanks += c ? GAP : 0;
        if (c + 1 < g->columns)
            blanks += widths[c] - pp_characters(text);
        if (pp_empty(text))
            continue;
        pp_put_right(out, text, blanks + pp_characters(text));
        blanks = 0;
    }
    pp_putc(out, '\n');
}

void pp_grid_write(const struct pp_grid *g, struct pp_out *out)
{
    size_t *widths = pp_calloc(g->columns, sizeof *widths);
    size_t whole = g->cells - g->cells % g->columns;
    for (size_t i = 0; i < whole; i++) {
        size_t width = pp_characters(cell(g, i));
        if (width > widths[i % g->columns])
            widths[i % g->columns] = width;
    }
    for (size_t i = 0; i < whole; i += g->columns)
        put_row(g, i, widths, out);
    free(widths);
}
