/* grid.h - a table of text; each column is as wide as its widest cell. */
#ifndef PP_REPORT_GRID_H
#define PP_REPORT_GRID_H

#include "base/out.h"

/*
 * Cells are added from left to right and from top to bottom. They are right-aligned, except the
 * last one of a row, which is left-aligned and may have any length.
 */
struct pp_grid {
    struct pp_out text; /* text up to pp_grid_end_cell() is a cell */
    size_t *ends;       /* where each cell ends in it */
    size_t cells, cap;
    unsigned columns;
};

void pp_grid_init(struct pp_grid *g, unsigned columns);
void pp_grid_release(struct pp_grid *g);

void pp_grid_end_cell(struct pp_grid *g);

/* Adds a cell with this text. */
void pp_grid_cell(struct pp_grid *g, const char *text);

/* Writes the complete rows, with two blanks between cells and none at the end of a line. */
void pp_grid_write(const struct pp_grid *g, struct pp_out *out);

#endif
