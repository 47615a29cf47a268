#include "load/load.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/par.h"
#include "io/input.h"
#include "load/elsewhere.h"
#include "load/known.h"
#include "load/maps.h"
#include "model/merge.h"

enum { BLOCK = 1 << 18, MAX_PIECES = 64, MIN_TO_CUT = 4 << 20 };

/*
 * The start of an input, by which its format is found. It is longer only if the first line is, up
 * to 64 bytes for each frame of the deepest stack.
 */
enum { HEAD = 64 << 10, MAX_HEAD = 4 << 20 };

/* A record, such as a line, that is longer than this is refused. */
static const size_t max_record = (size_t)1 << 30;

/* --- blocks -------------------------------------------------------------- */

/* Bytes of an input. */
struct block {
    char *buf;
    size_t len, cap;
    bool last; /* nothing follows it */
};

/* The source of a piece's bytes. */
struct stream {
    struct pp_input *source;
    struct pp_diag *diag;
    uint64_t room; /* bytes that --max-size still allows */
    bool failed;
};

static bool fail_size(struct stream *s)
{
    s->failed = true;
    return pp_error(s->diag, s->source->name, "the input is larger than --max-size allows");
}

/* Reads until `b` holds `want` bytes or the input ends. False after reporting. */
static bool fill(struct stream *s, struct block *b, size_t want)
{
    PP_GROW(b->buf, want, b->cap);
    while (b->len < want && !b->last) {
        ssize_t got = pp_input_read(s->source, b->buf + b->len, want - b->len, s->diag);
        if (got < 0) {
            s->failed = true;
            return false;
        }
        if ((uint64_t)got > s->room)
            return fail_size(s);
        s->room -= (uint64_t)got;
        b->len += (size_t)got;
        b->last = got == 0;
    }
    return true;
}

/* The progress of all pieces of an input, and whether a thread is just reporting it. */
struct progress {
    atomic_uint_least64_t done;
    atomic_flag telling;
};

/* --- pieces -------------------------------------------------------------- */

/* A part of an input that is read separately, into its own profile. */
struct piece {
    const struct pp_format *format;
    struct pp_reader reader;
    struct pp_kept messages, io_messages;
    struct pp_input source;
    struct stream stream;
    struct block now, next;
    bool read_ahead;  /* the next block is read while this one is parsed */
    atomic_bool stop; /* no more is wanted of it */
    bool ok;
    const struct pp_load_options *options;
    struct pp_elsewhere elsewhere;
    struct progress *progress; /* of all pieces */
    uint64_t total;
};

static void piece_init(struct piece *p, const struct pp_format *f, const char *file,
                       struct pp_span head, const struct pp_load_options *o)
{
    *p = (struct piece){.format = f, .options = o, .ok = true};
    pp_kept_init(&p->messages);
    pp_kept_init(&p->io_messages);
    p->reader = (struct pp_reader){
        .out = pp_profile_new(),
        .diag = &p->messages.diag,
        .file = file,
        .head = head,
        .use = o->use,
        .keep = o->keep | (f->unnamed ? o->keep_unnamed : o->keep_named),
        .raw_counts = o->raw_counts,
        .pick = o->pick,
        .each = o->each,
        .series = f->timeline ? o->series : NULL,
        .has_maps = o->maps,
        .max_depth = o->max_depth ? o->max_depth : PP_MAX_DEPTH,
        .unwinder = o->unwinder,
        .ranger = o->ranger,
        .max_unpacked = o->max_size ? o->max_size : PP_MAX_SIZE,
        .state = pp_calloc(1, f->state_size),
        .binary = f->binary,
    };
    p->stream = (struct stream){
        .source = &p->source,
        .diag = &p->io_messages.diag,
        .room = o->max_size ? o->max_size : PP_MAX_SIZE,
    };
}

