/*
 * json_shape.h - describes the parts of a JSON document that a reader wants, as tables: each wanted
 * value has a number, under which it is reported. Everything else is skipped.
 *
 *     static const struct pp_json_shape frame = PP_JSON_OBJECT({"name", NAME, NULL}, {"line", LINE,
 * NULL}); static const struct pp_json_shape frames = PP_JSON_ARRAY(FRAME, &frame); static const
 * struct pp_json_shape document = PP_JSON_OBJECT({"frames", FRAMES, &frames});
 *
 * With it, take() gets FRAMES and PP_JSON_IN_ARRAY, FRAME and PP_JSON_IN_OBJECT, NAME and
 * PP_JSON_A_STRING, LINE and PP_JSON_A_NUMBER, FRAME and PP_JSON_OUT, ... A shape may contain
 * itself, for nested values.
 */
#ifndef PP_SYNTAX_JSON_SHAPE_H
#define PP_SYNTAX_JSON_SHAPE_H

#include "syntax/json_stream.h"

struct pp_json_shape;

/* A value: its number, 0 if it is not reported; and its contents, or NULL. */
struct pp_json_value {
    int id;
    const struct pp_json_shape *shape;
};

struct pp_json_member {
    const char *name;
    int id;
    const struct pp_json_shape *shape;
};

struct pp_json_shape {
    const struct pp_json_member *members; /* of an object */
    size_t nmembers;
    struct pp_json_value others;  /* its other members; if they have a number, their names are
                                     reported under it as PP_JSON_A_KEY */
    struct pp_json_value element; /* of an array */
};

#define PP_JSON_OBJECT(...) \
    { \
        .members = (const struct pp_json_member[]){__VA_ARGS__}, \
        .nmembers = \
            sizeof((const struct pp_json_member[]){__VA_ARGS__}) / sizeof(struct pp_json_member), \
    }
#define PP_JSON_ARRAY(...) \
    { \
        .element = {__VA_ARGS__}, \
    }

/* A walk through a document. Zero-initialise all but `root`, `take` and `ctx`. */
struct pp_json_walk {
    struct pp_json_value root;
    /*
     * Takes a value; `text`, for keys, strings and numbers, is only valid during the call. False
     * stops.
     */
    bool (*take)(void *ctx, int id, enum pp_json_token token, struct pp_span text);
    void *ctx;

    struct pp_json_level {
        const struct pp_json_shape *shape;
        int id;
        bool object;
        uint32_t guess; /* the member that is probably next */
    } * levels;         /* the open values that are wanted */
    size_t depth, cap;
    struct pp_json_value next;
};

/*
 * Walks through the bytes fed to the stream. Returns PP_JSON_MORE, PP_JSON_DONE or PP_JSON_WRONG
 * like pp_json_next(); or the token at which `take` returned false.
 */
enum pp_json_token pp_json_walk_on(struct pp_json_walk *w, struct pp_json_stream *s);
void pp_json_walk_release(struct pp_json_walk *w);

#endif
