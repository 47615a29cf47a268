/* A frame as perf script prints it: an address, a symbol with its offset, a module in brackets. */
#include "base/swar.h"
#include "formats/perf/script_line.h"

/* --- addresses ----------------------------------------------------------- */

/* Eight hexadecimal digits at once, one in each byte. False if one is not a digit. */
static bool join_digits(uint64_t bytes, uint64_t *v)
{
    uint64_t n = (bytes & pp_repeat8(0x0f)) + (bytes >> 6 & pp_repeat8(0x01)) * 9;
    n = (n | n >> 4) & UINT64_C(0x00ff00ff00ff00ff);
    n = (n | n >> 8) & UINT64_C(0x0000ffff0000ffff);
    *v = (n | n >> 16) & UINT32_MAX;
    return !pp_not_hex(bytes);
}

/* Turns leading blanks into zeros. */
static uint64_t fill(uint64_t bytes)
{
    uint64_t others = bytes ^ pp_repeat8(' ');
    unsigned blanks = others ? (unsigned)__builtin_clzll(others) / 8 * 8 : 64;
    return blanks ? bytes | (pp_repeat8('0' ^ ' ') & UINT64_MAX << (64 - blanks)) : bytes;
}

/* An address as call chains pad it. */
static bool parse_padded(const char *p, uint64_t *address)
{
    uint64_t first = pp_load64_be(p), second = pp_load64_be(p + 8), high, low;
    if (first == pp_repeat8(' '))
        second = fill(second);
    if (p[PP_PERF_ADDRESS - 1] == ' ' || !join_digits(fill(first), &high) ||
        !join_digits(second, &low))
        return false;
    *address = high << 32 | low;
    return true;
}

/* --- frames -------------------------------------------------------------- */

/* Whether it is the address of an instruction between two tabs, as -F +brstackinsn prints it. */
static bool is_instruction(struct pp_span line, struct pp_span after)
{
    return pp_starts(line, "\t") && pp_starts(after, "\t");
}

bool pp_perf_frame(struct pp_span line, struct pp_perf_frame *frame)
{
    const char *start = line.p;
    if (pp_perf_is_call(line) && parse_padded(line.p + 1, &frame->address)) {
        frame->address_end = line.p + PP_PERF_CALL_TEXT - 1;
        frame->text = (struct pp_span){line.p + PP_PERF_CALL_TEXT, line.end};
        return true;
    }
    while (start < line.end && pp_is_blank(*start))
        start++;
    struct pp_span rest = {start, line.end};
    frame->address = pp_take_hex(&rest);
    frame->address_end = rest.p;
    if (rest.p == start || rest.p - start > PP_PERF_ADDRESS ||
        (rest.p < rest.end && !pp_is_blank(*rest.p)) || is_instruction(line, rest))
        return false;
    frame->text = (struct pp_span){rest.p < rest.end ? rest.p + 1 : rest.p, line.end};
    return true;
}

const char *pp_perf_bracket(struct pp_span s)
{
    size_t depth = 0;
    for (const char *p = s.end; p-- > s.p;) {
        depth += *p == ')';
        if (*p == '(' && --depth == 0)
            return p == s.p || pp_is_blank(p[-1]) ? p : NULL;
    }
    return NULL;
}

/* The last " (" of `s`, for paths with unbalanced brackets. */
static const char *last_bracket(struct pp_span s)
{
    for (const char *p = s.end; p-- > s.p;)
        if (*p == '(' && (p == s.p || pp_is_blank(p[-1])))
            return p;
    return NULL;
}

static struct pp_span without_offset(struct pp_span s)
{
    const char *plus = pp_rfind(s, '+');
    if (!plus || !pp_starts((struct pp_span){plus, s.end}, "+0x"))
        return s;
    const char *p = plus + strlen("+0x");
    while (p < s.end && pp_hex_digit(*p))
        p++;
    return p == s.end ? (struct pp_span){s.p, plus} : s;
}

bool pp_perf_module_offset(struct pp_span text, uint64_t *offset)
{
    text = pp_trim_end(text);
    if (!pp_ends(text, ")"))
        return false;
    text.end--;
    struct pp_span module = without_offset(text);
    return module.end < text.end &&
           pp_parse_hex((struct pp_span){module.end + strlen("+"), text.end}, offset);
}

struct pp_span pp_perf_module_name(struct pp_span module)
{
    module = without_offset(pp_trim(module));
    if (pp_ends(module, " (deleted)"))
        module.end -= strlen(" (deleted)");
    return module;
}

void pp_perf_frame_parts(struct pp_span text, struct pp_span *symbol, struct pp_span *module)
{
    const char *bracket = NULL;
    text = pp_trim_end(text);
    if (pp_ends(text, ")")) {
        bracket = pp_perf_bracket(text);
        if (!bracket)
            bracket = last_bracket(text);
    }
    *module = (struct pp_span){0};
    *symbol = (struct pp_span){text.p, bracket ? bracket : text.end};
    if (bracket)
        *module = pp_perf_module_name((struct pp_span){bracket + 1, text.end - 1});
    if (pp_empty(*symbol))
        *symbol = (struct pp_span){0};
    *symbol = without_offset(pp_trim(*symbol));
}
