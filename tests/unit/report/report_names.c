/* Names of files and functions in reports. */
#include "check.h"
#include "report/paths.h"
#include "report/shorten.h"

static void check_text(struct pp_out *out, const char *want, int line)
{
    if (!pp_is(pp_out_bytes(out), want)) {
        fprintf(stderr, "%s:%d: %s, not %.*s\n", __FILE__, line, want, (int)out->len, out->buf);
        check_failures++;
    }
    pp_out_release(out);
}

static void check_clean(const char *path, const char *want, int line)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    pp_put_clean_path(&out, pp_str(path));
    check_text(&out, want, line);
}

static void check_short(const char *name, const char *want, int line)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    pp_put_short_name(&out, pp_str(name));
    check_text(&out, want, line);
}

#define CHECK_CLEAN(path, want) check_clean(path, want, __LINE__)
#define CHECK_SHORT(name, want) check_short(name, want, __LINE__)

static void test_paths_lose_what_does_not_matter(void)
{
    CHECK_CLEAN("a//b/./c", "a/b/c");
    CHECK_CLEAN("a/b/../c", "a/c");
    CHECK_CLEAN("/../a", "/a");
    CHECK_CLEAN("../a/../../b", "../../b");
    CHECK_CLEAN("a/..", ".");
    CHECK_CLEAN("/", "/");
    CHECK_CLEAN("", ".");
}

static void check_trimmed(const char *path, const char *trim, const char *source, const char *want,
                          int line)
{
    struct pp_paths paths = {pp_str(trim), pp_str(source)};
    struct pp_span got = pp_trim_path(pp_str(path), &paths);
    if (!pp_is(got, want)) {
        fprintf(stderr, "%s:%d: %s, not %.*s\n", __FILE__, line, want, PP_SHOW(got));
        check_failures++;
    }
}

#define CHECK_TRIMMED(path, trim, source, want) check_trimmed(path, trim, source, want, __LINE__)

static void test_prefixes_are_taken_off(void)
{
    CHECK_TRIMMED("/build/x/a.c", "/other:/build/x", "", "a.c");
    CHECK_TRIMMED("/build/xy/a.c", "/build/x", "", "/build/xy/a.c");
    CHECK_TRIMMED("/build/x", "/build/x", "", "/build/x");
    CHECK_TRIMMED("/proc/self/cwd/a.c", "/build", "", "a.c");
    CHECK_TRIMMED("/proc/self/cwd/./a.c", "", "", "a.c");
}

static void test_without_prefixes_the_last_folder_of_the_source_path_tells(void)
{
    CHECK_TRIMMED("/build/pp/src/a.c", "", "/home/me/pp/", "src/a.c");
    CHECK_TRIMMED("/build/pp/src/a.c", "/nothing", "/home/me/pp", "/build/pp/src/a.c");
    CHECK_TRIMMED("/build/app/src/a.c", "", "/home/me/pp", "/build/app/src/a.c");
}

static void test_names_are_shortened_by_language(void)
{
    CHECK_SHORT("github.com/a/b/v2/store.(*Map).Put", "store.(*Map).Put");
    CHECK_SHORT("main", "main");
    CHECK_SHORT("runtime.mallocgc", "runtime.mallocgc");
    CHECK_SHORT("java.util.HashMap.put(Object)", "HashMap.put");
    CHECK_SHORT("org.example.Thing.<init>", "Thing.<init>");
    CHECK_SHORT("a::b::Class::method(int)", "Class::method");
    CHECK_SHORT("(anonymous namespace)::f", "f");
    CHECK_SHORT("std::sort", "std::sort");
    CHECK_SHORT("", "");
}

CHECK_MAIN(test_paths_lose_what_does_not_matter, test_prefixes_are_taken_off,
           test_without_prefixes_the_last_folder_of_the_source_path_tells,
           test_names_are_shortened_by_language)
