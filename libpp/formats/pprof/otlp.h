/*
 * otlp.h - shared by the files of the format otlp: OpenTelemetry's profiles of opentelemetry-proto
 * 1.8 to 1.11. Field numbers are in otlp.proto's order; see
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/profiles/v1development/profiles.proto
 *
 * Each message has one dictionary with the tables that profiles refer to, by index from 0; row 0 of
 * each is all zeros and means "none". A table is kept as the bytes of its rows, and a row is parsed
 * when it is referred to for the first time.
 */
#ifndef PP_FORMATS_OTLP_H
#define PP_FORMATS_OTLP_H

#include "formats/format.h"
#include "syntax/wire.h"

/* The tables of the dictionary, by their field numbers. */
enum pp_otlp_table {
    PP_OTLP_MAPPING = 1,
    PP_OTLP_LOCATION,
    PP_OTLP_FUNCTION,
    PP_OTLP_LINK,
    PP_OTLP_STRING,
    PP_OTLP_ATTRIBUTE,
    PP_OTLP_STACK,
    PP_OTLP_TABLES,
};

/* The rows of a table, and their ids in the profile. */
struct pp_otlp_rows {
    struct pp_span *rows;
    size_t n, cap;
    pp_id *known; /* by index: an id plus one; 0 until something refers to the row */
};

struct pp_otlp_numbers {
    uint64_t *v;
    size_t n, cap;
};

struct pp_otlp_labels {
    struct pp_label *v;
    size_t n, cap;
};

/* One message, while it is read. */
struct pp_otlp {
    struct pp_reader *r;
    const char *place; /* the place of the message, if it was JSON; else NULL */
    struct pp_otlp_rows tables[PP_OTLP_TABLES];

    struct pp_otlp_place { /* the frames of each location, by the location's index */
        size_t first, count;
    } * places;
    size_t nplaces, places_cap;
    pp_id *frames; /* of all locations, innermost first */
    size_t nframes, frames_cap;
    pp_id *path; /* of the current stack, root first */
    size_t path_cap;
    struct pp_otlp_numbers numbers;

    struct pp_otlp_labels outer;  /* those of the resource, then those of the profile */
    struct pp_otlp_labels labels; /* of the current sample */
};

/* --- otlp_dictionary.c --------------------------------------------------- */

/* pp_fail() at `at`, or at the message if it was JSON. */
#define pp_otlp_fail(s, at, ...) pp_fail((s)->r, (s)->place ? (s)->place : (at), __VA_ARGS__)

/* Whether a walk came to the end of a message, a `what`; otherwise fails with its error. */
bool pp_otlp_whole(const struct pp_otlp *s, const struct pp_wire *w, const char *what);

/* Reads all rows of the dictionary. False after failing. */
bool pp_otlp_dictionary(struct pp_otlp *s, struct pp_span message);
void pp_otlp_release(struct pp_otlp *s);

/* Appends the numbers of a repeated field, packed or not. False after failing. */
bool pp_otlp_take_numbers(const struct pp_otlp *s, const struct pp_wire *w,
                          struct pp_otlp_numbers *list);

/* The profile's id for a row. False after failing: there is no such row, or it is damaged. */
bool pp_otlp_string(struct pp_otlp *s, uint64_t index, const char *at, pp_id *string);
bool pp_otlp_stack(struct pp_otlp *s, uint64_t index, const char *at, pp_id *node);

/* Adds the attribute in a row to `list`. */
bool pp_otlp_attribute(struct pp_otlp *s, uint64_t index, const char *at,
                       struct pp_otlp_labels *list);

/* Adds an attribute of a resource, which is a KeyValue. */
bool pp_otlp_key_value(struct pp_otlp *s, struct pp_span message, struct pp_otlp_labels *list);

/* Adds `trace_id` and `span_id` of a link; link 0 is none. */
bool pp_otlp_link(struct pp_otlp *s, uint64_t index, const char *at, struct pp_otlp_labels *list);

/* --- otlp_read.c, otlp_json.c, otlp_write.c ------------------------------ */

/*
 * Reads one ProfilesData into r->out. `place` is its place in the input if `message` was made of
 * JSON, else NULL. False after failing.
 */
bool pp_otlp_message(struct pp_reader *r, struct pp_span message, const char *place);

/* Reads one ProfilesData in JSON, or several in sequence. */
bool pp_otlp_json(struct pp_reader *r, struct pp_span in);

bool pp_otlp_write(const struct pp_profile *p, struct pp_out *out);

#endif
