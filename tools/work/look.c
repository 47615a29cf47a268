#include "work/look.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/output.h"
#include "render/color_by.h"
#include "render/describe.h"
#include "transform/regex.h"
#include "work/files.h"
#include "work/options.h"
#include "work/save.h"

struct pp_look pp_look;

/* A colour for the functions that match. */
struct color_rule {
    struct pp_regex *regex;
    char *pattern;
    bool used;                        /* for the legend: a frame has this colour */
    const struct pp_palette *palette; /* or, if NULL, one colour */
    struct pp_rgb color;
};

static struct color_rule *rules;
static size_t nrules, rules_cap;
static struct pp_color_map map;
static struct pp_frame_attrs attrs;
static struct pp_rgb *colors;
static struct pp_legend *legend;
static struct pp_strings legend_names;

/* For each function name, the module or file in which it was first seen. */
static struct pp_strings names, groups;
static pp_id *group_of;
static size_t groups_cap;

/* --- rules of colours ---------------------------------------------------- */

/* "^ext4_ blue": a pattern, spaces, and a palette or a colour. */
static bool read_rule(struct pp_span line, struct pp_place place)
{
    char color[32];
    struct color_rule rule = {0};
    const char *blank = line.end;
    while (blank > line.p && !pp_is_blank(blank[-1]))
        blank--;
    struct pp_span pattern = pp_trim((struct pp_span){line.p, blank}), word = {blank, line.end};
    size_t len = pp_len(word) < sizeof color ? pp_len(word) : 0;
    memcpy(color, word.p, len);
    color[len] = '\0';
    rule.palette = pp_palette_named(color);
    if (pp_empty(pattern) || (!rule.palette && !pp_parse_color(color, &rule.color))) {
        pp_report(&pp_messages, PP_ERROR, place,
                  "expected a pattern and a colour (#rrggbb) or a palette, not '%.*s'",
                  PP_SHOW(line));
        return false;
    }
    rule.regex = pp_regex_new(pattern, &pp_messages);
    if (!rule.regex)
        return false;
    if (pp_common.no_jit)
        pp_regex_interpret(rule.regex);
    rule.pattern = pp_calloc(pp_len(pattern) + 1, 1);
    memcpy(rule.pattern, pattern.p, pp_len(pattern));
    PP_GROW(rules, nrules + 1, rules_cap);
    rules[nrules++] = rule;
    return true;
}

static bool read_color_rules(const char *file)
{
    char *bytes;
    size_t len;
    struct pp_place place = {file, PP_AT_LINE, 0};
    bool ok = pp_read_text(file, &bytes, &len);
    struct pp_span text = {bytes, bytes + len};
    for (struct pp_span line; ok && pp_line(&text, &line);) {
        place.at++;
        line = pp_trim(line);
        if (!pp_empty(line) && *line.p != '#')
            ok = read_rule(line, place);
    }
    free(bytes);
    return ok;
}

/* --- modules and files --------------------------------------------------- */

static struct pp_span group_in_profile(const struct pp_profile *p, pp_id frame)
{
    const struct pp_frame *f = pp_frame(p, frame);
    if (strcmp(pp_look.colors_by, "file") == 0)
        return pp_text(p, pp_function(p, f->function)->file);
    return pp_base_name(pp_text(p, pp_mapping(p, f->mapping)->file));
}

static void note_groups(const struct pp_profile *p)
{
    pp_strings_init(&names);
    pp_strings_init(&groups);
    for (size_t f = 1; f < p->frames.count; f++) {
        struct pp_span name = pp_describe_frame(p, (pp_id)f).name;
        struct pp_span group = group_in_profile(p, (pp_id)f);
        size_t had = groups_cap;
        pp_id id = pp_intern_string(&names, name);
        PP_GROW(group_of, (size_t)id + 1, groups_cap);
        if (groups_cap > had)
            memset(group_of + had, 0, (groups_cap - had) * sizeof *group_of);
        if (!group_of[id] && !pp_empty(group))
            group_of[id] = pp_intern_string(&groups, group);
    }
}

