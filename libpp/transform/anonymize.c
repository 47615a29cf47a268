/*
 * anonymize: made-up names, from the first bits of a one-way hash, so that a name is the same in
 * every file and the original cannot be computed. A guess at the original can be verified: that is
 * the price of names that stay the same.
 */
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "model/merge.h"
#include "transform/rule_private.h"

/* Of a million names, two collide once in 500 profiles. */
enum { DIGITS = 12 };

/* "f_1c7d2e90ab34" for a text; an empty text and "[unknown]" stay. */
static pp_id made_up(struct pp_profile *p, const char *prefix, pp_id string)
{
    char digest[SHA256_DIGEST_STRING_LENGTH], name[32];
    struct pp_span text = pp_text(p, string);
    if (!string || pp_is(text, "[unknown]"))
        return string;
    SHA256Data((const uint8_t *)text.p, pp_len(text), digest);
    snprintf(name, sizeof name, "%s_%.*s", prefix, DIGITS, digest);
    return pp_cstring(p, name);
}

static void anonymize_functions(struct pp_rule_run *run)
{
    struct pp_profile *p = run->p;
    size_t functions = p->functions.count, count = p->frames.count;
    pp_id *to = pp_calloc(functions, sizeof *to);
    pp_id *frames = pp_calloc(count, sizeof *frames);
    for (size_t i = 1; i < functions; i++) {
        struct pp_function f = *pp_function(p, (pp_id)i);
        f.name = made_up(p, "f", f.name);
        f.system_name = made_up(p, "f", f.system_name);
        f.file = made_up(p, "file", f.file);
        to[i] = pp_intern(&p->functions, &f);
    }
    for (size_t i = 1; i < count; i++) {
        struct pp_frame f = *pp_frame(p, (pp_id)i);
        f.function = to[f.function];
        frames[i] = pp_intern(&p->frames, &f);
    }
    run->matched += count - 1;
    free(to);
    pp_change_frames(run, frames);
}

static void anonymize_mappings(struct pp_rule_run *run)
{
    pp_id *files = pp_calloc(run->p->mappings.count, sizeof *files);
    for (size_t m = 1; m < run->p->mappings.count; m++)
        files[m] = made_up(run->p, "module", pp_mapping(run->p, (pp_id)m)->file);
    pp_change_mappings(run, files, true);
}

static void anonymize_labels(struct pp_rule_run *run)
{
    size_t count = run->p->labels.count;
    pp_id *sets = pp_calloc(count, sizeof *sets);
    for (size_t l = 1; l < count; l++) {
        struct pp_label label = *pp_label(run->p, (pp_id)l);
        label.next = sets[label.next];
        label.text = made_up(run->p, "text", label.text);
        sets[l] = pp_intern(&run->p->labels, &label);
    }
    pp_move_labels(run->p, sets);
    free(sets);
}

bool pp_apply_anonymize(const struct pp_rule *r, struct pp_rule_run *run)
{
    (void)r;
    anonymize_functions(run);
    anonymize_mappings(run);
    anonymize_labels(run);
    struct pp_about *about = &run->p->about;
    about->ncomments = 0;
    about->doc_url = about->drop_frames = about->keep_frames = 0;
    return true;
}
