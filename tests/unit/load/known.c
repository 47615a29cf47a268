/*
 * What pp says about files that are not profiles: one for each row of the table, and similar files.
 */
#include "load/known.h"
#include "check.h"
#include "formats/format.h"

enum { FILE_SIZE = 512 };

/* The bytes in their place, followed by others. */
static struct pp_span file_with(char *buf, size_t at, const char *bytes, size_t len)
{
    memset(buf, 'x', FILE_SIZE);
    memcpy(buf + at, bytes, len);
    return (struct pp_span){buf, buf + FILE_SIZE};
}

static void test_each_magic_says_what_it_is(void)
{
    static const struct {
        size_t at, len;
        const char *bytes, *what;
    } rows[] = {
#define UNPACK                 "; unpack it first"
#define MAGIC(at, bytes, what) {at, sizeof(bytes) - 1, bytes, "this is " what},
#include "load/known.def"
    };
    char buf[FILE_SIZE];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pp_span file = file_with(buf, rows[i].at, rows[i].bytes, rows[i].len);
        const char *said = pp_known_file(file);
        if (strcmp(said, rows[i].what) != 0) {
            fprintf(stderr, "row %zu is '%s', not '%s'\n", i, said, rows[i].what);
            check_failures++;
        }
        file.end = file.p + rows[i].at + rows[i].len;
        CHECK(strcmp(pp_known_file(file), rows[i].what) == 0);
        file.end--; /* truncated, it is something else, or nothing */
        CHECK(pp_known_file(file) != NULL);
    }
}

static void check_said(const char *text, size_t len, const char *want)
{
    const char *said = pp_known_file((struct pp_span){text, text + len});
    if (!strstr(said, want)) {
        fprintf(stderr, "said is '%s', not '%s'\n", said, want);
        check_failures++;
    }
}
#define SAID(text, want) check_said(text, sizeof(text) - 1, want)

static void test_files_are_known_by_what_they_are_like(void)
{
    SAID("\n <!DOCTYPE HTML>\n<html>", "web page");
    SAID("<HTML lang=en>", "web page");
    SAID("<?xml version=\"1.0\"?><x/>", "XML");
    SAID("{\"a\": 1}", "JSON");
    SAID("\n[1, 2]", "JSON");
    SAID("a\0;\0b\0 \0"
         "3\0\n\0",
         "UTF-16");
    SAID("\0a\0;\0b\0 \0"
         "3\0\n",
         "UTF-16");
    SAID("Dear reader,\n\nthis is prose.\n", "text, but not");
    SAID("\1\2\3\0\0\0", "not in a format");
    SAID("a\0", "not in a format");
    SAID("", "text");
}

CHECK_MAIN(test_each_magic_says_what_it_is, test_files_are_known_by_what_they_are_like)
