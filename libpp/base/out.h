/*
 * out.h - where writers put bytes: a buffer that something drains. Errors stick: after the first
 * one, which was reported, everything else is dropped and `failed` is true, so writers need not
 * check every call. io/output.h opens files; pp_out_memory() keeps the bytes in memory.
 */
#ifndef PP_BASE_OUT_H
#define PP_BASE_OUT_H

#include "base/diag.h"

struct pp_out {
    char *buf;
    size_t len, cap;
    bool failed;
    /* Takes the contents of the buffer. False after reporting. NULL: the buffer grows instead. */
    bool (*drain)(struct pp_out *o, struct pp_span bytes);
    struct pp_diag *diag; /* where writers warn about what they cannot write */
    const char *name;     /* of the file, for messages */
    unsigned jobs;        /* threads that a writer may use; 0 is 1 */
};

/* An output that keeps all bytes in buf[0..len). Release with pp_out_release(). */
void pp_out_memory(struct pp_out *o, struct pp_diag *diag);
void pp_out_release(struct pp_out *o);

/* Passes the contents of the buffer to the drain. */
void pp_out_flush(struct pp_out *o);

/* Puts many bytes, without copying them if there is a drain. */
void pp_out_pass(struct pp_out *o, struct pp_span bytes);

/* Makes room for `n` more bytes, by flushing or growing. */
char *pp_out_grow(struct pp_out *o, size_t n);

/* The contents of the buffer, valid until more is written. */
static inline struct pp_span pp_out_bytes(const struct pp_out *o)
{
    return (struct pp_span){o->buf, o->len ? o->buf + o->len : o->buf};
}

/* Room for `n` more bytes at buf + len: write there, then add to `len`. */
static inline char *pp_out_room(struct pp_out *o, size_t n)
{
    return n <= o->cap - o->len ? o->buf + o->len : pp_out_grow(o, n);
}

static inline void pp_put(struct pp_out *o, struct pp_span s)
{
    if (pp_empty(s))
        return;
    memcpy(pp_out_room(o, pp_len(s)), s.p, pp_len(s));
    o->len += pp_len(s);
}

static inline void pp_puts(struct pp_out *o, const char *s)
{
    pp_put(o, pp_str(s));
}

void pp_putf(struct pp_out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void pp_put_u64(struct pp_out *o, uint64_t v);
void pp_put_i64(struct pp_out *o, int64_t v);

/* `v` / 10^decimals, without trailing zeros: (1250, 3) is "1.25". */
void pp_put_decimal(struct pp_out *o, int64_t v, unsigned decimals);

static inline void pp_putc(struct pp_out *o, char c)
{
    *pp_out_room(o, 1) = c;
    o->len++;
}

#endif
