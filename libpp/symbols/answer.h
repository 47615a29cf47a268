/*
 * answer.h - what was found about the addresses of a module, sent from the child process that looks
 * it up to the parent that waits.
 *
 * It is a stream of records, so what a child sent before it crashed still counts.
 */
#ifndef PP_SYMBOLS_ANSWER_H
#define PP_SYMBOLS_ANSWER_H

#include "base/out.h"
#include "base/table.h"

/* A function. */
struct pp_found_function {
    struct pp_span name, system_name, file; /* system_name is empty if it equals name */
    uint32_t line;
};

/* A function at an address, and the place of the address in it. */
struct pp_found_frame {
    uint32_t function; /* its number in the answer */
    uint32_t line, column, discriminator;
};

/* Problems, for messages. */
enum pp_symbol_problem {
    PP_BINARY_MISSING,
    PP_BINARY_UNREADABLE,
    PP_BINARY_NOT_ELF,
    PP_BINARY_DIFFERS, /* by its build id */
    PP_BINARY_DOES_NOT_FIT,
    PP_BINARY_CHANGED,
    PP_BINARY_DELETED,
    PP_BINARY_NOT_PLACED,
    PP_DEBUG_FILE_DIFFERS,
    PP_DEBUG_INFO_BAD,
    PP_SPLIT_MISSING,
    PP_LIST_UNREADABLE, /* a list of symbols, such as one of a JIT compiler */
    PP_LIST_BAD,
    PP_SYMBOL_PROBLEMS,
};

/* What the file of the module has: bits of pp_mapping.flags. */
struct pp_found_module {
    struct pp_span build_id;
    uint32_t flags;
};

/* --- sending ------------------------------------------------------------- */

struct pp_answer {
    struct pp_out *out;
    struct pp_strings texts;
    struct pp_table functions;
};

void pp_answer_init(struct pp_answer *a, struct pp_out *out);
void pp_answer_release(struct pp_answer *a);

/* The number of a function, which has a name. Equal functions have the same number. */
uint32_t pp_answer_function(struct pp_answer *a, const struct pp_found_function *f);

/* Sends the `n` frames at a location: the function itself first, then the calls inlined in it. */
void pp_answer_location(struct pp_answer *a, uint32_t location, const struct pp_found_frame *frames,
                        uint32_t n);
void pp_answer_module(struct pp_answer *a, const struct pp_found_module *m);
void pp_answer_problem(struct pp_answer *a, enum pp_symbol_problem problem, const char *file,
                       const char *detail);

/*
 * A count about the location that was sent last, from branches: how often it was executed, and the
 * same times its size in bytes; or how often it called a function, which begins at `address` of the
 * file.
 */
struct pp_found_count {
    uint64_t address; /* of the file */
    int64_t executed, bytes;
};

struct pp_found_call {
    uint64_t address;
    int64_t times;
    uint32_t function;
    uint32_t zero; /* so that no padding is sent */
};

void pp_answer_count(struct pp_answer *a, const struct pp_found_count *count);
void pp_answer_call(struct pp_answer *a, const struct pp_found_call *call);

/* Marks the answer as complete. */
void pp_answer_end(struct pp_answer *a);

/* --- receiving ----------------------------------------------------------- */

struct pp_answer_reader {
    void *ctx;
    void (*function)(void *ctx,
                     const struct pp_found_function *f); /* numbered from 0, in this order */
    void (*location)(void *ctx, uint32_t location, const struct pp_found_frame *frames, uint32_t n);
    void (*module)(void *ctx, const struct pp_found_module *m);
    void (*problem)(void *ctx, enum pp_symbol_problem problem, const char *file,
                    const char *detail);
    void (*count)(void *ctx, const struct pp_found_count *c); /* NULL: ignored */
    void (*call)(void *ctx, const struct pp_found_call *c);   /* NULL: ignored */
};

/*
 * Calls these for all records of the answer at the start of `*bytes`, and moves `*bytes` past it.
 * False if the answer is incomplete.
 */
bool pp_answer_read(struct pp_span *bytes, const struct pp_answer_reader *reader);

#endif
