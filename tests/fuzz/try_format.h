/*
 * try_format.h - bytes to the reader of a format; what was read then goes through the rules and to
 * every writer. Beside not crashing:
 *
 *   - cut in pieces, the input gives the same profile as whole;
 *   - what a writer wrote, the reader of its format reads without an error.
 */
#ifndef PP_TESTS_FUZZ_TRY_FORMAT_H
#define PP_TESTS_FUZZ_TRY_FORMAT_H

#include "fuzz.h"
#include "load/load.h"
#include "model/compact.h"
#include "transform/naming.h"
#include "transform/rule_private.h"
#include "transform/rules.h"

static struct pp_profile *read_as(const struct pp_format *f, struct pp_span in, unsigned jobs,
                                  void (*emit)(struct pp_diag *d, const struct pp_message *m))
{
    struct pp_diag diag = {.emit = emit};
    struct pp_load_options options = {.from = f, .keep = ~0u, .jobs = jobs, .max_depth = 500};
    struct pp_profile *p = pp_load_bytes(in, "fuzz", &options, &diag);
    demand(p || diag.errors, "what fails says why", pp_str(f->name));
    pp_diag_release(&diag);
    return p;
}

/* Writes `p` as `f`; false if it refuses. The caller releases `out`. */
static bool write_as(const struct pp_format *f, const struct pp_profile *p, struct pp_diag *diag,
                     struct pp_out *out)
{
    pp_out_memory(out, diag);
    return f->write(p, out);
}

static void check_pieces_are_the_whole(const struct pp_format *f, const struct pp_profile *whole,
                                       struct pp_span in)
{
    const struct pp_format *text = pp_format_named("text");
    struct pp_profile *p = read_as(f, in, 3, ignore);
    struct pp_diag diag = {.emit = ignore};
    struct pp_out a, b;
    demand(!p == !whole, "pieces are read if the whole is", pp_str(f->name));
    if (p && write_as(text, whole, &diag, &a) && write_as(text, p, &diag, &b)) {
        demand(a.len == b.len && (!a.len || memcmp(a.buf, b.buf, a.len) == 0),
               "pieces give the whole", pp_str(f->name));
        pp_out_release(&a);
        pp_out_release(&b);
    }
    pp_diag_release(&diag);
    pp_profile_free(p);
}

static void check_written_can_be_read(const struct pp_format *f, const struct pp_profile *p)
{
    struct pp_diag diag = {.emit = ignore};
    struct pp_out out;
    if (write_as(f, p, &diag, &out) && f->read && out.len) {
        struct pp_span bytes = pp_out_bytes(&out);
        struct pp_profile *back = read_as(f, bytes, 1, show);
        demand(back != NULL, "what was written can be read", pp_str(f->name));
        pp_profile_free(back);
    }
    pp_out_release(&out);
    pp_diag_release(&diag);
}

static void write_all(const struct pp_profile *p)
{
    for (const struct pp_format *const *f = pp_formats; *f; f++)
        if ((*f)->write)
            check_written_can_be_read(*f, p);
}

/* A rule of every kind, with the argument that rules.def gives as an example. */
static bool add_every_rule(struct pp_rules *rules, struct pp_diag *diag)
{
    bool ok = true;
    for (const struct pp_rule_kind *k = pp_rule_kinds; ok && k->name; k++)
        ok = pp_rules_add(rules, k->name, k->example, diag);
    return ok;
}

/* Applies the rules one after another. */
static void apply_rules(struct pp_profile **p)
{
    struct pp_diag diag = {.emit = show};
    struct pp_rules *rules = pp_rules_new();
    demand(add_every_rule(rules, &diag), "every rule takes its example", pp_str("rules.def"));
    diag.emit = ignore;
    if (pp_drop_frames(*p, false, &diag))
        pp_rules_apply(rules, p, 0, &diag, &diag);
    pp_rules_free(rules);
    pp_diag_release(&diag);
}

static void try_format(const struct pp_format *f, struct pp_span in)
{
    struct pp_profile *p = read_as(f, in, 1, ignore);
    check_pieces_are_the_whole(f, p, in);
    if (!p)
        return;
    write_all(p);
    if (p->ncolumns)
        apply_rules(&p);
    pp_by_name(&p, &(struct pp_naming){.annotate = ~0u, .addresses = true, .comm = PP_COMM_TID});
    pp_compact(&p);
    write_all(p);
    pp_profile_free(p);
}

#endif
