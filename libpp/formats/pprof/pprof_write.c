/* pprof_write.c - writes a profile as plain protocol buffers; the output compresses it. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/prefetch.h"
#include "formats/pprof/pprof.h"
#include "model/code.h"
#include "model/program.h"

/*
 * The locations of a node, whose frame is the innermost of each. In pprof, the address of a caller
 * lies within the call. So if the model has return addresses (PP_CALLERS_RETURN), a frame has one
 * location as a caller, and another one as a leaf, or if it was interrupted.
 */
struct place {
    pp_id exact, caller; /* 0: never used so; at first the chain that ends there */
    pp_id under;         /* the node below these locations */
};

/* A location: the first node that has it, and whether its address is a return address. */
struct top {
    pp_id node;
    bool returns;
};

struct writer {
    const struct pp_profile *p;
    struct pp_out *out;
    struct pp_out record, part; /* the message being built, and one inside of it */
    const struct pp_column *columns[PP_MAX_COLUMNS];
    size_t ncolumns;

    uint64_t *string_index; /* by string id: the index in the string table; 0 until it is used */
    pp_id *strings;         /* in the order of the string table */
    size_t nstrings, strings_cap;

    bool returns;         /* some addresses are return addresses */
    struct place *places; /* by node */
    struct top *tops;     /* by location */
    size_t nlocations, tops_cap;
    uint64_t nameless; /* the id of a function without a name; 0 if it is not needed */

    struct pp_pprof_numbers numbers;
};

static struct pp_span made(const struct pp_out *o)
{
    return o->len ? (struct pp_span){o->buf, o->buf + o->len} : (struct pp_span){0};
}

/* Writes the record as a field of the profile, and clears it. */
static void put_record(struct writer *w, enum pp_pprof_field field)
{
    pp_wire_put_bytes(w->out, field, made(&w->record));
    w->record.len = 0;
}

static void put_part(struct writer *w, uint32_t field)
{
    pp_wire_put_bytes(&w->record, field, made(&w->part));
    w->part.len = 0;
}

/* v[0] is field 1, and so on. */
static void put_fields(struct pp_out *o, const uint64_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pp_wire_put_number(o, (uint32_t)i + 1, v[i]);
}

