/*
 * sqlite.h - databases of profiles, for tools that write more than one profile to a file.
 *
 * The rows of all profiles share the tables of strings, modules, functions, frames, nodes and
 * labels; each profile has samples, columns and a description of its own. schema.c has the tables.
 */
#ifndef PP_FORMATS_SQLITE_SQLITE_H
#define PP_FORMATS_SQLITE_SQLITE_H

#include "base/out.h"
#include "model/profile.h"
#include "model/series.h"

struct pp_store;

/*
 * A database in memory that profiles are added to: a new one if `old` is empty, else a copy of the
 * one in `old`, whose file is called `file`. NULL after reporting. The caller frees it with
 * pp_store_free(), which takes NULL.
 */
struct pp_store *pp_store_new(struct pp_span old, const char *file, struct pp_diag *diag);
void pp_store_free(struct pp_store *s);

/* Adds `p`, which was read from `origin` ("": unknown). False after reporting. */
bool pp_store_add(struct pp_store *s, const struct pp_profile *p, const char *origin);

/*
 * Adds the dumps of a series as parts of the profile that was added last, which must be `p`. Cells
 * refer to the `copy` of samples, as transform/series.h numbers them. False after reporting.
 */
bool pp_store_add_series(struct pp_store *s, const struct pp_profile *p,
                         const struct pp_series *series);

/* Writes the database. False after reporting. */
bool pp_store_write(struct pp_store *s, struct pp_out *out);

/* Writes a database of `p` alone, with less memory. False after reporting. */
bool pp_store_write_one(const struct pp_profile *p, const char *origin, struct pp_out *out);

#endif
