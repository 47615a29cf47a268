/*
 * frame.h - the text of one frame as `perf script` prints it: an address, a symbol with its offset,
 * a module in brackets.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_FRAME_H
#define PP_FORMATS_PERF_SCRIPT_FRAME_H

#include "base/span.h"

struct pp_perf_frame {
    uint64_t address;
    const char *address_end; /* end of the address in the line */
    struct pp_span text;     /* everything after the blank behind the address */
};

/*
 * In a call chain, a tab and the address, padded to 16 bytes, come before the blank. This checks
 * only the tab and the blank.
 */
enum { PP_PERF_ADDRESS = 16, PP_PERF_CALL_TEXT = 1 + PP_PERF_ADDRESS + 1 };

static inline bool pp_perf_is_call(struct pp_span line)
{
    return pp_len(line) >= PP_PERF_CALL_TEXT && *line.p == '\t' &&
           line.p[PP_PERF_CALL_TEXT - 1] == ' ';
}

/* Blanks and a hexadecimal number; then the end, or a blank and more. */
bool pp_perf_frame(struct pp_span line, struct pp_perf_frame *frame);

/*
 * The frame in the payload of a header, which has no call chain; for a branch, its source. Fields
 * that -F adds may come before it, such as the address of data, or after it, such as registers:
 *
 *     7fcd772cde06 _rtld_global+0xde6 (/ld.so)     7fcd772b57ad _dl_start+0x3d (/ld.so)
 *     7ffdf1391b0c     10268100142 |OP LOAD|LVL L1 hit|SNP None   5   7   0     7fad7c47425d f (/x)
 *     call             401000 main+0x10 (/x) =>           401100 work+0x0 (/x)
 *     5593de81113c leaf+0x13 (/x) ABI:2    AX:0x21d52    IP:0x5593de81113c
 *
 * perf pads each address to 16 bytes, which distinguishes it from a word that looks like one.
 */
bool pp_perf_payload_frame(struct pp_span payload, struct pp_perf_frame *frame);

/* A module as perf prints it, without surrounding blanks, offset and " (deleted)". */
struct pp_span pp_perf_module_name(struct pp_span module);

/* The offset in the module's file, which -F +dsoff prints: "main+0x12 (/bin/x+0x1139)". */
bool pp_perf_module_offset(struct pp_span text, uint64_t *offset);

/*
 * The parts of a frame's text. `*symbol` has no offset, and is NULL if none was printed; `*module`
 * is the name without brackets, and NULL if none was printed.
 */
void pp_perf_frame_parts(struct pp_span text, struct pp_span *symbol, struct pp_span *module);

#endif
