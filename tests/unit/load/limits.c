/*
 * Small inputs that expand to something huge: each is read, cut or refused with a message, within
 * the memory limit that main() sets. Running out of memory would end this program.
 */
#include <sys/resource.h>

#include "base/memory.h"
#include "syntax/wire.h"
#include "syntax/xml_guard.h"
#include "transform/rules.h"
#include "unit/profiles.h"

enum { MEMORY = 512 << 20, MANY = 1000000 };

static void limit_memory(void)
{
#ifndef PP_SANITIZED /* a sanitizer needs more */
    struct rlimit r = {MEMORY, MEMORY};
    CHECK(setrlimit(RLIMIT_DATA, &r) == 0);
#endif
}

/* --- pprof ---------------------------------------------------------------- */

enum { SAMPLE_TYPE = 1, SAMPLE = 2, LOCATION = 4, FUNCTION = 5, STRING = 6, DROP_FRAMES = 7 };

/* A message inside another; `inside` is released. */
static void put_message(struct pp_out *o, uint32_t field, struct pp_out *inside)
{
    pp_wire_put_bytes(o, field, pp_out_bytes(inside));
    pp_out_release(inside);
}

static void put_two(struct pp_out *o, uint32_t field, uint64_t first, uint64_t second)
{
    struct pp_out m;
    pp_out_memory(&m, NULL);
    pp_wire_put_number(&m, 1, first);
    pp_wire_put_number(&m, 2, second);
    put_message(o, field, &m);
}

static void put_location(struct pp_out *o, uint64_t id, uint64_t function)
{
    struct pp_out m, line;
    pp_out_memory(&m, NULL);
    pp_out_memory(&line, NULL);
    pp_wire_put_number(&line, 1, function);
    pp_wire_put_number(&m, 1, id);
    put_message(&m, 4, &line);
    put_message(o, LOCATION, &m);
}

/* A location with two functions, one inlined in the other. */
static void put_inlined_location(struct pp_out *o, uint64_t id)
{
    struct pp_out m;
    pp_out_memory(&m, NULL);
    pp_wire_put_number(&m, 1, id);
    for (int i = 0; i < 2; i++) {
        struct pp_out line;
        pp_out_memory(&line, NULL);
        pp_wire_put_number(&line, 1, 1);
        put_message(&m, 4, &line);
    }
    put_message(o, LOCATION, &m);
}

/* Begins a profile with a column cpu, and leaves strings 3 and 4 to the caller. */
static void begin_pprof(struct pp_out *o, const char *third, const char *fourth)
{
    const char *const strings[] = {"", "cpu", "count", third, fourth};
    pp_out_memory(o, NULL);
    put_two(o, SAMPLE_TYPE, 1, 2);
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        pp_wire_put_bytes(o, STRING, pp_str(strings[i]));
}

static void put_one_function(struct pp_out *o)
{
    put_location(o, 1, 1);
    put_two(o, FUNCTION, 1, 3);
}

static void test_a_length_of_2_to_31_is_compared_with_what_is_there(void)
{
    struct pp_out o;
    struct heard h = heard_new();
    begin_pprof(&o, "main", "");
    pp_wire_put_varint(&o, SAMPLE << 3 | PP_WIRE_BYTES);
    pp_wire_put_varint(&o, UINT64_C(1) << 31);
    pp_puts(&o, "few");
    CHECK(!read_as("pprof", pp_out_bytes(&o), &h));
    CHECK(strstr(h.text, "longer than what it is in"));
    pp_out_release(&o);
    pp_diag_release(&h.diag);
}

static void test_a_million_labels_on_one_sample_are_kept(void)
{
    struct pp_out o, m;
    struct heard h = heard_new();
    begin_pprof(&o, "main", "key");
    put_one_function(&o);
    pp_out_memory(&m, NULL);
    pp_wire_put_number(&m, 1, 1);
    pp_wire_put_number(&m, 2, 7);
    for (uint64_t i = 0; i < MANY; i++) {
        struct pp_out label;
        pp_out_memory(&label, NULL);
        pp_wire_put_number(&label, 1, 4);
        pp_wire_put_number(&label, 3, i + 1);
        put_message(&m, 3, &label);
    }
    put_message(&o, SAMPLE, &m);
    struct pp_profile *p = read_as("pprof", pp_out_bytes(&o), &h);
    CHECK(p && p->labels.count == MANY + 1);
    CHECK_INT(h.diag.errors + h.diag.warnings, 0);
    pp_profile_free(p);
    pp_out_release(&o);
    pp_diag_release(&h.diag);
}

