/* Stacks from call graphs that are built by hand, and what must hold for all of them. */
#include "formats/valgrind/callgrind_graph.h"
#include "model/compact.h"
#include "model/totals.h"
#include "unit/profiles.h"

/* A graph of functions "f0", "f1" and so on, and the profile that its stacks go to. */
struct made {
    struct pp_cg graph;
    struct pp_profile *p;
    int columns[2], calls;
    struct heard heard;
    struct pp_reader reader;
};

static void start(struct made *m, unsigned events)
{
    *m = (struct made){.graph = {.nevents = events}, .p = pp_profile_new(), .heard = heard_new()};
    m->columns[0] = pp_column(m->p, pp_str("Ir"), pp_str("count"));
    m->columns[1] = pp_column(m->p, pp_str("Dr"), pp_str("count"));
    m->calls = pp_column(m->p, pp_str("calls"), pp_str("count"));
    m->p->about.default_type = pp_cstring(m->p, "Ir");
}

static pp_id frame(struct made *m, pp_id node)
{
    char name[16];
    int n = snprintf(name, sizeof name, "f%u", (unsigned)node);
    return pp_frame_named(m->p, (struct pp_span){name, name + n});
}

static void nodes(struct made *m, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pp_cg_node(&m->graph, (struct pp_cg_node){(pp_id)i, (pp_id)i});
}

static void cost(struct made *m, pp_id node, int64_t first, int64_t second)
{
    pp_id id = pp_cg_cost(
        &m->graph,
        (struct pp_cg_cost){.node = node, .frame = frame(m, node), .callee = PP_CG_SELF});
    pp_cg_values(&m->graph, id)[0] = first;
    if (m->graph.nevents > 1)
        pp_cg_values(&m->graph, id)[1] = second;
}

static void call(struct made *m, pp_id from, pp_id to, int64_t calls, int64_t first, int64_t second)
{
    pp_id id = pp_cg_cost(&m->graph, (struct pp_cg_cost){.node = from,
                                                         .frame = frame(m, from),
                                                         .callee = to,
                                                         .callee_frame = frame(m, to),
                                                         .calls = calls});
    pp_cg_values(&m->graph, id)[0] = first;
    if (m->graph.nevents > 1)
        pp_cg_values(&m->graph, id)[1] = second;
}

static int64_t finish_for(struct made *m, unsigned max_depth, enum pp_use use)
{
    int64_t lost = -1;
    m->reader = (struct pp_reader){
        .out = m->p, .diag = &m->heard.diag, .file = "test", .max_depth = max_depth, .keep = ~0u};
    struct pp_cg_target to = {&m->reader, m->columns, m->calls, 0, use};
    pp_cg_order(&m->graph);
    CHECK(pp_cg_stacks(&m->graph, &to, &lost));
    pp_cg_release(&m->graph);
    pp_reader_release(&m->reader);
    return lost;
}

static int64_t finish(struct made *m, unsigned max_depth)
{
    return finish_for(m, max_depth, PP_USE_STACKS);
}

static void end(struct made *m)
{
    pp_profile_free(m->p);
    pp_diag_release(&m->heard.diag);
}

static void test_one_way_gives_exact_stacks(void)
{
    struct made m;
    start(&m, 1);
    nodes(&m, 3);
    cost(&m, 2, 30, 0); /* callees may come first */
    cost(&m, 0, 10, 0);
    call(&m, 1, 2, 4, 30, 0);
    call(&m, 0, 1, 1, 50, 0);
    cost(&m, 1, 20, 0);
    pp_cg_order(&m.graph);
    struct pp_cg_doubt d = pp_cg_doubt(&m.graph);
    CHECK_INT(d.certain, 60);
    CHECK_INT(d.total, 60);
    CHECK_INT(d.cyclic, 0);
    free(m.graph.component);
    free(m.graph.cluster);
    free(m.graph.order);
    CHECK_INT(finish(&m, 100), 0);
    CHECK_FOLDED(m.p, "f0 10\nf0;f1 20\nf0;f1;f2 30\n");
    CHECK_INT(pp_sum(m.p, (unsigned)m.calls), 5);
    end(&m);
}