static void piece_release(struct piece *p)
{
    pp_kept_release(&p->messages);
    pp_kept_release(&p->io_messages);
    pp_reader_release(&p->reader);
    pp_elsewhere_release(&p->elsewhere);
    free(p->now.buf);
    free(p->next.buf);
}

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void show_progress(struct piece *p, size_t bytes)
{
    uint64_t done = atomic_fetch_add(&p->progress->done, bytes) + bytes;
    if (!p->options->progress || atomic_flag_test_and_set(&p->progress->telling))
        return; /* another thread is reporting */
    p->options->progress(p->options->progress_ctx, done, p->total);
    atomic_flag_clear(&p->progress->telling);
}

/* Without the byte order mark that programs on Windows write before UTF-8 text. */
static struct pp_span without_mark(struct pp_span in)
{
    static const char mark[] = "\xef\xbb\xbf";
    return pp_starts(in, mark) ? (struct pp_span){in.p + strlen(mark), in.end} : in;
}

static bool read_block(struct piece *p, struct pp_span in, bool last)
{
    struct pp_reader *r = &p->reader;
    r->in = r->begins + r->bytes == 0 ? without_mark(in) : in;
    r->last = last;
    if (!p->format->read(r, r->in))
        return false;
    r->bytes += pp_len(in);
    if (!r->binary)
        r->lines += pp_count_lines(in);
    return true;
}

/*
 * The end of the last whole record in the block, which grows until there is one. NULL after
 * reporting.
 */
static const char *find_cut(struct piece *p)
{
    struct block *b = &p->now;
    while (!b->last) {
        const char *cut = p->format->split((struct pp_span){b->buf, b->buf + b->len});
        if (cut)
            return cut;
        if (b->len >= max_record) {
            pp_error(p->stream.diag, p->source.name, "a record is longer than 1 GiB");
            return NULL;
        }
        if (!fill(&p->stream, b, b->len * 2 + BLOCK))
            return NULL;
    }
    return b->buf + b->len;
}

static void fill_next(void *ctx)
{
    struct piece *p = ctx;
    fill(&p->stream, &p->next, p->next.len + BLOCK);
}

/* Moves the bytes after `cut` to the next block, and fills that. */
static void begin_next(struct piece *p, const char *cut)
{
    struct block *b = &p->now;
    size_t rest = (size_t)(b->buf + b->len - cut);
    p->next.len = rest;
    p->next.last = b->last;
    PP_GROW(p->next.buf, rest, p->next.cap);
    if (rest)
        memcpy(p->next.buf, cut, rest);
}

static bool read_blocks(struct piece *p)
{
    if (!fill(&p->stream, &p->now, BLOCK))
        return false;
    for (;;) {
        const char *cut = find_cut(p);
        if (!cut)
            return false;
        struct pp_task ahead = {0};
        bool last = p->now.last;
        begin_next(p, cut);
        if (!last && p->read_ahead)
            pp_task_start(&ahead, fill_next, p);
        bool ok = read_block(p, (struct pp_span){p->now.buf, cut}, last);
        if (!ok)
            atomic_store(&p->stop, true); /* an error must not wait for a slow pipe */
        if (!last && !p->read_ahead && ok)
            fill_next(p);
        pp_task_wait(&ahead);
        show_progress(p, (size_t)(cut - p->now.buf));
        if (!ok || p->stream.failed)
            return false;
        if (last)
            return true;
        struct block swap = p->now;
        p->now = p->next;
        p->next = swap;
    }
}

/* A format that cannot be split is read in one block. */
static bool read_whole(struct piece *p)
{
    while (!p->now.last) {
        size_t want = p->source.size && p->source.size < SIZE_MAX / 2 ? (size_t)p->source.size + 1
                                                                      : p->now.len * 2 + BLOCK;
        if (!fill(&p->stream, &p->now, want > p->now.len ? want : p->now.len * 2))
            return false;
        show_progress(p, 0);
    }
    return read_block(p, (struct pp_span){p->now.buf, p->now.buf + p->now.len}, true);
}

static void read_piece(void *ctx, size_t i)
{
    struct piece *p = (struct piece *)ctx + i;
    p->ok = p->format->split ? read_blocks(p) : read_whole(p);
    if (p->format->end)
        p->format->end(&p->reader);
}

/* --- cutting a file ------------------------------------------------------ */

static bool can_be_cut(const struct pp_format *f)
{
    return f->split && !f->in_order;
}

