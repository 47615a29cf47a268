/* leaks_private.h - the forms of the output of leaks, which leaks_write.c selects. */
#ifndef PP_REPORT_LEAKS_PRIVATE_H
#define PP_REPORT_LEAKS_PRIVATE_H

#include "report/leaks_per.h"

/* leaks_text.c: for people; and the stacks of the first rows alone */
void pp_put_leaks(struct pp_out *out, const struct pp_leaks *l, size_t limit);
void pp_put_leak_stacks(struct pp_out *out, const struct pp_leaks *l, size_t shown);

/* leaks_data.c: for scripts */
void pp_put_leaks_csv(struct pp_out *out, const struct pp_leaks *l, size_t limit);
void pp_put_leaks_json(struct pp_out *out, const struct pp_leaks *l, size_t limit);

/* A number, or `none` if it is not one; the stack or function of a row as a field. */
void pp_put_leak_number(struct pp_out *out, double v, const char *none);
void pp_put_leak_csv(struct pp_out *out, const struct pp_leaks *l, const struct pp_leak *leak);
void pp_put_leak_json_stack(struct pp_out *out, const struct pp_leaks *l,
                            const struct pp_leak *leak);

/* leaks.c: the stack of the row `id` in another profile, by names, on the stack `root`. */
pp_id pp_leak_stack(const struct pp_leaks *l, pp_id id, struct pp_profile *to, pp_id root);

/*
 * leaks.c: the frames of a row, root first, or that of a function; returns their number. See
 * pp_stack().
 */
size_t pp_leak_frames(const struct pp_leaks *l, const struct pp_leak *leak, pp_id **functions,
                      size_t *cap);

static inline struct pp_span pp_leak_name(const struct pp_leaks *l, pp_id function)
{
    struct pp_span name = pp_text(l->p, pp_function(l->p, function)->name);
    return pp_empty(name) ? pp_str("[unknown]") : name;
}

/* The value of the label of a process. */
static inline struct pp_span pp_process_name(const struct pp_process *q)
{
    return pp_empty(q->name) ? pp_str("[none]") : q->name;
}

#endif
