/*
 * image.h - an ELF file: a program, a library, or a file of separate debug information.
 *
 * There are three kinds of addresses. Those of a process differ from run to run. The mappings of
 * the process turn them into offsets in a file. The file's program headers turn an offset into an
 * address of the file, as its symbols and debug information use them.
 * https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.pheader.html
 *
 * Files are mapped, so only the pages that are used are read. A file that shrinks meanwhile causes
 * a signal, which only ends the child process that does all this.
 */
#ifndef PP_SYMBOLS_IMAGE_H
#define PP_SYMBOLS_IMAGE_H

#include "symbols/symbol_table.h"

/* A loaded part of the file, from its program headers: PT_LOAD. */
struct pp_segment {
    uint64_t offset, file_size;    /* both 0 in a file with only debug information */
    uint64_t address, memory_size; /* addresses of the file, before it is relocated */
    bool executable;
};

struct pp_image {
    char *path;
    int fd;       /* -1 for an image in memory */
    void *elf;    /* libelf's handle */
    char *memory; /* the bytes of `elf`, if they are not a file */
    struct pp_segment *segments;
    size_t nsegments;
    bool movable;   /* a position-independent program, or a library */
    char *build_id; /* lower-case hexadecimal; "" if there is none */
};

enum pp_image_fault { PP_IMAGE_OPENED, PP_IMAGE_MISSING, PP_IMAGE_UNREADABLE, PP_IMAGE_NOT_ELF };

/* If PP_IMAGE_UNREADABLE, errno says why. Close the image only if it was opened. */
enum pp_image_fault pp_image_open(struct pp_image *image, const char *path);

/* Opens the bytes of a file, and takes ownership of them; `path` is its name. */
enum pp_image_fault pp_image_of(struct pp_image *image, const char *path, char *bytes, size_t size);

void pp_image_close(struct pp_image *image); /* may be all zero */

/*
 * The address of the byte at an offset of the file, preferably in executable code; false if there
 * is none.
 */
bool pp_image_address(const struct pp_image *image, uint64_t offset, uint64_t *address);

/* The machine, by ELF's number (e_machine). */
unsigned pp_image_machine(const struct pp_image *image);

/* Whether an address of the file is executable. */
bool pp_image_has_code(const struct pp_image *image, uint64_t address);

/* The executable segment, if there is exactly one; else NULL. */
const struct pp_segment *pp_image_code(const struct pp_image *image);

/* Whether it has the debug information of units: .debug_info, possibly compressed. */
bool pp_image_has_debug_info(const struct pp_image *image);

/*
 * Makes compressed sections of debug information that pp does not read look empty, as libdw
 * unpacks all that there are.
 */
void pp_image_hide_unused(struct pp_image *image);

/*
 * The name of the file with debug information in .gnu_debuglink, and the CRC-32 that it must have;
 * NULL if there is no such section. Lives as long as the image.
 */
const char *pp_image_debug_link(const struct pp_image *image, uint32_t *crc);

/*
 * The build id of the file to which dwz has moved what several files have in common; "" if there is
 * none. The caller frees it.
 */
char *pp_image_alternate_id(const struct pp_image *image);

/* As pp_image_section(), with the address of the section in the file. */
bool pp_image_section_at(const struct pp_image *image, const char *name, struct pp_span *bytes,
                         uint64_t *address);

/* The bytes from an address of the file to the end of the segment; empty if there are none. */
struct pp_span pp_image_bytes(const struct pp_image *image, uint64_t address);

/* The addend of the relocation of the word at an address; 0 if there is none. */
uint64_t pp_image_relocation(const struct pp_image *image, uint64_t address);

/*
 * The address of the next word that a relocation sets to `target`, in the order of relocations;
 * `*at` counts them from 0. False after the last.
 */
bool pp_image_relocated_to(const struct pp_image *image, uint64_t target, size_t *at,
                           uint64_t *address);

/*
 * The contents of the section of this name; false if there is none. They live as long as the image.
 */
bool pp_image_section(const struct pp_image *image, const char *name, struct pp_span *bytes);

/*
 * Adds the functions of .symtab, or of .dynsym if that was stripped, shifted by `shift`. Names live
 * as long as the image. Symbols without a size are left out, as they cover nothing.
 */
void pp_image_symbols(const struct pp_image *image, uint64_t shift, struct pp_symbol_table *table);

/* Calls `visit` for each function that pp_image_symbols() would add: not shifted, in any order. */
void pp_image_functions(const struct pp_image *image,
                        void (*visit)(void *ctx, uint64_t start, uint64_t size), void *ctx);

#endif
