/* Names cannot become code or syntax in any output. */
#include "report/info.h"
#include "report/reports.h"
#include "unit/reports.h"

static const char hostile[] = "\" URL=\"javascript:alert(1)\\\" x\\ <script>alert(1)</script> & '";

/* A profile in which every text is hostile. */
static struct pp_profile *hostile_profile(void)
{
    struct pp_profile *p = pp_profile_new();
    pp_id bad = pp_cstring(p, hostile), line = pp_cstring(p, "a\nb\x1b[31m\xff");
    pp_id mapping = pp_intern(&p->mappings, &(struct pp_mapping){.file = bad, .build_id = line});
    struct pp_label labels[] = {{.key = bad, .text = line},
                                {.key = pp_cstring(p, "bytes"), .number = 7, .unit = bad}};
    struct pp_function f = {.name = bad, .file = bad}, g = {.name = line, .file = line};
    struct pp_frame outer = {.function = pp_intern(&p->functions, &f), .mapping = mapping};
    struct pp_frame inner = {.function = pp_intern(&p->functions, &g), .line = 3};
    pp_id node =
        pp_child(p, pp_child(p, 0, pp_intern(&p->frames, &outer)), pp_intern(&p->frames, &inner));
    struct pp_sample s = {.node = node, .labels = pp_label_set(p, labels, 2)};
    pp_column(p, pp_str(hostile), pp_str(hostile));
    pp_add(p, pp_sample_id(p, &s), 0, 5);
    pp_comment(p, pp_str(hostile));
    return p;
}

static bool any(void *ctx, struct pp_span name)
{
    (void)ctx;
    (void)name;
    return true;
}

static bool source(void *ctx, struct pp_span file, struct pp_span *text)
{
    (void)ctx;
    (void)file;
    *text = pp_str("<b>\n&amp;\n\"quoted\"\x1b\n");
    return true;
}

static bool has(const struct pp_out *out, const char *text)
{
    return pp_find_text(pp_out_bytes(out), text) != NULL;
}

/* --- DOT ----------------------------------------------------------------- */

/* Parses the strings of DOT: no part of a name may be outside of them. */
static bool only_inside_strings(const struct pp_out *out, const char *word)
{
    bool inside = false;
    for (size_t i = 0; i < out->len; i++) {
        if (inside && out->buf[i] == '\\')
            i++;
        else if (out->buf[i] == '"')
            inside = !inside;
        else if (!inside && strncmp(out->buf + i, word, strlen(word)) == 0)
            return false;
    }
    return !inside;
}

static void test_no_name_ends_a_string_of_dot(void)
{
    struct pp_profile *p = hostile_profile();
    struct pp_report r = report_on(p);
    struct pp_out out;
    r.compact = false;
    r.most_nodes = 80;
    r.parts |= PP_ENTRY_FILE | PP_ENTRY_LINE;
    pp_out_memory(&out, NULL);
    pp_write_graph(&r, &out);
    pp_putc(&out, '\0');
    out.len--;
    CHECK(has(&out, "javascript"));
    CHECK(only_inside_strings(&out, "URL"));
    CHECK(only_inside_strings(&out, "javascript"));
    CHECK(only_inside_strings(&out, "script"));
    CHECK(!has(&out, "\x1b"));
    pp_out_release(&out);
    pp_profile_free(p);
}

/* --- HTML ---------------------------------------------------------------- */

static void test_nothing_is_an_element_of_the_page(void)
{
    struct pp_profile *p = hostile_profile();
    struct pp_report r = report_on(p);
    struct pp_source_texts sources = {source, NULL};
    struct pp_out out;
    r.matches = any;
    r.parts |= PP_ENTRY_FILE | PP_ENTRY_LINE;
    pp_out_memory(&out, NULL);
    r.sources = &sources;
    CHECK(pp_write_weblist(&r, &out));
    CHECK(has(&out, "default-src 'none'"));
    CHECK(has(&out, "&lt;script&gt;"));
    CHECK(has(&out, "&lt;b&gt;"));
    CHECK(has(&out, "&amp;amp;"));
    CHECK(!has(&out, "<script"));
    CHECK(!has(&out, "<b>"));
    CHECK(!has(&out, "\x1b"));
    pp_out_release(&out);
    pp_profile_free(p);
}

