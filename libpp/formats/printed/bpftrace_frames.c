/* The frames of bpftrace, with and without names. */
#include "formats/printed/bpftrace_entry.h"

/* The "@" before a place in the source: after "+N", or after the name of an inlined function. */
static const char *find_place(struct pp_span name, bool inlined)
{
    struct pp_span rest = name;
    for (const char *at; (at = pp_find(rest, '@')); rest.p = at + 1) {
        const char *digits = at;
        while (digits > name.p && pp_is_digit(digits[-1]))
            digits--;
        if (inlined || (digits < at && digits > name.p && digits[-1] == '+'))
            return at;
    }
    return NULL;
}

/* [[inlined] ]NAME[+N][@FILE:LINE]; N is decimal. */
static void take_name(struct pp_span name, struct pp_code *f)
{
    uint64_t offset;
    f->inlined = pp_take(&name, "[inlined] ") || f->inlined;
    const char *at = pp_is_digit(name.end[-1]) ? find_place(name, f->inlined) : NULL;
    if (at) {
        pp_stack_place((struct pp_span){at + 1, name.end}, f);
        name.end = at;
    }
    const char *plus = pp_rfind(name, '+');
    if (plus && plus > name.p && pp_parse_u64((struct pp_span){plus + 1, name.end}, &offset))
        name.end = plus;
    f->function = name;
}

/* Cuts " (MODULE)" or " (inlined)" off the end of `*text`. */
static void take_module(struct pp_span *text, struct pp_code *f)
{
    const char *open = pp_ends(*text, ")") ? pp_rfind_text(*text, " (") : NULL;
    if (!open)
        return;
    struct pp_span module = {open + 2, text->end - 1};
    f->inlined = pp_is(module, "inlined");
    if (!f->inlined && !pp_is(module, "[unknown]"))
        f->module = module;
    text->end = open;
}

bool pp_bpftrace_frame(struct pp_reader *r, struct pp_span text, struct pp_code *f)
{
    struct pp_span rest = text, word;
    (void)r;
    pp_word(&rest, &word);
    if (pp_parse_hex(word, &f->address) && (pp_starts(word, "0x") || !pp_empty(rest))) {
        take_module(&rest, f);
        text = pp_trim(rest);
    }
    if (!pp_empty(text) && !pp_is(text, "[unknown]") && !pp_starts(text, "0x"))
        take_name(text, f);
    return true;
}

bool pp_bpftrace_is_raw(struct pp_span line)
{
    struct pp_span word, rest = line;
    uint64_t offset;
    if (!pp_word(&rest, &word) || word.p > line.p || !pp_hex_digit(*word.p))
        return false;
    pp_take_hex(&word);
    return pp_empty(word) &&
           (pp_empty(rest) || (pp_take(&rest, " 0x") && pp_parse_hex(rest, &offset)));
}

pp_id pp_bpftrace_raw_frame(struct pp_profile *p, struct pp_span line)
{
    struct pp_span word, rest = line;
    struct pp_code code = {.line = 0};
    pp_word(&rest, &word);
    struct pp_mapping m = {.build_id = pp_empty(rest) ? 0 : pp_string(p, word)};
    code.address = pp_take_hex(pp_empty(rest) ? &word : &(struct pp_span){rest.p + 3, rest.end});
    code.mapping = m.build_id ? pp_intern(&p->mappings, &m) : 0;
    return pp_frame_at(p, &code);
}
