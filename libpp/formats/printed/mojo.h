/* mojo.h - the binary format of austin; mojo.c describes it. */
#ifndef PP_PRINTED_MOJO_H
#define PP_PRINTED_MOJO_H

#include "formats/printed/austin_sample.h"

/*
 * Reads a block, which may begin and end anywhere. pp_mojo_free() frees the state, which may be
 * NULL.
 */
bool pp_mojo_read(struct pp_austin *a, struct pp_span in);
void pp_mojo_free(struct pp_mojo *m);

#endif
