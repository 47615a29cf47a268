/*
 * legacy.h - what the readers of the formats share that came before pprof's own: stacks of bare
 * addresses, and at the end a list of mapped files.
 *
 * The list is needed first, and what is done about it needs all addresses. So a reader hands over
 * every stack as it finds it, then the list, and pp_legacy_finish() makes the profile.
 */
#ifndef PP_FORMATS_LEGACY_H
#define PP_FORMATS_LEGACY_H

#include "formats/reader/mapped.h"

enum { PP_LEGACY_VALUES = 4 };

/* A stack as the input has it. */
struct pp_legacy_stack {
    const char *at;
    size_t first, count; /* its addresses, leaf first: l->addresses[first] ... */
    int64_t values[PP_LEGACY_VALUES];
    int64_t block; /* the label "bytes", if `has_block` */
    bool has_block;
};

/* Zero-initialise but for `r`; release with pp_legacy_release(). */
struct pp_legacy {
    struct pp_reader *r;
    struct pp_legacy_stack *stacks;
    size_t nstacks, stacks_cap;
    uint64_t *addresses;
    size_t naddresses, addresses_cap;
    struct pp_mapped mapped;

    bool nameless_places; /* addresses only stand for names: where there is a name, they go */
    struct pp_legacy_name *names;
    size_t nnames, names_cap;
    struct pp_table named; /* the addresses that have names, numbering `first_name` */
    size_t nnamed;         /* how many of its rows do */
    pp_id *first_name;
    size_t first_name_cap;
    uint64_t naming;       /* the address that was named last */
    pp_id naming_last;     /* its last name */
    unsigned naming_depth; /* how many it has */
    struct pp_legacy_place *places;
    pp_id *frames, *path; /* of all places, and of the current stack */
    size_t nframes, frames_cap, path_cap;
    uint32_t *copies;
    size_t copies_cap;
};

/* Which addresses are those that a call returns to, and so lie behind the call. */
enum pp_legacy_calls { PP_ALL_RETURN, PP_LEAF_IS_EXACT, PP_ALL_ARE_EXACT };

/* Begins a stack whose values are still 0; valid until the next is begun. */
struct pp_legacy_stack *pp_legacy_begin(struct pp_legacy *l, const char *at);

/* Adds an address to the stack begun last; 0 is left out with a warning at `at`. */
void pp_legacy_address(struct pp_legacy *l, const char *at, uint64_t address,
                       enum pp_legacy_calls calls);

/*
 * Adds the hexadecimal numbers in `in`, separated by blanks. False, with a warning and the stack
 * taken back, if something is none.
 */
bool pp_legacy_addresses(struct pp_legacy *l, struct pp_span in, enum pp_legacy_calls calls);

/* Takes the stack begun last back. */
void pp_legacy_drop(struct pp_legacy *l);

/*
 * Says which function an address, as it is in l->addresses, is in. Said again for the same address
 * at once, it is the function into which the one before was inlined; later, and after 64 of them,
 * it is ignored.
 */
void pp_legacy_named(struct pp_legacy *l, uint64_t address, const struct pp_function *function,
                     uint32_t line);

/*
 * Takes the line that Go writes under a stack for each of its frames; false if it isn't one:
 *
 *     #	0x4661cf	main.work+0x4f	/src/main.go:12
 */
bool pp_legacy_go_line(struct pp_legacy *l, struct pp_span line);

/* The lines that explain a Java profile's numbers: "0x3 com.example.Main.run (Main.java:12)". */
void pp_legacy_java_lines(struct pp_legacy *l, struct pp_span in);

/* Takes the list of mapped files, and its heading, off the end of `*in` if there is one. */
void pp_legacy_maps(struct pp_legacy *l, struct pp_span *in);

/* Moves to the next line that says something, without the blanks around it. False at the end. */
bool pp_legacy_line(struct pp_span *in, struct pp_span *line);

/* Cuts a value to a whole number; false after failing at `at` where it exceeds 64 bits. */
bool pp_legacy_whole(struct pp_legacy *l, const char *at, double value, int64_t *out);

/*
 * What the counts of a sampled heap are to be multiplied by; 1 where they stay as they are. An
 * allocation of x bytes is sampled with probability 1 - exp(-x / interval); all of a line are taken
 * to be of its mean size.
 */
double pp_legacy_heap_factor(int64_t objects, int64_t bytes, int64_t interval);

/*
 * Makes the profile's stacks and samples of what was collected. The profile has its columns by
 * then, in the order of the values.
 */
bool pp_legacy_finish(struct pp_legacy *l);
void pp_legacy_release(struct pp_legacy *l);

/* What about.drop_frames of the profile is set to: frames of the profiler, not of the program. */
extern const char pp_legacy_allocators[], pp_legacy_locks[], pp_legacy_handlers[];

/* Sets that, and the period. */
void pp_legacy_about(struct pp_legacy *l, const char *drop, const char *period_type,
                     const char *period_unit, int64_t period);

#endif
