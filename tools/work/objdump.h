/* objdump.h - disassembles functions of a program or library with binutils' objdump. */
#ifndef PP_TOOLS_WORK_OBJDUMP_H
#define PP_TOOLS_WORK_OBJDUMP_H

#include "base/out.h"

/* A function of a file, at its virtual address in the file. */
struct pp_code_symbol {
    uint64_t start, size;
};

/* A segment of a file: bytes at `offset` have the virtual address `address`. */
struct pp_code_segment {
    uint64_t offset, address, size;
};

/* The functions and segments of a file. Release with pp_code_file_release(). */
struct pp_code_file {
    const char *path;
    struct pp_code_segment *segments;
    size_t nsegments, segments_cap;
    struct pp_code_symbol *symbols;
    size_t nsymbols, symbols_cap;
    bool no_lines; /* looking up lines of source failed, or took too long */
};

/* An instruction: its virtual address, its text, and its line of source: 0 if unknown. */
struct pp_code_instruction {
    uint64_t address;
    struct pp_span text, file;
    uint64_t line;
};

/* False if there is no objdump, or it cannot read the file. */
bool pp_code_file_open(struct pp_code_file *f, const char *path);
void pp_code_file_release(struct pp_code_file *f);

/* The virtual address of an offset in the file, and the function around it. False: there is none.
 */
bool pp_code_find(const struct pp_code_file *f, uint64_t offset, uint64_t *address,
                  struct pp_code_symbol *symbol);

/*
 * Writes objdump's output for a function to `out`, with lines of source if the file has them. False
 * if it failed or took too long.
 */
bool pp_disassemble(struct pp_code_file *f, const struct pp_code_symbol *symbol,
                    struct pp_out *out);

/*
 * The next instruction of that output, in spans of `text`. `*i` is the one before, which may have
 * the same line of source: all zero at first. False at the end.
 */
bool pp_next_instruction(struct pp_span *text, struct pp_code_instruction *i);

#endif
