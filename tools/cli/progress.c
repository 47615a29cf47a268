#include "cli/progress.h"

#include <stdbool.h>
#include <stdio.h>
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

void pp_progress_show(void *file, uint64_t done, uint64_t total)
{
    static double shown;
    double t = now(), mib = (double)done / (1 << 20);
    if (t - started < 1 || t - shown < 0.1)
        return;
    shown = t;
    showing = true;
    fprintf(stderr, "\r\033[K%s: %.0f", (const char *)file, mib);
    if (total)
        fprintf(stderr, " of %.0f", (double)total / (1 << 20));
    fprintf(stderr, " MiB, %.0f MiB/s", mib / (t - started));
}
