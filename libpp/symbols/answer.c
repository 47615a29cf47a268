#include "symbols/answer.h"

#include <stdlib.h>

#include "base/memory.h"

/*
 * The first byte of each record. Numbers are in the byte order of the machine: both ends run on it.
 */
enum record {
    END = 'e',
    TEXT = 't',
    FUNCTION = 'f',
    LOCATION = 'p',
    COUNT = 'n',
    CALL = 'c',
    MODULE = 'm',
    PROBLEM = '!'
};

/* A function, as numbers of texts. */
struct function_row {
    uint32_t name, system_name, file, line;
};

/* --- sending ------------------------------------------------------------- */

void pp_answer_init(struct pp_answer *a, struct pp_out *out)
{
    *a = (struct pp_answer){.out = out};
    pp_strings_init(&a->texts);
    pp_table_init(&a->functions, sizeof(struct function_row));
}

void pp_answer_release(struct pp_answer *a)
{
    pp_strings_release(&a->texts);
    pp_table_release(&a->functions);
}

static void put_bytes(struct pp_out *out, const void *bytes, size_t n)
{
    pp_put(out, (struct pp_span){bytes, (const char *)bytes + n});
}

static void put_u32(struct pp_out *out, uint32_t v)
{
    put_bytes(out, &v, sizeof v);
}

static void put_text(struct pp_out *out, struct pp_span text)
{
    put_u32(out, (uint32_t)pp_len(text));
    pp_put(out, text);
}

/* The number of a text; a new text is sent first. */
static uint32_t send_text(struct pp_answer *a, struct pp_span text)
{
    size_t known = a->texts.count;
    uint32_t id = pp_intern_string(&a->texts, text);
    if (a->texts.count > known) {
        pp_putc(a->out, TEXT);
        put_text(a->out, text);
    }
    return id;
}

uint32_t pp_answer_function(struct pp_answer *a, const struct pp_found_function *f)
{
    const struct function_row row = {send_text(a, f->name), send_text(a, f->system_name),
                                     send_text(a, f->file), f->line};
    size_t known = a->functions.count;
    uint32_t id = pp_intern(&a->functions, &row);
    if (a->functions.count > known) {
        pp_putc(a->out, FUNCTION);
        put_bytes(a->out, &row, sizeof row);
    }
    return id - 1;
}

void pp_answer_location(struct pp_answer *a, uint32_t location, const struct pp_found_frame *frames,
                        uint32_t n)
{
    pp_putc(a->out, LOCATION);
    put_u32(a->out, location);
    put_u32(a->out, n);
    put_bytes(a->out, frames, n * sizeof *frames);
}

void pp_answer_count(struct pp_answer *a, const struct pp_found_count *count)
{
    pp_putc(a->out, COUNT);
    put_bytes(a->out, count, sizeof *count);
}

void pp_answer_call(struct pp_answer *a, const struct pp_found_call *call)
{
    pp_putc(a->out, CALL);
    put_bytes(a->out, call, sizeof *call);
}

void pp_answer_module(struct pp_answer *a, const struct pp_found_module *m)
{
    pp_putc(a->out, MODULE);
    put_text(a->out, m->build_id);
    put_u32(a->out, m->flags);
}

void pp_answer_problem(struct pp_answer *a, enum pp_symbol_problem problem, const char *file,
                       const char *detail)
{
    pp_putc(a->out, PROBLEM);
    put_u32(a->out, problem);
    put_text(a->out, pp_str(file));
    put_text(a->out, pp_str(detail));
}

void pp_answer_end(struct pp_answer *a)
{
    pp_putc(a->out, END);
}

/* --- receiving ----------------------------------------------------------- */

struct receiver {
    const struct pp_answer_reader *reader;
    struct pp_span in;
    struct pp_span *texts; /* spans of `in`; number 0 is the empty text */
    size_t ntexts, cap;
    struct pp_found_frame *frames;
    size_t frames_cap;
};

