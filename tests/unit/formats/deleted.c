/*
 * A file that was deleted or replaced while it was mapped is one module with what it was before, in
 * each text format that names modules as Linux does.
 */
#include "unit/profiles.h"

#define GONE "/srv/my app (deleted)"

static const struct {
    const char *format, *text;
} inputs[] = {
    {"perf-script", "a 5 1.1: 1 c: \n\t10 f+0x1 (" GONE ")\n\n"},
    {"perf-script", "a 5 1.1: 1 c: \n\t10 f+0x1 (" GONE " (deleted))\n\n"},
    {"jemalloc", "heap_v2/1\n  t*: 1: 8 [0: 0]\n@ 0x1001\n  t*: 1: 8 [0: 0]\n\nMAPPED_LIBRARIES:\n"
                 "00001000-00009000 r-xp 00000000 08:01 1 " GONE "\n"},
    {"tcmalloc", "heap profile: 1: 8 [1: 8] @ heapprofile\n1: 8 [1: 8] @ 0x1001\n\n"
                 "MAPPED_LIBRARIES:\n00001000-00009000 r-xp 00000000 08:01 1 " GONE "\n"},
    {"eu-stack", "PID 1 - p\nTID 1:\n#0  0x00000000000010 f - " GONE "\n"},
    {"strace", "7 read(0) = 0\n > " GONE "(f+0x65) [0x10]\n"},
    {"gdb", "Thread 1 (process 9):\n#0  0x0000000000000010 in f () from " GONE "\n"},
    {"stap", " 0x1120 : f+0x4/0x10 [" GONE "]\n\t3\n"},
    {"callgrind", "version: 1\nevents: Ir\nob=" GONE "\nfl=a.c\nfn=f\n1 5\n"},
    {"heaptrack-raw", "v 10400 3\nx 15 " GONE "\nm 1 x 1000 0 9000\nt 1010 0\n+ 8 1 2000\n"},
};

static void test_a_deleted_file_keeps_its_name(void)
{
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        struct pp_profile *p = profile_of(inputs[i].format, pp_str(inputs[i].text), 1);
        unsigned named = 0, wrong = 0;
        for (size_t m = 1; p && m < p->mappings.count; m++) {
            struct pp_span file = pp_text(p, pp_mapping(p, (pp_id)m)->file);
            named += pp_is(file, "/srv/my app");
            wrong += pp_find_text(file, "deleted") != NULL;
        }
        if (!named || wrong) {
            fprintf(stderr, "%s: row %zu: %u mappings have the name, %u another\n",
                    inputs[i].format, i, named, wrong);
            check_failures++;
        }
        pp_profile_free(p);
    }
}

CHECK_MAIN(test_a_deleted_file_keeps_its_name)
