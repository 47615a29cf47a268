/* ghc_centres.h - adds cost centres, for both forms of GHC's reports; and reads the JSON form. */
#ifndef PP_PRINTED_GHC_CENTRES_H
#define PP_PRINTED_GHC_CENTRES_H

#include "formats/printed/rows.h"

/* Set `r`; release at the end. */
struct pp_ghc {
    struct pp_reader *r;
    int64_t tick;        /* nanoseconds; set it before adding anything */
    struct pp_table ids; /* of cost centres in JSON; .width is 0 until they are read */
    pp_id *frames;       /* by the row of their id */
    size_t frames_cap;
    struct pp_ghc_open {
        pp_id node;
        int64_t ticks, alloc;
        bool known; /* its cost centre was read */
    } * open;       /* the nodes of JSON that are open */
    size_t count, cap;
};

/* Adds the columns: time, samples and alloc_space. */
void pp_ghc_begin(struct pp_ghc *c);

/* The frame MODULE.NAME, defined at `place`: "FILE:LINE:COLUMNS" or "FILE:(LINE,COLUMN)-(...)". */
pp_id pp_ghc_frame(struct pp_ghc *c, struct pp_span module, struct pp_span name,
                   struct pp_span place);

bool pp_ghc_add(struct pp_ghc *c, const char *at, pp_id node, int64_t ticks, int64_t alloc);

/* Reads {"tick_interval":...,"cost_centres":[...],"profile":{...}}. */
bool pp_ghc_json(struct pp_ghc *c, struct pp_span in);

void pp_ghc_release(struct pp_ghc *c);

#endif
