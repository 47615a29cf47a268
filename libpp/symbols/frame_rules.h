/*
 * frame_rules.h - how to get from a function to its caller at an address of a program: where the
 * caller's registers are. Read by libdw from .eh_frame, and kept by address.
 */
#ifndef PP_SYMBOLS_FRAME_RULES_H
#define PP_SYMBOLS_FRAME_RULES_H

#include "base/number_map.h"
#include "symbols/image.h"

/* Registers by the numbers that DWARF has of them. */
enum { PP_RULE_REGISTERS = 34 };

enum pp_rule_kind_of {
    PP_RULE_SAME,       /* the caller has the same value */
    PP_RULE_UNDEFINED,  /* it is lost */
    PP_RULE_SAVED,      /* it lies at the frame's address + offset */
    PP_RULE_FRAME,      /* it is the frame's address + offset */
    PP_RULE_REGISTER,   /* it is in the register `offset` */
    PP_RULE_EXPRESSION, /* it lies at what the expression says */
    PP_RULE_VALUE,      /* it is what the expression says */
};

struct pp_rule_of {
    enum pp_rule_kind_of kind;
    unsigned reg; /* of which: DWARF's number */
    int64_t offset;
    const void *ops; /* of an expression: libdw's operations */
    size_t nops;
};

/* The rules at an address. Registers without one stay the same. */
struct pp_frame_rules {
    bool known;         /* there are rules */
    bool signal;        /* a signal has called: where it came from is exact */
    bool simple;        /* the frame's address is a register + offset */
    unsigned frame_reg; /* if simple */
    int64_t frame_offset;
    const void *ops; /* else an expression */
    size_t nops;
    unsigned return_reg;   /* the register that the return address is in */
    uint32_t first, count; /* in pp_rule_book.rules */
};

/* All rules of a program that were asked for. */
struct pp_rule_book {
    void *eh_frame, *debug_frame; /* libdw's handles */
    void *dwarf;
    struct pp_number_map known; /* index in `frames`, by address */
    struct pp_frame_rules *frames;
    struct pp_rule_of *rules;
    size_t nframes, frames_cap, nrules, rules_cap;
};

void pp_rule_book_open(struct pp_rule_book *b, const struct pp_image *image);
void pp_rule_book_close(struct pp_rule_book *b);

/* The rules at an address of the file. Valid until the next call. */
const struct pp_frame_rules *pp_frame_rules_at(struct pp_rule_book *b, uint64_t address,
                                               unsigned registers);

/* What an expression may ask for. */
struct pp_rule_machine {
    uint64_t frame;            /* the frame's address */
    const uint64_t *registers; /* by DWARF's numbers */
    uint64_t known;            /* bit i: the value of register i is */
    bool (*load)(void *ctx, uint64_t address, unsigned size, uint64_t *value);
    void *ctx;
};

/* The value of an expression; false if it cannot be worked out. */
bool pp_rule_value(const struct pp_rule_machine *m, const void *ops, size_t nops, uint64_t *value);

#endif
