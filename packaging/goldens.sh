#!/bin/sh
# goldens.sh BIN_DIR SOURCE_DIR [N] - read golden cases with the tools in BIN_DIR: all that need no other
# options, or the first of each of N formats.
set -eu
bin=$1 source=$2 most=${3:-0}
passed=0 failed=0 last=
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for text in "$source"/testdata/formats/*/*.text; do
    case=${text%.text}
    format=${case%/*}
    format=${format##*/}
    [ ! -e "$case.flags" ] || continue
    [ "$most" = 0 ] || { [ "$format" != "$last" ] && [ $passed -lt "$most" ]; } || continue
    if "$source/tests/golden.sh" "$bin/pp-convert" "$format" "$case.in" > "$log" 2>&1; then
        passed=$((passed + 1)) last=$format
    else
        failed=$((failed + 1))
        echo "$case.in:" && head -20 "$log"
    fi
done
echo "$passed golden cases passed, $failed failed"
[ $failed = 0 ] && [ $passed -ge "${most:-1}" ] && [ $passed -gt 0 ]
