/* markdown.h - text in a Markdown table, for GitHub and GitLab. */
#ifndef PP_REPORT_MARKDOWN_H
#define PP_REPORT_MARKDOWN_H

#include "base/out.h"

/*
 * Writes a text as code, so that nothing in it is a link, a mention or markup. Its fence is one
 * backtick longer than any run of them in it (CommonMark 0.31, 6.1), bars are escaped as tables
 * require (GitHub Flavored Markdown 0.29, 4.10), and control characters are left out as in
 * pp_put_name(). Writes nothing for an empty text.
 */
void pp_put_markdown_code(struct pp_out *out, struct pp_span text);

#endif
