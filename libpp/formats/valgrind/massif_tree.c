#include "formats/valgrind/massif_tree.h"

#include <stdlib.h>

#include "base/memory.h"
#include "formats/valgrind/frame_text.h"

/* --- stacks -------------------------------------------------------------- */

/* The frames of the path without its root, leaf first; frames at one address are inlined. */
static void fill_ids(struct pp_reader *r, struct pp_massif_tree *t, size_t n)
{
    PP_GROW(t->ids, n, t->ids_cap);
    if (!t->path[n].same) {
        for (size_t i = 0; i < n; i++)
            t->ids[i] = t->frames[t->path[i + 1].text].id;
        return;
    }
    PP_GROW(t->rows, n, t->rows_cap);
    for (size_t i = 0; i < n; i++)
        t->rows[i] = t->frames[t->path[i + 1].text].row;
    pp_mark_inlined(t->rows, n);
    for (size_t i = 0; i < n; i++) {
        if (!(r->keep & PP_HOLDS_ADDRESSES))
            t->rows[i].address = 0;
        t->ids[i] = pp_frame_row(r->out, t->rows[i]);
    }
}

/* Adds a cell for the stack that ends with the last line of the path. */
static void add_cell(struct pp_reader *r, struct pp_massif_tree *t, const char *at, int64_t value)
{
    size_t n = t->depth - 1;
    PP_GROW(t->cells.list, t->cells.count + 1, t->cells.cap);
    if (!n) { /* the tree has only a root */
        PP_GROW(t->ids, 1, t->ids_cap);
        t->ids[n++] = pp_frame_row(r->out, (struct pp_frame){0});
    } else {
        fill_ids(r, t, n);
    }
    pp_id node = pp_reader_stack(r, at, t->ids, n, PP_LEAF_FIRST);
    t->cells.list[t->cells.count++] = (struct pp_massif_cell){node, value};
}

/* Leaves the last line of the path: its callers' values are subtracted, the rest is its own. */
static void leave(struct pp_reader *r, struct pp_massif_tree *t, const char *at)
{
    const struct pp_massif_place *p = &t->path[t->depth - 1];
    if (p->callers)
        pp_warn(r, at, "callers are missing in the tree");
    else if (p->left != p->value && p->left)
        pp_warn(r, at, "the callers do not add up to their callee");
    if (p->left > 0)
        add_cell(r, t, at, p->left);
    t->depth--;
}

void pp_massif_close(struct pp_reader *r, struct pp_massif_tree *t, const char *at)
{
    while (t->depth)
        leave(r, t, at);
}

/* --- lines --------------------------------------------------------------- */

static struct pp_span without_blanks(struct pp_span line)
{
    while (!pp_empty(line) && *line.p == ' ')
        line.p++;
    return line;
}

bool pp_massif_is_tree(struct pp_span line)
{
    line = without_blanks(line);
    return pp_len(line) > 1 && *line.p == 'n' && pp_is_digit(line.p[1]);
}

/* "in 3 places, all below massif's threshold (1.00%)" */
static bool is_below_threshold(struct pp_span text)
{
    return pp_starts(text, "in ") && pp_find_text(text, " place") && pp_find_text(text, "below ");
}

static void parse_frame(struct pp_reader *r, struct pp_span text, struct pp_massif_frame *frame)
{
    struct pp_code code;
    if (is_below_threshold(text))
        code = (struct pp_code){.function = pp_str("[below threshold]")};
    else if (!pp_valgrind_frame(text, &code))
        code = (struct pp_code){.function = text};
    frame->id = pp_reader_frame(r, &code);
    frame->row = *pp_frame(r->out, frame->id);
    frame->row.address = code.address; /* to find inlined frames */
}

static pp_id frame_of(struct pp_reader *r, struct pp_massif_tree *t, struct pp_span text)
{
    size_t known = t->texts.count;
    pp_id id = pp_intern_string(&t->texts, text);
    PP_GROW(t->frames, t->texts.count, t->frames_cap);
    if (!id || t->texts.count > known)
        parse_frame(r, text, &t->frames[id]);
    return id;
}

/* Takes "n2: 100 " from the start of the line. */
static bool take_numbers(struct pp_span *line, uint64_t *callers, int64_t *value)
{
    struct pp_span n, v;
    if (!pp_word(line, &n) || !pp_ends(n, ":") || !pp_word(line, &v))
        return false;
    return pp_parse_u64((struct pp_span){n.p + 1, n.end - 1}, callers) && pp_parse_i64(v, value) &&
           *value >= 0;
}

/* Subtracts the value of a caller from its callee, the last line of the path. */
static bool count_caller(struct pp_reader *r, struct pp_massif_tree *t, const char *at,
                         struct pp_massif_place *caller)
{
    struct pp_massif_place *called = &t->path[t->depth - 1];
    if (__builtin_sub_overflow(called->left, caller->value, &called->left))
        return pp_fail(r, at, "the sum of the tree exceeds 64 bits");
    if (called->callers)
        called->callers--;
    else
        pp_warn(r, at, "more callers than were announced");
    if (t->depth > 1) {
        uint64_t address = t->frames[caller->text].row.address;
        caller->same = called->same || (address && address == t->frames[called->text].row.address);
    }
    return true;
}

bool pp_massif_line(struct pp_reader *r, struct pp_massif_tree *t, struct pp_span line)
{
    struct pp_span rest = without_blanks(line);
    size_t depth = (size_t)(rest.p - line.p);
    struct pp_massif_place place = {0};
    if (!take_numbers(&rest, &place.callers, &place.value)) {
        pp_warn(r, line.p, "not understood, and left out: '%.*s'", PP_SHOW(line));
        return true;
    }
    if (depth > t->depth) {
        pp_warn(r, line.p, "a caller is indented too deeply");
        depth = t->depth;
    }
    while (t->depth > depth)
        leave(r, t, line.p);
    place.left = place.value;
    struct pp_span text = pp_trim(rest);
    if (depth)
        place.text = frame_of(r, t, text);
    else
        t->title = pp_intern_string(&t->titles, text);
    if (depth && !count_caller(r, t, line.p, &place))
        return false;
    PP_GROW(t->path, depth + 1, t->path_cap);
    t->path[t->depth++] = place;
    return true;
}

void pp_massif_release(struct pp_massif_tree *t)
{
    pp_strings_release(&t->texts);
    pp_strings_release(&t->titles);
    free(t->frames);
    free(t->path);
    free(t->ids);
    free(t->rows);
    free(t->cells.list);
}
