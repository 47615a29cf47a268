#include "transform/regex.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/memory.h"
#include "base/out.h"

/* Limits for one subject: some tens of milliseconds and megabytes at most. */
enum {
    MATCH_LIMIT = 1000000,
    DISTRUSTED_LIMIT = MATCH_LIMIT / 50,
    DEPTH_LIMIT = 100000,
    HEAP_LIMIT = 32 * 1024, /* KiB */
    JIT_STACK_FIRST = 32 * 1024,
    JIT_STACK_LIMIT = 128 * 1024,    /* a recursion may copy it at each step; then comes the heap */
    RESULT_LIMIT = 64 * 1024 * 1024, /* bytes of the result of a replacement */
};

/* "$" is the very end, as in RE2, so that pprof's patterns mean the same here. */
#define OPTIONS \
    (PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY)

struct pp_regex {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    struct pp_arena arena;
    struct pp_span pattern;
    struct pp_out result; /* of the last replacement */
    bool compiled;        /* to machine code, or compiling was tried */
    bool interpret;       /* never compile it to machine code */
    bool reported;        /* the limit was reported */
};

/* --- compiling ----------------------------------------------------------- */

/*
 * As everywhere in pp, running out of memory ends the program: PCRE2 gets allocators that cannot
 * fail.
 */
static void *allocate(size_t size, void *unused)
{
    (void)unused;
    return pp_realloc(NULL, size, 1);
}

static void release(void *p, void *unused)
{
    (void)unused;
    free(p);
}

static void prepare(struct pp_regex *x, pcre2_general_context *memory)
{
    x->data = pcre2_match_data_create_from_pattern(x->code, memory);
    x->context = pcre2_match_context_create(memory);
    x->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_LIMIT, memory);
    pcre2_set_match_limit(x->context, MATCH_LIMIT);
    pcre2_set_depth_limit(x->context, DEPTH_LIMIT);
    pcre2_set_heap_limit(x->context, HEAP_LIMIT);
    pcre2_jit_stack_assign(x->context, NULL, x->stack);
    pp_out_memory(&x->result, NULL);
}

/* Whether the text after "(?" is a call: "R)", "1)", "-1)", "&name)", "P>name)". */
static bool is_call(struct pp_span s)
{
    if (pp_starts(s, "R") || pp_starts(s, "&") || pp_starts(s, "P>"))
        return true;
    if (pp_starts(s, "+") || pp_starts(s, "-"))
        s.p++;
    return !pp_empty(s) && pp_is_digit(*s.p);
}

/* Whether the pattern calls itself, or one of its groups. */
static bool calls(struct pp_span pattern)
{
    struct pp_span rest = pattern;
    while ((rest.p = pp_find_text(rest, "(?"))) {
        rest.p += strlen("(?");
        if (is_call(rest))
            return true;
    }
    return pp_find_text(pattern, "\\g<") || pp_find_text(pattern, "\\g'");
}

/*
 * In machine code, limits do not work for calls, or only late: a pattern of 30 bytes with a call
 * took 20 seconds, while the interpreter reaches its limit at once.
 *
 * Without a just-in-time compiler for this machine, or if the system forbids memory that is both
 * writable and executable, the slower interpreter is used.
 */
static void compile_to_machine_code(struct pp_regex *x)
{
    x->compiled = true;
    if (!x->interpret && !calls(x->pattern))
        pcre2_jit_compile(x->code, PCRE2_JIT_COMPLETE);
}

static void bad_pattern(struct pp_span pattern, int error, size_t offset, struct pp_diag *diag)
{
    enum { CONTEXT = 40 };
    PCRE2_UCHAR why[256];
    pcre2_get_error_message(error, why, sizeof why);
    struct pp_span before = {pattern.p, pattern.p + offset};
    if (pp_len(before) > CONTEXT)
        before.p = before.end - CONTEXT;
    pp_error(diag, NULL, "bad pattern '%.*s': %s, at byte %zu, after '%.*s'", PP_SHOW(pattern),
             (const char *)why, offset, PP_SHOW(before));
}

