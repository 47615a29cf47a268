/* Parses the arguments of rules. */
#include <string.h>

#include "base/memory.h"
#include "model/holds.h"
#include "transform/rule_private.h"
#include "transform/rules.h"
#include "transform/units.h"

/* --- patterns ------------------------------------------------------------ */

bool pp_rule_regex(struct pp_rule *r, struct pp_span pattern, struct pp_diag *diag)
{
    struct pp_regex *x = pp_regex_new(pattern, diag);
    if (!x)
        return false;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    PP_GROW(r->regexes, r->nregexes + 1, r->regexes_cap);
    r->regexes[r->nregexes++] = x;
    return true;
}

static bool parse_in(struct pp_rule *r, unsigned fields, struct pp_span pattern,
                     struct pp_diag *diag)
{
    r->fields = fields;
    if (fields & (PP_LOOK_FILE | PP_LOOK_MODULE_OR_FILE))
        r->need |= PP_HOLDS_LINES;
    if (fields & (PP_LOOK_MODULE | PP_LOOK_MODULE_OR_FILE))
        r->need |= PP_HOLDS_ADDRESSES;
    return pp_rule_regex(r, pattern, diag);
}

bool pp_parse_simple(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag)
{
    (void)a;
    return parse_in(r, PP_LOOK_SIMPLE_NAME, r->argument, diag);
}

bool pp_parse_module(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag)
{
    (void)a;
    return parse_in(r, PP_LOOK_MODULE, r->argument, diag);
}

bool pp_parse_module_or_file(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag)
{
    (void)a;
    return parse_in(r, PP_LOOK_MODULE_OR_FILE, r->argument, diag);
}

static const struct {
    const char *prefix;
    unsigned field;
} fields[] = {
    {"function:", PP_LOOK_FUNCTION},
    {"file:", PP_LOOK_FILE},
    {"module:", PP_LOOK_MODULE},
};

/* Cuts "file:" and the like from the start of `*s`; 0 if it does not begin so. */
static unsigned take_field(struct pp_span *s)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (pp_starts(*s, fields[i].prefix)) {
            s->p += strlen(fields[i].prefix);
            return fields[i].field;
        }
    return 0;
}

bool pp_parse_fields(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag)
{
    (void)a;
    struct pp_span pattern = r->argument;
    unsigned field = take_field(&pattern);
    if (pp_empty(pattern))
        return pp_error(diag, NULL, "'%s %.*s' lacks a pattern", r->kind->name,
                        PP_SHOW(r->argument));
    return parse_in(r, field ? field : PP_LOOK_FUNCTION | PP_LOOK_FILE | PP_LOOK_MODULE, pattern,
                    diag);
}

bool pp_parse_pattern(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag)
{
    (void)a;
    r->need |= PP_HOLDS_LABELS;
    return pp_rule_regex(r, r->argument, diag);
}

/* --- keys of labels ------------------------------------------------------ */

static void add_key(struct pp_rule *r, struct pp_span key)
{
    PP_GROW(r->keys, r->nkeys + 1, r->keys_cap);
    r->keys[r->nkeys++] = key;
    r->need |= PP_HOLDS_LABELS;
    if (pp_is(key, "cpu"))
        r->need |= PP_HOLDS_CPU;
}

bool pp_parse_keys(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag)
{
    (void)a;
    bool good = r->argument.end[-1] != ',';
    for (struct pp_span rest = r->argument, key; good && pp_cut(&rest, ',', &key);) {
        good = !pp_empty(key);
        add_key(r, key);
    }
    return good ||
           pp_error(diag, NULL, "'%s %.*s' has an empty key", r->kind->name, PP_SHOW(r->argument));
}

/* --- values of labels ---------------------------------------------------- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Takes "-12kb", a number and possibly a unit, from the start of `*s`. */
static bool take_number(struct pp_span *s, int64_t *number, struct pp_span *unit)
{
    struct pp_span digits = {s->p, s->p};
    if (digits.end < s->end && (*digits.end == '-' || *digits.end == '+'))
        digits.end++;
    while (digits.end < s->end && pp_is_digit(*digits.end))
        digits.end++;
    unit->p = unit->end = digits.end;
    while (unit->end < s->end && (is_letter(*unit->end) || *unit->end & 0x80))
        unit->end++;
    s->p = unit->end;
    if (*digits.p == '+')
        digits.p++;
    return pp_parse_i64(digits, number);
}

