/* What is fetched is what the table then looks at. */
#include "base/ahead.h"

#include <stdlib.h>

#include "check.h"

enum { ROWS = 5000, WORDS = 3 };

/* Whether the id is in the slots from where the row is fetched up to the first that is empty. */
static bool is_found_there(const struct pp_table *t, pp_id id)
{
    const struct pp_index *x = &t->index;
    size_t i = (size_t)(pp_first_slot(t, pp_row(t, id)) - x->slots);
    for (; x->slots[i]; i = (i + 1) & x->mask)
        if ((x->slots[i] & ((UINT64_C(1) << x->id_bits) - 1)) == id)
            return true;
    return false;
}

static void check_rows_of(size_t words)
{
    struct pp_table t;
    pp_table_init(&t, words * sizeof(uint64_t));
    for (uint64_t i = 1; i <= ROWS; i++)
        pp_intern(&t, (uint64_t[WORDS]){i, i * 3, i * 5});
    for (pp_id id = 1; id <= ROWS; id++)
        CHECK(is_found_there(&t, id));
    pp_table_release(&t);
}

static void test_rows_are_fetched_where_they_are_found(void)
{
    check_rows_of(1);
    check_rows_of(WORDS);
}

CHECK_MAIN(test_rows_are_fetched_where_they_are_found)
