/* markdown.h - text within a table of Markdown, as GitHub and GitLab show it. */
#ifndef PP_REPORT_MARKDOWN_H
#define PP_REPORT_MARKDOWN_H

#include "base/out.h"

/*
 * Writes a text as code: nothing in it is a link, a mention or markup. Its fence is a backtick
 * longer than any run of them in it (CommonMark 0.31, 6.1), bars are escaped as tables want it
 * (GitHub Flavored Markdown 0.29, 4.10), and what would steer a terminal or end the line is left
 * out as in pp_put_name(). Nothing is written for an empty text.
 */
void pp_put_markdown_code(struct pp_out *out, struct pp_span text);

#endif