/* Whether all of `s` is "N", "N:", ":N" or "N:M", each with or without a unit. */
static bool parse_range(struct pp_span s, struct pp_range *range)
{
    *range = (struct pp_range){.has_low = *s.p != ':'};
    if (range->has_low && !take_number(&s, &range->low, &range->low_unit))
        return false;
    if (pp_empty(s)) {
        range->has_high = true;
        range->high = range->low;
        range->high_unit = range->low_unit;
        return true;
    }
    if (*s.p++ != ':')
        return false;
    range->has_high = !pp_empty(s);
    if (range->has_high && !take_number(&s, &range->high, &range->high_unit))
        return false;
    return pp_empty(s) && (range->has_low || range->has_high);
}

static bool check_units(const struct pp_rule *r, struct pp_diag *diag)
{
    const struct pp_range *range = &r->range;
    if (!range->has_low || !range->has_high || pp_same(range->low_unit, range->high_unit) ||
        (!pp_empty(range->low_unit) && !pp_empty(range->high_unit) &&
         pp_units_compare(range->low_unit, range->high_unit)))
        return true;
    return pp_error(diag, NULL, "'%s %.*s': both ends must have units of the same kind",
                    r->kind->name, PP_SHOW(r->argument));
}

/* The next comma of a list that is neither escaped nor within brackets, or its end. */
static const char *end_of_pattern(struct pp_span s)
{
    int depth = 0;
    for (; s.p < s.end && (*s.p != ',' || depth > 0); s.p++) {
        if (*s.p == '\\' && s.p + 1 < s.end)
            s.p++;
        else if (strchr("([{", *s.p))
            depth++;
        else if (strchr(")]}", *s.p))
            depth--;
    }
    return s.p;
}

static bool parse_patterns(struct pp_rule *r, struct pp_span list, struct pp_diag *diag)
{
    while (true) {
        struct pp_span pattern = {list.p, end_of_pattern(list)};
        if (pp_empty(pattern))
            return pp_error(diag, NULL, "'%s %.*s' has an empty pattern", r->kind->name,
                            PP_SHOW(r->argument));
        if (!pp_rule_regex(r, pattern, diag))
            return false;
        if (pattern.end == list.end)
            return true;
        list.p = pattern.end + 1;
    }
}

bool pp_parse_tag(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag)
{
    (void)a;
    struct pp_span value = r->argument;
    const char *equals = pp_find(value, '=');
    r->need |= PP_HOLDS_LABELS;
    if (equals) {
        add_key(r, (struct pp_span){value.p, equals});
        value.p = equals + 1;
    }
    if (pp_empty(value) || (equals && pp_empty(r->keys[0])))
        return pp_error(diag, NULL, "'%s %.*s' is not of the form [KEY=]VALUE", r->kind->name,
                        PP_SHOW(r->argument));
    r->is_range = parse_range(value, &r->range);
    return r->is_range ? check_units(r, diag) : parse_patterns(r, value, diag);
}

/* --- rewrites ------------------------------------------------------------ */

/* Cuts "file:", "label.thread:" and the like from the start of `*s`. */
static bool take_target(struct pp_rule *r, struct pp_span *s)
{
    static const char label[] = "label.";
    r->fields = take_field(s);
    if (!r->fields && pp_starts(*s, label)) {
        const char *command = pp_find_text(*s, ":s");
        if (!command || command == s->p + strlen(label))
            return false;
        add_key(r, (struct pp_span){s->p + strlen(label), command});
        s->p = command + 1;
        r->fields = PP_LOOK_LABEL;
    }
    if (!r->fields)
        r->fields = PP_LOOK_FUNCTION;
    if (r->fields == PP_LOOK_FILE)
        r->need |= PP_HOLDS_LINES;
    if (r->fields == PP_LOOK_MODULE)
        r->need |= PP_HOLDS_ADDRESSES;
    return true;
}

