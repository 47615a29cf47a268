#include "transform/naming.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/out.h"
#include "model/compact.h"
#include "model/merge.h"

/* --- frames by name ------------------------------------------------------ */

/* "libc.so.6+0x1234": only if the file is known, so that the offset is the same in every run. */
static void put_offset(struct pp_out *text, struct pp_span file, const struct pp_mapping *m,
                       uint64_t address)
{
    pp_put(text, file);
    pp_putf(text, "+0x%" PRIx64, address - m->start + m->offset);
}

/* "[libc.so.6 <7f12>]" for a frame without a function. */
static pp_id name_of_unknown(struct pp_profile *p, struct pp_frame f, bool addresses, bool offsets)
{
    struct pp_out text;
    pp_out_memory(&text, NULL);
    const struct pp_mapping *mapping = pp_mapping(p, f.mapping);
    struct pp_span file = pp_text(p, mapping->file), base = pp_base_name(file);
    if (offsets && f.address && !pp_empty(base)) {
        put_offset(&text, base, mapping, f.address);
        pp_id name = pp_string(p, pp_out_bytes(&text));
        pp_out_release(&text);
        return name;
    }
    pp_puts(&text, "[");
    pp_put(&text, pp_empty(base) ? file : base);
    if (pp_empty(file))
        pp_puts(&text, "unknown");
    if (addresses)
        pp_putf(&text, " <%" PRIx64 ">", f.address);
    pp_puts(&text, "]");
    pp_id name = pp_string(p, pp_out_bytes(&text));
    pp_out_release(&text);
    return name;
}

pp_id pp_display_name(struct pp_profile *p, pp_id frame)
{
    struct pp_frame f = *pp_frame(p, frame);
    pp_id name = pp_function(p, f.function)->name;
    return name ? name : name_of_unknown(p, f, false, false);
}

/* "main:main.c:12" for a frame with a line, as in stackcollapse-perf.pl --srcline. */
static pp_id name_with_line(struct pp_profile *p, struct pp_frame f)
{
    const struct pp_function *function = pp_function(p, f.function);
    if (!f.line)
        return function->name;
    struct pp_out text;
    pp_out_memory(&text, NULL);
    pp_put(&text, pp_text(p, function->name));
    pp_puts(&text, ":");
    pp_put(&text, pp_base_name(pp_text(p, function->file)));
    pp_puts(&text, ":");
    pp_put_u64(&text, f.line);
    pp_id name = pp_string(p, pp_out_bytes(&text));
    pp_out_release(&text);
    return name;
}

/* The vdso belongs to the kernel, though user code runs it: other tools mark it as the kernel's. */
static enum pp_kind marked_kind(const struct pp_profile *p, struct pp_frame f)
{
    bool vdso = pp_is(pp_text(p, pp_mapping(p, f.mapping)->file), "[vdso]");
    return vdso ? PP_KERNEL : (enum pp_kind)f.kind;
}

/* Whether the frame's kind, or for PP_KINDS that it is inlined, is kept and shown. */
static bool is_kept(const struct pp_naming *naming, const struct pp_frame *f, enum pp_kind kind)
{
    bool own = f->marked && (f->inlined ? kind == PP_KINDS : kind != PP_KINDS);
    return own || naming->annotate >> kind & 1;
}

static pp_id frame_by_name(struct pp_profile *p, struct pp_frame f, const struct pp_naming *naming)
{
    pp_id name = pp_function(p, f.function)->name;
    if (!name)
        name = name_of_unknown(p, f, naming->addresses, naming->offsets);
    else if (naming->lines)
        name = name_with_line(p, f);
    enum pp_kind kind = marked_kind(p, f);
    struct pp_frame plain = {
        .function = pp_intern(&p->functions, &(struct pp_function){.name = name}),
        .kind = is_kept(naming, &f, kind) ? kind & 0x1f : 0,
        .inlined = f.inlined && is_kept(naming, &f, PP_KINDS),
    };
    plain.marked = plain.kind || plain.inlined;
    return pp_intern(&p->frames, &plain);
}

/* For each mapping the first whose file has the same name, whatever its folder; the caller frees
 * it. */
static pp_id *modules_by_name(struct pp_profile *p)
{
    size_t count = p->mappings.count;
    pp_id *modules = pp_calloc(count, sizeof *modules);
    struct pp_strings names;
    pp_strings_init(&names);
    pp_id *first = pp_calloc(count + 1, sizeof *first);
    for (size_t m = 1; m < count; m++) {
        pp_id name =
            pp_intern_string(&names, pp_base_name(pp_text(p, pp_mapping(p, (pp_id)m)->file)));
        if (name && !first[name])
            first[name] = (pp_id)m;
        modules[m] = first[name];
    }
    free(first);
    pp_strings_release(&names);
    return modules;
}

/* A name in a module. What has no module counts as being in the first one that has the name. */
struct module_name {
    pp_id name, module;
};

/* For each named frame its first module; the caller frees it. */
static pp_id *first_modules(const struct pp_profile *p, const pp_id *frames, const pp_id *modules,
                            size_t count)
{
    pp_id *first = pp_calloc(p->frames.count, sizeof *first);
    for (size_t f = 1; f < count; f++)
        if (!first[frames[f]])
            first[frames[f]] = modules[pp_frame(p, (pp_id)f)->mapping];
    return first;
}

