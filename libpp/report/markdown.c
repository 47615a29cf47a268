#include "report/markdown.h"

#include "report/measure.h"

static size_t longest_run_of_backticks(struct pp_span s)
{
    size_t run = 0, longest = 0;
    for (; s.p < s.end; s.p++) {
        run = *s.p == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void put_repeated(struct pp_out *out, char c, size_t n)
{
    while (n--)
        pp_putc(out, c);
}

/*
 * A space next to a backtick at either end, and next to a space there, is removed when displayed.
 */
static bool wants_spaces(struct pp_span s)
{
    return *s.p == '`' || s.end[-1] == '`' || (*s.p == ' ' && s.end[-1] == ' ');
}

void pp_put_markdown_code(struct pp_out *out, struct pp_span text)
{
    struct pp_out clean;
    pp_out_memory(&clean, NULL);
    pp_put_name(&clean, text);
    struct pp_span s = {clean.buf, clean.buf + clean.len};
    if (!pp_empty(s)) {
        size_t fence = longest_run_of_backticks(s) + 1;
        bool spaces = wants_spaces(s);
        put_repeated(out, '`', fence);
        pp_puts(out, spaces ? " " : "");
        for (; s.p < s.end; s.p++) {
            if (*s.p == '|')
                pp_putc(out, '\\');
            pp_putc(out, *s.p);
        }
        pp_puts(out, spaces ? " " : "");
        put_repeated(out, '`', fence);
    }
    pp_out_release(&clean);
}
