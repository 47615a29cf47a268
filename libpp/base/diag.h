/* diag.h - how libpp reports problems to its caller. libpp itself never prints. */
#ifndef PP_BASE_DIAG_H
#define PP_BASE_DIAG_H

#include <stdarg.h>

#include "base/arena.h"

enum pp_severity { PP_NOTE, PP_WARNING, PP_ERROR };

/* Where in an input a message belongs: a line of text, a byte, or the file as a whole. */
struct pp_place {
    const char *file; /* "<stdin>" for standard input */
    enum pp_place_kind { PP_AT_FILE, PP_AT_LINE, PP_AT_BYTE } kind;
    uint64_t at; /* the line, from 1, or the byte, from 0 */
};

struct pp_message {
    enum pp_severity severity;
    struct pp_place place;
    const char *kind; /* the format string, which identifies the kind of the message */
    const char *text; /* may contain any bytes of the input */
    bool rest;        /* from pp_diag_flush(): how many more there were of this kind */
};

/*
 * A receiver of messages. Of each kind of warning only the first PP_DIAG_SHOWN reach `emit`;
 * pp_diag_flush() then reports how many more there were. The file of a place is copied: it need not
 * live longer than the call that reports it. Zero-initialise all but `emit`, and release with
 * pp_diag_release().
 */
struct pp_diag {
    void (*emit)(struct pp_diag *d, const struct pp_message *m);
    bool strict; /* warnings are errors */
    uint64_t errors, warnings, notes;
    struct pp_diag_kind {
        const char *kind;
        enum pp_severity severity;
        char *file; /* of the last message; owned */
        uint64_t seen;
    } * kinds;
    size_t nkinds, cap;
};

enum { PP_DIAG_SHOWN = 5 };

/* Reports a message about `place`. */
void pp_vreport(struct pp_diag *d, enum pp_severity s, struct pp_place place, const char *fmt,
                va_list ap);
void pp_report(struct pp_diag *d, enum pp_severity s, struct pp_place place, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Reports an error about `file` as a whole; false, for `return pp_error(...)`. */
bool pp_error(struct pp_diag *d, const char *file, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void pp_warning(struct pp_diag *d, const char *file, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Reports for each kind how many were not shown ("... and 12 more"), and starts counting again. */
void pp_diag_flush(struct pp_diag *d);
void pp_diag_release(struct pp_diag *d);

/*
 * Messages that are kept, so that pieces read in parallel report in order. Point a reader's diag at
 * `kept.diag`; then replay them to the real one, with the numbers of lines and bytes in earlier
 * pieces. Memory is bounded, as only the first of each kind are kept.
 */
struct pp_kept {
    struct pp_diag diag; /* first, so that its `emit` can find the rest */
    struct pp_arena arena;
    struct pp_note *first, **last;
};

void pp_kept_init(struct pp_kept *k);
void pp_kept_replay(const struct pp_kept *k, struct pp_diag *to, uint64_t lines, uint64_t bytes);
void pp_kept_release(struct pp_kept *k);

#endif
