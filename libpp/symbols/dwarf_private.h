/* dwarf_private.h - what the index of dwarf.h is made of. */
#ifndef PP_SYMBOLS_DWARF_PRIVATE_H
#define PP_SYMBOLS_DWARF_PRIVATE_H

#include "base/table.h"
#include "symbols/dwarf.h"
#include "symbols/elfutils_private.h"

/*
 * Ranges of addresses, each with a number: a symbol table without names. The range that starts last
 * is the one that is found, and of those that start together, the one of the highest number.
 */
struct pp_range_index {
    struct pp_symbol_table table;
};

void pp_range_add(struct pp_range_index *x, uint64_t low, uint64_t high, uint32_t number);
void pp_range_sort(struct pp_range_index *x);
bool pp_range_find(const struct pp_range_index *x, uint64_t address, uint32_t *number);
void pp_range_release(struct pp_range_index *x);

/*
 * Adds all ranges of code that belong to the DIE; whether it has any. Those below `begin` count
 * from there, which libdw does not know of a unit that was put together: see dwarf_package.h.
 */
bool pp_range_add_die(struct pp_range_index *x, Dwarf_Die *die, uint32_t number, uint64_t begin);

/* A call that was inlined, in the function or in another inlined one. */
struct pp_inlined {
    Dwarf_Die die;
    uint32_t parent; /* in the list; PP_NO_PARENT: the function itself */
};

#define PP_NO_PARENT UINT32_MAX

struct pp_dwarf_function {
    Dwarf_Die die;
    uint64_t begin; /* of the unit, or 0: see pp_range_add_die() */
    bool read;      /* what is inlined in it */
    struct pp_inlined *inlined;
    size_t ninlined;
    struct pp_range_index ranges; /* of `inlined` */
};

/* A namespace, class or function, in which others may be. */
struct pp_scope {
    const char *name;
    uint32_t parent; /* PP_NO_PARENT: it is in none */
    bool function;
};

/* A function that is in no other, and the scope that it stands in. */
struct pp_declaration {
    Dwarf_Off offset;
    uint32_t scope;
};

struct pp_unit {
    Dwarf_Die skeleton; /* the unit in the file itself, which has the lines */
    Dwarf_Die die;      /* that, or the one in a .dwo file, which has the functions */
    uint64_t begin;     /* where its code begins, if libdw does not know that; else 0 */
    bool opened;
    bool deep;   /* functions were looked for everywhere, and not only where most are */
    bool scoped; /* scopes and declarations are there */
    bool needs_linkage;
    struct pp_dwarf_function *functions;
    size_t nfunctions, functions_cap;
    struct pp_range_index ranges; /* of `functions` */
    struct pp_scope *scopes;
    size_t nscopes, scopes_cap;
    struct pp_declaration *declarations; /* by offset */
    size_t ndeclarations, declarations_cap;
};

/* Lists the functions of the unit; with `deep` also those inside of functions and classes. */
void pp_unit_read(struct pp_unit *u, bool deep);

/* Lists the scopes and the functions in them, but not what is in functions. */
void pp_unit_read_scopes(struct pp_unit *u);

/*
 * The scope that the DIE at `offset` stands in, from that of `function` on, in which it is;
 * PP_NO_PARENT if it is not.
 */
uint32_t pp_unit_scope_in(struct pp_unit *u, Dwarf_Die *function, Dwarf_Off offset);
void pp_unit_release(struct pp_unit *u);

/* The function of the unit that has code at an address; NULL if there is none. */
struct pp_dwarf_function *pp_unit_function(struct pp_unit *u, uint64_t address);

/* The innermost call that was inlined at an address, as a number in f->inlined. */
uint32_t pp_function_inlined(struct pp_dwarf_function *f, uint64_t address);

/* What a function is called: the same for each place where it was inlined. */
struct pp_function_name {
    const char *name, *scope;
    bool is_linkage;
    const char *file; /* where it is declared; NULL if that is unknown */
    uint32_t line;
};

/* The names that were found out so far. */
struct pp_names {
    struct pp_table functions; /* by the address of what describes them in the debug information */
    struct pp_function_name *names;
    size_t cap;
    struct pp_table elsewhere; /* units that describe what is in others, as with LTO and dwz */
    struct pp_unit *units;
    size_t units_cap;
    struct pp_table paths; /* names of files as the line tables have them, by their address */
    const char **whole;    /* for each, the path with the folder of the compiler before it */
    size_t whole_cap;
    struct pp_arena scopes; /* and paths */
};

void pp_names_init(struct pp_names *n);
void pp_names_release(struct pp_names *n);

/*
 * The number that an attribute of the DIE has, or one of what it is an instance or the definition
 * of; 0 if there is none.
 */
uint32_t pp_die_number(Dwarf_Die *die, unsigned attribute);

/*
 * The path of a file, to which the folder in which the compiler ran for the unit is joined if it is
 * relative; NULL for NULL, and for "???", by which libdw says that there is none.
 */
const char *pp_whole_path(struct pp_names *n, Dwarf_Die *unit, const char *file);

/* Fills in what the call is of, whose file is known. */
void pp_name_call(struct pp_names *n, struct pp_unit *u, Dwarf_Die *die, struct pp_call *call);

/*
 * Moves from a DIE to the next beside it; false at the last, and where damage would lead back, and
 * so round in circles.
 */
bool pp_next_die(Dwarf_Die *die);

#endif
