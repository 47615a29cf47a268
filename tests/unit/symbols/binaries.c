/* The files of --binary, and the modules that they stand for. */
#include "symbols/binaries.h"

#include "unit/profiles.h"

enum { MODULES = 3 };

/* A profile in which a program and two libraries were mapped; the last has no addresses. */
static struct pp_profile *mapped(pp_id *files)
{
    static const char *const paths[] = {"/opt/shop/bin/shop", "/usr/lib/libcart.so.1",
                                        "/usr/lib/libtax.so.2"};
    struct pp_profile *p = pp_profile_new();
    for (size_t i = 0; i < MODULES; i++) {
        files[i] = pp_cstring(p, paths[i]);
        pp_intern(
            &p->mappings,
            &(struct pp_mapping){.start = (i + 1) << 12, .limit = (i + 2) << 12, .file = files[i]});
    }
    return p;
}

/* `want` has a number of a file, from 1, for each of the first two modules; 0: none. */
static void check(const char *const *binaries, size_t shop, size_t cart)
{
    pp_id files[MODULES];
    const char *got[2];
    struct pp_profile *p = mapped(files);
    pp_assign_binaries(p, binaries, files, 2, got);
    CHECK(got[0] == (shop ? binaries[shop - 1] : NULL));
    CHECK(got[1] == (cart ? binaries[cart - 1] : NULL));
    pp_profile_free(p);
}

static void test_a_file_stands_for_the_module_of_its_name(void)
{
    check((const char *const[]){"build/libcart.so.1", NULL}, 0, 1);
    check((const char *const[]){"build/shop", NULL}, 1, 0);
    check((const char *const[]){"build/libcart.so.1", "build/shop", NULL}, 2, 1);
}

static void test_the_first_with_a_name_of_its_own_is_the_program(void)
{
    check((const char *const[]){"build/shop.debug", NULL}, 1, 0);
    check((const char *const[]){"build/libcart.so.1", "build/shop.debug", NULL}, 2, 1);
    check((const char *const[]){"build/shop.debug", "build/other", NULL}, 1, 0);
}

static void test_a_library_without_addresses_is_not_the_program(void)
{
    check((const char *const[]){"build/libtax.so.2", NULL}, 0, 0);
    check((const char *const[]){"build/libtax.so.2", "build/shop.debug", NULL}, 2, 0);
}

static void test_a_name_counts_more_than_the_order(void)
{
    check((const char *const[]){"build/shop.debug", "build/shop", NULL}, 2, 0);
    check((const char *const[]){"old/shop", "new/shop", NULL}, 2, 0);
}

static void test_without_mappings_the_first_is_the_program(void)
{
    static const char *const binaries[] = {"build/shop", "build/libcart.so.1", NULL};
    struct pp_profile *p = pp_profile_new();
    const pp_id nothing = 0;
    const char *got;
    pp_assign_binaries(p, binaries, &nothing, 1, &got);
    CHECK(got == binaries[0]);
    pp_assign_binaries(p, NULL, &nothing, 1, &got);
    CHECK(!got);
    pp_profile_free(p);
}

static void test_a_path_is_found_by_its_name(void)
{
    static const char *const binaries[] = {"old/shop", "new/shop", "libcart.so.1", NULL};
    CHECK(pp_binary_named(binaries, "/opt/shop/bin/shop") == binaries[1]);
    CHECK(!pp_binary_named(binaries, "/opt/shop/bin"));
    CHECK(!pp_binary_named(NULL, "/opt/shop/bin/shop"));
}

CHECK_MAIN(test_a_file_stands_for_the_module_of_its_name,
           test_the_first_with_a_name_of_its_own_is_the_program,
           test_a_library_without_addresses_is_not_the_program,
           test_a_name_counts_more_than_the_order, test_without_mappings_the_first_is_the_program,
           test_a_path_is_found_by_its_name)
