/*
 * Each format knows its own inputs, and no other format's: every golden input is shown to every
 * format. The one in whose folder it lies must bid more than each other, without the help of the
 * file's name; by how much is printed, so that a narrow margin is seen before a new format makes it
 * none. Cases whose flags say "undetected" are left out: testdata/README.md says why of each.
 */
#include <dirent.h>
#include <stdlib.h>

#include "check.h"
#include "formats/format.h"
#include "io/input.h"

enum { HEAD = 64 << 10, LONG_LINE = 4 << 20 };

static void ignore(struct pp_diag *d, const struct pp_message *m)
{
    (void)d, (void)m;
}

/* The part of a file that formats see: decompressed, up to any damage. The caller frees it. */
static char *read_head(const char *path, struct pp_span *head)
{
    struct pp_diag diag = {.emit = ignore};
    struct pp_input source;
    char *bytes = malloc(LONG_LINE);
    size_t len = 0;
    ssize_t got = 1;
    CHECK(bytes && pp_input_open(&source, path, &diag));
    while (got > 0 && len < LONG_LINE) {
        got = pp_input_read(&source, bytes + len, LONG_LINE - len, &diag);
        len += got > 0 ? (size_t)got : 0;
    }
    pp_input_close(&source);
    pp_diag_release(&diag);
    if (len > HEAD && memchr(bytes, '\n', HEAD))
        len = HEAD;
    *head = (struct pp_span){bytes, bytes + len};
    return bytes;
}

static bool is_undetected(const char *path)
{
    char flags[4096], words[256] = "";
    snprintf(flags, sizeof flags, "%.*s.flags", (int)(strlen(path) - strlen(".in")), path);
    FILE *f = fopen(flags, "r");
    if (!f)
        return false;
    words[fread(words, 1, sizeof words - 1, f)] = '\0';
    fclose(f);
    return strstr(words, "undetected");
}

/* Shows the file to all formats. Returns the margin by which `own` wins, below 1 if it does not. */
static int margin_of(const struct pp_format *own, struct pp_span head,
                     const struct pp_format **rival)
{
    int best = 0;
    *rival = NULL;
    for (const struct pp_format *const *f = pp_formats; *f; f++) {
        int bid = *f != own && (*f)->bid ? (int)(*f)->bid(head) : 0;
        if (bid <= best)
            continue;
        best = bid;
        *rival = *f;
    }
    return (int)own->bid(head) - best;
}

static void check_case(const struct pp_format *own, const char *folder, const char *name)
{
    char path[4096];
    struct pp_span head;
    const struct pp_format *rival;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (is_undetected(path))
        return;
    char *bytes = read_head(path, &head);
    int margin = margin_of(own, head, &rival);
    printf("%-16s %-32s bids %5u, ahead by %5d of %s\n", own->name, name, own->bid(head), margin,
           rival ? rival->name : "none");
    if (margin < 1) {
        fprintf(stderr, "%s: %s does not win over %s\n", path, own->name,
                rival ? rival->name : "none");
        check_failures++;
    }
    free(bytes);
}

/* Checks that all inputs in a folder are of the format. Returns their number. */
static int check_folder(const struct pp_format *own, const char *folder)
{
    int cases = 0;
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));) {
        size_t len = strlen(e->d_name);
        if (len < 3 || strcmp(e->d_name + len - 3, ".in") != 0)
            continue;
        check_case(own, folder, e->d_name);
        cases++;
    }
    if (d)
        closedir(d);
    return cases;
}

static void test_only_the_own_format_wins(void)
{
    for (const struct pp_format *const *f = pp_formats; *f; f++) {
        char folder[4096];
        if (!(*f)->bid)
            continue;
        snprintf(folder, sizeof folder, "%s/formats/%s", PP_TESTDATA, (*f)->name);
        if (!check_folder(*f, folder)) {
            fprintf(stderr, "%s: there is no golden input\n", (*f)->name);
            check_failures++;
        }
    }
}

/* The inputs of other tests are detected as well. */
static void test_inputs_of_reports_are_pprof(void)
{
    CHECK(check_folder(pp_format_named("pprof"), PP_TESTDATA "/reports") > 0);
}

/* Nobody bids for empty input, spaces or zeros. */
static void test_no_format_bids_for_an_empty_input(void)
{
    static const char zeros[16];
    static const char *const texts[] = {"", "\n", " \n\n", "\t", "\r\n"};
    for (const struct pp_format *const *f = pp_formats; *f; f++) {
        for (size_t i = 0; (*f)->bid && i < sizeof texts / sizeof *texts; i++)
            CHECK_INT((*f)->bid(pp_str(texts[i])), 0);
        if ((*f)->bid)
            CHECK_INT((*f)->bid((struct pp_span){zeros, zeros + sizeof zeros}), 0);
    }
}

CHECK_MAIN(test_only_the_own_format_wins, test_inputs_of_reports_are_pprof,
           test_no_format_bids_for_an_empty_input)
