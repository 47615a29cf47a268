/*
 * No reader is silent about nothing, and none says the same a thousand times: two laws, tried with
 * every golden input. An input that is cut early, such as a header alone, either has samples or
 * gets a message. A line that is warned about, and that is there a thousand times, gets a few lines
 * of messages and a count.
 */
#include <dirent.h>

#include "base/memory.h"
#include "io/input.h"
#include "unit/profiles.h"

enum { MANY = 1000, KINDS = 64 };

struct said {
    struct pp_diag diag; /* first, so that its `emit` can find the rest */
    uint64_t messages, notes, line;
    const char *kinds[KINDS];
    size_t nkinds;
};

static void count(struct pp_diag *d, const struct pp_message *m)
{
    struct said *s = (struct said *)d;
    size_t k = 0;
    while (k < s->nkinds && s->kinds[k] != m->kind)
        k++;
    if (k == s->nkinds && k < KINDS)
        s->kinds[s->nkinds++] = m->kind;
    s->messages++;
    s->notes += m->severity == PP_NOTE;
    if (m->severity == PP_WARNING && m->place.kind == PP_AT_LINE && !s->line)
        s->line = m->place.at;
}

static struct pp_profile *read(const struct pp_format *f, struct pp_span bytes, struct said *said)
{
    struct pp_load_options o = {.from = f, .keep = ~0u};
    *said = (struct said){.diag = {.emit = count}};
    struct pp_profile *p = pp_load_bytes(bytes, "test", &o, &said->diag);
    pp_diag_release(&said->diag);
    return p;
}

static bool has_weight(const struct pp_profile *p)
{
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (p->columns[c].weight)
            return true;
    return false;
}

/* --- cut early ----------------------------------------------------------- */

static void check_start(const struct pp_format *f, struct pp_span start, const char *path)
{
    struct said said;
    struct pp_profile *p = read(f, start, &said);
    if (!said.messages && !(p && has_weight(p))) {
        fprintf(stderr, "%s: nothing was read from the first %zu bytes, and nothing said\n", path,
                pp_len(start));
        check_failures++;
    }
    pp_profile_free(p);
}

/* The first lines, one more each time, and the first bytes, for what has no lines. */
static void check_starts(const struct pp_format *f, struct pp_span all, const char *path)
{
    struct pp_span rest = all, line;
    for (unsigned n = 0; n < 12 && pp_line(&rest, &line); n++)
        check_start(f, (struct pp_span){all.p, rest.p}, path);
    for (size_t n = 4; f->binary && n < pp_len(all); n += n / 2)
        check_start(f, (struct pp_span){all.p, all.p + n}, path);
}

/* --- wrong a thousand times ---------------------------------------------- */

/* `all` with line number `at` MANY times. The caller frees it. */
static struct pp_span with_many(struct pp_span all, uint64_t at)
{
    struct pp_span rest = all, line = {0};
    const char *begin = all.p;
    for (uint64_t n = 0; n < at; n++) {
        begin = rest.p;
        if (!pp_line(&rest, &line))
            return (struct pp_span){0};
    }
    size_t before = (size_t)(begin - all.p), len = (size_t)(rest.p - begin);
    char *many = pp_calloc(pp_len(all) + MANY * len, 1), *to = many + before;
    memcpy(many, all.p, before);
    for (unsigned n = 0; n < MANY; n++, to += len)
        memcpy(to, begin, len);
    memcpy(to, rest.p, pp_len(rest));
    return (struct pp_span){many, to + pp_len(rest)};
}

/* Returns whether a line is warned about. */
static bool check_repeated(const struct pp_format *f, struct pp_span all, const char *path)
{
    struct said once, often;
    pp_profile_free(read(f, all, &once));
    struct pp_span many = once.line ? with_many(all, once.line) : (struct pp_span){0};
    if (!many.p)
        return false;
    pp_profile_free(read(f, many, &often));
    uint64_t most = (PP_DIAG_SHOWN + 1) * (uint64_t)often.nkinds;
    if (often.messages > most || often.notes > once.notes || often.nkinds > once.nkinds + 3) {
        fprintf(stderr, "%s: with line %llu %d times there are %llu messages of %zu kinds\n", path,
                (unsigned long long)once.line, MANY, (unsigned long long)often.messages,
                often.nkinds);
        check_failures++;
    }
    free((char *)(uintptr_t)many.p);
    return true;
}

/* --- all golden inputs --------------------------------------------------- */

static char *contents(const char *path, size_t *len)
{
    FILE *f = fopen(path, "rb");
    size_t cap = 0;
    char *bytes = NULL;
    *len = 0;
    do {
        PP_GROW(bytes, *len + 4096, cap);
        *len += f ? fread(bytes + *len, 1, 4096, f) : 0;
    } while (f && !feof(f) && !ferror(f));
    if (f)
        fclose(f);
    return bytes;
}

static unsigned each_input(bool (*check)(const struct pp_format *f, struct pp_span all,
                                         const char *path))
{
    unsigned checked = 0;
    for (const struct pp_format *const *f = pp_formats; *f; f++) {
        char folder[4096], path[8192];
        snprintf(folder, sizeof folder, "%s/formats/%s", PP_TESTDATA, (*f)->name);
        DIR *d = (*f)->read ? opendir(folder) : NULL;
        for (struct dirent *e; d && (e = readdir(d));) {
            size_t len;
            if (!pp_ends(pp_str(e->d_name), ".in"))
                continue;
            snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
            char *bytes = contents(path, &len);
            checked += check(*f, (struct pp_span){bytes, bytes + len}, path);
            free(bytes);
        }
        if (d)
            closedir(d);
    }
    return checked;
}

static bool starts(const struct pp_format *f, struct pp_span all, const char *path)
{
    check_starts(f, all, path);
    return true;
}

static void test_nothing_is_read_without_a_message(void)
{
    CHECK(each_input(starts) > 300);
}

static void test_a_thousand_faults_of_a_kind_are_counted(void)
{
    CHECK(each_input(check_repeated) > 40);
}

CHECK_MAIN(test_nothing_is_read_without_a_message, test_a_thousand_faults_of_a_kind_are_counted)
