#include "report/nodetags.h"

#include <stdlib.h>

#include "base/memory.h"
#include "report/labels.h"

struct key {
    pp_id node, labels, name;
};

struct tagging {
    struct pp_node_tags *t;
    const struct pp_graph *g;
    struct pp_span *units; /* by key */
    pp_id bytes, base;     /* keys */
    struct pp_out text;
    struct pp_span *parts;
    size_t nparts, parts_cap;
    uint32_t *seen; /* by node: the last sample with it */
    int64_t value, divisor;
};

static struct pp_node_tag *tag_at(struct tagging *m, pp_id node, pp_id labels, pp_id name)
{
    size_t before = m->t->keys.count;
    struct key key = {node, labels, name};
    pp_id id = pp_number(&m->t->keys, &key);
    PP_GROW(m->t->tags, (size_t)id + 1, m->t->cap);
    if (id >= before)
        m->t->tags[id] = (struct pp_node_tag){.node = node, .labels = labels, .name = name};
    return &m->t->tags[id];
}

static void add(struct tagging *m, struct pp_node_tag *tag, bool flat)
{
    *(flat ? &tag->flat : &tag->cum) += m->value;
    *(flat ? &tag->flat_divisor : &tag->cum_divisor) += m->divisor;
}

/* --- the text of a sample's labels --------------------------------------- */

static int compare_parts(const void *a, const void *b)
{
    return pp_compare_spans(*(const struct pp_span *)a, *(const struct pp_span *)b);
}

static struct pp_span intern_part(struct tagging *m, const struct pp_label *l)
{
    const struct pp_profile *p = m->g->p;
    m->text.len = 0;
    pp_put(&m->text, pp_text(p, l->key));
    pp_putc(&m->text, ':');
    pp_put(&m->text, pp_text(p, l->text));
    pp_id id = pp_intern_string(&m->t->strings, pp_out_bytes(&m->text));
    return pp_string_at(&m->t->strings, id);
}

/* The text labels of a set as one text, a line each. */
static pp_id text_of(struct tagging *m, pp_id set)
{
    m->nparts = 0;
    for (pp_id l = set; l; l = pp_label(m->g->p, l)->next) {
        const struct pp_label *label = pp_label(m->g->p, l);
        if (!label->text || label->key == m->base || label->key == m->t->comm)
            continue;
        PP_GROW(m->parts, m->nparts + 1, m->parts_cap);
        m->parts[m->nparts++] = intern_part(m, label);
    }
    if (!m->nparts)
        return 0;
    qsort(m->parts, m->nparts, sizeof *m->parts, compare_parts);
    m->text.len = 0;
    for (size_t i = 0; i < m->nparts; i++) {
        pp_puts(&m->text, i ? "\n" : "");
        pp_put(&m->text, m->parts[i]);
    }
    return pp_intern_string(&m->t->strings, pp_out_bytes(&m->text));
}

/* --- samples ------------------------------------------------------------- */

static void tag_number(struct tagging *m, pp_id node, pp_id labels, const struct pp_label *l,
                       bool flat)
{
    struct pp_quantity q = pp_quantity((double)l->number, m->units[l->key], m->g->r->unit);
    m->text.len = 0;
    pp_put_quantity(&m->text, &q, 0);
    pp_id name = pp_intern_string(&m->t->strings, pp_out_bytes(&m->text));
    struct pp_node_tag *tag = tag_at(m, node, labels, name);
    if (!tag->flat && !tag->cum) {
        tag->value = l->number;
        tag->key = l->key;
    }
    add(m, tag, flat);
}

static void tag_node(struct tagging *m, pp_id node, pp_id labels, pp_id set, bool flat)
{
    if (labels)
        add(m, tag_at(m, node, labels, 0), flat);
    for (pp_id l = set; l && m->bytes; l = pp_label(m->g->p, l)->next) {
        const struct pp_label *label = pp_label(m->g->p, l);
        if (!label->text && label->key == m->bytes && pp_label_says(label))
            tag_number(m, node, labels, label, flat);
    }
}

