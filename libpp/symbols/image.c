#include "symbols/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/zstd.h"
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

/* More bytes than any build id has are not a build id. */
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

/* --- sections compressed with zstd ------------------------------------------- */

/*
 * libelf before 0.189 cannot decompress these. Later ones do it themselves, and 0.192 ends in
 * free() of an invalid pointer if it is given the copy.
 * https://maskray.me/blog/2022-09-09-zstd-compressed-debug-sections
 */
enum { PACKED_BY_ZSTD = 2 };

/* The decompressed size of the section if it is compressed with zstd; else 0. */
static uint64_t unpacked_size(Elf_Scn *section, const GElf_Shdr *header, GElf_Chdr *packed)
{
    bool is_packed = header->sh_flags & SHF_COMPRESSED && header->sh_type != SHT_NOBITS &&
                     gelf_getchdr(section, packed) && packed->ch_type == PACKED_BY_ZSTD;
    return is_packed ? packed->ch_size : 0;
}

/* The decompressed size of all of them. 0 if there are none, or the sum is absurd. */
static uint64_t all_unpacked(Elf *elf)
{
    static const uint64_t most = UINT64_C(16) << 30;
    uint64_t sum = 0;
    Elf_Scn *section = NULL;
    GElf_Shdr header;
    GElf_Chdr packed;
    while ((section = elf_nextscn(elf, section))) {
        uint64_t size =
            gelf_getshdr(section, &header) ? unpacked_size(section, &header, &packed) : 0;
        sum += size > most ? most + 1 : size;
        if (sum > most)
            return 0;
    }
    return sum;
}

/* The compressed bytes of the section, after the header that describes them. */
static struct pp_span packed_bytes(Elf *elf, Elf_Scn *section)
{
    size_t skip = gelf_getclass(elf) == ELFCLASS64 ? sizeof(Elf64_Chdr) : sizeof(Elf32_Chdr);
    Elf_Data *data = elf_rawdata(section, NULL);
    if (!data || !data->d_buf || data->d_size < skip)
        return pp_str("");
    const char *bytes = data->d_buf;
    return (struct pp_span){bytes + skip, bytes + data->d_size};
}

/* Decompresses all of `in`, which must give `size` bytes. */
static bool unpack(struct pp_span in, char *to, uint64_t size)
{
    const char *why;
    char *end = to + size;
    struct pp_zstd *z = pp_zstd_new();
    enum pp_zstd_step step = z ? PP_ZSTD_MORE : PP_ZSTD_CORRUPT;
    while (step != PP_ZSTD_CORRUPT && !pp_empty(in) && to < end)
        step = pp_zstd_unpack(z, &in, &to, end, &why);
    pp_zstd_free(z);
    return step != PP_ZSTD_CORRUPT && to == end;
}

/*
 * Marks the section as not compressed in a file's copy, and sets its place. It must not have been
 * read yet.
 */
static bool mark_unpacked(Elf_Scn *section, const GElf_Chdr *packed, uint64_t offset)
{
    GElf_Shdr header;
    if (!gelf_getshdr(section, &header))
        return false;
    header.sh_flags &= ~(GElf_Xword)SHF_COMPRESSED;
    header.sh_offset = offset;
    header.sh_size = packed->ch_size;
    header.sh_addralign = packed->ch_addralign;
    return gelf_update_shdr(section, &header) != 0;
}

/*
 * Replaces the image by one in memory in which these sections are not compressed. A damaged section
 * stays as it is, and is reported when it is read.
 */
