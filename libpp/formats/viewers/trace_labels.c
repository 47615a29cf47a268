/* trace_labels.c - the threads and names of events, as labels and frames of the profile. */
#include "formats/viewers/trace.h"

static pp_id name_in(const pp_id *list, size_t cap, size_t at)
{
    return at < cap ? list[at] : 0;
}

static pp_id into_profile(struct pp_trace *t, pp_id text)
{
    return pp_string(t->json.r->out, pp_string_at(&t->texts, text));
}

/* Adds a label that is nearly always a number. */
static size_t put_number(struct pp_trace *t, struct pp_label *labels, size_t n, const char *key,
                         pp_id text)
{
    struct pp_label l = {.key = pp_cstring(t->json.r->out, key)};
    if (!text)
        return n;
    if (!pp_parse_i64(pp_string_at(&t->texts, text), &l.number))
        l.text = into_profile(t, text);
    labels[n] = l;
    return n + 1;
}

/* "tid 5" for a thread without a name; 0 without a tid. */
static pp_id thread_name(struct pp_trace *t, uint32_t thread, pp_id tid)
{
    pp_id name = name_in(t->thread_names, t->thread_names_cap, thread);
    if (name || !tid)
        return name ? into_profile(t, name) : 0;
    struct pp_out text;
    pp_out_memory(&text, NULL);
    pp_puts(&text, "tid ");
    pp_put(&text, pp_string_at(&t->texts, tid));
    pp_id id = pp_string(t->json.r->out, pp_out_bytes(&text));
    pp_out_release(&text);
    return id;
}

static size_t put_text(struct pp_trace *t, struct pp_label *labels, size_t n, const char *key,
                       pp_id text)
{
    if (text)
        labels[n++] = (struct pp_label){.key = pp_cstring(t->json.r->out, key), .text = text};
    return n;
}

pp_id pp_trace_labels(struct pp_trace *t, uint32_t thread)
{
    struct pp_trace_thread row = *(const struct pp_trace_thread *)pp_row(&t->threads, thread);
    struct pp_label labels[4];
    size_t n = 0;
    if (!(t->json.r->keep & PP_HOLDS_LABELS))
        return 0;
    pp_id process = name_in(t->process_names, t->process_names_cap, row.pid);
    n = put_text(t, labels, n, "thread", thread_name(t, thread, row.tid));
    n = put_text(t, labels, n, "process", process ? into_profile(t, process) : 0);
    n = put_number(t, labels, n, "pid", row.pid);
    n = put_number(t, labels, n, "tid", row.tid);
    return pp_label_set(t->json.r->out, labels, n);
}

pp_id pp_trace_frame_named(struct pp_trace *t, pp_id name)
{
    return pp_reader_frame(t->json.r, &(struct pp_code){.function = pp_string_at(&t->texts, name)});
}
