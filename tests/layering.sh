#!/bin/sh
# layering.sh ROOT - who may include whom, and what libpp never does. docs/architecture.md says why.
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
allow parse base
allow io base
allow model base
allow formats base parse model
allow transform base model
allow symbols base model
allow report base model
allow render base model
allow load base io model formats

# A folder that is new must be put into the table first.
known='base|parse|io|model|formats|transform|symbols|report|render|load'
ls libpp | grep -vxE "$known" > "$found" || true
complain 'libpp has a folder that tests/layering.sh does not know'

# What belongs to a format has its name, or a name that begins with it: folded_write.c. A file of
# one format includes nothing of another; what belongs to none, several may share.
grep -HE '^ *# *include "formats/' libpp/formats/*.[ch] | awk '
    function owner(file, name, best) {
        sub(/.*\//, "", file)
        best = ""
        for (name in formats)
            if (file ~ "^" name "[._]" && length(name) > length(best))
                best = name
        return best
    }
    FILENAME != "-" {
        if (/^PP_FORMAT/) {
            gsub(/^PP_FORMAT\(|\).*/, "")
            formats[$0]
        }
        next
    }
    {
        split($0, part, /:[^"]*"|"/)
        mine = owner(part[1])
        other = owner(part[2])
        if (mine && other && mine != other)
            print
    }' libpp/formats/formats.def - > "$found"
complain 'formats must not know each other'

# The tools do not know each other; cli and common know no tool.
grep -nE '^ *# *include "pp-' tools/*.c tools/*.h > "$found" || true
complain 'a tool must not include another'

# --- libraries -------------------------------------------------------------

# Headers of other projects: everything in <> that is neither C's nor POSIX's nor the kernel's.
standard='assert|ctype|dirent|dlfcn|errno|fcntl|float|inttypes|limits|math|poll|pthread|setjmp|signal|stdalign'
standard="$standard|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|sys/[a-z]+|time|unistd"
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
    awk -F '[:"/]' '$1 != "libpp" || $2 != $(NF - 2)' > "$found"
complain 'a private header is included by its own folder only'

# --- words -----------------------------------------------------------------

# The code alone: without strings, and without comments, which are whole lines or end one.
awk '{
    line = $0
    gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
    gsub(/\/\*.*(\*\/|$)|^ *\*.*/, "", line)
    print FILENAME ":" FNR ":" line
}' $(find libpp tools -name '*.[ch]' | sort) > "$code"

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
