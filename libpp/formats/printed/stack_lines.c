#include "formats/printed/stack_lines.h"

#include "base/memory.h"

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* --- lines --------------------------------------------------------------- */

/*
 * Copies `line` without "ESC [ ... letter" to `plain`, which is large enough. Returns the length.
 */
static size_t without_colours(struct pp_span line, char *plain)
{
    size_t n = 0;
    for (const char *p = line.p; p < line.end;) {
        if (*p != '\033') {
            plain[n++] = *p++;
            continue;
        }
        const char *end = p + 1;
        if (end < line.end && *end == '[')
            for (end++; end < line.end && !((*end | 0x20) >= 'a' && (*end | 0x20) <= 'z'); end++)
                ;
        p = end < line.end ? end + 1 : end;
    }
    return n;
}

static void take_colours(struct pp_stack_lines *s)
{
    if (!pp_find(s->line, '\033'))
        return;
    PP_GROW(s->plain, pp_len(s->line), s->plain_cap);
    size_t n = without_colours(s->line, s->plain);
    s->line = (struct pp_span){s->plain, s->plain + n};
}

static bool next_line(struct pp_stack_lines *s, struct pp_span *in)
{
    if (!s->begun && pp_starts(*in, byte_order_mark))
        in->p += strlen(byte_order_mark);
    s->begun = true;
    s->at = in->p;
    if (!pp_line(in, &s->line))
        return false;
    s->cut = s->r->last && pp_empty(*in) && in->end[-1] != '\n';
    if (s->colours)
        take_colours(s);
    return true;
}

static bool is_empty(const struct pp_profile *p)
{
    bool empty = true;
    for (unsigned c = 0; c < p->ncolumns; c++)
        empty = empty && !p->columns[c].weight;
    return empty;
}

bool pp_stack_read(struct pp_reader *r, struct pp_span in,
                   bool (*parse)(struct pp_reader *r, struct pp_span text, struct pp_code *frame),
                   bool (*on_line)(struct pp_stack_lines *s))
{
    struct pp_stack_lines *s = r->state;
    s->r = r;
    s->parse = parse;
    s->bytes += pp_len(in);
    s->colours = pp_find(in, '\033') != NULL;
    while (next_line(s, &in))
        if (!on_line(s))
            return false;
    s->line = pp_str("");
    s->cut = false;
    s->ended = r->last;
    if (!r->last)
        return true;
    bool ok = on_line(s) && pp_stack_end(s, 1);
    if (parse && !r->out->ncolumns)
        pp_column(r->out, pp_str("samples"), pp_str("count"));
    if (ok && parse && is_empty(r->out))
        pp_warn(r, in.p, "no stack was found");
    return ok;
}

/* --- bids ---------------------------------------------------------------- */

bool pp_stack_heads(struct pp_span head, bool (*is_head)(struct pp_span),
                    bool (*is_frame)(struct pp_span), unsigned within)
{
    char plain[512];
    unsigned left = 0;
    if (pp_starts(head, byte_order_mark))
        head.p += strlen(byte_order_mark);
    for (struct pp_span line; pp_line(&head, &line);) {
        if (pp_len(line) <= sizeof plain && pp_find(line, '\033')) {
            size_t n = without_colours(line, plain);
            line = (struct pp_span){plain, plain + n};
        }
        if (left && is_frame(line))
            return true;
        left -= left > 0;
        if (is_head(line)) {
            if (!is_frame)
                return true;
            left = within;
        }
    }
    return false;
}
