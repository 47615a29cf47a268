/*
 * `perf record --threads` writes a directory: the file "data" has everything but the samples, which
 * each thread of perf writes to a file of its own, "data.0" and so on. These hold records only, not
 * in the order of time among each other, and without the ends of rounds.
 */
#include <stdlib.h>

#include "formats/perf/data/state.h"

enum { BLOCK = 256 << 10 };

/* A part is packed in a stream of its own. */
static void begin_part(struct pp_data_state *s)
{
    pp_zstd_free(s->zstd);
    s->zstd = NULL;
    s->file.len = s->unpacked.len = 0;
    s->file.skip = s->file.collect = 0;
}

/* Reads a part; false if there is none. `*ok`: false after failing. */
static bool read_part(struct pp_reader *r, struct pp_data_state *s, unsigned number, char *block,
                      bool *ok)
{
    struct pp_span in = r->in;
    uint64_t bytes = r->bytes;
    ssize_t got = r->beside->read(r->beside->ctx, number, block, BLOCK);
    bool is_there = got >= 0, whole = true;
    begin_part(s);
    for (r->bytes = 0; got > 0 && whole;) {
        r->in = (struct pp_span){block, block + got};
        whole = pp_data_records(r, s, &s->file, r->in);
        r->bytes += (uint64_t)got;
        got = r->beside->read(r->beside->ctx, number, block, BLOCK);
    }
    if (whole && s->file.len)
        pp_warn(r, r->in.end, "a file of a thread ends within a record, which is left out");
    r->in = in;
    r->bytes = bytes;
    *ok = got >= 0 || !is_there;
    return is_there;
}

bool pp_data_read_parts(struct pp_reader *r, struct pp_data_state *s)
{
    uint64_t errors = r->diag->errors;
    unsigned n = 0;
    bool ok = true;
    if (!r->beside) {
        pp_warn(r, r->in.end,
                "the samples are in other files, data.0 and so on: give pp the "
                "directory");
        return true;
    }
    char *block = pp_calloc(BLOCK, 1);
    while (ok && read_part(r, s, n, block, &ok))
        n++;
    free(block);
    begin_part(s);
    if (ok && !n)
        pp_warn(r, r->in.end, "the samples are in files that are missing: data.0 and so on");
    return ok && (r->diag->strict || r->diag->errors == errors);
}
