/* The place of the table in a Go program, and the data outside of it. */
#include <stdlib.h>

#include "base/memory.h"
#include "symbols/elfutils_private.h"
#include "symbols/go_table.h"

/* --- words of the program ------------------------------------------------ */

struct program {
    const struct pp_image *image;
    bool big_endian;
    unsigned word;
};

static uint64_t number(const struct program *p, struct pp_span s, unsigned size)
{
    uint64_t v = 0;
    if (pp_len(s) < size)
        return 0;
    for (unsigned i = 0; i < size; i++)
        v = v << 8 | (unsigned char)s.p[p->big_endian ? i : size - 1 - i];
    return v;
}

/*
 * The word at an address, for a program loaded where it was linked: position-independent programs
 * may have it in a relocation.
 */
static uint64_t word_at(const struct program *p, uint64_t address)
{
    uint64_t word = number(p, pp_image_bytes(p->image, address), p->word);
    return word ? word : pp_image_relocation(p->image, address);
}

static struct pp_span bytes_at(void *ctx, uint64_t address)
{
    return pp_image_bytes(ctx, address);
}

/* --- the version --------------------------------------------------------- */

/* 19 of "go1.19.4"; 0 for other texts. */
static unsigned minor_of(struct pp_span version)
{
    static const char begins[] = "go1.";
    unsigned minor = 0;
    if (!pp_starts(version, begins))
        return 0;
    for (const char *c = version.p + strlen(begins); c < version.end && pp_is_digit(*c); c++)
        minor = minor < 1000 ? minor * 10 + (unsigned)(*c - '0') : minor;
    return minor;
}

/*
 * The version of the compiler: in .go.buildinfo, after 32 bytes and its length; before 1.18 the
 * section has the address of a string. https://pkg.go.dev/debug/buildinfo
 */
static unsigned find_minor(const struct program *p)
{
    enum { FLAGS = 15, POINTER = 16, TEXT = 32, IN_PLACE = 2 };
    struct pp_span info;
    if (!pp_image_section(p->image, ".go.buildinfo", &info) || pp_len(info) <= TEXT)
        return 0;
    if (info.p[FLAGS] & IN_PLACE)
        return minor_of((struct pp_span){info.p + TEXT + 1, info.end});
    uint64_t string = number(p, (struct pp_span){info.p + POINTER, info.end}, p->word);
    return minor_of(pp_image_bytes(p->image, word_at(p, string)));
}

/* --- runtime.moduledata -------------------------------------------------- */

/* The words of runtime.moduledata that are used. */
enum { TABLE = 0, TEXT = 22, CALL_TREES_1_18 = 38, CALL_TREES_1_20 = 40 };

/* The base of the trees of inlined calls, if runtime.moduledata is at `address`; 0 if it is not. */
static uint64_t call_trees_by(const struct program *p, uint64_t address,
                              const struct pp_go_parts *g)
{
    unsigned at = g->minor >= 20 ? CALL_TREES_1_20 : CALL_TREES_1_18;
    if (word_at(p, address + (uint64_t)TEXT * p->word) != g->text)
        return 0;
    return word_at(p, address + (uint64_t)at * p->word);
}

/* runtime.moduledata begins with the address of the table: the only such word in the data. */
static uint64_t find_call_trees(const struct program *p, uint64_t table,
                                const struct pp_go_parts *g)
{
    uint64_t found = 0, address = 0;
    size_t relocation = 0;
    for (size_t i = 0; i < p->image->nsegments && !found; i++) {
        const struct pp_segment *s = &p->image->segments[i];
        struct pp_span in = pp_image_bytes(p->image, s->address);
        for (uint64_t at = 0; !s->executable && pp_len(in) >= p->word && !found;
             at += p->word, in.p += p->word)
            if (number(p, in, p->word) == table)
                found = call_trees_by(p, s->address + at, g);
    }
    while (!found && pp_image_relocated_to(p->image, table, &relocation, &address))
        found = call_trees_by(p, address, g);
    return found;
}

/* --- entry point --------------------------------------------------------- */

static bool find_table(const struct pp_image *image, struct pp_span *table, uint64_t *address)
{
    return pp_image_section_at(image, ".gopclntab", table, address) ||
           pp_image_section_at(image, ".data.rel.ro.gopclntab", table, address);
}

/* The base address of functions: in the header, or where the code begins. */
static uint64_t find_text(const struct program *p, uint64_t table)
{
    enum { IN_HEADER = 8 };
    struct pp_span code;
    uint64_t address = word_at(p, table + IN_HEADER + 2 * (uint64_t)p->word);
    if (!address)
        pp_image_section_at(p->image, ".text", &code, &address);
    return address;
}

struct pp_go_table *pp_go_table_new(const struct pp_image *image)
{
    struct pp_go_parts g = {.bytes_at = bytes_at, .ctx = (void *)(uintptr_t)image};
    GElf_Ehdr header;
    uint64_t address;
    if (!find_table(image, &g.table, &address) || !gelf_getehdr(image->elf, &header))
        return NULL;
    struct program p = {image, header.e_ident[EI_DATA] == ELFDATA2MSB,
                        header.e_ident[EI_CLASS] == ELFCLASS64 ? 8 : 4};
    g.big_endian = p.big_endian;
    g.text = find_text(&p, address);
    g.minor = find_minor(&p);
    if (g.minor >= 18)
        g.call_trees = find_call_trees(&p, address, &g);
    return pp_go_table_of(&g);
}
