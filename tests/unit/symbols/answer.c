/* The parent receives what a child sends about a module, as far as it got. */
#include "symbols/answer.h"

#include <stdio.h>

#include "check.h"

/* What was received, as text. */
struct record {
    struct pp_out text;
    size_t functions;
};

static void show_function(void *ctx, const struct pp_found_function *f)
{
    struct record *r = ctx;
    pp_putf(&r->text, "function %zu %.*s/%.*s %.*s:%u\n", r->functions++, PP_SHOW(f->name),
            PP_SHOW(f->system_name), PP_SHOW(f->file), f->line);
}

static void show_location(void *ctx, uint32_t location, const struct pp_found_frame *frames,
                          uint32_t n)
{
    struct record *r = ctx;
    pp_putf(&r->text, "location %u", location);
    for (uint32_t i = 0; i < n; i++)
        pp_putf(&r->text, " %u:%u:%u", frames[i].function, frames[i].line, frames[i].column);
    pp_puts(&r->text, "\n");
}

static void show_module(void *ctx, const struct pp_found_module *m)
{
    struct record *r = ctx;
    pp_putf(&r->text, "module %.*s %u\n", PP_SHOW(m->build_id), m->flags);
}

static void show_problem(void *ctx, enum pp_symbol_problem problem, const char *file,
                         const char *detail)
{
    struct record *r = ctx;
    pp_putf(&r->text, "problem %d %s (%s)\n", problem, file, detail);
}

/* Receives `bytes`, as text in r->text; returns whether they were complete. */
static bool receive(struct record *r, struct pp_span bytes)
{
    const struct pp_answer_reader reader = {r, show_function, show_location, show_module,
                                            show_problem};
    *r = (struct record){0};
    pp_out_memory(&r->text, NULL);
    return pp_answer_read(&bytes, &reader);
}

/* An answer with one of everything; the caller releases it. */
static void send(struct pp_out *out)
{
    const struct pp_found_function outer = {pp_str("a::f"), pp_str("_ZN1a1fEv"), pp_str("a.cc"), 7};
    const struct pp_found_function inner = {pp_str("g"), pp_str(""), pp_str("a.cc"), 0};
    struct pp_answer a;
    pp_out_memory(out, NULL);
    pp_answer_init(&a, out);
    pp_answer_problem(&a, PP_BINARY_DIFFERS, "/bin/x", "ignored");
    struct pp_found_frame frames[] = {{pp_answer_function(&a, &outer), 9, 3, 6},
                                      {pp_answer_function(&a, &inner), 2, 0, 0}};
    pp_answer_location(&a, 5, frames, 2);
    frames[0].function = pp_answer_function(&a, &outer);
    pp_answer_location(&a, 6, frames, 1);
    pp_answer_module(&a, &(struct pp_found_module){pp_str("0a1b"), 3});
    pp_answer_end(&a);
    pp_answer_release(&a);
}

static const char all[] = "problem 3 /bin/x (ignored)\n"
                          "function 0 a::f/_ZN1a1fEv a.cc:7\n"
                          "function 1 g/ a.cc:0\n"
                          "location 5 0:9:3 1:2:0\n"
                          "location 6 0:9:3\n"
                          "module 0a1b 3\n";

static void test_all_that_is_sent_is_received(void)
{
    struct pp_out sent;
    struct record r;
    send(&sent);
    CHECK(receive(&r, pp_out_bytes(&sent)));
    CHECK(pp_is(pp_out_bytes(&r.text), all));
    pp_out_release(&r.text);
    pp_out_release(&sent);
}

static void test_of_a_cut_answer_the_whole_records_are_received(void)
{
    struct pp_out sent;
    send(&sent);
    for (size_t len = 0; len < sent.len; len++) {
        struct record r;
        CHECK(!receive(&r, (struct pp_span){sent.buf, sent.buf + len}));
        CHECK(r.text.len <= strlen(all) && (!r.text.len || r.text.buf[r.text.len - 1] == '\n') &&
              memcmp(r.text.len ? r.text.buf : "", all, r.text.len) == 0);
        pp_out_release(&r.text);
    }
    pp_out_release(&sent);
}

CHECK_MAIN(test_all_that_is_sent_is_received, test_of_a_cut_answer_the_whole_records_are_received)
