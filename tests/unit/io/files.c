/* Input and output files: compressed and plain, whole or not at all. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "io/input.h"
#include "io/output.h"

static void ignore(struct pp_diag *d, const struct pp_message *m)
{
    (void)d, (void)m;
}

/* --- a folder to work in -------------------------------------------------- */

static char folder[] = "/tmp/pp-files-XXXXXX";

static const char *path_of(const char *name)
{
    static char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_bytes(const char *name, const void *bytes, size_t n)
{
    FILE *f = fopen(path_of(name), "wb");
    CHECK(f && fwrite(bytes, 1, n, f) == n && fclose(f) == 0);
}

/* The content of a file, decompressed, read in steps of `step`; -1 if that fails. */
static ssize_t read_back(const char *name, char *buf, size_t cap, size_t step, struct pp_diag *diag)
{
    struct pp_input s;
    size_t len = 0;
    ssize_t got = pp_input_open(&s, path_of(name), diag) ? 1 : -1;
    while (got > 0 && len < cap) {
        got = pp_input_read(&s, buf + len, step < cap - len ? step : cap - len, diag);
        len += got > 0 ? (size_t)got : 0;
    }
    pp_input_close(&s);
    return got < 0 ? -1 : (ssize_t)len;
}

static bool write_out(const char *name, bool gzip, const char *text, size_t times)
{
    struct pp_diag diag = {.emit = ignore};
    struct pp_output o;
    bool ok = pp_output_open(&o, path_of(name), gzip, 3, &diag);
    for (size_t i = 0; ok && i < times; i++)
        pp_puts(&o.out, text);
    ok = ok && pp_output_close(&o);
    pp_diag_release(&diag);
    return ok;
}

static unsigned files_in_folder(void)
{
    char command[128];
    unsigned n = 0;
    snprintf(command, sizeof command, "ls -A %s | wc -l", folder);
    FILE *f = popen(command, "r"); /* NOLINT(cert-env33-c): a test */
    CHECK(f && fscanf(f, "%u", &n) == 1);
    if (f)
        pclose(f);
    return n;
}

/* --- tests --------------------------------------------------------------- */

static char buf[4 << 20];

static void test_a_written_file_is_read_plain_and_packed(void)
{
    struct pp_diag diag = {.emit = ignore};
    for (int gzip = 0; gzip < 2; gzip++) {
        CHECK(write_out("x", gzip, "0123456789", 200000));
        CHECK_INT(read_back("x", buf, sizeof buf, 777, &diag), 2000000);
        CHECK(memcmp(buf, "0123456789012", 13) == 0 && buf[1999999] == '9');
    }
    CHECK_INT(diag.errors + diag.warnings, 0);
    pp_diag_release(&diag);
}

static void test_the_same_content_packs_to_the_same_bytes(void)
{
    static char first[64 << 10];
    struct stat a, b;
    CHECK(write_out("a.gz", true, "hello", 1000) && write_out("b.gz", true, "hello", 1000));
    CHECK(stat(path_of("a.gz"), &a) == 0 && stat(path_of("b.gz"), &b) == 0);
    CHECK_INT(a.st_size, b.st_size);
    FILE *f = fopen(path_of("a.gz"), "rb"), *g;
    size_t n = fread(first, 1, sizeof first, f);
    g = fopen(path_of("b.gz"), "rb");
    CHECK_INT(fread(buf, 1, sizeof buf, g), n);
    CHECK(memcmp(first, buf, n) == 0);
    fclose(f);
    fclose(g);
}

/* Writes `n` bytes that compress badly to a file of this name; returns the file's size. */
static size_t pack_noise(const char *name, size_t n, unsigned jobs)
{
    struct pp_diag diag = {.emit = ignore};
    struct pp_output o;
    struct stat st = {0};
    uint64_t noise = 1;
    CHECK(pp_output_open(&o, path_of(name), true, jobs, &diag));
    for (size_t i = 0; i < n; i++) {
        noise = noise * UINT64_C(6364136223846793005) + 1;
        pp_putc(&o.out, (char)(noise >> 60));
    }
    CHECK(pp_output_close(&o) && stat(path_of(name), &st) == 0);
    pp_diag_release(&diag);
    return (size_t)st.st_size;
}

static size_t read_bytes(const char *name, char *to, size_t cap)
{
    FILE *f = fopen(path_of(name), "rb");
    size_t n = f ? fread(to, 1, cap, f) : 0;
    if (f)
        fclose(f);
    return n;
}

/* The last four bytes of a member are the length of its content. */
static unsigned length_in(const char *member, size_t n)
{
    const unsigned char *p = (const unsigned char *)member + n - 4;
    return p[0] | (unsigned)p[1] << 8 | (unsigned)p[2] << 16 | (unsigned)p[3] << 24;
}

/* Compresses `size` bytes on one thread and on several. */
static void check_packed_on_many(size_t size)
{
    static char one[2 << 20], many[2 << 20];
    size_t n = pack_noise("one", size, 1);
    CHECK_INT(read_bytes("one", one, sizeof one), n);
    CHECK_INT(length_in(one, n), size);
    for (unsigned jobs = 2; jobs < 40; jobs += 11) {
        CHECK_INT(pack_noise("many", size, jobs), n);
        CHECK(read_bytes("many", many, sizeof many) == n && memcmp(one, many, n) == 0);
    }
}

static void test_any_number_of_threads_packs_the_same_member(void)
{
    static const size_t sizes[] = {0, 1, (256 << 10) - 1, 256 << 10, 512 << 10, 1500001};
    struct pp_diag diag = {.emit = ignore};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        check_packed_on_many(sizes[i]);
        CHECK_INT(read_back("many", buf, sizeof buf, 100000, &diag), sizes[i]);
    }
    CHECK_INT(diag.errors + diag.warnings, 0);
    pp_diag_release(&diag);
}

