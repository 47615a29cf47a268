#include "formats/printed/gdb_names.h"

#include "formats/printed/stack_lines.h"

/* Moves past an operator's sign, which may be a bracket: operator<, operator->, operator(). */
static const char *skip_operator(const char *p, const char *end)
{
    struct pp_span rest = {p, end};
    if (!pp_take(&rest, "operator"))
        return p;
    if (!pp_take(&rest, "()"))
        while (rest.p < end && memchr("<>=-!+*/%^&|~,", *rest.p, 14))
            rest.p++;
    return rest.p;
}

const char *pp_gdb_end_of_name(struct pp_span s)
{
    size_t round = 0, angle = 0, outside = 0; /* outside: angle brackets around the round ones */
    for (const char *p = s.p; p < s.end; p++) {
        p = *p == 'o' ? skip_operator(p, s.end) : p;
        if (p == s.end)
            break;
        if (*p == '(' && !round && !angle && p > s.p && p[-1] == ' ')
            return p - 1;
        if (*p == '(' && !round++)
            outside = angle;
        else if (*p == ')' && round && !--round)
            angle = outside;
        else if (*p == '<')
            angle++;
        else if (*p == '>' && angle > (round ? outside : 0) && p[-1] != '-')
            angle--;
    }
    return NULL;
}

/*
 * "(ARGUMENTS)" and the rest. Arguments may contain strings, so the last " at " and " from " count.
 */
static bool parse_rest(struct pp_reader *r, struct pp_span rest, struct pp_code *f)
{
    static const char deleted[] = " (deleted)";
    const char *at = pp_rfind_text(rest, ") at "), *from = pp_rfind_text(rest, ") from ");
    bool gone = pp_ends(rest, deleted);
    if (at && pp_is_digit(rest.end[-1]))
        pp_stack_place((struct pp_span){at + strlen(") at "), rest.end}, f);
    else if (from && (rest.end[-1] != ')' || gone))
        f->mapping = pp_intern(
            &r->out->mappings,
            &(struct pp_mapping){
                .file = pp_string(r->out, (struct pp_span){from + strlen(") from "),
                                                           rest.end - gone * strlen(deleted)}),
                .flags = PP_START_UNKNOWN | (gone ? PP_FILE_DELETED : 0u)});
    else
        return pp_ends(rest, ")");
    return true;
}

bool pp_gdb_frame(struct pp_reader *r, struct pp_span text, struct pp_code *f)
{
    bool leaf = pp_take(&text, "#0");
    text = pp_trim(text);
    if (pp_take(&text, "0x")) {
        f->address = pp_take_hex(&text);
        f->address -= !leaf && f->address;
        if (!pp_take(&text, " in "))
            return false;
    }
    f->function = text;
    if (pp_starts(text, "<") && pp_ends(text, ">") && !pp_find(text, '('))
        return true; /* <signal handler called> */
    f->function.end = pp_gdb_end_of_name(text);
    if (!f->function.end)
        return false;
    struct pp_span rest = {f->function.end + 1, text.end};
    if (pp_is(f->function, "??"))
        f->function = (struct pp_span){0};
    return parse_rest(r, rest, f);
}
