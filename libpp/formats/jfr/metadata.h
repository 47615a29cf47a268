/* metadata.h - reads the classes of a chunk, which the chunk itself describes. */
#ifndef PP_FORMATS_JFR_METADATA_H
#define PP_FORMATS_JFR_METADATA_H

#include "formats/jfr/chunk.h"

/* Reads the classes and fields. False after failing. */
bool pp_jfr_read_metadata(struct pp_jfr_chunk *k, struct pp_reader *r,
                          const struct pp_jfr_event *event);

#endif
