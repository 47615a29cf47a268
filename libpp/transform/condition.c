#include "transform/condition.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "transform/regex.h"
#include "transform/units.h"

struct pp_condition {
    struct pp_arena arena;
    struct pp_span text;
    enum pp_condition_about about;
    const char *column;       /* NULL: the one being compared */
    struct pp_label_is label; /* without a key: all samples */
    struct pp_regex *regex;   /* NULL: everything */
    bool self;
    bool less, or_equal; /* <, or with or_equal <= */
    bool percent;
    double number;
    struct pp_span unit; /* empty: that of the column */
    struct pp_level level;
};

/* --- parsing ------------------------------------------------------------- */

/* The rest of the text, and where to report errors. */
struct parser {
    struct pp_span text, rest;
    struct pp_diag *diag;
};

static bool expected(const struct parser *p, const char *what)
{
    struct pp_span before = {p->text.p, p->rest.p};
    return pp_error(p->diag, NULL, "bad condition '%.*s': expected %s at byte %zu, after '%.*s'",
                    PP_SHOW(p->text), what, pp_len(before), PP_SHOW(before));
}

static bool take(struct parser *p, const char *word)
{
    if (!pp_starts(p->rest, word))
        return false;
    p->rest.p += strlen(word);
    return true;
}

static void skip_blanks(struct parser *p)
{
    while (!pp_empty(p->rest) && pp_is_blank(*p->rest.p))
        p->rest.p++;
}

/* The last parenthesis that is followed by what may follow a pattern; else the last one. */
static const char *end_of_pattern(struct pp_span text)
{
    const char *last = pp_rfind(text, ')');
    for (const char *at = last; at; at = pp_rfind((struct pp_span){text.p, at}, ')')) {
        const char *next = at + 1;
        while (next < text.end && pp_is_blank(*next))
            next++;
        if (next < text.end && strchr("[<>", *next))
            return at;
    }
    return last;
}

/* "[KEY=VALUE]", or nothing. */
static bool parse_label(struct pp_condition *c, struct parser *p)
{
    skip_blanks(p);
    if (!take(p, "["))
        return true;
    const char *end = pp_find(p->rest, ']'), *equal = pp_find(p->rest, '=');
    if (!end || !equal || equal > end || equal == p->rest.p)
        return expected(p, "'KEY=VALUE]'");
    c->label = (struct pp_label_is){{p->rest.p, equal}, {equal + 1, end}};
    p->rest.p = end + 1;
    return true;
}

/* "(REGEX)", or nothing. */
static bool parse_functions(struct pp_condition *c, struct parser *p)
{
    skip_blanks(p);
    if (!take(p, "("))
        return true;
    const char *end = end_of_pattern(p->rest);
    if (!end) {
        p->rest.p = p->rest.end;
        return expected(p, "')'");
    }
    c->regex = pp_regex_new((struct pp_span){p->rest.p, end}, p->diag);
    p->rest.p = end + 1;
    return c->regex != NULL;
}

static bool parse_relation(struct pp_condition *c, struct parser *p)
{
    skip_blanks(p);
    c->less = take(p, "<");
    if (!c->less && !take(p, ">"))
        return expected(p, c->regex || c->about == PP_ABOUT_ANY ? "'>' or '<'" : "'(', '>' or '<'");
    c->or_equal = take(p, "=");
    return true;
}

/* "12.5", at most 18 digits on both sides of the point. */
static bool parse_digits(struct parser *p, double *number)
{
    enum { MOST_DIGITS = 18 };
    unsigned digits = 0;
    double scale = 0;
    *number = 0;
    for (; !pp_empty(p->rest) && digits <= MOST_DIGITS; p->rest.p++) {
        char ch = *p->rest.p;
        if (ch == '.' && scale == 0) {
            scale = 1;
            continue;
        }
        if (!pp_is_digit(ch))
            break;
        *number = *number * 10 + (ch - '0');
        scale *= 10;
        digits++;
    }
    if (scale > 0)
        *number /= scale;
    return digits > 0 && digits <= MOST_DIGITS;
}

/* The text up to a comma or the end. */
static struct pp_span take_unit(struct parser *p)
{
    const char *comma = pp_find(p->rest, ',');
    return pp_trim_end((struct pp_span){p->rest.p, comma ? comma : p->rest.end});
}