static struct pp_span group_of_name(struct pp_span name)
{
    pp_id id = pp_intern_string(&names, name);
    if (strcmp(pp_look.colors_by, "package") == 0)
        return pp_package_of(name);
    if (id < groups_cap && group_of[id])
        return pp_string_at(&groups, group_of[id]);
    return pp_module_of(name);
}

static bool by_group(void)
{
    const char *by = pp_look.colors_by;
    return strcmp(by, "module") == 0 || strcmp(by, "file") == 0 || strcmp(by, "package") == 0;
}

/* --- entry point --------------------------------------------------------- */

static bool read_map(void)
{
    char *text;
    size_t len;
    pp_color_map_init(&map);
    if (access(pp_look.map, F_OK) != 0)
        return true; /* it does not exist before the first run */
    bool ok = pp_read_text(pp_look.map, &text, &len);
    if (ok)
        pp_color_map_read(&map, (struct pp_span){text, text + len}, pp_look.map, &pp_messages);
    free(text);
    return ok;
}

static bool read_attrs(void)
{
    char *text;
    size_t len;
    pp_frame_attrs_init(&attrs);
    bool ok = pp_read_text(pp_look.attrs, &text, &len);
    if (ok)
        pp_frame_attrs_read(&attrs, (struct pp_span){text, text + len}, pp_look.attrs,
                            &pp_messages);
    free(text);
    return ok;
}

int pp_look_check(void)
{
    const char *by = pp_look.colors_by;
    if (!by || by_group() || strpbrk(by, "./") || strcmp(by, "-") == 0 || access(by, F_OK) == 0)
        return PP_EXIT_OK;
    return pp_usage("--colors-by is module, file, package or a file of rules; there is no file "
                    "'%s'",
                    by);
}

int pp_look_prepare(const struct pp_profile *p)
{
    bool ok = true;
    if (pp_look.map)
        ok = read_map();
    if (pp_look.attrs)
        ok = read_attrs() && ok;
    if (pp_look.colors_by && by_group())
        note_groups(p);
    else if (pp_look.colors_by)
        ok = read_color_rules(pp_look.colors_by) && ok;
    return ok ? PP_EXIT_OK : PP_EXIT_FAILED;
}

/* The first rule that matches; else the palette of --colors. */
static struct pp_rgb color_by_rule(const struct pp_named_frame *frame,
                                   const struct pp_svg_options *svg, uint64_t *seed)
{
    const struct pp_palette *palette = svg->palette;
    for (size_t i = 0; i < nrules; i++)
        if (pp_regex_match(rules[i].regex, frame->name, &pp_messages) == PP_MATCH) {
            rules[i].used = true;
            if (!rules[i].palette)
                return rules[i].color;
            palette = rules[i].palette;
            break;
        }
    return pp_frame_color(palette, svg->pick, frame, seed);
}

/* --- the legend ---------------------------------------------------------- */

/* A group of frames, and the value of what it was entered with. */
struct group {
    struct pp_span name;
    double weight;
    size_t seen;
};

static int compare_groups(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return (x->seen > y->seen) - (x->seen < y->seen);
}

/* The total of each node; the caller frees it. */
static double *totals_of(const struct pp_profile *p)
{
    double *total = pp_calloc(p->nodes.count, sizeof *total);
    for (size_t s = 0; p->ncolumns && s < p->samples.count; s++)
        total[pp_sample(p, (pp_id)s)->node] += fabs((double)p->columns[0].values[s]);
    for (size_t i = p->nodes.count; i-- > 1;)
        total[pp_node(p, (pp_id)i)->parent] += total[i];
    return total;
}

/* For each frame the id of its group in `legend_names`; an unused id for the frame "all". */
static pp_id *find_groups(const struct pp_profile *p)
{
    pp_id *ids = pp_calloc(p->frames.count, sizeof *ids);
    ids[0] = UINT32_MAX;
    for (size_t f = 1; f < p->frames.count; f++) {
        struct pp_span name = pp_describe_frame(p, (pp_id)f).name;
        ids[f] = pp_intern_string(&legend_names, group_of_name(name));
    }
    return ids;
}

