/* Messages: few of a kind are shown, all are counted, and pieces report theirs in order. */
#include "base/diag.h"

#include <stdlib.h>

#include "base/out.h"
#include "check.h"

/* Writes each message to a text: "file:3: error: bad thing". */
struct log {
    struct pp_diag diag;
    struct pp_out text;
};

static void note_down(struct pp_diag *d, const struct pp_message *m)
{
    struct log *log = (struct log *)d;
    static const char *const severities[] = {"note", "warning", "error"};
    static const char *const before[] = {"", ":", ":+"};
    pp_putf(&log->text, "%s%s", m->place.file, before[m->place.kind]);
    if (m->place.kind != PP_AT_FILE)
        pp_put_u64(&log->text, m->place.at);
    pp_putf(&log->text, ": %s: %s\n", severities[m->severity], m->text);
}

static struct log new_log(void)
{
    struct log log = {.diag = {.emit = note_down}};
    pp_out_memory(&log.text, NULL);
    return log;
}

static void check_log(struct log *log, const char *want)
{
    pp_putc(&log->text, '\0');
    if (strcmp(log->text.buf, want) != 0) {
        fprintf(stderr, "got:\n%swanted:\n%s", log->text.buf, want);
        check_failures++;
    }
    pp_out_release(&log->text);
    pp_diag_release(&log->diag);
}

static void warn_at(struct pp_diag *d, uint64_t line, const char *thing)
{
    pp_report(d, PP_WARNING, (struct pp_place){"f", PP_AT_LINE, line}, "odd '%s'", thing);
}

static void test_the_name_of_a_place_need_not_live_until_the_rest_is_counted(void)
{
    struct log log = new_log();
    for (int i = 0; i < 7; i++) {
        char *name = memcpy(malloc(8), "gone\0no", 8);
        pp_report(&log.diag, PP_WARNING, (struct pp_place){.file = name}, "odd");
        memcpy(name, "reused!", 8);
        free(name);
    }
    pp_diag_flush(&log.diag);
    check_log(&log, "gone: warning: odd\ngone: warning: odd\ngone: warning: odd\n"
                    "gone: warning: odd\ngone: warning: odd\ngone: warning: ... and 2 more\n");
}

static void test_the_name_of_a_kept_message_need_not_live_either(void)
{
    struct log log = new_log();
    struct pp_kept kept;
    char name[] = "first";
    pp_kept_init(&kept);
    pp_warning(&kept.diag, name, "odd");
    memcpy(name, "other", sizeof name);
    pp_kept_replay(&kept, &log.diag, 0, 0);
    pp_kept_release(&kept);
    check_log(&log, "first: warning: odd\n");
}

static void test_an_error_is_counted_and_gives_false(void)
{
    struct log log = new_log();
    CHECK(!pp_error(&log.diag, "f", "bad %d", 7));
    CHECK_INT(log.diag.errors, 1);
    CHECK_INT(log.diag.warnings, 0);
    check_log(&log, "f: error: bad 7\n");
}

static void test_five_of_a_kind_are_shown_and_the_rest_counted(void)
{
    struct log log = new_log();
    for (uint64_t i = 1; i <= 8; i++)
        warn_at(&log.diag, i, i % 2 ? "a" : "b");
    pp_warning(&log.diag, "f", "of another kind");
    pp_diag_flush(&log.diag);
    CHECK_INT(log.diag.warnings, 9);
    check_log(&log, "f:1: warning: odd 'a'\n"
                    "f:2: warning: odd 'b'\n"
                    "f:3: warning: odd 'a'\n"
                    "f:4: warning: odd 'b'\n"
                    "f:5: warning: odd 'a'\n"
                    "f: warning: of another kind\n"
                    "f: warning: ... and 3 more\n");
}

