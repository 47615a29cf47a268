#include "formats/perf/modules.h"

static bool starts_with_any(struct pp_span s, const char *const *texts)
{
    for (; *texts; texts++)
        if (pp_starts(s, *texts))
            return true;
    return false;
}

static bool ends_with_any(struct pp_span s, const char *const *texts)
{
    for (; *texts; texts++)
        if (pp_ends(s, *texts))
            return true;
    return false;
}

/* vmlinux, perhaps with a version: /boot/vmlinux-6.1.0-13-amd64 */
static bool is_vmlinux(struct pp_span path)
{
    const char *p = pp_find_text(pp_base_name(path), "vmlinux");
    for (; p && p < path.end; p++)
        if (!pp_is_digit(*p) && ((*p | 0x20) < 'a' || (*p | 0x20) > 'z') && !memchr("-._", *p, 3))
            return false;
    return p;
}

enum pp_kind pp_perf_kind(struct pp_span module)
{
    static const char *const user[] = {"[vdso",    "[vsyscall", "[heap",    "[stack",   "[anon",
                                       "[unknown", "[uprobes",  "[vectors", "[sigpage", NULL};
    static const char *const modules[] = {".ko", ".ko.zst", ".ko.xz", ".ko.gz", NULL};
    if (pp_starts(module, "[JIT]") ||
        pp_is(module, "[JIT app cache]")) /* of perf, and of Android */
        return PP_JIT;
    if (pp_starts(module, "/tmp/perf-") && pp_ends(module, ".map"))
        return PP_JIT;
    if (pp_find_text(module, "/jitted-") && pp_ends(module, ".so"))
        return PP_JIT;
    if (pp_starts(module, "[") && !starts_with_any(module, user))
        return PP_KERNEL;
    return ends_with_any(module, modules) || is_vmlinux(module) ? PP_KERNEL : PP_USER;
}
