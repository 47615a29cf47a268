#include "formats/jfr/values.h"

#include "base/memory.h"
#include "base/utf8.h"

enum { MAX_DEPTH = 16 };

/* --- numbers ------------------------------------------------------------- */

uint64_t pp_jfr_byte(struct pp_jfr_cursor *c)
{
    if (c->p == c->end) {
        c->bad = true;
        return 0;
    }
    return (unsigned char)*c->p++;
}

uint64_t pp_jfr_big_endian(struct pp_jfr_cursor *c, unsigned bytes)
{
    uint64_t v = 0;
    while (bytes--)
        v = v << 8 | pp_jfr_byte(c);
    return v;
}

/* Seven bits a byte, lowest first, while the eighth is set; but all eight of a ninth byte. */
static uint64_t compressed(struct pp_jfr_cursor *c)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 56; shift += 7) {
        uint64_t b = pp_jfr_byte(c);
        v |= (b & 0x7f) << shift;
        if (b < 0x80)
            return v;
    }
    return v | pp_jfr_byte(c) << 56;
}

uint64_t pp_jfr_number(const struct pp_jfr_chunk *k, struct pp_jfr_cursor *c, unsigned bytes)
{
    return k->compressed ? compressed(c) : pp_jfr_big_endian(c, bytes);
}

static void skip_bytes(struct pp_jfr_cursor *c, uint64_t n)
{
    if (n > (size_t)(c->end - c->p)) {
        c->bad = true;
        n = (size_t)(c->end - c->p);
    }
    c->p += n;
}

/* --- texts --------------------------------------------------------------- */

/* The first byte is the encoding of the text. */
enum { TEXT_NULL, TEXT_EMPTY, TEXT_POOLED, TEXT_UTF8, TEXT_UTF16, TEXT_LATIN1 };

enum { SURROGATES = 0xd800, LOW_SURROGATES = 0xdc00, AFTER_SURROGATES = 0xe000 };

/* Decodes `n` numbers, or bytes, that are characters. */
static struct pp_span decode(struct pp_jfr_chunk *k, struct pp_jfr_cursor *c, uint64_t n,
                             bool latin1)
{
    if (n > (size_t)(c->end - c->p)) {
        c->bad = true;
        return pp_str("");
    }
    char *text = pp_alloc(k->arena, (size_t)n * PP_UTF8_MAX + 1), *to = text;
    uint32_t high = 0;
    while (n--) {
        uint32_t unit = (uint32_t)(latin1 ? pp_jfr_byte(c) : pp_jfr_number(k, c, 2)) & 0xffff;
        bool low = unit >= LOW_SURROGATES && unit < AFTER_SURROGATES;
        if (unit >= SURROGATES && unit < LOW_SURROGATES) {
            high = unit;
            continue;
        }
        if (low)
            unit = high ? 0x10000 + ((high - SURROGATES) << 10) + (unit - LOW_SURROGATES) : 0xfffd;
        high = 0;
        to = pp_utf8_put(to, unit);
    }
    return (struct pp_span){text, to};
}

static struct pp_span utf8(struct pp_jfr_cursor *c, uint64_t n)
{
    const char *p = c->p;
    skip_bytes(c, n);
    return c->bad ? pp_str("") : (struct pp_span){p, c->p};
}

static struct pp_span text(struct pp_jfr_chunk *k, struct pp_jfr_cursor *c, bool may_be_pooled)
{
    struct pp_jfr_cursor at;
    uint64_t kind = pp_jfr_byte(c);
    switch (kind) {
    case TEXT_UTF8:
        return utf8(c, pp_jfr_number(k, c, 4));
    case TEXT_UTF16:
        return decode(k, c, pp_jfr_number(k, c, 4), false);
    case TEXT_LATIN1:
        return decode(k, c, pp_jfr_number(k, c, 4), true);
    case TEXT_POOLED: {
        uint64_t key = pp_jfr_number(k, c, 8);
        if (may_be_pooled && pp_jfr_find(k, k->text_class, key, &at))
            return text(k, &at, false);
        return pp_str("");
    }
    default:
        c->bad |= kind > TEXT_LATIN1;
        return pp_str("");
    }
}

