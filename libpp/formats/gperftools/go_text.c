/*
 * Counting profiles of Go with debug=1: goroutine, threadcreate, and those that a program makes
 * with pprof.NewProfile().
 *
 *     goroutine profile: total 3
 *     2 @ 0x43a1f6 0x44a6d3 0x46c1e1
 *     # labels: {"request":"7"}
 *     #	0x44a6d2	main.wait+0x12	/src/main.go:9
 *
 * A count, and return addresses, leaf first. The lines below, which pprof ignores, have the labels
 * of runtime/pprof.Do(), and name the frames; those of the runtime at the leaf end have none.
 */
#include "formats/gperftools/legacy.h"
#include "syntax/json.h"

static const char total[] = " profile: total ";

/* "goroutine" of "goroutine profile: total 3"; false for another line. */
static bool parse_header(struct pp_span line, struct pp_span *name)
{
    const char *hit = pp_find_text(line, total);
    uint64_t number;
    if (!hit || hit == line.p ||
        !pp_parse_u64((struct pp_span){hit + strlen(total), line.end}, &number))
        return false;
    *name = (struct pp_span){line.p, hit};
    return !pp_find(*name, ' ');
}

static void read_stack(struct pp_legacy *l, struct pp_span line)
{
    struct pp_span rest = line, count, at_sign;
    int64_t n;
    if (!pp_word(&rest, &count) || !pp_word(&rest, &at_sign) || !pp_is(at_sign, "@") ||
        !pp_parse_i64(count, &n) || n < 0) {
        pp_warn(l->r, line.p, "not understood, and left out: '%.*s'", PP_SHOW(line));
        return;
    }
    pp_legacy_begin(l, line.p)->values[0] = n;
    pp_legacy_addresses(l, rest, PP_ALL_RETURN);
}

/*
 * Gives the last stack the labels in `text`: {"key":"value", "key":"value"}, in Go's quotation,
 * which is JSON's for all but a few control characters. False if it is not understood.
 */
static bool read_labels(struct pp_legacy *l, struct pp_span text)
{
    enum { MOST = 64 };
    struct pp_json j = {.in = text, .arena = &l->r->arena};
    struct pp_label labels[MOST];
    struct pp_span key, value;
    size_t n = 0;
    pp_json_object(&j);
    while (n < MOST && pp_json_member(&j, &key) && pp_json_string(&j, &value))
        labels[n++] = (struct pp_label){.key = pp_string(l->r->out, key),
                                        .text = pp_string(l->r->out, value)};
    if (j.why || !pp_json_end(&j) || !l->nstacks)
        return false;
    l->stacks[l->nstacks - 1].labels = pp_label_set(l->r->out, labels, n);
    return true;
}

/* "# labels: {...}" is the only such line with more than names of frames. */
static void read_remark(struct pp_legacy *l, struct pp_span line)
{
    static const char word[] = "# labels: ";
    if (pp_legacy_go_line(l, line) || !pp_starts(line, word))
        return;
    if (!read_labels(l, (struct pp_span){line.p + strlen(word), line.end}))
        pp_warn(l->r, line.p, "labels are left out: '%.*s'", PP_SHOW(line));
}

/* The first line that is not a remark. */
static struct pp_span first_line(struct pp_span *in)
{
    struct pp_span line = *in;
    while (pp_legacy_line(in, &line) && *line.p == '#')
        continue;
    return line;
}

static bool go_text_read(struct pp_reader *r, struct pp_span in)
{
    struct pp_legacy l = {.r = r};
    struct pp_span line = first_line(&in), name;
    if (!parse_header(line, &name))
        return pp_fail(r, line.p, "expected 'NAME profile: total N', found '%.*s'", PP_SHOW(line));
    pp_legacy_maps(&l, &in);
    pp_column(r->out, name, pp_str("count"));
    pp_legacy_about(&l, pp_legacy_handlers, "", "count", 1);
    r->out->about.period_type = pp_string(r->out, name);
    while (pp_legacy_line(&in, &line) && !pp_starts(line, "---")) {
        if (*line.p == '#')
            read_remark(&l, line);
        else
            read_stack(&l, line);
    }
    bool ok = pp_legacy_finish(&l);
    pp_legacy_release(&l);
    return ok;
}

static unsigned go_text_bid(struct pp_span head)
{
    struct pp_span line = first_line(&head), name;
    return parse_header(line, &name) ? 8 * (unsigned)strlen(total) : 0;
}

const struct pp_format pp_format_go_text = {
    .name = "go-text",
    .title = "counting profiles of Go, such as goroutine, with debug=1",
    .holds = PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS,
    .bid = go_text_bid,
    .read = go_text_read,
};
