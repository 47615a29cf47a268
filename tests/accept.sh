#!/bin/sh
# accept.sh BIN_DIR - writes the .text of each golden case without one, as it is read now. Check that it is right
# before you commit it: the test takes it for the truth from then on.
set -eu
cd "$(dirname "$0")/.."
convert=$(cd "$1" && pwd)/pp-convert
for in in testdata/formats/*/*.in; do
    text=${in%.in}.text
    [ ! -e "$text" ] || continue
    folder=${in%/*}
    format=${folder##*/}
    tests/golden.sh "$convert" "$format" "$in" --print > "$text"
    echo "--- $text"
    cat "$text"
done
