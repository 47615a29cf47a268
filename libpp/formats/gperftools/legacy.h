/*
 * legacy.h - shared by the readers of the text formats that pprof's protobuf replaced: stacks of
 * bare addresses, and a list of mapped files at the end.
 *
 * The list is needed first, and its use depends on all addresses. So a reader passes every stack as
 * it finds it, then the list, and pp_legacy_finish() makes the profile.
 */
#ifndef PP_FORMATS_LEGACY_H
#define PP_FORMATS_LEGACY_H

#include "formats/reader/mapped.h"

enum { PP_LEGACY_VALUES = 4 };

/* A stack as in the input. */
struct pp_legacy_stack {
    const char *at;
    size_t first, count; /* its addresses, leaf first: l->addresses[first] ... */
    int64_t values[PP_LEGACY_VALUES];
    int64_t block; /* the label "bytes", if `has_block` */
    bool has_block;
    pp_id labels; /* others, unless there is a block; see pp_label_set() */
};

/* Zero-initialise but for `r`; release with pp_legacy_release(). */
struct pp_legacy {
    struct pp_reader *r;
    struct pp_legacy_stack *stacks;
    size_t nstacks, stacks_cap;
    uint64_t *addresses;
    size_t naddresses, addresses_cap;
    struct pp_mapped mapped;

    bool nameless_places; /* addresses are only keys of names: where there is a name, they are
                             dropped */
    struct pp_legacy_name *names;
    size_t nnames, names_cap;
    struct pp_table named; /* addresses with names; rows are indices of `first_name` */
    size_t nnamed;         /* number of its rows with names */
    pp_id *first_name;
    size_t first_name_cap;
    uint64_t naming;       /* the last address that was named */
    pp_id naming_last;     /* its last name */
    unsigned naming_depth; /* number of its names */
    struct pp_legacy_place *places;
    pp_id *frames, *path; /* of all places, and of the current stack */
    size_t nframes, frames_cap, path_cap;
    uint32_t *copies;
    size_t copies_cap;
};

/* Which addresses are return addresses, and so lie behind the call. */
enum pp_legacy_calls { PP_ALL_RETURN, PP_LEAF_IS_EXACT, PP_ALL_ARE_EXACT };

/* Begins a stack with zero values; valid until the next one is begun. */
struct pp_legacy_stack *pp_legacy_begin(struct pp_legacy *l, const char *at);

/* Adds an address to the last stack; 0 is left out with a warning at `at`. */
void pp_legacy_address(struct pp_legacy *l, const char *at, uint64_t address,
                       enum pp_legacy_calls calls);

/*
 * Adds the hexadecimal numbers in `in`, separated by blanks. False, with a warning and the stack
 * dropped, if something is not one.
 */
bool pp_legacy_addresses(struct pp_legacy *l, struct pp_span in, enum pp_legacy_calls calls);

/* Drops the last stack. */
void pp_legacy_drop(struct pp_legacy *l);

/*
 * Names the function of an address, as it is in l->addresses. If it is called again for the same
 * address, with no other in between, that is the function which contains the previous one inlined;
 * later names, and those after the 64th, are ignored.
 */
void pp_legacy_named(struct pp_legacy *l, uint64_t address, const struct pp_function *function,
                     uint32_t line);

/*
 * Takes the line that Go writes below a stack for each of its frames; false if it is not one:
 *
 *     #	0x4661cf	main.work+0x4f	/src/main.go:12
 */
bool pp_legacy_go_line(struct pp_legacy *l, struct pp_span line);

/*
 * Reads the lines that explain a Java profile's numbers: "0x3 com.example.Main.run (Main.java:12)".
 */
void pp_legacy_java_lines(struct pp_legacy *l, struct pp_span in);

/* Takes the list of mapped files, with its heading, off the end of `*in`, if there is one. */
void pp_legacy_maps(struct pp_legacy *l, struct pp_span *in);

/*
 * Moves to the next line that is neither blank nor a comment, without surrounding blanks. False at
 * the end.
 */
bool pp_legacy_line(struct pp_span *in, struct pp_span *line);

/* Truncates a value to a whole number; false after failing at `at` because it exceeds 64 bits. */
bool pp_legacy_whole(struct pp_legacy *l, const char *at, double value, int64_t *out);

/*
 * The factor for the counts of a sampled heap; 1 if they stay unscaled. An allocation of x bytes is
 * sampled with probability 1 - exp(-x / interval); all those of a line are assumed to have its mean
 * size.
 */
double pp_legacy_heap_factor(int64_t objects, int64_t bytes, int64_t interval);

/*
 * Removes the second frame of stacks whose leaf is there twice: once of the registers or the
 * signal, and once of the stack, where the address was lowered by one as that of a caller.
 */
void pp_legacy_drop_doubled_leaves(struct pp_legacy *l);

/*
 * Makes the stacks and samples of the profile from the collected ones. The profile must have its
 * columns, in the order of the values.
 */
bool pp_legacy_finish(struct pp_legacy *l);
void pp_legacy_release(struct pp_legacy *l);

/* Values of about.drop_frames: frames of the profiler, not of the program. */
extern const char pp_legacy_allocators[], pp_legacy_locks[], pp_legacy_handlers[];

/* Sets that, and the period. */
void pp_legacy_about(struct pp_legacy *l, const char *drop, const char *period_type,
                     const char *period_unit, int64_t period);

#endif
