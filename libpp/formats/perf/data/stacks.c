/* Stacks: from the addresses of a call chain to frames, through the mappings of the process. */
#include <stdlib.h>

#include "formats/perf/data/state.h"
#include "model/branches.h"
#include "model/code.h"

/*
 * Markers between the addresses, which give the mode of those that follow. Other values from
 * `first_marker` on are unknown.
 */
static const uint64_t first_marker = (uint64_t)-4095;

enum mode { UNKNOWN, KERNEL, USER, HYPERVISOR, GUEST_KERNEL, GUEST_USER };

/* The mode that a marker sets; UNKNOWN for an unknown marker. */
static enum mode mode_of_marker(uint64_t marker)
{
    switch ((int64_t)marker) {
    case -32:
        return HYPERVISOR;
    case -128:
        return KERNEL;
    case -512:
    case -640: /* the user's part follows */
        return USER;
    case -2048:
    case -2560:
        return GUEST_USER;
    case -2176:
        return GUEST_KERNEL;
    default:
        return UNKNOWN;
    }
}

/* --- frames -------------------------------------------------------------- */

/*
 * Whether frames get offsets in the file as addresses, which makes equal the same code in several
 * processes: unless a caller needs addresses in memory. The kernel is always at one place.
 */
static bool is_placed(const struct pp_reader *r, const struct pp_data_map *m)
{
    return !(r->keep & PP_HOLDS_ADDRESSES) && m->kind != PP_KERNEL;
}

static struct pp_mapping mapping_row(const struct pp_reader *r, const struct pp_data_map *m,
                                     bool within)
{
    struct pp_mapping row = {.file = m->file, .build_id = m->build_id};
    if (is_placed(r, m)) {
        row.limit = INT64_MAX; /* the whole file, from its beginning */
    } else {
        row.start = m->start;
        row.limit = m->limit;
        row.offset = m->offset;
    }
    row.flags = within ? 0 : PP_CALLERS_RETURN;
    return row;
}

/*
 * The mapping of the profile for a map: there is one for return addresses, and one for addresses
 * within calls.
 */
static pp_id mapping_of(struct pp_reader *r, struct pp_data_state *s, uint32_t map, bool within)
{
    size_t cap = s->mappings_cap, at = (size_t)map * 2 + within;
    PP_GROW(s->mappings, at + 1, s->mappings_cap);
    if (s->mappings_cap > cap)
        memset(s->mappings + cap, 0, (s->mappings_cap - cap) * sizeof *s->mappings);
    if (!s->mappings[at]) {
        const struct pp_mapping row = mapping_row(r, pp_row(&s->maps, map), within);
        s->mappings[at] = pp_intern(&r->out->mappings, &row);
    }
    return s->mappings[at];
}

/* How the addresses of a stack are looked up. */
struct walk {
    struct pp_reader *r;
    struct pp_data_state *s;
    const struct pp_data_space *user;
    enum mode mode;
    bool within; /* addresses lie within the calls, and are not return addresses */
};

static const struct pp_data_space *space_of(const struct walk *w)
{
    static const struct pp_data_space nothing;
    return w->mode == KERNEL ? &w->s->kernel : w->mode == USER ? w->user : &nothing;
}

static uint32_t map_at(const struct walk *w, uint64_t address)
{
    struct pp_data_found *last = w->mode == KERNEL ? &w->s->last_kernel : &w->s->last_user;
    return pp_data_space_find_near(space_of(w), last, address);
}

/* A frame in a mapping, which the code near it may share. */
static pp_id make_mapped_frame(struct walk *w, uint32_t map, uint64_t address)
{
    struct pp_profile *p = w->r->out;
    const struct pp_data_map *m = pp_row(&w->s->maps, map);
    pp_id mapping = mapping_of(w->r, w->s, map, w->within);
    if (is_placed(w->r, m))
        address += m->offset - m->start;
    pp_id *shared = pp_data_same_name(w->r, w->s, map, mapping, &address);
    if (shared && *shared > 0 && !w->within)
        return *shared;
    struct pp_frame row = {.address = address, .kind = m->kind & 0x1f, .mapping = mapping};
    if (m->function)
        row.function = pp_intern(&p->functions, &(struct pp_function){.name = m->function});
    if (!(w->r->keep & (PP_HOLDS_ADDRESSES | PP_HOLDS_PLACES)))
        row.address = 0;
    pp_id frame = pp_frame_row(p, row);
    if (shared && !w->within)
        *shared = frame;
    return frame;
}

static pp_id make_frame(struct walk *w, uint64_t address)
{
    uint32_t map = map_at(w, address);
    if (map)
        return make_mapped_frame(w, map, address);
    struct pp_frame row = {.kind = w->mode == KERNEL ? PP_KERNEL : PP_USER};
    if (w->r->keep & PP_HOLDS_ADDRESSES) /* it serves no other purpose outside of mappings */
        row.address = address;
    return pp_frame_row(w->r->out, row);
}

