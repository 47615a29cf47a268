#include "formats/valgrind/costs.h"

#include <stdlib.h>

#include "base/memory.h"

/* --- numbers ------------------------------------------------------------- */

/*
 * Moves past a number: decimal, or hexadecimal after 0x. False if there is none, or it is too
 * large.
 */
static inline bool take_u64(struct pp_span *s, uint64_t *out)
{
    const char *p = s->p;
    uint64_t v = 0;
    if (s->end - p > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
        for (p += 2; p < s->end && pp_hex_digit(*p); p++) {
            if (v >> 60)
                return false;
            v = v << 4 | (pp_hex_digit(*p) - 1);
        }
    } else {
        for (; p < s->end && pp_is_digit(*p); p++)
            if (__builtin_mul_overflow(v, 10, &v) ||
                __builtin_add_overflow(v, (uint64_t)(*p - '0'), &v))
                return false;
    }
    bool any = p > s->p;
    s->p = p;
    *out = v;
    return any;
}

static inline void skip_blanks(struct pp_span *s)
{
    while (s->p < s->end && pp_is_blank(*s->p))
        s->p++;
}

/* --- events -------------------------------------------------------------- */

/* "cpu(nanoseconds)" is cpu/nanoseconds; others are counts. */
static void name_event(struct pp_span event, struct pp_span *type, struct pp_span *unit)
{
    const char *paren = pp_find(event, '(');
    *type = event;
    *unit = pp_str("count");
    if (!paren || paren == event.p || event.end[-1] != ')' || paren + 2 >= event.end)
        return;
    *type = (struct pp_span){event.p, paren};
    *unit = (struct pp_span){paren + 1, event.end - 1};
}

static void add_event(struct pp_costs *c, struct pp_span event)
{
    struct pp_span type, unit;
    int64_t factor = 1;
    name_event(event, &type, &unit);
    if (c->sink->column)
        c->sink->column(event, &type, &unit, &factor);
    int column = c->nevents < PP_MAX_COLUMNS ? pp_column(c->r->out, type, unit) : -1;
    c->listed++;
    if (column < 0) {
        pp_warn(c->r, event.p, "event '%.*s' is left out: there are more than %d columns",
                PP_SHOW(event), PP_MAX_COLUMNS);
        return;
    }
    if (!c->r->out->about.default_type)
        c->r->out->about.default_type = pp_string(c->r->out, type);
    c->columns[c->nevents] = column;
    c->factors[c->nevents++] = factor;
}

static void read_events(struct pp_costs *c, struct pp_span list)
{
    c->nevents = c->listed = 0;
    memset(c->sums, 0, sizeof c->sums);
    for (struct pp_span event; pp_word(&list, &event);)
        add_event(c, event);
    c->any_events = c->nevents > 0;
}

static void read_positions(struct pp_costs *c, struct pp_span list)
{
    c->npositions = 0;
    for (struct pp_span word; pp_word(&list, &word);) {
        if (c->npositions == PP_COST_POSITIONS) {
            pp_warn(c->r, word.p, "more than %d positions", PP_COST_POSITIONS);
            return;
        }
        c->instr[c->npositions] = pp_is(word, "instr");
        c->lines[c->npositions++] = pp_is(word, "line");
    }
}

/* --- costs --------------------------------------------------------------- */

/* A position: absolute, "+3", "-3" or "*". Moves past it. */
static inline bool take_position(struct pp_costs *c, struct pp_span *s, unsigned which,
                                 uint64_t *out)
{
    uint64_t base = c->base[which], by = 0;
    skip_blanks(s);
    if (pp_empty(*s))
        return false;
    char sign = *s->p;
    if (sign == '*') {
        s->p++;
        *out = base;
        return true;
    }
    if (sign == '+' || sign == '-')
        s->p++;
    if (!take_u64(s, &by))
        return false;
    if (sign == '-' && by > base) {
        pp_warn(c->r, s->p, "a position below 0");
        by = base;
    }
    *out = sign == '+' ? base + by : sign == '-' ? base - by : by;
    return true;
}

static inline void set_place(const struct pp_costs *c, struct pp_cost_place *at, unsigned which,
                             uint64_t position)
{
    if (c->instr[which])
        at->address = position;
    else if (c->lines[which])
        at->line = position > UINT32_MAX ? 0 : (uint32_t)position;
}

