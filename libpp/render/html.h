/*
 * html.h - a profile as one page that stands alone, made for large ones: graphs, callers and
 * callees of a function, a table, a filter, for all columns. docs/flamegraph.md describes it.
 *
 * All that comes from the profile or the options is in it as escaped text or in base64, and a
 * Content-Security-Policy lets nothing run or load but the page's own script and style.
 */
#ifndef PP_RENDER_HTML_H
#define PP_RENDER_HTML_H

#include "render/svg.h"

/* What a comparison says of a function: NAN where nothing can be said. */
struct pp_html_change {
    struct pp_span name;
    double sigma_self, q_self, sigma_total, q_total;
};

struct pp_html_changes {
    const struct pp_html_change *list;
    size_t count;
    bool tested; /* whether noise can be estimated at all */
};

/* What a stack does over a series of dumps. */
enum {
    PP_HTML_GROWTH,
    PP_HTML_GROWTH_ERROR,
    PP_HTML_GROWTH_PER_SECOND,
    PP_HTML_LOSS,
    PP_HTML_LOSS_ERROR,
    PP_HTML_FIT,
    PP_HTML_GREW,
    PP_HTML_FIRST,
    PP_HTML_LAST,
    PP_HTML_SINCE,
    PP_HTML_LEAK_NUMBERS
};

struct pp_html_leak {
    pp_id node;                           /* of the profile */
    size_t trend;                         /* of `trends` */
    double numbers[PP_HTML_LEAK_NUMBERS]; /* NAN: unknown */
};

struct pp_html_series {
    size_t ndumps;
    const char *const *names;
    const int64_t *times_ns; /* Unix time; 0: unknown */
    const char *const *trends;
    size_t ntrends, nrows;
    const struct pp_html_leak *rows;
    const double *values; /* of row `i` at i * ndumps, in the unit of the column */
};

/* Machine code. Addresses are those that frames have. */
struct pp_html_instruction {
    uint64_t address;
    struct pp_span text;
    struct pp_span file; /* of the source */
    uint32_t line;       /* 0: unknown */
};

struct pp_html_routine {
    struct pp_span function, module;
    struct pp_html_instruction *instructions;
    size_t count;
    uint64_t shift; /* from the addresses in texts to those of instructions, modulo 2^64 */
};

struct pp_html_code {
    struct pp_html_routine *routines;
    size_t count;
    struct pp_arena texts; /* of instructions */
};

/*
 * Where in the code samples were taken, line by line: `p` has the frames with lines and addresses,
 * and in the profile that is drawn, the `copy` of each sample is its node in `p`, plus 1.
 */
struct pp_html_places {
    const struct pp_profile *p;
    /* The text of a source file, false where there is none; NULL: none is wanted. */
    bool (*source)(void *ctx, struct pp_span file, struct pp_span *text);
    void *ctx;
    const struct pp_html_code *code; /* NULL: none is wanted */
};

struct pp_html_options {
    const struct pp_svg_options *look; /* texts and colours, and how the picture is drawn that
                                          stands in for the page where scripts do not run */
    const char *count_name;            /* NULL: by the type and unit of the column */
    unsigned column;                   /* the one to show first */
    bool by_time, reverse;             /* what to show first: else the graph by name */
    const char *about;                 /* what pp-info says of the profile; NULL: nothing */
    bool clock;    /* times of samples are those of a clock, not only their order */
    bool no_times; /* leave them out */
    const struct pp_html_changes *changes; /* of a comparison; NULL: nothing is known */
    const struct pp_html_series *series;   /* NULL: there is none */
    const struct pp_html_places *places;   /* NULL: what the frames say is all */
};

/* Writes the page. Frames of `p` have been made one by name (transform/naming.h). */
void pp_html_write(const struct pp_profile *p, const struct pp_html_options *options,
                   struct pp_out *out);

#endif
