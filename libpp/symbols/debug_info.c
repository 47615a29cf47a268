#include "symbols/debug_info.h"

#include <stdlib.h>

/* How far prelink moved the binary after its debug information was separated. */
static uint64_t shift_between(const struct pp_image *binary, const struct pp_image *debug)
{
    bool both = binary->nsegments && debug->nsegments;
    return both ? debug->segments[0].address - binary->segments[0].address : 0;
}

void pp_debug_info_open(struct pp_debug_info *d, const struct pp_symbol_sources *sources,
                        struct pp_located *files, struct pp_answer *answer)
{
    bool separate = files->debug.path != NULL;
    struct pp_image *image = separate ? &files->debug : &files->binary;
    *d = (struct pp_debug_info){0};
    if (separate && files->binary.path)
        d->shift = shift_between(&files->binary, image);
    if (!pp_image_has_debug_info(image))
        return;
    pp_image_hide_unused(image);
    char *id = pp_image_alternate_id(image);
    char *alternate = pp_locate_by_build_id(sources, id);
    d->dwarf = pp_dwarf_new(image, alternate);
    if (!d->dwarf)
        pp_answer_problem(answer, PP_DEBUG_INFO_BAD, image->path, "");
    free(alternate);
    free(id);
}

void pp_debug_info_symbols(const struct pp_debug_info *d, struct pp_located *files,
                           struct pp_symbol_table *symbols)
{
    if (files->binary.path)
        pp_image_symbols(&files->binary, 0, symbols);
    if (files->debug.path)
        pp_image_symbols(&files->debug, 0 - d->shift, symbols);
    if (files->extra.path)
        pp_image_symbols(&files->extra, 0, symbols);
    pp_symbol_table_sort(symbols);
}
