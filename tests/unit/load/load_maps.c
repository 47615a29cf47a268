/* Mappings that are given separately from the profile. */
#include "load/maps.h"

#include "unit/profiles.h"

static const char maps[] = "00001000-00002000 r-xp 00000000 08:01 1235   /opt/prog\n"
                           "00002000-00003000 r-xp 00001000 08:01 1236   /opt/lib c.so.1\n"
                           "00003000-00004000 rw-p 00002000 08:01 1236   /opt/lib c.so.1\n"
                           "00005000-00006000 rwxp 00000000 00:00 0\n";

/* A profile of gperftools without mappings. */
static struct pp_profile *unmapped(struct heard *h)
{
    return read_as("tcmalloc",
                   pp_str("heap profile: 3: 3 [3: 3] @ heapprofile\n"
                          "1: 1 [1: 1] @ 0x2801 0x1201\n"
                          "1: 1 [1: 1] @ 0x5001 0x9001\n"
                          "1: 1 [1: 1] @ 0x3001\n"),
                   h);
}

static const struct pp_mapping *mapping_at(const struct pp_profile *p, uint64_t address)
{
    for (size_t f = 1; f < p->frames.count; f++)
        if (pp_frame(p, (pp_id)f)->address == address)
            return pp_mapping(p, pp_frame(p, (pp_id)f)->mapping);
    return NULL;
}

static void check_file(const struct pp_profile *p, uint64_t address, uint64_t start,
                       const char *file)
{
    const struct pp_mapping *m = mapping_at(p, address);
    CHECK(m && m->start == start && pp_is(pp_text(p, m->file), file));
}

static void check_added(struct pp_span text)
{
    struct heard h = heard_new();
    struct pp_profile *p = unmapped(&h);
    CHECK(pp_add_maps(&p, text, "maps", &h.diag));
    check_file(p, 0x1200, 0x1000, "/opt/prog");
    check_file(p, 0x2800, 0x2000, "/opt/lib c.so.1");
    check_file(p, 0x3000, 0x3000, "/opt/lib c.so.1");
    check_file(p, 0x5000, 0x5000, "");
    check_file(p, 0x9000, 0, "");
    CHECK_INT(p->samples.count, 4);
    CHECK_INT(h.diag.warnings, 0);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void test_frames_come_to_the_files_they_are_in(void)
{
    check_added(pp_str(maps));
}

static void test_a_heap_dump_may_tell(void)
{
    char dump[1024];
    snprintf(dump, sizeof dump, "heap_v2/524288\n  t*: 0: 0 [0: 0]\n\nMAPPED_LIBRARIES:\n%s", maps);
    check_added(pp_str(dump));
}

static void test_the_program_comes_first_where_nothing_was(void)
{
    struct heard h = heard_new();
    struct pp_profile *p = read_as("tcmalloc",
                                   pp_str("heap profile: 1: 1 [1: 1] @ heapprofile\n"
                                          "1: 1 [1: 1] @ 0x2801 0x1201\n"),
                                   &h);
    CHECK(pp_add_maps(&p, pp_str(maps), "maps", &h.diag));
    CHECK(pp_is(pp_text(p, pp_mapping(p, 1)->file), "/opt/prog"));
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void test_what_has_its_own_stays(void)
{
    struct heard h = heard_new();
    struct pp_profile *p = read_as("jemalloc",
                                   pp_str("heap_v2/524288\n@ 0x1201\n  t*: 1: 1 [0: 0]\n\n"
                                          "MAPPED_LIBRARIES:\n"
                                          "00001000-00002000 r-xp 00000000 08:01 1   /opt/own\n"),
                                   &h);
    CHECK(pp_add_maps(&p, pp_str("what is this"), "maps", &h.diag));
    check_file(p, 0x1200, 0x1000, "/opt/own");
    CHECK_INT(p->mappings.count, 2);
    CHECK_INT(h.diag.warnings + h.diag.errors, 0);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void test_addresses_outside_the_process_are_reported(void)
{
    struct heard h = heard_new();
    struct pp_profile *p = unmapped(&h);
    CHECK(pp_add_maps(&p, pp_str("00007000-00008000 r-xp 00000000 08:01 1235   /opt/other\n"),
                      "maps", &h.diag));
    CHECK_INT(h.diag.warnings, 1);
    CHECK(!pp_add_maps(&p, pp_str(""), "maps", &h.diag));
    CHECK_INT(h.diag.errors, 1);
    CHECK(strcmp(h.text, "has no list of mappings") == 0);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

CHECK_MAIN(test_frames_come_to_the_files_they_are_in, test_a_heap_dump_may_tell,
           test_the_program_comes_first_where_nothing_was, test_what_has_its_own_stays,
           test_addresses_outside_the_process_are_reported)
