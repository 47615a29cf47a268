/* The names of functions. */
#include <stdlib.h>

#include "base/bisect.h"
#include "base/memory.h"
#include "symbols/dwarf_private.h"

/* The text of an attribute of the DIE, or of the DIE that it is an instance or definition of. */
static const char *text_of(Dwarf_Die *die, unsigned attribute)
{
    Dwarf_Attribute found;
    return dwarf_formstring(dwarf_attr_integrate(die, attribute, &found));
}

uint32_t pp_die_number(Dwarf_Die *die, unsigned attribute)
{
    Dwarf_Attribute found;
    Dwarf_Word value;
    bool ok = dwarf_formudata(dwarf_attr_integrate(die, attribute, &found), &value) == 0;
    return ok && value <= UINT32_MAX ? (uint32_t)value : 0;
}

/* --- scopes -------------------------------------------------------------- */

/* The DIE that this is an instance or definition of, down to the first declaration. */
static Dwarf_Die declaration_of(Dwarf_Die die)
{
    static const unsigned links[] = {DW_AT_abstract_origin, DW_AT_specification};
    enum { MOST_LINKS = 8 };
    for (int n = 0; n < MOST_LINKS; n++) {
        Dwarf_Attribute found;
        Dwarf_Die next;
        bool moved = false;
        for (size_t i = 0; i < sizeof links / sizeof *links && !moved; i++)
            moved = dwarf_formref_die(dwarf_attr(&die, links[i], &found), &next) != NULL;
        if (!moved)
            break;
        die = next;
    }
    return die;
}

/* Builds "a::b()::" for the scope, after `before` if that isn't NULL. */
static const char *scope_name(const struct pp_unit *u, const char *before, uint32_t scope,
                              struct pp_arena *a)
{
    static const char between[] = "::", function[] = "()::";
    size_t len = before ? strlen(before) : 0, len_before = len;
    for (uint32_t s = scope; s != PP_NO_PARENT; s = u->scopes[s].parent)
        len += strlen(u->scopes[s].name) + strlen(u->scopes[s].function ? function : between);
    char *text = pp_alloc(a, len + 1), *p = text + len;
    if (before)
        memcpy(text, before, len_before);
    *p = '\0';
    for (uint32_t s = scope; s != PP_NO_PARENT; s = u->scopes[s].parent) {
        const char *name = u->scopes[s].name, *after = u->scopes[s].function ? function : between;
        p -= strlen(after);
        memcpy(p, after, strlen(after));
        p -= strlen(name);
        memcpy(p, name, strlen(name));
    }
    return text;
}

/* The unit that contains the DIE: mostly `u`, but with LTO and dwz units share descriptions. */
static struct pp_unit *unit_of(struct pp_names *n, struct pp_unit *u, Dwarf_Die *die)
{
    if (die->cu == u->die.cu)
        return u;
    uint64_t key = (uintptr_t)die->cu;
    size_t known = n->elsewhere.count;
    pp_id id = pp_intern(&n->elsewhere, &key);
    PP_GROW(n->units, (size_t)id + 1, n->units_cap);
    if (n->elsewhere.count > known) {
        n->units[id] = (struct pp_unit){0};
        dwarf_diecu(die, &n->units[id].die, NULL, NULL);
    }
    return &n->units[id];
}

/*
 * The last function of the unit that begins at `offset` or before: the DIE there is in it, if in
 * any.
 */
static const struct pp_declaration *function_before(const struct pp_unit *u, Dwarf_Off offset)
{
    PP_BISECT(n, u->ndeclarations, i, u->declarations[i].offset <= offset);
    return n ? &u->declarations[n - 1] : NULL;
}

static const char *scope_of(struct pp_names *n, struct pp_unit *u, Dwarf_Die *die, unsigned depth);

/*
 * The scope of a lambda, or of a function of a local class, which is in the function `outer` of the
 * unit. That function may be declared elsewhere; a limit of depth ends cycles.
 */
static const char *scope_in_function(struct pp_names *n, struct pp_unit *u, Dwarf_Off outer,
                                     Dwarf_Die *declaration, unsigned depth)
{
    enum { DEEPEST = 8 };
    Dwarf_Die function;
    if (depth == DEEPEST || !dwarf_offdie(dwarf_cu_getdwarf(declaration->cu), outer, &function))
        return NULL;
    const char *before = scope_of(n, u, &function, depth + 1);
    u = unit_of(n, u, declaration);
    uint32_t scope = pp_unit_scope_in(u, &function, dwarf_dieoffset(declaration));
    return scope == PP_NO_PARENT ? NULL : scope_name(u, before, scope, &n->scopes);
}

static const char *scope_of(struct pp_names *n, struct pp_unit *u, Dwarf_Die *die, unsigned depth)
{
    Dwarf_Die declaration = declaration_of(*die);
    Dwarf_Off offset = dwarf_dieoffset(&declaration);
    struct pp_unit *there = unit_of(n, u, &declaration);
    if (!there->scoped)
        pp_unit_read_scopes(there);
    const struct pp_declaration *d = function_before(there, offset);
    if (!d)
        return NULL;
    if (d->offset != offset)
        return scope_in_function(n, u, d->offset, &declaration, depth);
    return d->scope == PP_NO_PARENT ? NULL : scope_name(there, NULL, d->scope, &n->scopes);
}

