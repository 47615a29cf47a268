/* grid.h - a table of text, its columns as wide as their widest cell. */
#ifndef PP_REPORT_GRID_H
#define PP_REPORT_GRID_H

#include "base/out.h"

/*
 * Cells are put from left to right and from top to bottom. All are set flush right but the last of
 * a row, which is set flush left and may be of any length.
 */
struct pp_grid {
    struct pp_out text; /* what is put here, up to pp_grid_end_cell(), is a cell */
    size_t *ends;       /* where in it each cell ends */
    size_t cells, cap;
    unsigned columns;
};

void pp_grid_init(struct pp_grid *g, unsigned columns);
void pp_grid_release(struct pp_grid *g);

void pp_grid_end_cell(struct pp_grid *g);

/* A cell of this text. */
void pp_grid_cell(struct pp_grid *g, const char *text);

/* Writes the rows that are complete, with two blanks between cells, none of them at a line's end.
 */
void pp_grid_write(const struct pp_grid *g, struct pp_out *out);

#endif
