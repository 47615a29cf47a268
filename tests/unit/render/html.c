/* The page of --to html, its data decoded again: what is in it is what the profile holds. */
#include "render/html.h"

#include <stdlib.h>

#include "base/memory.h"
#include "model/totals.h"
#include "transform/naming.h"
#include "unit/profiles.h"

/* --- reading a page ------------------------------------------------------ */

static struct pp_out page_of(const struct pp_profile *p, const struct pp_html_options *options)
{
    struct pp_out o;
    pp_out_memory(&o, NULL);
    pp_html_write(p, options, &o);
    pp_putc(&o, '\0');
    return o;
}

static struct pp_out plain_page(const struct pp_profile *p)
{
    return page_of(p, &(struct pp_html_options){.look = &pp_svg_defaults});
}

static size_t count_of(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
        n++;
    return n;
}

static int digit_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* The bytes that are in base64 in the page's data; the caller frees them. */
static unsigned char *data_of(const char *page, size_t *len)
{
    static const char begin[] = "<template id=\"data\">";
    const char *text = strstr(page, begin);
    CHECK(text != NULL);
    text += strlen(begin);
    unsigned char *bytes = pp_calloc(strlen(text), 1);
    uint32_t bits = 0;
    unsigned held = 0;
    for (*len = 0; digit_of(*text) >= 0; text++) {
        bits = bits << 6 | (uint32_t)digit_of(*text);
        held += 6;
        if (held < 8)
            continue;
        held -= 8;
        bytes[(*len)++] = (unsigned char)(bits >> held);
    }
    while (*text == '=')
        text++;
    CHECK(strncmp(text, "</template>", 11) == 0);
    return bytes;
}

/* What a page's data says: each array has an entry for each row, the first being "none". */
struct data {
    const unsigned char *at, *end;
    size_t ntexts, ncolumns, nframes, nnodes, nlabels, nsamples;
    struct pp_span *texts;
    uint64_t *types, *units, *sides, *decimals, *names, *marks, *colors, *less, *frames;
    uint64_t *next, *keys, *values, *label_units, *numbers, *nodes, *labels, *amounts[4];
    uint64_t timed;
};

static uint64_t number(struct data *d)
{
    uint64_t v = 0;
    unsigned shift = 0;
    do {
        CHECK(d->at < d->end && shift < 64);
        v |= (uint64_t)(*d->at & 127) << shift;
        shift += 7;
    } while (*d->at++ > 127);
    return v;
}

static int64_t unzigzag(uint64_t v)
{
    return v & 1 ? -(int64_t)(v >> 1) - 1 : (int64_t)(v >> 1);
}

static uint64_t *numbers(struct data *d, size_t from, size_t n)
{
    uint64_t *list = pp_calloc(n + 1, sizeof *list);
    for (size_t i = from; i < n; i++)
        list[i] = number(d);
    return list;
}

static void read_texts(struct data *d)
{
    d->ntexts = number(d);
    uint64_t *lengths = numbers(d, 0, d->ntexts);
    d->texts = pp_calloc(d->ntexts, sizeof *d->texts);
    for (size_t i = 0; i < d->ntexts; i++) {
        const char *p = (const char *)d->at;
        d->texts[i] = (struct pp_span){p, p + lengths[i]};
        d->at += lengths[i];
    }
    free(lengths);
}

static struct data decode(const unsigned char *bytes, size_t len)
{
    struct data d = {.at = bytes, .end = bytes + len};
    CHECK_INT(number(&d), 1);
    read_texts(&d);
    d.ncolumns = number(&d);
    d.types = numbers(&d, 0, d.ncolumns);
    d.units = numbers(&d, 0, d.ncolumns);
    d.sides = numbers(&d, 0, d.ncolumns);
    d.decimals = numbers(&d, 0, d.ncolumns);
    d.nframes = number(&d) + 1;
    d.names = numbers(&d, 1, d.nframes);
    d.marks = numbers(&d, 1, d.nframes);
    d.colors = numbers(&d, 1, d.nframes);
    d.nnodes = number(&d) + 1;
    d.less = numbers(&d, 1, d.nnodes);
    d.frames = numbers(&d, 1, d.nnodes);
    d.nlabels = number(&d) + 1;
    d.next = numbers(&d, 1, d.nlabels);
    d.keys = numbers(&d, 1, d.nlabels);
    d.values = numbers(&d, 1, d.nlabels);
    d.label_units = numbers(&d, 1, d.nlabels);
    d.numbers = numbers(&d, 1, d.nlabels);
    d.nsamples = number(&d);
    d.timed = number(&d);
    d.nodes = numbers(&d, 0, d.nsamples);
    d.labels = numbers(&d, 0, d.nsamples);
    for (size_t c = 0; c < d.ncolumns && c < 4; c++)
        d.amounts[c] = numbers(&d, 0, d.nsamples);
    CHECK(d.at == d.end);
    return d;
}

