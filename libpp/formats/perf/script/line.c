#include "formats/perf/script/line.h"

/* The widths to which perf pads fields; a word padded to one of them is that field. */
enum { PERIOD_WIDTH = 10, ADDRESS_WIDTH = PP_PERF_ADDRESS, MAX_ID_DIGITS = 18 };

/* A comm has 15 bytes, so the ids and the time are among the first words of a header. */
enum { MAX_WORDS = 20 };

/* --- words --------------------------------------------------------------- */

static bool is_digits(struct pp_span s)
{
    for (const char *p = s.p; p < s.end; p++)
        if (!pp_is_digit(*p))
            return false;
    return s.p < s.end;
}

static bool is_id(struct pp_span s)
{
    if (!pp_empty(s) && *s.p == '-')
        s.p++;
    return pp_len(s) <= MAX_ID_DIGITS && is_digits(s);
}

/* TID or PID/TID. */
static bool parse_ids(struct pp_span word, struct pp_perf_header *h)
{
    char first = pp_empty(word) ? ' ' : *word.p;
    if (!pp_is_digit(first) && first != '-')
        return false;
    const char *slash = pp_find(word, '/');
    h->pid = (struct pp_span){word.p, slash ? slash : word.p};
    h->tid = (struct pp_span){slash ? slash + 1 : word.p, word.end};
    return is_id(h->tid) && (!slash || is_id(h->pid));
}

/* [012] */
static bool is_cpu(struct pp_span word)
{
    return pp_len(word) > 2 && *word.p == '[' && word.end[-1] == ']' &&
           is_digits((struct pp_span){word.p + 1, word.end - 1});
}

/* 1234.567890: */
static bool is_time(struct pp_span word)
{
    if (pp_len(word) < 4 || !pp_is_digit(*word.p) || word.end[-1] != ':')
        return false;
    const char *point = pp_find(word, '.');
    return point && is_digits((struct pp_span){word.p, point}) &&
           is_digits((struct pp_span){point + 1, word.end - 1});
}

/* What -F +misc prints before the time: a few letters such as U or KM. */
static bool is_misc(struct pp_span word)
{
    for (const char *p = word.p; p < word.end; p++)
        if ((*p | 0x20) < 'a' || (*p | 0x20) > 'z')
            return false;
    return !pp_empty(word) && pp_len(word) <= 3;
}

static struct pp_span next_word(struct pp_span s)
{
    struct pp_span word;
    pp_word(&s, &word);
    return word;
}

/* --- headers ------------------------------------------------------------- */

/* EVENT: at the start of `s`. Its name may hold colons, but not before a blank. */
static bool cut_event(struct pp_span s, struct pp_perf_header *h)
{
    struct pp_perf_frame frame;
    struct pp_span rest = s;
    while ((rest.p = pp_find(rest, ':')) && rest.p + 1 < rest.end && !pp_is_blank(rest.p[1]))
        rest.p++;
    struct pp_span event = {s.p, rest.p};
    if (!rest.p || pp_empty(event) || (pp_find(event, ' ') && pp_perf_frame(event, &frame)))
        return false;
    h->event = event;
    h->payload = (struct pp_span){rest.p + 1, rest.end};
    return true;
}

/* EVENT alone, without its colon, as hotspot prints it behind a period. */
static bool cut_bare_event(struct pp_span s, struct pp_perf_header *h)
{
    struct pp_perf_frame frame;
    s = pp_trim(s);
    bool letter = !pp_empty(s) && (*s.p | 0x20) >= 'a' && (*s.p | 0x20) <= 'z';
    if (!letter || pp_find(s, ' ') || pp_find(s, '\t') || pp_perf_payload_frame(s, &frame))
        return false;
    h->event = s;
    h->payload = (struct pp_span){s.end, s.end};
    return true;
}

/* [PERIOD] [EVENT:] [PAYLOAD], which is all that may follow a time. */
static void parse_event(struct pp_span rest, struct pp_perf_header *h)
{
    struct pp_perf_frame frame;
    struct pp_span first = next_word(rest), after = rest;
    bool period = is_digits(first);
    if (period)
        after.p = first.end;
    if (!cut_event(pp_trim(after), h) && !(period && cut_bare_event(after, h))) {
        h->payload = after;
        if (period && pp_perf_payload_frame(rest, &frame) &&
            !pp_perf_payload_frame(after, &frame)) {
            h->payload = rest; /* the number is an address */
            period = false;
        }
    }
    if (period)
        h->period = first;
}

bool pp_perf_cut_tagged(struct pp_span *s, const char *tag, struct pp_span *digits)
{
    struct pp_span rest = *s, word;
    if (!pp_starts(*s, tag) || !pp_word(&rest, &word))
        return false;
    word.p += strlen(tag);
    if (!is_id(word))
        return false;
    *digits = word;
    s->p = pp_trim(rest).p;
    return true;
}

