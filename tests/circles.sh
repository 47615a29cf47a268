#!/bin/sh
# circles.sh BUILD_DIR - there are no circular dependencies between files, so each can be read and tested after the
# files that it calls.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A pair "USER PROVIDER" for each symbol that one object defines and another needs.
# The objects of libpp and the tools that the build is of now: old ones may lie beside them. That
# the table of formats names all formats is no call: a format may look others up in it.
sed -n 's/.* -o \(CMakeFiles[^ ]*\.c\.o\) .*/\1/p' "$1/compile_commands.json" > "$work/objects"
cd "$1"
xargs nm -A --format=posix < "$work/objects" | awk '
    {
        object = $1
        sub(/.*\.dir\//, "", object)
        sub(/\.o:$/, "", object)
    }
    $3 ~ /^[TDBRCV]$/ && ($3 == "T" || $2 !~ /^pp_format_/) { provider[$2] = object }
    $3 == "U" { needs[object " " $2] }
    END {
        for (need in needs) {
            split(need, part, " ")
            if (part[2] in provider && provider[part[2]] != part[1])
                print part[1], provider[part[2]]
        }
    }' | sort -u > "$work/pairs"
[ -s "$work/pairs" ] || { echo "no calls in $1"; exit 1; }
tsort "$work/pairs" > "$work/order" 2> "$work/circles" || {
    sed 's/^tsort: //; s/.*input contains a loop:/a circle:/' "$work/circles"
    exit 1
}
echo "$(wc -l < "$work/order") files in order"