/* f3 gets 30 from f1 and 10 from f2: 8 of 40 are its own, of the first 30 that is 30 * 8 / 40. */
static void test_costs_are_shared_in_proportion(void)
{
    struct made m;
    start(&m, 1);
    nodes(&m, 5);
    call(&m, 0, 1, 1, 30, 0);
    call(&m, 0, 2, 1, 10, 0);
    call(&m, 1, 3, 1, 30, 0);
    call(&m, 2, 3, 1, 10, 0);
    cost(&m, 3, 8, 0);
    call(&m, 3, 4, 1, 32, 0);
    cost(&m, 4, 32, 0);
    pp_cg_order(&m.graph);
    struct pp_cg_doubt d = pp_cg_doubt(&m.graph);
    CHECK_INT(d.certain, 0);
    CHECK_INT(d.total, 40);
    free(m.graph.component);
    free(m.graph.cluster);
    free(m.graph.order);
    CHECK_INT(finish(&m, 100), 0);
    CHECK_FOLDED(m.p, "f0;f1;f3 6\nf0;f1;f3;f4 24\nf0;f2;f3 2\nf0;f2;f3;f4 8\n");
    end(&m);
}

static void test_events_are_shared_on_their_own(void)
{
    struct made m;
    start(&m, 2);
    nodes(&m, 4);
    call(&m, 0, 1, 1, 30, 0);
    call(&m, 0, 2, 1, 10, 7);
    call(&m, 1, 3, 1, 30, 0);
    call(&m, 2, 3, 1, 10, 7);
    cost(&m, 3, 40, 7);
    CHECK_INT(finish(&m, 100), 0);
    CHECK_FOLDED(m.p, "f0;f1;f3 30\nf0;f2;f3 10\n");
    pp_keep_column(m.p, 1);
    CHECK_FOLDED(m.p, "f0;f2;f3 7\n");
    end(&m);
}

/* The excess is in no stack, and reported. */
static void test_calls_that_cost_more_than_the_called_lose_it(void)
{
    struct made m;
    start(&m, 1);
    nodes(&m, 2);
    cost(&m, 0, 10, 0);
    call(&m, 0, 1, 1, 500, 0);
    cost(&m, 1, 20, 0);
    CHECK_INT(finish(&m, 100), 480);
    CHECK_FOLDED(m.p, "f0 10\nf0;f1 20\n");
    end(&m);
}

static void test_functions_that_cost_more_than_their_calls_are_roots_too(void)
{
    struct made m;
    start(&m, 1);
    nodes(&m, 2);
    cost(&m, 0, 10, 0);
    call(&m, 0, 1, 1, 5, 0);
    cost(&m, 1, 20, 0);
    CHECK_INT(finish(&m, 100), 0);
    CHECK_FOLDED(m.p, "f0 10\nf0;f1 5\nf1 15\n");
    end(&m);
}

/*
 * Each of `n` functions calls the next, and the last calls the first; there is no caller from
 * outside.
 */
static void test_a_ring_ends_and_keeps_every_unit(void)
{
    enum { N = 300 };
    struct made m;
    start(&m, 1);
    nodes(&m, N);
    for (pp_id i = 0; i < N; i++) {
        cost(&m, i, 1, 0);
        call(&m, i, (i + 1) % N, 2, 5000, 0);
    }
    CHECK_INT(finish(&m, 65536), 0);
    CHECK_INT(pp_sum(m.p, 0), N);
    CHECK_INT(pp_sum(m.p, (unsigned)m.calls), 2 * N);
    end(&m);
}

/* Recursion whose cost never reaches 0 goes under "[...]", within the function. */
static void test_endless_recursion_ends(void)
{
    struct made m;
    start(&m, 1);
    nodes(&m, 2);
    call(&m, 0, 1, 1, 30, 0);
    cost(&m, 1, 30, 0);
    call(&m, 1, 1, 99, INT64_C(1) << 50, 0);
    CHECK_INT(finish(&m, 65536), 0);
    CHECK_FOLDED(m.p, "f0;[...];f1 30\n");
    end(&m);
}

/* --- without stacks ------------------------------------------------------ */

enum { FUNCTIONS = 9, LONGEST = 7 };

/* A random stack of functions, the root first; returns its length. */
static size_t random_stack(unsigned *seed, pp_id *stack)
{
    size_t n = 1 + (size_t)rand_r(seed) % LONGEST;
    for (size_t i = 0; i < n; i++)
        stack[i] = (pp_id)rand_r(seed) % FUNCTIONS;
    stack[0] = 0;
    return n;
}

/*
 * The graph of 40 random stacks. Functions 7 and 8 have one name. With `forward`, functions only
 * call later ones, but for these two.
 */
