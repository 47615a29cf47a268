/*
 * Recordings of heaptrack: a line for each allocation and each free, with tables in between.
 *
 *     v 10400 3                 written by 1.4, version 3 of the format
 *     X ./a                     the command
 *     s 4 main                  string 1, of 4 bytes; before version 3 without its length
 *     i 1010 1 2 3 a            instruction 1: at an address, in a module, and in a function,
 *                               file and line, then those that it is inlined in
 *     t 1 0                     stack 1: an instruction, and the stack of the caller
 *     a 10 1                    kind 0 of blocks: a size and a stack
 *     + 0                       a block of kind 0 is allocated,
 *     - 0                       and freed
 *     c 5                       5 ms have passed
 *
 * Numbers are hexadecimal, and 0 stands for none, except for kinds, which count from 0. Version 0,
 * and raw recordings (heaptrack -r), have no kinds but sizes, stacks and addresses: "+ 10 1 7f10"
 * and "- 7f10". Raw recordings have modules ("m") instead of strings and instructions, and stacks
 * of addresses.
 *
 * heaptrack_print shows the same sums, but leaves out suppressed leaks, which is only a view: the
 * lines "S" become comments. https://github.com/KDE/heaptrack, src/interpret and src/analyze
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "formats/heaptrack/blocks.h"
#include "formats/heaptrack/fields.h"
#include "formats/heaptrack/modules.h"
#include "formats/heaptrack/moments.h"
#include "formats/reader/heap_columns.h"
#include "model/allocators.h"

/* An instruction: a function and those that contain it inlined, innermost first. */
struct instruction {
    uint32_t first, count;
};

struct trace {
    pp_id node;
    uint32_t depth;
};

struct heaptrack {
    unsigned version;
    bool begun, raw, commanded, attached;
    pp_id *strings;
    struct instruction *ips;
    pp_id *ip_frames;
    struct trace *traces;
    size_t nstrings, nips, nframes, ntraces; /* all count from 1 */
    size_t strings_cap, ips_cap, frames_cap, traces_cap;
    struct pp_heaptrack_blocks blocks;
    struct pp_heaptrack_modules modules;
    struct pp_heaptrack_moments moments;
    uint64_t time; /* ms */
    uint64_t page_size, most_pages;
    uint64_t unknown_frees;
    size_t deepest;
    const char *deep;
};

enum { ALLOC_OBJECTS, ALLOC_SPACE, TEMPORARY, PEAK, INUSE, COLUMNS };

/* --- fields -------------------------------------------------------------- */

static bool not_understood(struct pp_reader *r, struct pp_span line)
{
    pp_warn(r, line.p, "not understood, and left out: '%.*s'", PP_SHOW(line));
    return true;
}

/* --- tables -------------------------------------------------------------- */

/* The text after "s": since version 3 its length precedes it. */
static struct pp_span sized_text(struct pp_reader *r, struct pp_span rest)
{
    struct heaptrack *h = r->state;
    struct pp_span text = rest;
    uint64_t len;
    if (h->version < 3)
        return pp_empty(rest) ? rest : (struct pp_span){rest.p + 1, rest.end};
    if (!pp_heaptrack_hex(&text, &len)) {
        pp_warn(r, rest.p, "a text without its length: '%.*s'", PP_SHOW(rest));
        return rest;
    }
    text.p += text.p < text.end;
    if (len != pp_len(text))
        pp_warn(r, rest.p, "a text of %zu bytes, not of %llu as it says", pp_len(text),
                (unsigned long long)len);
    return text;
}

static bool read_string(struct pp_reader *r, struct pp_span rest)
{
    struct heaptrack *h = r->state;
    PP_GROW(h->strings, h->nstrings + 1, h->strings_cap);
    h->strings[h->nstrings++] = pp_string(r->out, sized_text(r, rest));
    return true;
}

static pp_id string_at(struct pp_reader *r, const char *at, uint64_t index)
{
    const struct heaptrack *h = r->state;
    if (index > h->nstrings)
        pp_warn(r, at, "there is no string %llx", (unsigned long long)index);
    return index == 0 || index > h->nstrings ? 0 : h->strings[index - 1];
}

static void add_frame(struct pp_reader *r, const struct pp_code *code)
{
    struct heaptrack *h = r->state;
    PP_GROW(h->ip_frames, h->nframes + 1, h->frames_cap);
    h->ip_frames[h->nframes++] = pp_reader_frame(r, code);
}

