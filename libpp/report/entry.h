/*
 * entry.h - the lines of a report: frames that count as the same, such as all of one function.
 *
 * Entry 0 is that of a frame about which nothing is known.
 */
#ifndef PP_REPORT_ENTRY_H
#define PP_REPORT_ENTRY_H

#include "base/out.h"
#include "model/profile.h"
#include "report/paths.h"

/* What distinguishes entries. */
enum pp_entry_parts {
    PP_ENTRY_NAME = 1 << 0,
    PP_ENTRY_FILE = 1 << 1,
    PP_ENTRY_LINE = 1 << 2,
    PP_ENTRY_COLUMN = 1 << 3, /* besides the line */
    PP_ENTRY_ADDRESS = 1 << 4,
    PP_ENTRY_OBJECT = 1 << 5, /* the binary, and the first line of the function */
    PP_ENTRY_BY_LINE = PP_ENTRY_NAME | PP_ENTRY_FILE | PP_ENTRY_LINE,
    PP_ENTRY_BY_ADDRESS = PP_ENTRY_BY_LINE | PP_ENTRY_ADDRESS,
};

struct pp_entry {
    uint64_t address;
    pp_id name;   /* a string of the profile */
    pp_id file;   /* a string of the entries */
    pp_id object; /* a string of the profile: the mapping's file */
    uint32_t line, column, start_line;
};

struct pp_entries {
    const struct pp_profile *p;
    struct pp_strings strings;
    struct pp_table rows;
    pp_id *of_frame; /* by frame */
    pp_id *text;     /* by entry: its printed text, a string of the entries */
};

/*
 * The entries of all frames, distinguished by `parts`. File names are cleaned ("a//b/../c" is
 * "a/c") and, with `paths`, shortened. Release with pp_entries_release().
 */
void pp_entries_init(struct pp_entries *e, const struct pp_profile *p, unsigned parts,
                     const struct pp_paths *paths);
void pp_entries_release(struct pp_entries *e);

static inline const struct pp_entry *pp_entry(const struct pp_entries *e, pp_id id)
{
    return pp_row(&e->rows, id);
}

/* "main main.c:12", "[libc.so.6]" or "<unknown>". */
static inline struct pp_span pp_entry_text(const struct pp_entries *e, pp_id id)
{
    return pp_string_at(&e->strings, e->text[id]);
}

static inline struct pp_span pp_entry_file(const struct pp_entries *e, pp_id id)
{
    return pp_string_at(&e->strings, pp_entry(e, id)->file);
}

/*
 * Writes the text of an entry with another name and file, separated by `between`, to `out`, which
 * is in memory.
 */
void pp_put_entry(struct pp_out *out, const struct pp_entries *e, pp_id id, struct pp_span name,
                  struct pp_span file, const char *between);

#endif