static bool parse_number(struct pp_condition *c, struct parser *p)
{
    skip_blanks(p);
    bool minus = take(p, "-");
    if (!minus)
        take(p, "+");
    if (!parse_digits(p, &c->number))
        return expected(p, "a number");
    if (minus)
        c->number = -c->number;
    skip_blanks(p);
    c->unit = take_unit(p);
    c->percent = pp_is(c->unit, "%");
    if (!c->percent && !pp_empty(c->unit) && pp_unit(c->unit).family == PP_FAMILY_OTHER)
        return expected(p, "'%', a unit such as ms or kb, or the end");
    p->rest.p = c->unit.end;
    return true;
}

/* "5%" or "0.05", above 0 and at most 1. */
static bool parse_rate(struct parser *p, double *rate)
{
    struct parser at = *p;
    if (!parse_digits(p, rate))
        return expected(&at, "a number");
    skip_blanks(p);
    if (take(p, "%"))
        *rate /= 100;
    return (*rate > 0 && *rate <= 1) || expected(&at, "a level above 0 and at most 100%");
}

/* ", p < 1%" or nothing, up to the end. */
static bool parse_level(struct pp_condition *c, struct parser *p)
{
    skip_blanks(p);
    if (take(p, ",")) {
        skip_blanks(p);
        bool of_q = c->about != PP_ABOUT_PICTURE && take(p, "q");
        if (!of_q && !take(p, "p"))
            return expected(p, c->about == PP_ABOUT_PICTURE ? "'p'" : "'p' or 'q'");
        c->level.of = of_q ? PP_LEVEL_Q : PP_LEVEL_P;
        skip_blanks(p);
        if (!take(p, "<"))
            return expected(p, "'<'");
        c->level.or_equal = take(p, "=");
        skip_blanks(p);
        if (!parse_rate(p, &c->level.rate))
            return false;
    }
    skip_blanks(p);
    return pp_empty(p->rest) || expected(p, "',' or the end");
}

/* "COLUMN:", whose name may contain colons: the rest has none before its pattern. */
static void parse_column(struct pp_condition *c, struct parser *p)
{
    const char *colon = NULL;
    for (const char *at = p->rest.p; at < p->rest.end && !strchr("([<>,", *at); at++)
        if (*at == ':')
            colon = at;
    if (!colon)
        return;
    c->column = pp_copy(&c->arena, (struct pp_span){p->rest.p, colon});
    p->rest.p = colon + 1;
}

static bool parse_any(struct pp_condition *c, struct parser *p)
{
    c->about = PP_ABOUT_ANY;
    c->level = (struct pp_level){PP_LEVEL_Q, PP_NOISE_RATE, true};
    skip_blanks(p);
    c->self = take(p, "self");
    if (!c->self)
        take(p, "total");
    return parse_label(c, p) && parse_relation(c, p) && parse_number(c, p);
}

static bool parse_subject(struct pp_condition *c, struct parser *p)
{
    if (take(p, "different")) {
        c->about = PP_ABOUT_PICTURE;
        c->level = (struct pp_level){PP_LEVEL_P, PP_NOISE_RATE, true};
        return parse_label(c, p);
    }
    if (take(p, "any"))
        return parse_any(c, p);
    c->self = take(p, "self");
    if (!c->self && !take(p, "total"))
        return expected(p, "'self', 'total', 'any' or 'different'");
    return parse_functions(c, p) && parse_label(c, p) && parse_relation(c, p) && parse_number(c, p);
}

static bool parse(struct pp_condition *c, struct parser *p)
{
    skip_blanks(p);
    parse_column(c, p);
    skip_blanks(p);
    return parse_subject(c, p) && parse_level(c, p);
}

struct pp_condition *pp_condition_new(const char *text, struct pp_diag *diag)
{
    struct pp_condition *c = pp_calloc(1, sizeof *c);
    const char *copy = pp_copy(&c->arena, pp_str(text));
    struct parser p = {pp_str(copy), pp_str(copy), diag};
    c->text = p.text;
    if (parse(c, &p))
        return c;
    pp_condition_free(c);
    return NULL;
}

