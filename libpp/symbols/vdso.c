#include "symbols/vdso.h"

#include <string.h>
#include <sys/auxv.h>

#include "base/memory.h"
#include "symbols/elfutils_private.h"

/* The header of an image of this process. */
#if UINTPTR_MAX > UINT32_MAX
#define ELF_HEADER Elf64_Ehdr
#else
#define ELF_HEADER Elf32_Ehdr
#endif

/* The size of an ELF image in memory, whose table of sections is at its end, as the kernel's is. */
static size_t size_of(const ELF_HEADER *head)
{
    return head->e_shoff + (size_t)head->e_shnum * head->e_shentsize;
}

bool pp_vdso_open(const char *build_id, struct pp_image *image)
{
    enum { MOST = 1 << 20 };
    const ELF_HEADER *here = (const void *)getauxval(AT_SYSINFO_EHDR);
    if (!*build_id || !here || memcmp(here->e_ident, ELFMAG, SELFMAG) != 0 || size_of(here) > MOST)
        return false;
    char *copy = pp_calloc(size_of(here), 1);
    memcpy(copy, here, size_of(here));
    if (pp_image_of(image, PP_VDSO, copy, size_of(here)) != PP_IMAGE_OPENED)
        return false;
    if (strcmp(image->build_id, build_id) == 0)
        return true;
    pp_image_close(image);
    return false;
}
