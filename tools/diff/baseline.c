#include "diff/baseline.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "io/input.h"
#include "io/output.h"
#include "work/columns.h"
#include "work/load.h"
#include "work/many.h"
#include "work/names.h"
#include "work/options.h"
#include "work/save.h"
#include "work/symbols.h"

enum { MOST_BYTES = 1 << 30 };

static bool read_baseline(struct pp_baseline *b, const char *path)
{
    char *bytes;
    size_t len;
    if (!pp_read_file(path, MOST_BYTES, &bytes, &len, &pp_messages))
        return false;
    bool ok = pp_baseline_read(b, (struct pp_span){bytes, bytes + len}, path, &pp_messages);
    free(bytes);
    return ok;
}

/*
 * Keeps the chosen column and its variances, with frames joined by name. False after an error
 * message.
 */
static bool prepare(struct pp_profile **p, struct pp_sampling *sampling)
{
    int column = pp_chosen_column(*p);
    if (column < 0)
        return false;
    pp_name_columns_in_full(*p);
    *sampling = pp_keep_sampled(*p, (unsigned)column, pp_common.raw_counts);
    pp_name_frames(p, 0);
    pp_only_stacks(*p);
    return true;
}

/* --- saving -------------------------------------------------------------- */

struct saving {
    struct pp_baseline *b;
    unsigned keep;
    bool failed;
};

static bool take_run(void *ctx, char *file, struct pp_profile *p)
{
    struct saving *s = ctx;
    struct pp_sampling sampling;
    const char *why;
    char *files[] = {file, NULL};
    p = pp_with_rules(pp_with_symbols(p, files), false);
    bool ok = p && prepare(&p, &sampling) &&
              (pp_baseline_add(s->b, p, 0, s->keep, &why) ||
               pp_error(&pp_messages, file, "cannot be added: %s", why));
    pp_profile_free(p);
    s->failed = s->failed || !ok;
    return ok;
}

static bool exists(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 || errno != ENOENT;
}

/* Replaces the file only when it was written completely. */
static bool write_baseline(const struct pp_baseline *b, const char *path)
{
    struct pp_output *o = pp_open_output(path, pp_ends(pp_str(path), ".gz"));
    if (!o)
        return false;
    pp_baseline_write(b, &o->out);
    return pp_output_close(o);
}

int pp_save_baseline(const char *path, char **files, unsigned keep)
{
    struct pp_baseline b;
    struct saving s = {.b = &b, .keep = keep};
    pp_baseline_init(&b);
    s.failed = exists(path) && !read_baseline(&b, path);
    if (!s.failed)
        pp_load_many(files, pp_naming_needs(), take_run, &s);
    bool ok = !s.failed && write_baseline(&b, path);
    if (ok)
        pp_report(&pp_messages, PP_NOTE, (struct pp_place){0}, "%s: holds %u run%s now", path,
                  b.runs, b.runs == 1 ? "" : "s");
    pp_baseline_release(&b);
    return ok ? PP_EXIT_OK : PP_EXIT_FAILED;
}

/* --- comparing ----------------------------------------------------------- */

static bool is_of_column(const struct pp_baseline *b, const struct pp_profile *p)
{
    struct pp_span type = pp_string_at(&b->names, b->type), unit = pp_string_at(&b->names, b->unit);
    struct pp_span type_now = pp_text(p, p->columns[0].type);
    struct pp_span unit_now = pp_text(p, p->columns[0].unit);
    return (pp_same(type, type_now) && pp_same(unit, unit_now)) ||
           pp_error(&pp_messages, NULL,
                    "the baseline has '%.*s' in '%.*s', the run '%.*s' in '%.*s'; see "
                    "--sample-type",
                    PP_SHOW(type), PP_SHOW(unit), PP_SHOW(type_now), PP_SHOW(unit_now));
}

bool pp_baseline_compare(struct pp_baseline *b, const char *path, char *file,
                         struct pp_sides *sides)
{
    enum { FINER = 2 }; /* decimals: the mean of whole numbers need not be whole */
    char *files[] = {file, NULL};
    pp_baseline_init(b);
    if (!read_baseline(b, path))
        return false;
    sides->both = pp_read_inputs(files, pp_naming_needs(), false);
    if (!sides->both || !prepare(&sides->both, &sides->after) || !is_of_column(b, sides->both))
        return false;
    pp_column_scale(sides->both, 0, sides->both->columns[0].decimals + FINER);
    sides->baseline = b;
    return true;
}
