/* pprof.h - reading the pprofs in testdata, and writing pprofs. */
#ifndef PP_TESTS_UNIT_PPROF_H
#define PP_TESTS_UNIT_PPROF_H

#include "unit/profiles.h"

/* The contents of testdata/formats/pprof/NAME; the caller frees the bytes. */
static inline struct pp_span slurp(const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/formats/pprof/%s", PP_TESTDATA, name);
    FILE *f = fopen(path, "rb");
    CHECK(f != NULL);
    char *buf = malloc(1 << 20);
    size_t len = f ? fread(buf, 1, 1 << 20, f) : 0;
    if (f)
        fclose(f);
    return (struct pp_span){buf, buf + len};
}

static inline void unslurp(struct pp_span s)
{
    free((void *)(uintptr_t)s.p);
}

/* `p` as a pprof; release it with pp_out_release(). */
static inline struct pp_out written_pprof(const struct pp_profile *p, struct heard *h)
{
    struct pp_out out;
    pp_out_memory(&out, &h->diag);
    CHECK(pp_format_named("pprof")->write(p, &out));
    return out;
}

#endif
