/* From the description of a frame to its row. */
#include "model/code.h"

#include "unit/profiles.h"

static void test_a_frame_has_all_that_is_known_about_it(void)
{
    struct pp_profile *p = pp_profile_new();
    struct pp_code code = {
        .function = pp_str("f(int)"),
        .system = pp_str("_Z1fi"),
        .file = pp_str("f.cc"),
        .start_line = 3,
        .line = 5,
        .column = 7,
        .address = 0x1234,
        .module = pp_str("/lib/libf.so"),
        .kind = PP_JIT,
        .inlined = true,
    };
    pp_id id = pp_frame_at(p, &code);
    const struct pp_frame *f = pp_frame(p, id);
    const struct pp_function *function = pp_function(p, f->function);
    CHECK(pp_is(pp_text(p, function->name), "f(int)"));
    CHECK(pp_is(pp_text(p, function->system_name), "_Z1fi"));
    CHECK(pp_is(pp_text(p, function->file), "f.cc"));
    CHECK_INT(function->line, 3);
    CHECK_INT(f->line, 5);
    CHECK_INT(f->column, 7);
    CHECK_INT(f->address, 0x1234);
    CHECK(pp_is(pp_text(p, pp_mapping(p, f->mapping)->file), "/lib/libf.so"));
    CHECK_INT(pp_mapping(p, f->mapping)->flags, PP_START_UNKNOWN);
    CHECK_INT(f->kind, PP_JIT);
    CHECK_INT(f->inlined, 1);
    CHECK_INT(pp_frame_at(p, &code), id);
    pp_profile_free(p);
}

static void test_a_name_alone_is_the_frame_named(void)
{
    struct pp_profile *p = pp_profile_new();
    struct pp_code code = {.function = pp_str("f"), .system = pp_str("f")};
    CHECK_INT(pp_frame_at(p, &code), pp_frame_named(p, pp_str("f")));
    pp_profile_free(p);
}

static void test_nothing_known_is_a_frame_and_is_shown_as_unknown(void)
{
    struct pp_profile *p = pp_profile_new();
    pp_id id = pp_frame_at(p, &(struct pp_code){0});
    CHECK(id != 0);
    pp_column(p, pp_str("bytes"), pp_str("bytes"));
    struct pp_sample s = {.node = pp_child(p, 0, id)};
    CHECK(pp_add(p, pp_sample_id(p, &s), 0, 258048));
    CHECK_FOLDED(p, "[unknown] 258048\n");
    pp_profile_free(p);
}

static void test_a_column_that_does_not_fit_is_unknown(void)
{
    struct pp_profile *p = pp_profile_new();
    struct pp_code code = {.function = pp_str("f"), .column = PP_MAX_COLUMN_NUMBER};
    CHECK_INT(pp_frame(p, pp_frame_at(p, &code))->column, PP_MAX_COLUMN_NUMBER);
    code.column++;
    CHECK_INT(pp_frame(p, pp_frame_at(p, &code))->column, 0);
    pp_profile_free(p);
}

/* Marks the rows with these functions and addresses; the result has a digit for each. */
static const char *marked(const char *functions, const char *addresses, const char *before)
{
    static char text[16];
    struct pp_frame rows[sizeof text] = {{0}};
    size_t n = strlen(functions);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct pp_frame){.function = (unsigned char)functions[i],
                                    .address = (uint64_t)(addresses[i] - '0'),
                                    .mapping = (pp_id)i + 1,
                                    .inlined = before[i] == '1'};
    pp_mark_inlined(rows, n);
    for (size_t i = 0; i < n; i++) {
        text[i] = rows[i].inlined ? '1' : '0';
        CHECK_INT(rows[i].mapping, rows[i].inlined ? rows[i + 1].mapping : i + 1);
    }
    text[n] = 0;
    return text;
}

static void test_frames_at_one_address_are_inlined_in_the_last(void)
{
    CHECK(pp_is(pp_str(marked("", "", "")), ""));
    CHECK(pp_is(pp_str(marked("a", "1", "0")), "0"));
    CHECK(pp_is(pp_str(marked("abc", "111", "000")), "110"));
    CHECK(pp_is(pp_str(marked("abcd", "1122", "0000")), "1010"));
    CHECK(pp_is(pp_str(marked("abc", "123", "000")), "000"));
    CHECK(pp_is(pp_str(marked("ab", "12", "10")), "00")); /* the mark is false */
}

static void test_recursion_from_one_place_is_not_inlining(void)
{
    CHECK(pp_is(pp_str(marked("ff", "11", "00")), "00"));
    CHECK(pp_is(pp_str(marked("abab", "1111", "0000")), "1010"));
    CHECK(pp_is(pp_str(marked("ff", "11", "10")), "10"));
}

static void test_address_0_proves_nothing(void)
{
    CHECK(pp_is(pp_str(marked("abc", "000", "000")), "000"));
    CHECK(pp_is(pp_str(marked("abc", "000", "100")), "100"));
}

CHECK_MAIN(test_a_frame_has_all_that_is_known_about_it, test_a_name_alone_is_the_frame_named,
           test_nothing_known_is_a_frame_and_is_shown_as_unknown,
           test_a_column_that_does_not_fit_is_unknown,
           test_frames_at_one_address_are_inlined_in_the_last,
           test_recursion_from_one_place_is_not_inlining, test_address_0_proves_nothing)
