/*
 * fuzz.h - shared by the fuzz targets. A target is a file here with LLVMFuzzerTestOneInput(), whose
 * head says what must hold for any bytes; its seeds are in testdata/fuzz/<name>/. `./dev fuzz
 * <name>` runs it; with replay.c it is a test in every other build.
 */
#ifndef PP_TESTS_FUZZ_FUZZ_H
#define PP_TESTS_FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/out.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A target may mutate inputs in its own way: `size` bytes to at most `max_size`. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
/* From libFuzzer, or replay.c: changes some bytes. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/*
 * The end of a mutator: `changed`, which is released, takes the place of the input if it is neither
 * empty nor too large; else libFuzzer changes some bytes. Returns the new size.
 */
static inline size_t mutated(struct pp_out *changed, uint8_t *data, size_t size, size_t max_size)
{
    bool fits = changed->len && changed->len <= max_size;
    if (fits)
        memcpy(data, changed->buf, changed->len);
    size = fits ? changed->len : LLVMFuzzerMutate(data, size, max_size);
    pp_out_release(changed);
    return size;
}

/* Ends the program in a way that the fuzzer notices. */
static inline void demand(bool ok, const char *what, struct pp_span where)
{
    if (ok)
        return;
    fprintf(stderr, "not true: %s: '%.*s'\n", what, PP_SHOW(where));
    abort();
}

/* Receivers of messages. */
static inline void ignore(struct pp_diag *d, const struct pp_message *m)
{
    (void)d, (void)m;
}

static inline void show(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    fprintf(stderr, "%s\n", m->text);
}

#endif
