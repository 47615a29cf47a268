#!/bin/sh
# layering.sh ROOT - which folders may include which, and what libpp never does. docs/architecture.md says why.
set -eu
cd "$1"
bad=0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
found=$work/found libraries=$work/libraries code=$work/code

complain() { # complain WHAT - about the lines in $found, if there are any
    [ -s "$found" ] || return 0
    cat "$found"
    echo "=> $1"
    bad=1
}

# --- folders ---------------------------------------------------------------

allow() { # allow FOLDER [FOLDER...] - the first may include itself and the others
    [ -d "libpp/$1" ] || return 0
    pattern=$(echo "$*" | tr ' ' '|')
    grep -rnE '^ *# *include "' "libpp/$1" | grep -vE "\"(($pattern)/[^\"]*\"|[^/\"]*\.pb-c\.h\")" > "$found" || true
    complain "libpp/$1 may include only: $*"
}

allow base
allow syntax base
allow io base
allow model base
allow formats base syntax model
allow transform base syntax model
allow symbols base syntax model
allow report base syntax model
allow render base io syntax model
allow load base io model formats

# A folder that is new must be put into the table first.
known='base|syntax|io|model|formats|transform|symbols|report|render|load'
ls libpp | grep -vxE "$known|pp\.h" > "$found" || true
complain 'libpp has a folder that tests/layering.sh does not know'

# A family of formats lives in formats/FAMILY/, and includes of formats/ only itself, reader/, and
# format.h. reader/ is what all readers share, and knows no family. A family with several large
# formats has a folder for each, and what they share lies above: that includes none of them.
grep -rnE '^ *# *include "formats/' libpp/formats | awk -F '[:"]' '{
        folder = $1
        if (!sub(/^libpp\/formats\//, "", folder) || !sub(/\/[^\/]*$/, "", folder))
            folder = "reader"
        family = folder
        sub(/\/.*/, "", family)
        if ($4 !~ "^formats/(" folder "|" family "|reader)/[^/]*$" && $4 !~ /^formats\/format(\.h|s\.def)$/)
            print
    }' > "$found"
complain 'formats must not know each other'

# tools/cli knows the command line alone; tools/work leads from there to a profile and to an output;
# what belongs to one tool lies in its own folder.
between() { # between FOLDER PATTERN - the includes of tools' own headers that files of FOLDER may have
    grep -rHnE '^ *# *include "(pp-|(cli|work|diff|flamegraph|front|report)/)' $1 | awk -F '[:"]' -v may="$2" '
        { header = "tools/" $4 }
        header ~ /^tools\/report\// && (getline line < header) < 0 { next } # libpp/report
        header !~ may' > "$found"
    complain "$1: a tool must not include another"
}
for folder in tools/*/; do
    folder=${folder%/}
    case $folder in
    tools/cli) between $folder '^tools/cli/' ;;
    tools/work) between $folder '^tools/(cli|work)/' ;;
    *) between $folder "^tools/(cli|work|${folder#tools/})/" ;;
    esac
done
grep -rnE '^ *# *include "' tools/cli | grep -vE '"(cli|base)/' > "$found" || true
complain 'tools/cli includes only base/ of libpp'
for tool in tools/pp-*.c; do
    folder=${tool#tools/pp-}
    [ $folder != tools.c ] || folder=front.c
    between $tool "^tools/(cli|work|${folder%.c})/"
done

# A file has one subject, and fits in a sitting.
find libpp tools -name '*.[ch]' -exec awk 'FNR == 601 { print FILENAME }' {} + > "$found"
complain 'a file has more than 600 lines'

# --- libraries -------------------------------------------------------------

# Headers of other projects: everything in <> that is neither C's nor POSIX's nor the kernel's.
standard='assert|ctype|dirent|dlfcn|errno|fcntl|float|glob|inttypes|limits|math|poll|pthread|setjmp|signal|spawn|stdalign'
standard="$standard|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|strings?|sys/[a-z]+|time|unistd"
grep -rnE '^ *# *include <|^ *# *include "[^/"]*\.pb-c\.h"' libpp tools |
    grep -vE "<($standard)\.h>" |
    sed -E 's/^([^:]*):[0-9]*: *# *include [<"]([^">]*)[>"].*/\2 \1/' | sort -u > "$libraries"
cut -d ' ' -f 1 "$libraries" | uniq -d | while read -r header; do
    grep "^$header " "$libraries"
done > "$found"
complain 'each third-party header is included by one file only'
grep -E ' .*\.h$' "$libraries" | grep -v '_private\.h$' > "$found" || true
complain 'a third-party header is included by a header of pp'

# What a folder keeps to itself, such as what several of its files need of a library.
grep -rnE '^ *# *include "[^"]*_private\.h"' libpp tools |
    awk -F '[:"]' '{
        folder = $1
        sub(/\/[^\/]*$/, "", folder)
        sub(/^(libpp|tools)\//, "", folder)
        header = $4
        sub(/\/[^\/]*$/, "", header)
        if (folder != header)
            print
    }' > "$found"
complain 'a private header is included by its own folder only'

# --- words -----------------------------------------------------------------

# The code alone: without strings, and without comments, which are whole lines or end one.
awk '{
    line = $0
    gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
    gsub(/\/\*.*(\*\/|$)|^ *\*.*/, "", line)
    print FILENAME ":" FNR ":" line
}' $(find libpp tools -name '*.[ch]' | sort) > "$code"

