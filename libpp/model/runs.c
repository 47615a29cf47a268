#include "model/runs.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "model/merge.h"

static const char key[] = PP_RUN_LABEL;

/* The type of the column of a run, named like the label. */
static struct pp_span type_of(char *buf, size_t size, unsigned run)
{
    int n = snprintf(buf, size, "%s %u", key, run);
    return (struct pp_span){buf, buf + n};
}

enum { TYPE_SIZE = 24 };

/* The set of labels with one more. */
static pp_id with_label(struct pp_profile *p, pp_id set, struct pp_label more,
                        struct pp_label **labels, size_t *cap)
{
    size_t n = 0;
    for (; set; set = pp_label(p, set)->next) {
        PP_GROW(*labels, n + 2, *cap);
        (*labels)[n++] = *pp_label(p, set);
    }
    PP_GROW(*labels, n + 1, *cap);
    (*labels)[n++] = more;
    return pp_label_set(p, *labels, n);
}

void pp_run_mark(struct pp_profile *p, unsigned run)
{
    size_t count = p->labels.count, cap = 0;
    struct pp_label *labels = NULL, more = {.key = pp_cstring(p, key), .number = run};
    pp_id *marked = pp_calloc(count, sizeof *marked);
    for (size_t i = 0; i < count; i++)
        marked[i] = with_label(p, (pp_id)i, more, &labels, &cap);
    pp_move_labels(p, marked);
    free(marked);
    free(labels);
}

/* The run of each set of labels; 0: none. The caller frees it. */
static unsigned *runs_of_labels(const struct pp_profile *p)
{
    pp_id id = pp_string_find(p, pp_str(key));
    unsigned *runs = pp_calloc(p->labels.count, sizeof *runs);
    for (size_t i = 1; i < p->labels.count && id; i++) {
        const struct pp_label *l = pp_label_find(p, (pp_id)i, id);
        runs[i] = l && l->number > 0 && l->number <= PP_MAX_RUNS ? (unsigned)l->number : 0;
    }
    return runs;
}

unsigned pp_run_marks(const struct pp_profile *p)
{
    unsigned *runs = runs_of_labels(p), most = 0;
    for (size_t i = 0; i < p->labels.count; i++)
        most = runs[i] > most ? runs[i] : most;
    free(runs);
    return most;
}

void pp_run_split(struct pp_profile *p, unsigned column, unsigned n)
{
    int columns[PP_MAX_RUNS + 1] = {-1};
    char type[TYPE_SIZE];
    unsigned *runs = runs_of_labels(p);
    for (unsigned r = 1; r <= n; r++) {
        columns[r] = pp_column_new(p, p->columns[column].side, type_of(type, sizeof type, r),
                                   pp_text(p, p->columns[column].unit));
        p->columns[columns[r]].decimals = p->columns[column].decimals;
    }
    for (size_t s = 0; s < p->samples.count; s++) {
        unsigned r = runs[pp_sample(p, (pp_id)s)->labels];
        if (r && r <= n)
            pp_add(p, (pp_id)s, (unsigned)columns[r], p->columns[column].values[s]);
    }
    free(runs);
}

int pp_run_column(const struct pp_profile *p, enum pp_side side, unsigned run)
{
    char buf[TYPE_SIZE];
    struct pp_span type = type_of(buf, sizeof buf, run);
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (p->columns[c].side == side && pp_same(pp_text(p, p->columns[c].type), type))
            return (int)c;
    return -1;
}

unsigned pp_run_count(const struct pp_profile *p, enum pp_side side)
{
    unsigned n = 0;
    while (pp_run_column(p, side, n + 1) >= 0)
        n++;
    return n;
}