/* The last place before `at` where a record begins, or `from` if there is none nearby. */
static uint64_t record_before(struct piece *first, uint64_t from, uint64_t at)
{
    uint64_t start = at - from > BLOCK ? at - BLOCK : from;
    size_t n = (size_t)(at - start);
    char *buf = pp_calloc(n, 1);
    struct pp_input range = pp_input_range(&first->source, start, at);
    size_t len = 0;
    for (ssize_t got; len < n; len += (size_t)got) {
        got = pp_input_read(&range, buf + len, n - len, first->stream.diag);
        if (got <= 0)
            break;
    }
    const char *cut = len == n ? first->format->split((struct pp_span){buf, buf + n}) : NULL;
    uint64_t where = cut ? start + (uint64_t)(cut - buf) : from;
    free(buf);
    return where;
}

/* Cuts the file of the first piece into up to `n` pieces of similar size. Returns their number. */
static size_t cut_file(struct piece *pieces, size_t n)
{
    struct piece *first = &pieces[0];
    struct pp_input whole = first->source;
    uint64_t size = whole.size, from = 0;
    size_t made = 0;
    for (size_t i = 1; i <= n; i++) {
        uint64_t to = i == n ? size : record_before(first, from, size / n * i);
        if (to == from)
            continue;
        if (made)
            piece_init(&pieces[made], first->format, first->reader.file, first->reader.head,
                       first->options);
        pieces[made].source = pp_input_range(&whole, from, to);
        pieces[made].stream.source = &pieces[made].source;
        pieces[made].reader.begins = from;
        pieces[made].progress = first->progress;
        pieces[made].total = size;
        from = to;
        made++;
    }
    return made;
}

/* --- joining ------------------------------------------------------------- */

/*
 * Merges the pieces up to the first that failed, with its messages, as if they had been read in
 * order.
 */
static struct pp_profile *join(struct piece *pieces, size_t n, struct pp_diag *diag)
{
    struct pp_profile *all = pieces[0].reader.out;
    const struct pp_format *f = pieces[0].format;
    const char *file = pieces[0].reader.file, *why = NULL;
    uint64_t lines = 0, bytes = 0;
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        struct piece *p = &pieces[i];
        if (ok) {
            pp_kept_replay(&p->messages, diag, lines, bytes);
            pp_kept_replay(&p->io_messages, diag, 0, 0);
            ok = p->ok;
        }
        lines += p->reader.lines;
        bytes += p->reader.bytes;
        if (i && ok && !pp_merge(all, p->reader.out, &why))
            ok = pp_error(diag, file, "%s", why);
        if (i)
            pp_profile_free(p->reader.out);
    }
    ok = ok && (!f->finish || f->finish(&all, file, diag));
    if (ok)
        return all;
    pp_profile_free(all);
    return NULL;
}

static bool is_empty(const struct pp_profile *p)
{
    for (size_t c = 0; c < p->ncolumns; c++)
        if (p->columns[c].weight)
            return false;
    return true;
}

/*
 * Ends a load; `before` is the diag as it was at its beginning. A profile without samples is no
 * error, not even with --strict, since a program may end before the first, but never passes without
 * a message. With --strict a warning is an error, and there is no profile.
 */
static struct pp_profile *unless_failed(struct pp_profile *p, const char *file,
                                        struct pp_diag *diag, const struct pp_diag *before)
{
    bool silent = diag->errors == before->errors && diag->warnings == before->warnings &&
                  diag->notes == before->notes;
    if (p && silent && is_empty(p)) {
        bool any = p->samples.count > 1 || pp_sample_exists(p, 0);
        pp_report(diag, PP_NOTE, (struct pp_place){.file = file},
                  any ? "all samples in it are 0" : "there are no samples in it");
    }
    pp_diag_flush(diag);
    if (diag->errors == before->errors)
        return p;
    pp_profile_free(p);
    return NULL;
}

/* --- loading ------------------------------------------------------------- */