# Variables that live as long as the program and can change: what is static, or at the beginning of a
# line, and not const. One is what callers set when memory runs out; in xml.c and sqlite/library.c is what dlopen() found.
grep -E '^libpp/' "$code" | awk -F: '
    {
        file = $1
        text = $0
        sub(/^[^:]*:[0-9]*:/, "", text)
        declared = text
        sub(/[=;{].*/, "", declared)
        sub(/ +$/, "", declared)
        is_variable = text ~ /^ *static / && declared !~ /\)/ && text ~ /[=;]/
        is_variable = is_variable || (text ~ /^[a-z][a-z0-9_ ]* \**[a-z_0-9]+(\[.*\])* *[=;]/ &&
            text !~ /^(typedef|return|struct [a-z_]+;|union [a-z_]+;|enum [a-z_]+;)/)
        is_variable = is_variable || text ~ /^[a-z][a-z0-9_ ]* \**\(\*[a-z_]+\)\(.*\)( =.*)?;/ && text !~ /^typedef/
        sub(/\[.*/, "", declared)
        after_star = declared
        sub(/.*\*/, "", after_star)
        constant = declared ~ /\*/ ? after_star ~ /const/ : declared ~ /(^| )const /
        if (is_variable && !constant)
            print
    }' | grep -vE '^libpp/(base/memory\.[ch]:.*(pp_on_out_of_memory|said)|syntax/xml\.c|formats/sqlite/library\.c)' > "$found" || true
complain 'libpp has a global that can change'

never() { # never WHERE NOT_WHERE WORDS WHY - no call of the words in files of WHERE
    grep -E "^$1" "$code" | grep -vE "^$2:" |
        grep -E ":.*(^|[^A-Za-z0-9_.>])($3) *\(" > "$found" || true
    complain "$4"
}

printing='v?f?printf|v?dprintf|f?puts|f?putc|putchar|perror|fwrite'
exiting='exit|_exit|_Exit|quick_exit|abort|errx?|warnx?|raise|kill'
environment='(secure_)?getenv|setenv|putenv'
clock='time|clock|clock_gettime|gettimeofday|localtime(_r)?|gmtime(_r)?|strftime'
locale='setlocale|newlocale|uselocale|strcoll|to(upp|low)er|is(alpha|alnum|space|print|upper|lower)'
locale="$locale|strn?casecmp|strtod|strtof|atof"
banned='strcpy|strcat|strncpy|strncat|stpcpy|v?sprintf|strtok(_r)?|ato[il]|atoll|v?[fs]?scanf|gets'
banned="$banned|alloca|tmpnam|mktemp|s?rand"

# memory.c says that memory has run out, where nobody else can; child.c ends processes of its own.
never libpp/ libpp/base/memory.c "$printing" 'libpp never prints'
never libpp/ 'libpp/base/(memory|child).c' "$exiting" 'libpp never exits'
never libpp/ - "$environment" 'libpp does not look at the environment'
never libpp/ libpp/base/child.c "$clock" 'libpp does not know the time'
never libpp/ - "$locale" 'libpp does not know the locale'
never libpp/ libpp/base/par.c 'pthread_create|thrd_create' 'threads are started in base/par.c only'
never libpp/ libpp/base/child.c 'v?fork|posix_spawnp?' 'processes are started in base/child.c only'
never '(libpp|tools)/' - "$banned" 'these functions are banned'
exit $bad