/* Cuts what -F +machine_pid,+vcpu prints before the command of a guest. */
static void cut_machine(struct pp_perf_header *h)
{
    struct pp_span digits;
    if (pp_perf_cut_tagged(&h->comm, "VM:", &digits))
        pp_perf_cut_tagged(&h->comm, "VCPU:", &digits);
}

/*
 * COMM [PID/]TID [CPU] [MISC], where prev[0] is the last word and prev[1] the one before. A comm
 * may contain numbers, so the last number is the thread.
 */
static bool parse_origin(struct pp_span line, const struct pp_span *prev, struct pp_perf_header *h)
{
    const struct pp_span *word = prev;
    if (is_misc(*word) && (is_cpu(prev[1]) || parse_ids(prev[1], h)))
        word++;
    h->cpu = is_cpu(*word) ? *word++ : (struct pp_span){0};
    if (!parse_ids(*word, h))
        return false;
    h->comm = pp_trim((struct pp_span){line.p, word->p});
    h->origin = (struct pp_span){h->comm.p, pp_empty(h->cpu) ? word->end : h->cpu.end};
    cut_machine(h);
    return true;
}

/* The same without a thread: COMM [CPU]. A frame whose symbol contains a time is not a header. */
static bool parse_comm(struct pp_span line, struct pp_span time, const struct pp_span *prev,
                       struct pp_perf_header *h)
{
    struct pp_perf_frame frame;
    bool cpu = is_cpu(prev[0]);
    *h = (struct pp_perf_header){.cpu = cpu ? prev[0] : (struct pp_span){0}};
    h->comm = pp_trim((struct pp_span){line.p, cpu ? prev[0].p : time.p});
    h->origin = (struct pp_span){h->comm.p, cpu ? prev[0].end : h->comm.end};
    return !pp_perf_frame(line, &frame) || next_word(frame.text).p == time.p;
}

/* Finds the time and the fields before it. Returns its end. */
static const char *find_time(struct pp_span line, struct pp_perf_header *h)
{
    struct pp_span rest = line, word, prev[3] = {{0}}, time = {0}, before = {0};
    for (int i = 0; i < MAX_WORDS && pp_word(&rest, &word); i++) {
        if (is_time(word) && parse_origin(line, prev, h)) {
            h->time = (struct pp_span){word.p, word.end - 1};
            return word.end;
        }
        if (!time.p && is_time(word)) {
            time = word;
            before = prev[0];
        }
        prev[2] = prev[1];
        prev[1] = prev[0];
        prev[0] = word;
    }
    if (!time.p || !parse_comm(line, time, &before, h))
        return NULL;
    h->time = (struct pp_span){time.p, time.end - 1};
    return time.end;
}

/*
 * The part after the thread if there is no time: [PERIOD] EVENT: and nothing, a frame, or the text
 * of a tracepoint. With `padded`, a period counts only in the width that perf prints.
 */
static bool parse_untimed(struct pp_span rest, bool padded, struct pp_perf_header *h)
{
    struct pp_perf_frame frame;
    struct pp_span start = rest, word, period = {0};
    if (!pp_word(&rest, &word))
        return false;
    if (is_digits(word) && !pp_empty(next_word(rest))) {
        if (padded && word.end - start.p <= PERIOD_WIDTH)
            return false;
        period = word;
        pp_word(&rest, &word);
    }
    if (pp_len(word) < 2 || word.end[-1] != ':')
        return false;
    struct pp_span event = {word.p, word.end - 1}, payload = rest;
    if (pp_find(event, ']') || pp_find(event, ')')) /* prose: "goroutine 7 [running, 2 minutes]:" */
        return false;
    if (!pp_empty(pp_trim(payload)) && !pp_find(event, ':') &&
        !pp_perf_payload_frame(payload, &frame))
        return false;
    h->period = period;
    h->event = event;
    h->payload = payload;
    return true;
}

/* COMM TID [CPU], where `tid` is a word of `line`; the rest of the line goes to `*rest`. */
static bool parse_untimed_origin(struct pp_span line, struct pp_span tid, struct pp_span *rest,
                                 struct pp_perf_header *h)
{
    *h = (struct pp_perf_header){0};
    if (!parse_ids(tid, h))
        return false;
    *rest = (struct pp_span){tid.end, line.end};
    struct pp_span cpu = next_word(*rest);
    if (is_cpu(cpu)) {
        h->cpu = cpu;
        rest->p = cpu.end;
    }
    h->comm = pp_trim((struct pp_span){line.p, tid.p});
    h->origin = (struct pp_span){h->comm.p, rest->p};
    return true;
}

static bool find_event(struct pp_span line, bool padded, struct pp_perf_header *h)
{
    struct pp_span words = line, word, rest;
    for (int i = 0; i < MAX_WORDS && pp_word(&words, &word); i++)
        if (parse_untimed_origin(line, word, &rest, h) && parse_untimed(rest, padded, h))
            return true;
    return false;
}

static bool is_record(struct pp_span payload)
{
    return pp_starts(next_word(payload), "PERF_RECORD_");
}