struct pp_regex *pp_regex_new(struct pp_span pattern, struct pp_diag *diag)
{
    struct pp_regex *x = pp_calloc(1, sizeof *x);
    const char *copy = pp_copy(&x->arena, pattern);
    x->pattern = (struct pp_span){copy, copy + pp_len(pattern)};
    pcre2_general_context *memory = pcre2_general_context_create(allocate, release, NULL);
    pcre2_compile_context *compiling = pcre2_compile_context_create(memory);
    int error;
    size_t offset;
    x->code = pcre2_compile((PCRE2_SPTR)copy, pp_len(pattern), OPTIONS, &error, &offset, compiling);
    if (x->code)
        prepare(x, memory);
    else
        bad_pattern(x->pattern, error, offset, diag);
    pcre2_compile_context_free(compiling);
    pcre2_general_context_free(memory);
    if (x->code)
        return x;
    pp_regex_free(x);
    return NULL;
}

void pp_regex_free(struct pp_regex *x)
{
    if (!x)
        return;
    pcre2_jit_stack_free(x->stack);
    pcre2_match_context_free(x->context);
    pcre2_match_data_free(x->data);
    pcre2_code_free(x->code);
    pp_out_release(&x->result);
    pp_arena_release(&x->arena);
    free(x);
}

void pp_regex_interpret(struct pp_regex *x)
{
    x->interpret = true;
}

void pp_regex_distrust(struct pp_regex *x)
{
    pcre2_set_match_limit(x->context, DISTRUSTED_LIMIT);
}

struct pp_span pp_regex_pattern(const struct pp_regex *x)
{
    return x->pattern;
}

/* --- matching ------------------------------------------------------------ */

static enum pp_matched give_up(struct pp_regex *x, struct pp_span subject, const char *why,
                               struct pp_diag *diag)
{
    if (!x->reported)
        pp_error(diag, NULL, "pattern '%.*s' failed on '%.*s': %s", PP_SHOW(x->pattern),
                 PP_SHOW(subject), why);
    x->reported = true;
    return PP_REGEX_FAILED;
}

/* Finds a match that begins at or after the byte `start`; its place is in x->data. */
static enum pp_matched find(struct pp_regex *x, struct pp_span subject, size_t start,
                            uint32_t options, struct pp_diag *diag)
{
    PCRE2_SPTR text = (PCRE2_SPTR)(pp_empty(subject) ? "" : subject.p);
    size_t len = pp_len(subject);
    if (!x->compiled)
        compile_to_machine_code(x);
    int rc = pcre2_match(x->code, text, len, start, options, x->data, x->context);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT) /* the interpreter has its own stack, on the heap */
        rc = pcre2_match(x->code, text, len, start, options | PCRE2_NO_JIT, x->data, x->context);
    if (rc >= 0)
        return PP_MATCH;
    if (rc == PCRE2_ERROR_NOMATCH)
        return PP_NO_MATCH;
    PCRE2_UCHAR why[256];
    pcre2_get_error_message(rc, why, sizeof why);
    return give_up(x, subject, (const char *)why, diag);
}

enum pp_matched pp_regex_match(struct pp_regex *x, struct pp_span subject, struct pp_diag *diag)
{
    return find(x, subject, 0, 0, diag);
}

/* --- replacing ----------------------------------------------------------- */

/* A piece of a replacement text: literal text, or a group of the match. */
struct piece {
    struct pp_span literal;
    uint32_t group;
    bool is_group;
};

/* The number of the group that "1", or a name, refers to; false if there is no such group. */
static bool group_number(const struct pp_regex *x, struct pp_span name, uint32_t *group)
{
    char text[64];
    uint64_t number;
    uint32_t groups;
    pcre2_pattern_info(x->code, PCRE2_INFO_CAPTURECOUNT, &groups);
    if (pp_parse_u64(name, &number)) {
        *group = (uint32_t)number;
        return number <= groups;
    }
    if (pp_len(name) >= sizeof text)
        return false;
    snprintf(text, sizeof text, "%.*s", (int)pp_len(name), name.p);
    int found = pcre2_substring_number_from_name(x->code, (PCRE2_SPTR)text);
    *group = (uint32_t)found;
    return found > 0;
}

