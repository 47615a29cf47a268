/* A batch of stacks gets the same nodes as the stacks would one after another. */
#include "formats/reader/descent.h"

#include <stdlib.h>

#include "check.h"
#include "unit/made_up.h"

enum { STACKS = 3000, MOST_FRAMES = 20 };

struct stack {
    pp_id frames[MOST_FRAMES];
    size_t count;
};

/* One in four begins like the stack before; then come frames out of few, or out of many. */
static void make_stack(uint64_t *random, struct stack *s)
{
    size_t kept = one_of(random, 4) ? 0 : one_of(random, s->count + 1);
    uint64_t frames = one_of(random, 2) ? 3 : 1000;
    s->count = kept + one_of(random, MOST_FRAMES - kept + 1);
    for (size_t i = kept; i < s->count; i++)
        s->frames[i] = 1 + (pp_id)one_of(random, frames);
}

static pp_id node_of(struct pp_profile *p, const struct stack *s)
{
    pp_id node = 0;
    for (size_t i = 0; i < s->count; i++)
        node = pp_child(p, node, s->frames[i]);
    return node;
}

/* Adds `n` stacks to both profiles; to the first one as a batch. */
static void check_batch(struct pp_profile *at_once, struct pp_profile *one_by_one,
                        const struct stack *stacks, size_t n)
{
    struct pp_walk walks[PP_WALK_BATCH];
    for (size_t i = 0; i < n; i++)
        walks[i] = (struct pp_walk){.frames = stacks[i].frames, .count = stacks[i].count};
    pp_descend(at_once, walks, n);
    for (size_t i = 0; i < n; i++)
        CHECK_INT(walks[i].node, node_of(one_by_one, &stacks[i]));
}

static void check_nodes(const struct pp_profile *p, const struct pp_profile *q)
{
    CHECK_INT(p->nodes.count, q->nodes.count);
    for (pp_id n = 0; n < p->nodes.count; n++) {
        CHECK_INT(pp_node(p, n)->parent, pp_node(q, n)->parent);
        CHECK_INT(pp_node(p, n)->frame, pp_node(q, n)->frame);
    }
}

static void test_a_batch_gets_the_same_nodes_as_single_stacks(void)
{
    struct pp_profile *p = pp_profile_new(), *q = pp_profile_new();
    struct stack stacks[PP_WALK_BATCH] = {0};
    uint64_t random = 1;
    for (size_t done = 0; done < STACKS;) {
        size_t n = one_of(&random, PP_WALK_BATCH + 1);
        for (size_t i = 0; i < n; i++)
            make_stack(&random, &stacks[i]);
        check_batch(p, q, stacks, n);
        done += n;
    }
    check_nodes(p, q);
    pp_profile_free(p);
    pp_profile_free(q);
}

static void test_nodes_that_were_there_are_found(void)
{
    struct pp_profile *p = pp_profile_new(), *q = pp_profile_new();
    struct stack stacks[PP_WALK_BATCH] = {0};
    uint64_t random = 2;
    for (size_t i = 0; i < PP_WALK_BATCH; i++) {
        make_stack(&random, &stacks[i]);
        CHECK_INT(node_of(p, &stacks[i]), node_of(q, &stacks[i]));
    }
    check_batch(p, q, stacks, PP_WALK_BATCH);
    check_nodes(p, q);
    pp_profile_free(p);
    pp_profile_free(q);
}

CHECK_MAIN(test_a_batch_gets_the_same_nodes_as_single_stacks, test_nodes_that_were_there_are_found)
