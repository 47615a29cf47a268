/*
 * Makes cpu.in: cc -O1 -fno-omit-frame-pointer -o record -Wl,--no-as-needed record.c -lprofiler;
 * then CPUPROFILE_FREQUENCY=100 CPUPROFILE=cpu.in ./record
 */
#include <time.h>

static volatile unsigned sink;

__attribute__((noinline)) static void spin(unsigned rounds)
{
    for (unsigned i = 0; i < rounds; i++)
        sink = sink * 7 + i;
}

__attribute__((noinline)) static void parse(void)
{
    spin(30000);
    sink++;
}

__attribute__((noinline)) static void emit(void)
{
    spin(10000);
    sink++;
}

int main(void)
{
    clock_t end = clock() + CLOCKS_PER_SEC / 4;
    while (clock() < end) {
        parse();
        emit();
    }
    return 0;
}
