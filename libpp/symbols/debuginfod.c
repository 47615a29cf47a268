/*
 * libdebuginfod is loaded only when it is needed: it depends on an HTTP library with some twenty
 * dependencies of its own, which would slow every start of a tool.
 */
#include "symbols/debuginfod.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

#include "symbols/symbolize.h"

/* The functions used of it: see debuginfod_find_debuginfo(3). */
struct library {
    void *handle;
    void *(*begin)(void);
    void (*end)(void *client);
    int (*find[2])(void *client, const unsigned char *build_id, int len, char **path);
};

static bool load(struct library *l)
{
    static const char *const finders[2] = {
        [PP_THE_EXECUTABLE] = "debuginfod_find_executable",
        [PP_DEBUG_INFORMATION] = "debuginfod_find_debuginfo",
    };
    l->handle = dlopen("libdebuginfod.so.1", RTLD_NOW);
    if (!l->handle)
        return false;
    /* As in POSIX: C has no cast from an object pointer to a function pointer. */
    *(void **)&l->begin = dlsym(l->handle, "debuginfod_begin");
    *(void **)&l->end = dlsym(l->handle, "debuginfod_end");
    for (int i = 0; i < 2; i++)
        *(void **)&l->find[i] = dlsym(l->handle, finders[i]);
    return l->begin && l->end && l->find[0] && l->find[1];
}

bool pp_symbolize_has_debuginfod(void)
{
    struct library l;
    return load(&l);
}

const char *pp_debuginfod_find(const char *build_id, enum pp_debuginfod_kind kind,
                               struct pp_arena *a)
{
    struct library l;
    char *path = NULL;
    const char *copy = NULL;
    const unsigned char *hex = (const unsigned char *)build_id;
    void *client = *build_id && load(&l) ? l.begin() : NULL;
    if (!client)
        return NULL;
    int fd = l.find[kind](client, hex, 0, &path); /* length 0: the id is hexadecimal */
    if (fd >= 0) {
        close(fd);
        copy = pp_copy(a, pp_str(path));
    }
    l.end(client);
    free(path);
    return copy;
}
