#include "formats/perf/script/frame.h"

#include "base/swar.h"
#include "model/profile.h"

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

/*
 * The opening bracket that matches the last byte of `s`, if it is at the start or after a blank; or
 * NULL.
 */
static const char *bracket_of(struct pp_span s)
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
    return pp_undeleted(without_offset(pp_trim(module)));
}

void pp_perf_frame_parts(struct pp_span text, struct pp_span *symbol, struct pp_span *module)
{
    const char *bracket = NULL;
    text = pp_trim_end(text);
    if (pp_ends(text, ")")) {
        bracket = bracket_of(text);
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

/*
 * The number of digits that make a number an address if the blanks before it were lost, and the
 * number of candidates examined, which keeps the time linear in the length of a line.
 */
enum { SURELY_ADDRESS = 8, TRIES = 8 };

/* --- payloads: after the frame ----------------------------------------------------- */

/* FROM/TO/P/-/-/0, a branch of -F +brstack; TO may be a symbol. */
static bool is_branch(struct pp_span word)
{
    return (pp_find_text(word, "/P/") || pp_find_text(word, "/M/") || pp_find_text(word, "/-/")) &&
           !pp_ends(word, ")");
}

static struct pp_span last_word(struct pp_span s)
{
    const char *p = s.end;
    while (p > s.p && !pp_is_blank(p[-1]))
        p--;
    return (struct pp_span){p, s.end};
}

/* Where the target of a branch begins, which is not a frame: " =>   401100 work+0x0 (/x)". */
static const char *find_target(struct pp_span s)
{
    struct pp_span word;
    uint64_t address;
    for (const char *p; (p = pp_find_text(s, " => ")); s.p = p + 1) {
        struct pp_span rest = {p + strlen(" => "), s.end};
        if (pp_word(&rest, &word) && pp_parse_hex(word, &address))
            return p;
    }
    return NULL;
}

/* Whether a module's name begins like this, as opposed to a word in brackets. */
static bool is_module(struct pp_span name)
{
    return pp_starts(name, "/") || pp_starts(name, "[");
}

/* The end of one of the last few "(/path)" or "([name])" with a blank after them, or NULL. */
static const char *find_module_end(struct pp_span s)
{
    const char *p = pp_ends(s, ")") ? NULL : pp_rfind(s, ')');
    for (int tries = 0; p && tries < TRIES; tries++, p = pp_rfind((struct pp_span){s.p, p}, ')')) {
        const char *bracket = pp_is_blank(p[1]) ? bracket_of((struct pp_span){s.p, p + 1}) : NULL;
        if (bracket && is_module((struct pp_span){bracket + 1, p}))
            return p + 1;
    }
    return NULL;
}

/* Cuts off what -F prints after a frame. `*branch`: whether that is the target of a branch. */
static struct pp_span without_rest(struct pp_span s, bool *branch)
{
    static const char *const marks[] = {"\t", " insn: ", " ilen: ", " ABI:", NULL};
    for (const char *const *mark = marks; *mark; mark++) {
        const char *p = pp_find_text(s, *mark);
        s.end = p ? p : s.end;
    }
    const char *target = find_target(s);
    *branch = target;
    s = pp_trim_end((struct pp_span){s.p, target ? target : s.end});
    while (is_branch(last_word(s)))
        s = pp_trim_end((struct pp_span){s.p, last_word(s).p});
    const char *end = find_module_end(s);
    return (struct pp_span){s.p, end ? end : s.end};
}

/* --- payloads: the address --------------------------------------------------------- */

/* A word that may be the address of a frame after the start of a payload. */
struct candidate {
    struct pp_span text; /* from the word on */
    bool padded;
};

/*
 * Finds the words of at least `digits` hexadecimal digits, or padded; keeps the last ones of `s`,
 * number `n` at n % TRIES. Returns how many there were.
 */
static size_t find_candidates(struct pp_span s, size_t digits, struct candidate *found)
{
    size_t n = 0;
    struct pp_span rest = s, word, before;
    if (!pp_word(&rest, &before))
        return 0;
    for (; pp_word(&rest, &word); before = word) {
        bool padded = word.end - before.end >= PP_PERF_ADDRESS;
        if (pp_hex_digit(*word.p) && (padded || pp_len(word) >= digits))
            found[n++ % TRIES] = (struct candidate){{word.p, s.end}, padded};
    }
    return n;
}

/* Whether a candidate is a frame, and not some number. */
static bool is_frame(const struct candidate *c, struct pp_perf_frame *frame)
{
    struct pp_span symbol, module;
    if (!pp_perf_frame(c->text, frame))
        return false;
    pp_perf_frame_parts(frame->text, &symbol, &module);
    return c->padded ? symbol.p || module.p : symbol.p && is_module(module);
}

/* Whether `s` begins with a frame. */
static bool is_first(struct pp_span s, struct pp_perf_frame *frame)
{
    struct pp_span symbol, module;
    if (!pp_perf_frame(s, frame))
        return false;
    pp_perf_frame_parts(frame->text, &symbol, &module);
    return module.p || frame->address_end - s.p >= PP_PERF_ADDRESS;
}

bool pp_perf_payload_frame(struct pp_span payload, struct pp_perf_frame *frame)
{
    struct candidate candidates[TRIES];
    bool branch;
    struct pp_span rest = without_rest(pp_trim(payload), &branch);
    size_t n = find_candidates(rest, branch ? 1 : SURELY_ADDRESS, candidates);
    for (size_t i = n; i > 0 && i + TRIES > n; i--)
        if (is_frame(&candidates[(i - 1) % TRIES], frame))
            return true;
    return is_first((struct pp_span){payload.p, rest.end}, frame);
}