static void random_graph(struct made *m, unsigned seed, bool forward)
{
    int64_t self[FUNCTIONS] = {0}, calls[FUNCTIONS][FUNCTIONS] = {{0}};
    pp_id stack[LONGEST];
    start(m, 1);
    for (pp_id i = 0; i < FUNCTIONS; i++)
        pp_cg_node(&m->graph, (struct pp_cg_node){i, i == 8 ? 7 : i});
    for (size_t i = 0; i < 40; i++) {
        size_t n = random_stack(&seed, stack);
        int64_t v = 1 + rand_r(&seed) % 1000;
        for (size_t k = 1; forward && k < n; k++)
            if (stack[k] <= stack[k - 1])
                n = k;
        for (size_t k = 1; k < n; k++)
            calls[stack[k - 1]][stack[k]] += v;
        self[stack[n - 1]] += v;
    }
    for (pp_id a = 0; a < FUNCTIONS; a++) {
        cost(m, a, self[a], 0);
        for (pp_id b = 0; b < FUNCTIONS; b++)
            if (calls[a][b])
                call(m, a, b, 1, calls[a][b], 0);
    }
}

/* The sum of all samples with this function, as "f8" shown as "f7"; and of those on top of it. */
static void sum_function(const struct pp_profile *p, const char *name, int64_t *own, int64_t *total)
{
    *own = *total = 0;
    for (size_t s = 1; s < p->samples.count; s++) {
        pp_id leaf = pp_sample(p, (pp_id)s)->node;
        bool in = false;
        for (pp_id n = leaf; n; n = pp_node(p, n)->parent) {
            struct pp_span text = pp_frame_name(p, pp_node(p, n)->frame);
            bool is = pp_is(text, name) || (pp_is(text, "f8") && strcmp(name, "f7") == 0);
            in |= is;
            *own += is && n == leaf ? p->columns[0].values[s] : 0;
        }
        *total += in ? p->columns[0].values[s] : 0;
    }
}

static void test_totals_are_the_same_without_stacks(void)
{
    for (unsigned seed = 0; seed < 200; seed++) {
        struct made with, without;
        random_graph(&with, seed, seed % 2);
        random_graph(&without, seed, seed % 2);
        CHECK_INT(finish(&with, 100), 0);
        CHECK_INT(finish_for(&without, 100, PP_USE_TOTALS), 0);
        CHECK(without.p->about.calls_only);
        CHECK_INT(pp_sum(without.p, 0), pp_sum(with.p, 0));
        CHECK_INT(pp_sum(without.p, (unsigned)without.calls), pp_sum(with.p, (unsigned)with.calls));
        for (unsigned i = 0; i < FUNCTIONS - 1; i++) {
            char name[] = {'f', (char)('0' + i), 0};
            int64_t own[2], total[2];
            sum_function(with.p, name, &own[0], &total[0]);
            sum_function(without.p, name, &own[1], &total[1]);
            CHECK_INT(own[1], own[0]);
            CHECK_INT(total[1], total[0]);
        }
        end(&with);
        end(&without);
    }
}

/* As with --cache-sim, where two units are counted for all of the callers. */
static void test_an_excess_is_taken_from_all_callers(void)
{
    struct made m;
    start(&m, 1);
    nodes(&m, 4);
    cost(&m, 0, 10, 0);
    call(&m, 0, 1, 1, 32, 0);
    call(&m, 1, 2, 1, 32, 0);
    cost(&m, 2, 20, 0);
    call(&m, 2, 3, 1, 12, 0);
    cost(&m, 3, 10, 0);
    CHECK_INT(finish_for(&m, 100, PP_USE_TOTALS), 2);
    CHECK(m.p->about.calls_only);
    int64_t own, total;
    sum_function(m.p, "f0", &own, &total);
    CHECK_INT(own, 10);
    CHECK_INT(total, 40);
    end(&m);
}

static void test_own_costs_need_no_stacks(void)
{
    struct made m;
    start(&m, 2);
    nodes(&m, 2);
    cost(&m, 0, 10, 1);
    call(&m, 0, 1, 7, 20, 2);
    cost(&m, 1, 20, 2);
    CHECK_INT(finish_for(&m, 100, PP_USE_OWN), 0);
    CHECK_FOLDED(m.p, "f0 10\nf1 20\n");
    CHECK_INT(pp_sum(m.p, 1), 3);
    CHECK_INT(pp_sum(m.p, (unsigned)m.calls), 7);
    end(&m);
}