static inline bool take_place(struct pp_costs *c, struct pp_span *s, struct pp_cost_place *at,
                              bool moves)
{
    *at = (struct pp_cost_place){0};
    for (unsigned i = 0; i < c->npositions; i++) {
        uint64_t position;
        if (!take_position(c, s, i, &position))
            return false;
        set_place(c, at, i, position);
        if (moves)
            c->base[i] = position;
    }
    return true;
}

/* "12", "-12", or "." for none. Fails beyond 64 bits. */
static inline bool take_cost(struct pp_costs *c, struct pp_span *s, int64_t *out)
{
    const char *at = s->p;
    uint64_t v = 0;
    bool minus = *s->p == '-';
    if (*s->p == '.') {
        s->p++;
        *out = 0;
        return true;
    }
    s->p += minus;
    if (!take_u64(s, &v) || (s->p < s->end && !pp_is_blank(*s->p))) {
        pp_fail(c->r, at, "not a cost: '%.*s'", PP_SHOW(((struct pp_span){at, s->end})));
        return false;
    }
    if (v > INT64_MAX)
        return pp_fail(c->r, at, "a cost beyond 64 bits");
    *out = minus ? -(int64_t)v : (int64_t)v;
    return true;
}

static bool scale_costs(struct pp_costs *c, const char *at)
{
    for (unsigned e = 0; e < c->nevents; e++)
        if (c->factors[e] != 1 &&
            __builtin_mul_overflow(c->values[e], c->factors[e], &c->values[e]))
            return pp_fail(c->r, at, "a cost beyond 64 bits");
    return true;
}

static bool take_costs(struct pp_costs *c, struct pp_span s)
{
    unsigned e = 0;
    const char *at = s.p;
    for (skip_blanks(&s); s.p < s.end; skip_blanks(&s), e++) {
        int64_t v = 0;
        if (e == c->listed) {
            pp_warn(c->r, s.p, "more costs than events: '%.*s'", PP_SHOW(s));
            break;
        }
        if (!take_cost(c, &s, &v))
            return false;
        if (e < c->nevents)
            c->values[e] = v;
    }
    c->no_values = e == 0;
    for (; e < c->nevents; e++)
        c->values[e] = 0;
    return scale_costs(c, at);
}

static bool add_sums(struct pp_costs *c, const char *at)
{
    for (unsigned e = 0; e < c->nevents; e++)
        if (__builtin_add_overflow(c->sums[e], c->values[e], &c->sums[e]))
            return pp_fail(c->r, at, "the sum of the costs exceeds 64 bits");
    return true;
}

static bool cost_line(struct pp_costs *c, struct pp_span line)
{
    const char *at = line.p;
    enum pp_cost_next what = c->next;
    if (!c->any_events)
        return pp_fail(c->r, at, "costs, but no line 'events:' before them");
    if (!take_place(c, &line, &c->at, true) || (line.p < line.end && !pp_is_blank(*line.p))) {
        pp_warn(c->r, at, "not understood, and left out: '%.*s'",
                PP_SHOW(((struct pp_span){at, line.end})));
        return true;
    }
    c->next = PP_COST_SELF;
    c->body = true;
    if (!take_costs(c, line))
        return false;
    if (what == PP_COST_JUMP)
        return true;
    if (what == PP_COST_CALL)
        return c->sink->call(c, at);
    return add_sums(c, at) && c->sink->cost(c, at);
}

/* --- calls --------------------------------------------------------------- */

static void settle_callee(struct pp_costs *c)
{
    if (!c->c_object)
        c->callee.object = c->function.object;
    if (!c->c_file)
        c->callee.file = c->file;
    c->c_object = c->c_file = false;
}

/* "3 51" after calls=: the number of calls, and where the callee begins. */
static void read_calls(struct pp_costs *c, struct pp_span text)
{
    skip_blanks(&text);
    const char *at = text.p;
    if (!take_u64(&text, &c->count) || !take_place(c, &text, &c->target, false))
        pp_warn(c->r, at, "not a number of calls and a place: '%.*s'", PP_SHOW(text));
    if (!c->c_name)
        pp_warn(c->r, at, "a call, but no cfn= before it");
    settle_callee(c);
    c->next = PP_COST_CALL;
}

/* --- lines --------------------------------------------------------------- */

