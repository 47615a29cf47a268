/* html_data_private.h - what the files that write sections of a page's data share. */
#ifndef PP_RENDER_HTML_DATA_PRIVATE_H
#define PP_RENDER_HTML_DATA_PRIVATE_H

#include "render/html_data.h"

struct pp_html_writer {
    const struct pp_profile *p;
    const struct pp_html_options *options;
    struct pp_strings texts;
    struct pp_out *out;
    unsigned jobs;       /* threads to pack with */
    struct pp_out rows;  /* of the section that is being made */
    pp_id *node_numbers; /* in the page, of each node of `p`; 0: not in it */
    pp_id *stack_of; /* of each sample, the number of its stack; UINT32_MAX: it counts nothing */
    size_t nstacks;
    bool timed; /* some samples have times, and these are to be in the page */
};

/* --- html_data_put.c ------------------------------------------------------ */

void pp_html_put(struct pp_out *o, uint64_t v);
void pp_html_put_signed(struct pp_out *o, int64_t v);
void pp_html_put_double(struct pp_out *o, double v);
void pp_html_put_text(struct pp_html_writer *w, struct pp_span text);

/* `text` as UTF-8 without control characters: each byte that is none of it is U+FFFD. */
void pp_html_put_clean(struct pp_out *o, struct pp_span text);

/* Puts `rows` into the output as a section, and empties them. */
void pp_html_end_section(struct pp_html_writer *w, enum pp_html_section id);

/* The same unless it takes more than `most` bytes: then nothing is put. Whether it was. */
bool pp_html_end_section_within(struct pp_html_writer *w, enum pp_html_section id, size_t most);

/* --- sections ------------------------------------------------------------- */

/* html_data_tree.c; pp_html_put_nodes() makes w->node_numbers. */
void pp_html_put_columns(struct pp_html_writer *w);
void pp_html_put_frames(struct pp_html_writer *w);
void pp_html_put_nodes(struct pp_html_writer *w);

/* html_data_stacks.c; pp_html_put_stacks() makes w->stack_of. */
void pp_html_put_labels(struct pp_html_writer *w);
void pp_html_put_stacks(struct pp_html_writer *w);
void pp_html_put_samples(struct pp_html_writer *w);

/* html_data_series.c; each puts a section if there is something for it */
void pp_html_put_changes(struct pp_html_writer *w);
void pp_html_put_series(struct pp_html_writer *w);

/* html_data_times.c; `budget` is in bytes of w->out. */
void pp_html_put_times(struct pp_html_writer *w, size_t budget);

#endif
