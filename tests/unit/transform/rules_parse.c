/* The syntax of rules, messages about wrong ones, and the output of --explain. */
#include "model/holds.h"
#include "unit/rules.h"

static bool add(const char *name, const char *argument)
{
    struct pp_diag diag = {.emit = remember};
    struct pp_rules *r = pp_rules_new();
    bool ok = pp_rules_add(r, name, argument, &diag);
    CHECK(ok == !pp_rules_empty(r));
    CHECK(ok == pp_rules_have(r, name));
    CHECK_INT(diag.errors, !ok);
    pp_rules_free(r);
    pp_diag_release(&diag);
    return ok;
}

/* Whether the rule is refused for this reason. */
static bool refused(const char *name, const char *argument, const char *why)
{
    last_message[0] = '\0';
    bool bad = !add(name, argument);
    if (!strstr(last_message, why))
        fprintf(stderr, "%s %s: '%s'\n", name, argument ? argument : "", last_message);
    return bad && strstr(last_message, why);
}

static void test_rules_that_are_none_are_refused(void)
{
    CHECK(refused("hyde", "x", "unknown rule 'hyde'"));
    CHECK(refused("hide", NULL, "'hide' needs an argument"));
    CHECK(refused("hide", "", "'hide' needs an argument"));
    CHECK(refused("hide", "file:", "lacks a pattern"));
    CHECK(refused("no-inlines", "x", "'no-inlines' takes no argument"));
    CHECK(refused("hide", "a(b", "at byte 3"));
    CHECK(refused("granularity", "function", "not 'function'"));
    CHECK(refused("tag-root", "a,,b", "empty key"));
    CHECK(refused("tag-root", "a,", "empty key"));
    CHECK(refused("tag-root", ",", "empty key"));
    CHECK(refused("tag-hide", "[", "bad pattern"));
}

static void test_wrong_tag_filters_are_refused(void)
{
    CHECK(refused("tag-focus", "key=", "[KEY=]VALUE"));
    CHECK(refused("tag-focus", "=x", "[KEY=]VALUE"));
    CHECK(refused("tag-focus", "x,,y", "empty pattern"));
    CHECK(refused("tag-focus", "x,", "empty pattern"));
    CHECK(refused("tag-focus", "1kb:2ms", "units of the same kind"));
    CHECK(refused("tag-focus", "1:2ms", "units of the same kind"));
    CHECK(add("tag-focus", "1kb:2mb"));
    CHECK(add("tag-focus", "1apple:2apples"));
    CHECK(add("tag-focus", "99999999999999999999"));
    CHECK(add("tag-focus", "1.5kb"));
    CHECK(add("tag-focus", ":"));
}

