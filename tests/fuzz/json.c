/*
 * Any bytes at all as JSON in blocks. The tokens are the same however the text is cut; what begins
 * ends; and what this reader takes, the one for texts in memory takes too.
 */
#include "fuzz.h"

#include "../json_tokens.h"
#include "syntax/json.h"

/* All the tokens, with the text cut every `step` bytes; 0: not at all. The caller releases it. */
static struct pp_out tokens_of(struct pp_span in, size_t step)
{
    struct pp_json_stream s = {0};
    struct pp_out out;
    size_t n = step ? pp_len(in) / step : 0, *cuts = malloc((n + 1) * sizeof *cuts);
    if (!cuts)
        abort();
    for (size_t i = 0; i < n; i++)
        cuts[i] = (i + 1) * step;
    pp_out_memory(&out, NULL);
    put_tokens(&out, &s, in, cuts, n, NULL);
    free(cuts);
    return out;
}

static bool other_takes(struct pp_span in)
{
    struct pp_arena arena = {0};
    struct pp_json j = {.in = in, .arena = &arena};
    if (pp_starts(in, "\xef\xbb\xbf"))
        j.in.p += 3;
    bool ok = pp_json_skip(&j) && pp_json_end(&j);
    pp_arena_release(&arena);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t steps[] = {1, 2, 3, 7, 64};
    struct pp_span in = {(const char *)data, (const char *)data + size};
    struct pp_out whole = tokens_of(in, 0);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct pp_out cut = tokens_of(in, steps[i]);
        demand(pp_same(pp_out_bytes(&cut), pp_out_bytes(&whole)), "a cut changes nothing", in);
        pp_out_release(&cut);
    }
    if (pp_ends(pp_out_bytes(&whole), "done\n"))
        demand(other_takes(in), "both readers take it", in);
    pp_out_release(&whole);
    return 0;
}
