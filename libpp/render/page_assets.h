/*
 * page_assets.h - the page of --to html as the build embeds it, made from the files in
 * render/page/: its skeleton, its script, the loader that unpacks the script, and its style; and the
 * SHA-256 of the last three in base64, for a Content-Security-Policy.
 */
#ifndef PP_RENDER_PAGE_ASSETS_H
#define PP_RENDER_PAGE_ASSETS_H

extern const char pp_page_html[], pp_page_js[], pp_page_loader[], pp_page_css[];
extern const char pp_page_js_sha256[], pp_page_loader_sha256[], pp_page_css_sha256[];

#endif
