/* The page of --to html, its data decoded again: what is in it is what the profile holds. */
#include "render/html_data.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/memory.h"
#include "model/totals.h"
#include "transform/naming.h"
#include "unit/profiles.h"

/* --- reading a page ------------------------------------------------------ */

static char last_note[200];

static void keep_note(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    snprintf(last_note, sizeof last_note, "%s", m->text);
}

static struct pp_out page_of(const struct pp_profile *p, const struct pp_html_options *options)
{
    struct pp_diag diag = {.emit = keep_note};
    struct pp_out o;
    last_note[0] = '\0';
    pp_out_memory(&o, &diag);
    pp_html_write(p, options, &o);
    pp_putc(&o, '\0');
    pp_diag_release(&diag);
    o.diag = NULL;
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
    const unsigned char *at, *end; /* of the section that is being read */
    unsigned char *unpacked[PP_HTML_TIMES + 1];
    size_t length[PP_HTML_TIMES + 1];
    size_t ntexts, ncolumns, nframes, nnodes, nlabels, nstacks, ncolors, nthreads, nrecords;
    struct pp_span *texts, meta;
    const unsigned char *red, *green, *blue;
    uint64_t *types, *units, *sides, *decimals, *names, *marks, *colors, *parents, *frames;
    uint64_t *modules, *files, *lines;
    uint64_t *next, *keys, *values, *label_units, *numbers, *nodes, *labels, *amounts[4];
    uint64_t time_flags, time_unit, *records_of, *times, *stacks, *record_values;
    int64_t time_start;
    struct pp_span thread_names[8];
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

static struct pp_span take_bytes(struct data *d, size_t n)
{
    CHECK((size_t)(d->end - d->at) >= n);
    const char *p = (const char *)d->at;
    d->at += n;
    return (struct pp_span){p, p + n};
}

static void unpack(const unsigned char *in, size_t stored, unsigned char *out, size_t length)
{
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)in,
                  .avail_in = (unsigned)stored,
                  .next_out = out,
                  .avail_out = (unsigned)length};
    CHECK(inflateInit2(&z, -15) == Z_OK);
    CHECK(inflate(&z, Z_FINISH) == Z_STREAM_END);
    CHECK_INT(z.total_out, length);
    inflateEnd(&z);
}

static void find_sections(struct data *d, const unsigned char *bytes, size_t len)
{
    d->at = bytes;
    d->end = bytes + len;
    CHECK_INT(*d->at++, PP_HTML_DATA_VERSION);
    while (d->at < d->end) {
        uint64_t id = *d->at++, flags = *d->at++, stored = number(d), length = number(d);
        CHECK(id && id <= PP_HTML_TIMES && !d->unpacked[id] && flags <= 1);
        const unsigned char *in = (const unsigned char *)take_bytes(d, stored).p;
        d->unpacked[id] = pp_calloc(length + 1, 1);
        d->length[id] = length;
        if (flags)
            unpack(in, stored, d->unpacked[id], length);
        else
            memcpy(d->unpacked[id], in, stored);
    }
}

static bool open_section(struct data *d, enum pp_html_section id)
{
    d->at = d->unpacked[id];
    d->end = d->at + d->length[id];
    return d->at != NULL;
}

static void read_frames(struct data *d)
{
    CHECK(open_section(d, PP_HTML_FRAMES));
    d->ncolors = number(d);
    d->red = (const unsigned char *)take_bytes(d, d->ncolors).p;
    d->green = (const unsigned char *)take_bytes(d, d->ncolors).p;
    d->blue = (const unsigned char *)take_bytes(d, d->ncolors).p;
    d->nframes = number(d) + 1;
    d->names = numbers(d, 1, d->nframes);
    d->marks = numbers(d, 1, d->nframes);
    d->colors = numbers(d, 1, d->nframes);
    d->modules = numbers(d, 1, d->nframes);
    d->files = numbers(d, 1, d->nframes);
    d->lines = numbers(d, 1, d->nframes);
    CHECK(d->at == d->end);
}

static void read_nodes(struct data *d)
{
    CHECK(open_section(d, PP_HTML_NODES));
    d->nnodes = number(d) + 1;
    d->parents = numbers(d, 1, d->nnodes); /* levels first */
    for (size_t n = 1; n < d->nnodes; n++) {
        uint64_t above = n - 1;
        for (uint64_t up = d->parents[n]; up > 0; up--)
            above = d->parents[above];
        d->parents[n] = above;
    }
    d->frames = numbers(d, 1, d->nnodes);
    CHECK(d->at == d->end);
}

