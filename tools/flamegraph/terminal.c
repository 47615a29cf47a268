#include "flamegraph/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "work/options.h"

static bool is_terminal(void)
{
    bool to_file = pp_common.output && strcmp(pp_common.output, "-") != 0;
    return !to_file && isatty(STDOUT_FILENO);
}

unsigned pp_terminal_width(void)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    uint64_t width = 0;
    if (is_terminal() && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (!width && !(columns && pp_parse_u64(pp_str(columns), &width) && width))
        width = 80;
    if (width < PP_TERM_LEAST_WIDTH)
        return PP_TERM_LEAST_WIDTH;
    return width < PP_TERM_MOST_WIDTH ? (unsigned)width : PP_TERM_MOST_WIDTH;
}

static bool has_colors(void)
{
    const char *none = getenv("NO_COLOR"), *kind = getenv("TERM");
    return is_terminal() && !(none && *none) && kind && strcmp(kind, "dumb") != 0;
}

bool pp_terminal_colors(const char *when, enum pp_term_colors *colors)
{
    const char *best = getenv("COLORTERM");
    bool rgb = best && (strcmp(best, "truecolor") == 0 || strcmp(best, "24bit") == 0);
    enum pp_term_colors those = rgb ? PP_TERM_RGB : PP_TERM_256;
    if (strcmp(when, "always") == 0)
        *colors = those;
    else if (strcmp(when, "never") == 0)
        *colors = PP_TERM_PLAIN;
    else if (strcmp(when, "auto") == 0)
        *colors = has_colors() ? those : PP_TERM_PLAIN;
    else
        return false;
    return true;
}