/* --- JSON ---------------------------------------------------------------- */

/* The end of the JSON value at `p`, or NULL. Its depth is small, because pp wrote it. */
static const char *json_end(const char *p);

static const char *blank_end(const char *p)
{
    return p + strspn(p, " \n");
}

static const char *string_end(const char *p)
{
    for (p++; *p != '"'; p++) {
        if ((unsigned char)*p < 0x20)
            return NULL;
        if (*p == '\\' && !strchr("\"\\u", *++p))
            return NULL;
    }
    return p + 1;
}

static const char *group_end(const char *p)
{
    char close = *p == '{' ? '}' : ']';
    bool named = *p == '{';
    p = blank_end(p + 1);
    if (*p == close)
        return p + 1;
    for (;; p++) {
        p = blank_end(p);
        if (named && (*p != '"' || !(p = string_end(p)) || *p++ != ':'))
            return NULL;
        p = json_end(p);
        if (!p)
            return NULL;
        p = blank_end(p);
        if (*p == close)
            return p + 1;
        if (*p != ',')
            return NULL;
    }
}

static const char *json_end(const char *p)
{
    if (*p == '"')
        return string_end(p);
    if (*p == '{' || *p == '[')
        return group_end(p);
    if (strncmp(p, "true", 4) == 0)
        return p + 4;
    size_t n = strspn(p, "-0123456789.");
    return n ? p + n : NULL;
}

static bool is_json(struct pp_out *out)
{
    pp_putc(out, '\0');
    const char *end = json_end(out->buf);
    bool ok = end && strcmp(blank_end(end), "") == 0;
    if (!ok)
        fprintf(stderr, "not JSON: %s\n", out->buf);
    out->len = 0;
    return ok;
}

static void test_json_is_json_whatever_the_names_are(void)
{
    struct pp_profile *p = hostile_profile();
    struct pp_report r = report_on(p);
    struct pp_origin from = {hostile, "pprof", "title"};
    struct pp_out out;
    r.form = PP_REPORT_JSON;
    pp_out_memory(&out, NULL);
    pp_write_top(&r, &out);
    CHECK(is_json(&out));
    pp_write_tree(&r, &out);
    CHECK(is_json(&out));
    pp_write_traces(&r, &out);
    CHECK(is_json(&out));
    pp_write_tags(&r, &out);
    CHECK(is_json(&out));
    pp_write_comments(&r, &out);
    CHECK(is_json(&out));
    pp_write_info_json(p, &from, 0, &out);
    CHECK(is_json(&out));
    pp_out_release(&out);
    pp_profile_free(p);
}

/* --- text ---------------------------------------------------------------- */

static void test_text_does_not_steer_the_terminal(void)
{
    struct pp_profile *p = hostile_profile();
    struct pp_report r = report_on(p);
    struct pp_origin from = {hostile, "pprof", "title"};
    struct pp_source_texts sources = {source, NULL};
    struct pp_out out;
    r.matches = any;
    r.compact = false;
    pp_out_memory(&out, NULL);
    pp_write_top(&r, &out);
    pp_write_tree(&r, &out);
    pp_write_traces(&r, &out);
    pp_write_tags(&r, &out);
    pp_write_comments(&r, &out);
    pp_write_raw(&r, &out);
    r.sources = &sources;
    pp_write_list(&r, &out);
    r.callgrind = pp_format_named("callgrind")->write;
    pp_write_callgrind(&r, &out);
    pp_write_info(p, &from, 0, &out);
    CHECK(has(&out, "a?b?[31m"));
    CHECK(!has(&out, "\x1b"));
    pp_out_release(&out);
    pp_profile_free(p);
}

CHECK_MAIN(test_no_name_ends_a_string_of_dot, test_nothing_is_an_element_of_the_page,
           test_json_is_json_whatever_the_names_are, test_text_does_not_steer_the_terminal)
