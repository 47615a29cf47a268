#include "cli/docs.h"

#include <stdio.h>

/* In every tool's table, after its own options. */
static const struct pp_opt standard[] = {
    {PP_OPT_FLAG, 'h', "help", NULL, "print this help and exit", NULL},
    {PP_OPT_FLAG, 'V', "version", NULL, "print the version and exit", NULL},
    {0},
};

static void each_option(const struct pp_tool *tool, void (*print)(const struct pp_opt *o))
{
    for (const struct pp_opt *const *table = tool->options; *table; table++)
        for (const struct pp_opt *o = *table; o->type; o++)
            if (o->help)
                print(o);
    for (const struct pp_opt *o = standard; o->type; o++)
        print(o);
}

static void each_word(const struct pp_tool *tool, void (*print)(const struct pp_word *w))
{
    for (const struct pp_word *w = tool->words; w && w->name; w++)
        print(w);
}

/* --- help ---------------------------------------------------------------- */

static void print_row(const char *what, const char *help)
{
    if (strlen(what) > 28)
        printf("  %s\n  %-28s %s\n", what, "", help);
    else
        printf("  %-28s %s\n", what, help);
}

static void print_option_help(const struct pp_opt *o)
{
    char flags[96];
    if (o->type == PP_OPT_GROUP) {
        printf("\n%s:\n", o->help);
        return;
    }
    snprintf(flags, sizeof flags, "%c%c%c --%s%s%s%s", o->short_name ? '-' : ' ',
             o->short_name ? o->short_name : ' ', o->short_name ? ',' : ' ', o->name,
             o->optional ? "[="
             : o->arg    ? "="
                         : "",
             o->arg ? o->arg : "", o->optional ? "]" : "");
    print_row(flags, o->help);
}

static void print_word_help(const struct pp_word *w)
{
    char what[64];
    snprintf(what, sizeof what, "%s%s%s", w->name, w->arg ? " " : "", w->arg ? w->arg : "");
    print_row(what, w->help);
}

void pp_print_help(const struct pp_tool *tool)
{
    printf("Usage: %s %s\n%s.\n\n", tool->name, tool->args, tool->summary);
    if (tool->words)
        printf("%s:\n", tool->words_title);
    each_word(tool, print_word_help);
    each_option(tool, print_option_help);
    printf("\nManual: man %s\n", tool->name);
}

/* --- man page ------------------------------------------------------------ */

/* _ and * are syntax in scdoc. */
static void print_escaped(const char *text)
{
    for (; *text; text++) {
        if (strchr("_*\\<>#", *text))
            putchar('\\');
        putchar(*text);
    }
}

static void print_option_scdoc(const struct pp_opt *o)
{
    if (o->type == PP_OPT_GROUP) {
        printf("## %s\n\n", o->help);
        return;
    }
    if (o->short_name)
        printf("*-%c*, ", o->short_name);
    printf("*--%s*", o->name);
    if (o->arg) {
        printf(o->optional ? "[=_" : "=_");
        print_escaped(o->arg);
        printf(o->optional ? "_]" : "_");
    }
    printf("\n\t");
    print_escaped(o->help);
    printf(".\n\n");
}

static void print_word_scdoc(const struct pp_word *w)
{
    printf("*%s*", w->name);
    if (w->arg)
        printf(" _%s_", w->arg);
    printf("\n\t");
    print_escaped(w->help);
    printf(".\n");
}

/* --- completions --------------------------------------------------------- */

static void print_option_word(const struct pp_opt *o)
{
    if (o->type != PP_OPT_GROUP)
        printf(" --%s%s", o->name, o->arg && !o->optional ? "=" : "");
}

static void print_word(const struct pp_word *w)
{
    printf(" %s", w->name);
}

static bool has_values(const struct pp_opt *o)
{
    return o->values || (o->value_at && o->value_at(o, 0));
}

/* The possible arguments, separated by spaces. */
static void print_values(const struct pp_opt *o)
{
    if (o->values)
        fputs(o->values, stdout);
    for (size_t i = 0; o->value_at && o->value_at(o, i); i++)
        printf("%s%s", i ? " " : "", o->value_at(o, i));
}

/* A branch of the function below: the values after "--option=", or the option as a word. */
static void print_bash_values(const struct pp_opt *o)
{
    if (!has_values(o))
        return;
    printf("    --%s", o->name);
    if (o->short_name)
        printf(" | -%c", o->short_name);
    printf(") words='");
    print_values(o);
    printf("'%s ;;\n", o->or_file ? " files=1" : "");
}