static void unpack_sections(struct pp_image *image)
{
    size_t size = 0;
    uint64_t more = all_unpacked(image->elf), offset;
    const char *file = more ? elf_rawfile(image->elf, &size) : NULL;
    if (!file)
        return;
    enum { ALIGNMENT = 16 };
    offset = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    char *memory = pp_calloc(offset + more, 1);
    memcpy(memory, file, size);
    Elf *copy = elf_memory(memory, offset + more), *original = image->elf;
    Elf_Scn *packed = NULL, *plain = NULL;
    while ((packed = elf_nextscn(original, packed)) && (plain = elf_nextscn(copy, plain))) {
        GElf_Shdr header;
        GElf_Chdr about;
        uint64_t bytes = gelf_getshdr(packed, &header) ? unpacked_size(packed, &header, &about) : 0;
        if (bytes && unpack(packed_bytes(original, packed), memory + offset, bytes) &&
            mark_unpacked(plain, &about, offset))
            offset += bytes;
    }
    image->elf = copy;
    image->memory = memory;
    elf_end(original);
}

static enum pp_image_fault understand(struct pp_image *image)
{
    GElf_Ehdr header;
    if (!image->elf || elf_kind(image->elf) != ELF_K_ELF || !gelf_getehdr(image->elf, &header)) {
        pp_image_close(image);
        return PP_IMAGE_NOT_ELF;
    }
    if (!image->memory && !_ELFUTILS_PREREQ(0, 189))
        unpack_sections(image);
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
    image->elf = elf_begin(image->fd, ELF_C_READ_MMAP_PRIVATE, NULL);
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

unsigned pp_image_machine(const struct pp_image *image)
{
    GElf_Ehdr header;
    return gelf_getehdr(image->elf, &header) ? header.e_machine : 0;
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

/* The section of this name if it has contents, or NULL. */
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

void pp_image_hide_unused(struct pp_image *image)
{
    static const char *const unused[] = {
        ".debug_loc",          ".debug_loclists",    ".debug_frame",    ".debug_macro",
        ".debug_macinfo",      ".debug_aranges",     ".debug_pubnames", ".debug_pubtypes",
        ".debug_gnu_pubnames", ".debug_gnu_pubtypes"};
    GElf_Shdr header;
    for (size_t i = 0; i < sizeof unused / sizeof *unused; i++) {
        Elf_Scn *section = find_section(image, unused[i], &header);
        if (!section || !(header.sh_flags & SHF_COMPRESSED))
            continue;
        header.sh_type = SHT_NOBITS;
        gelf_update_shdr(section, &header);
    }
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

bool pp_image_section_at(const struct pp_image *image, const char *name, struct pp_span *bytes,
                         uint64_t *address)
{
    GElf_Shdr header;
    if (!find_section(image, name, &header) || !pp_image_section(image, name, bytes))
        return false;
    *address = header.sh_addr;
    return true;
}

struct pp_span pp_image_bytes(const struct pp_image *image, uint64_t address)
{
    size_t size;
    const char *file = elf_rawfile(image->elf, &size);
    for (size_t i = 0; file && i < image->nsegments; i++) {
        const struct pp_segment *s = &image->segments[i];
        if (address < s->address || address - s->address >= s->file_size || s->offset > size ||
            s->file_size > size - s->offset)
            continue;
        const char *begin = file + s->offset;
        return (struct pp_span){begin + (address - s->address), begin + s->file_size};
    }
    return pp_str("");
}

/* --- relocations --------------------------------------------------------- */

/* The n-th relocation with an addend in the file; false after the last. */
static bool relocation(const struct pp_image *image, size_t n, GElf_Rela *out)
{
    GElf_Shdr header;
    Elf_Scn *section = NULL;
    while ((section = elf_nextscn(image->elf, section))) {
        if (!gelf_getshdr(section, &header) || header.sh_type != SHT_RELA || !header.sh_entsize)
            continue;
        size_t count = (size_t)(header.sh_size / header.sh_entsize);
        Elf_Data *data = n < count && n < INT32_MAX ? elf_getdata(section, NULL) : NULL;
        if (data)
            return gelf_getrela(data, (int)n, out) != NULL;
        n -= n < count ? n : count;
    }
    return false;
}

uint64_t pp_image_relocation(const struct pp_image *image, uint64_t address)
{
    GElf_Rela rela;
    for (size_t n = 0; relocation(image, n, &rela); n++)
        if (rela.r_offset == address)
            return (uint64_t)rela.r_addend;
    return 0;
}

bool pp_image_relocated_to(const struct pp_image *image, uint64_t target, size_t *at,
                           uint64_t *address)
{
    GElf_Rela rela;
    while (relocation(image, *at, &rela)) {
        ++*at;
        if ((uint64_t)rela.r_addend != target)
            continue;
        *address = rela.r_offset;
        return true;
    }
    return false;
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

/* The address of a symbol's code: on ARM, bit 0 of the value marks Thumb code. */
static uint64_t start_of(const GElf_Sym *symbol, bool arm)
{
    return arm ? symbol->st_value & ~UINT64_C(1) : symbol->st_value;
}

/* Lower is better: global names are the ones that people know. */
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

/* The same as gelf_getsym(), which takes a lock for each: programs have 100,000 symbols. */
static bool symbol_at(const Elf_Data *data, bool wide, int i, GElf_Sym *symbol)
{
    if (!wide)
        return gelf_getsym((Elf_Data *)data, i, symbol);
    if ((size_t)i >= data->d_size / sizeof *symbol)
        return false;
    memcpy(symbol, (const char *)data->d_buf + (size_t)i * sizeof *symbol, sizeof *symbol);
    return true;
}

/* The section with functions: .symtab, or .dynsym if that was stripped; NULL if neither is there.
 */
static Elf_Scn *symbol_section(const struct pp_image *image, GElf_Shdr *header)
{
    Elf_Scn *section = NULL, *dynamic = NULL;
    while ((section = elf_nextscn(image->elf, section))) {
        if (!gelf_getshdr(section, header))
            continue;
        if (header->sh_type == SHT_SYMTAB)
            return section;
        if (header->sh_type == SHT_DYNSYM && !dynamic)
            dynamic = section;
    }
    return dynamic && gelf_getshdr(dynamic, header) ? dynamic : NULL;
}

/* A walk over the functions of a section. */
struct functions {
    Elf_Data *data;
    bool arm, wide;
    int at;
};

static struct functions functions_of(const struct pp_image *image, Elf_Scn *section)
{
    return (struct functions){
        .data = section ? elf_getdata(section, NULL) : NULL,
        .arm = pp_image_machine(image) == EM_ARM,
        .wide = gelf_getclass(image->elf) == ELFCLASS64,
    };
}

static bool next_function(struct functions *f, GElf_Sym *symbol)
{
    if (!f->data || !f->data->d_buf)
        return false;
    while (symbol_at(f->data, f->wide, ++f->at, symbol))
        if (is_function(symbol))
            return true;
    return false;
}

void pp_image_symbols(const struct pp_image *image, uint64_t shift, struct pp_symbol_table *table)
{
    GElf_Shdr header;
    GElf_Sym symbol;
    struct functions f = functions_of(image, symbol_section(image, &header));
    while (next_function(&f, &symbol)) {
        uint64_t start = start_of(&symbol, f.arm) + shift;
        if (!pp_symbol_table_wants(table, start, symbol.st_size))
            continue;
        const char *name = elf_strptr(image->elf, header.sh_link, symbol.st_name);
        if (name && *name)
            pp_symbol_table_add(table, start, symbol.st_size, pp_str(name), rank_of(&symbol));
    }
}

void pp_image_functions(const struct pp_image *image,
                        void (*visit)(void *ctx, uint64_t start, uint64_t size), void *ctx)
{
    GElf_Shdr header;
    GElf_Sym symbol;
    struct functions f = functions_of(image, symbol_section(image, &header));
    while (next_function(&f, &symbol))
        visit(ctx, start_of(&symbol, f.arm), symbol.st_size);
}
