/*
 * image.h - an ELF file: a program, a library, or what was stripped off of one.
 *
 * Three kinds of address are in play. A process has its own, which change from run to run. Through
 * the list of what was mapped where they become offsets in a file. The file's program headers tell
 * which address of the file itself belongs to an offset: one that its symbols and debug information
 * speak of. https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.pheader.html
 *
 * Files are mapped, so that only what is asked for is read. One that shrinks meanwhile is a signal:
 * a matter of the child process that all this is done in.
 */
#ifndef PP_SYMBOLS_IMAGE_H
#define PP_SYMBOLS_IMAGE_H

#include "symbols/symbol_table.h"

/* What the program headers say of a part of the file that is loaded: PT_LOAD. */
struct pp_segment {
    uint64_t offset, file_size;    /* 0 and 0 in a file that has only debug information */
    uint64_t address, memory_size; /* the file's own addresses, before it is moved anywhere */
    bool executable;
};

struct pp_image {
    char *path;
    int fd;       /* -1 for one in memory */
    void *elf;    /* libelf's handle */
    char *memory; /* what `elf` reads, if that is no file */
    struct pp_segment *segments;
    size_t nsegments;
    bool movable;   /* a position-independent program, or a library */
    char *build_id; /* lower-case hexadecimal; "" if there is none */
};

enum pp_image_fault { PP_IMAGE_OPENED, PP_IMAGE_MISSING, PP_IMAGE_UNREADABLE, PP_IMAGE_NOT_ELF };

/* On PP_IMAGE_UNREADABLE errno says why. The image is to be closed only if it was opened. */
enum pp_image_fault pp_image_open(struct pp_image *image, const char *path);

/* The same of the bytes, which the image takes over, of a file that is called `path`. */
enum pp_image_fault pp_image_of(struct pp_image *image, const char *path, char *bytes, size_t size);

void pp_image_close(struct pp_image *image); /* one that is all zero, too */

/* The file's address of the byte at an offset of it, preferably one of code; false if none is. */
bool pp_image_address(const struct pp_image *image, uint64_t offset, uint64_t *address);

/* The machine that it is for: ELF's number (e_machine). */
unsigned pp_image_machine(const struct pp_image *image);

/* Whether code of the file can be at this address. */
bool pp_image_has_code(const struct pp_image *image, uint64_t address);

/* The one executable segment; NULL if there are none, or several. */
const struct pp_segment *pp_image_code(const struct pp_image *image);

/* Whether it has debug information on units: .debug_info, perhaps compressed. */
bool pp_image_has_debug_info(const struct pp_image *image);

/*
 * The file with debug information that .gnu_debuglink names, and the CRC-32 that it must have;
 * NULL if there is no such section. Lives as long as the image.
 */
const char *pp_image_debug_link(const struct pp_image *image, uint32_t *crc);

/*
 * The build id of the file into which dwz has moved what several have in common; "" if there is
 * none. The caller frees it.
 */
char *pp_image_alternate_id(const struct pp_image *image);

/* The same, and the file's address of the section. */
bool pp_image_section_at(const struct pp_image *image, const char *name, struct pp_span *bytes,
                         uint64_t *address);

/* The bytes of the file from an address of it to the end of the segment; empty if there are none.
 */
struct pp_span pp_image_bytes(const struct pp_image *image, uint64_t address);

/* What a relocation adds to where the program is loaded, for the word at an address; 0: there is
 * none. */
uint64_t pp_image_relocation(const struct pp_image *image, uint64_t address);

/*
 * The address of a word that a relocation makes `target`, in the order of relocations; `*at`, which
 * begins at 0, counts them. False after the last.
 */
bool pp_image_relocated_to(const struct pp_image *image, uint64_t target, size_t *at,
                           uint64_t *address);

/* The bytes of the section of this name; false if there is none. They live as long as the image. */
bool pp_image_section(const struct pp_image *image, const char *name, struct pp_span *bytes);

/*
 * Adds the functions of .symtab, or where that was stripped off, of .dynsym, each moved by
 * `shift`. Names live as long as the image. What has no size is left out, as it covers nothing.
 */
void pp_image_symbols(const struct pp_image *image, uint64_t shift, struct pp_symbol_table *table);

#endif