static void read_labels(struct data *d)
{
    CHECK(open_section(d, PP_HTML_LABELS));
    d->nlabels = number(d) + 1;
    d->next = numbers(d, 1, d->nlabels);
    d->keys = numbers(d, 1, d->nlabels);
    d->values = numbers(d, 1, d->nlabels);
    d->label_units = numbers(d, 1, d->nlabels);
    d->numbers = numbers(d, 1, d->nlabels);
    CHECK(d->at == d->end);
}

static void read_samples(struct data *d)
{
    CHECK(open_section(d, PP_HTML_STACKS));
    d->nstacks = number(d);
    d->nodes = numbers(d, 0, d->nstacks);
    d->labels = numbers(d, 0, d->nstacks);
    CHECK(d->at == d->end);
    CHECK(open_section(d, PP_HTML_SAMPLES));
    for (size_t c = 0; c < d->ncolumns && c < 4; c++)
        d->amounts[c] = numbers(d, 0, d->nstacks);
    CHECK(d->at == d->end);
    int64_t at = 0;
    for (size_t i = 0; i < d->nstacks; i++)
        d->nodes[i] = (uint64_t)(at += unzigzag(d->nodes[i]));
}

/* Of profiles with one column. */
static void read_times(struct data *d)
{
    size_t lengths[8];
    if (!open_section(d, PP_HTML_TIMES))
        return;
    d->time_flags = number(d);
    d->time_unit = number(d);
    d->time_start = unzigzag(number(d));
    bool constant = number(d);
    uint64_t value = constant ? number(d) : 0;
    d->nthreads = number(d);
    CHECK(d->nthreads <= 8);
    for (size_t i = 0; i < d->nthreads; i++)
        lengths[i] = number(d);
    for (size_t i = 0; i < d->nthreads; i++)
        d->thread_names[i] = take_bytes(d, lengths[i]);
    d->records_of = numbers(d, 0, d->nthreads);
    for (size_t i = 0; i < d->nthreads; i++)
        d->nrecords += d->records_of[i];
    d->times = numbers(d, 0, d->nrecords);
    d->stacks = numbers(d, 0, d->nrecords);
    d->record_values = numbers(d, 0, constant ? 0 : d->nrecords);
    if (constant) {
        free(d->record_values);
        d->record_values = pp_calloc(d->nrecords + 1, sizeof value);
        for (size_t i = 0; i < d->nrecords; i++)
            d->record_values[i] = value;
    }
    CHECK(d->at == d->end);
}

static struct data decode(const unsigned char *bytes, size_t len)
{
    struct data d = {0};
    find_sections(&d, bytes, len);
    CHECK(open_section(&d, PP_HTML_TEXTS));
    read_texts(&d);
    CHECK(d.at == d.end);
    CHECK(open_section(&d, PP_HTML_COLUMNS));
    d.ncolumns = number(&d);
    d.types = numbers(&d, 0, d.ncolumns);
    d.units = numbers(&d, 0, d.ncolumns);
    d.sides = numbers(&d, 0, d.ncolumns);
    d.decimals = numbers(&d, 0, d.ncolumns);
    CHECK(d.at == d.end);
    read_frames(&d);
    read_nodes(&d);
    read_labels(&d);
    read_samples(&d);
    read_times(&d);
    CHECK(open_section(&d, PP_HTML_META));
    d.meta = take_bytes(&d, d.length[PP_HTML_META]);
    return d;
}

static void release(struct data *d)
{
    uint64_t *const lists[] = {
        d->types,      d->units,       d->sides,        d->decimals, d->names,      d->marks,
        d->colors,     d->parents,     d->frames,       d->next,     d->keys,       d->values,
        d->numbers,    d->label_units, d->nodes,        d->labels,   d->amounts[0], d->amounts[1],
        d->amounts[2], d->amounts[3],  d->modules,      d->files,    d->lines,      d->records_of,
        d->times,      d->stacks,      d->record_values};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        free(lists[i]);
    for (size_t i = 0; i < sizeof d->unpacked / sizeof *d->unpacked; i++)
        free(d->unpacked[i]);
    free(d->texts);
}

static struct data decode_options(const struct pp_profile *p, const struct pp_html_options *o,
                                  unsigned char **bytes)
{
    struct pp_out page = page_of(p, o);
    size_t len;
    *bytes = data_of(page.buf, &len);
    pp_out_release(&page);
    return decode(*bytes, len);
}

static struct data decode_page(const struct pp_profile *p, unsigned char **bytes)
{
    return decode_options(p, &(struct pp_html_options){.look = &pp_svg_defaults}, bytes);
}

/* --- the data ------------------------------------------------------------ */

