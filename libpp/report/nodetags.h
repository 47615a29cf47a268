/* nodetags.h - how much of a node's value belongs to samples with a label. */
#ifndef PP_REPORT_NODETAGS_H
#define PP_REPORT_NODETAGS_H

#include "report/graph.h"

/*
 * A box at a node: all text labels of a sample as one ("key:value\nkey:value"), or the numeric
 * label "bytes" of samples with these text labels.
 */
struct pp_node_tag {
    pp_id node;
    pp_id labels; /* string: the text labels; 0: none */
    pp_id name;   /* string: the number as written; 0: the box is for the labels only */
    pp_id key;    /* string of the profile: the key of the number */
    int64_t value, flat, cum, flat_divisor, cum_divisor;
};

/* A command and its value; few are listed once, instead of at every node. */
struct pp_command_sum {
    pp_id text; /* string of the profile */
    int64_t sum;
};

enum { PP_FEW_COMMANDS = 8 };

struct pp_node_tags {
    pp_id comm; /* the key of commands, if they are few: they are no tags; else 0 */
    struct pp_command_sum commands[PP_FEW_COMMANDS]; /* the largest first */
    size_t ncommands;
    struct pp_strings strings;
    struct pp_table keys;     /* of node, labels, name */
    struct pp_node_tag *tags; /* by key, from 1 */
    size_t cap;
};

void pp_node_tags_init(struct pp_node_tags *t, const struct pp_graph *g);
void pp_node_tags_release(struct pp_node_tags *t);

/* For each node the number of tags whose flat value is neither 0 nor below `least`. */
size_t *pp_count_node_tags(const struct pp_node_tags *t, const struct pp_graph *g, int64_t least);

static inline int64_t pp_tag_flat(const struct pp_node_tag *t)
{
    return t->flat_divisor ? t->flat / t->flat_divisor : t->flat;
}

static inline int64_t pp_tag_cum(const struct pp_node_tag *t)
{
    return t->cum_divisor ? t->cum / t->cum_divisor : t->cum;
}

#endif
