/* metadata.h - the classes of a chunk of a recording, as the chunk itself describes them. */
#ifndef PP_FORMATS_JFR_METADATA_H
#define PP_FORMATS_JFR_METADATA_H

#include "formats/jfr/chunk.h"

/* Fills the classes and fields. False after failing. */
bool pp_jfr_read_metadata(struct pp_jfr_chunk *k, struct pp_reader *r,
                          const struct pp_jfr_event *event);

#endif