/* A record's line without a time: COMM TID PERF_RECORD_... */
static bool find_record(struct pp_span line, struct pp_perf_header *h)
{
    const char *p = pp_find_text(line, "PERF_RECORD_");
    if (!p || (p > line.p && !pp_is_blank(p[-1])))
        return false;
    *h = (struct pp_perf_header){.payload = {p, line.end}};
    return true;
}

/* A header that can be recognized by itself: it has a time, or an event. */
static bool parse_header(struct pp_span line, struct pp_perf_header *h)
{
    *h = (struct pp_perf_header){0};
    const char *rest = find_time(line, h);
    if (rest) {
        h->payload = (struct pp_span){rest, line.end};
        if (!is_record(h->payload))
            parse_event(h->payload, h);
        return true;
    }
    return find_record(line, h) || find_event(line, true, h) || find_event(line, false, h);
}

/*
 * With -F comm,ip,sym only the widths of the fields tell them apart:
 *             spin      565036a88146 leaf
 */
static bool parse_comm_and_frame(struct pp_span line, struct pp_perf_header *h)
{
    enum { COMM = 16 };
    struct pp_perf_frame frame;
    if (pp_len(line) < COMM + PP_PERF_ADDRESS || pp_is_blank(line.p[COMM - 1]) ||
        line.p[COMM] != ' ' || pp_find((struct pp_span){line.p, line.p + COMM}, '\t'))
        return false;
    struct pp_span payload = {line.p + COMM, line.end};
    long width = pp_perf_frame(payload, &frame) ? frame.address_end - payload.p : 0;
    if (width <= ADDRESS_WIDTH || width > ADDRESS_WIDTH + 2)
        return false;
    *h = (struct pp_perf_header){.comm = pp_trim((struct pp_span){line.p, payload.p})};
    h->origin = h->comm;
    h->payload = payload;
    return true;
}

/*
 * A header that needs its context: COMM [PID/]TID [CPU] [PERIOD] and nothing, or a frame. Sets
 * `surely` if both ids, or the width of the frame's address, suffice.
 */
static bool parse_bare(struct pp_span line, bool *surely, struct pp_perf_header *h)
{
    struct pp_perf_frame frame;
    struct pp_span words = line, word, rest;
    for (int i = 0; i < MAX_WORDS && pp_word(&words, &word); i++) {
        if (!parse_untimed_origin(line, word, &rest, h))
            continue;
        struct pp_span next = next_word(rest), end = {next.end, rest.end};
        bool period = is_digits(next) && next.end - rest.p > PERIOD_WIDTH;
        *surely = !pp_empty(h->pid);
        if (pp_empty(next) || (period && pp_empty(pp_trim(end)))) {
            h->period = next;
            return true;
        }
        if (pp_perf_frame(rest, &frame) && frame.address_end - rest.p > ADDRESS_WIDTH) {
            h->payload = rest;
            *surely = true;
            return true;
        }
    }
    return false;
}

/* --- lines --------------------------------------------------------------- */

/* A command may begin with #, too, but a header then has a time. */
static bool is_comment(struct pp_span line)
{
    struct pp_perf_header h;
    if (!pp_starts(line, "#"))
        return false;
    return pp_len(line) == 1 || pp_is_blank(line.p[1]) || line.p[1] == '#' ||
           !parse_header(line, &h) || pp_empty(h.time);
}

bool pp_perf_is_header(struct pp_span line)
{
    struct pp_perf_header h;
    return !pp_empty(line) && !is_comment(line) && *line.p != '\t' && parse_header(line, &h) &&
           !is_record(h.payload);
}

bool pp_perf_frame_follows(struct pp_span after)
{
    struct pp_span line;
    struct pp_perf_frame frame;
    struct pp_perf_header header;
    return pp_line(&after, &line) && pp_perf_frame(line, &frame) &&
           (*line.p == '\t' || !parse_header(line, &header));
}

enum pp_perf_kind pp_perf_line(struct pp_span line, struct pp_span after,
                               struct pp_perf_header *header, struct pp_perf_frame *frame)
{
    bool surely;
    if (pp_empty(line))
        return PP_PERF_BLANK;
    if (is_comment(line))
        return PP_PERF_COMMENT;
    if (*line.p == '\t') /* perf prints it only before the frames of call chains */
        return pp_perf_frame(line, frame) ? PP_PERF_FRAME : PP_PERF_OTHER;
    if (parse_header(line, header))
        return is_record(header->payload) ? PP_PERF_RECORD : PP_PERF_HEADER;
    struct pp_perf_header ids;
    if (parse_comm_and_frame(line, header))
        return PP_PERF_HEADER;
    if (pp_perf_frame(line, frame) && !parse_ids(next_word(frame->text), &ids))
        return PP_PERF_FRAME;
    if (parse_bare(line, &surely, header) && (surely || pp_perf_frame_follows(after)))
        return PP_PERF_HEADER;
    return pp_perf_frame(line, frame) ? PP_PERF_FRAME : PP_PERF_OTHER;
}