static void test_a_stack_of_millions_of_frames_is_cut(void)
{
    enum { FRAMES = 10 * MANY };
    struct pp_out o, m;
    struct heard h = heard_new();
    char *ids = pp_calloc(FRAMES, 1);
    memset(ids, 1, FRAMES);
    begin_pprof(&o, "main", "");
    put_one_function(&o);
    pp_out_memory(&m, NULL);
    pp_wire_put_bytes(&m, 1, (struct pp_span){ids, ids + FRAMES});
    pp_wire_put_number(&m, 2, 7);
    put_message(&o, SAMPLE, &m);
    struct pp_profile *p = read_as("pprof", pp_out_bytes(&o), &h);
    CHECK(p && p->nodes.count == PP_MAX_DEPTH + 1);
    CHECK_INT(h.diag.warnings, 1);
    CHECK(strstr(h.text, "10000000 frames") && strstr(h.text, "--max-depth"));
    free(ids);
    pp_profile_free(p);
    pp_out_release(&o);
    pp_diag_release(&h.diag);
}

/* Each name takes tens of thousands of steps, fewer than a user's own pattern may. */
static void test_a_pattern_of_the_profile_may_backtrack_little(void)
{
    struct pp_out o;
    struct heard h = heard_new();
    begin_pprof(&o, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", "(a|aa)*[bc]d?");
    put_one_function(&o);
    put_two(&o, SAMPLE, 1, 7);
    pp_wire_put_number(&o, DROP_FRAMES, 4);
    struct pp_profile *p = read_as("pprof", pp_out_bytes(&o), &h);
    CHECK(p && pp_drop_frames(p, false, &h.diag));
    pp_profile_free(p);
    pp_out_release(&o);

    begin_pprof(&o, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaad", "(a|aa)*[bc]d?");
    put_one_function(&o);
    put_two(&o, SAMPLE, 1, 7);
    pp_wire_put_number(&o, DROP_FRAMES, 4);
    p = read_as("pprof", pp_out_bytes(&o), &h);
    CHECK(p && !pp_drop_frames(p, false, &h.diag));
    CHECK(strstr(h.text, "(a|aa)*[bc]d?") && strstr(h.text, "match limit exceeded"));
    pp_profile_free(p);
    pp_out_release(&o);
    pp_diag_release(&h.diag);
}

/* --- text ----------------------------------------------------------------- */

/* "a;a;a ... 1": `n` frames, all equal or all different. */
static char *line_of(size_t n, bool alike)
{
    struct pp_out o;
    pp_out_memory(&o, NULL);
    for (size_t i = 0; i < n; i++) {
        pp_puts(&o, i ? ";f" : "f");
        if (!alike)
            pp_put_u64(&o, i);
    }
    pp_puts(&o, " 1\n");
    pp_putc(&o, '\0');
    return o.buf;
}

static void test_a_line_of_millions_of_frames_is_cut(void)
{
    for (int alike = 0; alike < 2; alike++) {
        char *text = line_of(10 * MANY, alike);
        struct heard h = heard_new();
        struct pp_profile *p = read_as("folded", pp_str(text), &h);
        CHECK(p && p->nodes.count == PP_MAX_DEPTH + 1);
        CHECK(p && p->functions.count == (alike ? 2 : PP_MAX_DEPTH + 1));
        CHECK(strstr(h.text, "10000000 frames") && strstr(h.text, "--max-depth"));
        free(text);
        pp_profile_free(p);
        pp_diag_release(&h.diag);
    }
}

static void test_the_stack_after_one_that_was_cut_is_whole(void)
{
    struct pp_load_options o = {.from = pp_format_named("folded"), .max_depth = 2};
    struct heard h = heard_new();
    struct pp_profile *p =
        pp_load_bytes(pp_str("a;b;c 1\na;b 2\na;b;c;d 4\na 8\n;;; 16\n"), "test", &o, &h.diag);
    CHECK_FOLDED(p, " ;  16\na 8\na;b 7\n");
    CHECK_INT(h.diag.warnings, 3);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

/* --- XML ------------------------------------------------------------------ */

static void check_refused(struct pp_span text, const char *why)
{
    struct heard h = heard_new();
    struct pp_profile *p = read_as("svg", text, &h);
    CHECK(!p);
    if (!strstr(h.text, why)) {
        fprintf(stderr, "'%s' does not say '%s'\n", h.text, why);
        check_failures++;
    }
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

/* An element with `n` attributes, in a document with surrounding text. */
static void check_attributes(size_t n, const char *why)
{
    struct pp_out o;
    pp_out_memory(&o, NULL);
    pp_puts(
        &o,
        "<?xml version='1.0' encoding='UTF-8'?><!-- a='<' --><svg><![CDATA[ if (a<b) '>' ]]><g");
    for (size_t i = 0; i < n; i++)
        pp_putf(&o, " a%zu='>'", i);
    pp_puts(&o, "/></svg>");
    check_refused(pp_out_bytes(&o), why);
    pp_out_release(&o);
}

static void test_attributes_are_compared_with_all_others_so_they_are_few(void)
{
    check_attributes(PP_XML_ATTRIBUTES, "no frames of a flame graph");
    check_attributes(PP_XML_ATTRIBUTES + 1, "more than 256 attributes");
    check_attributes(MANY, "more than 256 attributes");
}

static void test_documents_declare_nothing(void)
{
    check_refused(pp_str("<!DOCTYPE svg [<!ATTLIST g a CDATA 'long'>]><svg><g/></svg>"),
                  "declared");
    check_refused(pp_str("<!DOCTYPE svg '>' [<!ENTITY a 'aa'>]><svg>&a;</svg>"), "declared");
    check_refused(pp_str("<!DOCTYPE svg SYSTEM 'x'><svg></svg>"), "no frames of a flame graph");
}

static void test_encodings_in_which_nothing_can_be_found_are_refused(void)
{
    static const char utf16[] = "\xff\xfe<\0s\0v\0g\0>\0<\0/\0s\0v\0g\0>";
    check_refused((struct pp_span){utf16, utf16 + sizeof utf16}, "encoding");
    check_refused((struct pp_span){utf16 + 2, utf16 + sizeof utf16}, "encoding");
    check_refused(pp_str("<?xml version='1.0' encoding=\"UTF-7\"?><svg></svg>"), "encoding");
    check_refused(pp_str("<?xml version='1.0' encoding=\"iso-8859-1\"?><svg></svg>"), "no frames");
    check_refused(pp_str("\xef\xbb\xbf<svg></svg>"), "no frames");
}

/* Whether a file of `size` bytes is read with this limit. */
static bool is_read(const char *path, uint64_t max_size, unsigned jobs)
{
    struct heard h = heard_new();
    struct pp_load_options o = {.jobs = jobs, .max_size = max_size};
    struct pp_profile *p = pp_load(path, &o, &h.diag);
    CHECK(p || strcmp(h.text, "the input is larger than --max-size allows") == 0);
    bool read = p != NULL;
    pp_profile_free(p);
    pp_diag_release(&h.diag);
    return read;
}

static void test_the_largest_size_is_of_the_whole_input_however_many_threads_read_it(void)
{
    char path[] = "/tmp/pp-limits-XXXXXX";
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");
    enum { LINES = 600000, LINE = 10 };
    for (int i = 0; i < LINES; i++)
        fputs("main;abc 1\n", f);
    fclose(f);
    uint64_t size = (uint64_t)LINES * (LINE + 1);
    for (unsigned jobs = 1; jobs <= 8; jobs *= 2) {
        CHECK(is_read(path, size, jobs));
        CHECK(!is_read(path, size - 1, jobs));
        CHECK(!is_read(path, size / 2, jobs));
    }
    remove(path);
}

/* Stacks that come from the cache are reported like new ones. */
static void test_every_stack_that_is_cut_is_reported(void)
{
    enum { SAMPLES = 9, FRAMES = 5 };
    struct pp_out o;
    struct heard h = heard_new();
    begin_pprof(&o, "main", "");
    put_one_function(&o);
    for (int i = 0; i < SAMPLES; i++) {
        struct pp_out m;
        pp_out_memory(&m, NULL);
        pp_wire_put_bytes(&m, 1, pp_str("\1\1\1\1\1"));
        pp_wire_put_number(&m, 2, 7);
        put_message(&o, SAMPLE, &m);
    }
    struct pp_load_options options = {.from = pp_format_named("pprof"), .max_depth = FRAMES - 1};
    struct pp_profile *p = pp_load_bytes(pp_out_bytes(&o), "test", &options, &h.diag);
    CHECK(p && p->nodes.count == FRAMES);
    CHECK_INT(h.diag.warnings, SAMPLES);
    pp_profile_free(p);
    pp_out_release(&o);
    pp_diag_release(&h.diag);
}

/* Locations that do not exist are frames all the same. */
static void test_a_stack_of_locations_that_do_not_exist_is_as_deep(void)
{
    struct pp_out o, m;
    struct heard h = heard_new();
    begin_pprof(&o, "main", "");
    put_one_function(&o);
    pp_out_memory(&m, NULL);
    put_inlined_location(&o, 2); /* so that frames have to be counted */
    pp_wire_put_bytes(&m, 1, pp_str("\x4d\x4e\x01\x4d"));
    pp_wire_put_number(&m, 2, 7);
    put_message(&o, SAMPLE, &m);
    struct pp_load_options options = {.from = pp_format_named("pprof"), .max_depth = 4};
    struct pp_profile *p = pp_load_bytes(pp_out_bytes(&o), "test", &options, &h.diag);
    CHECK(p && p->nodes.count == 5);
    CHECK_INT(h.diag.warnings, 3);
    pp_profile_free(p);
    pp_out_release(&o);
    pp_diag_release(&h.diag);
}

CHECK_MAIN(limit_memory, test_a_stack_of_locations_that_do_not_exist_is_as_deep,
           test_every_stack_that_is_cut_is_reported,
           test_the_largest_size_is_of_the_whole_input_however_many_threads_read_it,
           test_a_length_of_2_to_31_is_compared_with_what_is_there,
           test_a_million_labels_on_one_sample_are_kept, test_a_stack_of_millions_of_frames_is_cut,
           test_a_pattern_of_the_profile_may_backtrack_little,
           test_a_line_of_millions_of_frames_is_cut, test_the_stack_after_one_that_was_cut_is_whole,
           test_attributes_are_compared_with_all_others_so_they_are_few,
           test_documents_declare_nothing, test_encodings_in_which_nothing_can_be_found_are_refused)
