/*
 * library.c - loads libsqlite3 when there is a database to read or to write: linked, it would take
 * as long to start as everything else together, in every tool.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "formats/sqlite/sqlite_private.h"

struct pp_sqlite_library pp_sq;

static char why_not[200]; /* why it was not loaded; empty if it was */

/*
 * The loader ends the program in its own way when memory runs out: make sure that there is enough.
 */
enum { ROOM = 32 << 20 };

static void load(void)
{
#ifdef PP_LIBSQLITE3
    bool all = true;
    free(pp_realloc(NULL, ROOM, 1));
    void *handle = dlopen(PP_LIBSQLITE3, RTLD_NOW);
    if (!handle) {
        snprintf(why_not, sizeof why_not, "cannot load %s", dlerror());
        return;
    }
    /* As in POSIX: C has no cast from an object pointer to a function pointer. */
#define LOAD(name) \
    *(void **)&pp_sq.name = dlsym(handle, "sqlite3_" #name); \
    all = all && pp_sq.name;
    PP_OF_SQLITE(LOAD)
    if (!all)
        snprintf(why_not, sizeof why_not, "%s lacks what it must have", PP_LIBSQLITE3);
#else
#define TAKE(name) pp_sq.name = sqlite3_##name;
    PP_OF_SQLITE(TAKE)
#endif
}

const char *pp_sqlite_load(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return *why_not ? why_not : NULL;
}
