/* Lengths of branch instructions, as encoded by an assembler. */
#include "symbols/instruction.h"

#include "check.h"

/* The bytes in hexadecimal. */
static unsigned length_of(const char *hex, unsigned machine)
{
    char bytes[16];
    size_t n = 0;
    for (; hex[0] && n < sizeof bytes; hex += 2 + (hex[2] == ' '))
        bytes[n++] = (char)((pp_hex_digit(hex[0]) - 1) * 16 + pp_hex_digit(hex[1]) - 1);
    return pp_branch_length((struct pp_span){bytes, bytes + n}, machine);
}

static void test_x86(void)
{
    static const struct {
        const char *code;
        unsigned length;
    } cases[] = {
        {"74 05 90 90", 2},             /* je */
        {"0f 84 00 01 00 00 90", 6},    /* je, far */
        {"eb fe", 2},                   /* jmp */
        {"e9 00 00 00 00 90", 5},       /* jmp, far */
        {"e8 00 00 00 00 90", 5},       /* call */
        {"f2 e8 00 00 00 00 90", 6},    /* bnd call */
        {"c3 90", 1},                   /* ret */
        {"f3 c3 90", 2},                /* rep ret */
        {"c2 08 00 90", 3},             /* ret 8 */
        {"ff d0 90", 2},                /* call *%rax */
        {"41 ff d4 90", 3},             /* call *%r12 */
        {"ff 10 90", 2},                /* call *(%rax) */
        {"ff 50 08 90", 3},             /* call *8(%rax) */
        {"ff 54 24 08 90", 4},          /* call *8(%rsp) */
        {"ff 90 00 01 00 00 90", 6},    /* call *256(%rax) */
        {"ff 25 00 00 00 00 90", 6},    /* jmp *0(%rip) */
        {"ff 24 c5 00 00 00 00 90", 7}, /* jmp *0(,%rax,8) */
        {"3e ff e0 90", 3},             /* notrack jmp *%rax */
        {"0f 05 90", 2},                /* syscall */
        {"cc", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_INT(length_of(cases[i].code, PP_MACHINE_X86_64), cases[i].length);
}

static void test_what_is_cut_off_is_not_read(void)
{
    CHECK_INT(length_of("f2", PP_MACHINE_X86_64), 1);
    CHECK_INT(length_of("ff", PP_MACHINE_X86_64), 1);
    CHECK_INT(length_of("", PP_MACHINE_X86_64), 1);
}

static void test_others(void)
{
    CHECK_INT(length_of("c0 03 5f d6", PP_MACHINE_ARM64), 4);
    CHECK_INT(length_of("82 80", PP_MACHINE_RISCV), 2);
    CHECK_INT(length_of("67 80 00 00", PP_MACHINE_RISCV), 4);
    CHECK_INT(length_of("00 00", 0), 1);
}

CHECK_MAIN(test_x86, test_what_is_cut_off_is_not_read, test_others)
