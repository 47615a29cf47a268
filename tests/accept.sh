#!/bin/sh
# accept.sh BIN_DIR - for each testdata/<format>/<case>.in without a .text, write down what is
# read now. Review it before it is committed: from then on the test holds it to be right.
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
