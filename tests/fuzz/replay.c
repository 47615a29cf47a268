/*
 * Stands in for libFuzzer: runs the target on each file named, decompressed if it is gzipped, and
 * on copies that are truncated or have a few bytes changed. The damage is the same each time. A
 * file NAME.corpus holds many inputs, as fuzz.sh stores them, which are run unchanged.
 */
#include "fuzz.h"
#include "io/input.h"

#pragma weak LLVMFuzzerCustomMutator

enum { CUTS = 24, CHANGES = 48, LARGE = 64 << 10 };

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* In a copy of exactly `size` bytes, so that a sanitizer detects reads beyond it. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        abort();
    if (size)
        memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void run_damaged(uint8_t *data, size_t size)
{
    static const char dirt[] = "\0\xff\n;: \t<&09-%";
    uint32_t state = 1;
    for (size_t i = 0; i < CUTS; i++)
        run(data, next_random(&state) % size);
    for (size_t i = 0; i < CHANGES; i++) {
        size_t at[3];
        uint8_t was[3];
        for (size_t k = 0; k < 3; k++) {
            at[k] = next_random(&state) % size;
            was[k] = data[at[k]];
            data[at[k]] = i % 2 ? (uint8_t)dirt[next_random(&state) % (sizeof dirt - 1)]
                                : (uint8_t)next_random(&state);
        }
        run(data, size);
        for (size_t k = 3; k-- > 0;)
            data[at[k]] = was[k];
    }
}

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
    static uint32_t state = 1;
    if (size < max_size && next_random(&state) % 2)
        data[size++] = 0;
    if (size)
        data[next_random(&state) % size] = (uint8_t)next_random(&state);
    return size;
}

/* Runs the target's own mutator. */
static void run_mutated(const uint8_t *data, size_t size)
{
    enum { ROOM = 4096 };
    uint8_t *copy = malloc(size + ROOM);
    for (unsigned seed = 0; copy && LLVMFuzzerCustomMutator && seed < CHANGES; seed++) {
        memcpy(copy, data, size);
        run(copy, LLVMFuzzerCustomMutator(copy, size, size + ROOM, seed));
    }
    free(copy);
}

static void tell(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    fprintf(stderr, "%s: %s\n", m->place.file, m->text);
}

/* The bytes of the file, up to 4 MiB. */
static size_t slurp(const char *path, uint8_t *data, size_t cap)
{
    struct pp_diag diag = {.emit = tell};
    struct pp_input source;
    size_t len = 0;
    ssize_t got = pp_input_open(&source, path, &diag) ? 1 : 0;
    while (got > 0 && len < cap) {
        got = pp_input_read(&source, data + len, cap - len, &diag);
        len += got > 0 ? (size_t)got : 0;
    }
    pp_input_close(&source);
    pp_diag_release(&diag);
    return len;
}

static void replay(uint8_t *data, size_t size)
{
    run(data, size);
    if (size && size <= LARGE) {
        run_damaged(data, size);
        run_mutated(data, size);
    }
}

/* Takes the next input from a corpus: a line with its length, that many bytes, a newline. */
static bool next_input(struct pp_span *corpus, struct pp_span *input)
{
    struct pp_span line;
    uint64_t size;
    if (!pp_line(corpus, &line))
        return false;
    demand(pp_parse_u64(line, &size) && size < pp_len(*corpus), "this is the length", line);
    *input = (struct pp_span){corpus->p, corpus->p + size};
    corpus->p += size + 1;
    return true;
}

static void replay_corpus(struct pp_span corpus)
{
    struct pp_span input;
    size_t n = 0;
    while (next_input(&corpus, &input)) {
        printf("%zu\n", ++n);
        fflush(stdout);
        run((const uint8_t *)input.p, pp_len(input));
    }
}

int main(int argc, char **argv)
{
    static uint8_t data[4 << 20];
    for (int i = 1; i < argc; i++) {
        printf("%s\n", argv[i]);
        fflush(stdout); /* shows which input failed */
        size_t size = slurp(argv[i], data, sizeof data);
        if (pp_ends(pp_str(argv[i]), ".corpus"))
            replay_corpus((struct pp_span){(char *)data, (char *)data + size});
        else
            replay(data, size);
    }
    return argc < 2;
}
