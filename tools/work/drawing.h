/*
 * drawing.h - what pictures look like: the options that pp-flamegraph and pp-diff have in common,
 * and what they come to.
 */
#ifndef PP_TOOLS_WORK_DRAWING_H
#define PP_TOOLS_WORK_DRAWING_H

#include "cli/cli.h"
#include "render/svg.h"

/* What is drawn, and how. A tool may set what it has options of its own for. */
extern struct pp_drawing {
    struct pp_svg_options svg;
    struct pp_layout_options layout;
    bool for_terminal; /* a tool sets it before the check: --width counts columns, */
    unsigned columns;  /* as many as this; 0: the terminal's */
} pp_drawing;

extern const struct pp_opt pp_drawing_options[];

/* Sets the defaults; a tool calls it before it takes options. */
void pp_drawing_begin(void);

/*
 * Checks the options, and fills in the rest: of the palette only that the background goes by it.
 * An exit status, after telling the user.
 */
int pp_drawing_check(void);

/* --total, which counts in whole units of `column`. An exit status. */
int pp_drawing_check_total(const struct pp_column *column);

/* Tells what part of the column has no stack, so that nothing but "all" stands for it. */
void pp_drawing_tell_stackless(const struct pp_profile *p, unsigned column);

/* Tells what the picture does not show; false, after an error, if there is nothing in it. */
bool pp_drawing_tell(const struct pp_layout *l);

/* "#rrggbb" or a name: sets `*value` and points `*used` at it, unless `text` is NULL or "none". */
int pp_drawing_color(const char *text, struct pp_rgb *value, const struct pp_rgb **used);

#endif
