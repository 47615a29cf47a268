#include "work/many.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/par.h"
#include "cli/cli.h"
#include "work/load.h"
#include "work/symbols.h"

/*
 * A file that is loaded in parallel with others, and its messages, which are printed when its turn
 * comes.
 */
struct loading {
    struct pp_diag diag; /* the first member, so that `emit` can find the others */
    char *file;
    const struct pp_load_options *options;
    const struct pp_format *found;
    struct pp_profile *p;
    struct pp_arena texts;
    struct pp_message *messages;
    size_t nmessages, cap;
};

/* The files that are loaded at the same time. */
struct batch {
    struct loading *files;
    size_t n;
    unsigned jobs;
    struct pp_task task;
};

static void keep_message(struct pp_diag *d, const struct pp_message *m)
{
    struct loading *l = (struct loading *)d;
    PP_GROW(l->messages, l->nmessages + 1, l->cap);
    struct pp_message *kept = &l->messages[l->nmessages++];
    *kept = *m;
    kept->text = pp_copy(&l->texts, pp_str(m->text));
    if (m->place.file) /* it belongs to the message, which is freed */
        kept->place.file = pp_copy(&l->texts, pp_str(m->place.file));
}

/* Prints the messages of a file. Warnings were counted already, so they are not counted again. */
static void replay(struct loading *l)
{
    for (size_t i = 0; i < l->nmessages; i++)
        pp_messages.emit(&pp_messages, &l->messages[i]);
    pp_messages.errors += l->diag.errors;
    pp_messages.warnings += l->diag.warnings;
}

static void release(struct loading *l)
{
    pp_diag_release(&l->diag);
    pp_arena_release(&l->texts);
    free(l->messages);
}

static void load_one(void *ctx, size_t i)
{
    struct loading *l = (struct loading *)ctx + i;
    struct pp_load_options options = *l->options;
    options.found = &l->found;
    l->p = pp_load(l->file, &options, &l->diag);
}

static void load_batch(void *ctx)
{
    struct batch *b = ctx;
    pp_parallel(b->jobs, b->n, load_one, b->files);
}

/* Starts loading at most `most` further files, and advances `*files` past them. */
static void begin(struct batch *b, char ***files, size_t most, const struct pp_load_options *o)
{
    for (b->n = 0; b->n < most && **files; (*files)++)
        b->files[b->n++] = (struct loading){
            .diag = {.emit = keep_message, .strict = pp_messages.strict},
            .file = **files,
            .options = o,
        };
    b->task = (struct pp_task){0};
    if (b->n && b->jobs > 1)
        pp_task_start(&b->task, load_batch, b);
    else
        load_batch(b);
}

/* Passes on what was loaded, or frees it if no more is wanted. */
static bool give(struct batch *b, bool wanted,
                 bool (*take)(void *ctx, char *file, struct pp_profile *p), void *ctx)
{
    for (size_t i = 0; i < b->n; i++) {
        struct loading *l = &b->files[i];
        if (wanted) {
            replay(l);
            pp_symbols.unnamed = pp_symbols.unnamed || (l->p && l->found->unnamed);
            wanted = take(ctx, l->file, l->p);
        } else {
            pp_profile_free(l->p);
        }
        release(l);
    }
    return wanted;
}

/* If there are few files, each is read with several threads. */
static unsigned jobs_a_file(char **files, unsigned jobs)
{
    unsigned n = 0;
    while (n < jobs && files[n])
        n++;
    return n ? jobs / n : jobs;
}

/* While one batch is passed on, the next is loaded. */
void pp_load_many(char **files, unsigned keep,
                  bool (*take)(void *ctx, char *file, struct pp_profile *p), void *ctx)
{
    enum { FILES_A_JOB = 4, MOST_JOBS = 64 }; /* no more can run at a time */
    struct pp_load_options options;
    pp_load_settings(&options, keep);
    options.jobs = options.jobs < MOST_JOBS ? options.jobs : MOST_JOBS;
    size_t most = options.jobs > 1 ? (size_t)options.jobs * FILES_A_JOB : 1;
    struct batch batches[2];
    for (int i = 0; i < 2; i++)
        batches[i] = (struct batch){pp_calloc(most, sizeof(struct loading)), 0, options.jobs, {0}};
    options.jobs = jobs_a_file(files, options.jobs);
    options.progress = NULL;
    struct batch *now = &batches[0], *next = &batches[1];
    bool wanted = true;
    begin(now, &files, most, &options);
    while (now->n) {
        pp_task_wait(&now->task);
        begin(next, &files, wanted ? most : 0, &options);
        wanted = give(now, wanted, take, ctx);
        struct batch *swap = now;
        now = next;
        next = swap;
    }
    for (int i = 0; i < 2; i++)
        free(batches[i].files);
}