static void test_members_follow_each_other(void)
{
    struct pp_diag diag = {.emit = ignore};
    CHECK(write_out("m", true, "one ", 1));
    FILE *f = fopen(path_of("m"), "rb");
    size_t n = fread(buf, 1, 1000, f);
    fclose(f);
    memcpy(buf + n, buf, n);
    write_bytes("m", buf, 2 * n);
    CHECK_INT(read_back("m", buf, sizeof buf, 3, &diag), 8);
    CHECK(memcmp(buf, "one one ", 8) == 0);
    CHECK_INT(diag.errors + diag.warnings, 0);
    pp_diag_release(&diag);
}

static void test_garbage_after_the_last_member_is_warned_of(void)
{
    struct pp_diag diag = {.emit = ignore};
    CHECK(write_out("g", true, "text", 1));
    FILE *f = fopen(path_of("g"), "ab");
    fputs("garbage", f);
    fclose(f);
    CHECK_INT(read_back("g", buf, sizeof buf, 1000, &diag), 4);
    CHECK_INT(diag.warnings, 1);
    CHECK_INT(diag.errors, 0);
    pp_diag_release(&diag);
}

static void test_zeros_after_the_last_member_are_padding(void)
{
    struct pp_diag diag = {.emit = ignore};
    static const char zeros[512];
    CHECK(write_out("z", true, "text", 1));
    FILE *f = fopen(path_of("z"), "ab");
    fwrite(zeros, 1, sizeof zeros, f);
    fclose(f);
    CHECK_INT(read_back("z", buf, sizeof buf, 1000, &diag), 4);
    CHECK_INT(diag.errors + diag.warnings, 0);
    pp_diag_release(&diag);
}

static void test_packed_data_cut_anywhere_is_an_error(void)
{
    CHECK(write_out("c", true, "some text ", 100));
    FILE *f = fopen(path_of("c"), "rb");
    static char whole[1000];
    size_t n = fread(whole, 1, sizeof whole, f);
    fclose(f);
    for (size_t len = 4; len < n; len++) { /* fewer bytes do not look compressed */
        struct pp_diag diag = {.emit = ignore};
        write_bytes("c", whole, len);
        CHECK_INT(read_back("c", buf, sizeof buf, 100, &diag), -1);
        CHECK_INT(diag.errors, 1);
        pp_diag_release(&diag);
    }
}

static void test_a_bit_that_flips_in_packed_data_is_an_error(void)
{
    CHECK(write_out("c", true, "some text ", 100));
    FILE *f = fopen(path_of("c"), "rb");
    static char whole[1000];
    size_t n = fread(whole, 1, sizeof whole, f);
    fclose(f);
    for (size_t at = 12; at < n; at++) { /* the ten bytes before it are a header */
        struct pp_diag diag = {.emit = ignore};
        whole[at] ^= 4;
        write_bytes("c", whole, n);
        whole[at] ^= 4;
        CHECK_INT(read_back("c", buf, sizeof buf, 100, &diag), -1);
        pp_diag_release(&diag);
    }
}

static void test_ranges_of_a_plain_file(void)
{
    struct pp_diag diag = {.emit = ignore};
    struct pp_input s;
    write_bytes("r", "0123456789", 10);
    CHECK(pp_input_open(&s, path_of("r"), &diag));
    CHECK_INT(s.size, 10);
    struct pp_input range = pp_input_range(&s, 3, 7);
    CHECK_INT(pp_input_read(&range, buf, 100, &diag), 4);
    CHECK(memcmp(buf, "3456", 4) == 0);
    CHECK_INT(pp_input_read(&range, buf, 100, &diag), 0);
    pp_input_close(&range);
    pp_input_close(&s);
    pp_diag_release(&diag);
}

