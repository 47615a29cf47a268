/*
 * costs.h - the syntax shared by callgrind, cachegrind, memcheck's xtrees and Xdebug: a header,
 * names that may be numbers, positions that may be relative, and costs. The reader of each format
 * gets a call for each line.
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
 * https://valgrind.org/docs/manual/cl-format.html, and where it says nothing, what the writers do:
 * three kinds of names are numbered (objects, files, functions), and keep their numbers to the end
 * of the file; a callee is in the current object and file unless cob= and cfi= say otherwise.
 */
#ifndef PP_VALGRIND_COSTS_H
#define PP_VALGRIND_COSTS_H

#include "formats/valgrind/cost_names.h"
#include "model/code.h"

struct pp_cost_place {
    uint64_t address;
    uint32_t line;
};

/* A function as in the file: strings of the profile; 0: not given. */
struct pp_cost_function {
    pp_id object, file, name;
};

enum { PP_COST_POSITIONS = 3 };

struct pp_costs {
    struct pp_reader *r;
    void *ctx; /* the sink's */
    const struct pp_cost_sink *sink;

    /* The header of the part. */
    bool instr[PP_COST_POSITIONS], lines[PP_COST_POSITIONS]; /* which kind each position is */
    unsigned npositions, nevents; /* the number of columns of the costs below */
    unsigned listed; /* events in the file, which may be more than the model can hold */
    int columns[PP_MAX_COLUMNS];
    int64_t factors[PP_MAX_COLUMNS];
    int64_t sums[PP_MAX_COLUMNS]; /* of the self costs of the part */
    struct pp_span part, thread;  /* from the header, or empty */

    /* From earlier lines. */
    struct pp_cost_names objects, files, functions;
    uint64_t base[PP_COST_POSITIONS];
    struct pp_cost_function function; /* its `file` is the one where it is defined */
    pp_id file;                       /* the current file: inlined code has another one */
    bool named;                       /* there was a fn= line */

    /* The current line. */
    struct pp_cost_place at, target;
    struct pp_cost_function callee;
    uint64_t count; /* of calls */
    int64_t values[PP_MAX_COLUMNS];
    bool no_values; /* only a position */

    /* Private. */
    bool c_object, c_file, c_name; /* given for the callee */
    enum pp_cost_next { PP_COST_SELF, PP_COST_CALL, PP_COST_JUMP } next;
    bool body, any_events;
    bool totals; /* the part has given its totals */
    bool at_end; /* no other part follows */
};

struct pp_cost_sink {
    const char *sums; /* the header item with the sums: "totals" or "summary" */

    /* The name and unit of the column for an event, if it is not NAME/count. May be NULL. */
    bool (*column)(struct pp_span event, struct pp_span *type, struct pp_span *unit,
                   int64_t *factor);
    /* These are false after pp_fail(), which ends reading. `at` is the line, for messages. */
    bool (*function)(struct pp_costs *c, const char *at);
    bool (*cost)(struct pp_costs *c, const char *at);
    bool (*call)(struct pp_costs *c, const char *at);
    bool (*blank)(struct pp_costs *c, const char *at); /* an empty line; may be NULL */
    bool (*part)(struct pp_costs *c);                  /* a part has been read */
};

/*
 * Reads all of `in`. The caller sets r, ctx and sink of `c`, zeroes the rest, and releases it in
 * any case.
 */
bool pp_costs_read(struct pp_costs *c, struct pp_span in);
void pp_costs_release(struct pp_costs *c);

/*
 * The value of a header item, such as "creator", in `head`; empty if there is none before the body.
 */
struct pp_span pp_costs_header(struct pp_span head, const char *item);

/* Whether this is a name, not one of those that mean that none is known. */
bool pp_costs_is_named(struct pp_span name);

/*
 * The frame of a function at a place in `file`, with lines and addresses if the reader keeps them.
 * `name` is its name. Never 0.
 */
pp_id pp_costs_frame(struct pp_reader *r, const struct pp_cost_function *f, pp_id name, pp_id file,
                     struct pp_cost_place at);

#endif