void pp_condition_interpret(struct pp_condition *c)
{
    if (c->regex)
        pp_regex_interpret(c->regex);
}

void pp_condition_free(struct pp_condition *c)
{
    if (!c)
        return;
    pp_regex_free(c->regex);
    pp_arena_release(&c->arena);
    free(c);
}

enum pp_condition_about pp_condition_about(const struct pp_condition *c)
{
    return c->about;
}

const char *pp_condition_column(const struct pp_condition *c)
{
    return c->column;
}

struct pp_regex *pp_condition_regex(const struct pp_condition *c)
{
    return c->regex;
}

const struct pp_label_is *pp_condition_label(const struct pp_condition *c)
{
    return pp_empty(c->label.key) ? NULL : &c->label;
}

bool pp_condition_is_self(const struct pp_condition *c)
{
    return c->self;
}

struct pp_level pp_condition_level(const struct pp_condition *c)
{
    return c->level;
}

bool pp_level_is_met(struct pp_level level, double p, double q)
{
    double rate = level.of == PP_LEVEL_Q ? q : p;
    return level.of == PP_LEVEL_NONE || (level.or_equal ? rate <= level.rate : rate < level.rate);
}

bool pp_condition_fits(const struct pp_condition *c, struct pp_span unit, struct pp_diag *diag)
{
    if (c->percent || pp_empty(c->unit) || pp_units_compare(c->unit, unit))
        return true;
    return pp_error(diag, NULL, "condition '%.*s': the column is in '%.*s', not in '%.*s'",
                    PP_SHOW(c->text), PP_SHOW(unit), PP_SHOW(c->unit));
}

/* --- evaluation ---------------------------------------------------------- */

/* For each function whether it matches; NULL if the pattern gave up. The caller frees it. */
static bool *matching_functions(struct pp_regex *regex, const struct pp_profile *p,
                                struct pp_diag *diag)
{
    bool *match = pp_calloc(p->functions.count, sizeof *match);
    for (pp_id f = 0; regex && f < p->functions.count; f++) {
        struct pp_span name = pp_text(p, pp_function(p, f)->name);
        enum pp_matched m = pp_regex_match(regex, name, diag);
        if (m == PP_REGEX_FAILED) {
            free(match);
            return NULL;
        }
        match[f] = m == PP_MATCH;
    }
    return match;
}

/* For each node whether its function matches, or with `callees` any on its stack. The caller frees
 * it. */
static bool *matching_nodes(struct pp_regex *regex, const struct pp_profile *p, bool callees,
                            struct pp_diag *diag)
{
    bool *functions = matching_functions(regex, p, diag);
    if (!functions)
        return NULL;
    bool *counts = pp_calloc(p->nodes.count, sizeof *counts);
    counts[0] = !regex;
    for (pp_id n = 1; n < p->nodes.count; n++) {
        const struct pp_node *node = pp_node(p, n);
        counts[n] =
            (callees && counts[node->parent]) || functions[pp_frame(p, node->frame)->function];
    }
    free(functions);
    return counts;
}

bool *pp_nodes_within(struct pp_regex *regex, const struct pp_profile *p, struct pp_diag *diag)
{
    return matching_nodes(regex, p, true, diag);
}

bool pp_condition_sums(struct pp_condition *c, const struct pp_profile *p, int64_t *sums,
                       struct pp_diag *diag)
{
    bool *counts = matching_nodes(c->regex, p, !c->self || !c->regex, diag);
    if (!counts)
        return false;
    memset(sums, 0, p->ncolumns * sizeof *sums);
    for (pp_id s = 0; s < p->samples.count; s++)
        for (unsigned i = 0; counts[pp_sample(p, s)->node] && i < p->ncolumns; i++)
            sums[i] += p->columns[i].values[s];
    free(counts);
    return true;
}

bool pp_condition_holds(const struct pp_condition *c, const struct pp_delta *d, struct pp_span unit)
{
    double delta = d->after - d->before, limit = c->number;
    if (c->percent)
        delta = pp_delta_percent(d);
    else if (!pp_empty(c->unit))
        limit *= (double)pp_unit(c->unit).factor / (double)pp_unit(unit).factor;
    if (c->or_equal && !(delta < limit) && !(delta > limit))
        return true;
    return c->less ? delta < limit : delta > limit;
}
