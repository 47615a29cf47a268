/* Where a record has its time and its thread: samples in front, other records at the end. */
#include "formats/perf/data/state.h"

/* How many of the words at the start of a sample come before the one of the bit `until`. */
size_t pp_data_words_before(uint64_t type, uint64_t until)
{
    static const uint64_t order[] = {PP_DATA_IDENTIFIER, PP_DATA_IP,   PP_DATA_TID,
                                     PP_DATA_TIME,       PP_DATA_ADDR, PP_DATA_ID};
    size_t n = 0;
    for (size_t i = 0; i < sizeof order / sizeof *order && order[i] != until; i++)
        n += (type & order[i]) != 0;
    return n;
}

/*
 * How many words from the bit `from` on end a record that is not a sample: the last one is the
 * identifier.
 */
static size_t words_behind(uint64_t type, uint64_t from)
{
    static const uint64_t order[] = {PP_DATA_IDENTIFIER, PP_DATA_CPU,  PP_DATA_STREAM_ID,
                                     PP_DATA_ID,         PP_DATA_TIME, PP_DATA_TID};
    size_t n = 0;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        n += (type & order[i]) != 0;
        if (order[i] == from)
            break;
    }
    return n;
}

bool pp_data_tail_tid(const struct pp_data_state *s, struct pp_span body, uint32_t *tid)
{
    const struct pp_data_attr *a = s->attrs.count ? &s->attrs.list[0] : NULL;
    if (!a || !(a->sample_type & PP_DATA_TID) || !pp_data_flag(a, PP_DATA_SAMPLE_ID_ALL))
        return false;
    size_t n = words_behind(a->sample_type, PP_DATA_TID);
    if (n > pp_len(body) / 8)
        return false;
    *tid = pp_data_u32(body.end - 8 * n + 4, s->swap);
    return true;
}

bool pp_data_time(const struct pp_data_state *s, const struct pp_data_record *h,
                  struct pp_span body, uint64_t *time)
{
    if (!s->attrs.count)
        return false;
    const struct pp_data_attr *a = &s->attrs.list[0];
    size_t words = pp_len(body) / 8, n;
    if (!(a->sample_type & PP_DATA_TIME))
        return false;
    if (h->type == PP_DATA_SAMPLE) {
        n = pp_data_words_before(a->sample_type, PP_DATA_TIME);
        if (n >= words)
            return false;
        *time = pp_data_u64(body.p + 8 * n, s->swap);
    } else {
        n = words_behind(a->sample_type, PP_DATA_TIME);
        if (!pp_data_flag(a, PP_DATA_SAMPLE_ID_ALL) || n > words)
            return false;
        *time = pp_data_u64(body.end - 8 * n, s->swap);
    }
    return *time && *time != UINT64_MAX;
}
