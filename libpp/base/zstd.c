#include "base/zstd.h"

#include "base/memory.h"

#ifdef PP_WITH_ZSTD
#include <zstd.h>
#include <zstd_errors.h>

/* zstd's own handle; the struct is never defined. */
static ZSTD_DStream *stream(struct pp_zstd *z)
{
    return (ZSTD_DStream *)z;
}

struct pp_zstd *pp_zstd_new(void)
{
    ZSTD_DStream *z = ZSTD_createDStream();
    if (!z)
        pp_out_of_memory();
    return (struct pp_zstd *)z;
}

void pp_zstd_free(struct pp_zstd *z)
{
    ZSTD_freeDStream(stream(z));
}

enum pp_zstd_step pp_zstd_unpack(struct pp_zstd *z, struct pp_span *in, char **out, char *end,
                                 const char **why)
{
    ZSTD_inBuffer from = {in->p, pp_len(*in), 0};
    ZSTD_outBuffer to = {*out, (size_t)(end - *out), 0};
    size_t rc = ZSTD_decompressStream(stream(z), &to, &from);
    in->p += from.pos;
    *out += to.pos;
    if (ZSTD_getErrorCode(rc) == ZSTD_error_memory_allocation)
        pp_out_of_memory();
    if (ZSTD_isError(rc)) {
        *why = ZSTD_getErrorName(rc);
        return PP_ZSTD_CORRUPT;
    }
    return rc == 0 ? PP_ZSTD_FRAME_ENDED : PP_ZSTD_MORE;
}
#else
struct pp_zstd *pp_zstd_new(void)
{
    return NULL;
}

void pp_zstd_free(struct pp_zstd *z)
{
    (void)z;
}

enum pp_zstd_step pp_zstd_unpack(struct pp_zstd *z, struct pp_span *in, char **out, char *end,
                                 const char **why)
{
    (void)z, (void)in, (void)out, (void)end;
    *why = "pp was built without zstd";
    return PP_ZSTD_CORRUPT;
}
#endif