static const struct pp_format *choose(const struct pp_load_options *o, struct pp_span head,
                                      const char *file, struct pp_diag *diag)
{
    const struct pp_format *f = o->from ? o->from : pp_format_detect(head, file);
    if (!f)
        pp_report_unknown(head, file, diag);
    else if (!f->read)
        pp_error(diag, file, "'%s' cannot be read", f->name);
    if (!f || !f->read)
        return NULL;
    if (o->pick && !f->many) {
        pp_error(diag, file, "'%s' holds a single profile, so none can be picked", f->name);
        return NULL;
    }
    if (o->found)
        *o->found = f;
    return f;
}

static struct pp_span head_of(struct pp_span in)
{
    in = without_mark(in);
    const char *newline = pp_find(in, '\n');
    size_t line = newline ? (size_t)(newline + 1 - in.p) : pp_len(in);
    size_t len = min(line, MAX_HEAD) > HEAD ? min(line, MAX_HEAD) : min(pp_len(in), HEAD);
    return (struct pp_span){in.p, pp_empty(in) ? in.end : in.p + len};
}

/* Reads the first block, and more if the head needs it. */
static bool fill_first(struct stream *s, struct block *b)
{
    bool ok = fill(s, b, BLOCK);
    while (ok && !b->last && b->len < MAX_HEAD && !memchr(b->buf, '\n', b->len))
        ok = fill(s, b, b->len * 2);
    return ok;
}

static struct pp_span bytes_of(const struct block *b)
{
    return (struct pp_span){b->buf, b->len ? b->buf + b->len : b->buf};
}

/* Whether the input could not be read to its end: then nothing can be said of its format. */
static bool stream_failed(const struct piece *pieces, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (pieces[i].stream.failed)
            return true;
    return false;
}

/* Reads an open input; its first block is in `start`. */
static struct pp_profile *load_from(struct pp_input *source, struct block *start,
                                    const struct pp_format *f, const struct pp_load_options *o,
                                    struct pp_diag *diag)
{
    struct piece *pieces = pp_calloc(MAX_PIECES, sizeof *pieces);
    struct progress progress = {.telling = ATOMIC_FLAG_INIT};
    struct pp_span first = head_of(bytes_of(start));
    size_t n = 1, head_len = pp_len(first);
    char *head = pp_calloc(head_len, 1);
    if (head_len)
        memcpy(head, first.p, head_len);

    piece_init(&pieces[0], f, source->name, (struct pp_span){head, head + head_len}, o);
    pieces[0].source = *source;
    pieces[0].progress = &progress;
    pieces[0].total = source->size;
    if (can_be_cut(f) && o->jobs > 1 && source->size >= MIN_TO_CUT) {
        n = cut_file(pieces, o->jobs < MAX_PIECES ? o->jobs : MAX_PIECES);
    } else {
        pieces[0].read_ahead = o->jobs > 1 && !source->size; /* a regular file needs no waiting */
        if (pieces[0].read_ahead)
            pieces[0].source.stop = &pieces[0].stop;
        pieces[0].stream.room -= start->len;
        pieces[0].now = *start;
        *start = (struct block){0};
        pp_elsewhere_open(&pieces[0].elsewhere, source, &pieces[0].io_messages.diag,
                          &pieces[0].reader);
    }
    pp_parallel(o->jobs, n, read_piece, pieces);
    pieces[0].source.stop = NULL;
    if (!pieces[0].source.ranged)
        *source = pieces[0].source;
    struct pp_profile *all = join(pieces, n, diag);
    if (!all && o->from && !stream_failed(pieces, n))
        pp_report_other_format(f, (struct pp_span){head, head + head_len}, source->name, diag);
    for (size_t i = 0; i < n; i++)
        piece_release(&pieces[i]);
    free(pieces);
    free(head);
    return all;
}

struct pp_profile *pp_load(const char *path, const struct pp_load_options *options,
                           struct pp_diag *diag)
{
    struct pp_input source;
    struct block start = {0};
    struct pp_profile *p = NULL;
    uint64_t max_size = options->max_size ? options->max_size : PP_MAX_SIZE;
    const struct pp_diag before = *diag;