/* --- names --------------------------------------------------------------- */

void pp_names_init(struct pp_names *n)
{
    *n = (struct pp_names){0};
    pp_table_init(&n->functions, sizeof(uint64_t));
    pp_table_init(&n->elsewhere, sizeof(uint64_t));
    pp_table_init(&n->paths, sizeof(uint64_t));
}

void pp_names_release(struct pp_names *n)
{
    for (size_t i = 1; i < n->elsewhere.count; i++)
        pp_unit_release(&n->units[i]);
    free(n->units);
    pp_table_release(&n->elsewhere);
    pp_table_release(&n->functions);
    pp_table_release(&n->paths);
    free(n->whole);
    pp_arena_release(&n->scopes);
    free(n->names);
}

/* "/folder/file"; or just the file if no folder is known, or it is not a file. */
static const char *joined(struct pp_names *n, Dwarf_Die *unit, const char *file)
{
    Dwarf_Attribute found;
    const char *folder = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &found));
    if (*file == '/' || *file == '<' || !folder || *folder != '/')
        return file;
    size_t before = strlen(folder), after = strlen(file);
    while (before > 1 && folder[before - 1] == '/')
        before--;
    before -= before == 1; /* "/" */
    char *path = pp_alloc(&n->scopes, before + 1 + after + 1);
    memcpy(path, folder, before);
    path[before] = '/';
    memcpy(path + before + 1, file, after + 1);
    return path;
}

const char *pp_whole_path(struct pp_names *n, Dwarf_Die *unit, const char *file)
{
    if (!file || strcmp(file, "???") == 0)
        return NULL;
    uint64_t key = (uintptr_t)file;
    size_t known = n->paths.count;
    pp_id id = pp_intern(&n->paths, &key);
    PP_GROW(n->whole, (size_t)id + 1, n->whole_cap);
    if (n->paths.count > known)
        n->whole[id] = joined(n, unit, file);
    return n->whole[id];
}

/* dwarf_decl_file() cannot be used: libdw 0.188 aborts on .dwo files of gcc. */
static const char *declared_in(struct pp_names *n, Dwarf_Die *die)
{
    Dwarf_Attribute found;
    Dwarf_Word number;
    Dwarf_Die unit;
    Dwarf_Files *files;
    if (dwarf_formudata(dwarf_attr_integrate(die, DW_AT_decl_file, &found), &number) != 0 ||
        !dwarf_cu_die(found.cu, &unit, NULL, NULL, NULL, NULL, NULL, NULL) ||
        dwarf_getsrcfiles(&unit, &files, NULL) != 0)
        return NULL;
    return pp_whole_path(n, &unit, dwarf_filesrc(files, number, NULL, NULL));
}

static struct pp_function_name find_name(struct pp_names *n, struct pp_unit *u, Dwarf_Die *die)
{
    struct pp_function_name found = {.name = text_of(die, DW_AT_linkage_name)};
    if (!found.name)
        found.name = text_of(die, DW_AT_MIPS_linkage_name);
    found.is_linkage = found.name != NULL;
    if (!found.is_linkage)
        found.name = text_of(die, DW_AT_name);
    if (!found.is_linkage && u->needs_linkage)
        found.scope = scope_of(n, u, die, 0);
    found.file = n->names_only ? NULL : declared_in(n, die);
    found.line = pp_die_number(die, DW_AT_decl_line);
    return found;
}

/*
 * An inlined function, or one in several parts, refers to its description. The variants of a
 * constructor each have a linker's name of their own.
 */
static const struct pp_function_name *name_of(struct pp_names *n, struct pp_unit *u, Dwarf_Die *die)
{
    Dwarf_Attribute link;
    Dwarf_Die origin = *die;
    if (dwarf_hasattr(die, DW_AT_linkage_name) ||
        !dwarf_formref_die(dwarf_attr(die, DW_AT_abstract_origin, &link), &origin))
        origin = *die;
    uint64_t key = (uintptr_t)origin.addr;
    size_t known = n->functions.count;
    pp_id id = pp_intern(&n->functions, &key);
    PP_GROW(n->names, (size_t)id + 1, n->cap);
    if (n->functions.count > known)
        n->names[id] = find_name(n, u, &origin);
    return &n->names[id];
}

void pp_name_call(struct pp_names *n, struct pp_unit *u, Dwarf_Die *die, struct pp_call *call)
{
    const struct pp_function_name *name = name_of(n, u, die);
    call->name = name->name;
    call->scope = name->scope;
    call->is_linkage = name->is_linkage;
    call->needs_linkage = u->needs_linkage;
    /* Go's functions that are inlined are declared in no file: in that of their code. */
    bool same_file = call->file && (!name->file || strcmp(name->file, call->file) == 0);
    call->function_line = same_file ? name->line : 0;
    call->declared_line = name->line;
}
