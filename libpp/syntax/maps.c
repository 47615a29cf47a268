#include "syntax/maps.h"

static const char escaped_newline[] = "\\012";

/* Linux writes a newline in a name, and only that, as an octal escape. */
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

/* The part after the range: permissions, offset, device, inode, and the file if there is one. */
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

/* Cuts the last word off `*s` if it is this one. */
static struct pp_span last_word(struct pp_span *s)
{
    *s = pp_trim_end(*s);
    const char *blank = pp_rfind(*s, ' ');
    struct pp_span word = {blank ? blank + 1 : s->p, s->end};
    s->end = blank ? blank : s->p;
    return word;
}

static bool is_permissions(struct pp_span word)
{
    while (!pp_empty(word) && memchr("-rwxps", *word.p, 6))
        word.p++;
    return pp_empty(word);
}

/* Whether a word is long enough for a build id, and not part of a name. */
static bool is_build_id(struct pp_span word)
{
    enum { SHORTEST = 8 };
    for (const char *p = word.p; p < word.end; p++)
        if (!pp_is_digit(*p) && !memchr("abcdefABCDEF", *p, 12))
            return false;
    return pp_len(word) >= SHORTEST;
}

/* Cuts "(@OFFSET)" and a build id off the end of a file's name, if present. */
static bool take_suffixes(struct pp_map *out)
{
    struct pp_span name = out->file, word = last_word(&name);
    if (is_build_id(word) && !pp_empty(name)) {
        out->build_id = word;
        out->file = pp_trim_end(name);
        word = last_word(&name);
    }
    if (!pp_starts(word, "(@") || !pp_ends(word, ")"))
        return true;
    out->file = pp_trim_end(name);
    return pp_parse_hex((struct pp_span){word.p + 2, word.end - 1}, &out->offset);
}

/* The part after the range: possibly permissions, and the file. `sure`: a colon ended the range. */
static bool parse_brief(struct pp_span rest, bool sure, struct pp_map *out)
{
    struct pp_span after = rest, word;
    out->executable = true;
    if (pp_word(&after, &word) && is_permissions(word)) {
        out->executable = is_executable(word);
        rest = after;
    }
    out->file = pp_trim(rest);
    if (pp_empty(out->file))
        return false;
    return (sure || memchr("/[$", *out->file.p, 3)) && take_suffixes(out);
}

/* "START-LIMIT", possibly with a colon. */
static bool parse_range(struct pp_span range, struct pp_span rest, struct pp_arena *a,
                        struct pp_map *out)
{
    bool colon = pp_ends(range, ":");
    const char *dash = pp_find(range, '-');
    range.end -= colon;
    if (!dash || !pp_parse_hex((struct pp_span){range.p, dash}, &out->start) ||
        !pp_parse_hex((struct pp_span){dash + 1, range.end}, &out->limit))
        return false;
    return (!colon && parse_linux(rest, a, out)) || parse_brief(rest, colon, out);
}

/* The name is after the kind of memory and, on newer systems, before "NCH -1" or "CH 1001". */
static struct pp_span freebsd_file(struct pp_span rest)
{
    struct pp_span cut = rest;
    last_word(&cut);
    struct pp_span charged = last_word(&cut);
    struct pp_span file = pp_is(charged, "NCH") || pp_is(charged, "CH") ? cut : rest;
    file = pp_trim(file);
    return pp_is(file, "-") ? (struct pp_span){file.p, file.p} : file;
}

static bool parse_freebsd(struct pp_span rest, struct pp_map *out)
{
    enum { RESIDENT = 0, PERMISSIONS = 3, KIND = 9, WORDS };
    struct pp_span words[WORDS];
    for (int i = RESIDENT; i < WORDS; i++)
        if (!pp_word(&rest, &words[i]))
            return false;
    out->executable = is_executable(words[PERMISSIONS]);
    out->file = freebsd_file(rest);
    return true;
}

/* "START LIMIT", possibly with a colon. */
static bool parse_two(struct pp_span start, struct pp_span rest, struct pp_map *out)
{
    struct pp_span limit;
    if (!pp_word(&rest, &limit))
        return false;
    bool colon = pp_ends(limit, ":");
    limit.end -= colon;
    if (!pp_parse_hex(start, &out->start) || !pp_parse_hex(limit, &out->limit))
        return false;
    return (!colon && parse_freebsd(rest, out)) || parse_brief(rest, colon, out);
}

bool pp_parse_map(struct pp_span line, struct pp_arena *a, struct pp_map *out)
{
    struct pp_span first;
    *out = (struct pp_map){.file = {line.end, line.end}, .build_id = {line.end, line.end}};
    if (!pp_word(&line, &first))
        return false;
    bool ok = pp_find(first, '-') ? parse_range(first, line, a, out) : parse_two(first, line, out);
    return ok && out->start < out->limit;
}