static void release(struct data *d)
{
    uint64_t *const lists[] = {d->types,      d->units,       d->sides,      d->decimals,
                               d->names,      d->marks,       d->colors,     d->less,
                               d->frames,     d->next,        d->keys,       d->values,
                               d->numbers,    d->label_units, d->nodes,      d->labels,
                               d->amounts[0], d->amounts[1],  d->amounts[2], d->amounts[3]};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        free(lists[i]);
    free(d->texts);
}

static struct data decode_page(const struct pp_profile *p, unsigned char **bytes)
{
    struct pp_out page = plain_page(p);
    size_t len;
    *bytes = data_of(page.buf, &len);
    pp_out_release(&page);
    return decode(*bytes, len);
}

/* --- the data ------------------------------------------------------------ */

static struct pp_profile *named(const char *text)
{
    struct pp_profile *p = folded(text);
    pp_by_name(&p, &(struct pp_naming){0});
    return p;
}

/* The sums of the page's samples are the profile's, for each node and column. */
static void check_sums(const struct pp_profile *p)
{
    unsigned char *bytes;
    struct data d = decode_page(p, &bytes);
    CHECK_INT(d.ncolumns, p->ncolumns);
    CHECK_INT(d.nnodes, p->nodes.count);
    for (size_t n = 1; n < d.nnodes; n++) {
        const struct pp_node *node = pp_node(p, (pp_id)n);
        CHECK_INT(n - d.less[n], node->parent);
        CHECK_INT(d.frames[n], node->frame);
    }
    for (unsigned c = 0; c < p->ncolumns; c++) {
        int64_t *want = pp_self(p, c), *got = pp_calloc(d.nnodes, sizeof *got), at = 0;
        for (size_t s = 0; s < d.nsamples; s++) {
            at += unzigzag(d.nodes[s]);
            got[at] += unzigzag(d.amounts[c][s]);
        }
        for (size_t n = 0; n < d.nnodes; n++)
            CHECK_INT(got[n], want[n]);
        free(want);
        free(got);
    }
    release(&d);
    free(bytes);
}

static void test_what_the_page_holds_adds_up_to_what_the_profile_does(void)
{
    static const char *const texts[] = {
        "main;work;alloc 20\nmain;work 10\nmain;idle 39\nother 1\n",
        "a;b 1 3\na;c 4 1\nd 2 0\ne 0 7\n",
        "a -5\nb 3\na;b 9223372036854775000\n",
        "a;b 0.125\na 1.5\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct pp_profile *p = named(texts[i]);
        check_sums(p);
        pp_profile_free(p);
    }
}

static void test_columns_say_what_they_are(void)
{
    unsigned char *bytes;
    struct pp_profile *p = named("a 1.25 3\n");
    struct data d = decode_page(p, &bytes);
    CHECK_INT(d.ncolumns, 2);
    CHECK(pp_is(d.texts[d.types[0]], "samples"));
    CHECK(pp_is(d.texts[d.units[0]], "count"));
    CHECK_INT(d.sides[0], PP_BEFORE);
    CHECK_INT(d.sides[1], PP_AFTER);
    CHECK_INT(d.decimals[0], 2);
    release(&d);
    free(bytes);
    pp_profile_free(p);
}

static void test_frames_have_their_name_mark_and_colour(void)
{
    unsigned char *bytes;
    struct pp_profile *p = named("main;read_[k] 1\n");
    struct data d = decode_page(p, &bytes);
    struct pp_named_frame read = {pp_str("read"), 'k'};
    uint64_t seed = 0;
    struct pp_rgb c = pp_frame_color(pp_palettes, PP_PICK_NAME, &read, &seed);
    CHECK(pp_is(d.texts[d.names[1]], "main"));
    CHECK(pp_is(d.texts[d.names[2]], "read"));
    CHECK_INT(d.marks[1], 0);
    CHECK_INT(d.marks[2], 'k');
    CHECK_INT(d.colors[2], c.r << 16 | c.g << 8 | c.b);
    release(&d);
    free(bytes);
    pp_profile_free(p);
}

