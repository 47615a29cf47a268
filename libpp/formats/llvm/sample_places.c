#include "formats/llvm/sample_places.h"

/* Takes the lowest of the numbers packed in `*rest`. */
static uint32_t take_number(uint32_t *rest)
{
    uint32_t packed = *rest, digits = packed >> 1;
    if (packed & 1) {
        *rest = packed >> 1;
        return 0;
    }
    *rest = packed >> (packed & 0x40 ? 14 : 7);
    return digits & 0x20 ? (digits >> 1 & 0xfe0) | (digits & 0x1f) : digits & 0x1f;
}

struct pp_llvm_discriminator pp_llvm_discriminator(uint32_t packed)
{
    uint32_t rest = packed, base = take_number(&rest), factor = take_number(&rest);
    return (struct pp_llvm_discriminator){base, factor ? factor : 1};
}

/* Whether the word after a dot was appended by a compiler. */
static bool is_appended(struct pp_span word)
{
    static const char *const words[] = {"llvm", "part", "cold", "isra", "constprop", "lto_priv"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (pp_is(word, words[i]))
            return true;
    return false;
}

struct pp_span pp_llvm_plain_name(struct pp_span name)
{
    struct pp_span rest = name, word = name;
    pp_cut(&rest, '.', &word); /* the name itself, which may be empty */
    const char *end = word.end;
    if (end == name.p)
        return name;
    for (; pp_cut(&rest, '.', &word); end = word.end)
        if (is_appended(word))
            return (struct pp_span){name.p, end};
    return name;
}

struct pp_span pp_llvm_name(const struct pp_profile *p, pp_id frame)
{
    const struct pp_function *f = pp_function(p, pp_frame(p, frame)->function);
    return pp_llvm_plain_name(pp_text(p, f->system_name ? f->system_name : f->name));
}

bool pp_llvm_is_linkage(struct pp_span name)
{
    return !pp_find(name, ' ') && !pp_find(name, '(') && !pp_find_text(name, "::");
}

bool pp_llvm_place(const struct pp_profile *p, pp_id frame, struct pp_sample_place *place)
{
    enum { OFFSETS = 0xffff }; /* the format has 16 bits, and compilers wrap around, too */
    const struct pp_frame *f = pp_frame(p, frame);
    uint32_t begins = pp_function(p, f->function)->line;
    *place = (struct pp_sample_place){(f->line - begins) & OFFSETS,
                                      pp_llvm_discriminator(f->discriminator).base};
    return f->line && begins;
}
