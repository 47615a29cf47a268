/* leaks_private.h - the forms of the output of leaks, which leaks_write.c selects. */
#ifndef PP_REPORT_LEAKS_PRIVATE_H
#define PP_REPORT_LEAKS_PRIVATE_H

#include "report/leaks.h"

/* leaks_text.c: for people */
void pp_put_leaks(struct pp_out *out, const struct pp_leaks *l, size_t limit);

/* leaks_data.c: for scripts */
void pp_put_leaks_csv(struct pp_out *out, const struct pp_leaks *l, size_t limit);
void pp_put_leaks_json(struct pp_out *out, const struct pp_leaks *l, size_t limit);

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

#endif
