/*
 * page_assets.h - the page of --to html as the build embeds it: its skeleton, its script and its
 * style, made from the files in render/page/; and of the last two what a Content-Security-Policy
 * calls them, their SHA-256 in base64.
 */
#ifndef PP_RENDER_PAGE_ASSETS_H
#define PP_RENDER_PAGE_ASSETS_H

extern const char pp_page_html[], pp_page_js[], pp_page_css[];
extern const char pp_page_js_sha256[], pp_page_css_sha256[];

#endif
