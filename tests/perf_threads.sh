#!/bin/sh
# perf_threads.sh BIN_DIR SOURCE_DIR - a recording that perf record --threads has spread over files is the same as in one.
set -eu
PATH=$(cd "$1" && pwd):$PATH
seeds=$(cd "$2" && pwd)/testdata/formats/perf-data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0
fail() {
    echo "FAILED: $*"
    failed=1
}

for name in fp forks group kernel; do
    python3 "$seeds/threads.py" "$seeds/$name.in" "$name.data"
    pp-convert -t text --no-symbolize "$seeds/$name.in" > whole 2> whole.messages
    pp-convert -t text --no-symbolize "$name.data" > spread 2> spread.messages
    cmp -s whole spread || { diff whole spread | head -5; fail "$name: spread over files it is another profile"; }
    pp-convert -t text --no-symbolize "$name.data/data" | cmp -s - whole || fail "$name: the file in the directory differs"
done

# What is missing is said; of the other file, all is there.
rm fp.data/data.1
pp-convert -q -t folded --no-symbolize fp.data | awk '{ n += $NF } END { exit !(n > 0) }' || fail 'a file is missing: nothing is left'
rm fp.data/data.0
pp-convert -t folded --no-symbolize fp.data/data 2>&1 > /dev/null | grep -q 'files that are missing: data.0' || fail 'nobody says that data.0 is missing'
pp-convert -t folded --no-symbolize < kernel.data/data 2>&1 > /dev/null | grep -q 'give pp the directory' || fail 'nobody says what to give'

# Cut within a record, and packed data in each file.
head -c 100 kernel.data/data.0 > cut && mv cut kernel.data/data.0
pp-convert -t folded --no-symbolize kernel.data 2>&1 > /dev/null | grep -q 'ends within a record' || fail 'nobody says that a file is cut'
exit $failed
