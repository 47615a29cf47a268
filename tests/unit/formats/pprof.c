/* Reading and writing pprof: content is preserved, as seen by protobuf-c. */
#include <inttypes.h>
#include <profile.pb-c.h>

#include "unit/pprof.h"

/* --- content, free of ids ------------------------------------------------ */

static void show_text(FILE *out, const Pprof__Profile *p, int64_t index)
{
    fputc('\'', out);
    if (index > 0) { /* index 0 is the empty string */
        const ProtobufCBinaryData *s = &p->string_table[index];
        fwrite(s->data, 1, s->len, out);
    }
    fputc('\'', out);
}

static void show_type(FILE *out, const Pprof__Profile *p, const Pprof__ValueType *t)
{
    show_text(out, p, t ? t->type : 0);
    show_text(out, p, t ? t->unit : 0);
    fputc('\n', out);
}

static void show_mapping(FILE *out, const Pprof__Profile *p, size_t i)
{
    const Pprof__Mapping *m = p->mapping[i];
    fprintf(out, "mapping %zu %" PRIx64 " %" PRIx64 " %" PRIx64 " %d%d%d%d", i, m->memory_start,
            m->memory_limit, m->file_offset, m->has_functions, m->has_filenames,
            m->has_line_numbers, m->has_inline_frames);
    show_text(out, p, m->filename);
    show_text(out, p, m->build_id);
    fputc('\n', out);
}

static void show_line(FILE *out, const Pprof__Profile *p, const Pprof__Line *l)
{
    for (size_t i = 0; i < p->n_function; i++) {
        const Pprof__Function *f = p->function[i];
        if (f->id != l->function_id)
            continue;
        show_text(out, p, f->name);
        show_text(out, p, f->system_name);
        show_text(out, p, f->filename);
        fprintf(out, "%" PRId64 " ", f->start_line);
    }
    fprintf(out, "%" PRId64 " %" PRId64 "; ", l->line, l->column);
}

static void show_location(FILE *out, const Pprof__Profile *p, const Pprof__Location *l)
{
    fprintf(out, "  at %" PRIx64 "%s ", l->address, l->is_folded ? " folded" : "");
    for (size_t i = 0; i < p->n_mapping; i++)
        if (p->mapping[i]->id == l->mapping_id)
            fprintf(out, "mapping %zu ", i);
    for (size_t i = 0; i < l->n_line; i++)
        show_line(out, p, l->line[i]);
    fputc('\n', out);
}

static void show_label(FILE *out, const Pprof__Profile *p, const Pprof__Label *l)
{
    show_text(out, p, l->key);
    show_text(out, p, l->str);
    fprintf(out, "%" PRId64, l->num);
    show_text(out, p, l->num_unit);
    fputc('\n', out);
}

static struct pp_span key_of(const Pprof__Profile *p, const Pprof__Label *l)
{
    const ProtobufCBinaryData *s = &p->string_table[l->key];
    return s->len ? (struct pp_span){(const char *)s->data, (const char *)s->data + s->len}
                  : pp_str("");
}

/* Sorted by key, since only the order of labels with the same key matters. */
static void show_labels(FILE *out, const Pprof__Profile *p, Pprof__Sample *s)
{
    for (size_t n = s->n_label; n; n--) {
        size_t first = 0;
        for (size_t i = 1; i < n; i++)
            if (pp_compare_spans(key_of(p, s->label[i]), key_of(p, s->label[first])) < 0)
                first = i;
        Pprof__Label *shown = s->label[first];
        show_label(out, p, shown);
        memmove(s->label + first, s->label + first + 1, (n - first - 1) * sizeof *s->label);
        s->label[n - 1] = shown;
    }
}

static void show_sample(FILE *out, const Pprof__Profile *p, Pprof__Sample *s)
{
    fprintf(out, "sample");
    for (size_t i = 0; i < s->n_value; i++)
        fprintf(out, " %" PRId64, s->value[i]);
    fputc('\n', out);
    for (size_t i = 0; i < s->n_location_id; i++)
        for (size_t l = 0; l < p->n_location; l++)
            if (p->location[l]->id == s->location_id[i])
                show_location(out, p, p->location[l]);
    show_labels(out, p, s);
}