static bool get_bytes(struct receiver *r, void *bytes, size_t n)
{
    if (pp_len(r->in) < n)
        return false;
    if (n)
        memcpy(bytes, r->in.p, n);
    r->in.p += n;
    return true;
}

static bool get_u32(struct receiver *r, uint32_t *v)
{
    return get_bytes(r, v, sizeof *v);
}

static bool get_text(struct receiver *r, struct pp_span *text)
{
    uint32_t n;
    if (!get_u32(r, &n) || pp_len(r->in) < n)
        return false;
    *text = (struct pp_span){r->in.p, r->in.p + n};
    r->in.p += n;
    return true;
}

static bool receive_text(struct receiver *r)
{
    PP_GROW(r->texts, r->ntexts + 1, r->cap);
    return get_text(r, &r->texts[r->ntexts++]);
}

static bool receive_function(struct receiver *r)
{
    struct function_row row;
    if (!get_bytes(r, &row, sizeof row) || row.name >= r->ntexts || row.system_name >= r->ntexts ||
        row.file >= r->ntexts)
        return false;
    r->reader->function(r->reader->ctx,
                        &(struct pp_found_function){r->texts[row.name], r->texts[row.system_name],
                                                    r->texts[row.file], row.line});
    return true;
}

static bool receive_location(struct receiver *r)
{
    uint32_t location, n;
    if (!get_u32(r, &location) || !get_u32(r, &n) || pp_len(r->in) / sizeof *r->frames < n)
        return false;
    PP_GROW(r->frames, n, r->frames_cap);
    get_bytes(r, r->frames, n * sizeof *r->frames);
    r->reader->location(r->reader->ctx, location, r->frames, n);
    return true;
}

static bool receive_count(struct receiver *r)
{
    struct pp_found_count c;
    if (!get_bytes(r, &c, sizeof c) || !r->reader->count)
        return false;
    r->reader->count(r->reader->ctx, &c);
    return true;
}

static bool receive_call(struct receiver *r)
{
    struct pp_found_call c;
    if (!get_bytes(r, &c, sizeof c) || !r->reader->call)
        return false;
    r->reader->call(r->reader->ctx, &c);
    return true;
}

static bool receive_module(struct receiver *r)
{
    struct pp_found_module m;
    if (!get_text(r, &m.build_id) || !get_u32(r, &m.flags))
        return false;
    r->reader->module(r->reader->ctx, &m);
    return true;
}

static bool receive_problem(struct receiver *r)
{
    struct pp_arena a = {0};
    struct pp_span file, detail;
    uint32_t problem;
    bool ok = get_u32(r, &problem) && problem < PP_SYMBOL_PROBLEMS && get_text(r, &file) &&
              get_text(r, &detail);
    if (ok)
        r->reader->problem(r->reader->ctx, (enum pp_symbol_problem)problem, pp_copy(&a, file),
                           pp_copy(&a, detail));
    pp_arena_release(&a);
    return ok;
}

/* False at the end, and if the answer is cut. */
static bool receive_record(struct receiver *r, enum record record)
{
    switch (record) {
    case TEXT:
        return receive_text(r);
    case FUNCTION:
        return receive_function(r);
    case LOCATION:
        return receive_location(r);
    case COUNT:
        return receive_count(r);
    case CALL:
        return receive_call(r);
    case MODULE:
        return receive_module(r);
    case PROBLEM:
        return receive_problem(r);
    default:
        return false;
    }
}

bool pp_answer_read(struct pp_span *bytes, const struct pp_answer_reader *reader)
{
    struct receiver r = {.reader = reader, .in = *bytes};
    char record = 0;
    PP_GROW(r.texts, 1, r.cap);
    r.texts[r.ntexts++] = pp_str("");
    while (get_bytes(&r, &record, 1) && receive_record(&r, (enum record)record))
        ;
    free(r.texts);
    free(r.frames);
    *bytes = r.in;
    return record == END;
}
