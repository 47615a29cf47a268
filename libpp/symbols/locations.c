#include "symbols/locations.h"

#include <stdlib.h>

#include "base/memory.h"
#include "model/code.h"
#include "symbols/vdso.h"

/* --- modules ------------------------------------------------------------- */

static bool is_kernel(struct pp_span file, unsigned kind)
{
    return kind == PP_KERNEL || pp_starts(file, "[kernel") || pp_starts(file, "[guest.kernel");
}

bool pp_is_jit(struct pp_span file, unsigned kind)
{
    static const char *const anonymous[] = {
        "//anon", "[anon", "/memfd:", "/dev/zero", "anon_inode:", "/anon_hugepage"};
    if (kind == PP_JIT || pp_empty(file))
        return true;
    if (pp_starts(file, "/tmp/perf-") && pp_ends(file, ".map"))
        return true;
    for (size_t i = 0; i < sizeof anonymous / sizeof *anonymous; i++)
        if (pp_starts(file, anonymous[i]))
            return true;
    return false;
}

static enum pp_module_kind kind_of(struct pp_span file, unsigned frame_kind)
{
    if (frame_kind == PP_KERNEL && pp_empty(file))
        return PP_MODULE_OTHER; /* the kernel did not give its address */
    if (is_kernel(file, frame_kind))
        return PP_MODULE_KERNEL;
    if (pp_is_jit(file, frame_kind))
        return PP_MODULE_JIT;
    bool special = (pp_starts(file, "[") && !pp_is(file, PP_VDSO)) || pp_starts(file, "//");
    return special ? PP_MODULE_OTHER : PP_MODULE_FILE;
}

/* --- uses of frames ------------------------------------------------------ */

enum { AS_CALLER = 1, AS_LEAF = 2 };

/*
 * For each frame, whether it is used as a leaf (or was interrupted), as a caller, or not at all.
 * The caller frees it.
 */
static unsigned char *uses_of_frames(const struct pp_profile *p)
{
    unsigned char *uses = pp_calloc(p->frames.count, sizeof *uses);
    for (size_t n = 1; n < p->nodes.count; n++) {
        const struct pp_node *node = pp_node(p, (pp_id)n);
        uses[pp_node(p, node->parent)->frame] |= pp_is_interrupted(p, node) ? AS_LEAF : AS_CALLER;
    }
    for (size_t s = 0; s < p->samples.count; s++)
        uses[pp_node(p, pp_sample(p, (pp_id)s)->node)->frame] |= AS_LEAF;
    return uses;
}

/* --- locations -------------------------------------------------------------- */

static pp_id add_location(struct pp_locations *locations, const struct pp_module *module,
                          pp_id mapping, uint64_t address, enum pp_location_of of)
{
    const struct pp_location location = {
        .address = address,
        .module = pp_intern(&locations->modules, module),
        .mapping = mapping,
        .of = of,
    };
    return pp_intern(&locations->locations, &location);
}

/*
 * A mapping that covers everything from 0 on, or nothing, says that addresses are those of the
 * file, as in profiles of a program that symbolizes itself. For perf, such a mapping only gives the
 * file's name.
 */
static bool has_own_addresses(const struct pp_mapping *m)
{
    bool of_perf = m->flags & PP_CALLERS_RETURN;
    return m->file && !m->start && !m->offset &&
           (m->limit == UINT64_MAX || (!m->limit && !of_perf));
}

