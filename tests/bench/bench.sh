#!/bin/sh
# bench.sh BIN_DIR WORK_DIR - times whole processes on large made-up inputs, and says how much memory
# they take: pp, what only counts lines or unpacks, and other tools that are found on PATH. Of
# PP_BENCH_RUNS runs (3) the fastest counts. Nothing fails here: it is for reading.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
PATH=$(cd "$1" && pwd):$PATH
mkdir -p "$2"
cd "$2"
export LC_ALL=C

# --- inputs, made once -----------------------------------------------------

"${CC:-cc}" -O2 -o generate "$here/generate.c"

make_input() { # make_input FILE COMMAND...
    file=$1
    shift
    [ -s "$file" ] && [ "$file" -nt "$here/generate.c" ] && return
    echo "making $file" >&2
    "$@" > "$file.part"
    mv "$file.part" "$file"
}

packed() { gzip -1c "$1"; }
as_pprof() { pp-convert -q -t pprof -o - "$1" | gzip -dc; }

make_input few.perf ./generate perf 200 14000
make_input few.perf.gz packed few.perf
make_input many.perf ./generate perf 200 150000
make_input large.folded ./generate folded 130 150000
make_input half-million.folded ./generate folded 360 500000
make_input large.pb as_pprof half-million.folded
make_input large.pb.gz packed large.pb
make_input small.folded pp-convert -q few.perf
make_input large.heap ./generate jemalloc 23 60000

# Profiles that have many stacks in common, as those of one service do.
make_runs() { # make_runs FOLDER NUMBER STACKS - of as many of the stacks of few.perf each
    [ -e "$1/done" ] && return
    echo "making $1" >&2
    rm -rf "$1"
    mkdir -p "$1"
    i=0
    while [ $i -lt "$2" ]; do
        awk -v seed=$i -v want="$3" 'BEGIN { srand(seed + 7) }
            rand() < want / 14000 { $NF = 1 + int(rand() * 50); print }' small.folded |
            pp-convert -q -o "$1/$i.pb.gz" -
        i=$((i + 1))
    done
    touch "$1/done"
}

make_runs hundred 100 900
make_runs thousands 2000 160
cp hundred/0.pb.gz merge.pb.gz

# --- measuring -------------------------------------------------------------

base=
input() { # input FILE TEXT - what the following lines are about
    base=
    printf '\n%s: %s, %d MB\n' "$1" "$2" $(($(wc -c < "$1") / 1000000))
    printf '    %-44s %7s %7s %7s %7s\n' command wall cpu memory ratio
}

measure() { # measure COMMAND - in seconds, and as a multiple of the first command's wall time
    tool=${1%% *}
    command -v "$tool" > /dev/null || return 0
    : > times
    i=0
    while [ $i -lt "${PP_BENCH_RUNS:-3}" ]; do
        env time -q -f '%e %U %S %M' -a -o times sh -c "exec $1 > out 2> err" || {
            printf '    %-44s failed: %s\n' "$1" "$(head -c 100 err)"
            return 0
        }
        i=$((i + 1))
    done
    best=$(sort -n times | head -n 1)
    [ -n "$base" ] || base=${best%% *}
    echo "$best $base" | awk -v what="$1" '{
        base = $5 > 0.01 ? $5 : 0.01
        ratio = ($1 > 0.01 ? $1 : 0.01) / base
        printf "    %-44s %5.2f s %5.2f s %4d MB %6.1fx\n", what, $1, $2 + $3, $4 / 1024, ratio
    }'
}

# size COMMAND - how much it prints
size() {
    command -v "${1%% *}" > /dev/null || return 0
    # shellcheck disable=SC2086 # a command line
    printf '    %-44s %8d bytes\n' "$1" "$($1 2> /dev/null | wc -c)"
}

nproc | xargs printf 'cores: %d\n'

input few.perf 'perf script, 14,000 stacks'
measure 'wc -l few.perf'
measure 'pp-convert -t folded few.perf'
measure 'pp-convert -j 1 -t folded few.perf'
measure 'pp-convert -t pprof few.perf'
measure 'pp-flamegraph few.perf'
measure 'inferno-collapse-perf few.perf'
measure 'stackcollapse-perf.pl few.perf'

input few.perf.gz 'the same, packed'
measure 'gzip -dc few.perf.gz'
measure 'pp-convert -t folded few.perf.gz'

input many.perf 'perf script, 150,000 stacks'
measure 'wc -l many.perf'
measure 'pp-convert -t folded many.perf'
measure 'inferno-collapse-perf many.perf'

input large.folded 'folded, 150,000 stacks'
measure 'wc -l large.folded'
measure 'pp-convert -t folded large.folded'
measure 'pp-convert -t pprof large.folded'

input small.folded 'folded, 14,000 stacks, to draw'
measure 'wc -l small.folded'
measure 'pp-flamegraph small.folded'
measure 'pp-flamegraph --minwidth 0.01% small.folded'
measure 'pp-flamegraph --minwidth 0 small.folded'
measure 'inferno-flamegraph small.folded'
measure 'flamegraph.pl small.folded'
size 'pp-flamegraph --minwidth 0.01% small.folded'
size 'inferno-flamegraph small.folded'

input large.pb 'pprof, 500,000 samples'
measure 'wc -l large.pb'
measure 'pp-convert -t folded large.pb'
measure 'pp-convert -t pprof large.pb'
measure 'pp-report top large.pb'
measure 'pp-report tree large.pb'
measure 'pprof -symbolize=none -top large.pb'

input large.pb.gz 'the same, packed'
measure 'gzip -dc large.pb.gz'
measure 'pp-convert -t folded large.pb.gz'

input large.heap 'jemalloc, 60,000 stacks'
measure 'wc -l large.heap'
measure 'pp-convert -t folded large.heap'
measure 'jeprof --text /usr/bin/true large.heap'
input merge.pb.gz '100 profiles such as this one'
measure 'sh -c "cat hundred/*.pb.gz | gzip -dc"'
measure 'pp-merge -o merged.pb.gz hundred'
measure 'pprof -symbolize=none -proto -output merged.pb.gz hundred/*.pb.gz'

input merge.pb.gz '2,000 profiles, each a fifth of it'
measure 'pp-merge -o merged.pb.gz thousands'
measure 'pprof -symbolize=none -proto -output merged.pb.gz thousands/*.pb.gz'
rm -f out err times
