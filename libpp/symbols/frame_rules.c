#include "symbols/frame_rules.h"

#include <stdlib.h>

#include "base/memory.h"
#include "symbols/elfutils_private.h"

/* --- opening ------------------------------------------------------------- */

void pp_rule_book_open(struct pp_rule_book *b, const struct pp_image *image)
{
    *b = (struct pp_rule_book){.eh_frame = dwarf_getcfi_elf(image->elf)};
    b->dwarf = dwarf_begin_elf(image->elf, DWARF_C_READ, NULL);
    if (b->dwarf)
        b->debug_frame = dwarf_getcfi(b->dwarf);
}

/* --- reading ------------------------------------------------------------- */

/* A copy that lives as long as the process, which is a child. */
static const void *copy_ops(const Dwarf_Op *ops, size_t n)
{
    Dwarf_Op *copy = pp_calloc(n, sizeof *copy);
    memcpy(copy, ops, n * sizeof *copy);
    return copy;
}

static void read_frame_address(Dwarf_Frame *frame, struct pp_frame_rules *f)
{
    Dwarf_Op *ops;
    size_t n;
    if (dwarf_frame_cfa(frame, &ops, &n) != 0 || !n) {
        f->known = false;
        return;
    }
    f->simple = n == 1 && ((ops->atom >= DW_OP_breg0 && ops->atom <= DW_OP_breg31) ||
                           ops->atom == DW_OP_bregx);
    if (f->simple) {
        bool x = ops->atom == DW_OP_bregx;
        f->frame_reg = x ? (unsigned)ops->number : (unsigned)ops->atom - DW_OP_breg0;
        f->frame_offset = (int64_t)(x ? ops->number2 : ops->number);
        f->known = f->frame_reg < PP_RULE_REGISTERS;
        return;
    }
    f->ops = copy_ops(ops, n);
    f->nops = n;
}

static struct pp_rule_of rule_of(const Dwarf_Op *ops, size_t n, bool in_memory)
{
    struct pp_rule_of rule = {.kind = PP_RULE_UNDEFINED};
    if (!n) {
        rule.kind = in_memory ? PP_RULE_UNDEFINED : PP_RULE_SAME;
        return rule;
    }
    bool value = ops[n - 1].atom == DW_OP_stack_value;
    size_t without = n - value;
    if (ops->atom == DW_OP_call_frame_cfa && without <= 2 &&
        (without < 2 || ops[1].atom == DW_OP_plus_uconst)) {
        rule.kind = value ? PP_RULE_FRAME : PP_RULE_SAVED;
        rule.offset = without == 2 ? (int64_t)ops[1].number : 0;
    } else if (n == 1 && ops->atom >= DW_OP_reg0 && ops->atom <= DW_OP_reg31) {
        rule.kind = PP_RULE_REGISTER;
        rule.offset = ops->atom - DW_OP_reg0;
    } else if (n == 1 && ops->atom == DW_OP_regx) {
        rule.kind = PP_RULE_REGISTER;
        rule.offset = (int64_t)ops->number;
    } else {
        rule.kind = value ? PP_RULE_VALUE : PP_RULE_EXPRESSION;
        rule.ops = copy_ops(ops, without);
        rule.nops = without;
    }
    return rule;
}

static void read_registers(struct pp_rule_book *b, Dwarf_Frame *frame, unsigned registers,
                           struct pp_frame_rules *f)
{
    Dwarf_Op memory[3], *ops;
    size_t n;
    f->first = (uint32_t)b->nrules;
    for (unsigned reg = 0; reg < registers; reg++) {
        if (dwarf_frame_register(frame, (int)reg, memory, &ops, &n) != 0)
            continue;
        struct pp_rule_of rule = rule_of(ops, n, ops != NULL);
        if (rule.kind == PP_RULE_SAME)
            continue;
        rule.reg = reg;
        PP_GROW(b->rules, b->nrules + 1, b->rules_cap);
        b->rules[b->nrules++] = rule;
    }
    f->count = (uint32_t)(b->nrules - f->first);
}

static bool find_frame(const struct pp_rule_book *b, uint64_t address, Dwarf_Frame **frame)
{
    return (b->eh_frame && dwarf_cfi_addrframe(b->eh_frame, address, frame) == 0) ||
           (b->debug_frame && dwarf_cfi_addrframe(b->debug_frame, address, frame) == 0);
}

static struct pp_frame_rules read_rules(struct pp_rule_book *b, uint64_t address,
                                        unsigned registers)
{
    struct pp_frame_rules f = {.known = false};
    Dwarf_Frame *frame = NULL;
    if (!find_frame(b, address, &frame))
        return f;
    int reg = dwarf_frame_info(frame, NULL, NULL, &f.signal);
    f.return_reg = (unsigned)reg;
    f.known = reg >= 0 && reg < PP_RULE_REGISTERS;
    read_frame_address(frame, &f);
    if (f.known)
        read_registers(b, frame, registers, &f);
    free(frame);
    return f;
}

const struct pp_frame_rules *pp_frame_rules_at(struct pp_rule_book *b, uint64_t address,
                                               unsigned registers)
{
    uint32_t i = *pp_number_at(&b->known, address, (uint32_t)b->nframes);
    if (i == b->nframes) {
        struct pp_frame_rules f = read_rules(b, address, registers);
        PP_GROW(b->frames, b->nframes + 1, b->frames_cap);
        b->frames[b->nframes++] = f;
    }
    return &b->frames[i];
}