static bool check_sums(struct pp_costs *c, struct pp_span list, const char *item)
{
    const char *at = list.p;
    c->totals = true;
    for (unsigned e = 0; e < c->nevents; e++) {
        int64_t total = 0;
        skip_blanks(&list);
        if (!pp_empty(list) && !take_cost(c, &list, &total))
            return false;
        if (!__builtin_mul_overflow(total, c->factors[e], &total) && total == c->sums[e])
            continue;
        struct pp_span type = pp_text(c->r->out, c->r->out->columns[c->columns[e]].type);
        pp_warn(c->r, at, "'%s:' says %lld of %.*s, but the costs add up to %lld", item,
                (long long)total, PP_SHOW(type), (long long)c->sums[e]);
    }
    return true;
}

static void end_call(struct pp_costs *c, const char *at)
{
    if (c->next == PP_COST_CALL)
        pp_warn(c->r, at, "no cost follows the line 'calls=' before this");
    c->next = PP_COST_SELF;
}

/* The part that was being read has ended. */
static bool end_part(struct pp_costs *c)
{
    end_call(c, c->r->in.end);
    bool ok = !c->any_events || c->sink->part(c);
    c->body = c->named = c->totals = c->c_object = c->c_file = c->c_name = false;
    c->function = (struct pp_cost_function){0};
    c->file = 0;
    memset(c->base, 0, sizeof c->base);
    memset(c->sums, 0, sizeof c->sums);
    return ok;
}

static bool starts_part(struct pp_span key)
{
    return pp_is(key, "part") || pp_is(key, "thread") || pp_is(key, "pid") ||
           pp_is(key, "events") || pp_is(key, "creator") || pp_is(key, "version");
}

static bool check_version(struct pp_costs *c, struct pp_span value)
{
    uint64_t version = 0;
    struct pp_span number = value;
    if (take_u64(&number, &version) && version <= 1)
        return true;
    return pp_fail(c->r, value.p, "version '%.*s' of the format is not known", PP_SHOW(value));
}

/* "key: value" */
static bool header_line(struct pp_costs *c, struct pp_span key, struct pp_span value)
{
    if (c->body && starts_part(key) && !end_part(c))
        return false;
    if (pp_is(key, "version"))
        return check_version(c, value);
    if (pp_is(key, "positions"))
        read_positions(c, value);
    else if (pp_is(key, "events"))
        read_events(c, value);
    else if (pp_is(key, "part"))
        c->part = value;
    else if (pp_is(key, "thread"))
        c->thread = value;
    else if (pp_is(key, c->sink->sums))
        return check_sums(c, value, c->sink->sums);
    return true;
}

static bool function_line(struct pp_costs *c, struct pp_span value)
{
    end_call(c, value.p);
    c->function.name = pp_cost_name(c->r, &c->functions, value);
    c->file = c->function.file;
    c->named = true;
    c->body = true;
    return c->sink->function(c, value.p);
}

/* "key=value" */
static bool body_line(struct pp_costs *c, struct pp_span key, struct pp_span value)
{
    if (pp_is(key, "fn"))
        return function_line(c, value);
    if (pp_is(key, "calls")) {
        read_calls(c, value);
    } else if (pp_is(key, "cfn")) {
        c->callee.name = pp_cost_name(c->r, &c->functions, value);
        c->c_name = true;
    } else if (pp_is(key, "cfi") || pp_is(key, "cfl")) {
        c->callee.file = pp_cost_name(c->r, &c->files, value);
        c->c_file = true;
    } else if (pp_is(key, "cob")) {
        c->callee.object = pp_cost_name(c->r, &c->objects, value);
        c->c_object = true;
    } else if (pp_is(key, "fi") || pp_is(key, "fe")) {
        c->file = pp_cost_name(c->r, &c->files, value);
    } else if (pp_is(key, "fl")) {
        c->file = c->function.file = pp_cost_name(c->r, &c->files, value);
    } else if (pp_is(key, "ob")) {
        c->function.object = pp_cost_name(c->r, &c->objects, value);
    } else if (pp_is(key, "jump") || pp_is(key, "jcnd")) {
        c->next = PP_COST_JUMP;
    } else if (pp_is(key, "jfi")) {
        pp_cost_name(c->r, &c->files, value);
    } else if (pp_is(key, "jfn")) {
        pp_cost_name(c->r, &c->functions, value);
    }
    return true; /* rec=, rcalls=, frfn= and so on, of old versions */
}

static inline bool is_word(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_' || ch == ' ' ||
           ch == '(' || ch == ')';
}

