#include "diff/gate_write.h"

#include "render/xml_text.h"
#include "report/markdown.h"

static size_t count_held(const struct pp_gate *g)
{
    size_t n = 0;
    for (size_t i = 0; i < g->count; i++)
        n += g->answers[i].holds;
    return n;
}

void pp_gate_put_markdown(const struct pp_gate *g, struct pp_out *out)
{
    size_t held = count_held(g);
    if (g->count == 0)
        return;
    if (held)
        pp_putf(out, "**Changed too much**: %zu of %zu conditions hold.\n\n", held, g->count);
    else
        pp_puts(out, "**No condition holds.**\n\n");
    pp_puts(out, "| must not be | holds | |\n|---|---|---|\n");
    for (size_t i = 0; i < g->count; i++) {
        pp_puts(out, "| ");
        pp_put_markdown_code(out, pp_str(g->texts->items[i]));
        pp_puts(out, g->answers[i].holds ? " | **yes** | " : " | no | ");
        pp_put_markdown_code(out, pp_str(g->answers[i].said));
        pp_puts(out, " |\n");
    }
    pp_putc(out, '\n');
}

static void put_case(const char *text, const struct pp_answer *a, struct pp_out *out)
{
    pp_puts(out, "  <testcase classname=\"pp-diff\" name=\"");
    pp_put_xml(out, pp_str(text));
    pp_puts(out, a->holds ? "\">\n    <failure message=\"" : "\">\n    <system-out>");
    pp_put_xml(out, pp_str(a->said));
    pp_puts(out, a->holds ? "\"/>\n" : "</system-out>\n");
    pp_puts(out, "  </testcase>\n");
}

void pp_gate_put_junit(const struct pp_gate *g, struct pp_out *out)
{
    pp_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    pp_putf(out, "<testsuite name=\"pp-diff\" tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n",
            g->count, count_held(g));
    for (size_t i = 0; i < g->count; i++)
        put_case(g->texts->items[i], &g->answers[i], out);
    pp_puts(out, "</testsuite>\n");
}
