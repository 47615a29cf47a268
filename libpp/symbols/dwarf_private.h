/* dwarf_private.h - the parts of the index of dwarf.h. */
#ifndef PP_SYMBOLS_DWARF_PRIVATE_H
#define PP_SYMBOLS_DWARF_PRIVATE_H

#include "base/table.h"
#include "symbols/dwarf.h"
#include "symbols/elfutils_private.h"

/*
 * Ranges of addresses, each with a number: a symbol table without names. Finds the range that
 * starts last; of those that start at the same address, the one with the highest number.
 */
struct pp_range_index {
    struct pp_symbol_table table;
};

void pp_range_add(struct pp_range_index *x, uint64_t low, uint64_t high, uint32_t number);
void pp_range_sort(struct pp_range_index *x);
bool pp_range_find(const struct pp_range_index *x, uint64_t address, uint32_t *number);
void pp_range_release(struct pp_range_index *x);

/*
 * Adds all ranges of code of the DIE; returns whether it has any. Ranges below `begin` are relative
 * to it, which libdw does not know for a unit built from a package: see dwarf_package.h.
 */
bool pp_range_add_die(struct pp_range_index *x, Dwarf_Die *die, uint32_t number, uint64_t begin);

/* A call inlined in the function, or in another inlined call. */
struct pp_inlined {
    Dwarf_Die die;
    uint32_t parent; /* index in the list; PP_NO_PARENT: the function itself */
};

#define PP_NO_PARENT UINT32_MAX

struct pp_dwarf_function {
    Dwarf_Die die;
    uint64_t begin; /* of the unit, or 0: see pp_range_add_die() */
    bool read;      /* the calls inlined in it were read */
    struct pp_inlined *inlined;
    size_t ninlined;
    struct pp_range_index ranges; /* of `inlined` */
};

/* A namespace, class or function that may contain others. */
struct pp_scope {
    const char *name;
    uint32_t parent; /* PP_NO_PARENT: at the top level */
    bool function;
};

/* A function that is not nested in another, and its scope. */
struct pp_declaration {
    Dwarf_Off offset;
    uint32_t scope;
};

struct pp_unit {
    Dwarf_Die skeleton; /* the unit in the file itself, which has the line table */
    Dwarf_Die die;      /* the same, or the unit in a .dwo file, which has the functions */
    uint64_t begin;     /* the address of its code, if libdw does not know it; else 0 */
    bool opened;
    bool deep;   /* functions were searched for everywhere, not only at the usual places */
    bool scoped; /* scopes and declarations were read */
    bool needs_linkage;
    struct pp_dwarf_function *functions;
    size_t nfunctions, functions_cap;
    struct pp_range_index ranges; /* of `functions` */
    struct pp_scope *scopes;
    size_t nscopes, scopes_cap;
    struct pp_declaration *declarations; /* by offset */
    size_t ndeclarations, declarations_cap;
};

/* Lists the functions of the unit; with `deep` also those nested in functions and classes. */
void pp_unit_read(struct pp_unit *u, bool deep);

/* Lists the scopes and the functions in them, but not what is inside of functions. */
void pp_unit_read_scopes(struct pp_unit *u);

/*
 * The scope of the DIE at `offset`, searched from the scope of `function`, which contains it;
 * PP_NO_PARENT if it is not there.
 */
uint32_t pp_unit_scope_in(struct pp_unit *u, Dwarf_Die *function, Dwarf_Off offset);
void pp_unit_release(struct pp_unit *u);

/* The function of the unit that has code at an address; NULL if there is none. */
struct pp_dwarf_function *pp_unit_function(struct pp_unit *u, uint64_t address);

/* The innermost call inlined at an address, as an index in f->inlined. */
uint32_t pp_function_inlined(struct pp_dwarf_function *f, uint64_t address);

/* The name of a function, which is shared by all places where it was inlined. */
struct pp_function_name {
    const char *name, *scope;
    bool is_linkage;
    const char *file; /* where it is declared; NULL if that is unknown */
    uint32_t line;
};

/* A cache of names. */
struct pp_names {
    bool names_only;           /* no files of functions */
    struct pp_table functions; /* by the address of their description in the debug information */
    struct pp_function_name *names;
    size_t cap;
    struct pp_table elsewhere; /* units that hold descriptions for others, as with LTO and dwz */
    struct pp_unit *units;
    size_t units_cap;
    struct pp_table paths; /* names of files as the line tables have them, by their address */
    const char **whole;    /* for each, the path joined to the compiler's folder */
    size_t whole_cap;
    struct pp_arena scopes; /* for scopes and paths */
};

void pp_names_init(struct pp_names *n);
void pp_names_release(struct pp_names *n);

/*
 * The number in an attribute of the DIE, or of the DIE that it is an instance or definition of; 0
 * if there is none.
 */
uint32_t pp_die_number(Dwarf_Die *die, unsigned attribute);

/*
 * The path of a file; a relative one is joined to the folder in which the compiler ran for the
 * unit. NULL for NULL, and for "???", which is libdw's word for none.
 */
const char *pp_whole_path(struct pp_names *n, Dwarf_Die *unit, const char *file);

/* Fills in the function of the call, whose file is known. */
void pp_name_call(struct pp_names *n, struct pp_unit *u, Dwarf_Die *die, struct pp_call *call);

/*
 * Moves to the next sibling of a DIE; false at the last one, and if damage would lead back, which
 * would loop.
 */
bool pp_next_die(Dwarf_Die *die);

#endif