static void test_wrong_rewrites_are_refused(void)
{
    static const char *const wrong[] = {
        "a",      "s",      "s/",          "s/a",           "s/a/b",        "s//b/",     "s/a/b/x",
        "sxaxbx", "s1a1b1", "name:s/a/b/", "label.:s/a/b/", "label.k/a/b/", "s\\a\\b\\", "s/a/b\\/",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(refused("rewrite", wrong[i], "[FIELD:]s/REGEX/TEXT/[g][i]"));
    CHECK(refused("rewrite", "s/a(/b/", "bad pattern"));
    CHECK(refused("rewrite", "s/(a)/$2/", "no group"));
    CHECK(add("rewrite", "s/a//"));
    CHECK(add("rewrite", "s,a,b,gi"));
    CHECK(add("rewrite", "label.k:s#a#b#"));
}

static bool parse(const char *text, size_t len)
{
    struct pp_diag diag = {.emit = remember};
    struct pp_rules *r = pp_rules_new();
    bool ok = pp_rules_parse(r, (struct pp_span){text, text + len}, "rules.txt", &diag);
    CHECK_INT(diag.errors, !ok);
    pp_rules_free(r);
    pp_diag_release(&diag);
    return ok;
}

static void test_files_of_rules(void)
{
    CHECK_RULES("m;a;b 1\nm;b 2\n", "# comment\n\n  hide   a  \r\n\tno-inlines\nrewrite s/b/c d/",
                "m;c d 3\n");
    CHECK_RULES("m;# 1\n", "hide #", "m 1\n");
    CHECK(!parse("hide a\n\nhide (\n", 15));
    CHECK(pp_starts(pp_str(last_message), "rules.txt:3: bad pattern '('"));
    CHECK(!parse("hide a\nno\n", 10));
    CHECK(pp_starts(pp_str(last_message), "rules.txt:2: unknown rule 'no'"));
    CHECK(!parse("hide a\0b\n", 9));
    CHECK(pp_starts(pp_str(last_message), "rules.txt:1: a rule cannot hold a NUL byte"));
    CHECK(parse("", 0));
}

static unsigned need(const char *rule, const char *argument)
{
    struct pp_diag diag = {.emit = remember};
    struct pp_rules *r = pp_rules_new();
    CHECK(pp_rules_add(r, rule, argument, &diag));
    unsigned bits = pp_rules_need(r);
    pp_rules_free(r);
    pp_diag_release(&diag);
    return bits;
}

static void test_rules_determine_what_a_reader_must_keep(void)
{
    CHECK_INT(need("hide", "x"), PP_HOLDS_LINES | PP_HOLDS_ADDRESSES);
    CHECK_INT(need("hide", "function:x"), 0);
    CHECK_INT(need("hide", "file:x"), PP_HOLDS_LINES);
    CHECK_INT(need("prune-from", "x"), 0);
    CHECK_INT(need("truncate-at", "x"), PP_HOLDS_ADDRESSES);
    CHECK_INT(need("tag-focus", "x"), PP_HOLDS_LABELS);
    CHECK_INT(need("tag-focus", "cpu=3"), PP_HOLDS_LABELS | PP_HOLDS_CPU);
    CHECK_INT(need("tag-root", "comm,cpu"), PP_HOLDS_LABELS | PP_HOLDS_CPU);
    CHECK_INT(need("granularity", "lines"), PP_HOLDS_LINES);
    CHECK_INT(need("rewrite", "label.k:s/a/b/"), PP_HOLDS_LABELS);
    CHECK_INT(need("rewrite", "s/a/b/"), 0);
}

/* --- explain ------------------------------------------------------------- */

static char explained[2048];

static void append(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    CHECK(m->severity == PP_NOTE);
    size_t len = strlen(explained);
    snprintf(explained + len, sizeof explained - len, "%s\n", m->text);
}

static void test_explain_prints_a_line_for_each_rule(void)
{
    struct pp_diag diag = {.emit = remember}, explain = {.emit = append};
    struct pp_profile *p = rich("m;a;x 1 k=1\nm;a;y 2 k=2\nm;b 4\nb 8\n");
    struct pp_rules *r = pp_rules_new();
    CHECK(pp_rules_parse(r,
                         pp_str("hide ^a$\nhide ^a$\nfocus ^m$\nignore x\nrewrite s/y/z/\n"
                                "tag-focus k=.\nno-inlines\nhide .\n"),
                         "rules", &diag));
    explained[0] = '\0';
    CHECK(pp_rules_apply(r, &p, 0, &explain, &diag));
    static const char want[] =
        "hide ^a$: 1 frames matched, 4 samples kept, 0 dropped, cpu 15 -> 15\n"
        "hide ^a$: 0 frames matched, 4 samples kept, 0 dropped, cpu 15 -> 15\n"
        "focus ^m$: 1 frames matched, 3 samples kept, 1 dropped, cpu 15 -> 7\n"
        "ignore x: 1 frames matched, 2 samples kept, 1 dropped, cpu 7 -> 6\n"
        "rewrite s/y/z/: 1 frames matched, 2 samples kept, 0 dropped, cpu 6 -> 6\n"
        "tag-focus k=.: 1 sets of labels matched, 1 samples kept, 1 dropped, cpu 6 -> 2\n"
        "no-inlines: 0 frames matched, 1 samples kept, 0 dropped, cpu 2 -> 2\n"
        "hide .: 2 frames matched, 0 samples kept, 1 dropped, cpu 2 -> 0\n";
    CHECK(strcmp(explained, want) == 0);
    if (strcmp(explained, want) != 0)
        fprintf(stderr, "%s", explained);
    pp_rules_free(r);
    pp_profile_free(p);
    pp_diag_release(&diag);
    pp_diag_release(&explain);
}

CHECK_MAIN(test_rules_that_are_none_are_refused, test_wrong_tag_filters_are_refused,
           test_wrong_rewrites_are_refused, test_files_of_rules,
           test_rules_determine_what_a_reader_must_keep, test_explain_prints_a_line_for_each_rule)
