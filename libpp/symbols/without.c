/*
 * Replaces the other files of symbols/ if pp is built without libdw, libelf, liblzma and libiberty
 * (PP_WITH_SYMBOLS=OFF): nothing is looked up or demangled, and a message says so.
 */
#include "symbols/code_ranges.h"
#include "symbols/demangle.h"
#include "symbols/rename.h"
#include "symbols/symbolize.h"
#include "symbols/unwind.h"

bool pp_symbolize_is_built_in(void)
{
    return false;
}

bool pp_symbolize_has_debuginfod(void)
{
    return false;
}

bool pp_symbolize(struct pp_profile **p, const struct pp_symbolize_options *options,
                  struct pp_symbolized *done, struct pp_diag *diag)
{
    (void)p, (void)options;
    *done = (struct pp_symbolized){0};
    return pp_error(diag, NULL, "names cannot be looked up: pp was built without libdw");
}

void pp_demangle_profile(struct pp_profile **p, const struct pp_symbolize_options *options,
                         struct pp_diag *diag)
{
    (void)p, (void)options;
    pp_warning(diag, NULL, "names are neither looked up nor demangled: pp was built without libdw");
}

/* All dumps stay PP_DUMP_NOT_WALKED, which the reader counts and reports. */
void pp_unwind(void *options, struct pp_stack_dumps *dumps)
{
    (void)options, (void)dumps;
}

void *pp_code_ranges_open(const struct pp_symbolize_options *options)
{
    (void)options;
    return NULL;
}

void pp_code_ranges_close(void *opened)
{
    (void)opened;
}

struct pp_code_ranges pp_code_ranges_find(void *opened, const struct pp_code_file *file)
{
    (void)opened, (void)file;
    return (struct pp_code_ranges){0};
}

bool pp_demangle(struct pp_span symbol, enum pp_demangle how, bool full_names, struct pp_out *out)
{
    (void)symbol, (void)how, (void)full_names;
    out->len = 0;
    return false;
}

bool pp_simplify(struct pp_span name, enum pp_demangle how, struct pp_out *out)
{
    (void)name, (void)how;
    out->len = 0;
    return false;
}

void pp_report_mangled(const struct pp_profile *p, const struct pp_symbolize_options *options,
                       struct pp_diag *diag)
{
    (void)p, (void)options, (void)diag; /* nothing is demangled, as was said */
}
