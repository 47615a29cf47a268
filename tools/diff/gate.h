/* gate.h - --fail-if: what must not happen between two profiles. */
#ifndef PP_TOOLS_DIFF_GATE_H
#define PP_TOOLS_DIFF_GATE_H

#include "diff/sides.h"
#include "report/change.h"
#include "transform/condition.h"

/* What became of a condition. */
struct pp_answer {
    struct pp_delta change; /* of the functions that it is about */
    double p, q;
    bool holds;
    struct pp_span unit;
    char *said; /* what there is to say of it */
};

/* The conditions of the command line, and what became of each. */
struct pp_gate {
    const struct pp_list *texts;
    struct pp_condition **conditions;
    struct pp_answer *answers;
    size_t count;
    bool ignore_noise; /* what may be chance doesn't count */
    struct pp_arena units;
};

/* False after telling the user what is wrong with one of them. Release in any case. */
bool pp_gate_init(struct pp_gate *g, const struct pp_list *texts);
void pp_gate_release(struct pp_gate *g);

/* A usage error for a condition that a baseline cannot answer, as it has no other columns, and no
 * labels. */
int pp_gate_check_baseline(const struct pp_gate *g);

/* Whether a condition is of samples with a label. */
bool pp_gate_needs_labels(const struct pp_gate *g);

/* Whether a condition is of this view of the profiles. */
bool pp_is_view_of(const struct pp_condition *c, const struct pp_view *view);

/*
 * Asks those conditions that are of sides->view.
 * PP_EXIT_USAGE for one that doesn't fit the column, PP_EXIT_FAILED for a pattern that gave up, or
 * for a level where it is not known what chance makes: no gate is passed unseen.
 */
int pp_gate_ask(struct pp_gate *g, const struct pp_sides *sides);

/*
 * When all are asked: prints a line for each condition that holds, and leaves in each answer what
 * there is to say. A q-value is that among the conditions that ask for one. PP_EXIT_CHANGED if any
 * holds.
 */
int pp_gate_decide(struct pp_gate *g);

#endif
