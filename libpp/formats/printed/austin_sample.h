/* austin_sample.h - a sample of austin, from its text or its binary format (MOJO). */
#ifndef PP_PRINTED_AUSTIN_SAMPLE_H
#define PP_PRINTED_AUSTIN_SAMPLE_H

#include "formats/format.h"

/* What is measured; the words after "mode". */
enum pp_austin_mode { PP_AUSTIN_WALL, PP_AUSTIN_CPU, PP_AUSTIN_MEMORY, PP_AUSTIN_FULL };

struct pp_austin {
    struct pp_reader *r;
    enum pp_austin_mode mode;
    bool begun;
    pp_id *frames; /* root first, of the current sample */
    size_t count, cap;
    struct pp_mojo *mojo; /* NULL for text */
};

/* Sets the mode named by `word`; other words are ignored. */
void pp_austin_set_mode(struct pp_austin *a, struct pp_span word);

void pp_austin_push(struct pp_austin *a, const struct pp_code *code);

/* The values of a sample: microseconds, whether it was idle in them, and bytes. */
struct pp_austin_metrics {
    int64_t time, memory;
    bool idle;
};

/* Adds a sample with the frames that were pushed, and clears them. False after failing. */
bool pp_austin_add(struct pp_austin *a, const char *at, struct pp_span thread, uint64_t pid,
                   const struct pp_austin_metrics *m);

#endif
