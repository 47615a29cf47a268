#include "work/names.h"

#include "model/holds.h"
#include "report/health.h"
#include "transform/keep_from.h"
#include "transform/naming.h"
#include "transform/rules.h"
#include "work/columns.h"
#include "work/options.h"
#include "work/symbols.h"

unsigned pp_naming_needs(void)
{
    bool addresses = pp_shown.addresses || pp_shown.offsets;
    bool tasks = pp_shown.pid || pp_shown.tid;
    return (tasks ? PP_HOLDS_LABELS : PP_HOLDS_COMM) | (addresses ? PP_HOLDS_ADDRESSES : 0u) |
           (pp_shown.lines ? PP_HOLDS_LINES : 0u);
}

static void name_frames(struct pp_profile **p, unsigned marks, bool places)
{
    struct pp_naming naming = {
        .annotate = marks,
        .addresses = pp_shown.addresses,
        .offsets = pp_shown.offsets,
        .lines = pp_shown.lines,
        .places = places,
        .jobs = pp_jobs(),
    };
    const char *const *skip_after = (const char *const *)pp_shown.skip_after.items;
    if (pp_shown.kernel || pp_shown.all)
        naming.annotate |= 1u << PP_KERNEL;
    if (pp_shown.jit || pp_shown.all)
        naming.annotate |= 1u << PP_JIT;
    if (pp_shown.all)
        naming.annotate |= 1u << PP_KINDS;
    if (!pp_common.no_comm && !pp_rules_have(pp_common.rules, "tag-root"))
        naming.comm = pp_shown.tid ? PP_COMM_TID : pp_shown.pid ? PP_COMM_PID : PP_COMM;
    pp_by_name(p, &naming);
    if (skip_after)
        pp_skip_after(*p, skip_after, pp_shown.skip_after.count);
}

void pp_name_frames(struct pp_profile **p, unsigned marks)
{
    name_frames(p, marks, false);
}

void pp_name_frames_placed(struct pp_profile **p, unsigned marks)
{
    name_frames(p, marks, true);
}

void pp_warn_of_unnamed(const struct pp_profile *p)
{
    enum { FEW = 10 };
    struct pp_health h = pp_health(p);
    bool many =
        h.nameless >= FEW ? h.nameless * 2 >= h.frames : h.nameless && h.nameless == h.frames;
    if (many && !pp_symbols_need())
        pp_report(&pp_messages, PP_NOTE, (struct pp_place){0},
                  pp_symbols.unwanted ? "%zu of %zu frames have no names, because of --no-symbolize"
                                      : "%zu of %zu frames have no names; see --symbolize",
                  h.nameless, h.frames);
}

bool pp_show_names(struct pp_profile **p, unsigned marks)
{
    if (!pp_use_column(*p))
        return false;
    pp_warn_of_unnamed(*p);
    pp_name_frames(p, marks);
    return true;
}
