/* Functions that are called as rustc calls its own, in both of its ways. */
#include "here.h"

static volatile int sink;

NOINLINE int legacy(int x) __asm__("_ZN7mycrate6module6legacy17h0123456789abcdefE");
NOINLINE int method(int x) __asm__("_ZN60_$LT$mycrate..Thing$LT$T$GT$$u20$as$u20$core..fmt..Debug$GT$"
                                   "3fmt17h930b740aa94f1d3aE");
NOINLINE int v0(int x) __asm__("_RNvNtCs1234_7mycrate6module2v0");
NOINLINE int generic(int x) __asm__("_RINvMC7mycrateINtB3_3FoolE7genericyE");

int legacy(int x)
{
    HERE(legacy);
    return x + sink;
}

int method(int x)
{
    HERE(method);
    return x - sink;
}

int v0(int x)
{
    HERE(v0);
    return x * sink;
}

int generic(int x)
{
    HERE(generic);
    return x ^ sink;
}

int main(int argc, char **argv)
{
    (void)argv;
    return (legacy(argc) + method(argc) + v0(argc) + generic(argc)) & 1 & sink;
}
