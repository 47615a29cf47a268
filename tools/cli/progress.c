#include "cli/progress.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static double started;
static bool showing;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void pp_progress_end(void)
{
    if (showing)
        fputs("\r\033[K", stderr);
    showing = false;
}

void pp_progress_begin(void)
{
    started = now();
}

/* "-" is how a command line names it. */
static const char *shown_name(const char *file)
{
    return strcmp(file, "-") == 0 ? "stdin" : file;
}

void pp_progress_phase(const char *what)
{
    if (showing)
        fprintf(stderr, "\r\033[K%s ...", what);
}

void pp_progress_show(void *file, uint64_t done, uint64_t total)
{
    static double shown;
    double t = now(), mib = (double)done / (1 << 20);
    if (t - started < 1 || t - shown < 0.1)
        return;
    shown = t;
    showing = true;
    fprintf(stderr, "\r\033[K%s: %.0f", shown_name(file), mib);
    if (total)
        fprintf(stderr, " of %.0f", (double)total / (1 << 20));
    fprintf(stderr, " MiB, %.0f MiB/s", mib / (t - started));
    if (total > done && done)
        fprintf(stderr, ", %.0f s left",
                ceil((double)(total - done) / (double)done * (t - started)));
}