/* A line other than a cost: "key=value", "key: value", a comment, or an unknown one. */
static bool other_line(struct pp_costs *c, struct pp_span line)
{
    const char *p = line.p;
    if (*p == '#')
        return true;
    if (pp_starts(line, "==== NEW PROFILING FILE ")) { /* Xdebug in append mode */
        bool ok = !c->body || end_part(c);
        pp_cost_names_clear(&c->objects);
        pp_cost_names_clear(&c->files);
        pp_cost_names_clear(&c->functions);
        return ok;
    }
    while (p < line.end && is_word(*p))
        p++;
    struct pp_span key = {line.p, p}, value = {p + 1, line.end};
    if (p < line.end && p > line.p && *p == '=')
        return body_line(c, key, value);
    if (p < line.end && p > line.p && *p == ':')
        return header_line(c, key, pp_trim(value));
    pp_warn(c->r, line.p, "not understood, and left out: '%.*s'", PP_SHOW(line));
    return true;
}

static inline bool begins_cost(char c)
{
    return pp_is_digit(c) || c == '+' || c == '-' || c == '*';
}

static bool read_line(struct pp_costs *c, struct pp_span line)
{
    while (!pp_empty(line) && (pp_is_blank(*line.p) || *line.p == '\r'))
        line.p++;
    if (pp_empty(line))
        return !c->sink->blank || c->sink->blank(c, line.p);
    return begins_cost(*line.p) ? cost_line(c, line) : other_line(c, line);
}

/* Whether the last line may be cut: it has no newline, and is not a sum. */
static void check_end(struct pp_costs *c, struct pp_span in)
{
    const char *newline = pp_rfind(in, '\n');
    if (!pp_empty(in) && in.end[-1] != '\n' && !c->totals)
        pp_warn(c->r, newline ? newline + 1 : in.p, "its last line is cut");
}

bool pp_costs_read(struct pp_costs *c, struct pp_span in)
{
    struct pp_span all = in;
    c->npositions = 1;
    c->lines[0] = true;
    for (struct pp_span line; pp_line(&in, &line);)
        if (!read_line(c, line))
            return false;
    check_end(c, all);
    if (!c->any_events)
        return pp_fail(c->r, all.p, "it has no line 'events:'");
    c->at_end = true;
    return end_part(c);
}

void pp_costs_release(struct pp_costs *c)
{
    pp_cost_names_clear(&c->objects);
    pp_cost_names_clear(&c->files);
    pp_cost_names_clear(&c->functions);
}

/* --- for the readers ----------------------------------------------------- */

struct pp_span pp_costs_header(struct pp_span head, const char *item)
{
    for (struct pp_span line; pp_line(&head, &line);) {
        if (pp_starts(line, "fn=") || pp_starts(line, "fl=") || pp_starts(line, "ob="))
            break;
        if (pp_starts(line, item) && pp_len(line) > strlen(item) && line.p[strlen(item)] == ':')
            return pp_trim((struct pp_span){line.p + strlen(item) + 1, line.end});
    }
    return (struct pp_span){head.p, head.p};
}

bool pp_costs_is_named(struct pp_span name)
{
    return !pp_empty(name) && !pp_is(name, "???") && !pp_is(name, "UnknownFn???");
}

static pp_id function_row(struct pp_profile *p, pp_id name, pp_id file)
{
    struct pp_span text = pp_text(p, name), where = pp_text(p, file);
    struct pp_function row = {
        .name = pp_costs_is_named(text) ? name : 0,
        .file = pp_is(where, "???") || pp_is(where, "UnknownFile???") ? 0 : file,
    };
    return pp_intern(&p->functions, &row);
}

static pp_id mapping_row(struct pp_profile *p, pp_id object)
{
    struct pp_mapping row = {0};
    pp_set_mapping_file(p, &row, pp_text(p, object));
    return pp_is(pp_text(p, object), "???") ? 0 : pp_intern(&p->mappings, &row);
}

pp_id pp_costs_frame(struct pp_reader *r, const struct pp_cost_function *f, pp_id name, pp_id file,
                     struct pp_cost_place at)
{
    struct pp_profile *p = r->out;
    struct pp_frame row = {
        .function = function_row(p, name, file),
        .mapping = mapping_row(p, f->object),
        .line = r->keep & PP_HOLDS_LINES ? at.line : 0,
        .address = r->keep & PP_HOLDS_ADDRESSES ? at.address : 0,
    };
    return pp_frame_row(p, row);
}
