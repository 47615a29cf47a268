#include "transform/rules.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/out.h"
#include "model/compact.h"
#include "transform/rule_private.h"

struct pp_rules {
    struct pp_rule *list;
    size_t count, cap;
    struct pp_arena arena; /* everything that rules point to, except regexes */
};

#define PP_RULE(symbol, name, argument, help, example, parse, of_labels) \
    {name, argument, help, example, parse, pp_apply_##symbol, of_labels},
const struct pp_rule_kind pp_rule_kinds[] = {
#include "transform/rules.def"
    {0},
};
#undef PP_RULE

const struct pp_rule_kind *pp_rule_kind(struct pp_span name)
{
    for (const struct pp_rule_kind *k = pp_rule_kinds; k->name; k++)
        if (pp_is(name, k->name))
            return k;
    return NULL;
}

/* --- the list ------------------------------------------------------------ */

struct pp_rules *pp_rules_new(void)
{
    return pp_calloc(1, sizeof(struct pp_rules));
}

static void release_rule(struct pp_rule *r)
{
    for (size_t i = 0; i < r->nregexes; i++)
        pp_regex_free(r->regexes[i]);
    free(r->regexes);
    free(r->keys);
}

void pp_rules_free(struct pp_rules *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->count; i++)
        release_rule(&r->list[i]);
    free(r->list);
    pp_arena_release(&r->arena);
    free(r);
}

static bool add(struct pp_rules *r, struct pp_span name, struct pp_span argument,
                struct pp_diag *diag)
{
    const struct pp_rule_kind *kind = pp_rule_kind(name);
    if (!kind)
        return pp_error(diag, NULL, "unknown rule '%.*s'", PP_SHOW(name));
    if (kind->parse && pp_empty(argument))
        return pp_error(diag, NULL, "'%s' needs an argument", kind->name);
    if (!kind->parse && !pp_empty(argument))
        return pp_error(diag, NULL, "'%s' takes no argument, but got '%.*s'", kind->name,
                        PP_SHOW(argument));
    const char *copy = pp_copy(&r->arena, argument);
    struct pp_rule rule = {.kind = kind, .argument = {copy, copy + pp_len(argument)}};
    if (kind->parse && !kind->parse(&rule, &r->arena, diag)) {
        release_rule(&rule);
        return false;
    }
    PP_GROW(r->list, r->count + 1, r->cap);
    r->list[r->count++] = rule;
    return true;
}

bool pp_rules_add(struct pp_rules *r, const char *name, const char *argument, struct pp_diag *diag)
{
    return add(r, pp_str(name), pp_str(argument ? argument : ""), diag);
}

void pp_rules_interpret(struct pp_rules *r)
{
    for (size_t i = 0; i < r->count; i++)
        for (size_t x = 0; x < r->list[i].nregexes; x++)
            pp_regex_interpret(r->list[i].regexes[x]);
}

bool pp_rules_empty(const struct pp_rules *r)
{
    return r->count == 0;
}

bool pp_rules_have(const struct pp_rules *r, const char *name)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->list[i].kind->name, name) == 0)
            return true;
    return false;
}

const char *pp_rules_argument(const struct pp_rules *r, const char *name, size_t nth)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->list[i].kind->name, name) == 0 && nth-- == 0)
            return r->list[i].argument.p;
    return NULL;
}

unsigned pp_rules_need(const struct pp_rules *r)
{
    unsigned need = 0;
    for (size_t i = 0; i < r->count; i++)
        need |= r->list[i].need;
    return need;
}

/* --- files of rules ------------------------------------------------------ */

/* Passes messages on as messages about a line of a file. */
struct relay {
    struct pp_diag diag; /* first, so that its `emit` can find the rest */
    struct pp_diag *to;
    struct pp_place place;
};

static void pass_on(struct pp_diag *d, const struct pp_message *m)
{
    const struct relay *relay = (const struct relay *)d;
    pp_report(relay->to, m->severity, relay->place, "%s", m->text);
}

