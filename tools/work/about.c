#include "work/about.h"

#include "base/out.h"
#include "formats/format.h"
#include "report/info.h"
#include "work/load.h"
#include "work/symbols.h"

bool pp_times_are_of_clock(void)
{
    const struct pp_format *f = pp_loaded_format();
    return f && f->holds & PP_HOLDS_TIME;
}

char *pp_about_text(const struct pp_profile *p, char **files, unsigned column)
{
    struct pp_out text, name;
    const struct pp_format *f = pp_loaded_format();
    pp_out_memory(&text, NULL);
    pp_out_memory(&name, NULL);
    if (!f)
        return text.buf;
    for (char **file = files; *file; file++) {
        pp_puts(&name, file == files ? "" : ", ");
        pp_puts(&name, strcmp(*file, "-") == 0 ? "<stdin>" : *file);
    }
    pp_putc(&name, '\0');
    struct pp_origin from = {name.buf, f->name, f->title, f->holds & PP_HOLDS_TIME,
                             pp_symbols_are_looked_up()};
    pp_write_info(p, &from, column, &text);
    pp_putc(&text, '\0');
    pp_out_release(&name);
    return text.buf;
}
