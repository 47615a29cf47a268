/*
 * costs.h - the syntax that callgrind, cachegrind, memcheck's xtrees and Xdebug share: a header,
 * names that may be numbers, positions that may be relative, and costs. What a line is worth is for
 * the reader of each format, which gets a call for each of them.
 *
 *     positions: line
 *     events: Ir Dr
 *     fl=(1) main.c
 *     fn=(1) main
 *     16 400 20              a cost: at line 16, Ir 400, Dr 20
 *     cfn=(2) parse
 *     calls=3 51             three calls of parse, which begins at line 51,
 *     +1 900 60              made at line 17, and all that they cost
 *
 * https://valgrind.org/docs/manual/cl-format.html, and what the writers do where it is silent:
 * three kinds of names are numbered (objects, files, functions), and keep their numbers to the end
 * of the file; a callee is in the object and the file that are current unless cob= and cfi= say
 * otherwise.
 */
#ifndef PP_VALGRIND_COSTS_H
#define PP_VALGRIND_COSTS_H

#include "formats/valgrind/cost_names.h"
#include "model/code.h"

struct pp_cost_place {
    uint64_t address;
    uint32_t line;
};

/* A function as the file names it: all three are strings of the profile, 0 where not said. */
struct pp_cost_function {
    pp_id object, file, name;
};

enum { PP_COST_POSITIONS = 3 };

struct pp_costs {
    struct pp_reader *r;
    void *ctx; /* the sink's */
    const struct pp_cost_sink *sink;

    /* The header of the part. */
    bool instr[PP_COST_POSITIONS], lines[PP_COST_POSITIONS]; /* what each position is */
    unsigned npositions, nevents; /* columns that the costs below are for */
    unsigned listed;              /* events in the file: more than the model may hold */
    int columns[PP_MAX_COLUMNS];
    int64_t factors[PP_MAX_COLUMNS];
    int64_t sums[PP_MAX_COLUMNS]; /* of the costs of the part that are not calls */
    struct pp_span part, thread;  /* as the header says, or empty */

    /* What the lines before have said. */
    struct pp_cost_names objects, files, functions;
    uint64_t base[PP_COST_POSITIONS];
    struct pp_cost_function function; /* its `file` is the one it is defined in */
    pp_id file;                       /* the current one: code inlined from another has another */
    bool named;                       /* there was a fn= */

    /* The current line. */
    struct pp_cost_place at, target;
    struct pp_cost_function callee;
    uint64_t count; /* of calls */
    int64_t values[PP_MAX_COLUMNS];
    bool no_values; /* a position alone */

    /* Private. */
    bool c_object, c_file, c_name; /* what was said of the callee */
    enum pp_cost_next { PP_COST_SELF, PP_COST_CALL, PP_COST_JUMP } next;
    bool body, any_events;
    bool totals; /* the part has said its totals */
};

struct pp_cost_sink {
    const char *sums; /* the item that has the sums: "totals" or "summary" */

    /* The name and the unit of the column for an event, if not NAME/count. May be NULL. */
    bool (*column)(struct pp_span event, struct pp_span *type, struct pp_span *unit,
                   int64_t *factor);
    /* False after pp_fail(), which ends reading. `at` is the line, for messages. */
    bool (*function)(struct pp_costs *c, const char *at);
    bool (*cost)(struct pp_costs *c, const char *at);
    bool (*call)(struct pp_costs *c, const char *at);
    bool (*blank)(struct pp_costs *c, const char *at); /* an empty line; may be NULL */
    bool (*part)(struct pp_costs *c);                  /* all of one part was read */
};

/* Reads all of `in`: `c` has r, ctx and sink set and is zero else. Release in any case. */
bool pp_costs_read(struct pp_costs *c, struct pp_span in);
void pp_costs_release(struct pp_costs *c);

/* The value of a header item, as "creator", in `head`; empty if there is none before the body. */
struct pp_span pp_costs_header(struct pp_span head, const char *item);

/*
 * The frame of a function at a place in `file`, with lines and addresses if the caller of the
 * reader keeps them. `name` is what it is called. Never 0.
 */
pp_id pp_costs_frame(struct pp_reader *r, const struct pp_cost_function *f, pp_id name, pp_id file,
                     struct pp_cost_place at);

#endif