static void test_a_file_that_changes_while_it_is_read_is_an_error(void)
{
    struct pp_diag diag = {.emit = ignore};
    struct pp_input s;
    write_bytes("w", "0123456789", 10);
    CHECK(pp_input_open(&s, path_of("w"), &diag));
    CHECK(truncate(path_of("w"), 5) == 0);
    struct pp_input range = pp_input_range(&s, 0, 10);
    ssize_t got = pp_input_read(&range, buf, 100, &diag);
    while (got > 0)
        got = pp_input_read(&range, buf, 100, &diag);
    CHECK_INT(got, -1);
    CHECK_INT(diag.errors, 1);
    pp_input_close(&range);
    pp_input_close(&s);
    pp_diag_release(&diag);
}

static void test_a_failure_to_open_says_why(void)
{
    struct pp_diag diag = {.emit = ignore};
    struct pp_output o;
    CHECK_INT(read_back("none", buf, 10, 10, &diag), -1);
    CHECK(!pp_output_open(&o, path_of("no/such/folder"), false, 1, &diag));
    CHECK_INT(diag.errors, 2);
    pp_diag_release(&diag);
}

static void test_an_output_that_is_abandoned_leaves_the_old_file(void)
{
    struct pp_diag diag = {.emit = ignore};
    struct pp_output o;
    write_bytes("old", "old", 3);
    unsigned before = files_in_folder();
    CHECK(pp_output_open(&o, path_of("old"), false, 1, &diag));
    pp_puts(&o.out, "new");
    pp_out_flush(&o.out);
    CHECK_INT(read_back("old", buf, 10, 10, &diag), 3);
    pp_output_abandon(&o);
    CHECK_INT(read_back("old", buf, 10, 10, &diag), 3);
    CHECK(memcmp(buf, "old", 3) == 0);
    CHECK_INT(files_in_folder(), before);
    pp_diag_release(&diag);
}

static void test_a_new_file_takes_the_place_and_the_permissions_of_the_old(void)
{
    struct pp_diag diag = {.emit = ignore};
    struct stat st;
    write_bytes("p", "old", 3);
    CHECK(chmod(path_of("p"), 0604) == 0);
    CHECK(write_out("p", false, "newer", 1));
    CHECK_INT(read_back("p", buf, 10, 10, &diag), 5);
    CHECK(stat(path_of("p"), &st) == 0);
    CHECK_INT(st.st_mode & 07777, 0604);
    pp_diag_release(&diag);
}

static void test_a_link_stays_a_link_and_its_target_is_replaced(void)
{
    struct pp_diag diag = {.emit = ignore};
    struct stat st;
    write_bytes("target", "old", 3);
    CHECK(symlink("target", path_of("link")) == 0);
    CHECK(write_out("link", false, "newer", 1));
    CHECK(lstat(path_of("link"), &st) == 0 && S_ISLNK(st.st_mode));
    CHECK_INT(read_back("target", buf, 10, 10, &diag), 5);
    pp_diag_release(&diag);
}

static void test_a_full_device_is_reported_once(void)
{
    struct pp_diag diag = {.emit = ignore};
    struct pp_output o;
    CHECK(pp_output_open(&o, "/dev/full", false, 1, &diag));
    for (int i = 0; i < 1000000; i++)
        pp_puts(&o.out, "text");
    CHECK(!pp_output_close(&o));
    CHECK_INT(diag.errors, 1);
    pp_diag_release(&diag);
}

/* Removes the folder after the tests. */
static void remove_folder(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    CHECK_INT(system(command), 0); /* NOLINT(cert-env33-c): a test */
}

static void make_folder(void)
{
    CHECK(mkdtemp(folder) != NULL);
}

static void test_a_link_to_a_missing_file_creates_its_target(void)
{
    struct pp_diag diag = {.emit = ignore};
    struct pp_output o;
    struct stat st;
    char link[64];
    snprintf(link, sizeof link, "%s", path_of("dangling"));
    CHECK(symlink("target", link) == 0);
    CHECK(pp_output_open(&o, link, false, 1, &diag));
    pp_puts(&o.out, "text");
    CHECK(pp_output_close(&o));
    CHECK(lstat(link, &st) == 0 && S_ISLNK(st.st_mode));
    CHECK(stat(path_of("target"), &st) == 0 && st.st_size == 4);
    pp_diag_release(&diag);
}

CHECK_MAIN(make_folder, test_a_link_to_a_missing_file_creates_its_target,
           test_a_written_file_is_read_plain_and_packed,
           test_the_same_content_packs_to_the_same_bytes,
           test_any_number_of_threads_packs_the_same_member, test_members_follow_each_other,
           test_garbage_after_the_last_member_is_warned_of,
           test_zeros_after_the_last_member_are_padding, test_packed_data_cut_anywhere_is_an_error,
           test_a_bit_that_flips_in_packed_data_is_an_error, test_ranges_of_a_plain_file,
           test_a_file_that_changes_while_it_is_read_is_an_error, test_a_failure_to_open_says_why,
           test_an_output_that_is_abandoned_leaves_the_old_file,
           test_a_new_file_takes_the_place_and_the_permissions_of_the_old,
           test_a_link_stays_a_link_and_its_target_is_replaced, test_a_full_device_is_reported_once,
           remove_folder)
