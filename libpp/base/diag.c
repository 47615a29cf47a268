#include "base/diag.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

static struct pp_diag_kind *kind_of(struct pp_diag *d, const char *kind)
{
    for (size_t i = 0; i < d->nkinds; i++)
        if (strcmp(d->kinds[i].kind, kind) == 0)
            return &d->kinds[i];
    PP_GROW(d->kinds, d->nkinds + 1, d->cap);
    d->kinds[d->nkinds] = (struct pp_diag_kind){.kind = kind};
    return &d->kinds[d->nkinds++];
}

/* Keeps a copy of the name, which may be freed before the rest is counted. */
static void keep_file(struct pp_diag_kind *k, const char *file)
{
    if (k->file && file && strcmp(k->file, file) == 0)
        return;
    free(k->file);
    k->file = file ? memcpy(pp_calloc(strlen(file) + 1, 1), file, strlen(file)) : NULL;
}

static void forget_kinds(struct pp_diag *d)
{
    for (size_t i = 0; i < d->nkinds; i++)
        free(d->kinds[i].file);
    d->nkinds = 0;
}

/* Counts a message, and passes it on unless there were many of its kind. Notes always pass. */
static void deliver(struct pp_diag *d, struct pp_message m)
{
    if (m.severity == PP_NOTE) {
        d->notes++;
        d->emit(d, &m);
        return;
    }
    struct pp_diag_kind *k = kind_of(d, m.kind);
    if (m.severity == PP_WARNING && d->strict)
        m.severity = PP_ERROR;
    k->severity = m.severity;
    keep_file(k, m.place.file);
    if (m.severity == PP_ERROR)
        d->errors++;
    else if (m.severity == PP_WARNING)
        d->warnings++;
    if (k->seen++ < PP_DIAG_SHOWN)
        d->emit(d, &m);
}

void pp_vreport(struct pp_diag *d, enum pp_severity s, struct pp_place place, const char *fmt,
                va_list ap)
{
    char text[1024];
    text[0] = '\0';
    vsnprintf(text, sizeof text, fmt, ap);
    deliver(d, (struct pp_message){s, place, fmt, text, false});
}

void pp_report(struct pp_diag *d, enum pp_severity s, struct pp_place place, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    pp_vreport(d, s, place, fmt, ap);
    va_end(ap);
}

bool pp_error(struct pp_diag *d, const char *file, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    pp_vreport(d, PP_ERROR, (struct pp_place){.file = file}, fmt, ap);
    va_end(ap);
    return false;
}

void pp_warning(struct pp_diag *d, const char *file, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    pp_vreport(d, PP_WARNING, (struct pp_place){.file = file}, fmt, ap);
    va_end(ap);
}

void pp_diag_flush(struct pp_diag *d)
{
    for (size_t i = 0; i < d->nkinds; i++) {
        struct pp_diag_kind *k = &d->kinds[i];
        if (k->seen <= PP_DIAG_SHOWN)
            continue;
        char text[64];
        snprintf(text, sizeof text, "... and %llu more",
                 (unsigned long long)k->seen - PP_DIAG_SHOWN);
        struct pp_place place = {.file = k->file};
        d->emit(d, &(struct pp_message){k->severity, place, k->kind, text, true});
    }
    forget_kinds(d);
}

void pp_diag_release(struct pp_diag *d)
{
    forget_kinds(d);
    free(d->kinds);
    d->kinds = NULL;
    d->nkinds = d->cap = 0;
}

/* --- kept messages ------------------------------------------------------- */

struct pp_note {
    struct pp_note *next;
    struct pp_message message;
};

static void keep(struct pp_diag *d, const struct pp_message *m)
{
    struct pp_kept *k = (struct pp_kept *)d;
    struct pp_note *note = pp_alloc(&k->arena, sizeof *note);
    *note = (struct pp_note){NULL, *m};
    note->message.text = pp_copy(&k->arena, pp_str(m->text));
    if (m->place.file)
        note->message.place.file = pp_copy(&k->arena, pp_str(m->place.file));
    *k->last = note;
    k->last = &note->next;
}

void pp_kept_init(struct pp_kept *k)
{
    *k = (struct pp_kept){.diag = {.emit = keep}};
    k->last = &k->first;
}

void pp_kept_replay(const struct pp_kept *k, struct pp_diag *to, uint64_t lines, uint64_t bytes)
{
    for (const struct pp_note *n = k->first; n; n = n->next) {
        struct pp_message m = n->message;
        m.place.at += m.place.kind == PP_AT_LINE ? lines : bytes;
        deliver(to, m);
    }
    for (size_t i = 0; i < k->diag.nkinds; i++) {
        const struct pp_diag_kind *kind = &k->diag.kinds[i];
        if (kind->seen <= PP_DIAG_SHOWN)
            continue;
        uint64_t more = kind->seen - PP_DIAG_SHOWN;
        kind_of(to, kind->kind)->seen += more;
        if (kind->severity == PP_ERROR || to->strict)
            to->errors += more;
        else if (kind->severity == PP_WARNING)
            to->warnings += more;
    }
}

void pp_kept_release(struct pp_kept *k)
{
    pp_diag_release(&k->diag);
    pp_arena_release(&k->arena);
}