/* The frame of an address, from a cache: most addresses recur. */
static pp_id frame_at(struct walk *w, uint64_t address)
{
    struct pp_data_state *s = w->s;
    if (!s->slots)
        s->slots = pp_calloc(PP_DATA_SLOTS, sizeof *s->slots);
    uint64_t version = space_of(w)->version;
    uint32_t how = (uint32_t)w->mode * 2 + w->within;
    uint64_t hash = pp_mix(address ^ (uintptr_t)s, version ^ UINT64_C(0x9e3779b97f4a7c15));
    struct pp_data_slot *slot = &s->slots[hash & (PP_DATA_SLOTS - 1)];
    if (!slot->frame || slot->address != address || slot->version != version || slot->how != how)
        *slot = (struct pp_data_slot){version, address, make_frame(w, address), how};
    return slot->frame;
}

static void push(struct pp_data_state *s, pp_id frame)
{
    PP_GROW(s->frames, s->nframes + 1, s->frames_cap);
    s->frames[s->nframes++] = frame;
}

/* --- chains -------------------------------------------------------------- */

static void push_address(struct walk *w, uint64_t address)
{
    push(w->s, frame_at(w, address));
}

static void push_chain(struct walk *w, struct pp_span chain, bool until_user)
{
    for (; !pp_empty(chain); chain.p += 8) {
        uint64_t v = pp_data_u64(chain.p, w->s->swap);
        if (v < first_marker) {
            push_address(w, v);
            continue;
        }
        w->mode = mode_of_marker(v);
        if (!w->mode || (until_user && w->mode == USER))
            return;
    }
}

/*
 * The call stack that the processor recorded, innermost first: the current place, then the calls.
 */
static void push_call_stack(struct walk *w, struct pp_span branches)
{
    w->mode = USER;
    w->within = true;
    push_address(w, pp_data_u64(branches.p + 8, w->s->swap));
    for (; !pp_empty(branches); branches.p += 24)
        push_address(w, pp_data_u64(branches.p, w->s->swap));
}

static size_t user_entries(const struct pp_data_state *s, struct pp_span chain)
{
    size_t n = 0;
    enum mode mode = UNKNOWN;
    for (; !pp_empty(chain); chain.p += 8) {
        uint64_t v = pp_data_u64(chain.p, s->swap);
        if (v >= first_marker)
            mode = mode_of_marker(v);
        else
            n += mode == USER;
    }
    return n;
}

static bool has_call_stack(const struct pp_data_state *s, const struct pp_data_sample *sample)
{
    return sample->attr->branch_type & PP_DATA_BRANCH_CALL_STACK && !pp_empty(sample->branches) &&
           user_entries(s, sample->chain) <= 1;
}

static void push_sample(struct walk *w, const struct pp_data_sample *sample)
{
    bool calls = has_call_stack(w->s, sample);
    if (!pp_empty(sample->chain))
        push_chain(w, sample->chain, calls);
    else if (sample->attr->sample_type & PP_DATA_IP)
        push_address(w, sample->ip);
    if (calls)
        push_call_stack(w, sample->branches);
}

bool pp_data_has_dump(const struct pp_data_state *s, const struct pp_data_sample *sample)
{
    return sample->regs_abi && !pp_empty(sample->regs) && !pp_empty(sample->stack) &&
           !user_entries(s, sample->chain);
}

void pp_data_kernel_frames(struct pp_reader *r, struct pp_data_state *s,
                           const struct pp_data_sample *sample)
{
    const struct pp_data_space *user = pp_data_process(s, sample->pid); /* without a marker first */
    struct walk w = {r, s, user, (enum mode)sample->mode, false};
    s->nframes = 0;
    push_chain(&w, sample->chain, true);
}

void pp_data_push_user(struct pp_reader *r, struct pp_data_state *s, uint32_t pid,
                       struct pp_span chain)
{
    struct walk w = {r, s, pp_data_process(s, pid), USER, false};
    push_chain(&w, chain, false);
}

void pp_data_push_calls(struct pp_reader *r, struct pp_data_state *s,
                        const struct pp_data_space *space, const uint64_t *addresses, size_t n)
{
    struct walk w = {r, s, space, USER, true};
    for (size_t i = 0; i < n; i++)
        push_address(&w, addresses[i]);
}

/* --- stacks -------------------------------------------------------------- */

/*
 * Consecutive stacks of a thread mostly differ near their leaf only. The last chain of each thread
 * is kept, outermost entry first, with the node that each entry led to, so that what both chains
 * have in common costs a comparison.
 */
enum { MOST_ENTRIES = 1024 };

