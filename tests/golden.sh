#!/bin/sh
# golden.sh PP-CONVERT FORMAT CASE.in [--print] - reads CASE.in and compares with CASE.text, with --from and with
# detection. CASE.flags holds further options; "undetected" among them means that the format cannot be detected from
# the content. With --print, only prints what is read.
set -eu
convert=$1 format=$2
cd "${3%/*}" # so that messages name the file alone
in=${3##*/}
case=${in%.in}
flags=$(cat "$case.flags" 2>/dev/null || true)
options=$(echo "$flags" | sed 's/undetected//')
# shellcheck disable=SC2086 # several options
read_it() {
    ${PP_EMULATOR:-} "$convert" --to=text --no-symbolize $options "$@" "$in" 2>&1 || echo "exit $?"
}
if [ "${4:-}" = --print ]; then
    read_it --from="$format"
    exit
fi
read_it --from="$format" | diff -u "$case.text" -
case $flags in
*undetected*) ;;
*) read_it | diff -u "$case.text" - ;;
esac
