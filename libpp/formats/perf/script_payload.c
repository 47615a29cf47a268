/*
 * The frame on the line of a header that has no call chain. Fields that -F adds may come before it,
 * such as the address of data, or after it, such as registers:
 *
 *     7fcd772cde06 _rtld_global+0xde6 (/ld.so)     7fcd772b57ad _dl_start+0x3d (/ld.so)
 *     7ffdf1391b0c     10268100142 |OP LOAD|LVL L1 hit|SNP None   5   7   0     7fad7c47425d f (/x)
 *     call             401000 main+0x10 (/x) =>           401100 work+0x0 (/x)
 *     5593de81113c leaf+0x13 (/x) ABI:2    AX:0x21d52    IP:0x5593de81113c
 *
 * perf pads each address to 16 bytes, which distinguishes it from a word that looks like one.
 */
#include "formats/perf/script_line.h"

/*
 * The number of digits that make a number an address if the blanks before it were lost, and the
 * number of candidates examined, which keeps the time linear in the length of a line.
 */
enum { SURELY_ADDRESS = 8, TRIES = 8 };

/* --- after the frame ----------------------------------------------------- */

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
        const char *bracket =
            pp_is_blank(p[1]) ? pp_perf_bracket((struct pp_span){s.p, p + 1}) : NULL;
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

/* --- the address --------------------------------------------------------- */

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
