/* The functions of a unit, and the calls inlined in a function. */
#include <stdlib.h>

#include "base/memory.h"
#include "symbols/dwarf_private.h"

bool pp_next_die(Dwarf_Die *die)
{
    Dwarf_Die next;
    if (dwarf_siblingof(die, &next) != 0 || dwarf_dieoffset(&next) <= dwarf_dieoffset(die))
        return false;
    *die = next;
    return true;
}

/*
 * A walk over a tree of DIEs in preorder. It has a stack of its own, as damaged or hostile
 * information may nest without end.
 */
struct level {
    Dwarf_Die die;
    uint32_t context; /* the caller's note about the enclosing DIEs */
};

struct walk {
    struct level *levels;
    size_t depth, cap;
};

/* Continues with the children of `die`, if it has any. */
static void descend(struct walk *w, Dwarf_Die *die, uint32_t context)
{
    PP_GROW(w->levels, w->depth + 1, w->cap);
    struct level *level = &w->levels[w->depth];
    if (dwarf_child(die, &level->die) != 0 || dwarf_dieoffset(&level->die) <= dwarf_dieoffset(die))
        return;
    level->context = context;
    w->depth++;
}

/* The next DIE, and the context that was passed for its parent; false at the end. */
static bool step(struct walk *w, Dwarf_Die *die, uint32_t *context)
{
    if (!w->depth)
        return false;
    struct level *level = &w->levels[w->depth - 1];
    *die = level->die;
    *context = level->context;
    if (!pp_next_die(&level->die))
        w->depth--;
    return true;
}

/* --- functions ----------------------------------------------------------- */

static void add_function(struct pp_unit *u, Dwarf_Die *die)
{
    if (!pp_range_add_die(&u->ranges, die, (uint32_t)u->nfunctions, u->begin))
        return;
    PP_GROW(u->functions, u->nfunctions + 1, u->functions_cap);
    u->functions[u->nfunctions++] = (struct pp_dwarf_function){.die = *die, .begin = u->begin};
}

static void forget_functions(struct pp_unit *u)
{
    for (size_t i = 0; i < u->nfunctions; i++) {
        pp_range_release(&u->functions[i].ranges);
        free(u->functions[i].inlined);
    }
    pp_range_release(&u->ranges);
    u->nfunctions = 0;
}

static bool is_class(int tag)
{
    return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type ||
           tag == DW_TAG_interface_type;
}

static bool is_namespace(int tag)
{
    return tag == DW_TAG_namespace || tag == DW_TAG_module;
}

/*
 * Compilers put nearly all functions with code directly into namespaces; classes only declare them.
 * Lambdas and functions of local classes may be inside the function that contains them.
 */
static bool may_have_functions(int tag, bool deep)
{
    return is_namespace(tag) ||
           (deep && (is_class(tag) || tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block ||
                     tag == DW_TAG_inlined_subroutine));
}

void pp_unit_read(struct pp_unit *u, bool deep)
{
    struct walk w = {0};
    Dwarf_Die die;
    uint32_t unused;
    forget_functions(u);
    u->deep = deep;
    descend(&w, &u->die, 0);
    while (step(&w, &die, &unused)) {
        int tag = dwarf_tag(&die);
        if (tag == DW_TAG_subprogram)
            add_function(u, &die);
        if (may_have_functions(tag, deep))
            descend(&w, &die, 0);
    }
    free(w.levels);
    pp_range_sort(&u->ranges);
}

struct pp_dwarf_function *pp_unit_function(struct pp_unit *u, uint64_t address)
{
    uint32_t number;
    return pp_range_find(&u->ranges, address, &number) ? &u->functions[number] : NULL;
}

/* --- scopes -------------------------------------------------------------- */

static const char unnamed_type[] = "{unnamed type}", lambda[] = "{lambda}";

static uint32_t add_scope(struct pp_unit *u, Dwarf_Die *die, uint32_t parent)
{
    const char *name = dwarf_diename(die);
    int tag = dwarf_tag(die);
    if (!name)
        name = is_namespace(tag) ? "(anonymous namespace)" : unnamed_type;
    PP_GROW(u->scopes, u->nscopes + 1, u->scopes_cap);
    u->scopes[u->nscopes] = (struct pp_scope){name, parent, tag == DW_TAG_subprogram};
    return (uint32_t)u->nscopes++;
}

