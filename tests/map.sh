#!/bin/sh
# map.sh SOURCE_DIR - docs/architecture.md names every folder of libpp/ and tools/, and no folder or file that
# does not exist; and what its table says may be included is what layering.sh allows.
set -eu
cd "$1"
page=docs/architecture.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The first column of the table: `libpp/base`, or `tools/pp-*.c`.
sed -n '/^| folder /,/^$/p' "$page" | awk -F '|' 'NR > 2 { print $2 }' |
    grep -o '`[^`]*`' | tr -d '`' > "$work/table"

# The map is indented: a folder by 4 blanks, and by 6 what is in it, up to two blanks.
awk '/^    [a-z]+\/.*\/$|^    [a-z]+\/$/ { folder = $1; next }
    folder != "" && /^      [^ ]/ {
        names = substr($0, 7)
        sub(/  .*/, "", names)
        n = split(names, name, " ")
        for (i = 1; i <= n; i++)
            print folder name[i]
        next
    }
    { folder = "" }' "$page" > "$work/map"

for list in table map; do
    [ "$(wc -l < "$work/$list")" -ge 10 ] || echo "no $list of folders"
    while read -r name; do
        # shellcheck disable=SC2086 # a pattern
        ls -d $name > /dev/null 2>&1 || echo "the $list names $name, which does not exist"
    done < "$work/$list"
done > "$work/problems"

# Files that the text names: `base/par.c` is one of libpp.
grep -oE '`[a-z_/]+/[a-z_]+\.(c|h|sh|def)`' "$page" | tr -d '`' | sort -u | while read -r name; do
    [ -e "$name" ] || [ -e "libpp/$name" ] || echo "the text names $name, which does not exist"
done >> "$work/problems"

# "| `libpp/io` | ... | base |" and "allow io base"
sed -n 's/^| `libpp\/\([a-z]*\)` |.*| \([a-z, ]*\) |$/\1 \2/p' "$page" | sed 's/nothing of pp//; s/,//g; s/ *$//' |
    sort > "$work/said"
sed -n 's/^allow //p' tests/layering.sh | sort > "$work/allowed"
diff "$work/said" "$work/allowed" | sed -n 's/^< /the table allows: /p; s/^> /layering.sh allows: /p' >> "$work/problems"

sed 's,/$,,' "$work/table" "$work/map" | sort -u > "$work/named"
find libpp tools -mindepth 1 -type d | sort > "$work/there"
comm -13 "$work/named" "$work/there" | sed 's/^/it does not name /' >> "$work/problems"

sed "s,^,$page: ," "$work/problems"
[ ! -s "$work/problems" ]