/* The named frame in the module, or if that is 0 in the frame's own, at the place of frame `at`. */
static pp_id placed_frame(struct pp_profile *p, struct module_name key, pp_id at)
{
    struct pp_frame place = *pp_frame(p, at), frame = *pp_frame(p, key.name);
    struct pp_function function = *pp_function(p, frame.function);
    function.file = pp_function(p, place.function)->file;
    frame.function = pp_intern(&p->functions, &function);
    frame.mapping = key.module ? key.module : place.mapping;
    frame.line = place.line;
    return pp_intern(&p->frames, &frame);
}

/*
 * Gives each of the named frames the place of the first that has its name, and that is in its
 * module unless modules do not count: `frames` are the named ones, by frame, and are replaced.
 */
static void add_places(struct pp_profile *p, pp_id *frames, size_t count, bool by_module)
{
    pp_id *modules = modules_by_name(p), *first = first_modules(p, frames, modules, count);
    struct pp_table keys;
    pp_id *placed = pp_calloc(count + 1, sizeof *placed); /* by number of a key */
    pp_table_init(&keys, sizeof(struct module_name));
    for (size_t f = 1; f < count; f++) {
        pp_id name = frames[f], module = modules[pp_frame(p, (pp_id)f)->mapping];
        struct module_name key = {name, by_module ? module ? module : first[name] : 0};
        pp_id number = pp_intern(&keys, &key);
        if (!placed[number])
            placed[number] = placed_frame(p, key, (pp_id)f);
        frames[f] = placed[number];
    }
    pp_table_release(&keys);
    free(placed);
    free(first);
    free(modules);
}

/* In a comparison a function is the same on both sides, wherever its module was. */
static bool compares(const struct pp_profile *p)
{
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (p->columns[c].side)
            return true;
    return false;
}

/* Whether two frames differ only in what their names do not show. */
static bool are_named_alike(const struct pp_frame *a, const struct pp_frame *b,
                            const struct pp_naming *naming)
{
    return !naming->addresses && !naming->offsets && !naming->lines && a->function == b->function &&
           a->mapping == b->mapping && a->kind == b->kind && a->inlined == b->inlined &&
           a->marked == b->marked;
}

/* --- the command as the root ----------------------------------------------- */

static void put_label(struct pp_out *out, const struct pp_profile *p, const struct pp_label *label)
{
    if (!label)
        pp_puts(out, "?");
    else if (label->text)
        pp_put(out, pp_text(p, label->text));
    else
        pp_put_i64(out, label->number);
}

/* The frame "comm-12/13" for the set of labels; 0 if it has no `comm`. */
static pp_id comm_frame(struct pp_profile *p, pp_id labels, enum pp_comm how)
{
    const struct pp_label *comm = pp_label_find(p, labels, pp_cstring(p, "comm"));
    if (!comm || !comm->text)
        return 0;
    struct pp_out name;
    pp_out_memory(&name, NULL);
    pp_put(&name, pp_text(p, comm->text));
    for (size_t i = 0; i < name.len; i++)
        if (pp_is_blank(name.buf[i]))
            name.buf[i] = '_';
    if (how != PP_COMM) {
        pp_puts(&name, "-");
        put_label(&name, p, pp_label_find(p, labels, pp_cstring(p, "pid")));
    }
    if (how == PP_COMM_TID) {
        pp_puts(&name, "/");
        put_label(&name, p, pp_label_find(p, labels, pp_cstring(p, "tid")));
    }
    pp_id frame = pp_frame_named(p, pp_out_bytes(&name));
    pp_out_release(&name);
    return frame;
}

/*
 * For each set of labels, the frame to put at the root. NULL if there are none. The caller frees
 * it.
 */
static pp_id *comm_frames(struct pp_profile *p, enum pp_comm how)
{
    if (how == PP_NO_COMM || !pp_string_find(p, pp_str("comm")))
        return NULL;
    size_t count = p->labels.count;
    pp_id *frames = pp_calloc(count, sizeof *frames);
    for (size_t set = 1; set < count; set++)
        frames[set] = comm_frame(p, (pp_id)set, how);
    return frames;
}

/* --- the tree ------------------------------------------------------------ */

/* Nodes of frame 0, the unknown frame, need a name in a tree of names. */
static bool has_bare_nodes(const struct pp_profile *p)
{
    for (size_t n = 1; n < p->nodes.count; n++)
        if (!pp_node(p, (pp_id)n)->frame)
            return true;
    return false;
}

void pp_by_name(struct pp_profile **p, const struct pp_naming *naming)
{
    struct pp_profile *q = *p;
    size_t count = q->frames.count;
    pp_id *frames = pp_calloc(count, sizeof *frames), *roots;
    bool changed = false;
    for (size_t f = 0; f < count; f++) {
        const struct pp_frame *frame = pp_frame(q, (pp_id)f);
        frames[f] = f && are_named_alike(frame, frame - 1, naming)
                        ? frames[f - 1]
                        : frame_by_name(q, *frame, naming);
        changed = changed || (f && frames[f] != f);
    }
    if (naming->places)
        add_places(q, frames, count, !compares(q));
    roots = comm_frames(q, naming->comm);
    if (changed || roots || has_bare_nodes(q))
        pp_reshape(p, &(struct pp_reshape){
                          .frames = frames,
                          .roots = roots,
                          .jobs = naming->jobs,
                      });
    free(frames);
    free(roots);
}
