#include "formats/jemalloc/jemalloc_stacks.h"

#include <stdlib.h>

#include "base/memory.h"

void pp_jemalloc_stacks_init(struct pp_jemalloc_stacks *s, struct pp_reader *r,
                             struct pp_mapped *mapped)
{
    *s = (struct pp_jemalloc_stacks){.r = r, .mapped = mapped};
}

void pp_jemalloc_stacks_release(struct pp_jemalloc_stacks *s)
{
    free(s->addresses);
    free(s->frames);
}

void pp_jemalloc_begin_block(struct pp_jemalloc_stacks *s)
{
    s->nahead = s->asked = 0;
}

/* --- addresses ----------------------------------------------------------- */

/*
 * The end of the address at the start of `s`, NULL if there is none. Nearly all are "0x" and a few
 * digits. Uses pointers, as a span that was just written half by half is slow to copy.
 */
static inline const char *take_address(struct pp_span s, uint64_t *address)
{
    enum { MAX_DIGITS = 16 };
    struct pp_span rest = s, word;
    if (pp_starts(s, "0x")) {
        rest.p += 2;
        *address = pp_take_hex(&rest);
        ptrdiff_t n = rest.p - s.p - 2;
        if (n && n <= MAX_DIGITS && (rest.p == s.end || pp_is_blank(*rest.p)))
            return rest.p;
    }
    rest.p = s.p;
    return pp_word(&rest, &word) && pp_parse_hex(word, address) ? rest.p : NULL;
}

/* The next byte that is not a blank, or `end`. */
static inline const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && pp_is_blank(*p))
        p++;
    return p;
}

/* Appends the addresses of a line to the batch. */
static struct pp_jemalloc_ahead read_addresses(struct pp_jemalloc_stacks *s, struct pp_span line)
{
    struct pp_jemalloc_ahead a = {.line = line};
    size_t first = s->naddresses;
    uint64_t address;
    const char *p = line.p;
    while ((p = skip_blanks(p, line.end)) < line.end) {
        p = take_address((struct pp_span){p, line.end}, &address);
        if (!p) {
            s->naddresses = first;
            a.bad = a.odd = true;
            return a;
        }
        PP_GROW(s->addresses, s->naddresses + 1, s->addresses_cap);
        if (address > 1)
            s->addresses[s->naddresses++] = address;
        else
            a.odd = true;
    }
    a.count = s->naddresses - first;
    a.odd = a.odd || a.count > s->r->max_depth;
    return a;
}

/* Warns about anything odd in a line. */
static void complain(const struct pp_jemalloc_stacks *s, const char *at,
                     const struct pp_jemalloc_ahead *a)
{
    struct pp_span rest = a->line, word;
    uint64_t address;
    while (pp_word(&rest, &word)) {
        if (!pp_parse_hex(word, &address)) {
            pp_warn(s->r, word.p, "bad address '%.*s': the stack is left out", PP_SHOW(word));
            return;
        }
        if (address <= 1)
            pp_warn(s->r, word.p, "not a return address, and left out: '%.*s'", PP_SHOW(word));
    }
    if (a->count > s->r->max_depth)
        pp_reader_cut(s->r, at, a->count);
}

/* --- nodes --------------------------------------------------------------- */

/* Finds the nodes of `n` stacks, whose addresses are consecutive. */
static void find_nodes(struct pp_jemalloc_stacks *s, struct pp_jemalloc_ahead *stacks, size_t n)
{
    struct pp_walk walks[PP_WALK_BATCH];
    PP_GROW(s->frames, s->naddresses + 1, s->frames_cap);
    pp_mapped_frames(s->mapped, s->r, s->addresses, s->naddresses, s->frames);
    pp_id *frames = s->frames;
    for (size_t i = 0; i < n; i++) {
        size_t count = stacks[i].count, most = s->r->max_depth;
        pp_turn_round(frames, count);
        walks[i] = (struct pp_walk){.frames = frames, .count = count < most ? count : most};
        frames += count;
    }
    pp_descend(s->r->out, walks, n);
    for (size_t i = 0; i < n; i++)
        stacks[i].node = walks[i].node;
    s->naddresses = 0;
}

/* Finds the node of the stack in `line`, and of those in the next records of `rest`. */
static void look_ahead(struct pp_jemalloc_stacks *s, struct pp_span line, struct pp_span rest)
{
    s->asked = 0;
    s->nahead = 1;
    s->ahead[0] = read_addresses(s, line);
    while (s->nahead < PP_WALK_BATCH && pp_line(&rest, &line)) {
        const char *p = skip_blanks(line.p, line.end);
        if (p < line.end && *p == '@')
            s->ahead[s->nahead++] = read_addresses(s, (struct pp_span){p + 1, line.end});
    }
    find_nodes(s, s->ahead, s->nahead);
}

bool pp_jemalloc_node(struct pp_jemalloc_stacks *s, const char *at, struct pp_span line,
                      struct pp_span rest, pp_id *node)
{
    struct pp_jemalloc_ahead alone, *a = &alone;
    if (pp_empty(rest)) {
        alone = read_addresses(s, line);
        find_nodes(s, &alone, 1);
    } else {
        if (s->asked == s->nahead)
            look_ahead(s, line, rest);
        a = &s->ahead[s->asked++];
    }
    if (a->odd)
        complain(s, at, a);
    *node = a->node;
    return !a->bad;
}
