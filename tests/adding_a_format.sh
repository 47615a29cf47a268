#!/bin/sh
# adding_a_format.sh BUILD_DIR SOURCE_DIR CC - does what docs/adding-a-format.md says, word for
# word, in a copy of the sources, and tries what has come of it.
set -eu
export LC_ALL=C
source=$2 cc=$3
doc=$source/docs/adding-a-format.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/pp"
for part in CMakeLists.txt cmake libpp proto tests tools; do
    cp -r "$source/$part" "$work/pp"
done
cd "$work/pp"

# A block that begins with "```c file=PATH" is that file; with add=PATH, what is added to it.
awk '
    /^```.* (file|add)=/ {
        path = $0
        sub(/.* (file|add)=/, "", path)
        folder = path
        sub(/[^\/]*$/, "", folder)
        system("mkdir -p ./" folder)
        if ($0 ~ / file=/)
            printf "" > path
        inside = 1
        next
    }
    /^```$/ { inside = 0; if (path) close(path); path = "" }
    inside { print >> path }
' "$doc"

block() { # block WORDS - the block that begins with them
    awk -v begin="\`\`\`$1" '$0 == begin { inside = 1; next } /^```$/ { inside = 0 } inside' "$doc"
}

build=$work/build
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER="$cc" \
    -DCMAKE_C_FLAGS=-Werror > "$work/log" || { cat "$work/log"; exit 1; }
ninja -C "$build" pp-convert fuzz-reader > "$work/log" || { cat "$work/log"; exit 1; }

PATH=$build:$PATH
block sh > "$work/commands"
sed -n 1p "$work/commands" | sh > "$work/folded"
block 'text want' | diff -u - "$work/folded"
sed -n 2p "$work/commands" | sh | sort > "$work/again"
sort testdata/formats/ticks/simple.in | diff -u - "$work/again"

pp-convert --list-formats | grep -q '^ticks  *rw  clock ticks'
tests/layering.sh .
ctest --test-dir "$build" -R 'ticks' --no-tests=error --output-on-failure > "$work/log" || {
    cat "$work/log"
    exit 1
}
grep '^100% tests passed' "$work/log"
