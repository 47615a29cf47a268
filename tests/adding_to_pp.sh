#!/bin/sh
# adding_to_pp.sh SOURCE_DIR CC - follows each docs/adding-a-*.md word for word in a copy of the sources, and tests
# the result.
#
# In these pages, a block whose first line has file=PATH is the content of that file, and one with add=PATH is
# appended to it. The output of a block "sh" must equal the block "text want" after it.
set -eu
export LC_ALL=C
source=$(cd "$1" && pwd) cc=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/pp"
for part in CMakeLists.txt cmake docs libpp proto share tests tools testdata; do
    cp -r "$source/$part" "$work/pp"
done
cd "$work/pp"

quietly() { # quietly COMMAND... - what it prints is shown if it fails
    "$@" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}

# A block may have ```` as its fence, so that another can stand in it.
for doc in docs/adding-a-*.md; do
    awk -v commands="$work/$(basename "$doc" .md)" '
        !fence && /^```+/ {
            fence = $0
            sub(/[^`].*/, "", fence)
            path = ""
            if ($0 ~ / (file|add)=/) {
                path = $0
                sub(/.* (file|add)=/, "", path)
                folder = path
                sub(/[^\/]*$/, "", folder)
                system("mkdir -p ./" folder)
                if ($0 ~ / file=/)
                    printf "" > path
            } else if ($0 == "```sh") {
                path = commands "." ++n ".sh"
            } else if ($0 == "```text want") {
                path = commands "." n ".want"
            }
            next
        }
        $0 == fence { fence = ""; if (path) close(path); next }
        fence && path { print >> path }
        fence { next }
    ' "$doc" > "$work/log"
    sed -n 's/^```.* \(file\|add\)=//p' "$doc" >> "$work/paths"
done
tests=$(sed -n -e 's|^tests/\(unit/.*\)\.c$|^\1$|p' \
    -e 's|^testdata/formats/\([^/]*\)/.*|^golden/\1/\n^fuzz/\1$|p' "$work/paths" | sort -u | paste -sd '|')
targets=$(sed -n 's|^tests/\(unit/.*\)\.c$|\1|p' "$work/paths" | tr / - | paste -sd ' ')

build=$work/pp/build/debug # where --rules=js finds share/, as it does in a checkout
quietly cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER="$cc" \
    -DCMAKE_C_FLAGS=-Werror
# shellcheck disable=SC2086 # several words
quietly ninja -C "$build" pp-convert pp-report fuzz-reader fuzz-rules $targets
PATH=$build:$PATH

for commands in "$work"/*.sh; do
    sh -e "$commands" > "$work/got"
    diff -u "${commands%.sh}.want" "$work/got"
done
quietly tests/layering.sh .
quietly tests/rules_examples.sh "$build" .
quietly ctest --test-dir "$build" -R "$tests|^fuzz/rules$" --no-tests=error --output-on-failure
grep '^100% tests passed' "$work/log"
