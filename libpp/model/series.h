/*
 * series.h - the values of a profile's samples at several times: one profile for the stacks, and
 * for each time a list of the samples that had a value. A stack that is in hundreds of heap dumps
 * is stored once.
 */
#ifndef PP_MODEL_SERIES_H
#define PP_MODEL_SERIES_H

#include "model/profile.h"

/* The value of a sample, and its variance (model/sampling.h), in the unit of the column. */
struct pp_cell {
    pp_id sample; /* its number, which is its `copy` in the profile */
    float variance;
    double value;
};

/* One of several profiles. */
struct pp_dump {
    char *name;
    int64_t time_ns;     /* Unix time; 0: unknown */
    bool sampling_known; /* whether variances mean something */
    struct pp_cell *cells;
    size_t ncells, cells_cap;
};

struct pp_series {
    struct pp_dump *dumps; /* by time, once all are there */
    size_t count, cap;
    unsigned column;    /* of one file: the column of the profile that has the values */
    const char *wanted; /* of one file: the type of the column to take, if there is a choice; NULL:
                           the default */
};

/*
 * Begin another dump, and add a sample's value to the last one: for readers of formats that hold
 * several (formats/format.h). `sample` is the id in the profile; `name` is copied.
 */
void pp_series_begin(struct pp_series *s, struct pp_span name, int64_t time_ns);
void pp_series_put(struct pp_series *s, pp_id sample, double value);

void pp_series_release(struct pp_series *s);

/* Sorts the dumps by time, if there are several and all have one. Returns whether it did. */
bool pp_series_sort(struct pp_series *s);

#endif
