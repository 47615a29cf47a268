#include "model/code.h"

pp_id pp_mapping_named(struct pp_profile *p, struct pp_span file)
{
    if (pp_empty(file))
        return 0;
    struct pp_mapping m = {.flags = PP_START_UNKNOWN};
    pp_set_mapping_file(p, &m, file);
    return pp_intern(&p->mappings, &m);
}

static pp_id function_of(struct pp_profile *p, const struct pp_code *c)
{
    bool same = pp_same(c->system, c->function);
    return pp_intern(&p->functions, &(struct pp_function){
                                        .name = pp_string(p, c->function),
                                        .system_name = same ? 0 : pp_string(p, c->system),
                                        .file = pp_string(p, c->file),
                                        .line = c->start_line,
                                    });
}

bool pp_is_kernel_entry(const struct pp_profile *p, pp_id frame)
{
    return pp_frame(p, frame)->kind == PP_KERNEL && pp_starts(pp_frame_name(p, frame), "asm_");
}

bool pp_is_returned_to(const struct pp_profile *p, pp_id node, pp_id above)
{
    if (!above || !pp_has_return_address(p, pp_frame(p, pp_node(p, node)->frame)))
        return false;
    while (pp_node(p, above)->parent != node)
        above = pp_node(p, above)->parent;
    return !pp_is_interrupted(p, pp_node(p, above));
}

pp_id pp_frame_row(struct pp_profile *p, struct pp_frame row)
{
    static const struct pp_frame none;
    if (memcmp(&row, &none, sizeof row) == 0)
        row.function = pp_intern(&p->functions,
                                 &(struct pp_function){.system_name = pp_cstring(p, "[unknown]")});
    return pp_intern(&p->frames, &row);
}

pp_id pp_frame_at(struct pp_profile *p, const struct pp_code *code)
{
    bool fits = code->column <= PP_MAX_COLUMN_NUMBER;
    struct pp_frame row = {
        .address = code->address,
        .function = function_of(p, code),
        .mapping = code->mapping ? code->mapping : pp_mapping_named(p, code->module),
        .line = code->line,
        .column = fits ? code->column & PP_MAX_COLUMN_NUMBER : 0,
        .kind = (unsigned)code->kind & 0x1f,
        .inlined = code->inlined,
    };
    return pp_frame_row(p, row);
}

/* Whether rows[i] is inlined in the row after it, in a run that begins with `first`. */
static bool is_inlined(const struct pp_frame *rows, size_t i, size_t first)
{
    if (rows[i].address != rows[i + 1].address)
        return false;
    return rows[i].inlined || (rows[i].address && rows[i + 1].function != rows[first].function);
}

void pp_mark_inlined(struct pp_frame *rows, size_t n)
{
    for (size_t first = 0, last; first < n; first = last + 1) {
        for (last = first; last + 1 < n && is_inlined(rows, last, first); last++)
            ;
        for (size_t i = first; i < last; i++) {
            rows[i].inlined = 1;
            rows[i].mapping = rows[last].mapping;
            rows[i].kind = rows[last].kind;
        }
        rows[last].inlined = 0;
    }
}
