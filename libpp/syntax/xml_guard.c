#include "syntax/xml_guard.h"

/* --- the encoding -------------------------------------------------------- */

/* How the names of ASCII-compatible encodings begin. */
static const char *const encodings[] = {"utf-8",     "us-ascii",    "ascii",
                                        "iso-8859-", "windows-125", "cp125"};

static bool is_known(struct pp_span encoding)
{
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        struct pp_span name = pp_str(encodings[i]), head = encoding;
        if (pp_len(head) > pp_len(name))
            head.end = head.p + pp_len(name);
        if (pp_same_any_case(head, name))
            return true;
    }
    return false;
}

/* Finds the encoding in <?xml ... encoding="..."?>, if there is one. */
static bool declared_encoding(struct pp_span in, struct pp_span *encoding)
{
    const char *end = pp_starts(in, "<?xml") ? pp_find_text(in, "?>") : NULL;
    const char *word = end ? pp_find_text((struct pp_span){in.p, end}, "encoding") : NULL;
    if (!word)
        return false;
    while (word < end && *word != '"' && *word != '\'')
        word++;
    encoding->p = word < end ? word + 1 : end;
    encoding->end = pp_find((struct pp_span){encoding->p, end}, *word);
    return encoding->end != NULL;
}

static bool is_readable(struct pp_span in)
{
    struct pp_span encoding;
    if (pp_starts(in, "\xef\xbb\xbf"))
        in.p += 3;
    struct pp_span start = in;
    while (start.p < start.end && (pp_is_blank(*start.p) || *start.p == '\n' || *start.p == '\r'))
        start.p++;
    return pp_starts(start, "<") && (pp_len(start) < 2 || start.p[1]) &&
           (!declared_encoding(in, &encoding) || is_known(encoding));
}

/* --- elements ------------------------------------------------------------ */

/* Whether the tag has too many attributes. It contains no '<' after its first byte. */
static bool is_crowded(struct pp_span tag)
{
    enum { SHORTEST = sizeof " a=''" - 1 };
    if (pp_len(tag) < (size_t)PP_XML_ATTRIBUTES * SHORTEST)
        return false;
    size_t attributes = 0;
    for (const char *p = tag.p; p < tag.end && *p != '>'; p++) {
        if (*p != '"' && *p != '\'')
            continue;
        p = pp_find((struct pp_span){p + 1, tag.end}, *p);
        if (!p)
            break;
        attributes++;
    }
    return attributes > PP_XML_ATTRIBUTES;
}

/* --- the document -------------------------------------------------------- */

/* What ends the comment, CDATA section or instruction that begins here; NULL if it is a tag. */
static const char *end_of_other(struct pp_span s)
{
    return pp_starts(s, "<!--")        ? "-->"
           : pp_starts(s, "<![CDATA[") ? "]]>"
           : pp_starts(s, "<?")        ? "?>"
                                       : NULL;
}

/* The length of what begins it, in which its end cannot be. */
static size_t begin_of_other(const char *end)
{
    return *end == '-' ? strlen("<!--") : *end == ']' ? strlen("<![CDATA[") : strlen("<?");
}

/* Moves beyond the end of the comment or the like that is open; false if it is in a later block. */
static bool leave_other(struct pp_xml_guard *g, struct pp_span *in)
{
    const char *end = pp_find_text(*in, g->until);
    if (!end)
        return false;
    in->p = end + strlen(g->until);
    g->until = NULL;
    return true;
}

static bool declares(struct pp_span tag)
{
    const char *end = pp_find(tag, '>');
    if (end)
        tag.end = end;
    return pp_starts(tag, "<!") && (!pp_starts(tag, "<!DOCTYPE") || pp_find(tag, '['));
}

const char *pp_xml_guard_block(struct pp_xml_guard *g, struct pp_span in, const char **at)
{
    *at = in.p;
    if (!g->begun && !is_readable(in))
        return "it is not XML, or in an encoding that is not supported";
    g->begun = true;
    if (g->until && !leave_other(g, &in))
        return NULL;
    while ((*at = pp_find(in, '<'))) {
        in.p = *at;
        g->until = end_of_other(in);
        if (g->until) {
            in.p += begin_of_other(g->until);
            if (!leave_other(g, &in))
                return NULL;
            continue;
        }
        in.p++;
        const char *next = pp_find(in, '<');
        struct pp_span tag = {*at, next ? next : in.end};
        if (declares(tag))
            return "entities are declared, or the like, which is not supported";
        if (is_crowded(tag))
            return "an element has more than 256 attributes";
    }
    return NULL;
}

const char *pp_xml_refused(struct pp_span in, const char **at)
{
    struct pp_xml_guard g = {0};
    return pp_xml_guard_block(&g, in, at);
}
