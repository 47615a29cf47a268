/* granularity: what makes two frames the same; only that is left of them. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/out.h"
#include "transform/rule_private.h"

struct making {
    struct pp_profile *p;
    enum pp_granularity level;
    pp_id *modules; /* the first mapping of each file */
    bool keep_inlined;
    struct pp_out name, place;
};

/*
 * The first mapping of each file, by the file's id: a module counts as one, wherever it is mapped.
 */
static pp_id *first_mappings(const struct pp_profile *p)
{
    pp_id *first = pp_calloc(p->strings.count, sizeof *first);
    for (size_t m = p->mappings.count; m-- > 1;)
        first[pp_mapping(p, (pp_id)m)->file] = (pp_id)m;
    return first;
}

/* --- names that distinguish frames --------------------------------------- */

/* "file.c:12", or the known part of it. */
static void put_place(struct making *m, const struct pp_function *f, uint32_t line)
{
    pp_put(&m->place, pp_text(m->p, f->file));
    if (f->file && line)
        pp_putf(&m->place, ":%" PRIu32, line);
}

/* "libc.so.6+0x1234": the offset in the file. */
static void put_address(struct making *m, const struct pp_frame *f)
{
    const struct pp_mapping *mapping = pp_mapping(m->p, f->mapping);
    if (!f->address)
        return;
    uint64_t offset = f->address;
    if (mapping->file) {
        pp_put(&m->place, pp_base_name(pp_text(m->p, mapping->file)));
        pp_puts(&m->place, "+");
        offset += mapping->offset - mapping->start;
    }
    pp_putf(&m->place, "0x%" PRIx64, offset);
}

/*
 * Appends the place to the name, unless the rule has done so before, in this run or an earlier one.
 */
static void add_place(struct making *m)
{
    struct pp_span name = pp_out_bytes(&m->name), place = pp_out_bytes(&m->place), end = name;
    if (pp_len(name) > pp_len(place))
        end.p = name.end - pp_len(place);
    if (pp_same(end, place) && (end.p == name.p || end.p[-1] == ' '))
        return;
    pp_puts(&m->name, m->name.len && m->place.len ? " " : "");
    pp_put(&m->name, place);
}

static pp_id name_of(struct making *m, const struct pp_frame *f)
{
    struct pp_function function = *pp_function(m->p, f->function);
    m->name.len = m->place.len = 0;
    if (m->level != PP_BY_FILE)
        pp_put(&m->name, pp_text(m->p, function.name));
    if (m->level == PP_BY_ADDRESS)
        put_address(m, f);
    else if (m->level != PP_BY_FUNCTION)
        put_place(m, &function, m->level == PP_BY_LINE ? f->line : 0);
    add_place(m);
    return pp_string(m->p, pp_out_bytes(&m->name));
}

/* --- frames -------------------------------------------------------------- */

static pp_id make_frame(struct making *m, struct pp_frame f)
{
    struct pp_function old = *pp_function(m->p, f.function);
    struct pp_function function = {.name = m->level == PP_BY_MODULE ? 0 : name_of(m, &f)};
    pp_id module = m->modules[pp_mapping(m->p, f.mapping)->file];
    struct pp_frame frame = {
        .kind = f.kind,
        .marked = f.marked,
        .inlined = f.inlined & f.marked, /* only if it is part of the name */
    };
    if (m->level == PP_BY_ADDRESS) {
        frame = f;
        function = (struct pp_function){function.name, old.system_name, old.file, old.line};
    } else if (m->level != PP_BY_FUNCTION && m->level != PP_BY_MODULE) {
        function.file = old.file;
    }
    if (m->level == PP_BY_LINE) {
        frame.line = f.line;
        frame.inlined = f.inlined;
    }
    if (m->level != PP_BY_ADDRESS && !function.name)
        frame.mapping = module; /* all that is known and wanted */
    frame.function = pp_intern(&m->p->functions, &function);
    return pp_frame_left(m->p, &frame);
}

bool pp_apply_granularity(const struct pp_rule *r, struct pp_rule_run *run)
{
    struct making m = {.p = run->p, .level = r->level};
    m.modules = first_mappings(run->p);
    m.modules[0] = 0;
    pp_out_memory(&m.name, NULL);
    pp_out_memory(&m.place, NULL);
    size_t count = run->p->frames.count;
    pp_id *frames = pp_calloc(count, sizeof *frames);
    for (size_t f = 0; f < count; f++) {
        frames[f] = make_frame(&m, *pp_frame(run->p, (pp_id)f));
        run->matched += frames[f] != f;
    }
    pp_change_frames(run, frames);
    pp_out_release(&m.name);
    pp_out_release(&m.place);
    free(m.modules);
    return true;
}
