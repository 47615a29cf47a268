/* pp-tools - runs the command lines of other tools with pp's tools. */
#include <stdio.h>
#include <string.h>

#include "front/front.h"

/* --- listing --------------------------------------------------------------- */

static int list_peers(void)
{
    for (const struct front_peer *p = front_peers; p->name; p++)
        printf("%-34s %-14s %s\n", p->name, p->plan == front_plan_none ? "-" : p->tool, p->summary);
    return PP_EXIT_OK;
}

/* --- running --------------------------------------------------------------- */

static int plan(const struct front_peer *peer)
{
    if (peer->plan)
        return peer->plan(peer);
    front_command(peer->tool, peer->always);
    front_add_list(&front_words);
    front_add_list(&front_files);
    return PP_EXIT_OK;
}

static int answer(const struct front_peer *peer, char **arguments)
{
    int rc = front_take(peer, arguments);
    rc = rc ? rc : plan(peer);
    rc = rc ? rc : front_run();
    front_release_words();
    front_end();
    return rc == FRONT_HELPED ? PP_EXIT_OK : rc;
}

/* "run pprof -top FILE": the options after the name are the peer's. */
static int run_or_show(char **argv)
{
    const struct front_peer *peer = argv[2] ? front_peer(argv[2]) : NULL;
    if (strcmp(argv[1], "show") == 0)
        front_only_show();
    if (peer)
        return answer(peer, argv + 3);
    fprintf(stderr, "pp-tools: %s%s%s; 'pp-tools list' has them all\n",
            argv[2] ? "'" : "no tool is named", argv[2] ? argv[2] : "",
            argv[2] ? "' is no tool that pp can stand for" : "");
    return PP_EXIT_USAGE;
}

static int run(char **words)
{
    if (strcmp(words[0], "list") == 0 && !words[1])
        return list_peers();
    return pp_usage("the first word is run, show or list");
}

static const struct pp_word words[] = {
    {"run", "TOOL [ARGUMENT]...", "run the command of pp that does what TOOL would do"},
    {"show", "TOOL [ARGUMENT]...", "print that command instead"},
    {"list", NULL, "list the tools that pp can stand for"},
    {0},
};
static const struct pp_opt options[] = {{0}};
static const struct pp_opt *const tables[] = {options, NULL};

int main(int argc, char **argv)
{
    static const struct pp_tool tool = {
        .name = "pp-tools",
        .args = "run|show TOOL [ARGUMENT]..., or list",
        .summary = "Answer the command lines of other profiling tools",
        .options = tables,
        .run = run,
        .words_title = "Words",
        .words = words,
    };
    const char *slash = argc ? strrchr(argv[0], '/') : NULL;
    const struct front_peer *peer = argc ? front_peer(slash ? slash + 1 : argv[0]) : NULL;
    if (peer)
        return answer(peer, argv + 1);
    if (argc > 1 && (strcmp(argv[1], "run") == 0 || strcmp(argv[1], "show") == 0))
        return run_or_show(argv);
    return pp_cli_main(&tool, argc, argv);
}
