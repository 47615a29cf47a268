#!/bin/bash
# fuzz.sh BUILD_DIR SECONDS [NAME]... - fuzz these targets, each for so long, as many at a time as
# there are cores. A name is that of a format, whose reader is fuzzed, or of a file in tests/fuzz;
# none are all. A line for each tells what was tried; it fails if something was found.
set -eu
build=$1 seconds=$2
shift 2
mkdir -p "$build"/{corpus,seeds,found,log}

# What the target NAME is, and whose seeds it has: those in the same folder of testdata, unpacked,
# as what is behind gzip cannot be fuzzed through it.
program() {
    if [ -x "$build/tests/fuzz-$1" ]; then echo "$build/tests/fuzz-$1"; else echo "$build/tests/fuzz-reader"; fi
}

seeds() {
    case $1 in protobuf) echo pprof ;; *) echo "$1" ;; esac
}

all() {
    for folder in testdata/*/; do
        folder=${folder#testdata/}
        ls "testdata/$folder"*.in > /dev/null 2>&1 || continue
        [ "${folder%/}" = reports ] || echo "${folder%/}"
    done
    echo protobuf
}

run() {
    name=$1 corpus=$build/corpus/$1 seeds=$build/seeds/$1 log=$build/log/$1
    mkdir -p "$corpus" "$seeds"
    for in in testdata/"$(seeds "$name")"/*.in; do
        gzip -dcfq "$in" > "$seeds/${in##*/}" || true # one may be damaged
    done
    before=$(find "$build/found" -name "$name-*" | wc -l)
    PP_FUZZ_FORMAT=$name "$(program "$name")" -max_total_time="$seconds" -max_len=65536 -timeout=20 \
        -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$build/found/$name-" \
        "$corpus" "$seeds" > "$log" 2>&1 || true
    found=$(($(find "$build/found" -name "$name-*" | wc -l) - before))
    awk -v name="$name" -v found=$found '
        /^#[0-9]+/ { for (i = 1; i < NF; i++) if ($i == "cov:") coverage = $(i + 1) }
        /number_of_executed_units/ { runs = $NF }
        /average_exec_per_sec/ { rate = $NF }
        END { printf "%-16s %9d runs, %5d a second, coverage %6d, found %d\n",
                     name, runs, rate, coverage, found }' "$log"
    if [ $found != 0 ] || ! grep -q 'number_of_executed_units' "$log"; then
        grep -aE 'not true:|ERROR:|SUMMARY:|Test unit written' "$log" | sed 's/^/    /' | head -5
        return 1
    fi
}

if [ "${PP_FUZZ_ONE:-}" ]; then
    run "$1"
    exit
fi
names=("$@")
[ $# -gt 0 ] || mapfile -t names < <(all)
printf '%s\n' "${names[@]}" |
    PP_FUZZ_ONE=1 xargs -P "$(nproc)" -I{} "$0" "$build" "$seconds" {}
