/* A program that uses the installed libpp: prints the total of the profile it is given. */
#include <load/load.h>
#include <model/totals.h>
#include <stdio.h>
#include <stdlib.h>

static void tell(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    fprintf(stderr, "%s: %s\n", m->place.file, m->text);
}

int main(int argc, char **argv)
{
    struct pp_diag diag = {.emit = tell};
    struct pp_load_options options = {.jobs = 2};
    struct pp_profile *p = argc == 2 ? pp_load(argv[1], &options, &diag) : NULL;
    if (p) {
        int64_t *totals = pp_totals(p, 0);
        printf("%lld\n", (long long)totals[0]);
        free(totals);
    }
    pp_profile_free(p);
    pp_diag_release(&diag);
    return p ? 0 : 1;
}
