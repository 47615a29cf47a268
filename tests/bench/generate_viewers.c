/*
 * generate_viewers KIND SAMPLES - made-up profiles as viewers' recorders write them, for the
 * benchmark: speedscope, cpuprofile, chrome-trace or firefox. The same numbers give the same bytes.
 * The stacks are those of a tree of 60,000 calls of 3,000 functions, up to 45 deep.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NODES = 60000, FUNCTIONS = 3000, DEEPEST = 45, MADE_DEEPER = 34 };

static uint32_t parents[NODES], functions[NODES], depths[NODES];

/* Numbers that look random: splitmix64. */
static uint64_t next_number(void)
{
    static uint64_t state = 5;
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint32_t below(uint32_t limit)
{
    return (uint32_t)(next_number() % limit);
}

static uint32_t any_node(void)
{
    return 1 + below(NODES - 1);
}

static void make_tree(void)
{
    for (uint32_t i = 1; i < NODES; i++) {
        uint32_t near = i < 60 ? i : 60;
        uint32_t p = below(10) ? i - 1 - below(near) : below(i);
        if (depths[p] >= DEEPEST)
            p = parents[p];
        parents[i] = p;
        depths[i] = depths[p] + 1;
        functions[i] = below(FUNCTIONS);
    }
}

static void put_name(uint32_t function)
{
    printf("\"engine::module%u::Class%u::method%u\"", function % 97, function % 311, function);
}

/* --- speedscope ---------------------------------------------------------- */

/* Root first; short stacks are repeated, so that all are of a like depth. */
static void put_stack(uint32_t node)
{
    uint32_t path[DEEPEST + 1], n = 0;
    for (; node && n < DEEPEST; node = parents[node])
        path[n++] = functions[node];
    putchar('[');
    for (uint32_t i = 0; i < MADE_DEEPER; i++)
        printf("%s%u", i ? "," : "", path[n - 1 - i % n]);
    putchar(']');
}

static void put_speedscope(uint32_t samples)
{
    printf("{\"$schema\":\"https://www.speedscope.app/"
           "file-format-schema.json\",\"shared\":{\"frames\":[");
    for (uint32_t f = 0; f < FUNCTIONS; f++) {
        printf("%s{\"name\":", f ? "," : "");
        put_name(f);
        printf(",\"file\":\"src/%u.cc\",\"line\":%u}", f % 97, f + 1);
    }
    printf("]},\"profiles\":[{\"type\":\"sampled\",\"name\":\"main\",\"unit\":\"microseconds\","
           "\"startValue\":0,\"endValue\":%u000,\"samples\":[",
           samples);
    for (uint32_t i = 0; i < samples; i++) {
        if (i)
            putchar(',');
        put_stack(any_node());
    }
    printf("],\"weights\":[");
    for (uint32_t i = 0; i < samples; i++)
        printf("%s%u", i ? "," : "", 900 + below(200));
    puts("]}]}");
}

/* --- V8 ------------------------------------------------------------------ */

static void put_node(uint32_t i, const uint32_t *first, const uint32_t *next)
{
    printf("%s{\"id\":%u,\"callFrame\":{\"functionName\":", i ? ",\n" : "", i + 1);
    if (i)
        put_name(functions[i]);
    else
        printf("\"(root)\"");
    printf(",\"scriptId\":\"7\",\"url\":\"file:///app/lib/"
           "%u.js\",\"lineNumber\":%u,\"columnNumber\":3},"
           "\"hitCount\":1,\"children\":[",
           functions[i] % 97, functions[i]);
    for (uint32_t child = first[i]; child; child = next[child])
        printf("%s%u", child == first[i] ? "" : ",", child + 1);
    printf("],\"positionTicks\":[{\"line\":3,\"ticks\":1}]}");
}

static void put_cpuprofile(uint32_t samples)
{
    static uint32_t first[NODES], next[NODES];
    for (uint32_t i = NODES - 1; i > 0; i--) {
        next[i] = first[parents[i]];
        first[parents[i]] = i;
    }
    printf("{\"nodes\":[");
    for (uint32_t i = 0; i < NODES; i++)
        put_node(i, first, next);
    printf("],\"startTime\":1000000,\"endTime\":%" PRIu64 ",\"samples\":[",
           2000 * (uint64_t)samples);
    for (uint32_t i = 0; i < samples; i++)
        printf("%s%u", i ? ",\n                " : "", any_node() + 1);
    printf("],\"timeDeltas\":[");
    for (uint32_t i = 0; i < samples; i++)
        printf("%s%u", i ? ",\n                   " : "", 900 + below(200));
    puts("]}");
}

/* --- traces -------------------------------------------------------------- */

static void put_trace(uint32_t events)
{
    uint32_t stack[DEEPEST], depth = 0;
    uint64_t now = 0;
    printf("{\"traceEvents\":[\n{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":1,\"tid\":1,"
           "\"args\":{\"name\":\"main\"}}");
    for (uint32_t i = 0; i < events; i++) {
        bool begins = depth == 0 || (depth < DEEPEST && below(2));
        uint32_t function = begins ? stack[depth++] = below(FUNCTIONS) : stack[--depth];
        now += 1 + below(50);
        printf(",\n{\"ph\":\"%c\",\"cat\":\"app\",\"name\":", begins ? 'B' : 'E');
        put_name(function);
        printf(",\"ts\":%" PRIu64 ".%u,\"pid\":1,\"tid\":1,\"args\":{}}", now, i % 10);
    }
    puts("]}");
}

/* --- Firefox ------------------------------------------------------------- */

static void put_equal(const char *name, uint32_t n, const char *value)
{
    printf("\"%s\":[", name);
    for (uint32_t i = 0; i < n; i++)
        printf("%s%s", i ? "," : "", value);
    printf("],");
}

static void put_frame_tables(void)
{
    printf("\"frameTable\":{\"func\":[");
    for (uint32_t f = 0; f < FUNCTIONS; f++)
        printf("%s%u", f ? "," : "", f);
    printf("],");
    put_equal("address", FUNCTIONS, "-1");
    put_equal("inlineDepth", FUNCTIONS, "0");
    put_equal("category", FUNCTIONS, "0");
    put_equal("line", FUNCTIONS, "3");
    printf("\"length\":%u},\"funcTable\":{\"name\":[", FUNCTIONS);
    for (uint32_t f = 0; f < FUNCTIONS; f++)
        printf("%s%u", f ? "," : "", f);
    printf("],");
    put_equal("resource", FUNCTIONS, "-1");
    put_equal("source", FUNCTIONS, "null");
    printf("\"length\":%u},", FUNCTIONS);
}

static void put_shared(void)
{
    printf("\"shared\":{\"stringArray\":[");
    for (uint32_t f = 0; f < FUNCTIONS; f++) {
        if (f)
            putchar(',');
        put_name(f);
    }
    printf("],\"stackTable\":{\"frame\":[");
    for (uint32_t i = 0; i < NODES; i++)
        printf("%s%u", i ? "," : "", functions[i]);
    printf("],\"prefix\":[null");
    for (uint32_t i = 1; i < NODES; i++)
        printf(",%u", parents[i]);
    printf("],\"length\":%u},", NODES);
    put_frame_tables();
    printf("\"sources\":{\"filename\":[],\"length\":0}},");
}

static void put_firefox(uint32_t samples)
{
    printf(
        "{\"meta\":{\"interval\":1,\"startTime\":1700000000000,\"preprocessedProfileVersion\":60,"
        "\"categories\":[{\"name\":\"Other\",\"color\":\"grey\",\"subcategories\":[\"Other\"]}],"
        "\"sampleUnits\":{\"threadCPUDelta\":\"ns\"}},\"libs\":[],");
    put_shared();
    printf("\"threads\":[{\"name\":\"main\",\"pid\":\"7\",\"tid\":7,\"samples\":{\"stack\":[");
    for (uint32_t i = 0; i < samples; i++)
        printf("%s%u", i ? "," : "", any_node());
    printf("],\"time\":[");
    for (uint32_t i = 0; i < samples; i++)
        printf("%s%u.%06u", i ? "," : "", i, i % 1000000);
    printf("],\"weight\":null,\"weightType\":\"samples\",\"threadCPUDelta\":[");
    for (uint32_t i = 0; i < samples; i++)
        printf("%s%u", i ? "," : "", 900000 + below(200000));
    printf("],\"length\":%u}}]}\n", samples);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*put)(uint32_t samples);
    } kinds[] = {{"speedscope", put_speedscope},
                 {"cpuprofile", put_cpuprofile},
                 {"chrome-trace", put_trace},
                 {"firefox", put_firefox}};
    make_tree();
    for (size_t i = 0; argc == 3 && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(argv[1], kinds[i].name) == 0) {
            kinds[i].put((uint32_t)strtoul(argv[2], NULL, 10));
            return ferror(stdout) || fflush(stdout) ? 1 : 0;
        }
    return fprintf(stderr, "Usage: generate_viewers KIND SAMPLES\n"), 2;
}
