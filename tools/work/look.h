/* look.h - the colours of frames, by the drawing options and the files that these name. */
#ifndef PP_TOOLS_WORK_LOOK_H
#define PP_TOOLS_WORK_LOOK_H

#include "render/svg.h"

extern struct pp_look {
    const char *colors_by; /* module, file, package, or a file of rules */
    const char *map;       /* a file of colours, read and rewritten */
    const char *attrs;     /* a file of attributes */
} pp_look;

/* Whether --colors-by can mean something: an exit status, after a message. */
int pp_look_check(void);

/*
 * Reads the files, and notes the modules and files in `p` before its frames are merged by name. An
 * exit status, after a message.
 */
int pp_look_prepare(const struct pp_profile *p);

/* Sets what `svg` needs to draw `p`, whose frames are merged by name now. */
void pp_look_apply(const struct pp_profile *p, struct pp_svg_options *svg);

/* Writes the colours that frames got to the palette map. An exit status. */
int pp_look_save(void);

void pp_look_release(void);

#endif
