#include "load/maps.h"

#include <stdlib.h>

#include "base/memory.h"
#include "formats/reader/mapped.h"
#include "io/input.h"
#include "model/compact.h"

/* Larger than any list, or heap dump with a list at its end. */
static const size_t max_file = (size_t)1 << 30;

/* Whether the frame has an address without a known mapping. */
static bool is_lost(const struct pp_profile *p, const struct pp_frame *f)
{
    return f->address && !pp_mapping(p, f->mapping)->file;
}

static bool any_is_lost(const struct pp_profile *p)
{
    bool any = false;
    for (size_t f = 1; f < p->frames.count && !any; f++)
        any = is_lost(p, pp_frame(p, (pp_id)f));
    return any;
}

/* A placeholder: readers that need a mapping have one for all of memory. */
static bool says_nothing(const struct pp_mapping *m)
{
    return !m->file && !m->start && (!m->limit || m->limit == UINT64_MAX);
}

/* The new id of each frame, and whether each mapping has lost all its frames. */
struct moves {
    pp_id *frames;
    bool *gone;
    size_t found;
};

static struct moves find_moves(struct pp_profile *p, struct pp_mapped *mapped)
{
    size_t count = p->frames.count, mappings = p->mappings.count;
    struct moves moves = {
        .frames = pp_calloc(count * 2, sizeof(pp_id)), /* each may get a second one */
        .gone = pp_calloc(mappings + mapped->nregions, sizeof(bool)),
    };
    for (size_t m = 1; m < mappings; m++)
        moves.gone[m] = says_nothing(pp_mapping(p, (pp_id)m));
    for (pp_id i = 1; i < count; i++) {
        struct pp_frame f = *pp_frame(p, i);
        pp_id mapping = is_lost(p, &f) ? pp_mapped_find(mapped, p, f.address) : 0;
        moves.found += mapping != 0;
        f.mapping = mapping ? mapping : f.mapping;
        moves.gone[f.mapping] = false;
        moves.frames[i] = pp_intern(&p->frames, &f);
        moves.frames[moves.frames[i]] = moves.frames[i];
    }
    return moves;
}

static void move_frames(struct pp_profile **p, struct pp_mapped *mapped, const char *name,
                        struct pp_diag *diag)
{
    struct moves moves = find_moves(*p, mapped);
    if (!moves.found)
        pp_warning(diag, name, "none of the addresses is in a mapping; is it of another process?");
    pp_reshape(p, &(struct pp_reshape){.frames = moves.frames, .gone = moves.gone});
    free(moves.frames);
    free(moves.gone);
}

bool pp_add_maps(struct pp_profile **p, struct pp_span text, const char *name, struct pp_diag *diag)
{
    struct pp_reader r = {.out = *p, .diag = diag, .file = name, .in = text};
    struct pp_mapped mapped = {0};
    const char *heading = pp_mapped_heading(text);
    struct pp_span line;
    if (!any_is_lost(*p))
        return true;
    if (heading) {
        text.p = heading;
        pp_line(&text, &line);
    }
    pp_mapped_read(&mapped, &r, text);
    bool ok = mapped.nregions || pp_error(diag, name, "has no list of mappings");
    if (ok)
        move_frames(p, &mapped, name, diag);
    pp_mapped_release(&mapped);
    pp_reader_release(&r);
    return ok;
}

bool pp_load_maps(struct pp_profile **p, const char *path, struct pp_diag *diag)
{
    char *bytes;
    size_t length;
    bool ok = pp_read_file(path, max_file, &bytes, &length, diag) &&
              pp_add_maps(p, (struct pp_span){bytes, bytes + length}, path, diag);
    free(bytes);
    return ok;
}
