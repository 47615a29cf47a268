/* gdb_names.h - the frames of debuggers: NAME (ARGUMENTS) at FILE:LINE. */
#ifndef PP_PRINTED_GDB_NAMES_H
#define PP_PRINTED_GDB_NAMES_H

#include "formats/format.h"

/*
 * The end of the name that `s` begins with: the first " (" outside brackets. Names hold blanks,
 * brackets and operators: "operator< <char>", "call<int (*)(char const*)>". NULL without one.
 */
const char *pp_gdb_end_of_name(struct pp_span s);

/*
 * A frame of gdb, after its number: [0xADDRESS in ]NAME (ARGUMENTS)[ at FILE:LINE| from LIBRARY].
 * "#0" before it says that it is the leaf: the address of others is one that a call returns to.
 */
bool pp_gdb_frame(struct pp_reader *r, struct pp_span text, struct pp_code *frame);

/* A frame of lldb: 0xADDRESS MODULE`NAME(ARGUMENTS) at FILE:LINE, also "OUTER [inlined] NAME". */
bool pp_lldb_frame(struct pp_reader *r, struct pp_span text, struct pp_code *frame);

#endif