static void show_header(FILE *out, const Pprof__Profile *p)
{
    for (size_t i = 0; i < p->n_sample_type; i++)
        show_type(out, p, p->sample_type[i]);
    show_text(out, p, p->drop_frames);
    show_text(out, p, p->keep_frames);
    show_text(out, p, p->default_sample_type);
    show_text(out, p, p->doc_url);
    fprintf(out, "%" PRId64 " %" PRId64 " %" PRId64 "\n", p->time_nanos, p->duration_nanos,
            p->period);
    show_type(out, p, p->period_type);
    for (size_t i = 0; i < p->n_comment; i++)
        show_text(out, p, p->comment[i]);
    fprintf(out, "\n%zu locations\n", p->n_location);
}

/* The content of `bytes` as text, without using libpp; the caller frees it. */
static char *content(struct pp_span bytes)
{
    char *text = NULL;
    size_t size;
    Pprof__Profile *p = pprof__profile__unpack(NULL, pp_len(bytes), (const uint8_t *)bytes.p);
    FILE *out = open_memstream(&text, &size);
    CHECK(p != NULL);
    if (p)
        show_header(out, p);
    for (size_t i = 0; p && i < p->n_mapping; i++)
        show_mapping(out, p, i);
    for (size_t i = 0; p && i < p->n_sample; i++)
        show_sample(out, p, p->sample[i]);
    pprof__profile__free_unpacked(p, NULL);
    fclose(out);
    return text;
}

/* --- tests --------------------------------------------------------------- */

static void check_same_content(const char *name, struct pp_span a, struct pp_span b)
{
    char *want = content(a), *got = content(b);
    if (strcmp(want, got) != 0) {
        fprintf(stderr, "%s: wanted:\n%s\ngot:\n%s\n", name, want, got);
        check_failures++;
    }
    free(want);
    free(got);
}

static void test_everything_comes_back(void)
{
    static const char *const names[] = {"everything.in", "unpacked.in", "go-cpu.in", "go-heap.in",
                                        "hostile.in"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct heard h = heard_new();
        struct pp_span in = slurp(names[i]);
        struct pp_profile *p = read_as("pprof", in, &h);
        CHECK(p != NULL);
        struct pp_out out = written_pprof(p, &h);
        check_same_content(names[i], in, pp_out_bytes(&out));
        CHECK_INT(h.diag.warnings, 0);
        pp_out_release(&out);
        pp_profile_free(p);
        pp_diag_release(&h.diag);
        unslurp(in);
    }
}

static void test_a_written_profile_is_written_again_byte_by_byte(void)
{
    struct heard h = heard_new();
    struct pp_span in = slurp("everything.in");
    struct pp_profile *p = read_as("pprof", in, &h);
    struct pp_out once = written_pprof(p, &h);
    struct pp_profile *again = read_as("pprof", pp_out_bytes(&once), &h);
    struct pp_out twice = written_pprof(again, &h);
    CHECK(once.len == twice.len && memcmp(once.buf, twice.buf, once.len) == 0);
    pp_out_release(&once);
    pp_out_release(&twice);
    pp_profile_free(p);
    pp_profile_free(again);
    pp_diag_release(&h.diag);
    unslurp(in);
}

/* What protobuf-c reads from `p` written as pprof. */
static Pprof__Profile *unpacked(const struct pp_profile *p, struct heard *h)
{
    struct pp_out out = written_pprof(p, h);
    Pprof__Profile *got = pprof__profile__unpack(NULL, out.len, (const uint8_t *)out.buf);
    CHECK(got != NULL);
    pp_out_release(&out);
    return got;
}

static void test_a_function_known_by_one_name_has_it_for_both(void)
{
    struct heard h = heard_new();
    struct pp_profile *p = folded("main 1\n");
    Pprof__Profile *got = unpacked(p, &h);
    CHECK_INT(got->n_function, 1);
    CHECK(got->function[0]->name && got->function[0]->name == got->function[0]->system_name);
    pprof__profile__free_unpacked(got, NULL);
    pp_profile_free(p);
}

