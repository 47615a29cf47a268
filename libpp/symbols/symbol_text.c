#include "symbols/symbol_text.h"

struct text {
    const char *file;
    struct pp_symbol_table *table;
    struct pp_diag *diag;
    uint64_t line;  /* the number of the current line */
    uint64_t read;  /* lines that were understood */
    uint64_t known; /* of these, those whose address is not 0 */
};

typedef bool read_line(struct text *t, struct pp_span line);

/* Cuts a hexadecimal number and one blank from the start of `*line`. */
static bool cut_hex(struct pp_span *line, uint64_t *out)
{
    struct pp_span word;
    return pp_cut(line, ' ', &word) && pp_parse_hex(word, out);
}

static bool read_map_line(struct text *t, struct pp_span line)
{
    uint64_t start, size;
    if (!cut_hex(&line, &start) || !cut_hex(&line, &size))
        return false;
    struct pp_span name = pp_trim(line);
    if (pp_empty(name))
        return false;
    pp_symbol_table_add(t->table, start, size, name, 0);
    t->known += start != 0;
    return true;
}

/* The rank of a symbol of this type, or -1 if it is not code. */
static int rank_of(struct pp_span type)
{
    static const char types[] = "TtWw";
    const char *hit = pp_len(type) == 1 && *type.p ? strchr(types, *type.p) : NULL;
    return hit ? (int)(hit - types) : -1;
}

static bool read_kernel_line(struct text *t, struct pp_span line)
{
    uint64_t start;
    struct pp_span type, name;
    if (!cut_hex(&line, &start) || !pp_word(&line, &type) || pp_len(type) != 1 ||
        !pp_word(&line, &name))
        return false;
    int rank = rank_of(type);
    t->known += start != 0;
    if (rank >= 0 && start != 0)
        pp_symbol_table_add(t->table, start, PP_UNKNOWN_SIZE, name, (uint32_t)rank);
    return true;
}

static void read_lines(struct text *t, struct pp_span in, read_line *read, const char *complaint)
{
    for (struct pp_span line; pp_line(&in, &line);) {
        t->line++;
        if (pp_empty(line))
            continue;
        struct pp_place place = {t->file, PP_AT_LINE, t->line};
        if (read(t, line))
            t->read++;
        else
            pp_report(t->diag, PP_WARNING, place, complaint, PP_SHOW(line));
    }
}

bool pp_read_perf_map(struct pp_span in, const char *file, struct pp_symbol_table *t,
                      struct pp_diag *diag)
{
    struct text text = {.file = file, .table = t, .diag = diag};
    t->later_wins = true;
    read_lines(&text, in, read_map_line, "expected a start, a size and a name, not '%.*s'");
    return text.read || pp_empty(in) || pp_error(diag, file, "not a map of perf");
}

bool pp_read_kallsyms(struct pp_span in, const char *file, struct pp_symbol_table *t,
                      struct pp_diag *diag)
{
    struct text text = {.file = file, .table = t, .diag = diag};
    read_lines(&text, in, read_kernel_line, "expected an address, a type and a name, not '%.*s'");
    if (!text.read)
        return pp_empty(in) || pp_error(diag, file, "not a list of the kernel's symbols");
    if (!text.known)
        return pp_error(diag, file,
                        "all addresses are 0: reading kernel addresses needs privileges "
                        "(kernel.kptr_restrict)");
    return true;
}