/*
 * A few texts may be referred to often, so that decoding them gives more than the input: there is a
 * limit.
 */
struct pp_span pp_jfr_text(struct pp_jfr_chunk *k, struct pp_jfr_cursor *c)
{
    if (!k->steps)
        return pp_str("");
    struct pp_span found = text(k, c, true);
    k->steps -= pp_len(found) < k->steps ? pp_len(found) : k->steps;
    return found;
}

static void skip_text(const struct pp_jfr_chunk *k, struct pp_jfr_cursor *c)
{
    uint64_t kind = pp_jfr_byte(c);
    if (kind == TEXT_POOLED) {
        pp_jfr_number(k, c, 8);
    } else if (kind == TEXT_UTF8 || kind == TEXT_LATIN1) {
        skip_bytes(c, pp_jfr_number(k, c, 4));
    } else if (kind == TEXT_UTF16) {
        for (uint64_t n = pp_jfr_number(k, c, 4); n && !c->bad; n--)
            pp_jfr_number(k, c, 2);
    } else {
        c->bad |= kind > TEXT_LATIN1;
    }
}

/* --- objects ------------------------------------------------------------- */

static bool skip_at(struct pp_jfr_chunk *k, struct pp_jfr_cursor *c, uint32_t class,
                    unsigned depth);

/* A class may have no bytes, and others many values of it, so the number of steps is limited. */
static bool step(struct pp_jfr_chunk *k, struct pp_jfr_cursor *c)
{
    if (c->bad || !k->steps)
        return false;
    k->steps--;
    return true;
}

static bool skip_one(struct pp_jfr_chunk *k, struct pp_jfr_cursor *c, const struct pp_jfr_field *f,
                     unsigned depth)
{
    if (!f->pooled)
        return skip_at(k, c, f->class, depth);
    pp_jfr_number(k, c, 8);
    return step(k, c);
}

static bool skip_field(struct pp_jfr_chunk *k, struct pp_jfr_cursor *c,
                       const struct pp_jfr_field *f, unsigned depth)
{
    uint64_t n = f->array ? pp_jfr_number(k, c, 4) : 1;
    while (n--)
        if (!skip_one(k, c, f, depth))
            return false;
    return step(k, c);
}

/* Limited to the depth MAX_DEPTH. */
static bool skip_at(struct pp_jfr_chunk *k, struct pp_jfr_cursor *c, uint32_t class, unsigned depth)
{
    const struct pp_jfr_class *of = &k->classes[class];
    switch (of->basic) {
    case PP_JFR_BYTE:
        pp_jfr_byte(c);
        break;
    case PP_JFR_SHORT:
        pp_jfr_number(k, c, 2);
        break;
    case PP_JFR_INT:
        pp_jfr_number(k, c, 4);
        break;
    case PP_JFR_LONG:
        pp_jfr_number(k, c, 8);
        break;
    case PP_JFR_FLOAT:
        skip_bytes(c, 4);
        break;
    case PP_JFR_DOUBLE:
        skip_bytes(c, 8);
        break;
    case PP_JFR_TEXT:
        skip_text(k, c);
        break;
    case PP_JFR_OBJECT:
        if (depth == MAX_DEPTH || !class)
            return false;
        for (size_t i = 0; i < of->count; i++)
            if (!skip_field(k, c, &k->fields[of->first + i], depth + 1))
                return false;
        break;
    }
    return step(k, c);
}

bool pp_jfr_skip(struct pp_jfr_chunk *k, struct pp_jfr_cursor *c, uint32_t class)
{
    return skip_at(k, c, class, 0);
}

