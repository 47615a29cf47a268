/*
 * perf_data.h - recordings of perf for tests, put together word by word as a pipe has them: one
 * tracepoint with the configuration 300, whose samples have an address, thread, time and a chain.
 */
#ifndef PP_TESTS_UNIT_PERF_DATA_H
#define PP_TESTS_UNIT_PERF_DATA_H

#include "unit/profiles.h"

/* Bits of sample_type. */
enum { IP = 1, TID = 2, TIME = 4, CALLCHAIN = 1 << 5, RAW = 1 << 10 };

enum { KERNEL_CODE = 1, USER_CODE = 2 };

#define KERNEL_MARK   ((uint64_t)-128)
#define USER_MARK     ((uint64_t)-512)
#define DEFERRED_MARK ((uint64_t)-640)

static inline void put_word(struct pp_out *o, uint64_t word)
{
    const char *p = (const char *)&word;
    pp_put(o, (struct pp_span){p, p + sizeof word});
}

/* A record of these words; the list begins with their number. */
static inline void put_record(struct pp_out *o, uint64_t type, uint64_t misc, const uint64_t *words,
                              size_t n)
{
    put_word(o, type | misc << 32 | (uint64_t)(8 + 8 * n) << 48);
    for (size_t i = 0; i < n; i++)
        put_word(o, words[i]);
}

#define RECORD(o, type, misc, ...) \
    put_record((o), (type), (misc), (const uint64_t[]){__VA_ARGS__}, \
               sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

/* Two 32-bit numbers in one word. */
static inline uint64_t pair(uint32_t first, uint32_t second)
{
    return first | (uint64_t)second << 32;
}

/* What other records end with: thread and time. */
#define TAIL(tid, time) pair((tid), (tid)), (time)

/* The beginning of a recording of an event of this type (1: software, 2: tracepoint). */
static inline void begin_recording(struct pp_out *o, uint32_t type, uint64_t config, uint64_t parts)
{
    enum { SAMPLE_ID_ALL = 1 << 18 };
    pp_out_memory(o, NULL);
    pp_puts(o, "PERFILE2");
    put_word(o, 16);
    RECORD(o, 64, 0, pair(type, 64), config, 1, parts, 0, SAMPLE_ID_ALL, 0, 0);
}

/* A name of at most 16 bytes: record COMM. */
static inline void put_comm(struct pp_out *o, uint32_t tid, const char *name, uint64_t time)
{
    char text[16] = "";
    uint64_t words[2];
    memcpy(text, name, strlen(name) < 15 ? strlen(name) : 15);
    memcpy(words, text, sizeof words);
    RECORD(o, 3, 0, pair(tid, tid), words[0], words[1], TAIL(tid, time));
}

#endif
