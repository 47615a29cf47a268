/*
 * Output of bpftrace with -f json: one line for each map. Lines of a key that begin with a comma
 * are not frames.
 *
 *     {"type": "map", "data": {"@": {"\n    read+20\n    main+2\n,bash": 46}}}
 */
#include "formats/printed/bpftrace_entry.h"
#include "syntax/json.h"

static void take_key(struct pp_bpftrace *b, struct pp_span key)
{
    struct pp_span line;
    bool first = true;
    for (; pp_cut(&key, '\n', &line); first = false)
        if (first || pp_starts(pp_skip_blanks(line), ","))
            pp_bpftrace_keys(b, line);
        else if (!pp_empty(pp_trim(line)))
            pp_bpftrace_frame_line(b, line);
}

/* A number; if a double would not be exact, newer versions print a string. */
static void take_number(struct pp_json *j, struct pp_span *value)
{
    if (pp_json_peek(j) == PP_JSON_NUMBER)
        pp_json_number(j, value);
    else if (pp_json_peek(j) == PP_JSON_STRING)
        pp_json_string(j, value);
    else
        pp_json_skip(j);
}

/* A number, or the "total" of an object. Other values are skipped with a warning. */
static bool take_value(struct pp_bpftrace *b, struct pp_json *j)
{
    struct pp_span value = pp_str(""), key;
    if (pp_json_peek(j) != PP_JSON_OBJECT) {
        take_number(j, &value);
    } else {
        pp_json_object(j);
        while (pp_json_member(j, &key))
            if (pp_is(key, "total"))
                take_number(j, &value);
            else
                pp_json_skip(j);
    }
    return j->why || pp_bpftrace_end_text(b, value);
}

/*
 * {KEY: VALUE, ...}; only a key with a stack has several lines. An error in the JSON is reported at
 * the end.
 */
static bool take_map(struct pp_bpftrace *b, struct pp_json *j, struct pp_span map)
{
    struct pp_span key;
    bool ok = true;
    if (pp_json_peek(j) != PP_JSON_OBJECT) {
        pp_json_skip(j);
        return true;
    }
    pp_json_object(j);
    while (ok && pp_json_member(j, &key)) {
        if (!pp_find(key, '\n')) {
            pp_json_skip(j);
            continue;
        }
        pp_bpftrace_begin(b, map);
        take_key(b, key);
        ok = take_value(b, j);
    }
    return ok;
}

bool pp_bpftrace_json(struct pp_bpftrace *b, struct pp_span line)
{
    struct pp_json j = {.in = line, .arena = &b->s.r->arena};
    struct pp_span key, map;
    bool ok = true;
    pp_json_object(&j);
    while (ok && pp_json_member(&j, &key)) {
        if (!pp_is(key, "data") || pp_json_peek(&j) != PP_JSON_OBJECT) {
            pp_json_skip(&j);
            continue;
        }
        pp_json_object(&j);
        while (ok && pp_json_member(&j, &map)) {
            map.p += pp_starts(map, "@");
            ok = take_map(b, &j, map);
        }
    }
    if (ok && !pp_json_end(&j))
        pp_warn(b->s.r, b->s.at, "a line that is not JSON: %s", j.why);
    b->s.open = false;
    pp_arena_clear(&b->s.r->arena);
    return ok;
}
