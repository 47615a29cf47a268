#include "report/reports.h"

#define PP_REPORT(name, argument, title, ...) \
    {#name, argument, title, pp_write_##name, __VA_ARGS__},
const struct pp_report_kind pp_report_kinds[] = {
#include "report/reports.def"
    {0},
};
#undef PP_REPORT

const struct pp_report_kind *pp_report_kind(const char *name)
{
    for (const struct pp_report_kind *k = pp_report_kinds; k->name; k++)
        if (strcmp(k->name, name) == 0)
            return k;
    return NULL;
}
