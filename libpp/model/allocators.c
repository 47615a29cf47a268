#include "model/allocators.h"

const char pp_allocator_frames[] =
    "(_*(libc|rjem|je)_)*(malloc|calloc|realloc|reallocarray|memalign|aligned_alloc"
    "|posix_memalign|p?valloc|[mrx]allocx)"
    "|_*(rjem_)?je_.*"
    "|prof_(backtrace|alloc_prep|lookup|tctx_create|malloc_sample)[a-z_]*"
    "|(imalloc|ialloc|iralloc|ipalloc|malloc_default|fallback_impl|do_rallocx)[a-z_]*"
    "|operator new(\\[\\])?(\\(.*\\))?|_Zn[wa].*"
    "|(__rustc::)?__(rust|rdl|rg)_(alloc|alloc_zeroed|realloc)"
    "|<?alloc::(alloc|boxed|raw_vec)::.*|<.*[Jj]emalloc as .*GlobalAlloc>::.*"
    "|std::(__new_)?allocator(_traits)?(<.*>)?::allocate|std::__allocate_guarded(<.*>)?"
    "|__gnu_cxx::(new|malloc)_allocator(<.*>)?::allocate|__gnu_cxx::__alloc_traits(<.*>)?::allocate"
    "|std::.*::(_M_allocate|_M_create_storage|_S_allocate)"
    "|\\[libjemalloc[^\\]]*\\]";

bool pp_is_allocator_file(struct pp_span file)
{
    static const char folder[] = "library/alloc/src/";
    static const char *const files[] = {"alloc.rs", "boxed.rs", "boxed/", "raw_vec.rs", "raw_vec/"};
    const char *at = pp_find_text(file, folder);
    if (!at)
        return false;
    struct pp_span rest = {at + strlen(folder), file.end};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (pp_starts(rest, files[i]))
            return true;
    return false;
}

bool pp_calls_through_box(struct pp_span name)
{
    static const char *const calls[] = {"call_once", "call_mut", "call", "poll", "async_call_once"};
    const char *generics = pp_find(name, '<');
    if (generics && generics > name.p) /* "call_once<F, A>"; but "<Box<F> as FnOnce>::call_once" */
        name.end = generics;
    for (const char *p = name.end; p - 2 > name.p; p--)
        if (p[-1] == ':' && p[-2] == ':') {
            name.p = p;
            break;
        }
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (pp_is(name, calls[i]))
            return true;
    return false;
}

/* "prof_backtrace_impl", "_rjem_je_prof_backtrace": where jemalloc takes the stack. */
bool pp_shows_allocator(const struct pp_profile *p)
{
    static const char word[] = "prof_backtrace";
    for (size_t f = 1; f < p->functions.count; f++) {
        struct pp_span name = pp_text(p, pp_function(p, (pp_id)f)->name);
        const char *at = pp_find_text(name, word);
        if (at && (at == name.p || pp_starts(name, "_rjem_") || pp_starts(name, "je_")))
            return true;
    }
    return false;
}
