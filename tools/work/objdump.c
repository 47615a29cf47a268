#include "work/objdump.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

/* --- the program ----------------------------------------------------------- */

enum { STEP = 64 << 10, MOST_OUTPUT = 256 << 20, MILLISECONDS = 20000 };

/* Starts objdump with its output in a pipe; its errors show in its exit status. */
static pid_t start(char *const *words, int *fd)
{
    int ends[2];
    pid_t pid = -1;
    posix_spawn_file_actions_t actions;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    int error = posix_spawnp(&pid, words[0], &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    *fd = ends[0];
    if (!error)
        return pid;
    close(ends[0]);
    return -1;
}

/* Reads the output to its end; false after a timeout, or if it is too large. */
static bool read_all(int fd, struct pp_out *out)
{
    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (out->len > MOST_OUTPUT || poll(&p, 1, MILLISECONDS) <= 0)
            return false;
        ssize_t got = read(fd, pp_out_room(out, STEP), STEP);
        if (got <= 0)
            return got == 0;
        out->len += (size_t)got;
    }
}

static bool run_objdump(char *const *words, struct pp_out *out)
{
    int fd, status = 0;
    pid_t pid = start(words, &fd);
    if (pid < 0)
        return false;
    bool whole = read_all(fd, out);
    close(fd);
    if (!whole)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0)
        ;
    return whole && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* --- segments and symbols -------------------------------------------------- */

/* The number after `name` in a line, such as "off    0x00001000". */
static bool number_after(struct pp_span line, const char *name, uint64_t *number)
{
    const char *at = pp_find_text(line, name);
    if (!at)
        return false;
    struct pp_span word, rest = {at + strlen(name), line.end};
    return pp_word(&rest, &word) && pp_parse_hex(word, number);
}

/* "    LOAD off    0x... vaddr 0x... paddr ...", and its size in the next line. */
static void add_segment(struct pp_code_file *f, struct pp_span line, struct pp_span next)
{
    struct pp_code_segment s;
    if (!number_after(line, "off ", &s.offset) || !number_after(line, "vaddr ", &s.address) ||
        !number_after(next, "filesz ", &s.size))
        return;
    PP_GROW(f->segments, f->nsegments + 1, f->segments_cap);
    f->segments[f->nsegments++] = s;
}

/* "0000000000001139 g     F .text\t0000000000000026              main". */
static void add_symbol(struct pp_code_file *f, struct pp_span line)
{
    struct pp_code_symbol s;
    struct pp_span address, size, rest;
    const char *tab = pp_find(line, '\t');
    if (!tab || !pp_find_text((struct pp_span){line.p, tab}, " F "))
        return;
    rest = (struct pp_span){tab + 1, line.end};
    if (!pp_word(&line, &address) || !pp_parse_hex(address, &s.start) || !pp_word(&rest, &size) ||
        !pp_parse_hex(size, &s.size) || !s.size)
        return;
    PP_GROW(f->symbols, f->nsymbols + 1, f->symbols_cap);
    f->symbols[f->nsymbols++] = s;
}

bool pp_code_file_open(struct pp_code_file *f, const char *path)
{
    struct pp_out out;
    char *words[] = {"objdump", "-p", "-t", "-T", "--", (char *)(uintptr_t)path, NULL};
    *f = (struct pp_code_file){.path = path};
    pp_out_memory(&out, NULL);
    run_objdump(words, &out); /* it also fails if a file has no dynamic symbols */
    struct pp_span text = pp_out_bytes(&out), line;
    while (pp_line(&text, &line)) {
        struct pp_span next = text, second = {text.p, text.p};
        if (pp_starts(pp_skip_blanks(line), "LOAD ") && pp_line(&next, &second))
            add_segment(f, line, second);
        else
            add_symbol(f, line);
    }
    pp_out_release(&out);
    if (f->nsegments && f->nsymbols)
        return true;
    pp_code_file_release(f);
    return false;
}

void pp_code_file_release(struct pp_code_file *f)
{
    free(f->segments);
    free(f->symbols);
    *f = (struct pp_code_file){0};
}

bool pp_code_find(const struct pp_code_file *f, uint64_t offset, uint64_t *address,
                  struct pp_code_symbol *symbol)
{
    for (size_t i = 0; i < f->nsegments; i++) {
        const struct pp_code_segment *s = &f->segments[i];
        if (offset - s->offset >= s->size)
            continue;
        *address = offset - s->offset + s->address;
        for (size_t k = 0; k < f->nsymbols; k++)
            if (*address - f->symbols[k].start < f->symbols[k].size) {
                *symbol = f->symbols[k];
                return true;
            }
    }
    return false;
}

/* --- machine code ---------------------------------------------------------- */

bool pp_disassemble(struct pp_code_file *f, const struct pp_code_symbol *symbol, struct pp_out *out)
{
    char first[64], last[64];
    snprintf(first, sizeof first, "--start-address=0x%" PRIx64, symbol->start);
    snprintf(last, sizeof last, "--stop-address=0x%" PRIx64, symbol->start + symbol->size);
    char *words[] = {"objdump", "-d", "-C", "--no-show-raw-insn",       first,
                     last,      "-l", "--", (char *)(uintptr_t)f->path, NULL};
    if (!f->no_lines && run_objdump(words, out))
        return true;
    char *plain[] = {"objdump", "-d", "-C", "--no-show-raw-insn",
                     first,     last, "--", (char *)(uintptr_t)f->path,
                     NULL};
    f->no_lines = true;
    out->len = 0;
    return run_objdump(plain, out);
}

/* "/src/a.c:12" and "/src/a.c:12 (discriminator 3)" before the instructions of a line. */
static void take_line(struct pp_span text, struct pp_code_instruction *i)
{
    const char *more = pp_find_text(text, " (discriminator ");
    struct pp_span place = {text.p, more ? more : text.end};
    const char *colon = pp_rfind(place, ':');
    uint64_t number;
    if (!colon || !pp_parse_u64((struct pp_span){colon + 1, place.end}, &number))
        return;
    i->file = (struct pp_span){place.p, colon};
    i->line = number;
}

/* "  401126:\tpush   %rbp"; other lines are headings, or name a line of source. */
bool pp_next_instruction(struct pp_span *text, struct pp_code_instruction *i)
{
    for (struct pp_span line; pp_line(text, &line);) {
        const char *colon = pp_find(line, ':');
        struct pp_span number = {line.p, colon ? colon : line.p};
        if (!colon || colon + 1 >= line.end || colon[1] != '\t' ||
            !pp_parse_hex(pp_trim(number), &i->address)) {
            take_line(line, i);
            continue;
        }
        i->text = pp_trim((struct pp_span){colon + 2, line.end});
        return true;
    }
    return false;
}