/* A class without a name that can be called is a lambda. */
static void note_lambda(struct pp_unit *u, Dwarf_Die *die, uint32_t scope)
{
    const char *name = dwarf_diename(die);
    if (scope != PP_NO_PARENT && u->scopes[scope].name == unnamed_type && name &&
        strcmp(name, "operator()") == 0)
        u->scopes[scope].name = lambda;
}

static void add_declaration(struct pp_unit *u, Dwarf_Die *die, uint32_t scope)
{
    note_lambda(u, die, scope);
    PP_GROW(u->declarations, u->ndeclarations + 1, u->declarations_cap);
    u->declarations[u->ndeclarations++] = (struct pp_declaration){dwarf_dieoffset(die), scope};
}

void pp_unit_read_scopes(struct pp_unit *u)
{
    struct walk w = {0};
    Dwarf_Die die;
    uint32_t scope;
    u->scoped = true;
    descend(&w, &u->die, PP_NO_PARENT);
    while (step(&w, &die, &scope)) {
        int tag = dwarf_tag(&die);
        if (tag == DW_TAG_subprogram)
            add_declaration(u, &die, scope);
        else if (is_namespace(tag) || is_class(tag))
            descend(&w, &die, add_scope(u, &die, scope));
    }
    free(w.levels);
}

/* Whether the whole DIE lies before `offset`. */
static bool ends_before(Dwarf_Die *die, Dwarf_Off offset)
{
    Dwarf_Die next;
    return dwarf_siblingof(die, &next) == 0 && dwarf_dieoffset(&next) <= offset;
}

uint32_t pp_unit_scope_in(struct pp_unit *u, Dwarf_Die *function, Dwarf_Off offset)
{
    struct walk w = {0};
    Dwarf_Die die;
    uint32_t scope, found = PP_NO_PARENT;
    descend(&w, function, add_scope(u, function, PP_NO_PARENT));
    while (found == PP_NO_PARENT && step(&w, &die, &scope)) {
        int tag = dwarf_tag(&die);
        bool here = dwarf_dieoffset(&die) == offset;
        if (!here && ends_before(&die, offset))
            continue;
        note_lambda(u, &die, scope);
        if (here)
            found = scope;
        else if (tag == DW_TAG_subprogram || is_class(tag))
            descend(&w, &die, add_scope(u, &die, scope));
        else if (tag == DW_TAG_lexical_block)
            descend(&w, &die, scope);
    }
    free(w.levels);
    return found;
}

void pp_unit_release(struct pp_unit *u)
{
    forget_functions(u);
    free(u->functions);
    free(u->scopes);
    free(u->declarations);
}

/* --- inlined calls ------------------------------------------------------- */

static void read_inlined(struct pp_dwarf_function *f)
{
    struct walk w = {0};
    Dwarf_Die die;
    uint32_t parent;
    size_t cap = 0;
    descend(&w, &f->die, PP_NO_PARENT);
    while (step(&w, &die, &parent)) {
        int tag = dwarf_tag(&die);
        if (tag == DW_TAG_lexical_block) {
            descend(&w, &die, parent);
        } else if (tag == DW_TAG_inlined_subroutine) {
            uint32_t number = (uint32_t)f->ninlined;
            PP_GROW(f->inlined, f->ninlined + 1, cap);
            f->inlined[f->ninlined++] = (struct pp_inlined){die, parent};
            pp_range_add_die(&f->ranges, &die, number, f->begin);
            descend(&w, &die, number);
        }
    }
    free(w.levels);
    pp_range_sort(&f->ranges);
}

uint32_t pp_function_inlined(struct pp_dwarf_function *f, uint64_t address)
{
    uint32_t number;
    if (!f->read)
        read_inlined(f);
    f->read = true;
    return pp_range_find(&f->ranges, address, &number) ? number : PP_NO_PARENT;
}
