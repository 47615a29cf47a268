/* rules.h - rules applied to profiles that hold more than folded stacks can. */
#ifndef PP_TESTS_UNIT_RULES_H
#define PP_TESTS_UNIT_RULES_H

#include "transform/naming.h"
#include "transform/rules.h"
#include "unit/profiles.h"

static char last_message[2048];

static inline void remember(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    if (m->place.kind == PP_AT_LINE)
        snprintf(last_message, sizeof last_message, "%s:%d: %s", m->place.file, (int)m->place.at,
                 m->text);
    else
        snprintf(last_message, sizeof last_message, "%s", m->text);
}

/* "name|file|module|line|address|i": all but the name may be omitted; i marks inlined frames. */
static inline pp_id rich_frame(struct pp_profile *p, struct pp_span s)
{
    struct pp_span field[6] = {{0}};
    uint64_t line = 0, address = 0;
    for (size_t i = 0; i < 6 && pp_cut(&s, '|', &field[i]); i++)
        ;
    pp_parse_u64(field[3], &line);
    pp_parse_hex(field[4], &address);
    struct pp_function function = {.name = pp_string(p, field[0]), .file = pp_string(p, field[1])};
    struct pp_mapping mapping = {.file = pp_string(p, field[2])};
    return pp_intern(&p->frames, &(struct pp_frame){
                                     .address = address,
                                     .function = pp_intern(&p->functions, &function),
                                     .mapping = pp_intern(&p->mappings, &mapping),
                                     .line = (uint32_t)line,
                                     .inlined = !pp_empty(field[5]),
                                 });
}

/* "key=text" or "key:12 unit" (with a '_' for the blank). */
static inline struct pp_label rich_label(struct pp_profile *p, struct pp_span s)
{
    struct pp_label label = {0};
    const char *equals = pp_find(s, '=');
    struct pp_span key = {s.p, equals ? equals : pp_find(s, ':')};
    struct pp_span value = {key.end + 1, s.end}, number;
    label.key = pp_string(p, key);
    if (equals) {
        label.text = pp_string(p, value);
        return label;
    }
    CHECK(pp_cut(&value, '_', &number) && pp_parse_i64(number, &label.number));
    label.unit = pp_string(p, value);
    return label;
}

/* Each line has a stack, root first and "-" for the empty one, a count, and labels. */
static inline struct pp_profile *rich(const char *text)
{
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("cpu"), pp_str("ns"));
    struct pp_span all = pp_str(text), line, stack, frame, word;
    while (pp_line(&all, &line)) {
        struct pp_sample sample = {0};
        struct pp_label labels[8];
        size_t nlabels = 0;
        int64_t count = 0;
        CHECK(pp_word(&line, &stack) && pp_word(&line, &word) && pp_parse_i64(word, &count));
        while (!pp_is(stack, "-") && pp_cut(&stack, ';', &frame))
            sample.node = pp_child(p, sample.node, rich_frame(p, frame));
        while (nlabels < 8 && pp_word(&line, &word))
            labels[nlabels++] = rich_label(p, word);
        sample.labels = pp_label_set(p, labels, nlabels);
        pp_add(p, pp_sample_id(p, &sample), 0, count);
    }
    return p;
}

/* Applies rules, one per line. False if one fails; last_message then has the reason. */
static inline bool apply(struct pp_profile **p, const char *rules)
{
    struct pp_diag diag = {.emit = remember};
    struct pp_rules *r = pp_rules_new();
    bool ok =
        pp_rules_parse(r, pp_str(rules), "rules", &diag) && pp_rules_apply(r, p, 0, NULL, &diag);
    CHECK(ok == (diag.errors == 0));
    pp_rules_free(r);
    pp_diag_release(&diag);
    return ok;
}

/* Applies the rules to the profile in `text`, and compares folded stacks. */
static inline void check_rules(struct pp_profile *p, const char *rules, const char *want,
                               const char *where, int line)
{
    CHECK(apply(&p, rules));
    pp_by_name(&p, &(struct pp_naming){0});
    check_written(p, "folded", want, where, line);
    pp_profile_free(p);
}

#define CHECK_RULES(text, rules, want) check_rules(folded(text), rules, want, __func__, __LINE__)
#define CHECK_RICH(text, rules, want)  check_rules(rich(text), rules, want, __func__, __LINE__)

#endif
