#include "base/out.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

void pp_out_memory(struct pp_out *o, struct pp_diag *diag)
{
    *o = (struct pp_out){.diag = diag, .name = "memory"};
}

void pp_out_release(struct pp_out *o)
{
    free(o->buf);
    *o = (struct pp_out){0};
}

void pp_out_flush(struct pp_out *o)
{
    if (!o->drain)
        return;
    if (!o->failed && o->len && !o->drain(o, pp_out_bytes(o)))
        o->failed = true;
    o->len = 0;
}

void pp_out_pass(struct pp_out *o, struct pp_span bytes)
{
    pp_out_flush(o);
    if (!o->drain)
        pp_put(o, bytes);
    else if (!o->failed && !pp_empty(bytes) && !o->drain(o, bytes))
        o->failed = true;
}

char *pp_out_grow(struct pp_out *o, size_t n)
{
    pp_out_flush(o);
    PP_GROW(o->buf, o->len + n, o->cap);
    return o->buf + o->len;
}

void pp_putf(struct pp_out *o, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return;
    char *room = pp_out_room(o, (size_t)n + 1);
    va_start(ap, fmt);
    vsnprintf(room, (size_t)n + 1, fmt, ap);
    va_end(ap);
    o->len += (size_t)n;
}

void pp_put_u64(struct pp_out *o, uint64_t v)
{
    char digits[20], *p = digits + sizeof digits;
    do
        *--p = (char)('0' + v % 10);
    while (v /= 10);
    pp_put(o, (struct pp_span){p, digits + sizeof digits});
}

void pp_put_i64(struct pp_out *o, int64_t v)
{
    if (v < 0)
        pp_putc(o, '-');
    pp_put_u64(o, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void pp_put_decimal(struct pp_out *o, int64_t v, unsigned decimals)
{
    uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v, scale = 1;
    for (unsigned i = 0; i < decimals; i++)
        scale *= 10;
    if (v < 0)
        pp_putc(o, '-');
    pp_put_u64(o, rest / scale);
    rest %= scale;
    if (!rest)
        return;
    pp_putc(o, '.');
    while (rest) {
        scale /= 10;
        pp_putc(o, (char)('0' + rest / scale));
        rest %= scale;
    }
}
