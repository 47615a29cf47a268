#include "formats/perf/script/beside.h"

#include <stdlib.h>

#include "base/memory.h"
#include "model/branches.h"

/* --- kinds of lines ------------------------------------------------------ */

/* How such lines begin, after blanks. */
static const struct {
    const char *text, *what;
} beginnings[] = {
    {"insn: ", "instructions"},
    {"ilen: ", "instructions"},
    {"... not reaching sample", "instructions"},
    {"mismatch of LBR data and executable", "instructions"},
    {"ABI:", "registers"},
    {"BPF output:", "outputs of BPF programs"},
    {"BPF string:", "outputs of BPF programs"},
    {"tracing data:", "tracing data"},
    {"IPC: ", "instructions per cycle"},
};

/* TAB 0000000000001105 TAB insn: 48 89 e7 */
static bool is_instruction(struct pp_span line)
{
    uint64_t address;
    const char *tab =
        pp_starts(line, "\t") ? pp_find((struct pp_span){line.p + 1, line.end}, '\t') : NULL;
    return tab && pp_parse_hex((struct pp_span){line.p + 1, tab}, &address);
}

/* TAB main+5:, above the instructions of a block */
static bool is_block(struct pp_span line)
{
    const char *plus = pp_rfind(line, '+');
    uint64_t offset;
    line = pp_trim_end(line);
    return plus && pp_starts(line, "\t") && pp_ends(line, ":") &&
           pp_parse_hex((struct pp_span){plus + 1, line.end - 1}, &offset);
}

bool pp_perf_are_branches(struct pp_span line)
{
    struct pp_span word;
    bool any = false;
    while (pp_word(&line, &word)) {
        if (!pp_find_text(word, "/P/") && !pp_find_text(word, "/M/") && !pp_find_text(word, "/-/"))
            return false;
        any = true;
    }
    return any;
}

/* "      0008: 00 00 12 34    ..4", which follows "BPF output:" */
static bool is_dump(struct pp_span line)
{
    struct pp_span word, byte;
    uint64_t v;
    if (!pp_word(&line, &word) || !pp_ends(word, ":") || pp_len(word) != 5 ||
        !pp_word(&line, &byte) || pp_len(byte) != 2)
        return false;
    word.end--;
    return pp_parse_hex(word, &v) && pp_parse_hex(byte, &v);
}

const char *pp_perf_beside(struct pp_span line)
{
    struct pp_span text = pp_trim(line);
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (pp_starts(text, beginnings[i].text))
            return beginnings[i].what;
    if (is_instruction(line) || is_block(line))
        return "instructions";
    if (pp_perf_are_branches(text))
        return "branches";
    return is_dump(text) ? "outputs of BPF programs" : NULL;
}

/* --- branch records ------------------------------------------------------ */

/* The two addresses at the start of a word; the rest of it does not matter. */
static bool parse_branch(struct pp_span word, struct pp_branch *b)
{
    struct pp_span from, to;
    return pp_cut(&word, '/', &from) && pp_cut(&word, '/', &to) && pp_parse_hex(from, &b->from) &&
           pp_parse_hex(to, &b->to);
}

bool pp_perf_add_branches(struct pp_reader *r, struct pp_span text)
{
    const char *at = text.p;
    struct pp_branch *branches = NULL;
    struct pp_span word;
    size_t n = 0, cap = 0;
    while (pp_word(&text, &word)) {
        PP_GROW(branches, n + 1, cap);
        n += parse_branch(word, &branches[n]);
    }
    bool ok = pp_branches_add(r->out, branches, n, NULL);
    free(branches);
    return ok || pp_fail(r, at, "there are too many branch records, or columns");
}
