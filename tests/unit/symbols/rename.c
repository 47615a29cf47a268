/* Linker names in a profile. */
#include "symbols/rename.h"

#include <sys/resource.h>

#include "unit/profiles.h"

static unsigned messages;

static void count(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    (void)m;
    messages++;
}

static void demangle(struct pp_profile **p, enum pp_demangle how)
{
    struct pp_diag diag = {.emit = count};
    pp_demangle_profile(p, &(struct pp_symbolize_options){.demangle = how}, &diag);
    CHECK_INT(messages, 0);
    pp_diag_release(&diag);
}

static void check_demangled(const char *text, enum pp_demangle how, const char *want)
{
    struct pp_profile *p = folded(text);
    demangle(&p, how);
    CHECK_FOLDED(p, want);
    pp_profile_free(p);
}

static void test_names_of_the_linker_become_those_of_people(void)
{
    static const char text[] = "main;_ZN3foo3barEi;_RNvC6_123foo3bar 1\n";
    check_demangled(text, PP_DEMANGLE_SIMPLE, "main;foo::bar;123foo::bar 1\n");
    check_demangled(text, PP_DEMANGLE_FULL, "main;foo::bar(int);123foo::bar 1\n");
    check_demangled(text, PP_DEMANGLE_NONE, text);
}

static void test_names_in_no_known_scheme_stay(void)
{
    check_demangled("main;_Z;_ZN 1\n", PP_DEMANGLE_SIMPLE, "main;_Z;_ZN 1\n");
    check_demangled("1 1\n", PP_DEMANGLE_SIMPLE, "1 1\n");
    check_demangled("", PP_DEMANGLE_SIMPLE, "");
}

static void test_what_is_of_one_name_then_stays_apart(void)
{
    check_demangled("a;_Z1fi 1\na;_Z1fl 2\na;f 4\n", PP_DEMANGLE_SIMPLE, "a;f 1\na;f 2\na;f 4\n");
}

static void test_the_name_of_the_linker_is_kept_beside(void)
{
    struct pp_profile *p = folded("_Z1fi 1\n");
    demangle(&p, PP_DEMANGLE_SIMPLE);
    const struct pp_function *f = pp_function(p, pp_frame(p, pp_node(p, 1)->frame)->function);
    CHECK(pp_is(pp_text(p, f->name), "f"));
    CHECK(pp_is(pp_text(p, f->system_name), "_Z1fi"));
    demangle(&p, PP_DEMANGLE_FULL);
    CHECK_FOLDED(p, "f 1\n");
    pp_profile_free(p);
}

/*
 * A name over which the demangler crashes, here as it has little stack, stays as it is; the others
 * are demangled all the same.
 */
static void test_a_crash_takes_one_name_along(void)
{
#ifndef PP_SANITIZED
    enum { DEEP = 1900 };
    char text[DEEP + 100] = "_Z1f";
    struct rlimit usual, small;
    struct pp_diag diag = {.emit = count};
    memset(text + 4, 'P', DEEP);
    strcpy(text + 4 + DEEP, "i;_Z1gi 1\n");
    struct pp_profile *p = folded(text);
    getrlimit(RLIMIT_STACK, &usual);
    small = usual;
    small.rlim_cur = 200 << 10;
    setrlimit(RLIMIT_STACK, &small);
    messages = 0;
    pp_demangle_profile(&p, &(struct pp_symbolize_options){.demangle = PP_DEMANGLE_FULL}, &diag);
    setrlimit(RLIMIT_STACK, &usual);
    CHECK_INT(messages, 1);
    strcpy(text + 4 + DEEP, "i;g(int) 1\n");
    CHECK_FOLDED(p, text);
    pp_profile_free(p);
    pp_diag_release(&diag);
#endif
}

static void check_mangled(const char *text, enum pp_demangle how, const char *want)
{
    struct heard said = heard_new();
    struct pp_profile *p = folded(text);
    messages = 0;
    demangle(&p, how);
    pp_report_mangled(p, &(struct pp_symbolize_options){.demangle = how}, &said.diag);
    CHECK(strcmp(said.text, want) == 0);
    pp_diag_release(&said.diag);
    pp_profile_free(p);
}

static void test_names_that_stay_mangled_are_counted(void)
{
    check_mangled("main;_Z;_Z1fi;x 1\n", PP_DEMANGLE_SIMPLE, "");
    check_mangled("main;_Zwrong 1\n", PP_DEMANGLE_NONE, "");
    check_mangled("main;_Zwrong 1\n", PP_DEMANGLE_FULL,
                  "1 names of C++ stay mangled, as libiberty does not know their form: '_Zwrong'");
    check_mangled("_Zwrong;_Z1fi;_Z 1\n_Zother 3\n", PP_DEMANGLE_SIMPLE,
                  "2 names of C++ stay mangled, as libiberty does not know their form: "
                  "'_Zwrong' ...");
}

CHECK_MAIN(test_names_of_the_linker_become_those_of_people, test_names_in_no_known_scheme_stay,
           test_what_is_of_one_name_then_stays_apart, test_the_name_of_the_linker_is_kept_beside,
           test_a_crash_takes_one_name_along, test_names_that_stay_mangled_are_counted)