static bool follows(struct pp_span rest)
{
    uint64_t number;
    return pp_heaptrack_hex(&rest, &number);
}

/* "1010 1 2 3 a 4 3 14": address, module; function, file, line; the same of what contains it. */
static bool read_instruction(struct pp_reader *r, struct pp_span rest)
{
    struct heaptrack *h = r->state;
    const char *at = rest.p;
    struct pp_code code = {0};
    uint64_t module = 0, function, file, line;
    struct instruction ip = {.first = (uint32_t)h->nframes};
    if (!pp_heaptrack_hex(&rest, &code.address))
        pp_warn(r, at, "an instruction without an address");
    pp_heaptrack_hex(&rest, &module);
    code.module = pp_text(r->out, string_at(r, at, module));
    while (pp_heaptrack_hex(&rest, &function)) {
        file = line = 0;
        if (pp_heaptrack_hex(&rest, &file))
            pp_heaptrack_hex(&rest, &line);
        code.function = pp_text(r->out, string_at(r, at, function));
        code.file = pp_text(r->out, string_at(r, at, file));
        code.line = line > UINT32_MAX ? 0 : (uint32_t)line;
        code.inlined = follows(rest);
        add_frame(r, &code);
    }
    if (!pp_empty(pp_trim(rest)))
        not_understood(r, (struct pp_span){at - 1, rest.end});
    if (h->nframes == ip.first)
        add_frame(r, &code);
    ip.count = (uint32_t)h->nframes - ip.first;
    PP_GROW(h->ips, h->nips + 1, h->ips_cap);
    h->ips[h->nips++] = ip;
    return true;
}

static void push(struct pp_reader *r, struct trace *t, pp_id frame, const char *at)
{
    struct heaptrack *h = r->state;
    if (t->depth >= r->max_depth) {
        if (!h->deepest++)
            pp_reader_cut(r, at, (size_t)t->depth + 1);
        return;
    }
    t->node = pp_child(r->out, t->node, frame);
    t->depth++;
}

/* The stack of the caller, which is an earlier one. */
static struct trace caller_at(struct pp_reader *r, const char *at, uint64_t index)
{
    const struct heaptrack *h = r->state;
    if (index && index <= h->ntraces)
        return h->traces[index - 1];
    if (index)
        pp_warn(r, at, "a stack is called from one that does not precede it, %llx",
                (unsigned long long)index);
    return (struct trace){0};
}

static void add_trace(struct heaptrack *h, struct trace t)
{
    PP_GROW(h->traces, h->ntraces + 1, h->traces_cap);
    h->traces[h->ntraces++] = t;
}

static bool read_trace(struct pp_reader *r, struct pp_span rest)
{
    struct heaptrack *h = r->state;
    const char *at = rest.p;
    uint64_t ip, parent;
    if (!pp_heaptrack_hex(&rest, &ip) || !pp_heaptrack_hex(&rest, &parent)) {
        add_trace(h, (struct trace){0}); /* so that the next one has its number */
        return not_understood(r, (struct pp_span){at - 1, rest.end});
    }
    struct trace t = caller_at(r, at, parent);
    if (h->raw) {
        push(r, &t, pp_heaptrack_frame(&h->modules, r, ip), at);
    } else if (ip && ip <= h->nips) {
        struct instruction i = h->ips[ip - 1];
        for (uint32_t k = i.count; k-- > 0;)
            push(r, &t, h->ip_frames[i.first + k], at);
    } else if (ip) {
        pp_warn(r, at, "there is no instruction %llx", (unsigned long long)ip);
    }
    add_trace(h, t);
    return true;
}

/* --- blocks -------------------------------------------------------------- */

/* A size and a stack; false with a warning. */
static bool take_kind(struct pp_reader *r, struct pp_span *rest, int64_t *size, pp_id *trace)
{
    const struct heaptrack *h = r->state;
    const char *at = rest->p;
    uint64_t bytes, index;
    if (!pp_heaptrack_hex(rest, &bytes) || !pp_heaptrack_hex(rest, &index) || bytes > INT64_MAX) {
        pp_warn(r, at, "not a size and a stack: '%.*s'",
                PP_SHOW(((struct pp_span){at, rest->end})));
        return false;
    }
    if (index > h->ntraces) {
        pp_warn(r, at, "there is no stack %llx", (unsigned long long)index);
        index = 0;
    }
    *size = (int64_t)bytes;
    *trace = (pp_id)index;
    return true;
}

