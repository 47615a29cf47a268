#include "formats/jemalloc/allocator_frames.h"

const char pp_allocator_frames[] =
    "(_*(libc|rjem|je)_)*(malloc|calloc|realloc|reallocarray|memalign|aligned_alloc"
    "|posix_memalign|p?valloc|[mrx]allocx)"
    "|_*(rjem_)?je_.*"
    "|prof_(backtrace|alloc_prep|lookup|tctx_create|malloc_sample)[a-z_]*"
    "|(imalloc|ialloc|iralloc|ipalloc|malloc_default|fallback_impl|do_rallocx)[a-z_]*"
    "|operator new(\\[\\])?(\\(.*\\))?|_Zn[wa].*"
    "|(__rustc::)?__(rust|rdl|rg)_(alloc|alloc_zeroed|realloc)"
    "|<?alloc::alloc::.*|<.*[Jj]emalloc as .*GlobalAlloc>::.*"
    "|\\[libjemalloc[^\\]]*\\]";
