#include "symbols/instruction.h"

/* The length after an opcode with operands in memory or registers: ModRM, SIB and displacement. */
static unsigned operand_length(const unsigned char *p, size_t left)
{
    if (left < 1)
        return 0;
    unsigned mode = p[0] >> 6, rm = p[0] & 7, n = 1;
    if (mode == 3)
        return n;
    bool sib = rm == 4;
    n += sib;
    if (mode == 1)
        return n + 1;
    if (mode == 2 || (mode == 0 && rm == 5))
        return n + 4;
    return n + (mode == 0 && sib && left > 1 && (p[1] & 7) == 5 ? 4 : 0);
}

static bool is_prefix(unsigned char c)
{
    return c == 0xf2 || c == 0xf3 || c == 0x2e || c == 0x3e || c == 0x66 || c == 0x67 ||
           (c >= 0x40 && c <= 0x4f);
}

static unsigned x86_length(const unsigned char *p, size_t left)
{
    enum { MOST_PREFIXES = 5 };
    unsigned n = 0;
    while (n < left && n < MOST_PREFIXES && is_prefix(p[n]))
        n++;
    if (n >= left)
        return 1;
    unsigned char op = p[n++];
    if ((op >= 0x70 && op <= 0x7f) || op == 0xeb || (op >= 0xe0 && op <= 0xe3) || op == 0xcd)
        return n + 1; /* jcc, jmp, loop, jrcxz, int: one more byte */
    if (op == 0xe8 || op == 0xe9)
        return n + 4;
    if (op == 0xc2 || op == 0xca)
        return n + 2;
    if (op == 0xff)
        return n + operand_length(p + n, left - n);
    if (op == 0x0f && n < left)
        return p[n] >= 0x80 && p[n] <= 0x8f ? n + 5 : n + 1; /* jcc; syscall, sysret */
    return n;                                                /* ret, int3, iret */
}

unsigned pp_branch_length(struct pp_span code, unsigned machine)
{
    const unsigned char *p = (const unsigned char *)code.p;
    switch (machine) {
    case PP_MACHINE_X86_64:
        return x86_length(p, pp_len(code));
    case PP_MACHINE_ARM64:
        return 4;
    case PP_MACHINE_RISCV:
        return pp_len(code) && (p[0] & 3) != 3 ? 2 : 4;
    default:
        return 1;
    }
}
