/* The names of the modes of pp_demangle(), in every build. */
#include "symbols/demangle.h"

bool pp_demangle_named(const char *word, enum pp_demangle *how)
{
    static const char *const words[] = {"simple", "templates", "full", "none"};
    for (int i = PP_DEMANGLE_SIMPLE; i <= PP_DEMANGLE_NONE; i++)
        if (strcmp(word, words[i]) == 0) {
            *how = (enum pp_demangle)i;
            return true;
        }
    return false;
}
