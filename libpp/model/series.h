/*
 * series.h - what the samples of a profile were worth at several times: a profile for the stacks,
 * and a list for each time of the samples that had a value then. A stack that is in every one of
 * hundreds of heap dumps is in memory once.
 */
#ifndef PP_MODEL_SERIES_H
#define PP_MODEL_SERIES_H

#include "model/profile.h"

/* The value of a sample, and its variance (model/sampling.h), in the unit of the column. */
struct pp_cell {
    pp_id sample; /* its number, which is the `copy` of the sample in the profile */
    float variance;
    double value;
};

/* One profile of several. */
struct pp_dump {
    char *name;
    int64_t time_ns;     /* Unix time; 0 if it doesn't say */
    bool sampling_known; /* so that variances mean something */
    struct pp_cell *cells;
    size_t ncells, cells_cap;
};

struct pp_series {
    struct pp_dump *dumps; /* in the order of time, when they are all there */
    size_t count, cap;
    unsigned column; /* of one file: that of the profile whose values these are */
};

/*
 * Begins another dump, and adds a sample's value to the one that was begun last: for readers of
 * formats that hold several (formats/format.h). `sample` is the id in the profile; a copy of `name`
 * is kept.
 */
void pp_series_begin(struct pp_series *s, struct pp_span name, int64_t time_ns);
void pp_series_put(struct pp_series *s, pp_id sample, double value);

void pp_series_release(struct pp_series *s);

/* Orders the dumps by their times, if all say one and `*s` has several. Whether it did. */
bool pp_series_sort(struct pp_series *s);

#endif
