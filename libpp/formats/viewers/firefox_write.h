/*
 * firefox_write.h - shared by the files that write profiles for Firefox: firefox_write.c writes the
 * document and its threads, firefox_write_tables.c the tables that the threads share.
 */
#ifndef PP_VIEWERS_FIREFOX_WRITE_H
#define PP_VIEWERS_FIREFOX_WRITE_H

#include "formats/viewers/firefox.h"
#include "syntax/json_write.h"

/* A thread, by its labels. */
struct pp_fx_labels {
    pp_id name, process, pid, tid; /* of w->texts */
};

/* The key of a function in Firefox Profiler. */
struct pp_fx_func {
    pp_id name, file; /* of w->strings */
    uint32_t line, library;
};

/* A source, by its name. */
struct pp_fx_source {
    pp_id file, unused;
};

struct pp_fx_writer {
    const struct pp_profile *p;
    const struct pp_column *column;
    struct pp_json_writer json;
    struct pp_strings texts;   /* of threads */
    struct pp_strings strings; /* that are written, from row 0, the empty one */
    struct pp_table funcs;     /* struct pp_fx_func; written from row 1 on */
    struct pp_table sources;   /* struct pp_fx_source; written from row 1 on */
    pp_id *func_of_frame;      /* by frame */
    pp_id *source_of_func;     /* by func; 0: none */
    bool *used;                /* by node: it is in a sample, or below one that is */
    pp_id *stack_of_node;      /* by used node: its index in the table, plus one */
    bool *frame_used;
    pp_id *place_of_frame; /* by used frame: its index in the table */
    size_t nframes;
    struct pp_table threads; /* struct pp_fx_labels; row 0 is a thread, too, if it has samples */
    pp_id *thread_of_labels;
    uint32_t *tids;     /* by text: the number of threads with it as tid */
    bool names_missing; /* some addresses have no name; others may look them up */
};

/* --- the tables that threads share --------------------------------------- */

/* Finds what the samples of the column use. */
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

/* The value of a sample in the column that is written. */
static inline int64_t pp_fx_value_of(const struct pp_fx_writer *w, pp_id sample)
{
    return w->column->values[sample];
}

#endif
