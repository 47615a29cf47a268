/* perf_script.h - reads `perf script` text for the tests of its reader. */
#ifndef PP_TESTS_UNIT_PERF_SCRIPT_H
#define PP_TESTS_UNIT_PERF_SCRIPT_H

#include "model/holds.h"
#include "transform/naming.h"
#include "unit/profiles.h"

/* A profile and its messages, one per line: "line: text". */
struct reading {
    struct pp_diag diag; /* the first member, so that emit can find the others */
    struct pp_profile *p;
    char messages[2048];
};

static inline void keep_message(struct pp_diag *d, const struct pp_message *m)
{
    struct reading *r = (struct reading *)d;
    size_t used = strlen(r->messages);
    snprintf(r->messages + used, sizeof r->messages - used, "%llu: %s\n",
             (unsigned long long)m->place.at, m->text);
}

/* Reads with all labels, and whatever else `keep` contains. */
static inline void read_bytes_as_perf(struct reading *r, struct pp_span text, unsigned keep,
                                      unsigned jobs)
{
    *r = (struct reading){.diag = {.emit = keep_message}};
    struct pp_load_options o = {
        .from = pp_format_named("perf-script"), .keep = keep | PP_HOLDS_LABELS, .jobs = jobs};
    r->p = pp_load_bytes(text, "test", &o, &r->diag);
}

static inline void read_perf(struct reading *r, const char *text, unsigned keep)
{
    read_bytes_as_perf(r, pp_str(text), keep, 1);
}

static inline void reading_release(struct reading *r)
{
    pp_profile_free(r->p);
    pp_diag_release(&r->diag);
}

static inline void check_messages(const struct reading *r, const char *want, const char *where,
                                  int line)
{
    if (strcmp(r->messages, want) == 0)
        return;
    fprintf(stderr, "%s:%d: got messages:\n%swanted:\n%s", where, line, r->messages, want);
    check_failures++;
}

/* Compares as folded stacks, with frames by name under their comm. */
static inline void check_perf(const char *text, const struct pp_naming *naming, enum pp_comm comm,
                              const char *want, const char *messages, const char *where, int line)
{
    struct reading r;
    read_perf(&r, text, naming->addresses ? PP_HOLDS_ADDRESSES : 0);
    check_messages(&r, messages, where, line);
    CHECK(r.p != NULL);
    if (r.p) {
        struct pp_naming with_comm = *naming;
        with_comm.comm = comm;
        pp_by_name(&r.p, &with_comm);
        check_written(r.p, "folded", want, where, line);
    }
    reading_release(&r);
}

/* `text` gives these folded stacks, without messages, or with these. */
#define CHECK_PERF(text, want) CHECK_PERF_SAYS(text, want, "")
#define CHECK_PERF_SAYS(text, want, messages) \
    check_perf(text, &(struct pp_naming){0}, PP_COMM, want, messages, __func__, __LINE__)

/* The same with frames marked by kind: all of `kinds`, as in naming.h. */
#define CHECK_PERF_KINDS(text, kinds, want) \
    check_perf(text, &(struct pp_naming){.annotate = (kinds)}, PP_COMM, want, "", __func__, \
               __LINE__)

/* Checks a column's name and sum: "cycles/count 12". */
static inline void check_column(const struct pp_profile *p, unsigned c, const char *want,
                                const char *where, int line)
{
    char got[128] = "none";
    int64_t sum = 0;
    if (c < p->ncolumns) {
        struct pp_span type = pp_text(p, p->columns[c].type), unit = pp_text(p, p->columns[c].unit);
        for (size_t s = 0; s < p->samples.count; s++)
            sum += p->columns[c].values[s];
        snprintf(got, sizeof got, "%.*s/%.*s %lld", PP_SHOW(type), PP_SHOW(unit), (long long)sum);
    }
    if (strcmp(got, want) != 0) {
        fprintf(stderr, "%s:%d: column %u is %s, not %s\n", where, line, c, got, want);
        check_failures++;
    }
}

#define CHECK_COLUMN(p, c, want) check_column(p, c, want, __func__, __LINE__)

#endif