static void test_labels_come_along(void)
{
    unsigned char *bytes;
    struct pp_profile *p = pp_profile_new();
    int column = pp_column(p, pp_str("cpu"), pp_str("nanoseconds"));
    struct pp_label labels[] = {
        {.key = pp_cstring(p, "thread"), .text = pp_cstring(p, "main")},
        {.key = pp_cstring(p, "size"), .number = -512, .unit = pp_cstring(p, "bytes")}};
    struct pp_sample sample = {.node = pp_child(p, 0, pp_frame_named(p, pp_str("f")))};
    sample.labels = pp_label_set(p, labels, 2);
    CHECK(pp_add(p, pp_sample_id(p, &sample), (unsigned)column, 7));
    struct data d = decode_page(p, &bytes);
    CHECK_INT(d.nsamples, 1);
    uint64_t size = d.labels[0], thread = d.next[size];
    CHECK(pp_is(d.texts[d.keys[size]], "size"));
    CHECK(pp_is(d.texts[d.label_units[size]], "bytes"));
    CHECK_INT(unzigzag(d.numbers[size]), -512);
    CHECK(pp_is(d.texts[d.keys[thread]], "thread"));
    CHECK(pp_is(d.texts[d.values[thread]], "main"));
    CHECK_INT(d.next[thread], 0);
    release(&d);
    free(bytes);
    pp_profile_free(p);
}

static void test_samples_with_times_are_in_their_order(void)
{
    unsigned char *bytes;
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("samples"), pp_str("count"));
    for (int64_t i = 1; i <= 3; i++) {
        struct pp_sample sample = {.time_ns = INT64_MAX - i};
        sample.node = pp_child(p, 0, pp_frame_named(p, i == 2 ? pp_str("b") : pp_str("a")));
        CHECK(pp_add(p, pp_sample_id(p, &sample), 0, i));
    }
    struct data d = decode_page(p, &bytes);
    CHECK_INT(d.timed, 1);
    CHECK_INT(d.nsamples, 3);
    for (int64_t i = 0; i < 3; i++)
        CHECK_INT(unzigzag(d.amounts[0][i]), 3 - i);
    release(&d);
    free(bytes);
    pp_profile_free(p);
}

/* --- strangers' texts ---------------------------------------------------- */

static void test_nothing_that_is_given_becomes_markup(void)
{
    static const char attack[] = "</template></script><script>alert(1)</script><img src=x>\"'@JS@";
    struct pp_svg_options look = pp_svg_defaults;
    struct pp_out text;
    look.title = look.subtitle = look.notes = look.count_name = attack;
    pp_out_memory(&text, NULL);
    pp_putf(&text, "%s;%s 1\n", attack, attack);
    pp_putc(&text, '\0');
    struct pp_profile *p = named(text.buf);
    struct pp_html_options options = {.look = &look, .count_name = attack};
    struct pp_out page = page_of(p, &options);
    CHECK_INT(count_of(page.buf, "<script"), 1);
    CHECK_INT(count_of(page.buf, "</script"), 1);
    CHECK_INT(count_of(page.buf, "</template"), 1);
    CHECK_INT(count_of(page.buf, "<img"), 1); /* the picture for those without scripts */
    CHECK_INT(count_of(page.buf, "alert(1)"), count_of(page.buf, "&gt;alert(1)&lt;"));
    pp_out_release(&page);
    pp_profile_free(p);
    pp_out_release(&text);
}

