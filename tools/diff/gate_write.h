/* gate_write.h - writes the results of the conditions, for a pull request and for a CI server. */
#ifndef PP_TOOLS_DIFF_GATE_WRITE_H
#define PP_TOOLS_DIFF_GATE_WRITE_H

#include "base/out.h"
#include "diff/gate.h"

/*
 * Markdown: a line that says whether any condition holds, and a table of all. Writes nothing if
 * there are no conditions.
 */
void pp_gate_put_markdown(const struct pp_gate *g, struct pp_out *out);

/*
 * As JUnit's XML, which CI servers show as tests: a test case for each condition, failed if it
 * holds (the elements and attributes of the schema of Jenkins' xunit plugin, junit-10.xsd).
 */
void pp_gate_put_junit(const struct pp_gate *g, struct pp_out *out);

#endif