/* --- expressions --------------------------------------------------------- */

enum { MOST_VALUES = 64, MOST_STEPS = 1000 };

struct stack {
    uint64_t values[MOST_VALUES];
    size_t n;
    bool bad;
};

static void push(struct stack *s, uint64_t v)
{
    if (s->n == MOST_VALUES)
        s->bad = true;
    else
        s->values[s->n++] = v;
}

static uint64_t pop(struct stack *s)
{
    if (!s->n) {
        s->bad = true;
        return 0;
    }
    return s->values[--s->n];
}

static uint64_t at(struct stack *s, size_t from_top)
{
    s->bad = s->bad || from_top >= s->n;
    return s->bad ? 0 : s->values[s->n - 1 - from_top];
}

static void push_register(const struct pp_rule_machine *m, struct stack *s, uint64_t reg,
                          uint64_t offset)
{
    s->bad = s->bad || reg >= PP_RULE_REGISTERS || !(m->known >> reg & 1);
    push(s, s->bad ? 0 : m->registers[reg] + offset);
}

static void load(const struct pp_rule_machine *m, struct stack *s, unsigned size)
{
    uint64_t value = 0;
    s->bad = !m->load(m->ctx, pop(s), size, &value) || s->bad;
    push(s, value);
}

/* To the right, with copies of the sign bit; C leaves that to the compiler. */
static uint64_t shift_arithmetically(uint64_t v, uint64_t by)
{
    return v >> 63 ? ~(~v >> by) : v >> by;
}

/* a OP b, where `b` was pushed last. */
static void combine(struct stack *s, uint8_t atom)
{
    uint64_t b = pop(s), a = pop(s);
    int64_t x = (int64_t)a, y = (int64_t)b;
    switch (atom) {
    case DW_OP_and:
        push(s, a & b);
        break;
    case DW_OP_or:
        push(s, a | b);
        break;
    case DW_OP_xor:
        push(s, a ^ b);
        break;
    case DW_OP_plus:
        push(s, a + b);
        break;
    case DW_OP_minus:
        push(s, a - b);
        break;
    case DW_OP_mul:
        push(s, a * b);
        break;
    case DW_OP_shl:
        push(s, b < 64 ? a << b : 0);
        break;
    case DW_OP_shr:
        push(s, b < 64 ? a >> b : 0);
        break;
    case DW_OP_shra:
        push(s, shift_arithmetically(a, b < 64 ? b : 63));
        break;
    case DW_OP_eq:
        push(s, x == y);
        break;
    case DW_OP_ne:
        push(s, x != y);
        break;
    case DW_OP_lt:
        push(s, x < y);
        break;
    case DW_OP_le:
        push(s, x <= y);
        break;
    case DW_OP_gt:
        push(s, x > y);
        break;
    case DW_OP_ge:
        push(s, x >= y);
        break;
    default:
        s->bad = true;
    }
}

/* Operations that only move values. False for others. */
static bool move(struct stack *s, const Dwarf_Op *op)
{
    uint64_t a, b;
    switch (op->atom) {
    case DW_OP_dup:
        push(s, at(s, 0));
        return true;
    case DW_OP_over:
        push(s, at(s, 1));
        return true;
    case DW_OP_pick:
        push(s, at(s, op->number));
        return true;
    case DW_OP_drop:
        pop(s);
        return true;
    case DW_OP_swap:
        a = pop(s), b = pop(s);
        push(s, a), push(s, b);
        return true;
    case DW_OP_nop:
        return true;
    default:
        return false;
    }
}

/* Operations that push a constant. False for others. */
static bool push_constant(struct stack *s, const Dwarf_Op *op)
{
    bool literal = op->atom >= DW_OP_lit0 && op->atom <= DW_OP_lit31;
    bool constant = op->atom >= DW_OP_const1u && op->atom <= DW_OP_consts;
    if (literal)
        push(s, op->atom - DW_OP_lit0);
    else if (constant)
        push(s, op->number);
    return literal || constant;
}

static void step(const struct pp_rule_machine *m, struct stack *s, const Dwarf_Op *op)
{
    if (move(s, op) || push_constant(s, op))
        return;
    if (op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31)
        push_register(m, s, op->atom - DW_OP_breg0, op->number);
    else if (op->atom == DW_OP_bregx)
        push_register(m, s, op->number, op->number2);
    else if (op->atom == DW_OP_call_frame_cfa)
        push(s, m->frame);
    else if (op->atom == DW_OP_plus_uconst)
        push(s, pop(s) + op->number);
    else if (op->atom == DW_OP_neg)
        push(s, 0 - pop(s));
    else if (op->atom == DW_OP_not)
        push(s, ~pop(s));
    else if (op->atom == DW_OP_deref)
        load(m, s, 8);
    else if (op->atom == DW_OP_deref_size)
        load(m, s, (unsigned)(op->number <= 8 ? op->number : 8));
    else
        combine(s, op->atom);
}

bool pp_rule_value(const struct pp_rule_machine *m, const void *ops, size_t nops, uint64_t *value)
{
    const Dwarf_Op *op = ops;
    struct stack s = {.n = 0};
    for (size_t i = 0; i < nops && i < MOST_STEPS && !s.bad; i++)
        step(m, &s, &op[i]);
    *value = pop(&s);
    return !s.bad;
}
