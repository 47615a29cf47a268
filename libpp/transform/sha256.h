/* sha256.h - FIPS 180-4, for names from which nobody can compute what they stand for. */
#ifndef PP_TRANSFORM_SHA256_H
#define PP_TRANSFORM_SHA256_H

#include "base/span.h"

enum { PP_SHA256_SIZE = 32 };

void pp_sha256(struct pp_span s, unsigned char digest[PP_SHA256_SIZE]);

#endif