static void test_names_are_valid_text_without_control_characters(void)
{
    unsigned char *bytes;
    struct pp_profile *p = named("a\xff"
                                 "b\x01\xed\xa0\x80 1\n"); /* the last is a surrogate */
    struct data d = decode_page(p, &bytes);
    CHECK(pp_is(d.texts[d.names[1]], "a\xef\xbf\xbd"
                                     "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                                     "\xef\xbf\xbd"));
    release(&d);
    free(bytes);
    pp_profile_free(p);
}

static void test_the_policy_allows_the_pages_own_script_and_style_alone(void)
{
    struct pp_profile *p = named("a 1\n");
    struct pp_out page = plain_page(p);
    CHECK(strstr(page.buf, "\"default-src 'none'; script-src 'sha256-") != NULL);
    CHECK(strstr(page.buf, "; style-src 'sha256-") != NULL);
    CHECK(!strstr(page.buf, "unsafe-"));
    CHECK(!strstr(page.buf, "http://") && !strstr(page.buf, "https://"));
    CHECK_INT(count_of(page.buf, " style=\""), 0);
    CHECK_INT(count_of(page.buf, "@"), count_of(page.buf, "@media"));
    pp_out_release(&page);
    pp_profile_free(p);
}

/* --- without scripts ----------------------------------------------------- */

static void test_without_scripts_a_table_says_the_most(void)
{
    struct pp_profile *p = named("main;work;main 20\nmain;work 50\nmain;idle 30\n");
    struct pp_out page = plain_page(p);
    /* Of main, 20 stand on another main, and count once. */
    CHECK(strstr(page.buf, "<tr><td>50</td><td>50.00%</td><td>70</td><td>70.00%</td><td>work<"));
    CHECK(strstr(page.buf, "<tr><td>30</td><td>30.00%</td><td>30</td><td>30.00%</td><td>idle<"));
    CHECK(strstr(page.buf, "<tr><td>20</td><td>20.00%</td><td>100</td><td>100.00%</td><td>main<"));
    CHECK(strstr(page.buf, "src=\"data:image/svg+xml;base64,PD94bWw")); /* <?xml */
    pp_out_release(&page);
    pp_profile_free(p);
}

static void test_nothing_is_a_page_as_well(void)
{
    struct pp_profile *p = pp_profile_new();
    struct pp_out page = plain_page(p);
    CHECK(strstr(page.buf, "</html>") != NULL);
    CHECK_INT(count_of(page.buf, "<td>"), 0);
    pp_out_release(&page);
    pp_profile_free(p);
}

/* --- size ---------------------------------------------------------------- */

/* 300,000 stacks of 20,000 functions in 16 threads; each third has samples of its own. */
static struct pp_profile *large(void)
{
    struct pp_profile *p = pp_profile_new();
    uint32_t seed = 1;
    pp_column(p, pp_str("samples"), pp_str("count"));
    for (pp_id n = 1; n <= 300000; n++) {
        char name[64], thread[32];
        seed = seed * 1664525 + 1013904223;
        snprintf(name, sizeof name, "library::module_%u::function", (seed >> 8) % 20000);
        snprintf(thread, sizeof thread, "worker-%u", (seed >> 24) % 16);
        pp_id last = (pp_id)p->nodes.count - 1;
        pp_id parent = n < 8 ? 0 : seed % 5 ? last - (seed >> 12) % 7 : (seed >> 4) % last;
        struct pp_sample sample = {.node = pp_child(p, parent, pp_frame_named(p, pp_str(name)))};
        struct pp_label label = {.key = pp_cstring(p, "thread"), .text = pp_cstring(p, thread)};
        sample.labels = pp_label_set(p, &label, 1);
        if (n % 3 == 0)
            CHECK(pp_add(p, pp_sample_id(p, &sample), 0, seed >> 22));
    }
    return p;
}

static void test_300000_stacks_take_less_than_4_megabytes(void)
{
    struct pp_profile *p = large();
    struct pp_out page = plain_page(p);
    CHECK(p->nodes.count > 299000);
    CHECK(page.len < 4000000);
    check_sums(p);
    pp_out_release(&page);
    pp_profile_free(p);
}

CHECK_MAIN(test_what_the_page_holds_adds_up_to_what_the_profile_does,
           test_columns_say_what_they_are, test_frames_have_their_name_mark_and_colour,
           test_labels_come_along, test_samples_with_times_are_in_their_order,
           test_nothing_that_is_given_becomes_markup,
           test_names_are_valid_text_without_control_characters,
           test_the_policy_allows_the_pages_own_script_and_style_alone,
           test_without_scripts_a_table_says_the_most, test_nothing_is_a_page_as_well,
           test_300000_stacks_take_less_than_4_megabytes)