/* The chain of the thread, without entries if the mappings have changed since it was kept. */
static struct pp_data_chain *chain_of(struct pp_data_state *s, uint32_t tid,
                                      const struct pp_data_space *user)
{
    if (!s->chains)
        s->chains = pp_calloc(PP_DATA_CHAINS, sizeof *s->chains);
    struct pp_data_chain *c = &s->chains[tid % PP_DATA_CHAINS];
    if (c->tid == tid && c->user == user->version && c->kernel == s->kernel.version)
        return c;
    c->tid = tid;
    c->user = user->version;
    c->kernel = s->kernel.version;
    c->count = 0;
    return c;
}

/* How many entries at the outer end are those of the last chain. */
static size_t common_entries(const struct pp_data_state *s, const struct pp_data_chain *c,
                             struct pp_span chain, size_t n)
{
    size_t most = n < c->count ? n : c->count, same = 0;
    while (same < most &&
           pp_data_u64(chain.end - (same + 1) * 8, s->swap) == c->entries[same].value)
        same++;
    return same;
}

/*
 * Finds the frames of the entries before the outermost `same` ones. False if these were in another
 * mode, or if an unknown marker ends the chain.
 */
static bool find_frames(struct walk *w, struct pp_data_chain *c, struct pp_span chain, size_t n,
                        size_t same)
{
    for (size_t i = n; i > same; i--, chain.p += 8) {
        struct pp_data_entry *e = &c->entries[i - 1];
        *e = (struct pp_data_entry){.value = pp_data_u64(chain.p, w->s->swap)};
        if (e->value >= first_marker) {
            w->mode = mode_of_marker(e->value);
            if (!w->mode)
                return false;
            continue;
        }
        e->mode = w->mode;
        e->node = frame_at(w, e->value);
    }
    const struct pp_data_entry *next = same ? &c->entries[same - 1] : NULL;
    return !next || next->value >= first_marker || next->mode == w->mode;
}

/* The node of a chain; 0 if it is not simple, and has to be taken frame by frame. */
static pp_id chain_node(struct walk *w, const struct pp_data_sample *sample)
{
    struct pp_data_chain *c = chain_of(w->s, sample->tid, w->user);
    size_t n = pp_len(sample->chain) / 8, same = common_entries(w->s, c, sample->chain, n);
    bool fresh = false;
    if (n > MOST_ENTRIES || n > w->r->max_depth)
        return 0;
    PP_GROW(c->entries, n, c->cap);
    c->count = 0;
    if (!find_frames(w, c, sample->chain, n, same)) {
        same = 0;
        w->mode = (enum mode)sample->mode;
        if (!find_frames(w, c, sample->chain, n, same))
            return 0;
    }
    pp_id node = same ? c->entries[same - 1].node : 0;
    for (size_t i = same; i < n; i++) {
        if (c->entries[i].node)
            node = pp_intern_child(&w->r->out->nodes, node, c->entries[i].node, &fresh);
        c->entries[i].node = node;
    }
    c->count = n;
    return node;
}

void pp_data_chains_release(struct pp_data_state *s)
{
    for (size_t i = 0; s->chains && i < PP_DATA_CHAINS; i++)
        free(s->chains[i].entries);
    free(s->chains);
}

pp_id pp_data_stack(struct pp_reader *r, struct pp_data_state *s,
                    const struct pp_data_sample *sample)
{
    struct walk w = {r, s, pp_data_process(s, sample->pid), (enum mode)sample->mode, false};
    bool simple = !pp_empty(sample->chain) && !has_call_stack(s, sample);
    pp_id node = simple ? chain_node(&w, sample) : 0;
    if (node)
        return node;
    w.mode = (enum mode)sample->mode;
    s->nframes = 0;
    push_sample(&w, sample);
    return pp_reader_stack(r, r->in.p, s->frames, s->nframes, PP_LEAF_FIRST);
}

/* --- branch records ------------------------------------------------------ */

static pp_id branch_frame(void *ctx, uint64_t address)
{
    return frame_at(ctx, address);
}

/*
 * Does nothing if the records are a call stack: that does not say what was executed between the
 * calls.
 */
bool pp_data_add_branches(struct pp_reader *r, struct pp_data_state *s,
                          const struct pp_data_sample *sample)
{
    enum { RECORD = 24 };
    size_t n = pp_len(sample->branches) / RECORD;
    if (!(r->keep & PP_HOLDS_BRANCHES) || !n ||
        sample->attr->branch_type & PP_DATA_BRANCH_CALL_STACK)
        return true;
    struct walk w = {r, s, pp_data_process(s, sample->pid), (enum mode)sample->mode, true};
    struct pp_branch *records = pp_calloc(n, sizeof *records);
    for (size_t i = 0; i < n; i++) {
        const char *p = sample->branches.p + i * RECORD;
        records[i] = (struct pp_branch){pp_data_u64(p, s->swap), pp_data_u64(p + 8, s->swap)};
    }
    bool ok = pp_branches_add(r->out, records, n, &(struct pp_branch_frames){branch_frame, &w});
    free(records);
    return ok || pp_fail(r, r->in.p, "there are too many branch records, or columns");
}
