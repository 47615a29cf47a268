/* gdb_names.h - the frames of debuggers: NAME (ARGUMENTS) at FILE:LINE. */
#ifndef PP_PRINTED_GDB_NAMES_H
#define PP_PRINTED_GDB_NAMES_H

#include "formats/format.h"

/*
 * The end of the name at the start of `s`: its first " (" outside of brackets. Names may contain
 * blanks, brackets and operators: "operator< <char>", "call<int (*)(char const*)>". NULL if there
 * is none.
 */
const char *pp_gdb_end_of_name(struct pp_span s);

/*
 * A frame of gdb, after its number: [0xADDRESS in ]NAME (ARGUMENTS)[ at FILE:LINE| from LIBRARY].
 * "#0" before it marks the leaf: the addresses of others are return addresses.
 */
bool pp_gdb_frame(struct pp_reader *r, struct pp_span text, struct pp_code *frame);

/* A frame of lldb: 0xADDRESS MODULE`NAME(ARGUMENTS) at FILE:LINE, also "OUTER [inlined] NAME". */
bool pp_lldb_frame(struct pp_reader *r, struct pp_span text, struct pp_code *frame);

#endif
