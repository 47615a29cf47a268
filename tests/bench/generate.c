/*
 * generate KIND MEGABYTES STACKS - a made-up input, the same each time, on standard output. KIND is
 * perf, perf-shallow, perf-varied, folded or jemalloc. There are STACKS different stacks: 20 to 44
 * deep, alike at the root and ever more different towards the leaf, as those of real programs are.
 * In perf-shallow they are 5 to 18 deep, so that there are more samples; in perf-varied hardly two
 * lines are the same: every sample is somewhere else in the same functions.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FUNCTIONS = 3000, MODULES = 40 };

static uint64_t mix(uint64_t v)
{
    v = (v ^ v >> 31) * UINT64_C(0x9e3779b97f4a7c15);
    v = (v ^ v >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
    return v ^ v >> 32;
}

struct kind {
    const char *name;
    int (*write_one)(const struct kind *k, uint64_t sample, uint64_t stack);
    unsigned shallowest, depths; /* of stacks: so many from the first on */
    const char *folder;          /* of the libraries */
};

static unsigned depth_of(const struct kind *k, uint64_t stack)
{
    return k->shallowest + (unsigned)(mix(stack) % k->depths);
}

/* The function at a depth, outermost being 0: the deeper, the more of the stack's number counts. */
static unsigned function_at(const struct kind *k, uint64_t stack, unsigned depth)
{
    bool leaf = depth + 1 == depth_of(k, stack);
    uint64_t width = (uint64_t)1 << (leaf ? 63 : depth * 5 / 8);
    return (unsigned)(mix(stack % width * 64 + depth) % FUNCTIONS);
}

static void make_name(unsigned function, char *name, size_t size)
{
    static const char *const words[] = {"parse", "scan",   "read", "hash",  "merge",
                                        "copy",  "update", "find", "visit", "emit",
                                        "lock",  "alloc",  "sort", "expand"};
    uint64_t r = mix(function);
    snprintf(name, size, "%s%s_%s_%u", r & 1 ? "engine::" : "", words[r >> 8 & 7],
             words[6 + (r >> 16 & 7)], function);
}

static int write_samples(const struct kind *k, uint64_t sample, uint64_t stack, bool varied)
{
    char name[64];
    uint64_t us = sample * 997;
    int n = printf("worker-%d %7u/%-7u [%03u] %5u.%06u:    1001001 cpu-clock:u: \n",
                   (int)(stack % 8), 4242u, 4243u + (unsigned)(stack % 8), (unsigned)(sample % 4),
                   (unsigned)(us / 1000000), (unsigned)(us % 1000000));
    for (unsigned d = depth_of(k, stack); d-- > 0;) {
        unsigned f = function_at(k, stack, d);
        unsigned offset = varied ? (unsigned)(mix(sample * 64 + d) % 4096) : d * 16;
        make_name(f, name, sizeof name);
        n += printf("\t%16llx %s+0x%x (%s/libengine%u.so.1)\n",
                    0x7f0000000000ULL + f * 4096ULL + offset, name, offset, k->folder, f % MODULES);
    }
    return n + printf("\n");
}

static int write_perf(const struct kind *k, uint64_t sample, uint64_t stack)
{
    return write_samples(k, sample, stack, false);
}

static int write_varied(const struct kind *k, uint64_t sample, uint64_t stack)
{
    return write_samples(k, sample, stack, true);
}

static int write_folded(const struct kind *k, uint64_t sample, uint64_t stack)
{
    char name[64];
    int n = 0;
    for (unsigned d = 0; d < depth_of(k, stack); d++) {
        make_name(function_at(k, stack, d), name, sizeof name);
        n += printf("%s%s", d ? ";" : "", name);
    }
    return n + printf(" %u\n", 1 + (unsigned)(sample % 9));
}

static int write_jemalloc(const struct kind *k, uint64_t sample, uint64_t stack)
{
    int n = printf("@");
    for (unsigned d = depth_of(k, stack); d-- > 0;)
        n += printf(" 0x%llx", 0x400000ULL + function_at(k, stack, d) * 4096ULL + d * 16);
    unsigned objects = 1 + (unsigned)(sample % 50);
    n += printf("\n  t*: %u: %u [0: 0]\n", objects, objects * 96);
    return n + printf("  t3: %u: %u [0: 0]\n", objects, objects * 96);
}

int main(int argc, char **argv)
{
    static const char libraries[] = "/usr/lib/x86_64-linux-gnu";
    static const struct kind kinds[] = {{"perf", write_perf, 20, 25, libraries},
                                        {"perf-shallow", write_perf, 5, 14, "/usr/lib"},
                                        {"perf-varied", write_varied, 20, 25, libraries},
                                        {"folded", write_folded, 20, 25, libraries},
                                        {"jemalloc", write_jemalloc, 20, 25, libraries}};
    const struct kind *kind = NULL;
    for (size_t i = 0; argc == 4 && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(argv[1], kinds[i].name) == 0)
            kind = &kinds[i];
    if (!kind)
        return fprintf(stderr, "Usage: generate KIND MEGABYTES STACKS\n"), 2;
    uint64_t left = strtoull(argv[2], NULL, 10) * 1000000, stacks = strtoull(argv[3], NULL, 10);
    if (kind->write_one == write_jemalloc)
        printf("heap_v2/524288\n  t*: 100: 9600 [0: 0]\n");
    for (uint64_t sample = 0; left; sample++) {
        /* Each stack once, then as it comes. */
        uint64_t stack = sample < stacks ? sample : mix(sample) % stacks;
        uint64_t n = (uint64_t)kind->write_one(kind, sample, stack);
        left = n < left ? left - n : 0;
    }
    if (kind->write_one == write_jemalloc)
        printf("\nMAPPED_LIBRARIES:\n00400000-01400000 r-xp 00000000 08:01 77 /usr/bin/engine\n");
    return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
