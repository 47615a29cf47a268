/*
 * values.h - reads the values in a chunk of a recording: numbers, texts, and objects of classes
 * that the chunk describes.
 */
#ifndef PP_FORMATS_JFR_VALUES_H
#define PP_FORMATS_JFR_VALUES_H

#include "base/number_map.h"
#include "formats/format.h"

/* The fields that are used, by their names in any class. */
enum pp_jfr_slot {
    PP_JFR_START, /* "startTime" */
    PP_JFR_DURATION,
    PP_JFR_THREAD, /* "eventThread", "sampledThread" */
    PP_JFR_STACK,
    PP_JFR_CLASS, /* "objectClass", "monitorClass", "parkedClass", "thrownClass" */
    PP_JFR_WEIGHT,
    PP_JFR_TLAB_SIZE,
    PP_JFR_ALLOCATION_SIZE,
    PP_JFR_SIZE,
    PP_JFR_OLD_OBJECT, /* "object" of a jdk.OldObjectSample */
    PP_JFR_OBJECT_SIZE,
    PP_JFR_SAMPLES,
    PP_JFR_TRUNCATED,
    PP_JFR_FRAMES,
    PP_JFR_METHOD,
    PP_JFR_LINE,
    PP_JFR_TYPE,
    PP_JFR_NAME,
    PP_JFR_JAVA_NAME,
    PP_JFR_OS_NAME,
    PP_JFR_STRING,
    PP_JFR_DESCRIPTION,
    PP_JFR_SLOTS,
    PP_JFR_NO_SLOT = PP_JFR_SLOTS
};

struct pp_jfr_field {
    uint64_t class_id;
    uint32_t class; /* its index in the chunk; 0: none */
    enum pp_jfr_slot slot;
    bool pooled; /* the value is a key of a pool */
    bool array;
};

/* The encoding of a class's values: that of its fields, unless it is one of these. */
enum pp_jfr_basic {
    PP_JFR_OBJECT,
    PP_JFR_BYTE, /* also a boolean */
    PP_JFR_SHORT,
    PP_JFR_INT,
    PP_JFR_LONG,
    PP_JFR_FLOAT,
    PP_JFR_DOUBLE,
    PP_JFR_TEXT
};

struct pp_jfr_class {
    uint64_t id;
    struct pp_span name;
    enum pp_jfr_basic basic;
    size_t first, count; /* fields */
    unsigned event;      /* enum in jfr.c plus one; 0: not used */
    bool has_stack;
};

/*
 * A range of the input with values, and the current place. After reading beyond its end `bad` is
 * set, and values are 0.
 */
struct pp_jfr_cursor {
    const char *p, *end;
    bool bad;
};

struct pp_jfr_chunk {
    struct pp_span bytes;
    bool compressed; /* numbers have variable length */
    uint64_t start_ns, start_ticks, ticks_per_second, duration_ns;

    struct pp_jfr_class *classes; /* from 1 on */
    size_t nclasses, classes_cap;
    struct pp_jfr_field *fields;
    size_t nfields, fields_cap;
    struct pp_number_map by_id; /* of classes */
    uint32_t text_class;        /* the class whose pool has the texts that are written as keys */

    struct pp_table keys; /* struct pp_jfr_key: the keys of the pools */
    size_t *values;       /* by index of the key: the place of its value; 0: none */
    size_t nvalues, values_cap;

    uint64_t steps;         /* remaining steps for reading values */
    struct pp_arena *arena; /* for texts that are not in UTF-8 */
};

struct pp_jfr_key {
    uint64_t key;
    uint32_t class, zero;
};

/* --- numbers ------------------------------------------------------------- */

uint64_t pp_jfr_byte(struct pp_jfr_cursor *c);
uint64_t pp_jfr_big_endian(struct pp_jfr_cursor *c, unsigned bytes);

/* A number, of `bytes` bytes if numbers are not compressed. */
uint64_t pp_jfr_number(const struct pp_jfr_chunk *k, struct pp_jfr_cursor *c, unsigned bytes);

/* --- texts and objects --------------------------------------------------- */

/* The next text; empty if it is null or invalid. It lies in the chunk, or in its arena. */
struct pp_span pp_jfr_text(struct pp_jfr_chunk *k, struct pp_jfr_cursor *c);

/* The value of a field: a number or key, or the place of the text, object or array. */
struct pp_jfr_value {
    const struct pp_jfr_field *field; /* NULL: none */
    uint64_t number;
    struct pp_jfr_cursor at;
};

/*
 * Reads an object of a class; `values` gets those of the slots, the others are skipped. False if it
 * is beyond the end, nested too deep, or takes too many steps.
 */
bool pp_jfr_object(struct pp_jfr_chunk *k, struct pp_jfr_cursor *c, uint32_t class,
                   struct pp_jfr_value values[PP_JFR_SLOTS]);

/* Skips a value of a class. */
bool pp_jfr_skip(struct pp_jfr_chunk *k, struct pp_jfr_cursor *c, uint32_t class);

/* Stores the place of a key's value; and finds it. False if no pool has it. */
void pp_jfr_pool(struct pp_jfr_chunk *k, uint32_t class, uint64_t key, const char *at);
bool pp_jfr_find(struct pp_jfr_chunk *k, uint32_t class, uint64_t key, struct pp_jfr_cursor *c);

/* The object that a value is, or refers to. */
bool pp_jfr_follow(struct pp_jfr_chunk *k, const struct pp_jfr_value *v,
                   struct pp_jfr_value values[PP_JFR_SLOTS]);

/* The text that a value is; for an object, its name or string. */
struct pp_span pp_jfr_text_of(struct pp_jfr_chunk *k, const struct pp_jfr_value *v);

#endif
