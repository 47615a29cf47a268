#include "formats/reader/heap_columns.h"

void pp_heap_columns_allocated(struct pp_profile *p)
{
    pp_column(p, pp_str("alloc_objects"), pp_str("count"));
    pp_column(p, pp_str("alloc_space"), pp_str("bytes"));
}

void pp_heap_columns_in_use(struct pp_profile *p)
{
    pp_column(p, pp_str("inuse_objects"), pp_str("count"));
    pp_column(p, pp_str("inuse_space"), pp_str("bytes"));
}
