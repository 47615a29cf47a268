/*
 * Reports of GHC's profiler (+RTS -p, -P), also as JSON (-pj): a tree of cost centres.
 *
 *     total time  =        0.01 secs   (10 ticks @ 1000 us, 1 processor)
 *     total alloc =       1,000 bytes  (excludes profiling overheads)
 *
 *                                              individual      inherited
 *     COST CENTRE MODULE SRC   no.   entries  %time %alloc   %time %alloc   ticks     bytes
 *     MAIN        MAIN   <built-in> 1      0    0.0    0.0   100.0  100.0       0         0
 *      main       Main   app.hs:1:1-4 2    1   20.0   20.0    50.0   50.0       2       200
 *
 * Ticks and bytes are self values. Without them, percentages of the totals are used.
 * https://downloads.haskell.org/ghc/latest/docs/users_guide/profiling.html
 */
#include "base/memory.h"
#include "base/wide.h"
#include "formats/printed/ghc_centres.h"

struct ghc_text {
    struct pp_rows rows;
    int64_t ticks, alloc; /* totals */
    size_t tail;          /* how many numbers end a row; 0: before the table */
};

/* "= 0.01 secs (10 ticks @ 1000 us" and "= 1,000 bytes" */
static bool take_totals(struct ghc_text *g, struct pp_ghc *c, struct pp_span line)
{
    struct pp_span text = pp_skip_blanks(line), ticks = pp_after(line, "("),
                   every = pp_after(line, " ticks @ "), bytes = pp_after(line, "=");
    if (pp_starts(text, "total time") &&
        (!pp_take_scaled(&ticks, 1, &g->ticks) || !pp_take_scaled(&every, 1000, &c->tick)))
        return pp_fail(c->r, line.p, "how many ticks there were is not understood");
    bytes = pp_skip_blanks(bytes);
    if (pp_starts(text, "total alloc") && !pp_take_scaled(&bytes, 1, &g->alloc))
        return pp_fail(c->r, line.p, "how much was allocated is not understood");
    return true;
}

/* Moves the last `n` words of `*s`, at most 8, to `words`. */
static bool take_tail(struct pp_span *s, struct pp_span *words, size_t n)
{
    for (size_t i = n; i--;) {
        *s = pp_trim_end(*s);
        const char *p = s->end;
        while (p > s->p && !pp_is_blank(p[-1]))
            p--;
        words[i] = (struct pp_span){p, s->end};
        if (pp_empty(words[i]))
            return false;
        s->end = p;
    }
    return true;
}

/* A number as printed, or that of a percentage of `total`. */
static bool number_of(const struct pp_span *words, size_t exact, size_t percent, size_t n,
                      int64_t total, int64_t *out)
{
    struct pp_span word = words[exact < n ? exact : percent];
    int64_t thousandths;
    if (exact < n)
        return pp_take_scaled(&word, 1, out);
    return pp_take_scaled(&word, 1000, &thousandths) &&
           pp_mul_div(thousandths, total, 100000, true, out);
}

static bool read_row(struct ghc_text *g, struct pp_ghc *c, struct pp_span line)
{
    struct pp_span rest = line, name, module, words[8];
    int64_t ticks, alloc;
    while (rest.p < rest.end && *rest.p == ' ')
        rest.p++;
    size_t depth = (size_t)(rest.p - line.p);
    if (!pp_word(&rest, &name) || !pp_word(&rest, &module) || !take_tail(&rest, words, g->tail) ||
        !number_of(words, 6, 2, g->tail, g->ticks, &ticks) ||
        !number_of(words, 7, 3, g->tail, g->alloc, &alloc))
        return pp_fail(c->r, line.p, "'%.*s' is not a row of the table", PP_SHOW(line));
    pp_id frame = pp_ghc_frame(c, module, name, pp_trim(rest));
    return pp_rows_open(&g->rows, line.p, depth, frame, 0) &&
           pp_ghc_add(c, line.p, pp_rows_last(&g->rows)->node, ticks, alloc);
}

static bool read_text(struct pp_ghc *c, struct pp_span in)
{
    struct ghc_text g = {.rows = {.r = c->r}};
    const char *at = in.p;
    bool ok = true;
    for (struct pp_span line; ok && pp_line(&in, &line); at = in.p)
        if (pp_starts(line, "COST CENTRE") && pp_find_text(line, " entries "))
            g.tail = pp_ends(pp_trim_end(line), "bytes") ? 8 : 6;
        else if (!g.tail)
            ok = take_totals(&g, c, line);
        else if (!pp_empty(pp_trim(line)))
            ok = read_row(&g, c, line);
    pp_rows_release(&g.rows);
    return ok && (g.tail || pp_fail(c->r, at, "there is no table of cost centres with entries"));
}

static bool ghc_read(struct pp_reader *r, struct pp_span in)
{
    struct pp_ghc c = {.r = r};
    pp_ghc_begin(&c);
    bool json = pp_starts(pp_skip_blanks(in), "{");
    bool ok = json ? pp_ghc_json(&c, in) : read_text(&c, in);
    pp_ghc_release(&c);
    return ok;
}

static unsigned ghc_bid(struct pp_span head)
{
    struct pp_span line;
    if (pp_starts(head, "{") && pp_find_text(head, "\"rts_arguments\"") &&
        pp_find_text(head, "\"tick_interval\""))
        return 96;
    for (int i = 0; i < 3 && pp_line(&head, &line); i++)
        if (pp_find_text(line, " Time and Allocation Profiling Report"))
            return 128;
    return 0;
}

const struct pp_format pp_format_ghc = {
    .name = "ghc",
    .title = "reports of GHC's profiler, as text and JSON",
    .suffixes = (const char *const[]){".prof", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES,
    .bid = ghc_bid,
    .read = ghc_read,
};
