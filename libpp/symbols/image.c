#include "symbols/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "symbols/elfutils_private.h"

/* --- opening ------------------------------------------------------------- */

static void read_segments(struct pp_image *image)
{
    size_t count = 0, cap = 0;
    GElf_Phdr header;
    if (elf_getphdrnum(image->elf, &count) != 0)
        return;
    for (size_t i = 0; i < count && i < INT32_MAX; i++) {
        if (!gelf_getphdr(image->elf, (int)i, &header))
            return;
        if (header.p_type != PT_LOAD)
            continue;
        PP_GROW(image->segments, image->nsegments + 1, cap);
        image->segments[image->nsegments++] = (struct pp_segment){
            .offset = header.p_offset,
            .file_size = header.p_filesz,
            .address = header.p_vaddr,
            .memory_size = header.p_memsz,
            .executable = header.p_flags & PF_X,
        };
    }
}

static char *to_hex(const unsigned char *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    char *hex = pp_calloc(2 * n + 1, 1);
    for (size_t i = 0; i < n; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    return hex;
}

/* What is longer than any build id is none. */
static char *build_id_of(const void *bytes, ssize_t n)
{
    enum { MOST_BYTES = 64 };
    return to_hex(bytes, n > 0 && n <= MOST_BYTES ? (size_t)n : 0);
}

static char *read_build_id(Elf *elf)
{
    const void *bytes = NULL;
    ssize_t n = dwelf_elf_gnu_build_id(elf, &bytes);
    return build_id_of(bytes, n);
}

static enum pp_image_fault understand(struct pp_image *image)
{
    GElf_Ehdr header;
    if (!image->elf || elf_kind(image->elf) != ELF_K_ELF || !gelf_getehdr(image->elf, &header)) {
        pp_image_close(image);
        return PP_IMAGE_NOT_ELF;
    }
    image->movable = header.e_type == ET_DYN;
    image->build_id = read_build_id(image->elf);
    read_segments(image);
    return PP_IMAGE_OPENED;
}

static char *copy_path(const char *path)
{
    size_t size = strlen(path) + 1;
    return memcpy(pp_calloc(size, 1), path, size);
}

enum pp_image_fault pp_image_open(struct pp_image *image, const char *path)
{
    struct stat s;
    *image = (struct pp_image){.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (image->fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? PP_IMAGE_MISSING : PP_IMAGE_UNREADABLE;
    if (fstat(image->fd, &s) != 0 || !S_ISREG(s.st_mode)) {
        close(image->fd);
        return PP_IMAGE_NOT_ELF;
    }
    elf_version(EV_CURRENT);
    image->path = copy_path(path);
    image->elf = elf_begin(image->fd, ELF_C_READ_MMAP, NULL);
    return understand(image);
}

enum pp_image_fault pp_image_of(struct pp_image *image, const char *path, char *bytes, size_t size)
{
    elf_version(EV_CURRENT);
    *image = (struct pp_image){.fd = -1, .path = copy_path(path), .memory = bytes};
    image->elf = elf_memory(bytes, size);
    return understand(image);
}

void pp_image_close(struct pp_image *image)
{
    if (!image->path)
        return;
    elf_end(image->elf);
    if (image->fd >= 0)
        close(image->fd);
    free(image->path);
    free(image->memory);
    free(image->segments);
    free(image->build_id);
    *image = (struct pp_image){0};
}

/* --- addresses ----------------------------------------------------------- */

bool pp_image_address(const struct pp_image *image, uint64_t offset, uint64_t *address)
{
    bool found = false;
    for (size_t i = 0; i < image->nsegments; i++) {
        const struct pp_segment *s = &image->segments[i];
        if (offset < s->offset || offset - s->offset >= s->file_size || (found && !s->executable))
            continue;
        *address = offset - s->offset + s->address;
        found = true;
        if (s->executable)
            break;
    }
    return found;
}

bool pp_image_has_code(const struct pp_image *image, uint64_t address)
{
    for (size_t i = 0; i < image->nsegments; i++) {
        const struct pp_segment *s = &image->segments[i];
        if (s->executable && address >= s->address && address - s->address < s->memory_size)
            return true;
    }
    return false;
}

const struct pp_segment *pp_image_code(const struct pp_image *image)
{
    const struct pp_segment *code = NULL;
    for (size_t i = 0; i < image->nsegments; i++) {
        if (!image->segments[i].executable)
            continue;
        if (code)
            return NULL;
        code = &image->segments[i];
    }
    return code;
}

/* --- sections ------------------------------------------------------------ */

/* The section of this name that has contents, or NULL. */
static Elf_Scn *find_section(const struct pp_image *image, const char *name, GElf_Shdr *header)
{
    size_t names;
    Elf_Scn *section = NULL;
    if (elf_getshdrstrndx(image->elf, &names) != 0)
        return NULL;
    while ((section = elf_nextscn(image->elf, section))) {
        if (!gelf_getshdr(section, header) || header->sh_type == SHT_NOBITS)
            continue;
        const char *have = elf_strptr(image->elf, names, header->sh_name);
        if (have && strcmp(have, name) == 0)
            return section;
    }
    return NULL;
}

bool pp_image_has_debug_info(const struct pp_image *image)
{
    GElf_Shdr header;
    return find_section(image, ".debug_info", &header) ||
           find_section(image, ".zdebug_info", &header);
}

const char *pp_image_debug_link(const struct pp_image *image, uint32_t *crc)
{
    GElf_Word sum;
    const char *name = dwelf_elf_gnu_debuglink(image->elf, &sum);
    *crc = name ? sum : 0;
    return name;
}

bool pp_image_section(const struct pp_image *image, const char *name, struct pp_span *bytes)
{
    GElf_Shdr header;
    Elf_Scn *section = find_section(image, name, &header);
    Elf_Data *data = section ? elf_rawdata(section, NULL) : NULL;
    if (!data || !data->d_buf)
        return false;
    *bytes = (struct pp_span){data->d_buf, (const char *)data->d_buf + data->d_size};
    return true;
}

/* The section has a path and, after its NUL, a build id. */
char *pp_image_alternate_id(const struct pp_image *image)
{
    struct pp_span link;
    const char *end = NULL;
    if (pp_image_section(image, ".gnu_debugaltlink", &link))
        end = pp_find(link, '\0');
    return build_id_of(end ? end + 1 : NULL, end ? link.end - end - 1 : 0);
}

/* --- symbols ------------------------------------------------------------- */

/* The lower, the better: names that others link to are the ones that people know. */
static uint32_t rank_of(const GElf_Sym *symbol)
{
    unsigned binding = GELF_ST_BIND(symbol->st_info);
    return binding == STB_GLOBAL ? 0 : binding == STB_WEAK ? 1 : 2;
}

static bool is_function(const GElf_Sym *symbol)
{
    unsigned type = GELF_ST_TYPE(symbol->st_info);
    return (type == STT_FUNC || type == STT_GNU_IFUNC) && symbol->st_shndx != SHN_UNDEF &&
           symbol->st_size && symbol->st_value;
}

static void add_symbols(const struct pp_image *image, Elf_Scn *section, const GElf_Shdr *header,
                        uint64_t shift, struct pp_symbol_table *table)
{
    GElf_Sym symbol;
    Elf_Data *data = elf_getdata(section, NULL);
    for (int i = 1; data && gelf_getsym(data, i, &symbol); i++) {
        const char *name =
            is_function(&symbol) ? elf_strptr(image->elf, header->sh_link, symbol.st_name) : NULL;
        if (name && *name)
            pp_symbol_table_add(table, symbol.st_value + shift, symbol.st_size, pp_str(name),
                                rank_of(&symbol));
    }
}

/* False if there is no section of the type. */
static bool add_symbols_of(const struct pp_image *image, GElf_Word type, uint64_t shift,
                           struct pp_symbol_table *table)
{
    GElf_Shdr header;
    Elf_Scn *section = NULL;
    while ((section = elf_nextscn(image->elf, section))) {
        if (!gelf_getshdr(section, &header) || header.sh_type != type)
            continue;
        add_symbols(image, section, &header, shift, table);
        return true;
    }
    return false;
}

void pp_image_symbols(const struct pp_image *image, uint64_t shift, struct pp_symbol_table *table)
{
    if (!add_symbols_of(image, SHT_SYMTAB, shift, table))
        add_symbols_of(image, SHT_DYNSYM, shift, table);
}
