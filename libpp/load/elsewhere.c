#include "load/elsewhere.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

/* Leaves alone how far the source has been read. */
static bool read_anywhere(void *ctx, uint64_t at, void *to, size_t n)
{
    const struct pp_input *s = ctx;
    return at <= s->size && n <= s->size - at && pp_input_at(s, at, to, n);
}

/* Opens the file of this number; false if there is none, or after reporting. */
static bool open_file(struct pp_elsewhere *e, unsigned number)
{
    struct stat s;
    pp_elsewhere_release(e);
    if (asprintf(&e->name, "%s.%u", e->source->name, number) < 0)
        pp_out_of_memory();
    e->number = number;
    if (stat(e->name, &s) == 0 && pp_input_open(&e->file, e->name, e->diag))
        return true;
    free(e->name);
    e->name = NULL;
    return false;
}

static ssize_t read_beside(void *ctx, unsigned number, void *to, size_t n)
{
    struct pp_elsewhere *e = ctx;
    if ((!e->name || e->number != number) && !open_file(e, number))
        return -1;
    return pp_input_read(&e->file, to, n, e->diag);
}

void pp_elsewhere_open(struct pp_elsewhere *e, const struct pp_input *source, struct pp_diag *diag,
                       struct pp_reader *r)
{
    if (!source->size)
        return;
    e->source = source;
    e->diag = diag;
    e->anywhere = (struct pp_anywhere){read_anywhere, (void *)source, source->size};
    e->beside = (struct pp_beside){read_beside, e};
    r->anywhere = &e->anywhere;
    if (source->owns_fd) /* standard input has no name to find others by */
        r->beside = &e->beside;
}

void pp_elsewhere_release(struct pp_elsewhere *e)
{
    if (e->name)
        pp_input_close(&e->file);
    free(e->name);
    e->name = NULL;
}
