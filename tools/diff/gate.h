/* gate.h - --fail-if: what must not happen between two profiles. */
#ifndef PP_TOOLS_DIFF_GATE_H
#define PP_TOOLS_DIFF_GATE_H

#include "diff/sides.h"
#include "transform/condition.h"

/* The conditions of the command line. */
struct pp_gate {
    struct pp_condition **conditions;
    size_t count;
    bool ignore_noise; /* what may be chance doesn't count */
};

/* False after telling the user what is wrong with one of them. Release in any case. */
bool pp_gate_init(struct pp_gate *g, const struct pp_list *texts);
void pp_gate_release(struct pp_gate *g);

/*
 * Prints a line for each condition that holds. PP_EXIT_CHANGED if any does, PP_EXIT_USAGE for one
 * that doesn't fit the column, PP_EXIT_FAILED for a pattern that gave up.
 */
int pp_gate_check(const struct pp_gate *g, const struct pp_list *texts,
                  const struct pp_sides *sides);

#endif