static bool read_kind(struct pp_reader *r, struct pp_span rest)
{
    struct heaptrack *h = r->state;
    int64_t size = 0;
    pp_id trace = 0;
    take_kind(r, &rest, &size, &trace);
    pp_heaptrack_kind(&h->blocks, size,
                      trace); /* also if it is invalid, so that the next one has its number */
    return true;
}

static bool by_address(const struct heaptrack *h)
{
    return h->raw || h->version == 0;
}

static bool read_allocation(struct pp_reader *r, struct pp_span rest)
{
    struct heaptrack *h = r->state;
    const char *at = rest.p;
    uint64_t index;
    bool fits;
    if (by_address(h)) {
        int64_t size;
        pp_id trace;
        if (!take_kind(r, &rest, &size, &trace))
            return true;
        if (!pp_heaptrack_hex(&rest, &index))
            return not_understood(r, (struct pp_span){at - 1, rest.end});
        fits = pp_heaptrack_take_at(&h->blocks, size, trace, index);
    } else {
        if (!pp_heaptrack_hex(&rest, &index))
            return not_understood(r, (struct pp_span){at - 1, rest.end});
        if (index >= h->blocks.count) {
            pp_warn(r, at, "there is no kind %llx of blocks", (unsigned long long)index);
            return true;
        }
        fits = pp_heaptrack_take(&h->blocks, (size_t)index);
    }
    return fits || pp_fail(r, at, "the size of the heap exceeds 64 bits");
}

static bool read_free(struct pp_reader *r, struct pp_span rest)
{
    struct heaptrack *h = r->state;
    const char *at = rest.p;
    uint64_t index;
    if (!pp_heaptrack_hex(&rest, &index))
        return not_understood(r, (struct pp_span){at - 1, rest.end});
    if (by_address(h)) {
        h->unknown_frees += !pp_heaptrack_give_at(&h->blocks, index);
        return true;
    }
    if (index >= h->blocks.count)
        pp_warn(r, at, "there is no kind %llx of blocks", (unsigned long long)index);
    else if (!pp_heaptrack_give(&h->blocks, (size_t)index))
        pp_warn(r, at, "more blocks of kind %llx are freed than were allocated",
                (unsigned long long)index);
    return true;
}

/* --- other lines --------------------------------------------------------- */

static bool read_version(struct pp_reader *r, struct pp_span line)
{
    struct heaptrack *h = r->state;
    struct pp_span rest = {line.p + 1, line.end};
    uint64_t heaptrack, version = 0;
    h->begun = true;
    if (*line.p != 'v' || !pp_heaptrack_hex(&rest, &heaptrack))
        return pp_fail(r, line.p, "it does not begin with a version of heaptrack");
    if (!pp_heaptrack_hex(&rest, &version))
        version = heaptrack == 0x10200;
    if (version > 3)
        return pp_fail(r, line.p, "version %llu of the format is not known",
                       (unsigned long long)version);
    h->version = (unsigned)version;
    return true;
}

static bool read_time(struct pp_reader *r, struct pp_span rest)
{
    struct heaptrack *h = r->state;
    const char *at = rest.p;
    uint64_t time;
    if (!pp_heaptrack_hex(&rest, &time) || time > INT64_MAX / 1000000)
        return not_understood(r, (struct pp_span){at - 1, rest.end});
    if (time < h->time) {
        pp_warn(r, at, "the time goes back, from %llu to %llu ms: left out",
                (unsigned long long)h->time, (unsigned long long)time);
        return true;
    }
    h->time = time;
    if (r->series)
        pp_heaptrack_moment(&h->moments, &h->blocks, time, false);
    return true;
}

static void comment(struct pp_reader *r, const char *what, struct pp_span text)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    pp_puts(&out, what);
    pp_put(&out, pp_trim(text));
    pp_comment(r->out, pp_out_bytes(&out));
    pp_out_release(&out);
}

static bool read_command(struct pp_reader *r, struct pp_span rest)
{
    struct heaptrack *h = r->state;
    if (h->commanded)
        pp_warn(r, rest.p, "a second command: '%.*s'", PP_SHOW(pp_trim(rest)));
    else
        comment(r, "command: ", rest);
    h->commanded = true;
    return true;
}

