#!/bin/sh
# rules_examples.sh BIN SOURCE - run every example of docs/rules.md, and compare what it prints.
#
# An example is a fenced block that begins with ```console: a command after "$ ", with the lines of
# its input up to one that is ".", and what must be printed on standard output and error.
set -eu
PATH=$(cd "$1" && pwd):$PATH
doc=$(cd "$2" && pwd)/docs/rules.md
export LC_ALL=C
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Cuts the examples into $dir/N.sh and $dir/N.want.
awk -v dir="$dir" '
    /^```console$/ { n++; file = dir "/" n ".sh"; inside = 1; next }
    /^```$/ { inside = 0 }
    !inside { next }
    { sub(/^\$ /, ""); print > file }
    /^\.$/ { file = dir "/" n ".want"; printf "" > file }
' "$doc"

cd "$dir" # where examples may leave files
count=0 failed=0
for script in "$dir"/*.sh; do
    count=$((count + 1))
    sh "$script" >"$dir/got" 2>&1 || echo "exit $?" >>"$dir/got"
    if ! diff -u "${script%.sh}.want" "$dir/got"; then
        sed 's/^/    /' "$script"
        failed=$((failed + 1))
    fi
done
echo "$count examples, $failed failed"
test "$count" -ge 25
test "$failed" -eq 0

# Every rule has its section.
pp-convert --help | sed -n '/^Frame rules/,/^$/s/^ *--\([a-z-]*\).*/\1/p' |
    grep -v -e '^help$' -e '^version$' | while read -r rule; do
    grep -q "^#.*\`--$rule" "$doc" || { echo "docs/rules.md lacks --$rule"; exit 1; }
done
