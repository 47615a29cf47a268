/* Which frames a pattern matches. */
#include <stdlib.h>

#include "base/memory.h"
#include "transform/naming.h"
#include "transform/rule_private.h"

/* A cache of results for each string, by id; PP_REGEX_FAILED: not matched yet. */
struct verdicts {
    struct pp_regex *regex;
    enum pp_matched *of;
    bool simple; /* look at names without their arguments */
    bool failed;
};

/*
 * The words whose parentheses are kept are searched for at each parenthesis, so "operator()(int)"
 * becomes "operator()".
 */
struct pp_span pp_simple_name(struct pp_span name)
{
    static const char anonymous[] = "(anonymous namespace)", operator[] = "operator()";
    if (pp_starts(name, "."))
        name.p++;
    for (const char *at = name.p; at < name.end; at++) {
        struct pp_span rest = {at, name.end};
        if (pp_starts(rest, anonymous))
            at += strlen(anonymous) - 1;
        else if (pp_starts(rest, operator))
            at += strlen(operator) - 1;
        else if (*at == '(')
            return (struct pp_span){name.p, at};
    }
    return name;
}

static bool matches(struct verdicts *v, struct pp_rule_run *run, pp_id string)
{
    if (v->of[string] == PP_REGEX_FAILED && !v->failed) {
        struct pp_span text = pp_text(run->p, string);
        v->of[string] =
            pp_regex_match(v->regex, v->simple ? pp_simple_name(text) : text, run->diag);
        v->failed = v->of[string] == PP_REGEX_FAILED;
    }
    return v->of[string] == PP_MATCH;
}

static bool frame_matches(struct verdicts *v, struct pp_rule_run *run, unsigned fields,
                          const struct pp_frame *f, pp_id name)
{
    pp_id file = pp_function(run->p, f->function)->file;
    pp_id module = pp_mapping(run->p, f->mapping)->file;
    if (fields & (PP_LOOK_FUNCTION | PP_LOOK_SIMPLE_NAME) && matches(v, run, name))
        return true;
    if (fields & PP_LOOK_FILE && f->function && matches(v, run, file))
        return true;
    if (fields & PP_LOOK_MODULE && f->mapping && matches(v, run, module))
        return true;
    return fields & PP_LOOK_MODULE_OR_FILE && (module || file) &&
           matches(v, run, module ? module : file);
}

bool *pp_match_frames(const struct pp_rule *r, struct pp_rule_run *run)
{
    size_t frames = run->p->frames.count;
    bool *matched = pp_calloc(frames, sizeof *matched);
    pp_id *names = pp_calloc(frames, sizeof *names);
    for (size_t f = 0; f < frames; f++)
        names[f] = pp_display_name(run->p, (pp_id)f); /* may add strings */
    struct verdicts v = {.regex = r->regexes[0], .simple = r->fields & PP_LOOK_SIMPLE_NAME};
    v.of = pp_calloc(run->p->strings.count, sizeof *v.of);
    for (size_t s = 0; s < run->p->strings.count; s++)
        v.of[s] = PP_REGEX_FAILED;
    for (size_t f = 0; f < frames && !v.failed; f++) {
        matched[f] = frame_matches(&v, run, r->fields, pp_frame(run->p, (pp_id)f), names[f]);
        run->matched += f && matched[f];
    }
    free(v.of);
    free(names);
    if (!v.failed)
        return matched;
    free(matched);
    return NULL;
}
