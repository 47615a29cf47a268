/*
 * elsewhere.h - lets a reader look elsewhere than at the current block of its input, if that is a
 * file: at any place in it, and at the files beside it.
 */
#ifndef PP_LOAD_ELSEWHERE_H
#define PP_LOAD_ELSEWHERE_H

#include "formats/format.h"
#include "io/input.h"

/* Zero-initialise, and release in any case. */
struct pp_elsewhere {
    const struct pp_input *source;
    struct pp_diag *diag;
    struct pp_anywhere anywhere;
    struct pp_beside beside;
    struct pp_input file; /* the open file beside the source, if `name` is not NULL */
    char *name;
    unsigned number;
};

/* Sets r->anywhere and r->beside if `source`, which lives longer, is a file. */
void pp_elsewhere_open(struct pp_elsewhere *e, const struct pp_input *source, struct pp_diag *diag,
                       struct pp_reader *r);
void pp_elsewhere_release(struct pp_elsewhere *e);

#endif