#define PUT_FIELDS(o, ...) \
    put_fields((o), (const uint64_t[]){__VA_ARGS__}, \
               sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

static void push(struct pp_pprof_numbers *list, uint64_t v)
{
    PP_GROW(list->v, list->n + 1, list->cap);
    list->v[list->n++] = v;
}

/* The index of a string, which is added to the table when it is first used. */
static uint64_t text(struct writer *w, pp_id id)
{
    if (!id || w->string_index[id])
        return w->string_index[id];
    PP_GROW(w->strings, w->nstrings + 1, w->strings_cap);
    w->strings[w->nstrings++] = id;
    return w->string_index[id] = w->nstrings;
}

/* --- columns ------------------------------------------------------------- */

static int64_t scale_of(const struct pp_column *c)
{
    int64_t scale = 1;
    for (unsigned i = 0; i < c->decimals; i++)
        scale *= 10;
    return scale;
}

/* Halves are rounded away from zero. */
static int64_t rounded(int64_t v, int64_t scale)
{
    int64_t whole = v / scale, rest = v % scale;
    if (rest >= scale - rest)
        return whole + 1;
    return rest <= -scale - rest ? whole - 1 : whole;
}

static bool has_fractions(const struct pp_profile *p, const struct pp_column *c)
{
    int64_t scale = scale_of(c);
    for (size_t s = 0; s < p->samples.count; s++)
        if (c->values[s] % scale)
            return true;
    return false;
}

static size_t columns_of(struct writer *w, enum pp_side side)
{
    for (unsigned c = 0; c < w->p->ncolumns; c++)
        if (w->p->columns[c].side == side)
            w->columns[w->ncolumns++] = &w->p->columns[c];
    return w->ncolumns;
}

/* Of a comparison only the second side is written: pprof has no sides. */
static bool choose_columns(struct writer *w)
{
    struct pp_diag *diag = w->out->diag;
    if (!columns_of(w, PP_ONLY)) {
        if (!columns_of(w, PP_AFTER))
            return pp_error(diag, w->out->name, "a pprof profile needs a column of values");
        pp_warning(diag, w->out->name,
                   "a pprof profile holds one side only: the one before is left out");
    }
    for (size_t c = 0; c < w->ncolumns; c++)
        if (has_fractions(w->p, w->columns[c]))
            pp_warning(diag, w->out->name, "column '%.*s' is rounded to whole numbers",
                       PP_SHOW(pp_text(w->p, w->columns[c]->type)));
    return true;
}

static bool has_start_lines(const struct pp_profile *p)
{
    for (size_t f = 1; f < p->functions.count; f++)
        if (pp_function(p, (pp_id)f)->line)
            return true;
    return false;
}

/* Warns that go build -pgo refuses a profile in which no function has a start line. */
static void look_at_start_lines(const struct writer *w)
{
    if (w->out->name && pp_ends(pp_str(w->out->name), ".pgo") && !has_start_lines(w->p))
        pp_warning(w->out->diag, w->out->name,
                   "no function says in which line it starts, which go build -pgo needs: look the "
                   "names up again (--again), in a program built by Go 1.21 or later");
}

static void put_sample_types(struct writer *w)
{
    for (size_t c = 0; c < w->ncolumns; c++) {
        PUT_FIELDS(&w->record, text(w, w->columns[c]->type), text(w, w->columns[c]->unit));
        put_record(w, PP_PPROF_SAMPLE_TYPE);
    }
}

/* --- from stacks to locations -------------------------------------------- */

/*
 * A location is a chain: a frame with the frames inlined in it. A chain of one frame has the number
 * of the frame; longer ones, given by the chain without its innermost frame and that frame, are
 * numbered after all frames.
 */
struct chain {
    pp_id below, frame;
};

static pp_id join(const struct pp_profile *p, struct pp_table *chains, pp_id below, pp_id frame)
{
    size_t id = p->frames.count + pp_intern(chains, &(struct chain){below, frame});
    if (id > PP_MAX_ROWS)
        pp_out_of_memory();
    return (pp_id)id;
}

/* Finds the chains that end at the nodes, as `exact` and `caller`; returns the number of numbers.
 */
static size_t find_chains(struct writer *w)
{
    const struct pp_profile *p = w->p;
    struct pp_table chains;
    pp_table_init(&chains, sizeof(struct chain));
    for (pp_id n = 1; n < p->nodes.count; n++) {
        const struct pp_node *node = pp_node(p, n);
        const struct place *parent = &w->places[node->parent];
        bool inlined = pp_joins_parent(p, n);
        pp_id chain = inlined ? join(p, &chains, parent->exact, node->frame) : node->frame;
        w->places[n] = (struct place){chain, chain, inlined ? parent->under : node->parent};
    }
    size_t count = p->frames.count + chains.count;
    pp_table_release(&chains);
    return count;
}

enum { AS_EXACT = 1, AS_CALLER = 2, GOES_ON = 4 };

/*
 * What the frame of each node is the innermost of: an exact location, where a sample ends, where
 * the kernel interrupted it, or where nothing follows; that of a caller; both; or neither, as what
 * follows is inlined in it. The caller frees it.
 */
static unsigned char *find_ends(const struct writer *w)
{
    const struct pp_profile *p = w->p;
    unsigned char *ends = pp_calloc(p->nodes.count, sizeof *ends);
    for (size_t s = 0; s < p->samples.count; s++)
        ends[pp_sample(p, (pp_id)s)->node] = AS_EXACT;
    for (pp_id n = 1; n < p->nodes.count; n++) {
        const struct pp_node *node = pp_node(p, n);
        bool inlined = w->places[n].under != node->parent;
        ends[node->parent] |= inlined                                    ? GOES_ON
                              : w->returns && pp_is_interrupted(p, node) ? AS_EXACT
                                                                         : AS_CALLER;
    }
    for (size_t n = 1; n < p->nodes.count; n++)
        if (!ends[n])
            ends[n] = AS_EXACT;
    return ends;
}

/* Numbers locations in order of first sight; `ids` has two a chain: exact, and returned to. */
static pp_id number_location(struct writer *w, pp_id *ids, pp_id chain, struct top top)
{
    pp_id *id = &ids[2 * (size_t)chain + top.returns];
    if (!*id) {
        *id = (pp_id)++w->nlocations;
        PP_GROW(w->tops, w->nlocations + 1, w->tops_cap);
        w->tops[w->nlocations] = top;
    }
    return *id;
}

/* Finds the locations of the node `n`. */
static void locate(struct writer *w, pp_id *ids, pp_id n, unsigned ends)
{
    struct place *place = &w->places[n];
    pp_id chain = place->exact;
    bool returns =
        w->returns && pp_has_return_address(w->p, pp_frame(w->p, pp_node(w->p, n)->frame));
    bool exact = ends & AS_EXACT || (ends & AS_CALLER && !returns);
    place->exact = exact ? number_location(w, ids, chain, (struct top){n, false}) : 0;
    place->caller = place->exact;
    if (ends & AS_CALLER && returns)
        place->caller = number_location(w, ids, chain, (struct top){n, true});
}

static void find_locations(struct writer *w)
{
    for (size_t m = 1; m < w->p->mappings.count; m++)
        w->returns = w->returns || pp_mapping(w->p, (pp_id)m)->flags & PP_CALLERS_RETURN;
    pp_id *ids = pp_calloc(find_chains(w), 2 * sizeof *ids);
    unsigned char *ends = find_ends(w);
    for (pp_id n = 1; n < w->p->nodes.count; n++)
        locate(w, ids, n, ends[n]);
    free(ends);
    free(ids);
}

/*
 * The location of the node `n` in a stack in which the location of the node `above` is on top of
 * it; 0: none.
 */
static pp_id location_under(const struct writer *w, pp_id above, pp_id n)
{
    const struct place *place = &w->places[n];
    if (place->exact == place->caller)
        return place->exact;
    return pp_is_returned_to(w->p, n, above) ? place->caller : place->exact;
}

/* --- samples ------------------------------------------------------------- */

static void put_labels(struct writer *w, pp_id set)
{
    for (; set; set = pp_label(w->p, set)->next) {
        const struct pp_label *l = pp_label(w->p, set);
        PUT_FIELDS(&w->part, text(w, l->key), text(w, l->text), (uint64_t)l->number,
                   text(w, l->unit));
        put_part(w, 3);
    }
}

static void put_sample(struct writer *w, pp_id id)
{
    const struct pp_sample *s = pp_sample(w->p, id);
    w->numbers.n = 0;
    for (pp_id n = s->node, above = 0; n; above = n, n = w->places[n].under)
        push(&w->numbers, location_under(w, above, n));
    pp_wire_put_numbers(&w->record, 1, w->numbers.v, w->numbers.n);

    w->numbers.n = 0;
    for (size_t c = 0; c < w->ncolumns; c++)
        push(&w->numbers, (uint64_t)rounded(w->columns[c]->values[id], scale_of(w->columns[c])));
    pp_wire_put_numbers(&w->record, 2, w->numbers.v, w->numbers.n);
    put_labels(w, s->labels);
    put_record(w, PP_PPROF_SAMPLE);
}

enum { AHEAD = 8 };

static void put_samples(struct writer *w)
{
    size_t n = w->p->samples.count;
    for (size_t s = 0; s < n; s++) {
        if (s + AHEAD < n)
            pp_prefetch(&w->places[pp_sample(w->p, (pp_id)(s + AHEAD))->node]);
        if (pp_sample_exists(w->p, (pp_id)s))
            put_sample(w, (pp_id)s);
    }
}

/* --- mappings, locations, functions -------------------------------------- */

/*
 * The mappings of what perf prints in which frames have names; the caller frees it. They are marked
 * as done, so that pprof keeps the names that perf found on the machine of the recording.
 */
static bool *named_by_perf(const struct pp_profile *p)
{
    bool *named = pp_calloc(p->mappings.count, sizeof *named);
    for (size_t f = 1; f < p->frames.count; f++) {
        const struct pp_frame *frame = pp_frame(p, (pp_id)f);
        bool of_perf = pp_mapping(p, frame->mapping)->flags & PP_CALLERS_RETURN;
        named[frame->mapping] = named[frame->mapping] || (of_perf && frame->function);
    }
    return named;
}

static void put_mapping(struct writer *w, pp_id id, bool done)
{
    const struct pp_mapping *m = pp_mapping(w->p, id);
    uint32_t all = PP_HAS_FUNCTIONS | PP_HAS_FILENAMES | PP_HAS_LINES;
    uint32_t flags = m->flags | (done ? all : 0);
    PUT_FIELDS(&w->record, id, m->start, m->limit, m->offset, text(w, m->file),
               text(w, m->build_id), !!(flags & PP_HAS_FUNCTIONS), !!(flags & PP_HAS_FILENAMES),
               !!(flags & PP_HAS_LINES), !!(flags & PP_HAS_INLINES));
    put_record(w, PP_PPROF_MAPPING);
}

/* pprof takes the first mapping for the program. */
static void put_mappings(struct writer *w)
{
    pp_id program = pp_program(w->p);
    bool *named = named_by_perf(w->p);
    if (program)
        put_mapping(w, program, named[program]);
    for (pp_id id = 1; id < w->p->mappings.count; id++)
        if (id != program)
            put_mapping(w, id, named[id]);
    free(named);
}

static uint64_t function_id(struct writer *w, pp_id function)
{
    if (function)
        return function;
    return w->nameless = w->p->functions.count; /* after all others */
}

static void put_line(struct writer *w, const struct pp_frame *f)
{
    bool blank = f->column >= PP_PPROF_BLANK_LOCATION;
    PUT_FIELDS(&w->part, function_id(w, f->function), f->line, blank ? 0 : f->column);
    put_part(w, 4);
}

/* Whether a frame that is alone in its location has nothing but an address. */
static bool says_nothing(const struct pp_frame *f)
{
    return !f->function && !f->line && (!f->column || f->column == PP_PPROF_BLANK_LOCATION);
}

static void put_location(struct writer *w, pp_id id)
{
    pp_id node = w->tops[id].node, under = w->places[node].under;
    const struct pp_frame *f = pp_frame(w->p, pp_node(w->p, node)->frame);
    bool alone = pp_node(w->p, node)->parent == under;
    PUT_FIELDS(&w->record, id, f->mapping, f->address - w->tops[id].returns);
    if (!alone || !says_nothing(f))
        for (; node != under; node = pp_node(w->p, node)->parent)
            put_line(w, pp_frame(w->p, pp_node(w->p, node)->frame));
    pp_wire_put_number(&w->record, 5, f->folded);
    put_record(w, PP_PPROF_LOCATION);
}

static void put_function(struct writer *w, uint64_t id, const struct pp_function *f)
{
    PUT_FIELDS(&w->record, id, text(w, f->name),
               text(w, pp_pprof_system_name(f->name, f->system_name)), text(w, f->file), f->line);
    put_record(w, PP_PPROF_FUNCTION);
}

static void put_tables(struct writer *w)
{
    put_mappings(w);
    for (size_t l = 1; l <= w->nlocations; l++)
        put_location(w, (pp_id)l);
    for (size_t f = 1; f < w->p->functions.count; f++)
        put_function(w, f, pp_function(w->p, (pp_id)f));
    if (w->nameless)
        put_function(w, w->nameless, pp_function(w->p, 0));
}

/* --- strings and header -------------------------------------------------- */

static void put_strings(struct writer *w)
{
    pp_wire_put_bytes(w->out, PP_PPROF_STRING_TABLE, pp_str(""));
    for (size_t i = 0; i < w->nstrings; i++)
        pp_wire_put_bytes(w->out, PP_PPROF_STRING_TABLE, pp_text(w->p, w->strings[i]));
}

/* The strings of the header come last in the table, which is before it. */
static void put_strings_and_header(struct writer *w)
{
    const struct pp_about *a = &w->p->about;
    struct pp_out *out = w->out;
    uint64_t drop = text(w, a->drop_frames), keep = text(w, a->keep_frames);
    PUT_FIELDS(&w->record, text(w, a->period_type), text(w, a->period_unit));
    w->numbers.n = 0;
    for (size_t i = 0; i < a->ncomments; i++)
        push(&w->numbers, text(w, a->comments[i]));
    uint64_t default_type = text(w, a->default_type), doc_url = text(w, a->doc_url);

    put_strings(w);
    pp_wire_put_number(out, PP_PPROF_DROP_FRAMES, drop);
    pp_wire_put_number(out, PP_PPROF_KEEP_FRAMES, keep);
    pp_wire_put_number(out, PP_PPROF_TIME_NANOS, (uint64_t)a->time_ns);
    pp_wire_put_number(out, PP_PPROF_DURATION_NANOS, (uint64_t)a->duration_ns);
    if (w->record.len)
        put_record(w, PP_PPROF_PERIOD_TYPE);
    pp_wire_put_number(out, PP_PPROF_PERIOD, (uint64_t)a->period);
    pp_wire_put_numbers(out, PP_PPROF_COMMENT, w->numbers.v, w->numbers.n);
    pp_wire_put_number(out, PP_PPROF_DEFAULT_SAMPLE_TYPE, default_type);
    pp_wire_put_number(out, PP_PPROF_DOC_URL, doc_url);
}

/* --- entry point --------------------------------------------------------- */

static void init(struct writer *w)
{
    pp_out_memory(&w->record, w->out->diag);
    pp_out_memory(&w->part, w->out->diag);
    w->string_index = pp_calloc(w->p->strings.count, sizeof *w->string_index);
    w->places = pp_calloc(w->p->nodes.count, sizeof *w->places);
}

static void release(struct writer *w)
{
    pp_out_release(&w->record);
    pp_out_release(&w->part);
    free(w->string_index);
    free(w->strings);
    free(w->places);
    free(w->tops);
    free(w->numbers.v);
}

bool pp_pprof_write(const struct pp_profile *p, struct pp_out *out)
{
    struct writer w = {.p = p, .out = out};
    if (!choose_columns(&w))
        return false;
    look_at_start_lines(&w);
    init(&w);
    find_locations(&w);
    put_sample_types(&w);
    put_samples(&w);
    put_tables(&w);
    put_strings_and_header(&w);
    release(&w);
    return !out->failed;
}
