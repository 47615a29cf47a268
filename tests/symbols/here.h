/*
 * here.h - addresses with known places in the source.
 *
 * HERE(f) is an instruction, and a label at its address that has the line in its name. nm lists these
 * labels, and tests/symbols.sh looks their addresses up: what is found must be the line of the label,
 * in the function that chains.txt has for `f`. Where functions are inlined, HERE stands in the line
 * that calls the next.
 */
#define TEXT_OF(x) #x
#define LABEL(f, line) __asm__ volatile("here." TEXT_OF(f) "." TEXT_OF(line) ".%=: nop" ::: "memory")
#define HERE(f) LABEL(f, __LINE__)

#ifdef __clang__
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE __attribute__((noinline, noclone))
#endif
#define INLINE __attribute__((always_inline)) inline
