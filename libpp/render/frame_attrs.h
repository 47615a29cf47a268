/*
 * frame_attrs.h - attributes of functions' frames from a file: one line for each function, with its
 * name and attributes separated by tabs.
 *
 *     main	title=where it begins	href=https://example.org/main	target=_blank
 *
 * title is the tooltip, href makes the frame a link; id, class, target, rel, lang and download are
 * passed on. Other attributes are left out, as are links that are neither relative nor http(s), so
 * nothing in such a file can run.
 */
#ifndef PP_RENDER_FRAME_ATTRS_H
#define PP_RENDER_FRAME_ATTRS_H

#include "base/diag.h"
#include "base/table.h"

struct pp_frame_attrs {
    struct pp_strings names, values; /* values[0], the empty one, means not given */
    struct pp_attr_set *sets;        /* by the id of the name */
    size_t cap;
};

enum pp_attr {
    PP_ATTR_TITLE,
    PP_ATTR_HREF,
    PP_ATTR_TARGET,
    PP_ATTR_ID,
    PP_ATTR_CLASS,
    PP_ATTR_REL,
    PP_ATTR_LANG,
    PP_ATTR_DOWNLOAD,
    PP_ATTRS
};

extern const char *const pp_attr_names[PP_ATTRS];

struct pp_attr_set {
    pp_id values[PP_ATTRS];
};

void pp_frame_attrs_init(struct pp_frame_attrs *a);
void pp_frame_attrs_release(struct pp_frame_attrs *a);

/* Adds the attributes in `text`. Warns about what is left out, with `file` as its place. */
void pp_frame_attrs_read(struct pp_frame_attrs *a, struct pp_span text, const char *file,
                         struct pp_diag *diag);

/* NULL if the function has no attributes. */
const struct pp_attr_set *pp_frame_attrs_find(struct pp_frame_attrs *a, struct pp_span name);

static inline struct pp_span pp_attr_value(const struct pp_frame_attrs *a,
                                           const struct pp_attr_set *set, enum pp_attr attr)
{
    return pp_string_at(&a->values, set->values[attr]);
}

#endif
