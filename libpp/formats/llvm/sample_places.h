/*
 * sample_places.h - where in a sample profile a frame belongs: the linker's name of its function,
 * and the place in it.
 */
#ifndef PP_LLVM_SAMPLE_PLACES_H
#define PP_LLVM_SAMPLE_PLACES_H

#include "formats/llvm/sample_tree.h"
#include "model/profile.h"

/*
 * LLVM packs three numbers into a discriminator, each prefix-coded from the low end: the base,
 * which tells the paths through a line apart; how often unrolling or vectorising has multiplied
 * the instruction (0 stands for 1); and which copy of it this is, which does not matter here.
 * llvm/include/llvm/IR/DebugInfoMetadata.h, DILocation::decodeDiscriminator().
 */
struct pp_llvm_discriminator {
    uint32_t base, factor; /* factor: 1 or more */
};

struct pp_llvm_discriminator pp_llvm_discriminator(uint32_t packed);

/*
 * A name without what the compiler appends to a function that it has moved, cloned or split
 * (".llvm.12", ".part.0", ".cold", ".isra.0", ".constprop.1", ".lto_priv.3"); ".__uniq.7" stays,
 * as it is part of the name in both builds.
 */
struct pp_span pp_llvm_plain_name(struct pp_span name);

/* The linker's name of a frame's function; else the only one that is known. */
struct pp_span pp_llvm_name(const struct pp_profile *p, pp_id frame);

/* Whether the name can be a linker's: those for people hold blanks, parentheses or "::". */
bool pp_llvm_is_linkage(struct pp_span name);

/* The place of a frame. False where its line, or where its function begins, is not known. */
bool pp_llvm_place(const struct pp_profile *p, pp_id frame, struct pp_sample_place *place);

#endif
