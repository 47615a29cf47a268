/*
 * sample_places.h - the place of a frame in a sample profile: the linker's name of its function,
 * and the place in that.
 */
#ifndef PP_LLVM_SAMPLE_PLACES_H
#define PP_LLVM_SAMPLE_PLACES_H

#include "formats/llvm/sample_tree.h"
#include "model/profile.h"

/*
 * LLVM packs three numbers into a discriminator, each prefix-coded from the low end: the base,
 * which distinguishes paths through a line; the factor by which unrolling or vectorising has
 * multiplied the instruction (0 stands for 1); and the number of the copy, which does not matter
 * here. llvm/include/llvm/IR/DebugInfoMetadata.h, DILocation::decodeDiscriminator().
 */
struct pp_llvm_discriminator {
    uint32_t base, factor; /* factor: 1 or more */
};

struct pp_llvm_discriminator pp_llvm_discriminator(uint32_t packed);

/*
 * A name without what compilers append to a function that they have moved, cloned or split
 * (".llvm.12", ".part.0", ".cold", ".isra.0", ".constprop.1", ".lto_priv.3"); ".__uniq.7" stays, as
 * it is part of the name in both builds.
 */
struct pp_span pp_llvm_plain_name(struct pp_span name);

/* The linker's name of a frame's function, or else the only name that is known. */
struct pp_span pp_llvm_name(const struct pp_profile *p, pp_id frame);

/* Whether a name can be a linker's: demangled names contain blanks, parentheses or "::". */
bool pp_llvm_is_linkage(struct pp_span name);

/* The place of a frame. False if its line, or the first line of its function, is unknown. */
bool pp_llvm_place(const struct pp_profile *p, pp_id frame, struct pp_sample_place *place);

#endif
