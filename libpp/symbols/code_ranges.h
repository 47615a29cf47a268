/*
 * code_ranges.h - finds the ranges of code that have the same name, in the symbol tables of
 * programs: see model/code_ranges.h.
 */
#ifndef PP_SYMBOLS_CODE_RANGES_H
#define PP_SYMBOLS_CODE_RANGES_H

#include "model/code_ranges.h"
#include "symbols/symbolize.h"

/*
 * For pp_code_ranger: `options` says where programs are, and must live until the ranges are closed.
 * One child process reads all the programs (base/child.h); a program that crashes it has no ranges.
 */
void *pp_code_ranges_open(const struct pp_symbolize_options *options);
void pp_code_ranges_close(void *opened);
struct pp_code_ranges pp_code_ranges_find(void *opened, const struct pp_code_file *file);

#endif
