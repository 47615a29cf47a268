#include "model/branches.h"

static const char range_key[] = " range", jump_key[] = " jump", piece_key[] = " piece";
static const char ranges_type[] = "ranges", jumps_type[] = "jumps", unit[] = "count";

static bool add(struct pp_profile *p, const struct pp_branch_frames *frames, const char *type,
                const char *key, uint64_t at, uint64_t number)
{
    struct pp_label label = {.key = pp_cstring(p, key), .number = (int64_t)number};
    pp_id frame = frames ? frames->frame_at(frames->ctx, at)
                         : pp_intern(&p->frames, &(struct pp_frame){.address = at});
    struct pp_sample sample = {.node = pp_child(p, 0, frame), .labels = pp_label_set(p, &label, 1)};
    int column = pp_column(p, pp_str(type), pp_str(unit));
    return column >= 0 && pp_add(p, pp_sample_id(p, &sample), (unsigned)column, 1);
}

bool pp_branches_add(struct pp_profile *p, const struct pp_branch *newest_first, size_t n,
                     const struct pp_branch_frames *frames)
{
    uint64_t end = 0; /* the source of the record after the current one; 0: unknown */
    for (size_t i = 0; i < n; i++) {
        const struct pp_branch *b = &newest_first[i];
        if (b->from && b->to && !add(p, frames, jumps_type, jump_key, b->from, b->to))
            return false;
        if (b->to && b->to <= end && !add(p, frames, ranges_type, range_key, b->to, end - b->to))
            return false;
        end = b->from;
    }
    return true;
}

pp_id pp_piece_labels(struct pp_profile *p)
{
    struct pp_label label = {.key = pp_cstring(p, piece_key), .number = 1};
    return pp_label_set(p, &label, 1);
}

bool pp_is_piece(const struct pp_profile *p, pp_id labels)
{
    pp_id key = labels ? pp_string_find(p, pp_str(piece_key)) : 0;
    return key && pp_label_find(p, labels, key);
}

int pp_branch_column(const struct pp_profile *p, const char *type)
{
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (pp_is(pp_text(p, p->columns[c].type), type) &&
            pp_is(pp_text(p, p->columns[c].unit), unit))
            return (int)c;
    return -1;
}

struct pp_branch_keys pp_branch_keys(const struct pp_profile *p)
{
    return (struct pp_branch_keys){.range = pp_string_find(p, pp_str(range_key)),
                                   .jump = pp_string_find(p, pp_str(jump_key)),
                                   .ranges = pp_branch_column(p, ranges_type),
                                   .jumps = pp_branch_column(p, jumps_type)};
}

bool pp_branch_of(const struct pp_profile *p, const struct pp_branch_keys *keys, pp_id sample,
                  struct pp_branch_count *out)
{
    const struct pp_sample *s = pp_sample(p, sample);
    const struct pp_label *range = keys->range ? pp_label_find(p, s->labels, keys->range) : NULL;
    const struct pp_label *jump = keys->jump ? pp_label_find(p, s->labels, keys->jump) : NULL;
    int column = jump ? keys->jumps : keys->ranges;
    if ((!range && !jump) || column < 0)
        return false;
    const struct pp_frame *frame = pp_frame(p, pp_node(p, s->node)->frame);
    uint64_t number = (uint64_t)(jump ? jump : range)->number;
    *out = (struct pp_branch_count){
        .branch = {frame->address, jump ? number : frame->address + number},
        .jump = jump != NULL,
        .mapping = frame->mapping,
        .count = p->columns[column].values[sample],
    };
    return true;
}
