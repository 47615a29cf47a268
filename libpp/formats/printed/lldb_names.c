#include "formats/printed/gdb_names.h"
#include "formats/printed/stack_lines.h"

static const char inlined[] = " [inlined] ";

/*
 * What follows " at " is a place in the source; " + N" is an offset; and "[artificial]" a remark.
 */
static void take_place(struct pp_span *name, struct pp_code *f)
{
    const char *at = pp_rfind_text(*name, " at "), *plus = pp_rfind_text(*name, " + ");
    uint64_t offset;
    if (pp_ends(*name, "]") && pp_rfind_text(*name, " ["))
        name->end = pp_rfind_text(*name, " [");
    if (at && at < name->end && pp_is_digit(name->end[-1])) {
        pp_stack_place((struct pp_span){at + strlen(" at "), name->end}, f);
        name->end = at;
    } else if (plus && pp_parse_u64((struct pp_span){plus + 3, name->end}, &offset)) {
        name->end = plus;
    }
}

/* Whether "(" begins values: "(n=1, s=...)", "(__args#0=1)", "((null)=...)"; types have no "=". */
static bool begins_values(struct pp_span s)
{
    if (pp_take(&s, "((null)="))
        return true;
    const char *p = s.p + 1;
    while (p < s.end && (*p == '_' || *p == '#' || pp_is_digit(*p) ||
                         ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z')))
        p++;
    return p > s.p + 1 && p < s.end && *p == '=';
}

/*
 * "f(n=1, s=...)" has values, which belong to the call; "f(int)" has types, which belong to the
 * name. operator() has both: "operator(n=1)(int)".
 */
static void drop_arguments(struct pp_span *name, struct pp_arena *arena)
{
    static const char op[] = "operator", call[] = "()";
    struct pp_span rest = *name;
    const char *open;
    while ((open = pp_find(rest, '(')) && !begins_values((struct pp_span){open, rest.end}))
        rest.p = open + 1;
    if (!open || open == name->p)
        return;
    name->end = open;
    if (!pp_ends(*name, op))
        return;
    size_t n = pp_len(*name);
    char *whole = pp_alloc(arena, n + strlen(call));
    memcpy(whole, name->p, n);
    memcpy(whole + n, call, strlen(call));
    *name = (struct pp_span){whole, whole + n + strlen(call)};
}

bool pp_lldb_frame(struct pp_reader *r, struct pp_span text, struct pp_code *f)
{
    struct pp_span name = text;
    if (!pp_take(&name, "0x"))
        return false;
    f->address = pp_take_hex(&name);
    name = pp_trim(name);
    const char *tick = pp_find(name, '`');
    if (tick) {
        f->module = (struct pp_span){name.p, tick};
        name.p = tick + 1;
    }
    take_place(&name, f);
    const char *outer = pp_rfind_text(name, inlined);
    if (outer)
        name.p = outer + strlen(inlined);
    drop_arguments(&name, &r->arena);
    f->function = pp_starts(name, "___lldb_unnamed_symbol") ? (struct pp_span){0} : name;
    f->inlined = outer != NULL;
    return true;
}