/* --- limits -------------------------------------------------------------- */

/* With 2^40 paths, not all are followed. */
static void test_forks_do_not_multiply(void)
{
    enum { N = 40 };
    struct made m;
    int64_t below = INT64_C(1) << N, total = 0;
    start(&m, 1);
    nodes(&m, 3 * N + 1);
    for (pp_id i = 0; i < N; i++) {
        call(&m, 3 * i, 3 * i + 1, 1, below / 2, 0);
        call(&m, 3 * i, 3 * i + 2, 1, below - below / 2, 0);
        call(&m, 3 * i + 1, 3 * i + 3, 1, below / 2, 0);
        call(&m, 3 * i + 2, 3 * i + 3, 1, below - below / 2, 0);
        below--;
        cost(&m, 3 * i + 3, i + 1 < N ? 1 : below + 1, 0);
    }
    CHECK_INT(finish(&m, 65536), 0);
    total = pp_sum(m.p, 0);
    CHECK_INT(total, INT64_C(1) << N);
    CHECK(m.p->nodes.count < 3000000);
    end(&m);
}

/* Functions beyond the depth limit still have their costs; the frames between become "[...]". */
static void test_deep_chains_keep_their_ends(void)
{
    enum { N = 50 };
    struct made m;
    start(&m, 1);
    nodes(&m, N);
    for (pp_id i = 0; i < N; i++) {
        cost(&m, i, 1, 0);
        if (i + 1 < N)
            call(&m, i, i + 1, 1, N - 1 - (int64_t)i, 0);
    }
    CHECK_INT(finish(&m, 4), 0);
    CHECK_INT(pp_sum(m.p, 0), N);
    CHECK_INT(m.heard.diag.warnings, 1);
    char *text = written(m.p, "folded");
    CHECK(strstr(text, "f0;f1;[...];f49 1\n"));
    CHECK(strstr(text, "f0;f1;f2 1\n"));
    free(text);
    end(&m);
}

static const char graph_text[] = "events: Ir\nfl=a\nfn=main\n1 1\n2 2\ncfn=f\ncalls=1 5\n1 50\n"
                                 "cfn=f\ncalls=1 5\n2 31\ncfn=g\ncalls=1 7\n3 19\nfn=f\n5 11\n6 9\n"
                                 "cfn=g\ncalls=2 7\n5 61\nfn=g\n7 30\n8 50\n";

/* Removes the lines of all frames. */
static void forget_lines(struct pp_profile **p)
{
    size_t n = (*p)->frames.count;
    pp_id *frames = calloc(2 * n, sizeof *frames);
    for (size_t i = 1; i < n; i++)
        frames[i] = pp_frame_named(*p, pp_frame_name(*p, (pp_id)i));
    for (size_t i = n; i < (*p)->frames.count; i++)
        frames[i] = (pp_id)i;
    pp_reshape(p, &(struct pp_reshape){.frames = frames});
    free(frames);
}

/* Stacks must be the same with and without lines. */
static void test_stacks_do_not_depend_on_what_is_kept(void)
{
    for (unsigned i = 0; i < 2; i++) {
        struct heard h = heard_new();
        struct pp_load_options o = {.from = pp_format_named("callgrind"),
                                    .keep = i ? ~(unsigned)PP_HOLDS_TIME : 0};
        struct pp_profile *p = pp_load_bytes(pp_str(graph_text), "test", &o, &h.diag);
        forget_lines(&p);
        CHECK_FOLDED(p, "main 3\nmain;f 20\nmain;f;g 61\nmain;g 19\n");
        CHECK_INT(pp_sum(p, 1), 5);
        pp_profile_free(p);
        pp_diag_release(&h.diag);
    }
}

CHECK_MAIN(test_one_way_gives_exact_stacks, test_costs_are_shared_in_proportion,
           test_events_are_shared_on_their_own, test_calls_that_cost_more_than_the_called_lose_it,
           test_functions_that_cost_more_than_their_calls_are_roots_too,
           test_a_ring_ends_and_keeps_every_unit, test_endless_recursion_ends,
           test_totals_are_the_same_without_stacks, test_an_excess_is_taken_from_all_callers,
           test_own_costs_need_no_stacks, test_forks_do_not_multiply,
           test_deep_chains_keep_their_ends, test_stacks_do_not_depend_on_what_is_kept)
