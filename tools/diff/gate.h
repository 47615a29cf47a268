/* gate.h - --fail-if: conditions on the change between two profiles. */
#ifndef PP_TOOLS_DIFF_GATE_H
#define PP_TOOLS_DIFF_GATE_H

#include "diff/sides.h"
#include "report/change.h"
#include "transform/condition.h"

/* The result of a condition. */
struct pp_answer {
    struct pp_delta change; /* of the functions that the condition names */
    double p, q;
    bool holds;
    struct pp_span unit;
    char *said; /* the result as text, without the condition */
};

/* The conditions of the command line, and their results. */
struct pp_gate {
    const struct pp_list *texts;
    struct pp_condition **conditions;
    struct pp_answer *answers;
    size_t count;
    bool ignore_noise; /* changes that may be noise do not count */
    struct pp_arena units;
};

/* Parses the conditions. False after an error message. Release in any case. */
bool pp_gate_init(struct pp_gate *g, const struct pp_list *texts);
void pp_gate_release(struct pp_gate *g);

/*
 * Returns a usage error if a condition names a column or a label, since a baseline has one column
 * and no labels.
 */
int pp_gate_check_baseline(const struct pp_gate *g);

/* Whether a condition selects samples by a label. */
bool pp_gate_needs_labels(const struct pp_gate *g);

/* Whether a condition is about this view of the profiles. */
bool pp_is_view_of(const struct pp_condition *c, const struct pp_view *view);

/*
 * Evaluates the conditions about sides->view. PP_EXIT_USAGE for a condition that does not fit the
 * column; PP_EXIT_FAILED for a pattern that gave up, and for a level of significance where the
 * noise is unknown: a condition that could not be evaluated never counts as passed.
 */
int pp_gate_ask(struct pp_gate *g, const struct pp_sides *sides);

/*
 * Call when all conditions have been evaluated: prints a line for each one that holds, and sets
 * `said` of every answer. q-values are computed over the conditions that have a level of q.
 * PP_EXIT_CHANGED if any holds.
 */
int pp_gate_decide(struct pp_gate *g);

#endif
