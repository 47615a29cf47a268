/* drawing.h - the options of pictures that pp-flamegraph and pp-diff share, and their values. */
#ifndef PP_TOOLS_WORK_DRAWING_H
#define PP_TOOLS_WORK_DRAWING_H

#include "cli/cli.h"
#include "render/svg.h"

/* What is drawn, and how. A tool sets the members for which it has options of its own. */
extern struct pp_drawing {
    struct pp_svg_options svg;
    struct pp_layout_options layout;
    bool for_terminal; /* a tool sets it before the check: --width counts columns, */
    unsigned columns;  /* the width; 0: that of the terminal */
} pp_drawing;

extern const struct pp_opt pp_drawing_options[];

/* Sets the defaults; a tool calls it before it takes options. */
void pp_drawing_begin(void);

/*
 * Checks the options and fills in defaults; of the palette, only the background that fits it.
 * Returns an exit status, after a message.
 */
int pp_drawing_check(void);

/* Checks --total, which is in whole units of `column`. Returns an exit status. */
int pp_drawing_check_total(const struct pp_column *column);

/* Warns about the share of the column without a stack, which only shows in the frame of "all". */
void pp_drawing_warn_of_stackless(const struct pp_profile *p, unsigned column);

/* Warns about what the picture leaves out; false, after an error, if it would be empty. */
bool pp_drawing_warn(const struct pp_layout *l);

/* "#rrggbb" or a name: sets `*value` and points `*used` at it, unless `text` is NULL or "none". */
int pp_drawing_color(const char *text, struct pp_rgb *value, const struct pp_rgb **used);

#endif