static struct pp_profile *named(const char *text)
{
    struct pp_profile *p = folded(text);
    pp_by_name(&p, &(struct pp_naming){0});
    return p;
}

/* For each node of the page the one of the profile; siblings are sorted by name. */
static pp_id *nodes_of_page(const struct data *d, struct pp_profile *p)
{
    size_t count = p->nodes.count;
    pp_id *of_page = pp_calloc(d->nnodes, sizeof *of_page);
    uint64_t *last = pp_calloc(d->nnodes, sizeof *last); /* child of each node so far */
    CHECK_INT(d->nnodes, count);
    for (size_t n = 1; n < d->nnodes; n++) {
        uint64_t parent = d->parents[n], before = last[parent];
        of_page[n] = pp_child(p, of_page[parent], (pp_id)d->frames[n]);
        if (before)
            CHECK(pp_compare_spans(d->texts[d->names[d->frames[before]]],
                                   d->texts[d->names[d->frames[n]]]) <= 0);
        last[parent] = n;
    }
    CHECK_INT(p->nodes.count, count);
    free(last);
    return of_page;
}

/* The sums of the page's samples are the profile's, for each node and column. */
static void check_sums(struct pp_profile *p)
{
    unsigned char *bytes;
    struct data d = decode_page(p, &bytes);
    pp_id *of_page = nodes_of_page(&d, p);
    CHECK_INT(d.ncolumns, p->ncolumns);
    for (unsigned c = 0; c < p->ncolumns; c++) {
        int64_t *want = pp_self(p, c), *got = pp_calloc(d.nnodes, sizeof *got);
        for (size_t s = 0; s < d.nstacks; s++)
            got[of_page[d.nodes[s]]] += unzigzag(d.amounts[c][s]);
        for (size_t n = 0; n < d.nnodes; n++)
            CHECK_INT(got[n], want[n]);
        free(want);
        free(got);
    }
    free(of_page);
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
    CHECK_INT(d.red[d.colors[2]], c.r);
    CHECK_INT(d.green[d.colors[2]], c.g);
    CHECK_INT(d.blue[d.colors[2]], c.b);
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
    CHECK_INT(d.nstacks, 1);
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

/* Samples of a thread each 1 ms: of `b` each third, of `a` the others. */
static void add_timed(struct pp_profile *p, const char *thread, int64_t from, int64_t to)
{
    for (int64_t i = from; i < to; i++) {
        struct pp_label label = {.key = pp_cstring(p, "thread"), .text = pp_cstring(p, thread)};
        struct pp_sample sample = {.time_ns = 1000000 * i, .labels = pp_label_set(p, &label, 1)};
        sample.node = pp_child(p, 0, pp_frame_named(p, pp_str(i % 3 ? "a" : "b")));
        CHECK(pp_add(p, pp_sample_id(p, &sample), 0, i));
    }
}

static struct pp_profile *timed(void)
{
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("samples"), pp_str("count"));
    add_timed(p, "first", 5, 9);
    add_timed(p, "second", 2, 5);
    return p;
}

static void test_samples_with_times_are_by_thread_in_their_order(void)
{
    unsigned char *bytes;
    struct pp_profile *p = timed();
    struct data d = decode_options(
        p, &(struct pp_html_options){.look = &pp_svg_defaults, .clock = true}, &bytes);
    static const int64_t milliseconds[] = {5, 6, 7, 8, 2, 3, 4};
    int64_t at = 0;
    CHECK_INT(d.time_flags, 3);
    CHECK_INT(d.time_unit, 1000000);
    CHECK_INT(d.time_start, 2000000);
    CHECK_INT(d.nthreads, 2);
    CHECK(pp_is(d.thread_names[0], "first") && pp_is(d.thread_names[1], "second"));
    CHECK_INT(d.records_of[0], 4);
    CHECK_INT(d.records_of[1], 3);
    for (size_t i = 0; i < 7; i++) {
        at = (i == 4 ? 0 : at) + (int64_t)d.times[i];
        CHECK_INT(at + 2, milliseconds[i]);
        CHECK_INT(unzigzag(d.record_values[i]), milliseconds[i]);
        uint64_t frame = d.frames[d.nodes[d.stacks[i]]];
        CHECK(pp_is(d.texts[d.names[frame]], milliseconds[i] % 3 ? "a" : "b"));
    }
    release(&d);
    free(bytes);
    pp_profile_free(p);
}

