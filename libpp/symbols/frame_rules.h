/*
 * frame_rules.h - the rules for unwinding from a function to its caller: where the caller's
 * registers are, by address. libdw reads them from .eh_frame; they are cached by address.
 */
#ifndef PP_SYMBOLS_FRAME_RULES_H
#define PP_SYMBOLS_FRAME_RULES_H

#include "base/number_map.h"
#include "symbols/image.h"

/* Registers by DWARF's numbers. */
enum { PP_RULE_REGISTERS = 34 };

enum pp_rule_kind_of {
    PP_RULE_SAME,       /* the caller has the same value */
    PP_RULE_UNDEFINED,  /* it is lost */
    PP_RULE_SAVED,      /* it lies at the frame's address + offset */
    PP_RULE_FRAME,      /* it equals the frame's address + offset */
    PP_RULE_REGISTER,   /* it is in the register `offset` */
    PP_RULE_EXPRESSION, /* it is at the address that the expression gives */
    PP_RULE_VALUE,      /* it is the value of the expression */
};

struct pp_rule_of {
    enum pp_rule_kind_of kind;
    unsigned reg; /* its register, by DWARF's number */
    int64_t offset;
    const void *ops; /* the expression: libdw's operations */
    size_t nops;
};

/* The rules at an address. Registers without a rule stay the same. */
struct pp_frame_rules {
    bool known;         /* there are rules */
    bool signal;        /* called by a signal: the caller's address is exact */
    bool simple;        /* the frame's address is a register + offset */
    unsigned frame_reg; /* if simple */
    int64_t frame_offset;
    const void *ops; /* otherwise an expression */
    size_t nops;
    unsigned return_reg;   /* the register with the return address */
    uint32_t first, count; /* in pp_rule_book.rules */
};

/* A cache of the rules of a program. */
struct pp_rule_book {
    void *eh_frame, *debug_frame; /* libdw's handles */
    void *dwarf;
    struct pp_number_map known; /* index in `frames`, by address */
    struct pp_frame_rules *frames;
    struct pp_rule_of *rules;
    size_t nframes, frames_cap, nrules, rules_cap;
};

/* `image` outlives the book. A book is never released: it lives as long as its child process. */
void pp_rule_book_open(struct pp_rule_book *b, const struct pp_image *image);

/* The rules at an address of the file. Valid until the next call. */
const struct pp_frame_rules *pp_frame_rules_at(struct pp_rule_book *b, uint64_t address,
                                               unsigned registers);

/* What an expression can read. */
struct pp_rule_machine {
    uint64_t frame;            /* the frame's address */
    const uint64_t *registers; /* by DWARF's numbers */
    uint64_t known;            /* bit i: the value of register i is known */
    bool (*load)(void *ctx, uint64_t address, unsigned size, uint64_t *value);
    void *ctx;
};

/* Evaluates an expression; false if that fails. */
bool pp_rule_value(const struct pp_rule_machine *m, const void *ops, size_t nops, uint64_t *value);

#endif