static struct pp_frame_locations locations_of(struct pp_locations *locations,
                                              const struct pp_profile *p,
                                              const struct pp_frame *frame, unsigned uses)
{
    pp_id id = frame->mapping;
    const struct pp_mapping *m = pp_mapping(p, id);
    const struct pp_module module = {m->file, m->build_id,
                                     kind_of(pp_text(p, m->file), frame->kind)};
    enum pp_location_of of = has_own_addresses(m) ? PP_IN_IMAGE : PP_IN_PROCESS;
    bool returns = m->flags & PP_CALLERS_RETURN;
    struct pp_frame_locations found = {0};
    if (m->flags & PP_START_UNKNOWN)
        return found;
    bool interrupted = frame->kind == PP_KERNEL; /* perhaps: its name will decide, see rebuild.c */
    if (uses & AS_LEAF || (uses && (!returns || interrupted)))
        found.leaf = add_location(locations, &module, id, frame->address, of);
    found.caller = found.leaf;
    if (uses & AS_CALLER && returns)
        found.caller = add_location(locations, &module, id, frame->address - 1, of);
    return found;
}

/* "MODULE+0x12", perhaps in brackets. */
static bool parse_location(struct pp_span name, struct pp_span *file, uint64_t *offset)
{
    if (pp_starts(name, "[") && pp_ends(name, "]")) {
        name.p++;
        name.end--;
    }
    const char *plus = pp_rfind(name, '+');
    if (!plus || plus == name.p)
        return false;
    *file = (struct pp_span){name.p, plus};
    struct pp_span digits = {plus + 1, name.end};
    return pp_starts(digits, "0x") && pp_parse_hex(digits, offset);
}

/* The location that a name gives. */
static struct pp_frame_locations location_named(struct pp_locations *locations,
                                                struct pp_profile *p, pp_id frame)
{
    struct pp_frame_locations found = {0};
    struct pp_module module = {.kind = PP_MODULE_FILE};
    struct pp_span file;
    uint64_t offset;
    if (parse_location(pp_frame_name(p, frame), &file, &offset)) {
        module.file = pp_string(p, file);
        found.caller = found.leaf = add_location(locations, &module, 0, offset, PP_IN_FILE);
    }
    return found;
}

/* --- order --------------------------------------------------------------- */

static int by_module_and_address(const void *a, const void *b, void *table)
{
    const struct pp_location *x = pp_row(table, *(const pp_id *)a);
    const struct pp_location *y = pp_row(table, *(const pp_id *)b);
    if (x->module != y->module)
        return x->module < y->module ? -1 : 1;
    return (x->address > y->address) - (x->address < y->address);
}

static void sort_locations(struct pp_locations *locations)
{
    size_t n = locations->locations.count - 1, i = 0;
    locations->order = pp_calloc(n, sizeof *locations->order);
    locations->first = pp_calloc(locations->modules.count + 1, sizeof *locations->first);
    for (size_t k = 0; k < n; k++)
        locations->order[k] = (pp_id)(k + 1);
    qsort_r(locations->order, n, sizeof *locations->order, by_module_and_address,
            &locations->locations);
    for (size_t m = 0; m < locations->modules.count; m++) {
        locations->first[m] = i;
        while (i < n && pp_location_at(locations, locations->order[i])->module == m)
            i++;
    }
    locations->first[locations->modules.count] = n;
}

void pp_locations_collect(struct pp_locations *locations, struct pp_profile *p, bool again)
{
    size_t count = p->frames.count;
    unsigned char *uses = uses_of_frames(p);
    *locations = (struct pp_locations){.frames = pp_calloc(count, sizeof *locations->frames)};
    pp_table_init(&locations->modules, sizeof(struct pp_module));
    pp_table_init(&locations->locations, sizeof(struct pp_location));
    for (size_t f = 1; f < count; f++) {
        const struct pp_frame frame = *pp_frame(p, (pp_id)f);
        if (frame.address && (again || !frame.function))
            locations->frames[f] = locations_of(locations, p, &frame, uses[f]);
        else if (!frame.address && !frame.mapping && uses[f])
            locations->frames[f] = location_named(locations, p, (pp_id)f);
    }
    free(uses);
    sort_locations(locations);
}

void pp_locations_release(struct pp_locations *locations)
{
    pp_table_release(&locations->modules);
    pp_table_release(&locations->locations);
    free(locations->frames);
    free(locations->order);
    free(locations->first);
}
