#!/bin/sh
# testdata.sh SOURCE_DIR - testdata/README.md has an entry for each golden case and each folder of seeds;
# and the seeds of the fuzz target `rules` have one of each rule of rules.def.
set -eu
export LC_ALL=C
source=$(cd "$1" && pwd) failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# An entry begins with its cases: - `FORMAT/CASE`, `CASE`, ...: why
sed -n 's/^- \(`[^:]*\): ..*/\1/p' "$source/testdata/README.md" | tr ',' '\n' | sed 's/^ *`//; s/` *$//' |
    awk -F / 'NF == 2 { folder = $1; print; next } { print folder "/" $0 }' | sort > "$work/entries"
{
    cd "$source/testdata/formats" && find . -name '*.in' ! -name 'fuzz-*' | sed 's/^\.\///; s/\.in$//'
    cd "$source/testdata/fuzz" && find . -mindepth 1 -maxdepth 1 -type d | sed 's/^\./fuzz/'
} | sort > "$work/cases"
sort "$work/entries" | uniq -d > "$work/twice"
comm -13 "$work/entries" "$work/cases" > "$work/missing"

tell() { # tell FILE WHAT
    [ -s "$1" ] || return 0
    sed "s|^|testdata/README.md: $2: |" "$1" >&2
    failed=1
}
tell "$work/missing" 'no entry for'
tell "$work/twice" 'two entries for'

sed -n 's/^PP_RULE([^,]*, *"\([^"]*\)".*/\1/p' "$source/libpp/transform/rules.def" | sort > "$work/rules"
[ -s "$work/rules" ]
sed -n 's/^\([a-z][a-z-]*\).*/\1/p' "$source/testdata/fuzz/rules/all.in" | sort -u > "$work/seeds"
if ! diff "$work/rules" "$work/seeds"; then
    echo 'testdata/fuzz/rules/all.in: must have one of each rule of libpp/transform/rules.def' >&2
    failed=1
fi
[ "$failed" = 0 ] && echo "$(wc -l < "$work/cases") cases"
