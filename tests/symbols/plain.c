/* C: static functions, three levels of inlining, what is rarely run, and assembly. */
#include "here.h"

#include <stdlib.h>

int fortytwo;

static INLINE int innermost(int x)
{
    HERE(innermost);
    return x + fortytwo;
}

static INLINE int middle(int x)
{
    HERE(middle); x = innermost(x);
    return x * 3;
}

static INLINE int outer(int x)
{
    HERE(outer); x = middle(x);
    return x ^ 5;
}

NOINLINE int nest(int x)
{
    HERE(nest); x = outer(x);
    return x - 1;
}

static NOINLINE int hidden(int x)
{
    HERE(hidden);
    return x + fortytwo;
}

static __attribute__((cold, noreturn)) NOINLINE void give_up(void)
{
    HERE(give_up);
    abort();
}

/* Compilers put the second part into a section of its own, as "often.cold". */
NOINLINE int often(int x)
{
    HERE(often);
    if (__builtin_expect(x == 12345, 0))
        give_up();
    return x / 3;
}

__attribute__((section(".text.elsewhere"))) NOINLINE int elsewhere(int x)
{
    HERE(elsewhere);
    return x % 7;
}

/* Its size is not known: no name may be given to it, and not that of the one before it. */
__asm__(".text\n"
        ".globl unsized\n"
        ".type unsized, @function\n"
        "unsized:\n"
        "here.unsized.0.0: nop\n"
        "ret\n"
        ".skip 32, 0xcc\n");
void unsized(void);

int main(int argc, char **argv)
{
    (void)argv;
    fortytwo = 42;
    unsized();
    return (nest(argc) + hidden(argc) + often(argc) + elsewhere(argc)) & 1 & fortytwo;
}
