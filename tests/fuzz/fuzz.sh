#!/bin/sh
# fuzz.sh BUILD_DIR NAME SECONDS - fuzz one reader, or all of them if NAME is empty; or another target,
# if NAME is that of one.
set -eu
build=$1 format=$2 seconds=$3
corpus=$build/corpus/${format:-all} seeds=$build/seeds/${format:-all} crashes=$build/crashes
mkdir -p "$corpus" "$seeds" "$crashes"

# The seeds are the golden tests' inputs, unpacked: what is behind gzip cannot be fuzzed through it.
for in in testdata/${format:-*}/*.in; do
    [ -f "$in" ] || continue
    gzip -dcfq "$in" > "$seeds/$(echo "${in#testdata/}" | tr / -)"
done

target=reader
[ ! -x "$build/tests/fuzz-$format" ] || target=$format

# A count of seconds alone would leave it open what was fuzzed.
echo "Fuzzing ${format:-all readers} for $seconds s; crashes go to $crashes/"
if [ -n "$format" ]; then
    PP_FUZZ_FORMAT=$format
    export PP_FUZZ_FORMAT
fi
"$build/tests/fuzz-$target" -max_total_time="$seconds" -max_len=65536 -timeout=10 \
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$crashes/" "$corpus" "$seeds"