static void test_counting_begins_anew_after_a_flush(void)
{
    struct log log = new_log();
    warn_at(&log.diag, 1, "a");
    pp_diag_flush(&log.diag);
    warn_at(&log.diag, 2, "a");
    pp_diag_flush(&log.diag);
    check_log(&log, "f:1: warning: odd 'a'\nf:2: warning: odd 'a'\n");
}

static void test_strict_makes_errors_of_warnings(void)
{
    struct log log = new_log();
    log.diag.strict = true;
    warn_at(&log.diag, 3, "a");
    CHECK_INT(log.diag.errors, 1);
    check_log(&log, "f:3: error: odd 'a'\n");
}

static void test_notes_are_always_shown(void)
{
    struct log log = new_log();
    for (int i = 0; i < 7; i++)
        pp_report(&log.diag, PP_NOTE, (struct pp_place){.file = "f"}, "n");
    CHECK_INT(log.diag.errors + log.diag.warnings, 0);
    check_log(&log, "f: note: n\nf: note: n\nf: note: n\nf: note: n\nf: note: n\nf: note: n\n"
                    "f: note: n\n");
}

static void test_kept_messages_are_replayed_with_places_moved(void)
{
    struct log log = new_log();
    struct pp_kept kept;
    pp_kept_init(&kept);
    warn_at(&kept.diag, 2, "a");
    pp_report(&kept.diag, PP_ERROR, (struct pp_place){"f", PP_AT_BYTE, 30}, "bad");
    pp_warning(&kept.diag, "f", "as a whole");
    CHECK_INT(log.text.len, 0);
    pp_kept_replay(&kept, &log.diag, 100, 1000);
    CHECK_INT(log.diag.errors, 1);
    CHECK_INT(log.diag.warnings, 2);
    pp_kept_release(&kept);
    check_log(&log, "f:102: warning: odd 'a'\nf:+1030: error: bad\nf: warning: as a whole\n");
}

/* `n` warnings in two pieces must be reported as if they came in one. */
static void test_pieces_report_what_the_whole_would(void)
{
    for (uint64_t n = 1; n <= 20; n++) {
        struct log whole = new_log(), pieces = new_log();
        struct pp_kept kept[2];
        for (uint64_t i = 0; i < n; i++)
            warn_at(&whole.diag, i + 1, "x");
        for (uint64_t k = 0; k < 2; k++) {
            uint64_t from = k * (n / 2), to = k ? n : n / 2;
            pp_kept_init(&kept[k]);
            for (uint64_t i = from; i < to; i++)
                warn_at(&kept[k].diag, i - from + 1, "x");
            pp_kept_replay(&kept[k], &pieces.diag, from, 0);
            pp_kept_release(&kept[k]);
        }
        CHECK_INT(pieces.diag.warnings, n);
        pp_diag_flush(&whole.diag);
        pp_diag_flush(&pieces.diag);
        pp_putc(&whole.text, '\0');
        check_log(&pieces, whole.text.buf);
        pp_out_release(&whole.text);
        pp_diag_release(&whole.diag);
    }
}

static void test_long_texts_are_cut_and_not_overrun(void)
{
    struct log log = new_log();
    char *text = malloc(100001);
    memset(text, 'x', 100000);
    text[100000] = '\0';
    pp_error(&log.diag, "f", "%s", text);
    CHECK(log.text.len > 500 && log.text.len < 2000);
    free(text);
    pp_out_release(&log.text);
    pp_diag_release(&log.diag);
}

CHECK_MAIN(test_the_name_of_a_place_need_not_live_until_the_rest_is_counted,
           test_the_name_of_a_kept_message_need_not_live_either,
           test_an_error_is_counted_and_gives_false,
           test_five_of_a_kind_are_shown_and_the_rest_counted,
           test_counting_begins_anew_after_a_flush, test_strict_makes_errors_of_warnings,
           test_notes_are_always_shown, test_kept_messages_are_replayed_with_places_moved,
           test_pieces_report_what_the_whole_would, test_long_texts_are_cut_and_not_overrun)