    if (pp_input_open(&source, path, diag)) {
        struct stream s = {.source = &source, .diag = diag, .room = max_size};
        if (source.size > max_size) {
            fail_size(&s); /* before cutting, as each piece has a limit of its own */
        } else if (fill_first(&s, &start)) {
            const struct pp_format *f =
                choose(options, head_of(bytes_of(&start)), source.name, diag);
            if (f)
                p = load_from(&source, &start, f, options, diag);
        }
    }
    const char *name = source.name;
    pp_input_close(&source);
    free(start.buf);
    if (p && options->maps)
        pp_load_maps(&p, options->maps, diag); /* an error is detected below */
    return unless_failed(p, name, diag, &before);
}

static void ignore(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    (void)m;
}

const struct pp_format *pp_load_detect(const char *path)
{
    struct pp_diag diag = {.emit = ignore};
    struct pp_input source;
    struct block start = {0};
    const struct pp_format *f = NULL;
    if (pp_input_open(&source, path, &diag)) {
        struct stream s = {.source = &source, .diag = &diag, .room = PP_MAX_SIZE};
        fill_first(&s, &start); /* the head is enough, even of a damaged file */
        f = pp_format_detect(head_of(bytes_of(&start)), path);
    }
    pp_input_close(&source);
    pp_diag_release(&diag);
    free(start.buf);
    return f;
}

/* --- bytes in memory ----------------------------------------------------- */

/* The first part of `in`, which is longer than `step` only if it cannot be cut there. */
static struct pp_span first_part(const struct pp_format *f, struct pp_span in, size_t step)
{
    const char *cut = NULL;
    if (pp_len(in) > step)
        cut = f->split((struct pp_span){in.p, in.p + step});
    return (struct pp_span){in.p, cut ? cut : in.end};
}

/* Reads a format that is `in_order` in as many blocks as another one would be read in pieces. */
static bool read_in_order(struct piece *p, struct pp_span in)
{
    size_t step = pp_len(in) / p->options->jobs + 1;
    bool ok = true;
    do {
        struct pp_span block = first_part(p->format, in, step);
        in.p = block.end;
        ok = read_block(p, block, pp_empty(in));
    } while (ok && !pp_empty(in));
    return ok;
}

static void read_bytes(void *ctx, size_t i)
{
    struct piece *p = (struct piece *)ctx + i;
    bool in_order = p->format->in_order && p->options->jobs > 1;
    p->ok = in_order ? read_in_order(p, p->reader.in) : read_block(p, p->reader.in, true);
    if (p->format->end)
        p->format->end(&p->reader);
}

static size_t cut_bytes(struct piece *pieces, const struct pp_format *f, struct pp_span in,
                        const char *name, const struct pp_load_options *o)
{
    struct pp_span head = head_of(in);
    const char *whole = in.p;
    size_t n = can_be_cut(f) && o->jobs > 1 ? o->jobs : 1, made = 0;
    size_t step = pp_len(in) / n + 1;
    while (made == 0 || !pp_empty(in)) {
        struct pp_span piece = made + 1 < n ? first_part(f, in, step) : in;
        piece_init(&pieces[made], f, name, head, o);
        pieces[made].reader.in = piece;
        pieces[made].reader.begins = (uint64_t)(piece.p - whole);
        made++;
        in.p = piece.end;
    }
    return made;
}

struct pp_profile *pp_load_bytes(struct pp_span bytes, const char *name,
                                 const struct pp_load_options *options, struct pp_diag *diag)
{
    const struct pp_diag before = *diag;
    const struct pp_format *f = choose(options, head_of(bytes), name, diag);
    if (!f)
        return NULL;
    struct piece *pieces = pp_calloc(MAX_PIECES, sizeof *pieces);
    struct pp_load_options o = *options;
    o.jobs = o.jobs < MAX_PIECES ? o.jobs : MAX_PIECES;
    size_t n = cut_bytes(pieces, f, bytes, name, &o);
    pp_parallel(o.jobs, n, read_bytes, pieces);
    struct pp_profile *all = join(pieces, n, diag);
    for (size_t i = 0; i < n; i++)
        piece_release(&pieces[i]);
    free(pieces);
    return unless_failed(all, name, diag, &before);
}
