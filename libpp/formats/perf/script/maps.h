/* maps.h - the mappings of files that `perf script --show-mmap-events` prints. */
#ifndef PP_FORMATS_PERF_SCRIPT_MAPS_H
#define PP_FORMATS_PERF_SCRIPT_MAPS_H

#include "formats/format.h"

/*
 * Takes a mapping of a file or of anonymous memory, as --show-mmap-events prints it: executable
 * ones are added to the profile. False if `payload` is something else.
 */
bool pp_perf_add_map(struct pp_reader *r, struct pp_span payload);

/*
 * The mapping of frames in `file`. If perf printed the offset of `address` in the file (-F +dsoff),
 * it starts at `start`; otherwise only its file is known.
 */
pp_id pp_perf_mapping(struct pp_profile *p, pp_id file, uint64_t start);

/*
 * At the end: moves frames whose mapping is only a file to the mapping of this file that contains
 * them.
 */
void pp_perf_locate(struct pp_profile **p);

#endif
