#include "render/html_threads.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/out.h"

/* The keys of the profile; 0: it has no such label. */
struct keys {
    pp_id tid, thread, comm;
};

static void put_label(struct pp_out *o, const struct pp_profile *p, const struct pp_label *l)
{
    if (l && l->text)
        pp_put(o, pp_text(p, l->text));
    else if (l)
        pp_put_i64(o, l->number);
}

static const struct pp_label *find(const struct pp_profile *p, pp_id set, pp_id key)
{
    return key ? pp_label_find(p, set, key) : NULL;
}

/* What distinguishes the thread from others. */
static void put_identity(struct pp_out *o, const struct pp_profile *p, const struct keys *k,
                         pp_id set)
{
    const struct pp_label *tid = find(p, set, k->tid), *thread = find(p, set, k->thread);
    pp_puts(o, tid ? "tid " : thread ? "thread " : "comm ");
    put_label(o, p, tid ? tid : thread ? thread : find(p, set, k->comm));
}

/* "server (12)", or the known part of it. */
static void put_name(struct pp_out *o, const struct pp_profile *p, const struct keys *k, pp_id set)
{
    const struct pp_label *tid = find(p, set, k->tid), *thread = find(p, set, k->thread);
    size_t before = o->len;
    put_label(o, p, thread ? thread : find(p, set, k->comm));
    if (!tid)
        return;
    pp_puts(o, o->len > before ? " (" : "tid ");
    size_t begun = o->len;
    put_label(o, p, tid);
    if (begun > before && o->buf[begun - 1] == '(')
        pp_putc(o, ')');
}

/* Makes threads from sets of labels. */
struct finder {
    struct pp_html_threads *t;
    const struct pp_profile *p;
    struct keys keys;
    struct pp_strings known; /* identities */
    struct pp_out text;
};

static void find_thread(struct finder *f, pp_id set)
{
    struct pp_html_threads *t = f->t;
    f->text.len = 0;
    put_identity(&f->text, f->p, &f->keys, set);
    pp_id id = pp_intern_string(&f->known, pp_out_bytes(&f->text)) - 1;
    t->of_labels[set] = id;
    if (id < t->count)
        return;
    f->text.len = 0;
    put_name(&f->text, f->p, &f->keys, set);
    t->name_of[t->count++] = pp_intern_string(&t->names, pp_out_bytes(&f->text));
}

/* Only for sets of labels that samples have: others are parts of these. */
static void find_threads(struct finder *f)
{
    bool *seen = pp_calloc(f->p->labels.count, sizeof *seen);
    for (size_t s = 0; s < f->p->samples.count; s++) {
        pp_id set = pp_sample(f->p, (pp_id)s)->labels;
        if (seen[set] || !pp_sample_exists(f->p, (pp_id)s))
            continue;
        seen[set] = true;
        find_thread(f, set);
    }
    free(seen);
}

void pp_html_threads_init(struct pp_html_threads *t, const struct pp_profile *p, bool apart)
{
    struct finder f = {.t = t, .p = p};
    f.keys = (struct keys){pp_string_find(p, pp_str("tid")), pp_string_find(p, pp_str("thread")),
                           pp_string_find(p, pp_str("comm"))};
    *t = (struct pp_html_threads){
        .of_labels = pp_calloc(p->labels.count, sizeof *t->of_labels),
        .name_of = pp_calloc(p->labels.count + 1, sizeof *t->name_of),
    };
    pp_strings_init(&t->names);
    pp_strings_init(&f.known);
    pp_out_memory(&f.text, NULL);
    if (apart)
        find_threads(&f);
    t->count = t->count ? t->count : 1;
    pp_out_release(&f.text);
    pp_strings_release(&f.known);
}

void pp_html_threads_release(struct pp_html_threads *t)
{
    pp_strings_release(&t->names);
    free(t->of_labels);
    free(t->name_of);
}
