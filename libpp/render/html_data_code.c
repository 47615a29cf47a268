/*
 * Machine code: the section CODE of a page's data.
 *
 *     routines: count; of each the function's name, the module, how many instructions, and how
 *     far their addresses are from those in their texts ~
 *     of all instructions: the address ~, less that of the one before in the routine
 *     of all instructions: the file of its source; of all: the line, 0 if unknown
 *     of all instructions: lengths of texts; the bytes
 */
#include "render/html_data_private.h"

static void put_texts_of(struct pp_html_writer *w, const struct pp_html_code *code)
{
    struct pp_out texts;
    pp_out_memory(&texts, NULL);
    for (size_t r = 0; r < code->count; r++)
        for (size_t i = 0; i < code->routines[r].count; i++) {
            size_t before = texts.len;
            pp_html_put_clean(&texts, code->routines[r].instructions[i].text);
            pp_html_put(&w->rows, texts.len - before);
        }
    pp_put(&w->rows, pp_out_bytes(&texts));
    pp_out_release(&texts);
}

static void put_lines_of(struct pp_html_writer *w, const struct pp_html_code *code)
{
    for (size_t r = 0; r < code->count; r++)
        for (size_t i = 0; i < code->routines[r].count; i++)
            pp_html_put_text(w, code->routines[r].instructions[i].file);
    for (size_t r = 0; r < code->count; r++)
        for (size_t i = 0; i < code->routines[r].count; i++)
            pp_html_put(&w->rows, code->routines[r].instructions[i].line);
}

void pp_html_put_code(struct pp_html_writer *w)
{
    const struct pp_html_places *places = w->options->places;
    const struct pp_html_code *code = places ? places->code : NULL;
    if (!code || !code->count)
        return;
    pp_html_put(&w->rows, code->count);
    for (size_t r = 0; r < code->count; r++) {
        pp_html_put_text(w, code->routines[r].function);
        pp_html_put_text(w, code->routines[r].module);
        pp_html_put(&w->rows, code->routines[r].count);
        pp_html_put_signed(&w->rows, (int64_t)code->routines[r].shift);
    }
    for (size_t r = 0; r < code->count; r++) {
        uint64_t before = 0;
        for (size_t i = 0; i < code->routines[r].count; i++) {
            uint64_t address = code->routines[r].instructions[i].address;
            pp_html_put_signed(&w->rows, (int64_t)(address - before));
            before = address;
        }
    }
    put_lines_of(w, code);
    put_texts_of(w, code);
    pp_html_end_section(w, PP_HTML_CODE);
}
