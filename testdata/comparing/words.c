/*
 * words.c - counts the words of a made-up text: the program of docs/comparing.md. ROUNDS is how often
 * hash() goes over a word, so that with 12 in place of 10 it takes 20 % more, and nothing else does.
 * With REFACTORED it does the same, but count() is called add_word(), hash() is inlined in it, and
 * next_word() is split in two.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef ROUNDS
#define ROUNDS 10
#endif

enum { SLOTS = 1 << 11, WORDS = 400, LONGEST = 16 };

struct word {
    char text[LONGEST];
    unsigned count;
};

static struct word table[SLOTS];
static unsigned long long state = 1;

static __attribute__((noinline)) unsigned chance(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33);
}

#ifdef REFACTORED
#define SPLIT static __attribute__((noinline))
#define INLINED static inline __attribute__((always_inline))
#define count(text) add_word(text)
#else
#define SPLIT static inline __attribute__((always_inline))
#define INLINED static __attribute__((noinline))
#endif

SPLIT unsigned choose(void)
{
    return chance() % WORDS * (chance() % 1000) / 1000;
}

/* The more common a word, the shorter. */
SPLIT void spell(unsigned n, char *to)
{
    unsigned i = 0;
    do {
        to[i++] = (char)('a' + n % 26);
        n /= 26;
    } while (n && i < LONGEST - 1);
    to[i] = '\0';
}

INLINED void next_word(char *to)
{
    spell(choose(), to);
}

/* Over and over, with the same outcome. */
INLINED unsigned hash(const char *text)
{
    unsigned h = 0;
    for (int round = 0; round < ROUNDS; round++) {
        h = 2166136261u;
        for (const char *c = text; *c; c++)
            h = (h ^ (unsigned char)*c) * 16777619u;
    }
    return h;
}

static __attribute__((noinline)) void count(const char *text)
{
    unsigned at = hash(text) % SLOTS;
    while (*table[at].text && strcmp(table[at].text, text) != 0)
        at = (at + 1) % SLOTS;
    if (!*table[at].text)
        strcpy(table[at].text, text);
    table[at].count++;
}

static int by_count(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count) - (x->count > y->count)
                                : strcmp(x->text, y->text);
}

static __attribute__((noinline)) void print_most(unsigned n)
{
    static struct word sorted[SLOTS];
    memcpy(sorted, table, sizeof table);
    qsort(sorted, SLOTS, sizeof *sorted, by_count);
    for (unsigned i = 0; i < n; i++)
        printf("%u %s\n", sorted[i].count, sorted[i].text);
}

int main(int argc, char **argv)
{
    char text[LONGEST];
    unsigned long words = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    state = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    for (unsigned long i = 0; i < words; i++) {
        next_word(text);
        count(text);
        if (i % (words / 10 + 1) == 0)
            print_most(3);
    }
    return 0;
}
