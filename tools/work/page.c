#include "work/page.h"

#include <stdlib.h>

#include "base/memory.h"
#include "model/holds.h"
#include "model/merge.h"
#include "report/paths.h"
#include "work/about.h"
#include "work/machine_code.h"
#include "work/names.h"
#include "work/options.h"
#include "work/save.h"
#include "work/sources.h"

int pp_take_source(const struct pp_opt *o, const char *text)
{
    *(const char **)o->value = text ? text : "";
    return PP_EXIT_OK;
}

unsigned pp_page_needs(bool no_times, bool order)
{
    unsigned needs = pp_naming_needs() | PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS;
    if (no_times)
        return needs;
    return needs | PP_HOLDS_TIME | (order ? 0u : PP_HOLDS_CLOCK);
}

struct writing {
    const struct pp_profile *p;
    const struct pp_html_options *options;
};

static bool write_page(struct pp_out *out, void *ctx)
{
    const struct writing *w = ctx;
    pp_html_write(w->p, w->options, out);
    return true;
}

/*
 * A copy of `p` whose frames will be joined by name while `p` keeps their lines. The member `copy`
 * of each sample keeps its node in `p`, plus 1. NULL after a message.
 */
static struct pp_profile *copy_with_places(struct pp_profile *p)
{
    const char *why;
    struct pp_sample *moved = pp_calloc(p->samples.count, sizeof *moved);
    for (size_t s = 0; s < p->samples.count; s++) {
        moved[s] = *pp_sample(p, (pp_id)s);
        moved[s].copy = moved[s].node + 1;
    }
    pp_move_each(p, moved);
    free(moved);
    struct pp_profile *copy = pp_profile_new();
    if (pp_merge(copy, p, &why))
        return copy;
    pp_error(&pp_messages, NULL, "cannot be copied: %s", why);
    pp_profile_free(copy);
    return NULL;
}

static int save(struct pp_profile **p, const struct pp_page *page,
                const struct pp_html_options *options)
{
    struct writing w = {.options = options};
    pp_name_frames_placed(p, page->marks);
    if (page->finish)
        page->finish(*p);
    w.p = *p;
    return pp_save_with(write_page, &w, false);
}

/* Writes the page with source and machine code. */
static int save_with_places(struct pp_profile **p, const struct pp_page *page,
                            const struct pp_html_options *options)
{
    struct pp_paths paths = {.source = pp_str(page->source ? page->source : "")};
    struct pp_profile *named = copy_with_places(*p);
    if (!named)
        return PP_EXIT_FAILED;
    bool empty = (*p)->ncolumns == 0;
    struct pp_html_code *code =
        page->code && !empty ? pp_machine_code_find(*p, options->column) : NULL;
    struct pp_html_places places = {
        .p = *p, .source = page->source ? pp_source_text : NULL, .ctx = &paths, .code = code};
    struct pp_html_options placed = *options;
    placed.places = &places;
    int rc = save(&named, page, &placed);
    pp_profile_free(named);
    pp_machine_code_release(code);
    pp_source_texts_release();
    return rc;
}

int pp_save_page(struct pp_profile **p, const struct pp_page *page)
{
    struct pp_html_options options = page->html;
    char *about = pp_about_text(*p, page->files, options.column);
    options.about = about;
    options.clock = pp_times_are_of_clock();
    int rc =
        page->source || page->code ? save_with_places(p, page, &options) : save(p, page, &options);
    free(about);
    return rc;
}