static void test_fractions_are_rounded_away_from_zero_with_a_warning(void)
{
    static const int64_t want[] = {1, 3, 2, -3, 0, 7};
    struct heard h = heard_new();
    struct pp_profile *p = folded("a 1.4\nb 2.5\nc 1.6\nd -2.5\ne -0.4\nf 7\n");
    Pprof__Profile *got = unpacked(p, &h);
    CHECK_INT(got->n_sample, 6);
    for (size_t i = 0; i < got->n_sample && i < 6; i++)
        CHECK_INT(got->sample[i]->value[0], want[i]);
    CHECK_INT(h.diag.warnings, 1);
    CHECK(strcmp(h.text, "column 'samples' is rounded to whole numbers") == 0);
    pprof__profile__free_unpacked(got, NULL);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void test_of_a_comparison_what_came_after_is_written(void)
{
    struct heard h = heard_new();
    struct pp_profile *p = folded("a 1 2\nb 3 4\n");
    Pprof__Profile *got = unpacked(p, &h);
    CHECK_INT(got->n_sample_type, 1);
    CHECK_INT(got->sample[0]->value[0], 2);
    CHECK_INT(got->sample[1]->value[0], 4);
    CHECK_INT(h.diag.warnings, 1);
    pprof__profile__free_unpacked(got, NULL);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

/* main, with a inlined, and b inlined in a; then c, inlined in nothing, at another address. */
static void test_inlined_frames_join_the_location_of_the_frame_they_are_in(void)
{
    struct heard h = heard_new();
    struct pp_profile *p = pp_profile_new();
    static const struct {
        const char *name;
        uint64_t address;
        unsigned inlined;
    } frames[] = {{"main", 16, 0}, {"a", 16, 1}, {"b", 16, 1}, {"c", 32, 1}, {"d", 32, 0}};
    pp_id node = 0;
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        struct pp_frame f = {.address = frames[i].address, .inlined = frames[i].inlined & 1};
        f.function = pp_function_named(p, pp_str(frames[i].name));
        node = pp_child(p, node, pp_intern(&p->frames, &f));
    }
    int column = pp_column(p, pp_str("cpu"), pp_str("count"));
    CHECK(pp_add(p, pp_sample_id(p, &(struct pp_sample){.node = node}), (unsigned)column, 1));

    Pprof__Profile *got = unpacked(p, &h);
    CHECK_INT(got->n_location, 3);
    CHECK_INT(got->location[0]->n_line, 3);
    CHECK_INT(got->location[0]->line[0]->function_id, 3); /* b, the innermost */
    CHECK_INT(got->location[0]->line[2]->function_id, 1);
    CHECK_INT(got->location[1]->n_line, 1);
    CHECK_INT(got->sample[0]->n_location_id, 3);
    CHECK_INT(got->sample[0]->location_id[0], 3); /* leaf first */
    pprof__profile__free_unpacked(got, NULL);
    pp_profile_free(p);
}

static void test_a_profile_without_columns_cannot_be_written(void)
{
    struct heard h = heard_new();
    struct pp_profile *p = pp_profile_new();
    struct pp_out out;
    pp_out_memory(&out, &h.diag);
    CHECK(!pp_format_named("pprof")->write(p, &out));
    CHECK_INT(h.diag.errors, 1);
    pp_out_release(&out);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void test_samples_without_unneeded_labels_become_equal(void)
{
    struct heard h = heard_new();
    struct pp_span in = slurp("go-cpu.in");
    struct pp_load_options o = {.from = pp_format_named("pprof")}; /* keeps nothing */
    struct pp_profile *p = pp_load_bytes(in, "test", &o, &h.diag);
    struct pp_profile *all = read_as("pprof", in, &h);
    CHECK(p && all);
    CHECK_INT(p->labels.count, 1);
    CHECK(p->samples.count < all->samples.count);
    CHECK_INT(p->columns[1].weight, all->columns[1].weight);
    pp_profile_free(p);
    pp_profile_free(all);
    pp_diag_release(&h.diag);
    unslurp(in);
}

static const char of_perf[] = "app 1 1.0: 1 cycles:\n\t10 write+0x1 (/usr/lib/libc.so.6)\n"
                              "\t20 main+0x1 (/srv/app)\n\n"
                              "app 1 2.0: 1 cycles:\n\t30 [unknown] (/srv/bare.so)\n\n";

/* pprof must not look up names again by addresses that have another meaning. */
static void test_mappings_of_perf_have_names_and_the_program_comes_first(void)
{
    struct heard h = heard_new();
    struct pp_profile *p = read_as("perf-script", pp_str(of_perf), &h);
    struct pp_out out = written_pprof(p, &h);
    struct pp_profile *back = read_as("pprof", pp_out_bytes(&out), &h);
    const uint32_t all = PP_HAS_FUNCTIONS | PP_HAS_FILENAMES | PP_HAS_LINES;
    static const char *const files[] = {"/srv/app", "/usr/lib/libc.so.6", "/srv/bare.so"};
    CHECK(back && back->mappings.count == 4);
    for (pp_id m = 1; back && m < back->mappings.count; m++) {
        CHECK(pp_is(pp_text(back, pp_mapping(back, m)->file), files[m - 1]));
        CHECK_INT(pp_mapping(back, m)->flags, m < 3 ? all : 0);
    }
    CHECK_FOLDED(back, "[unknown] 1\nmain;write 1\n");
    pp_profile_free(back);
    pp_out_release(&out);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

/*
 * perf has return addresses: of main, 0x21 where it has called work, and 0x30 where the kernel
 * interrupted it. pprof has addresses within the call: 0x20, and 0x30 as it is. The first sample's
 * leaf is at an address that is a caller's in the second.
 */
static const char with_returns[] =
    "app 1 1.0: 1 cycles:\n\t21 main+0x11 (/srv/app)\n\n"
    "app 1 2.0: 1 cycles:\n\t60 work+0x1 (/srv/app)\n\t21 main+0x11 (/srv/app)\n\n"
    "app 1 3.0: 1 cycles:\n\tffffffff81000010 irq+0x10 ([kernel.kallsyms])\n"
    "\tffffffff81000100 asm_irq+0x2 ([kernel.kallsyms])\n\t30 main+0x20 (/srv/app)\n\n"
    "app 1 4.0: 1 cycles:\n\tffffffff81000010 irq+0x10 ([kernel.kallsyms])\n"
    "\tffffffff81000100 asm_irq+0x2 ([kernel.kallsyms])\n"
    "\tffffffff81000200 sys_read+0x2 ([kernel.kallsyms])\n\t41 main+0x31 (/srv/app)\n\n";

/* The addresses of a stack, leaf first, as "60 21 ". */
static void show_addresses(const struct pp_profile *p, pp_id node, char *to, size_t size)
{
    to[0] = '\0';
    for (size_t n = 0; node && n < size; node = pp_node(p, node)->parent)
        n += (size_t)snprintf(to + n, size - n, "%" PRIx64 " ",
                              pp_frame(p, pp_node(p, node)->frame)->address);
}

static void check_addresses(const struct pp_profile *p)
{
    /* irq returns to asm_irq, which interrupted what it stands on; a system call returns to the
     * address as it is. */
    static const char *const want[] = {
        "21 ",
        "60 20 ",
        "ffffffff81000010 ffffffff810000ff 30 ",
        "ffffffff81000010 ffffffff810000ff ffffffff81000200 41 ",
    };
    char got[200];
    CHECK_INT(p->samples.count, 5);
    for (pp_id s = 1; s < p->samples.count; s++) {
        show_addresses(p, pp_sample(p, s)->node, got, sizeof got);
        if (strcmp(got, want[s - 1]) != 0) {
            fprintf(stderr, "got %s, wanted %s\n", got, want[s - 1]);
            check_failures++;
        }
    }
}

static void test_addresses_of_callers_lie_within_the_call_and_stay_there(void)
{
    static const char *const formats[] = {"pprof", "otlp"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct heard h = heard_new();
        const struct pp_format *format = pp_format_named(formats[i]);
        struct pp_profile *p = read_as("perf-script", pp_str(with_returns), &h);
        for (int times = 0; times < 2; times++) {
            struct pp_out out;
            pp_out_memory(&out, &h.diag);
            CHECK(format->write(p, &out));
            pp_profile_free(p);
            p = read_as(formats[i], pp_out_bytes(&out), &h);
            check_addresses(p);
            pp_out_release(&out);
        }
        pp_profile_free(p);
        pp_diag_release(&h.diag);
    }
}

CHECK_MAIN(test_addresses_of_callers_lie_within_the_call_and_stay_there,
           test_mappings_of_perf_have_names_and_the_program_comes_first, test_everything_comes_back,
           test_a_written_profile_is_written_again_byte_by_byte,
           test_a_function_known_by_one_name_has_it_for_both,
           test_fractions_are_rounded_away_from_zero_with_a_warning,
           test_of_a_comparison_what_came_after_is_written,
           test_inlined_frames_join_the_location_of_the_frame_they_are_in,
           test_a_profile_without_columns_cannot_be_written,
           test_samples_without_unneeded_labels_become_equal)