/* Reads the size of a page, or the number of pages: the maximum of all. */
static bool read_memory(struct pp_reader *r, struct pp_span rest, uint64_t *most)
{
    const char *at = rest.p;
    uint64_t number;
    if (!pp_heaptrack_hex(&rest, &number))
        return not_understood(r, (struct pp_span){at - 1, rest.end});
    if (number > *most)
        *most = number;
    return true;
}

static bool read_module(struct pp_reader *r, struct pp_span rest)
{
    struct heaptrack *h = r->state;
    h->raw = true;
    if (!pp_heaptrack_module(&h->modules, r, rest, h->version >= 3))
        not_understood(r, (struct pp_span){rest.p - 1, rest.end});
    return true;
}

static bool read_line(struct pp_reader *r, struct pp_span line)
{
    struct heaptrack *h = r->state;
    struct pp_span rest = {line.p + 1, line.end};
    if (!h->begun)
        return read_version(r, line);
    switch (*line.p) {
    case '+':
        return read_allocation(r, rest);
    case '-':
        return read_free(r, rest);
    case 'a':
        return read_kind(r, rest);
    case 't':
        return read_trace(r, rest);
    case 'i':
        return read_instruction(r, rest);
    case 's':
        return read_string(r, rest);
    case 'c':
        return read_time(r, rest);
    case 'm':
        return read_module(r, rest);
    case 'x':
        h->raw = true;
        h->modules.program = pp_string(r->out, pp_undeleted(sized_text(r, rest)));
        return true;
    case 'S':
        comment(r, "suppressed as a leak: ", h->version < 3 ? rest : sized_text(r, rest));
        return true;
    case 'A':
        h->attached = true;
        return true;
    case 'X':
        return read_command(r, rest);
    case 'I':
        return read_memory(r, rest, &h->page_size);
    case 'R':
        return read_memory(r, rest, &h->most_pages);
    case '#': /* sizes of tables */
        return true;
    default:
        return not_understood(r, line);
    }
}

/* --- the end ------------------------------------------------------------- */

static void add_columns(struct pp_profile *p)
{
    pp_heap_columns_allocated(p);
    pp_column(p, pp_str("temporary_objects"), pp_str("count"));
    pp_column(p, pp_str("peak_space"), pp_str("bytes"));
    pp_column(p, pp_str("inuse_space"), pp_str("bytes"));
    p->about.default_type = pp_cstring(p, "peak_space");
}

static pp_id node_of(const struct heaptrack *h, pp_id trace)
{
    return trace ? h->traces[trace - 1].node : 0;
}

static bool add_kind(struct pp_reader *r, size_t kind)
{
    const struct heaptrack *h = r->state;
    const struct pp_heaptrack_kind_row *k = &h->blocks.kinds[kind];
    struct pp_sample sample = {.node = node_of(h, k->trace)};
    int64_t values[COLUMNS] = {k->allocated, 0, k->temporary, 0, 0};
    bool fits =
        !__builtin_mul_overflow(k->allocated, k->size, &values[ALLOC_SPACE]) &&
        !__builtin_mul_overflow(pp_heaptrack_at_peak(&h->blocks, kind), k->size, &values[PEAK]) &&
        !__builtin_mul_overflow(k->live, k->size, &values[INUSE]);
    if (!k->allocated)
        return true;
    if (!fits)
        return pp_fail(r, r->in.p, "what was allocated exceeds 64 bits");
    pp_id id = pp_sample_id(r->out, &sample);
    for (int c = 0; c < COLUMNS; c++)
        if (!pp_reader_add(r, r->in.p, id, c, values[c]))
            return false;
    return true;
}

static void add_moment(struct pp_reader *r, const struct pp_heaptrack_moment *m)
{
    const struct heaptrack *h = r->state;
    char name[64];
    int n = snprintf(name, sizeof name, "after %llu ms", (unsigned long long)m->time);
    pp_series_begin(r->series, (struct pp_span){name, name + n}, (int64_t)m->time * 1000000);
    r->series->column = INUSE;
    for (size_t i = 0; i < m->count; i++) {
        const struct pp_heaptrack_kind_row *k = &h->blocks.kinds[m->live[i].kind];
        const struct pp_sample sample = {.node = node_of(h, k->trace)};
        pp_series_put(r->series, pp_sample_id(r->out, &sample),
                      (double)m->live[i].count * (double)k->size);
    }
}

