/*
 * Profiles with names of functions added by jeprof or google-pprof (--raw):
 *
 *     --- symbol
 *     binary=/usr/bin/prog
 *     0x0000000000401235 main
 *     0x0000000000401300 outer(int)--inlined(int)--innermost
 *     ---
 *     --- heap
 *     heap_v2/524288                         and so on: a profile in a format of its own
 *
 * Addresses are within the calls, which means return addresses minus one, as in jeprof and
 * ClickHouse; these have the leaf's return address itself, and others have that for all addresses,
 * so that is tried, too.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/format.h"
#include "model/compact.h"
#include "model/merge.h"

extern const struct pp_format pp_format_symbolized;

static const char heading[] = "--- symbol", separator[] = "--";

struct symbols {
    size_t deepest; /* of all stacks, with all names */
    struct pp_reader *r;
    struct pp_table addresses; /* rows are indices of `names` */
    struct pp_span *names;
    size_t names_cap;
};

/* --- the names ----------------------------------------------------------- */

static void take_symbol(struct symbols *s, struct pp_span line)
{
    struct pp_span text = line, word;
    uint64_t address;
    if (!pp_word(&text, &word) || !pp_parse_hex(word, &address) || !address) {
        if (!pp_find(line, '='))
            pp_warn(s->r, line.p, "not understood, and left out: '%.*s'", PP_SHOW(line));
        return;
    }
    pp_id id = pp_intern(&s->addresses, &address);
    PP_GROW(s->names, s->addresses.count, s->names_cap);
    s->names[id] = pp_trim(text);
}

/* Reads up to the line "---", and moves past it and the heading of the profile: "--- heap". */
static bool read_symbols(struct symbols *s, struct pp_span *in)
{
    struct pp_span line = *in;
    if (!pp_line(in, &line) || !pp_starts(line, heading))
        return pp_fail(s->r, line.p, "expected '%s'", heading);
    while (pp_line(in, &line)) {
        line = pp_trim(line);
        if (pp_starts(line, "---"))
            break;
        if (!pp_empty(line))
            take_symbol(s, line);
    }
    struct pp_span rest = *in;
    if (pp_is(line, "---") && pp_line(&rest, &line) && pp_starts(line, "--- "))
        *in = rest; /* some files lack this heading */
    return !pp_empty(*in) || pp_fail(s->r, in->end, "there is no profile after the symbols");
}

/* An address without a name has the address again, or two question marks. */
static bool is_name(struct pp_span text)
{
    return !pp_empty(text) && !pp_starts(text, "0x") && !pp_is(text, "??");
}

/* The names at an address, or at the call before it; empty if unknown. */
static struct pp_span names_at(struct symbols *s, uint64_t address)
{
    for (uint64_t shift = 0; shift <= 1; shift++) {
        uint64_t at = address + shift;
        size_t known = s->addresses.count;
        pp_id id = pp_intern(&s->addresses, &at);
        PP_GROW(s->names, s->addresses.count, s->names_cap);
        if (id >= known)
            s->names[id] = pp_str("");
        if (id && is_name(s->names[id]))
            return s->names[id];
    }
    return pp_str("");
}

/* --- naming the stacks --------------------------------------------------- */

/* Cuts the next function off `*names`. A C++ operator contains the separator in its name. */
static bool cut_function(struct pp_span *names, struct pp_span *name)
{
    if (pp_empty(*names))
        return false;
    struct pp_span rest = *names;
    const char *hit;
    while ((hit = pp_find_text(rest, separator))) {
        if (!pp_ends((struct pp_span){names->p, hit}, "operator"))
            break;
        rest.p = hit + strlen(separator);
    }
    *name = (struct pp_span){names->p, hit ? hit : names->end};
    names->p = hit ? hit + strlen(separator) : names->end;
    return true;
}

/* A stack as far as it is named; what is deeper than allowed only counts. */
struct named {
    pp_id node;
    size_t depth;
};

static void push(struct symbols *s, struct named *to, pp_id frame)
{
    if (to->depth++ < s->r->max_depth)
        to->node = pp_child(s->r->out, to->node, frame);
    s->deepest = to->depth > s->deepest ? to->depth : s->deepest;
}

/* Puts a frame's functions, which are listed outermost first, on top of `to`. */
static void push_named(struct symbols *s, struct named *to, struct pp_frame frame,
                       struct pp_span names)
{
    enum { MOST = 64 };
    struct pp_profile *p = s->r->out;
    struct pp_span name;
    for (int i = 0; cut_function(&names, &name); i++) {
        if (i == MOST) {
            pp_warn(s->r, name.p, "more than %d functions at one address: the rest is left out",
                    MOST);
            break;
        }
        frame.inlined = i > 0;
        frame.function = pp_function_named(p, name);
        push(s, to, pp_intern(&p->frames, &frame));
    }
}

/* Replaces frames without a function by those of the symbols. */
static void name_stacks(struct symbols *s)
{
    struct pp_profile *p = s->r->out;
    size_t nodes = p->nodes.count;
    pp_id *image = pp_calloc(nodes, sizeof *image);
    struct named *named = pp_calloc(nodes, sizeof *named);
    for (pp_id n = 1; n < nodes; n++) {
        struct pp_node node = *pp_node(p, n);
        struct pp_frame frame = *pp_frame(p, node.frame);
        struct pp_span names = pp_str("");
        if (!frame.function && frame.address)
            names = names_at(s, frame.address);
        named[n] = named[node.parent];
        if (pp_empty(names))
            push(s, &named[n], node.frame);
        else
            push_named(s, &named[n], frame, names);
        image[n] = named[n].node;
    }
    if (s->deepest > s->r->max_depth)
        pp_reader_cut(s->r, s->r->in.p, s->deepest);
    pp_move_samples(p, image);
    pp_compact(&s->r->out);
    free(image);
    free(named);
}

/* --- reading ------------------------------------------------------------- */

static bool symbolized_read(struct pp_reader *r, struct pp_span in)
{
    enum { HEAD = 64 << 10 };
    struct symbols s = {.r = r};
    pp_table_init(&s.addresses, sizeof(uint64_t));
    bool ok = read_symbols(&s, &in);
    if (ok) {
        struct pp_span head = {in.p, pp_len(in) < HEAD ? in.end : in.p + HEAD};
        const struct pp_format *f = pp_format_detect(head, "");
        if (!f || !f->read || f == &pp_format_symbolized)
            ok = pp_fail(r, in.p, "the profile after the symbols is not in a known format");
        else
            ok = pp_read_inner(r, f, in, NULL);
    }
    if (ok)
        name_stacks(&s);
    pp_table_release(&s.addresses);
    free(s.names);
    return ok;
}

static unsigned symbolized_bid(struct pp_span head)
{
    return pp_starts(head, heading) ? 8 * (unsigned)strlen(heading) : 0;
}

const struct pp_format pp_format_symbolized = {
    .name = "symbolized",
    .title = "profiles with symbols added by jeprof or google-pprof",
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS,
    .also_binary = true,
    .bid = symbolized_bid,
    .read = symbolized_read,
};