static void test_the_order_alone_is_of_no_threads(void)
{
    unsigned char *bytes;
    struct pp_profile *p = timed();
    struct data d = decode_page(p, &bytes);
    CHECK_INT(d.time_flags, 2);
    CHECK_INT(d.nthreads, 1);
    for (size_t i = 0; i < 7; i++)
        CHECK_INT(unzigzag(d.record_values[i]), i + 2);
    release(&d);
    free(bytes);
    struct pp_html_options none = {.look = &pp_svg_defaults, .no_times = true};
    d = decode_options(p, &none, &bytes);
    CHECK(!d.unpacked[PP_HTML_TIMES]);
    release(&d);
    free(bytes);
    pp_profile_free(p);
}

/* Times that nothing makes shorter: too many for the budget, so that they are cut. */
static void test_times_beyond_the_budget_are_cut_and_nothing_is_lost(void)
{
    unsigned char *bytes;
    uint64_t seed = 1, sum = 0;
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("samples"), pp_str("count"));
    for (int i = 0; i < 1000000; i++) {
        char name[16];
        seed = seed * 6364136223846793005 + 1442695040888963407;
        snprintf(name, sizeof name, "f%u", (unsigned)(seed >> 60));
        struct pp_sample sample = {.time_ns = 1 + (int64_t)(seed >> 18)};
        sample.node = pp_child(p, 0, pp_frame_named(p, pp_str(name)));
        CHECK(pp_add(p, pp_sample_id(p, &sample), 0, (int64_t)(seed >> 40 & 0xffffff)));
    }
    struct pp_html_options options = {.look = &pp_svg_defaults, .clock = true};
    struct data d = decode_options(p, &options, &bytes);
    CHECK_INT(d.time_flags, 1);
    CHECK_INT(d.time_unit, 1000);
    CHECK(strcmp(last_note, "the page has times to 1 us: exact ones would make it larger than "
                            "6 MB") == 0);
    for (size_t i = 0; i < d.nrecords; i++)
        sum += (uint64_t)unzigzag(d.record_values[i]);
    CHECK_INT(sum, p->columns[0].weight);
    release(&d);
    free(bytes);
    pp_profile_free(p);
}

static void test_all_that_is_known_of_the_profile_is_in_it(void)
{
    unsigned char *bytes;
    struct pp_profile *p = named("a 1\n");
    struct pp_html_options options = {.look = &pp_svg_defaults, .about = "x\x01\n  host  y\n"};
    struct data d = decode_options(p, &options, &bytes);
    CHECK(pp_is(d.meta, "x\xef\xbf\xbd\n  host  y\n"));
    release(&d);
    free(bytes);
    pp_profile_free(p);
}

static void test_the_bytes_are_the_same_for_any_number_of_threads(void)
{
    struct pp_profile *p = timed();
    struct pp_html_options options = {.look = &pp_svg_defaults, .clock = true};
    struct pp_out one, four;
    pp_out_memory(&one, NULL);
    pp_out_memory(&four, NULL);
    four.jobs = 4;
    add_timed(p, "third", 10, 300000);
    pp_html_write(p, &options, &one);
    pp_html_write(p, &options, &four);
    CHECK(pp_same(pp_out_bytes(&one), pp_out_bytes(&four)));
    pp_out_release(&one);
    pp_out_release(&four);
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
    CHECK_INT(count_of(page.buf, "</template"), 2); /* of the data and of the script */
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

/* 300,000 stacks of 20,000 functions in 16 threads, all of which have samples of their own. */
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
        CHECK(pp_add(p, pp_sample_id(p, &sample), 0, 1 + (seed >> 22)));
    }
    return p;
}

static void test_300000_stacks_take_less_than_2_500_000_bytes(void)
{
    struct pp_profile *p = large();
    struct pp_out page = plain_page(p);
    CHECK(p->nodes.count > 299000);
    CHECK(page.len < 2500000);
    check_sums(p);
    pp_out_release(&page);
    pp_profile_free(p);
}

CHECK_MAIN(test_what_the_page_holds_adds_up_to_what_the_profile_does,
           test_columns_say_what_they_are, test_frames_have_their_name_mark_and_colour,
           test_labels_come_along, test_samples_with_times_are_by_thread_in_their_order,
           test_the_order_alone_is_of_no_threads,
           test_times_beyond_the_budget_are_cut_and_nothing_is_lost,
           test_all_that_is_known_of_the_profile_is_in_it,
           test_the_bytes_are_the_same_for_any_number_of_threads,
           test_nothing_that_is_given_becomes_markup,
           test_names_are_valid_text_without_control_characters,
           test_the_policy_allows_the_pages_own_script_and_style_alone,
           test_without_scripts_a_table_says_the_most, test_nothing_is_a_page_as_well,
           test_300000_stacks_take_less_than_2_500_000_bytes)