static void add_moments(struct pp_reader *r)
{
    struct heaptrack *h = r->state;
    if (!r->series)
        return;
    pp_heaptrack_moment(&h->moments, &h->blocks, h->time, true);
    for (size_t i = 0; i < h->moments.count; i++)
        add_moment(r, &h->moments.list[i]);
}

static void comment_memory(struct pp_reader *r)
{
    const struct heaptrack *h = r->state;
    char text[64];
    uint64_t bytes;
    if (!h->most_pages || !h->page_size ||
        __builtin_mul_overflow(h->most_pages, h->page_size, &bytes))
        return;
    int n = snprintf(text, sizeof text, "%llu bytes", (unsigned long long)bytes);
    comment(r, "most memory resident: ", (struct pp_span){text, text + n});
}

static void report_losses(struct pp_reader *r)
{
    const struct heaptrack *h = r->state;
    if (h->attached)
        pp_remark(r, "heaptrack was attached to the program while it ran: blocks from before are "
                     "not in it");
    if (h->unknown_frees)
        pp_remark(r, "frees of blocks whose allocation was not recorded, which are left out: %llu",
                  (unsigned long long)h->unknown_frees);
}

static bool finish(struct pp_reader *r)
{
    struct heaptrack *h = r->state;
    if (!h->begun)
        return pp_fail(r, r->in.p, "it does not begin with a version of heaptrack");
    add_columns(r->out);
    for (size_t i = 0; i < h->blocks.count; i++)
        if (!add_kind(r, i))
            return false;
    add_moments(r);
    comment_memory(r);
    report_losses(r);
    r->out->about.duration_ns = (int64_t)h->time * 1000000;
    return true;
}

/* A program that is killed leaves a last line that may lack digits. */
static bool is_cut(const struct pp_reader *r, struct pp_span line)
{
    return r->last && line.end == r->in.end && *line.p != '#';
}

static bool heaptrack_read(struct pp_reader *r, struct pp_span in)
{
    r->out->about.drop_frames = pp_cstring(r->out, pp_allocator_frames);
    for (struct pp_span line; pp_line(&in, &line);) {
        if (pp_empty(line))
            continue;
        if (is_cut(r, line) && ((struct heaptrack *)r->state)->begun)
            pp_warn(r, line.p, "its last line is cut, and left out: '%.*s'", PP_SHOW(line));
        else if (!read_line(r, line))
            return false;
    }
    return !r->last || finish(r);
}

static void heaptrack_end(struct pp_reader *r)
{
    struct heaptrack *h = r->state;
    free(h->strings);
    free(h->ips);
    free(h->ip_frames);
    free(h->traces);
    pp_heaptrack_blocks_release(&h->blocks);
    pp_heaptrack_moments_release(&h->moments);
    pp_heaptrack_modules_release(&h->modules);
}

/* "v 10400 3", then one of the lines that come first. */
static unsigned bid(struct pp_span head, bool raw)
{
    struct pp_span line, rest;
    uint64_t number;
    if (!pp_line(&head, &line) || !pp_starts(line, "v ") || pp_empty(head))
        return 0;
    rest = (struct pp_span){line.p + 1, line.end};
    if (!pp_heaptrack_hex(&rest, &number) || number < 0x10000 || number > 0xfffff)
        return 0;
    if (raw)
        return *head.p == 'x' ? 8 * 6 : 0;
    return memchr("XAI", *head.p, 3) ? 8 * 6 : 8 * 2;
}

static unsigned heaptrack_bid(struct pp_span head)
{
    return bid(head, false);
}

static unsigned heaptrack_raw_bid(struct pp_span head)
{
    return bid(head, true);
}

const struct pp_format pp_format_heaptrack = {
    .name = "heaptrack",
    .title = "recordings of heaptrack",
    .suffixes = (const char *const[]){".heaptrack", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_ADDRESSES,
    .bid = heaptrack_bid,
    .read = heaptrack_read,
    .split = pp_split_lines,
    .in_order = true,
    .timeline = true,
    .state_size = sizeof(struct heaptrack),
    .end = heaptrack_end,
};

const struct pp_format pp_format_heaptrack_raw = {
    .name = "heaptrack-raw",
    .title = "recordings of heaptrack -r, that were not interpreted",
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_ADDRESSES,
    .unnamed = true,
    .bid = heaptrack_raw_bid,
    .read = heaptrack_read,
    .split = pp_split_lines,
    .in_order = true,
    .timeline = true,
    .state_size = sizeof(struct heaptrack),
    .end = heaptrack_end,
};
