#include "load/known.h"

/* --- by magic ------------------------------------------------------------ */

#define UNPACK "; unpack it first"

/* The bytes at offset `at`; the first match counts. tests/unit/load/known.c has one of each. */
static const struct {
    size_t at, len;
    const char *bytes, *what;
} magics[] = {
#define MAGIC(at, bytes, what) {at, sizeof(bytes) - 1, bytes, "this is " what},
#include "load/known.def"
#undef MAGIC
};

static const char *by_magic(struct pp_span head)
{
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (pp_len(head) >= magics[i].at + magics[i].len &&
            memcmp(head.p + magics[i].at, magics[i].bytes, magics[i].len) == 0)
            return magics[i].what;
    return NULL;
}

/* --- by appearance ------------------------------------------------------- */

static bool begins_with(struct pp_span s, const char *text)
{
    size_t n = strlen(text);
    return pp_len(s) >= n && pp_same_any_case((struct pp_span){s.p, s.p + n}, pp_str(text));
}

/* The rest from the first byte that is not white space. */
static struct pp_span after_space(struct pp_span s)
{
    while (s.p < s.end && (pp_is_blank(*s.p) || *s.p == '\n' || *s.p == '\r'))
        s.p++;
    return s;
}

/* Two-byte characters without a byte order mark: every other byte of plain text is 0. */
static bool is_wide(struct pp_span s)
{
    size_t zeros[2] = {0}, n = pp_len(s) < 256 ? pp_len(s) / 2 * 2 : 256;
    for (size_t i = 0; i < n; i++)
        zeros[i & 1] += s.p[i] == '\0';
    size_t most = zeros[0] > zeros[1] ? zeros[0] : zeros[1];
    return n >= 4 && most * 10 >= n / 2 * 9 && zeros[0] + zeros[1] == most;
}

static bool is_text(struct pp_span s)
{
    for (const char *p = s.p; p < s.end; p++)
        if ((unsigned char)*p < 0x20 && *p != '\t' && *p != '\n' && *p != '\r' && *p != '\f' &&
            *p != '\x1b')
            return false;
    return true;
}

const char *pp_known_file(struct pp_span head)
{
    const char *what = by_magic(head);
    struct pp_span text = after_space(head);
    if (what)
        return what;
    if (begins_with(text, "<!doctype html") || begins_with(text, "<html"))
        return "this is a web page; of pictures pp reads flame graphs in SVG";
    if (pp_starts(text, "<?xml") || pp_starts(text, "<"))
        return "this is XML, but of no profiler that pp knows; see --list-formats";
    if (is_wide(head))
        return "this is text in UTF-16; convert it first: iconv -f UTF-16 -t UTF-8";
    if (pp_starts(text, "{") || pp_starts(text, "["))
        return "this is JSON, but of no profiler that pp knows; see --list-formats";
    if (is_text(head))
        return "this is text, but not in a format that pp knows; see --list-formats and --from";
    return "not in a format that pp knows; see --list-formats and --from";
}

/* --- messages ------------------------------------------------------------ */

void pp_report_unknown(struct pp_span head, const char *file, struct pp_diag *diag)
{
    const struct pp_format *guess = pp_format_guess(head);
    if (pp_empty(head))
        pp_error(diag, file, "the input is empty");
    else if (guess)
        pp_error(diag, file, "not a profile, but its contents can be read with --from=%s",
                 guess->name);
    else
        pp_error(diag, file, "%s", pp_known_file(head));
}

void pp_report_other_format(const struct pp_format *f, struct pp_span head, const char *file,
                            struct pp_diag *diag)
{
    const struct pp_format *seen = pp_format_detect(head, file);
    if (seen && seen != f)
        pp_error(diag, file, "the content looks like '%s', not like '%s'", seen->name, f->name);
    else if (!seen && f->binary && !f->bid(head)) /* messages about text speak for themselves */
        pp_error(diag, file, "the content does not look like '%s'", f->name);
}
