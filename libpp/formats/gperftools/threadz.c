/*
 * The stacks of a C++ server's threads, from its /threadz:
 *
 *     --- threadz 1 ---
 *
 *     --- Thread 7f794ab90940 (name: main/14748) stack: ---
 *       PC:  0x00bc8f1c: helper(arg *)
 *       0x0040be31: main
 *           creator: 0xa45b96 0xa460b4
 *     --- Thread 7f794934c700 (name: worker/14752) stack: ---
 *       [same as previous thread]
 *     --- Memory map: ---
 *       00400000-00fcb000: /usr/bin/prog
 *
 * All numbers up to the next thread are return addresses, except the first; the creator of the
 * thread counts as a caller.
 */
#include "formats/gperftools/legacy.h"

static const char heading[] = "--- threadz ", thread[] = "--- Thread ";

/* Finds the next hexadecimal number with "0x" before it, anywhere in `*s`. */
static bool next_address(struct pp_span *s, struct pp_span *number)
{
    const char *hit = pp_find_text(*s, "0x");
    if (!hit)
        return false;
    const char *end = hit + 2;
    while (end < s->end && (pp_is_digit(*end) || (*end >= 'a' && *end <= 'f')))
        end++;
    *number = (struct pp_span){hit, end};
    s->p = end;
    return true;
}

static void take_addresses(struct pp_legacy *l, struct pp_span line)
{
    struct pp_span number;
    uint64_t address;
    while (next_address(&line, &number)) {
        if (pp_parse_hex(number, &address))
            pp_legacy_address(l, number.p, address, PP_LEAF_IS_EXACT);
        else
            pp_warn(l->r, number.p, "bad address '%.*s' is left out", PP_SHOW(number));
    }
}

/* Ends the current thread: one without addresses has the stack of the previous one. */
static void end_thread(struct pp_legacy *l, bool same)
{
    if (!l->nstacks)
        return;
    const struct pp_legacy_stack *s = &l->stacks[l->nstacks - 1];
    if (s->count && !same)
        return;
    const char *at = s->at;
    pp_legacy_drop(l);
    if (l->nstacks)
        l->stacks[l->nstacks - 1].values[0]++;
    else
        pp_warn(l->r, at, "a thread without a stack is left out");
}

static void read_threads(struct pp_legacy *l, struct pp_span in)
{
    struct pp_span line;
    bool same = false;
    while (pp_legacy_line(&in, &line) && !pp_starts(line, "---- no stack trace for")) {
        if (pp_starts(line, thread)) {
            end_thread(l, same);
            same = false;
            pp_legacy_begin(l, line.p)->values[0] = 1;
        } else if (pp_starts(line, "---")) {
            break;
        } else if (pp_find_text(line, "same as previous thread")) {
            same = true;
        } else if (l->nstacks) {
            take_addresses(l, line);
        }
    }
    end_thread(l, same);
}

static bool threadz_read(struct pp_reader *r, struct pp_span in)
{
    struct pp_legacy l = {.r = r};
    struct pp_span line = in, rest = in;
    while (pp_legacy_line(&rest, &line) && *line.p == '#')
        in = rest;
    if (!pp_starts(line, heading) && !pp_starts(line, thread))
        return pp_fail(r, line.p, "expected '%s'", heading);
    if (pp_starts(line, heading))
        in = rest;
    pp_legacy_maps(&l, &in);
    pp_column(r->out, pp_str("thread"), pp_str("count"));
    pp_legacy_about(&l, pp_legacy_handlers, "thread", "count", 1);
    read_threads(&l, in);
    pp_legacy_drop_doubled_leaves(&l);
    bool ok = pp_legacy_finish(&l);
    pp_legacy_release(&l);
    return ok;
}

static unsigned threadz_bid(struct pp_span head)
{
    struct pp_span line;
    while (pp_legacy_line(&head, &line)) {
        if (pp_starts(line, heading) || pp_starts(line, thread))
            return 8 * (unsigned)strlen(thread);
        if (*line.p != '#')
            break;
    }
    return 0;
}

const struct pp_format pp_format_threadz = {
    .name = "threadz",
    .title = "stacks of the threads of C++ servers (text)",
    .suffixes = (const char *const[]){".thread", NULL},
    .holds = PP_HOLDS_ADDRESSES,
    .bid = threadz_bid,
    .read = threadz_read,
};