static void tag_sample(struct tagging *m, uint32_t id)
{
    const struct pp_sample *s = pp_sample(m->g->p, id);
    pp_id labels = text_of(m, s->labels);
    for (pp_id n = s->node; n; n = pp_node(m->g->p, n)->parent) {
        pp_id node = m->g->node_of[n];
        if (m->seen[node] == id + 1)
            continue;
        m->seen[node] = id + 1;
        tag_node(m, node, labels, s->labels, false);
    }
    if (s->node)
        tag_node(m, m->g->node_of[s->node], labels, s->labels, true);
}

/* --- commands ------------------------------------------------------------ */

static int compare_commands(const void *a, const void *b)
{
    const struct pp_command_sum *x = a, *y = b;
    int64_t sx = pp_abs(x->sum), sy = pp_abs(y->sum);
    if (sx != sy)
        return sx > sy ? -1 : 1;
    return (x->text > y->text) - (x->text < y->text);
}

/* False if there are too many. */
static bool add_command(struct pp_node_tags *t, pp_id text, int64_t value)
{
    size_t i = 0;
    while (i < t->ncommands && t->commands[i].text != text)
        i++;
    if (i == PP_FEW_COMMANDS)
        return false;
    if (i == t->ncommands)
        t->commands[t->ncommands++] = (struct pp_command_sum){.text = text};
    int64_t *sum = &t->commands[i].sum;
    if (__builtin_add_overflow(*sum, value, sum))
        *sum = value > 0 ? INT64_MAX : INT64_MIN + 1;
    return true;
}

static void find_commands(struct pp_node_tags *t, const struct pp_graph *g)
{
    const struct pp_profile *p = g->p;
    pp_id key = pp_string_find(p, pp_str("comm"));
    for (uint32_t s = 0; key && s < p->samples.count; s++) {
        int64_t value = p->columns[g->r->column].values[s];
        const struct pp_label *l = pp_label_find(p, pp_sample(p, s)->labels, key);
        if (!value || !l || !l->text)
            continue;
        if (g->r->mean || !add_command(t, l->text, value)) {
            t->ncommands = 0;
            return;
        }
    }
    t->comm = t->ncommands ? key : 0;
    qsort(t->commands, t->ncommands, sizeof *t->commands, compare_commands);
}

void pp_node_tags_init(struct pp_node_tags *t, const struct pp_graph *g)
{
    const struct pp_profile *p = g->p;
    struct tagging m = {.t = t, .g = g};
    *t = (struct pp_node_tags){0};
    find_commands(t, g);
    pp_strings_init(&t->strings);
    pp_table_init(&t->keys, sizeof(struct key));
    pp_out_memory(&m.text, NULL);
    m.units = pp_label_units(p);
    m.bytes = pp_string_find(p, pp_str("bytes"));
    m.base = pp_string_find(p, pp_str(PP_BASE_LABEL));
    m.seen = pp_calloc(g->nnodes, sizeof *m.seen);
    for (uint32_t s = 0; s < p->samples.count; s++) {
        m.value = p->columns[g->r->column].values[s];
        m.divisor = g->r->mean ? p->columns[0].values[s] : 0;
        if (pp_sample(p, s)->labels && (m.value || m.divisor))
            tag_sample(&m, s);
    }
    free(m.units);
    free(m.seen);
    free(m.parts);
    pp_out_release(&m.text);
}

void pp_node_tags_release(struct pp_node_tags *t)
{
    pp_strings_release(&t->strings);
    pp_table_release(&t->keys);
    free(t->tags);
}

size_t *pp_count_node_tags(const struct pp_node_tags *t, const struct pp_graph *g, int64_t least)
{
    size_t *count = pp_calloc(g->nnodes, sizeof *count);
    for (size_t i = 1; i < t->keys.count; i++) {
        const struct pp_node_tag *tag = &t->tags[i];
        if (tag->flat && (pp_abs(tag->flat) >= least || pp_abs(tag->cum) >= least))
            count[tag->node]++;
    }
    return count;
}
