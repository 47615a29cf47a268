#include "symbols/rename.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/child.h"
#include "base/memory.h"
#include "model/compact.h"
#include "symbols/lookup.h"

/*
 * libiberty can take forever over a name of 40 bytes, or crash. So that other names are not lost,
 * such a name is left out, and another child starts over.
 */
enum { SECONDS_FOR_A_NAME = 2, MOST_LEFT_OUT = 8 };

struct names {
    const struct pp_profile *p;
    const struct pp_symbolize_options *options;
    volatile pp_id *at; /* the current function, in memory shared by parent and child */
    pp_id left_out[MOST_LEFT_OUT];
    unsigned nleft_out;
};

/* --- in the child -------------------------------------------------------- */

static bool is_left_out(const struct names *names, pp_id function)
{
    for (unsigned i = 0; i < names->nleft_out; i++)
        if (names->left_out[i] == function)
            return true;
    return false;
}

/* The name of a function that has only one of the two names; else empty. */
static struct pp_span only_name(const struct pp_profile *p, pp_id id)
{
    const struct pp_function *f = pp_function(p, id);
    bool only = !f->system_name || f->system_name == f->name;
    return only ? pp_text(p, f->name) : pp_str("");
}

/* Sends a location for each function whose demangled name differs, with a function of that name. */
static void demangle_all(void *ctx, struct pp_out *out)
{
    const struct names *names = ctx;
    struct pp_answer answer;
    struct pp_namer namer;
    pp_answer_init(&answer, out);
    pp_namer_init(&namer, names->options, &answer);
    for (size_t f = 1; f < names->p->functions.count; f++) {
        struct pp_span name = only_name(names->p, (pp_id)f);
        *names->at = (pp_id)f;
        alarm(SECONDS_FOR_A_NAME); /* ends the child unless the next name comes earlier */
        if (pp_empty(name) || is_left_out(names, (pp_id)f) ||
            pp_empty(pp_name_for_people(&namer, name)))
            continue;
        struct pp_found_frame found = {.function = pp_name_function(&namer, name, NULL, 0)};
        pp_answer_location(&answer, (uint32_t)f, &found, 1);
    }
    alarm(0);
    pp_answer_end(&answer);
    pp_namer_release(&namer);
    pp_answer_release(&answer);
}

/* --- in the parent ------------------------------------------------------- */

struct renaming {
    struct pp_profile *p;
    struct pp_function *answers; /* in the order of arrival; only names */
    size_t nanswers, cap;
    pp_id *functions; /* by function: its replacement */
    bool any;
};

static void take_function(void *ctx, const struct pp_found_function *f)
{
    struct renaming *r = ctx;
    PP_GROW(r->answers, r->nanswers + 1, r->cap);
    r->answers[r->nanswers++] = (struct pp_function){
        .name = pp_string(r->p, f->name), .system_name = pp_string(r->p, f->system_name)};
}

static void take_location(void *ctx, uint32_t function, const struct pp_found_frame *found,
                          uint32_t n)
{
    struct renaming *r = ctx;
    if (n != 1 || found->function >= r->nanswers)
        return;
    struct pp_function row = *pp_function(r->p, function);
    row.name = r->answers[found->function].name;
    row.system_name = r->answers[found->function].system_name;
    r->functions[function] = pp_intern(&r->p->functions, &row);
    r->any = true;
}

static void take_nothing(void *ctx, const struct pp_found_module *m)
{
    (void)ctx, (void)m;
}

static void take_no_problem(void *ctx, enum pp_symbol_problem problem, const char *file,
                            const char *detail)
{
    (void)ctx, (void)problem, (void)file, (void)detail;
}

static void take_answer(struct renaming *r, const struct pp_child *child, struct pp_diag *diag)
{
    const struct pp_answer_reader reader = {r, take_function, take_location, take_nothing,
                                            take_no_problem};
    struct pp_span in = pp_out_bytes(&child->answer);
    if (!pp_answer_read(&in, &reader))
        pp_warning(diag, NULL, "some names could not be demangled, and stay as they are");
}

/* Gives frames the new functions. */
static void use_functions(struct pp_profile **p, const pp_id *functions)
{
    size_t count = (*p)->frames.count;
    pp_id *frames = pp_calloc(count, sizeof *frames);
    for (size_t f = 1; f < count; f++) {
        struct pp_frame row = *pp_frame(*p, (pp_id)f);
        row.function = functions[row.function];
        frames[f] = pp_intern(&(*p)->frames, &row);
    }
    pp_reshape(p, &(struct pp_reshape){.frames = frames});
    free(frames);
}

/* Leaves out the name at which the child failed. False if there were too many of these. */
static bool leave_out(struct names *names, struct pp_diag *diag)
{
    struct pp_span name = only_name(names->p, *names->at);
    if (pp_empty(name) || names->nleft_out == MOST_LEFT_OUT)
        return false;
    pp_warning(diag, NULL, "'%.*s' cannot be demangled, and stays as it is", PP_SHOW(name));
    names->left_out[names->nleft_out++] = *names->at;
    return true;
}

static void demangle(struct renaming *r, struct names *names, struct pp_diag *diag)
{
    const struct pp_child_limits limits = {PP_SYMBOL_SECONDS, PP_SYMBOL_MEMORY};
    struct pp_child child = {.work = demangle_all, .ctx = names};
    pp_children_run(&child, 1, 1, &limits);
    while (child.end == PP_CHILD_CRASHED && leave_out(names, diag)) {
        pp_out_release(&child.answer);
        pp_children_run(&child, 1, 1, &limits);
    }
    take_answer(r, &child, diag);
    pp_out_release(&child.answer);
}

void pp_demangle_profile(struct pp_profile **p, const struct pp_symbolize_options *options,
                         struct pp_diag *diag)
{
    size_t count = (*p)->functions.count;
    struct names names = {.p = *p, .options = options};
    struct renaming r = {.p = *p, .functions = pp_calloc(count, sizeof *r.functions)};
    for (size_t f = 0; f < count; f++)
        r.functions[f] = (pp_id)f;
    if (options->demangle != PP_DEMANGLE_NONE && count > 1) {
        void *shared =
            mmap(NULL, sizeof *names.at, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (shared == MAP_FAILED)
            pp_out_of_memory();
        names.at = shared;
        demangle(&r, &names, diag);
        munmap(shared, sizeof *names.at);
    }
    if (r.any)
        use_functions(p, r.functions);
    free(r.answers);
    free(r.functions);
}

void pp_report_mangled(const struct pp_profile *p, const struct pp_symbolize_options *options,
                       struct pp_diag *diag)
{
    struct pp_span first = pp_str("");
    size_t n = 0;
    for (size_t f = 1; f < p->functions.count && options->demangle != PP_DEMANGLE_NONE; f++) {
        const struct pp_function *row = pp_function(p, (pp_id)f);
        struct pp_span shown = pp_text(p, row->name ? row->name : row->system_name);
        if (!pp_starts(shown, "_Z") || pp_len(shown) <= strlen("_Z"))
            continue;
        first = n++ ? first : shown;
    }
    if (n)
        pp_report(diag, PP_NOTE, (struct pp_place){0},
                  "%zu names of C++ stay mangled, as libiberty does not know their form: '%.*s'%s",
                  n, PP_SHOW(first), n > 1 ? " ..." : "");
}
