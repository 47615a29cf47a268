/* svg_assets.h - the script and the style of SVGs. The build makes these from svg.js, svg_find.js,
 * svg_hands.js and svg.css.
 */
#ifndef PP_RENDER_SVG_ASSETS_H
#define PP_RENDER_SVG_ASSETS_H

extern const char pp_svg_js[], pp_svg_css[];

#endif