/* The number in a field; 0 if it is not one. */
static uint64_t number_of(const struct pp_jfr_chunk *k, struct pp_jfr_cursor c,
                          const struct pp_jfr_field *f)
{
    if (f->pooled)
        return pp_jfr_number(k, &c, 8);
    switch (k->classes[f->class].basic) {
    case PP_JFR_BYTE:
        return pp_jfr_byte(&c);
    case PP_JFR_SHORT:
        return pp_jfr_number(k, &c, 2);
    case PP_JFR_INT:
        return pp_jfr_number(k, &c, 4);
    case PP_JFR_LONG:
        return pp_jfr_number(k, &c, 8);
    default:
        return 0;
    }
}

bool pp_jfr_object(struct pp_jfr_chunk *k, struct pp_jfr_cursor *c, uint32_t class,
                   struct pp_jfr_value values[PP_JFR_SLOTS])
{
    const struct pp_jfr_class *of = &k->classes[class];
    for (int i = 0; i < PP_JFR_SLOTS; i++)
        values[i].field = NULL;
    for (size_t i = 0; i < of->count; i++) {
        const struct pp_jfr_field *f = &k->fields[of->first + i];
        if (f->slot != PP_JFR_NO_SLOT)
            values[f->slot] = (struct pp_jfr_value){f, f->array ? 0 : number_of(k, *c, f), *c};
        if (!skip_field(k, c, f, 0))
            return false;
    }
    return !c->bad;
}

/* --- pools --------------------------------------------------------------- */

void pp_jfr_pool(struct pp_jfr_chunk *k, uint32_t class, uint64_t key, const char *at)
{
    const struct pp_jfr_key row = {.key = key, .class = class};
    pp_id id = pp_intern(&k->keys, &row);
    size_t need = (size_t)id + 1;
    PP_GROW(k->values, need, k->values_cap);
    for (; k->nvalues < need; k->nvalues++)
        k->values[k->nvalues] = 0;
    k->values[id] = (size_t)(at - k->bytes.p);
}

bool pp_jfr_find(struct pp_jfr_chunk *k, uint32_t class, uint64_t key, struct pp_jfr_cursor *c)
{
    const struct pp_jfr_key row = {.key = key, .class = class};
    pp_id id = class ? pp_intern(&k->keys, &row) : 0;
    if (id >= k->nvalues || !k->values[id])
        return false;
    *c = (struct pp_jfr_cursor){.p = k->bytes.p + k->values[id], .end = k->bytes.end};
    return true;
}

bool pp_jfr_follow(struct pp_jfr_chunk *k, const struct pp_jfr_value *v,
                   struct pp_jfr_value values[PP_JFR_SLOTS])
{
    if (!v->field || v->field->array)
        return false;
    struct pp_jfr_cursor c = v->at;
    const struct pp_jfr_field field = *v->field;
    if (field.pooled && !pp_jfr_find(k, field.class, v->number, &c))
        return false;
    return pp_jfr_object(k, &c, field.class, values);
}

/* A class has a name, which may be a symbol, which has a string. */
struct pp_span pp_jfr_text_of(struct pp_jfr_chunk *k, const struct pp_jfr_value *v)
{
    struct pp_jfr_value now = *v, inner[PP_JFR_SLOTS];
    for (int depth = 0; depth < 4 && now.field && !now.field->array; depth++) {
        struct pp_jfr_cursor c = now.at;
        if (k->classes[now.field->class].basic == PP_JFR_TEXT) {
            if (now.field->pooled && !pp_jfr_find(k, now.field->class, now.number, &c))
                break;
            return pp_jfr_text(k, &c);
        }
        if (!pp_jfr_follow(k, &now, inner))
            break;
        now = inner[PP_JFR_NAME].field     ? inner[PP_JFR_NAME]
              : inner[PP_JFR_STRING].field ? inner[PP_JFR_STRING]
                                           : inner[PP_JFR_DESCRIPTION];
    }
    return pp_str("");
}
