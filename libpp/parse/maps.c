#include "parse/maps.h"

static const char escaped_newline[] = "\\012";

/* Linux writes a newline in a name, and nothing else, as an octal escape. */
static struct pp_span unescape(struct pp_span file, struct pp_arena *a)
{
    const char *hit = pp_find_text(file, escaped_newline);
    if (!hit)
        return file;
    char *copy = pp_copy(a, file), *to = copy;
    for (; hit; hit = pp_find_text(file, escaped_newline)) {
        size_t n = (size_t)(hit - file.p);
        memcpy(to, file.p, n);
        to += n;
        *to++ = '\n';
        file.p = hit + strlen(escaped_newline);
    }
    memcpy(to, file.p, pp_len(file));
    return (struct pp_span){copy, to + pp_len(file)};
}

static bool is_executable(struct pp_span permissions)
{
    return pp_len(permissions) >= 3 && permissions.p[2] == 'x';
}

/* After the range: permissions, offset, device, inode, and the file if there is one. */
static bool parse_linux(struct pp_span rest, struct pp_arena *a, struct pp_map *out)
{
    struct pp_span permissions, offset, device, inode;
    if (!pp_word(&rest, &permissions) || !pp_word(&rest, &offset) || !pp_word(&rest, &device) ||
        !pp_word(&rest, &inode))
        return false;
    out->executable = is_executable(permissions);
    while (rest.p < rest.end && pp_is_blank(*rest.p))
        rest.p++;
    out->file = unescape(rest, a);
    return pp_parse_hex(offset, &out->offset);
}

/* "START-LIMIT", which macOS ends with a colon; it lists only what is code. */
static bool parse_range(struct pp_span range, struct pp_span rest, struct pp_arena *a,
                        struct pp_map *out)
{
    bool macos = pp_ends(range, ":");
    const char *dash = pp_find(range, '-');
    range.end -= macos;
    if (!dash || !pp_parse_hex((struct pp_span){range.p, dash}, &out->start) ||
        !pp_parse_hex((struct pp_span){dash + 1, range.end}, &out->limit))
        return false;
    if (!macos)
        return parse_linux(rest, a, out);
    out->executable = true;
    out->file = pp_trim(rest);
    return !pp_empty(out->file);
}

/* Takes the last word off `*s` if it is there. */
static struct pp_span last_word(struct pp_span *s)
{
    *s = pp_trim_end(*s);
    const char *blank = pp_rfind(*s, ' ');
    struct pp_span word = {blank ? blank + 1 : s->p, s->end};
    s->end = blank ? blank : s->p;
    return word;
}

/* The name lies between the kind of memory and, on newer systems, "NCH -1" or "CH 1001". */
static struct pp_span freebsd_file(struct pp_span rest)
{
    struct pp_span cut = rest;
    last_word(&cut);
    struct pp_span charged = last_word(&cut);
    struct pp_span file = pp_is(charged, "NCH") || pp_is(charged, "CH") ? cut : rest;
    file = pp_trim(file);
    return pp_is(file, "-") ? (struct pp_span){file.p, file.p} : file;
}

static bool parse_freebsd(struct pp_span start, struct pp_span rest, struct pp_map *out)
{
    enum { RESIDENT = 0, PERMISSIONS = 3, KIND = 9, WORDS };
    struct pp_span limit, words[WORDS];
    if (!pp_word(&rest, &limit) || !pp_parse_hex(start, &out->start) ||
        !pp_parse_hex(limit, &out->limit))
        return false;
    for (int i = RESIDENT; i < WORDS; i++)
        if (!pp_word(&rest, &words[i]))
            return false;
    out->executable = is_executable(words[PERMISSIONS]);
    out->file = freebsd_file(rest);
    return true;
}

bool pp_parse_map(struct pp_span line, struct pp_arena *a, struct pp_map *out)
{
    struct pp_span first;
    *out = (struct pp_map){.file = {line.end, line.end}};
    if (!pp_word(&line, &first))
        return false;
    bool ok =
        pp_find(first, '-') ? parse_range(first, line, a, out) : parse_freebsd(first, line, out);
    return ok && out->start < out->limit;
}
