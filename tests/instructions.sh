#!/bin/sh
# instructions.sh BIN_DIR SOURCE_DIR [--accept] - counts the instructions of the main paths, on one
# thread, with small inputs from bench/generate.c. Unlike time, the counts are reproducible: a change by a
# tenth fails the test, in either direction, so that the figures in instructions.txt stay true. --accept
# rewrites them.
#
# The figures are those of one compiler, which stands in their first line. Any other, or no valgrind:
# 77. The C library selects functions by the features of the processor, so some features are hidden from it.
set -eu
bin=$(cd "$1" && pwd) figures=$(cd "$2" && pwd)/tests/instructions.txt mode=${3:-}
cc=$(sed -n 's/^CMAKE_C_COMPILER:.*=//p' "$bin/CMakeCache.txt")
made_with=$("$cc" --version | head -n 1)
export LC_ALL=C PATH="$bin:$PATH"
export GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX2,-AVX,-ERMS,-FSRM,-SSE4_2,-SSE4_1,-SSSE3

skip() {
    echo "not counted: $1"
    exit 77
}
command -v valgrind > /dev/null || skip 'there is no valgrind'
[ "$mode" = --accept ] || grep -qxF "# $made_with" "$figures" ||
    skip "this is $made_with, the figures are of $(head -n 1 "$figures")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
generate=$bin/tests/generate
"$generate" perf 2 500 > perf
"$generate" folded 2 1500 > folded
"$generate" folded 2 2500 > folded2
"$generate" jemalloc 1 2000 > heap
pp-convert -q -j 1 -o pprof.pb folded

count() { # count COMMAND... - in millions
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 > /dev/null |
        awk '/refs:/ { gsub(",", "", $NF); printf "%.2f", $NF / 1e6; found = 1 } END { exit !found }'
}

# A name, and a command that is given -j 1.
commands() {
    cat << END
start               pp-convert --version
empty               pp-convert -q -f folded /dev/null
perf-script-folded  pp-convert -q -t folded perf
perf-script-pprof   pp-convert -q -o out.pb perf
folded-svg          pp-flamegraph -q folded
pprof-folded        pp-convert -q -t folded pprof.pb
pprof-pprof         pp-convert -q -o out.pb pprof.pb
jemalloc-folded     pp-convert -q -t folded heap
diff                pp-diff -q -t folded folded folded2
END
}

echo "# $made_with" > counted
commands | while read -r name tool arguments; do
    # shellcheck disable=SC2086 # several words
    echo "$name $(count "$tool" -j 1 $arguments)"
done >> counted

if [ "$mode" = --accept ]; then
    diff "$figures" counted || cp counted "$figures"
    exit
fi
awk 'NR == FNR { want[$1] = $2; next }
    /^#/ { next }
    {
        ok = $1 in want && $2 > want[$1] * 0.9 && $2 < want[$1] * 1.1
        passed += ok
        failed += !ok
        verdict = ok ? "" : "  <- more than a tenth off; if that is meant: ./dev accept instructions"
        printf "%-20s %9.2f million, was %9.2f%s\n", $1, $2, want[$1], verdict
    }
    END {
        printf "%d passed, %d failed\n", passed, failed
        exit failed || passed != length(want) - 1
    }' "$figures" counted