/*
 * The groups by weight. A group weighs as much as its frames that were called from another group.
 */
static struct group *weigh_groups(const struct pp_profile *p, const pp_id *ids, size_t n)
{
    struct group *list = pp_calloc(n, sizeof *list);
    double *total = totals_of(p);
    for (size_t g = 0; g < n; g++)
        list[g] = (struct group){.name = pp_string_at(&legend_names, (pp_id)g), .seen = g};
    for (size_t i = 1; i < p->nodes.count; i++) {
        const struct pp_node *node = pp_node(p, (pp_id)i);
        pp_id group = ids[node->frame];
        if (group != ids[pp_node(p, node->parent)->frame])
            list[group].weight += total[i];
    }
    free(total);
    qsort(list, n, sizeof *list, compare_groups);
    return list;
}

static void list_groups(const struct pp_profile *p, struct pp_svg_options *svg)
{
    pp_strings_init(&legend_names);
    pp_id *ids = find_groups(p);
    size_t n = legend_names.count;
    struct group *list = weigh_groups(p, ids, n);
    legend = pp_calloc(n, sizeof *legend);
    for (size_t g = 0; g < n && list[g].weight > 0; g++) {
        struct pp_span name = list[g].name;
        struct pp_rgb color = pp_group_color(name, pp_str(""));
        legend[svg->nlegend++] =
            (struct pp_legend){pp_empty(name) ? pp_str("not known") : name, color};
    }
    free(list);
    free(ids);
}

static void list_rules(struct pp_svg_options *svg)
{
    legend = pp_calloc(nrules + 1, sizeof *legend);
    for (size_t i = 0; i < nrules; i++) {
        const struct color_rule *r = &rules[i];
        struct pp_named_frame frame = {pp_str(r->pattern), 0};
        uint64_t seed = 0;
        struct pp_rgb color =
            r->palette ? pp_frame_color(r->palette, PP_PICK_NAME, &frame, &seed) : r->color;
        if (r->used)
            legend[svg->nlegend++] = (struct pp_legend){pp_str(r->pattern), color};
    }
}

/* --- entry points -------------------------------------------------------- */

void pp_look_apply(const struct pp_profile *p, struct pp_svg_options *svg)
{
    uint64_t seed = 0;
    svg->map = pp_look.map ? &map : NULL;
    svg->attrs = pp_look.attrs ? &attrs : NULL;
    if (!pp_look.colors_by)
        return;
    colors = pp_calloc(p->frames.count, sizeof *colors);
    for (size_t f = 1; f < p->frames.count; f++) {
        struct pp_named_frame frame = pp_describe_frame(p, (pp_id)f);
        colors[f] = by_group() ? pp_group_color(group_of_name(frame.name), frame.name)
                               : color_by_rule(&frame, svg, &seed);
    }
    struct pp_named_frame all = {pp_str("all"), 0};
    colors[0] = by_group() ? pp_group_color(pp_str(""), all.name) : color_by_rule(&all, svg, &seed);
    svg->colors = colors;
    if (by_group())
        list_groups(p, svg);
    else
        list_rules(svg);
    svg->legend = legend;
}

int pp_look_save(void)
{
    if (!pp_look.map)
        return PP_EXIT_OK;
    struct pp_output *o = pp_open_output(pp_look.map, false);
    if (!o)
        return PP_EXIT_FAILED;
    pp_color_map_write(&map, &o->out);
    return pp_output_close(o) ? PP_EXIT_OK : PP_EXIT_FAILED;
}

void pp_look_release(void)
{
    if (pp_look.map)
        pp_color_map_release(&map);
    if (pp_look.attrs)
        pp_frame_attrs_release(&attrs);
    if (pp_look.colors_by && by_group()) {
        pp_strings_release(&names);
        pp_strings_release(&groups);
        pp_strings_release(&legend_names);
    }
    for (size_t i = 0; i < nrules; i++) {
        pp_regex_free(rules[i].regex);
        free(rules[i].pattern);
    }
    free(legend);
    free(rules);
    free(colors);
    free(group_of);
}
