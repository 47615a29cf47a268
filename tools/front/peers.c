#include <string.h>

#include "front/front.h"

const struct front_peer front_peers[] = {
#define PP_PEER(name, style, tool, always, words, plan, summary) \
    {#name, FRONT_##style, tool, always, words, plan, summary},
#include "front/peers.def"
#undef PP_PEER
    {0},
};

const struct front_peer *front_peer(const char *name)
{
    for (const struct front_peer *p = front_peers; p->name; p++)
        if (strcmp(p->name, name) == 0)
            return p;
    return NULL;
}

int front_plan_none(const struct front_peer *peer)
{
    return front_refuse("pp does not read this; use the script of FlameGraph, and type %s FILE | "
                        "pp-flamegraph > out.svg",
                        peer->name);
}

/* What pprof -raw prints cannot be read back, but the profile that it was made of can. */
int front_plan_go_raw(const struct front_peer *peer)
{
    if (!front_files.count)
        return front_refuse("pp does not read what 'pprof -raw' prints, but the profile itself: "
                            "type pp-convert cpu.pb.gz, or pp-flamegraph cpu.pb.gz");
    front_command(peer->tool, peer->always);
    front_add_list(&front_files);
    return PP_EXIT_OK;
}

/* --- FlameGraph and inferno ------------------------------------------------ */

#define SAME_VALUE(name) \
    { \
        name, 0, FRONT_VALUE, "--" name "=%s" \
    }
#define SAME_FLAG(name) \
    { \
        name, 0, FRONT_FLAG, "--" name \
    }
#define NOTHING_FLAG(name, letter) \
    { \
        name, letter, FRONT_FLAG \
    }
#define NOTHING_VALUE(name, letter) \
    { \
        name, letter, FRONT_VALUE \
    }

const struct front_word front_flamegraph_words[] = {
    SAME_VALUE("title"),
    SAME_VALUE("subtitle"),
    SAME_VALUE("width"),
    SAME_VALUE("height"),
    SAME_VALUE("minwidth"),
    SAME_VALUE("fonttype"),
    SAME_VALUE("fontsize"),
    SAME_VALUE("fontwidth"),
    SAME_VALUE("encoding"),
    SAME_VALUE("countname"),
    SAME_VALUE("nametype"),
    SAME_VALUE("nameattr"),
    SAME_VALUE("total"),
    SAME_VALUE("factor"),
    SAME_VALUE("colors"),
    SAME_VALUE("bgcolors"),
    SAME_VALUE("notes"),
    SAME_FLAG("hash"),
    SAME_FLAG("random"),
    SAME_FLAG("cp"),
    SAME_FLAG("reverse"),
    SAME_FLAG("inverted"),
    SAME_FLAG("flamechart"),
    SAME_FLAG("negate"),
    {0},
};

const struct front_word front_inferno_words[] = {
    SAME_VALUE("title"),
    SAME_VALUE("subtitle"),
    SAME_VALUE("width"),
    SAME_VALUE("height"),
    {"minwidth", 0, FRONT_VALUE, "--minwidth=%s%"},
    SAME_VALUE("fonttype"),
    SAME_VALUE("fontsize"),
    SAME_VALUE("fontwidth"),
    SAME_VALUE("countname"),
    SAME_VALUE("nametype"),
    SAME_VALUE("nameattr"),
    SAME_VALUE("total"),
    SAME_VALUE("factor"),
    {"colors", 'c', FRONT_VALUE, "--colors=%s"},
    SAME_VALUE("bgcolors"),
    SAME_VALUE("notes"),
    SAME_VALUE("search-color"),
    SAME_VALUE("uicolor"),
    SAME_VALUE("stroke-color"),
    SAME_VALUE("base"),
    SAME_FLAG("hash"),
    SAME_FLAG("random"),
    SAME_FLAG("deterministic"),
    SAME_FLAG("colordiffusion"),
    SAME_FLAG("cp"),
    SAME_FLAG("reverse"),
    {"inverted", 'i', FRONT_FLAG, "--inverted"},
    SAME_FLAG("flamechart"),
    SAME_FLAG("negate"),
    SAME_FLAG("truncate-text-right"),
    SAME_FLAG("pretty-xml"),
    SAME_FLAG("no-javascript"),
    SAME_FLAG("no-sort"),
    {"quiet", 'q', FRONT_FLAG, "--quiet"},
    {"verbose", 'v', FRONT_FLAG, "--verbose"},
    {0},
};

/* Addresses in names are made alike, as 0x... */
#define STRIP_HEX "--rewrite=s/0x[0-9a-fA-F]+/0x.../g"

const struct front_word front_diff_words[] = {
    {"normalize", 'n', FRONT_FLAG, "--normalize"},
    {"strip-hex", 's', FRONT_FLAG, STRIP_HEX},
    {"verbose", 'v', FRONT_FLAG, "--verbose"},
    {"quiet", 'q', FRONT_FLAG, "--quiet"},
    {0},
};

const struct front_word front_perf_words[] = {
    SAME_FLAG("pid"),
    SAME_FLAG("tid"),
    SAME_FLAG("addrs"),
    SAME_FLAG("kernel"),
    SAME_FLAG("jit"),
    SAME_FLAG("all"),
    SAME_FLAG("inline"),
    SAME_FLAG("context"),
    SAME_FLAG("srcline"),
    SAME_VALUE("event-filter"),
    SAME_VALUE("skip-after"),
    {"nthreads", 'n', FRONT_VALUE, "--jobs=%s"},
    {"quiet", 'q', FRONT_FLAG, "--quiet"},
    {"verbose", 'v', FRONT_FLAG, "--verbose"},
    {0},
};

const struct front_word front_collapse_words[] = {
    {"nthreads", 'n', FRONT_VALUE, "--jobs=%s"},
    {"quiet", 'q', FRONT_FLAG, "--quiet"},
    {"verbose", 'v', FRONT_FLAG, "--verbose"},
    {"time", 0, FRONT_FLAG, NULL},
    {"ticks", 0, FRONT_FLAG, "--sample-type=ticks"},
    {"bytes", 0, FRONT_FLAG, "--sample-type=bytes"},
    {"includeoffset", 0, FRONT_FLAG, .instead = "type pp-convert --granularity=addresses"},
    {"no-modules", 0, FRONT_FLAG, NULL},
    {0},
};

/* awk -v: variables of the script. */
const struct front_word front_sched_words[] = {
    NOTHING_VALUE(NULL, 'v'),
    {0},
};

const struct front_word front_ids_words[] = {
    {"pid", 0, FRONT_FLAG, "--tag-root=pid"},
    {"tid", 0, FRONT_FLAG, "--tag-root=pid,tid"},
    {0},
};

const struct front_word front_java_words[] = {
    {"include-tname", 0, FRONT_FLAG, "--tag-root=thread"},
    {"include-tid", 0, FRONT_FLAG, "--tag-root=tid"},
    {"shorten-pkgs", 0, FRONT_FLAG, "--rewrite=s/\\b([a-z])[a-z0-9_]*(?=[.\\/])/$1/g"},
    {"no-pkgs", 0, FRONT_FLAG, "--rewrite=s/^.*[.\\/](?=[^.\\/]+[.][^.]+$)//"},
    {0},
};

const struct front_word front_xdebug_words[] = {
    {NULL, 't', FRONT_FLAG, "--sample-type=time"},
    {NULL, 'c', FRONT_FLAG, "--sample-type=calls"},
    {0},
};