/* The part of `*s` up to a delimiter without a backslash before it; false if there is none. */
static bool take_part(struct pp_span *s, char delimiter, struct pp_span *part)
{
    for (const char *at = s->p; at < s->end; at++) {
        if (*at == delimiter) {
            *part = (struct pp_span){s->p, at};
            s->p = at + 1;
            return true;
        }
        if (*at == '\\')
            at++;
    }
    return false;
}

/* The text with "\/" as "/" and "\\" as "\". */
static const char *unescape(struct pp_arena *a, struct pp_span s, char delimiter)
{
    char *text = pp_alloc(a, pp_len(s) + 1), *end = text;
    for (const char *at = s.p; at < s.end; at++) {
        if (*at == '\\' && at + 1 < s.end && (at[1] == delimiter || at[1] == '\\'))
            at++;
        *end++ = *at;
    }
    *end = '\0';
    return text;
}

/* A letter or a digit as a delimiter would make a pattern's "\d" ambiguous. */
static bool good_delimiter(char c)
{
    return c > ' ' && c < 127 && c != '\\' && !pp_is_digit(c) && !is_letter(c);
}

static bool parse_flags(struct pp_span flags, bool *all, bool *any_case)
{
    for (; flags.p < flags.end; flags.p++) {
        bool *flag = *flags.p == 'g' ? all : *flags.p == 'i' ? any_case : NULL;
        if (!flag)
            return false;
        *flag = true;
    }
    return true;
}

static struct pp_span without_case(struct pp_arena *a, struct pp_span pattern)
{
    static const char prefix[] = "(?i)";
    char *copy = pp_alloc(a, pp_len(pattern) + sizeof prefix);
    memcpy(copy, prefix, strlen(prefix));
    memcpy(copy + strlen(prefix), pattern.p, pp_len(pattern));
    return (struct pp_span){copy, copy + strlen(prefix) + pp_len(pattern)};
}

bool pp_parse_rewrite(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag)
{
    struct pp_span s = r->argument, pattern, text;
    bool any_case = false;
    bool good = take_target(r, &s) && pp_len(s) >= 4 && s.p[0] == 's' && good_delimiter(s.p[1]);
    if (good) {
        char delimiter = s.p[1];
        s.p += 2;
        good = take_part(&s, delimiter, &pattern) && !pp_empty(pattern) &&
               take_part(&s, delimiter, &text) && parse_flags(s, &r->all, &any_case);
        if (good)
            r->text = unescape(a, text, delimiter);
    }
    if (!good)
        return pp_error(diag, NULL, "'%.*s' is not of the form [FIELD:]s/REGEX/TEXT/[g][i]",
                        PP_SHOW(r->argument));
    return pp_rule_regex(r, any_case ? without_case(a, pattern) : pattern, diag) &&
           pp_regex_check_text(r->regexes[0], r->text, diag);
}

/* --- granularity --------------------------------------------------------- */

static const struct {
    const char *name;
    unsigned need;
} levels[] = {
    [PP_BY_FUNCTION] = {"functions", 0},
    [PP_BY_FILE_AND_FUNCTION] = {"filefunctions", PP_HOLDS_LINES},
    [PP_BY_FILE] = {"files", PP_HOLDS_LINES},
    [PP_BY_LINE] = {"lines", PP_HOLDS_LINES},
    [PP_BY_ADDRESS] = {"addresses", PP_HOLDS_ADDRESSES},
    [PP_BY_MODULE] = {"modules", PP_HOLDS_ADDRESSES},
};

const char *pp_rule_choice(const char *name, size_t i)
{
    bool any = strcmp(name, "granularity") == 0 && i < sizeof levels / sizeof *levels;
    return any ? levels[i].name : NULL;
}

bool pp_parse_granularity(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag)
{
    (void)a;
    for (unsigned i = 0; i < sizeof levels / sizeof *levels; i++)
        if (pp_is(r->argument, levels[i].name)) {
            r->level = i;
            r->need = levels[i].need;
            return true;
        }
    return pp_error(
        diag, NULL,
        "granularity must be functions, filefunctions, files, lines, addresses or modules, "
        "not '%.*s'",
        PP_SHOW(r->argument));
}
