#include "model/program.h"

#include <stdlib.h>

#include "base/memory.h"

/* For each text, how many samples have it as their label `key`. The caller frees it. */
static size_t *samples_by_text(const struct pp_profile *p, pp_id key)
{
    size_t *count = pp_calloc(p->strings.count, sizeof *count);
    for (size_t s = 0; key && s < p->samples.count; s++) {
        const struct pp_label *l = pp_label_find(p, pp_sample(p, (pp_id)s)->labels, key);
        count[l ? l->text : 0]++;
    }
    count[0] = 0;
    return count;
}

/* Linux cuts a command after 15 bytes. */
static bool is_command_of(struct pp_span command, struct pp_span file)
{
    enum { LONGEST = 15 };
    struct pp_span name = pp_base_name(file);
    if (pp_len(name) > LONGEST)
        name.end = name.p + LONGEST;
    return !pp_empty(name) && pp_same(command, name);
}

/* The mapping whose file has the name of the command of most samples; 0: none. */
static pp_id by_command(const struct pp_profile *p)
{
    size_t *count = samples_by_text(p, pp_string_find(p, pp_str("comm"))), most = 0;
    pp_id found = 0;
    for (pp_id text = 1; text < p->strings.count; text++) {
        for (pp_id m = 1; m < p->mappings.count && count[text] > most; m++) {
            if (!is_command_of(pp_text(p, text), pp_text(p, pp_mapping(p, m)->file)))
                continue;
            most = count[text];
            found = m;
        }
    }
    free(count);
    return found;
}

static pp_id by_main(const struct pp_profile *p)
{
    for (size_t f = 1; f < p->frames.count; f++) {
        pp_id mapping = pp_frame(p, (pp_id)f)->mapping;
        if (pp_is(pp_frame_name(p, (pp_id)f), "main") && pp_mapping(p, mapping)->file)
            return mapping;
    }
    return 0;
}

pp_id pp_program(const struct pp_profile *p)
{
    if (p->mappings.count < 2)
        return 0;
    bool of_perf = pp_mapping(p, 1)->flags & PP_CALLERS_RETURN;
    pp_id found = of_perf ? by_command(p) : 1;
    if (!found)
        found = by_main(p);
    return found ? found : 1;
}
