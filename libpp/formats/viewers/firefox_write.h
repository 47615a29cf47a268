/*
 * firefox_write.h - what the files that write profiles for Firefox share: firefox_write.c has the
 * document and its threads, firefox_write_tables.c the tables that the threads share.
 */
#ifndef PP_VIEWERS_FIREFOX_WRITE_H
#define PP_VIEWERS_FIREFOX_WRITE_H

#include "formats/viewers/firefox.h"
#include "syntax/json_write.h"

/* A thread: what its labels say. */
struct pp_fx_labels {
    pp_id name, process, pid, tid; /* of w->texts */
};

/* A function as Firefox Profiler tells it from others. */
struct pp_fx_func {
    pp_id name, file; /* of w->strings */
    uint32_t line, library;
};

/* A source, by the string that names it. */
struct pp_fx_source {
    pp_id file, unused;
};

struct pp_fx_writer {
    const struct pp_profile *p;
    const struct pp_column *column;
    struct pp_json_writer json;
    struct pp_strings texts;   /* of threads */
    struct pp_strings strings; /* that are written, from row 0, the empty one, on */
    struct pp_table funcs;     /* struct pp_fx_func; written from row 1 on */
    struct pp_table sources;   /* struct pp_fx_source; written from row 1 on */
    pp_id *func_of_frame;      /* by frame */
    pp_id *source_of_func;     /* by func; 0: none */
    bool *used;                /* by node: it is a sample's, or leads to one */
    pp_id *stack_of_node;      /* by node that is used: its place in the table, plus one */
    bool *frame_used;
    pp_id *place_of_frame; /* by frame that is used: its place in the table */
    size_t nframes;
    struct pp_table
        threads; /* struct pp_fx_labels; a place is taken by row 0 too, if it has samples */
    pp_id *thread_of_labels;
    uint32_t *tids;     /* by text: how many threads have it for a tid */
    bool names_missing; /* addresses without a name are left, for somebody else to look up */
};

/* --- the tables that threads share --------------------------------------- */

/* Finds out what the samples of the column use. */
void pp_fx_init_tables(struct pp_fx_writer *w);
void pp_fx_release_tables(struct pp_fx_writer *w);
void pp_fx_put_libs(struct pp_fx_writer *w);
void pp_fx_put_shared(struct pp_fx_writer *w);

/* --- small things to write ----------------------------------------------- */

void pp_fx_put_text(struct pp_fx_writer *w, const char *key, struct pp_span value);
void pp_fx_put_number(struct pp_fx_writer *w, const char *key, uint64_t value);
void pp_fx_begin_list(struct pp_fx_writer *w, const char *key);
void pp_fx_end_list(struct pp_fx_writer *w);
void pp_fx_put_empty_list(struct pp_fx_writer *w, const char *key);
void pp_fx_put_or_null(struct pp_fx_writer *w, uint64_t value, bool there);
void pp_fx_open_table(struct pp_fx_writer *w, const char *key);
void pp_fx_close_table(struct pp_fx_writer *w, size_t length);

/* What a sample counts in the column that is written. */
static inline int64_t pp_fx_value_of(const struct pp_fx_writer *w, pp_id sample)
{
    return w->column->values[sample];
}

#endif
