/* html_data_private.h - shared by the files that write sections of a page's data. */
#ifndef PP_RENDER_HTML_DATA_PRIVATE_H
#define PP_RENDER_HTML_DATA_PRIVATE_H

#include "render/html_data.h"

struct pp_html_writer {
    const struct pp_profile *p;
    const struct pp_html_options *options;
    struct pp_strings texts;
    struct pp_out *out;
    unsigned jobs;        /* threads for compression */
    struct pp_out rows;   /* of the current section */
    pp_id *node_numbers;  /* by node of `p`: its number in the page; 0: not in it */
    pp_id *place_numbers; /* by node of options->places->p, likewise; NULL: there are no places */
    pp_id *stack_of;      /* by sample: the number of its stack; UINT32_MAX: it has only zeros */
    size_t nstacks;
    bool timed; /* some samples have times, and the page gets them */
};

/* --- html_data_put.c ------------------------------------------------------ */

void pp_html_put(struct pp_out *o, uint64_t v);
void pp_html_put_signed(struct pp_out *o, int64_t v);
void pp_html_put_double(struct pp_out *o, double v);
void pp_html_put_text(struct pp_html_writer *w, struct pp_span text);

/* Writes `text` as UTF-8 without control characters: bytes that are not UTF-8 become U+FFFD. */
void pp_html_put_clean(struct pp_out *o, struct pp_span text);

/* Writes `rows` as a section, and clears them. */
void pp_html_end_section(struct pp_html_writer *w, enum pp_html_section id);

/* The same if it takes at most `most` bytes. Returns whether it was written. */
bool pp_html_end_section_within(struct pp_html_writer *w, enum pp_html_section id, size_t most);

/* --- sections ------------------------------------------------------------- */

/* html_data_tree.c; pp_html_put_nodes() sets w->node_numbers. */
void pp_html_put_columns(struct pp_html_writer *w);
void pp_html_put_frames(struct pp_html_writer *w);
void pp_html_put_nodes(struct pp_html_writer *w);

/* The nodes in the order of a walk, by name, without the first, which is of no frame; and of each
 * how many levels up from the node before its parent is. Both are the caller's to free(). */
struct pp_html_walk {
    pp_id *nodes;
    uint32_t *ups;
    size_t count;
};

struct pp_html_walk pp_html_walk_nodes(const struct pp_profile *p);

/* Puts the number of nodes, the steps up to their parents, and their frames. */
void pp_html_put_walk(struct pp_html_writer *w, const struct pp_profile *p,
                      const struct pp_html_walk *walk);

/* html_data_places.c; the first makes w->place_numbers, before stacks are put, the second puts the
 * sections after that. */
void pp_html_number_places(struct pp_html_writer *w);
void pp_html_put_places(struct pp_html_writer *w);

/* html_data_code.c: if there is any */
void pp_html_put_code(struct pp_html_writer *w);

/* html_data_stacks.c; pp_html_put_stacks() sets w->stack_of. */
void pp_html_put_labels(struct pp_html_writer *w);
void pp_html_put_stacks(struct pp_html_writer *w);
void pp_html_put_samples(struct pp_html_writer *w);

/* html_data_series.c; each puts a section if there is something for it */
void pp_html_put_changes(struct pp_html_writer *w);
void pp_html_put_series(struct pp_html_writer *w);

/* html_data_times.c; `budget` is in bytes of w->out. */
void pp_html_put_times(struct pp_html_writer *w, size_t budget);

#endif
