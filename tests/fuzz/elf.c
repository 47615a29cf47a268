/*
 * Any bytes at all as a program or library: its headers, symbols and debug information. Addresses
 * are looked up at both ends of each segment and each symbol, and between. Beside not crashing:
 *
 *   - a symbol that is found covers the address;
 *   - a call is not inlined in itself, so that there are fewer than bytes in the file.
 */
#include "base/memory.h"
#include "fuzz.h"
#include "symbols/dwarf.h"
#include "symbols/image.h"

/* The most symbols to look at: more would only take longer. */
enum { MOST = 64 };

static void look_up(const struct pp_symbol_table *symbols, struct pp_dwarf *dwarf, size_t size,
                    uint64_t address)
{
    const struct pp_symbol *s = pp_symbol_find(symbols, address);
    const struct pp_call *calls;
    demand(!s || address - s->start < s->size, "a symbol covers what it is found for",
           pp_str("elf"));
    if (dwarf)
        demand(pp_dwarf_find(dwarf, address, &calls) < size, "calls come from the file",
               pp_str("elf"));
}

static void look_up_all(const struct pp_image *image, const struct pp_symbol_table *symbols,
                        struct pp_dwarf *dwarf, size_t size)
{
    uint64_t address;
    for (size_t i = 0; i < image->nsegments && i < MOST; i++) {
        const struct pp_segment *s = &image->segments[i];
        look_up(symbols, dwarf, size, s->address);
        look_up(symbols, dwarf, size, s->address + s->memory_size / 2);
        if (pp_image_address(image, s->offset, &address))
            look_up(symbols, dwarf, size, address);
    }
    for (size_t i = 0; i < symbols->count && i < MOST; i++) {
        const struct pp_symbol *s = &symbols->symbols[i];
        for (uint64_t at = 0; at < 4; at++)
            look_up(symbols, dwarf, size, s->start + s->size / 4 * at);
        look_up(symbols, dwarf, size, s->start + s->size - 1);
    }
    for (address = 0; address < 0x200; address += 16) /* of object files */
        look_up(symbols, dwarf, size, address);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pp_image image;
    struct pp_symbol_table symbols = {.borrow = true};
    char *bytes = pp_calloc(size, 1);
    if (size)
        memcpy(bytes, data, size);
    if (pp_image_of(&image, "fuzz", bytes, size) != PP_IMAGE_OPENED)
        return 0;
    pp_image_symbols(&image, 0, &symbols);
    pp_symbol_table_sort(&symbols);
    struct pp_dwarf *dwarf = pp_image_has_debug_info(&image) ? pp_dwarf_new(&image, NULL) : NULL;
    look_up_all(&image, &symbols, dwarf, size);
    pp_dwarf_free(dwarf);
    pp_symbol_table_release(&symbols);
    pp_image_close(&image);
    return 0;
}
