#include "symbols/binaries.h"

#include "model/program.h"

static bool is_named(const struct pp_profile *p, pp_id file, const char *binary)
{
    return pp_same(pp_base_name(pp_text(p, file)), pp_base_name(pp_str(binary)));
}

/* Whether the profile has a module of this name, even one without addresses to look up. */
static bool is_mapped(const struct pp_profile *p, const char *binary)
{
    for (size_t m = 1; m < p->mappings.count; m++)
        if (is_named(p, pp_mapping(p, (pp_id)m)->file, binary))
            return true;
    return false;
}

static bool assign_by_name(const struct pp_profile *p, const char *binary, const pp_id *files,
                           size_t n, const char **assigned)
{
    bool found = false;
    for (size_t i = 0; i < n; i++) {
        if (!is_named(p, files[i], binary))
            continue;
        assigned[i] = binary;
        found = true;
    }
    return found;
}

void pp_assign_binaries(const struct pp_profile *p, const char *const *binaries, const pp_id *files,
                        size_t n, const char **assigned)
{
    const char *program = NULL;
    for (size_t i = 0; i < n; i++)
        assigned[i] = NULL;
    for (const char *const *b = binaries; b && *b; b++)
        if (!assign_by_name(p, *b, files, n, assigned) && !program && !is_mapped(p, *b))
            program = *b;
    pp_id file = program ? pp_mapping(p, pp_program(p))->file : 0;
    for (size_t i = 0; i < n && program; i++)
        if (!assigned[i] && files[i] == file)
            assigned[i] = program;
}

const char *pp_binary_named(const char *const *binaries, const char *path)
{
    const char *named = NULL;
    for (const char *const *b = binaries; b && *b; b++)
        if (pp_same(pp_base_name(pp_str(*b)), pp_base_name(pp_str(path))))
            named = *b;
    return named;
}
