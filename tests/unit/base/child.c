/* Work in child processes: their output arrives, however they end. */
#include "base/child.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "check.h"

static void say(void *ctx, struct pp_out *answer)
{
    pp_puts(answer, ctx);
}

static void say_much(void *ctx, struct pp_out *answer)
{
    for (int i = 0; i < 100000; i++)
        pp_puts(answer, ctx);
}

static void say_and_crash(void *ctx, struct pp_out *answer)
{
    say(ctx, answer);
    pp_out_flush(answer);
    signal(SIGSEGV, SIG_DFL); /* a sanitizer would print a report */
    raise(SIGSEGV);
}

static void say_and_wait(void *ctx, struct pp_out *answer)
{
    say(ctx, answer);
    pp_out_flush(answer);
    for (;;)
        pause();
}

static void run_out_of_memory(void *ctx, struct pp_out *answer)
{
    say(ctx, answer);
    pp_out_flush(answer);
    pp_out_of_memory();
}

/* Runs one child and checks how it ended. Only one that is to run out of time has a limit. */
static void check_child(void (*work)(void *ctx, struct pp_out *answer), enum pp_child_end end)
{
    static char text[] = "said";
    struct pp_child c = {.work = work, .ctx = text};
    pp_children_run(&c, 1, 1,
                    &(struct pp_child_limits){.seconds = end == PP_CHILD_OUT_OF_TIME ? 1 : 0});
    CHECK_INT(c.end, end);
    CHECK(pp_is(pp_out_bytes(&c.answer), "said"));
    pp_out_release(&c.answer);
}

static void test_a_child_answers(void)
{
    check_child(say, PP_CHILD_DONE);
}

static void test_what_a_child_said_before_it_crashed_is_kept(void)
{
    check_child(say_and_crash, PP_CHILD_CRASHED);
}

static void test_a_child_that_takes_too_long_is_ended(void)
{
    check_child(say_and_wait, PP_CHILD_OUT_OF_TIME);
}

static void test_a_child_that_runs_out_of_memory_says_so(void)
{
    check_child(run_out_of_memory, PP_CHILD_OUT_OF_MEMORY);
}

static void test_an_answer_may_be_long(void)
{
    struct pp_child c = {.work = say_much, .ctx = (char[]){"0123456789"}};
    pp_children_run(&c, 1, 1, &(struct pp_child_limits){0});
    CHECK_INT(c.end, PP_CHILD_DONE);
    CHECK_INT(c.answer.len, 1000000);
    pp_out_release(&c.answer);
}

static void test_many_children_run_a_few_at_a_time(void)
{
    enum { MANY = 40 };
    struct pp_child children[MANY];
    char texts[MANY][12];
    for (int i = 0; i < MANY; i++) {
        snprintf(texts[i], sizeof texts[i], "%d", i);
        children[i] = (struct pp_child){.work = say, .ctx = texts[i]};
    }
    pp_children_run(children, MANY, 3, &(struct pp_child_limits){0});
    for (int i = 0; i < MANY; i++) {
        CHECK_INT(children[i].end, PP_CHILD_DONE);
        CHECK(pp_is(pp_out_bytes(&children[i].answer), texts[i]));
        pp_out_release(&children[i].answer);
    }
}

static void test_a_limit_of_all_memory_is_no_limit(void)
{
    struct pp_child c = {.work = say_much, .ctx = (char[]){"0123456789"}};
    pp_children_run(&c, 1, 1, &(struct pp_child_limits){.memory = UINT64_MAX});
    CHECK_INT(c.end, PP_CHILD_DONE);
    CHECK_INT(c.answer.len, 1000000);
    pp_out_release(&c.answer);
}

/* Holds the end of a pipe open as long as it lives. */
static void wait_for_ever(void *ctx, struct pp_out *answer)
{
    (void)answer;
    if (write(*(int *)ctx, "r", 1) != 1) /* it runs */
        _exit(1);
    for (;;)
        pause();
}

static void test_children_end_with_a_parent_that_is_killed(void)
{
    int ends[2];
    char byte;
    CHECK(pipe(ends) == 0);
    pid_t parent = fork();
    if (parent == 0) {
        struct pp_child c = {.work = wait_for_ever, .ctx = &ends[1]};
        close(ends[0]);
        pp_children_run(&c, 1, 1, &(struct pp_child_limits){0});
        _exit(0);
    }
    close(ends[1]);
    CHECK_INT(read(ends[0], &byte, 1), 1);
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    alarm(20); /* fails the test, instead of waiting for ever */
    CHECK_INT(read(ends[0], &byte, 1), 0);
    alarm(0);
    close(ends[0]);
}

/* --- helpers ------------------------------------------------------------- */

/* Says the question twice; ends on some. */
static void answer_twice(void *ctx, struct pp_span question, struct pp_out *answer)
{
    if (pp_is(question, "crash"))
        say_and_crash(ctx, answer);
    if (pp_is(question, "wait"))
        say_and_wait(ctx, answer);
    pp_put(answer, question);
    pp_put(answer, question);
}

/* The answer, or "none"; `*h` may have crashed before. */
static void check_answer(struct pp_helper *h, const char *question, const char *expected)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    if (!pp_helper_ask(h, pp_str(question), &out))
        pp_puts(&out, "none");
    CHECK(pp_is(pp_out_bytes(&out), expected));
    pp_out_release(&out);
}

static void test_a_helper_answers_one_question_after_the_other(void)
{
    struct pp_helper *h = pp_helper_new(answer_twice, "", &(struct pp_child_limits){0});
    check_answer(h, "a", "aa");
    check_answer(h, "", "");
    check_answer(h, "bc", "bcbc");
    pp_helper_free(h);
    pp_helper_free(NULL);
}

static void test_a_helper_that_crashes_is_replaced(void)
{
    struct pp_helper *h = pp_helper_new(answer_twice, "", &(struct pp_child_limits){0});
    check_answer(h, "a", "aa");
    check_answer(h, "crash", "none");
    check_answer(h, "b", "bb");
    pp_helper_free(h);
}

static void test_a_helper_is_not_waited_for_without_end(void)
{
    struct pp_helper *h = pp_helper_new(answer_twice, "", &(struct pp_child_limits){.seconds = 1});
    check_answer(h, "wait", "none");
    check_answer(h, "b", "bb");
    pp_helper_free(h);
}

CHECK_MAIN(test_a_helper_answers_one_question_after_the_other,
           test_a_helper_that_crashes_is_replaced, test_a_helper_is_not_waited_for_without_end,
           test_a_limit_of_all_memory_is_no_limit, test_children_end_with_a_parent_that_is_killed,
           test_a_child_answers, test_what_a_child_said_before_it_crashed_is_kept,
           test_a_child_that_takes_too_long_is_ended, test_a_child_that_runs_out_of_memory_says_so,
           test_an_answer_may_be_long, test_many_children_run_a_few_at_a_time)