/* Reads the reference after a '$' at `text`, and moves `*text` to its end. */
static bool read_reference(const struct pp_regex *x, const char **text, struct piece *piece)
{
    struct pp_span name = {*text, *text};
    bool braces = *name.p == '{';
    if (braces) {
        name.p++;
        name.end = strchr(name.p, '}');
        if (!name.end)
            return false;
    } else {
        while (pp_is_digit(*name.end))
            name.end++;
    }
    *text = name.end + braces;
    piece->is_group = true;
    return !pp_empty(name) && group_number(x, name, &piece->group);
}

/* Moves the next piece of `*text` into `*piece`. False if a reference is invalid. */
static bool next_piece(const struct pp_regex *x, const char **text, struct piece *piece)
{
    const char *at = *text;
    *piece = (struct piece){0};
    if (at[0] != '$') {
        *text = at + strcspn(at, "$");
        piece->literal = (struct pp_span){at, *text};
        return true;
    }
    if (at[1] == '$') {
        *text = at + 2;
        piece->literal = (struct pp_span){at, at + 1};
        return true;
    }
    (*text)++;
    return read_reference(x, text, piece);
}

bool pp_regex_check_text(const struct pp_regex *x, const char *text, struct pp_diag *diag)
{
    for (struct piece piece; *text;) {
        const char *at = text;
        if (!next_piece(x, &text, &piece))
            return pp_error(diag, NULL, "'%.*s' has no group '%.30s'", PP_SHOW(x->pattern), at);
    }
    return true;
}

/* Appends `text`, in which groups stand for parts of the last match. */
static void put_replacement(struct pp_regex *x, struct pp_span subject, const char *text)
{
    const size_t *ends = pcre2_get_ovector_pointer(x->data);
    for (struct piece piece; *text;) {
        bool known = next_piece(x, &text, &piece);
        assert(known && "checked by pp_regex_check_text()");
        (void)known;
        const size_t *at = ends + 2 * (size_t)piece.group;
        if (!piece.is_group)
            pp_put(&x->result, piece.literal);
        else if (at[0] != PCRE2_UNSET && at[0] <= at[1])
            pp_put(&x->result, (struct pp_span){subject.p + at[0], subject.p + at[1]});
    }
}

static void put_part(struct pp_regex *x, struct pp_span s, size_t from, size_t to)
{
    pp_put(&x->result, (struct pp_span){s.p + from, s.p + to});
}

enum pp_matched pp_regex_replace(struct pp_regex *x, struct pp_span subject, const char *text,
                                 bool all, struct pp_span *result, struct pp_diag *diag)
{
    const size_t *ends = pcre2_get_ovector_pointer(x->data);
    size_t done = 0;
    enum pp_matched m = find(x, subject, 0, 0, diag);
    if (m != PP_MATCH)
        return m;
    x->result.len = 0;
    do {
        if (ends[0] > ends[1] || ends[0] < done) /* a \K moved back */
            return give_up(x, subject, "the match begins after its end", diag);
        put_part(x, subject, done, ends[0]);
        put_replacement(x, subject, text);
        done = ends[1];
        if (x->result.len > RESULT_LIMIT)
            return give_up(x, subject, "the replacement is too long", diag);
        /* As in sed, an empty match directly after a match does not count. */
        m = all ? find(x, subject, done, PCRE2_NOTEMPTY_ATSTART, diag) : PP_NO_MATCH;
    } while (m == PP_MATCH);
    put_part(x, subject, done, pp_len(subject));
    *result = pp_out_bytes(&x->result);
    return m == PP_REGEX_FAILED ? m : PP_MATCH;
}
