/*
 * Any bytes at all as a command line, each line of them a word, to the parser of options. Beside
 * not crashing: the tool runs, or it reports an error and the status says so.
 */
#include <fcntl.h>
#include <unistd.h>

#include "cli/cli.h"
#include "fuzz.h"
#include "work/options.h"
#include "work/run.h"

enum { MAX_WORDS = 64 };

static bool flag, has_run;
static double number;
static struct pp_list items, files;

static const struct pp_opt own_options[] = {
    {PP_OPT_GROUP, 0, NULL, NULL, "Of its own", NULL},
    {PP_OPT_FLAG, 'a', "flag", NULL, "a flag", &flag},
    {PP_OPT_NUMBER, 'n', "number", "N", "a number", &number},
    {PP_OPT_LIST, 'l', "item", "ITEM", "one of a list", &items},
    {PP_OPT_FILES, 0, "files", "FILE", "files", &files},
    {0},
};

static int run(char **names)
{
    demand(names[0] != NULL, "there is a file, or standard input", pp_str("files"));
    has_run = true;
    return PP_EXIT_OK;
}

static void forget(void)
{
    free(items.items);
    free(files.items);
    free(pp_shown.skip_after.items);
    items = files = (struct pp_list){0};
    pp_shown = (struct pp_shown){0};
    pp_common = (struct pp_common){0};
    pp_cli = (struct pp_cli){0};
    pp_messages.errors = pp_messages.warnings = 0;
    has_run = false;
}

/* Discards messages; standard input is empty. */
static int run_quietly(int argc, char **argv)
{
    static const struct pp_opt *const tables[] = {own_options, pp_naming_options, pp_common_options,
                                                  NULL};
    static const struct pp_tool tool = {.name = "pp-fuzz",
                                        .args = "[FILE]...",
                                        .summary = "Be fuzzed",
                                        .options = tables,
                                        .run = run};
    int kept[3], nothing = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++) {
        kept[fd] = dup(fd);
        dup2(nothing, fd);
    }
    int rc = pp_main(&tool, argc, argv);
    fflush(stdout);
    for (int fd = 0; fd < 3; fd++) {
        dup2(kept[fd], fd);
        close(kept[fd]);
    }
    close(nothing);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *argv[MAX_WORDS + 2] = {"pp-fuzz"};
    int argc = 1;
    memcpy(text, data, size);
    text[size] = '\0';
    for (size_t i = 0; i < size; i++) /* no path, so that --rules and similar options find no
                                         file */
        text[i] = text[i] == '/' || text[i] == '\0' ? '_' : text[i];
    for (char *word = text; word && argc <= MAX_WORDS; argc++) {
        char *newline = strchr(word, '\n');
        if (newline)
            *newline++ = '\0';
        if (strncmp(word, "--max-memory", strlen("--max-memory")) == 0)
            *word = '_'; /* it would be for all inputs that come after this one */
        argv[argc] = word;
        word = newline;
    }
    struct pp_span in = {(const char *)data, (const char *)data + size};
    forget();
    int rc = run_quietly(argc, argv);
    demand(rc == PP_EXIT_OK || rc == PP_EXIT_USAGE || rc == PP_EXIT_FAILED, "a known status", in);
    demand(!has_run || rc == PP_EXIT_OK, "it runs if nothing was wrong", in);
    forget();
    free(text);
    return 0;
}
