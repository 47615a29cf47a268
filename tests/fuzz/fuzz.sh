#!/bin/bash
# fuzz.sh BUILD_DIR SECONDS [NAME]... - fuzz these targets, each for so long, as many at a time as
# there are cores. A name is that of a format, whose reader is fuzzed, or of a file in tests/fuzz;
# none are all. A line for each tells what was tried; it fails if something was found.
#
# fuzz.sh BUILD_DIR keep [NAME]... - puts what was learned so far where every build replays it: into
# testdata/corpus/NAME.corpus. Of inputs of at most 4 KiB, those that reach what neither the seeds
# nor smaller ones do, the smallest first, 64 KiB in all. Before each is a line with its length,
# behind it a newline. The next fuzzing begins with them, too.
set -eu
build=$1 seconds=$2
shift 2
mkdir -p "$build"/{corpus,seeds,kept,merged,found,log}

# What the target NAME is, and whose seeds it has: those in its folder of testdata, unpacked,
# as what is behind gzip cannot be fuzzed through it.
program() {
    if [ -x "$build/tests/fuzz-$1" ]; then echo "$build/tests/fuzz-$1"; else echo "$build/tests/fuzz-reader"; fi
}

seeds() {
    case $1 in
    perf_data) echo formats/perf-data ;;
    protobuf) echo formats/pprof ;;
    *) if [ -d "testdata/fuzz/$1" ]; then echo "fuzz/$1"; else echo "formats/$1"; fi ;;
    esac
}

all() {
    for folder in testdata/formats/*/ testdata/fuzz/*/; do
        basename "$folder"
    done
    echo perf_data
    echo protobuf
}

# What there is of the target $1 to begin with: seeds, and what earlier fuzzing left.
prepare() {
    name=$1 corpus=$build/corpus/$1 seeds=$build/seeds/$1 kept=$build/kept/$1 log=$build/log/$1
    rm -rf "$seeds" "$kept"
    mkdir -p "$corpus" "$seeds" "$kept"
    for in in testdata/"$(seeds "$name")"/*.in; do
        gzip -dcfq "$in" > "$seeds/${in##*/}" || true # one may be damaged
    done
    [ ! -e "testdata/corpus/$name.corpus" ] || unpack "$kept" < "testdata/corpus/$name.corpus"
}

unpack() {
    while read -r size; do
        head -c "$size" > "$1/input"
        mv "$1/input" "$1/$(sha1sum < "$1/input" | cut -d ' ' -f 1)" # as libFuzzer calls it
        read -r
    done
}

pack() { # pack FOLDER - those that libFuzzer has added to the seeds
    local room=65536
    find "$1" -type f ! -name '*.in' -printf '%s %p\n' | sort -n | while read -r size file; do
        [ $((room -= size)) -ge 0 ] || break
        echo "$size"
        cat "$file"
        echo
    done
}

keep() {
    prepare "$1"
    merged=$build/merged/$name
    rm -rf "$merged"
    cp -r "$seeds" "$merged"
    find "$corpus" -type f -size -4097c -exec cp -t "$kept" {} +
    PP_FUZZ_FORMAT=$name "$(program "$name")" -merge=1 -use_counters=0 -timeout=20 \
        -rss_limit_mb=2048 "$merged" "$kept" > "$log" 2>&1
    mkdir -p testdata/corpus
    pack "$merged" > "testdata/corpus/$name.corpus"
    echo "$name: $(grep -c '' < <(find "$merged" -type f ! -name '*.in')) inputs," \
        "$(wc -c < "testdata/corpus/$name.corpus") bytes"
}

run() {
    prepare "$1"
    before=$(find "$build/found" -name "$name-*" | wc -l)
    PP_FUZZ_FORMAT=$name "$(program "$name")" -max_total_time="$seconds" -max_len=65536 -timeout=20 \
        -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$build/found/$name-" \
        "$corpus" "$seeds" "$kept" > "$log" 2>&1 || true
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
    if [ "$seconds" = keep ]; then keep "$1"; else run "$1"; fi
    exit
fi
names=("$@")
[ $# -gt 0 ] || mapfile -t names < <(all)
printf '%s\n' "${names[@]}" |
    PP_FUZZ_ONE=1 xargs -P "$(nproc)" -I{} "$0" "$build" "$seconds" {}