static bool parse_line(struct pp_rules *r, struct pp_span line, struct pp_diag *diag)
{
    struct pp_span rest = pp_trim(line), name;
    if (pp_empty(rest) || *rest.p == '#')
        return true;
    if (pp_find(rest, '\0'))
        return pp_error(diag, NULL, "a rule cannot hold a NUL byte");
    pp_word(&rest, &name);
    return add(r, name, pp_trim(rest), diag);
}

bool pp_rules_parse(struct pp_rules *r, struct pp_span text, const char *file, struct pp_diag *diag)
{
    struct relay relay = {{.emit = pass_on}, diag, {file, PP_AT_LINE, 0}};
    bool ok = true;
    for (struct pp_span line; ok && pp_line(&text, &line);) {
        relay.place.at++;
        ok = parse_line(r, line, &relay.diag);
    }
    pp_diag_release(&relay.diag);
    return ok;
}

/* --- applying ------------------------------------------------------------ */

/* The state before a rule. */
struct before {
    size_t samples;
    int64_t value;
};

static size_t count_samples(const struct pp_profile *p)
{
    return p->samples.count - !pp_sample_exists(p, 0);
}

static int64_t sum(const struct pp_profile *p, unsigned column)
{
    int64_t total = 0;
    for (size_t s = 0; column < p->ncolumns && s < p->samples.count; s++)
        total += p->columns[column].values[s];
    return total;
}

static const char *what_matched(const struct pp_rule *r)
{
    if (r->kind->parse == pp_parse_time)
        return "samples";
    if (r->fields == PP_LOOK_LABEL)
        return "labels"; /* a rewrite of labels */
    return r->kind->of_labels ? "sets of labels" : "frames";
}

/* "hide ^x: 3 frames matched, 10 samples kept, 0 dropped, cpu 120 -> 120". */
static void explain_rule(struct pp_diag *explain, const struct pp_rule *r,
                         const struct pp_rule_run *run, unsigned column,
                         const struct before *before)
{
    struct pp_out text;
    pp_out_memory(&text, NULL);
    pp_putf(&text, "%s%s%.*s: %zu %s matched, ", r->kind->name, pp_empty(r->argument) ? "" : " ",
            PP_SHOW(r->argument), run->matched, what_matched(r));
    pp_putf(&text, "%zu samples kept, %zu dropped", before->samples - run->dropped, run->dropped);
    if (column < run->p->ncolumns) {
        const struct pp_column *shown = &run->p->columns[column];
        pp_putf(&text, ", %.*s ", PP_SHOW(pp_text(run->p, shown->type)));
        pp_put_decimal(&text, before->value, shown->decimals);
        pp_puts(&text, " -> ");
        pp_put_decimal(&text, sum(run->p, column), shown->decimals);
    }
    pp_report(explain, PP_NOTE, (struct pp_place){0}, "%.*s", (int)text.len, text.buf);
    pp_out_release(&text);
}

/* Compacts the profile first, as counts are of what samples use. */
static bool apply_explained(const struct pp_rule *r, struct pp_rule_run *run, unsigned column,
                            struct pp_diag *explain)
{
    pp_compact(&run->p);
    struct before before = {count_samples(run->p), sum(run->p, column)};
    run->matched = run->dropped = 0;
    if (!r->kind->apply(r, run))
        return false;
    explain_rule(explain, r, run, column, &before);
    return true;
}

bool pp_rules_apply(struct pp_rules *r, struct pp_profile **p, unsigned column,
                    struct pp_diag *explain, struct pp_diag *diag)
{
    struct pp_rule_run run = {.p = *p, .diag = diag, .first_ns = pp_first_time(*p)};
    bool ok = true;
    for (size_t i = 0; ok && i < r->count; i++)
        ok = explain ? apply_explained(&r->list[i], &run, column, explain)
                     : r->list[i].kind->apply(&r->list[i], &run);
    if (ok && run.changed)
        pp_compact(&run.p);
    *p = run.p;
    return ok;
}