/* Bash also splits words at "=", which then is a word of its own. A flag gets a space after it. */
static void print_bash(const struct pp_tool *tool)
{
    char name[64] = "";
    for (size_t i = 0; tool->name[i] && i + 1 < sizeof name; i++)
        name[i] = tool->name[i] == '-' ? '_' : tool->name[i];
    printf("_%s() {\n    local word=$2 option=$3 words='' files=''\n", name);
    printf("    [ \"$word\" = = ] && word=''\n");
    printf("    [ \"$option\" = = ] && option=${COMP_WORDS[COMP_CWORD - 2]}\n");
    printf("    case $option in\n");
    each_option(tool, print_bash_values);
    printf("    *) case $word in\n        -*) words='");
    each_option(tool, print_option_word);
    printf("' ;;\n        *) [ $COMP_CWORD -gt 1 ] || words='");
    each_word(tool, print_word);
    printf("' ;;\n        esac ;;\n    esac\n");
    printf("    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n");
    printf("    [ -z \"$files\" ] || COMPREPLY+=($(compgen -f -- \"$word\"))\n");
    printf("    [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace\n}\n");
    printf("complete -o default -F _%s %s\n", name, tool->name);
}

/* In "help", a bracket or a colon would end the text in zsh, and a quote the word. */
static void print_zsh_text(const char *text)
{
    for (; *text; text++) {
        if (*text == '\'') {
            fputs("'\\''", stdout);
            continue;
        }
        if (strchr("[]:", *text))
            putchar('\\');
        putchar(*text);
    }
}

static void print_option_zsh(const struct pp_opt *o)
{
    if (o->type == PP_OPT_GROUP)
        return;
    printf(" \\\n    '*--%s%s[", o->name, o->optional ? "=-" : o->arg ? "=" : "");
    print_zsh_text(o->help);
    putchar(']');
    if (o->arg) {
        printf(o->optional ? "::" : ":");
        print_zsh_text(o->arg);
        if (has_values(o) && o->or_file) {
            printf(":{compadd -- ");
            print_values(o);
            printf("; _files}");
        } else if (has_values(o)) {
            printf(":(");
            print_values(o);
            putchar(')');
        } else {
            printf(":_files");
        }
    }
    putchar('\'');
}

/* 'NAME:HELP', the form that _describe takes. */
static void print_word_zsh(const struct pp_word *w)
{
    printf(" \\\n    '%s:", w->name);
    for (const char *p = w->help; *p; p++)
        if (*p == '\'')
            fputs("'\\''", stdout);
        else
            putchar(*p);
    putchar('\'');
}

static void print_zsh(const struct pp_tool *tool)
{
    printf("#compdef %s\n", tool->name);
    if (tool->words) {
        printf("local -a firsts=(");
        each_word(tool, print_word_zsh);
        printf(")\n");
    }
    printf("_arguments");
    each_option(tool, print_option_zsh);
    if (tool->words)
        printf(" \\\n    '1: :{_describe -t words \"%s\" firsts; _files}'", tool->words_title);
    printf(" \\\n    '*:file:_files'\n");
}

static const char *fish_tool;

static void print_fish_help(const char *help)
{
    printf(" -d '");
    for (const char *p = help; *p; p++) {
        if (*p == '\'')
            putchar('\\');
        putchar(*p);
    }
    printf("'\n");
}

static void print_option_fish(const struct pp_opt *o)
{
    if (o->type == PP_OPT_GROUP)
        return;
    printf("complete -c %s -l %s", fish_tool, o->name);
    if (o->short_name)
        printf(" -s %c", o->short_name);
    if (has_values(o)) {
        printf(" %s-a '", o->optional ? "" : o->or_file ? "-r " : "-x ");
        print_values(o);
        putchar('\'');
    } else if (o->arg) {
        printf(" -r");
    }
    print_fish_help(o->help);
}

static void print_word_fish(const struct pp_word *w)
{
    printf("complete -c %s -n __fish_is_first_token -a %s", fish_tool, w->name);
    print_fish_help(w->help);
}

bool pp_print_docs(const struct pp_tool *tool, const char *form)
{
    if (strcmp(form, "scdoc") == 0) {
        each_option(tool, print_option_scdoc);
    } else if (strcmp(form, "scdoc-words") == 0) {
        each_word(tool, print_word_scdoc);
    } else if (strcmp(form, "bash") == 0) {
        print_bash(tool);
    } else if (strcmp(form, "zsh") == 0) {
        print_zsh(tool);
    } else if (strcmp(form, "fish") == 0) {
        fish_tool = tool->name;
        each_word(tool, print_word_fish);
        each_option(tool, print_option_fish);
    } else {
        return false;
    }
    return true;
}
