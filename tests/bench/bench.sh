#!/bin/bash
# bench.sh BIN_DIR WORK_DIR [PAGE] - times whole processes on large made-up inputs, and says how much
# memory they take: pp, and the others of its kind that are found on PATH. Prints tables; in PAGE, which
# is docs/performance.md, they take the place of what follows its line "<!-- measured -->", and the
# plots those of performance.svg and comparing.svg beside it. Nothing fails here: it is for reading.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "$1" && pwd)
page=${3:+$(realpath "$3")}
export PATH=$bin:$PATH LC_ALL=C generate=$bin/tests/generate generate_viewers=$bin/tests/generate_viewers
mkdir -p "$2"
cd "$2"
# shellcheck source-path=SCRIPTDIR source=inputs.sh
. "$here/inputs.sh"
# shellcheck source-path=SCRIPTDIR source=measure.sh
. "$here/measure.sh"

# --- on what ---------------------------------------------------------------

# version NAME COMMAND - a line about a tool that is there.
version() {
    if command -v "${2%% *}" > /dev/null; then
        echo "- $1: $(eval "$2" 2>&1 | head -n 1)"
    fi
}

machine() {
    echo "- $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), $(nproc) processors," \
        "$(awk '/MemTotal/ { printf "%d GB", $2 / 1e6 }' /proc/meminfo)," \
        "$(. /etc/os-release && echo "$PRETTY_NAME"), $(date +%Y-%m-%d)," \
        "load $(cut -d' ' -f1-3 /proc/loadavg) at the beginning"
    version pp 'pp-convert --version'
    version pprof "dpkg-query -W -f '\${Version}\\n' golang-github-google-pprof-dev"
    version jeprof 'jeprof --version'
    version addr2line 'addr2line --version'
    version llvm-addr2line 'llvm-addr2line-14 --version | grep -i version'
    version gzip 'gzip --version'
}

# --- what is measured ------------------------------------------------------

perf_script() {
    table 'perf script to folded: 200 MB, 230,000 samples of 13,600 stacks'
    row 'pp-convert -j 1 shallow.perf'
    row 'pp-convert shallow.perf'
    row 'inferno-collapse-perf -n 1 shallow.perf'
    row 'inferno-collapse-perf shallow.perf'
    row 'stackcollapse-perf.pl shallow.perf'
    row 'wc -l shallow.perf'
    end_table
    table 'perf script to folded: 200 MB, 69,000 samples of 15,000 deep stacks'
    row 'pp-convert -j 1 few.perf'
    row 'pp-convert few.perf'
    row 'inferno-collapse-perf -n 1 few.perf'
    row 'inferno-collapse-perf few.perf'
    row 'stackcollapse-perf.pl few.perf'
    row 'wc -l few.perf'
    end_table
    table 'The same in gzip'
    row 'pp-convert few.perf.gz'
    row 'gzip -dc few.perf.gz'
    end_table
    table 'perf script to folded: 380 MB, 150,000 stacks, every line at an address of its own'
    row 'pp-convert -j 1 many.perf'
    row 'pp-convert many.perf'
    row 'inferno-collapse-perf -n 1 many.perf'
    row 'inferno-collapse-perf many.perf'
    end_table
}

folded() {
    table 'Folded to SVG: 130 MB, 150,000 stacks'
    row 'pp-flamegraph -j 1 before.folded'
    row 'pp-flamegraph before.folded'
    row 'inferno-flamegraph before.folded'
    row 'flamegraph.pl before.folded'
    end_table
    table 'The same, not sorted'
    row 'pp-flamegraph -j 1 unsorted.folded'
    row 'pp-flamegraph unsorted.folded'
    row 'inferno-flamegraph unsorted.folded'
    end_table
    table 'What differs between two of these'
    row 'pp-diff -j 1 -t folded before.folded after.folded'
    row 'pp-diff -t folded before.folded after.folded'
    row 'inferno-diff-folded before.folded after.folded'
    row 'difffolded.pl before.folded after.folded'
    end_table
    table 'Ten runs of 130 MB compared, five a side; and read'
    row 'pp-diff -q -t csv --before run.1 run.2 run.3 run.4 run.5 --after run.6 run.7 run.8 run.9 run.10'
    row 'pp-info -q run.1 run.2 run.3 run.4 run.5 run.6 run.7 run.8 run.9 run.10'
    end_table
}

pprof_files() {
    table "pprof: $(($(wc -c < large.pb) / 1000000)) MB, 500,000 samples"
    row 'pp-convert -t folded large.pb'
    row 'pprof -symbolize=none -traces large.pb'
    end_table
    table 'The functions with most time in it'
    row 'pp-report top large.pb'
    row 'pprof -symbolize=none -top large.pb'
    end_table
    table 'pprof to pprof, both in gzip'
    row 'pp-convert -o copy.pb.gz large.pb.gz'
    row 'bash -c "gzip -dc large.pb.gz | gzip"'
    end_table
    table "Adding up 2,000 pprofs of $(($(wc -c < runs/0.pb.gz) / 1000)) kB"
    row 'pp-merge -o merged.pb.gz runs'
    row 'bash -c "pprof -symbolize=none -proto -output merged.pb.gz runs/*.pb.gz"'
    end_table
}

heaps() {
    table 'Heap dump of jemalloc to folded: 23 MB, 100,000 stacks, without symbols'
    row 'pp-convert large.heap'
    row 'jeprof --collapsed /usr/bin/true large.heap'
    end_table
    table 'Recording of heaptrack to folded, the peak: 4 million events, 20,000 stacks'
    row 'pp-convert -i peak_space large.heaptrack'
    row 'heaptrack_print -p 0 -a 0 -T 0 -l 0 --flamegraph-cost-type peak -F folded.out large.heaptrack'
    end_table
}

# What valgrind's tools write, beside what reads it there; for JSON, the least that a viewer has to do.
valgrind_files() {
    mb() { echo $(($(wc -c < "$1") / 1000000)); }
    table "Profile of callgrind: $(mb large.callgrind) MB, 60,000 functions"
    row 'pp-report top large.callgrind'
    row 'pp-info large.callgrind'
    row 'callgrind_annotate large.callgrind'
    end_table
    table "Snapshots of massif: $(mb large.massif) MB"
    row 'pp-report top large.massif'
    row 'ms_print large.massif'
    end_table
    table "Profile of DHAT to folded: $(mb large.dhat) MB"
    row 'pp-convert -j 1 large.dhat'
    row "node -e 'JSON.parse(require(\"fs\").readFileSync(process.argv[1]))' large.dhat"
    end_table
}

# The C library's debug information, of libc6-dbg.
symbols() {
    local libc debug
    libc=$(realpath "$(ldd "$bin/pp-convert" | awk '$1 == "libc.so.6" { print $3 }')")
    debug=/usr/lib/debug/.build-id/$(readelf -n "$libc" |
        sed -n 's,.*Build ID: \(..\)\(.*\),\1/\2.debug,p')
    command -v pp-symbolize > /dev/null && [ -e "$debug" ] || return 0
    make_input addresses make_addresses "$libc" 10000
    awk -v m="$libc" '{ print m "+0x" $1, 1 }' addresses > addresses.folded
    table "Functions, lines and inlined calls of $(wc -l < addresses) addresses in the C library"
    row 'pp-symbolize addresses.folded'
    row "bash -c \"addr2line -ifaCe $debug < addresses\""
    row "bash -c \"llvm-addr2line-14 -ifaCe $debug < addresses\""
    end_table
    make_input libc.heap make_dump "$libc" 100000
    table 'Heap dump of jemalloc to folded: 34 MB, 100,000 stacks of 2,000 addresses, with symbols'
    row 'pp-convert --symbolize libc.heap'
    row 'jeprof --collapsed /usr/bin/true libc.heap'
    end_table
}

# Recordings made here, of the whole machine while it is at work, where perf may record; and the debug
# information of a program in C++.
recordings() {
    command -v perf > /dev/null || return 0
    make_input system.data make_recording -a -g -F 20000
    make_input dwarf.data make_recording -a --call-graph dwarf -F 1000
    [ -s system.data ] && [ -s dwarf.data ] || return 0
    local script='perf script --no-inline --max-stack 2000 -i'
    table "perf record -a -g to folded, with names: $(($(stat -c %s system.data) / 1000000)) MB"
    row 'pp-convert system.data'
    row "bash -c \"$script system.data 2> /dev/null | pp-convert -q\""
    row 'perf report --no-inline --stdio -i system.data'
    end_table
    table 'The same without names'
    row 'pp-convert --no-symbolize system.data'
    row 'bash -c "cat system.data | wc"'
    end_table
    table "perf record --call-graph dwarf to folded: $(($(stat -c %s dwarf.data) / 1000000)) MB"
    row 'pp-convert dwarf.data'
    row 'pp-convert --no-symbolize dwarf.data'
    row "bash -c \"$script dwarf.data 2> /dev/null | pp-convert -q\""
    end_table
}

debug_information() {
    command -v pp-symbolize > /dev/null && command -v g++ > /dev/null || return 0
    make_input templates make_program 45 2
    make_input templates.addresses make_addresses templates 5000
    awk -v m="$PWD/templates" '{ print m "+0x" $1, 1 }' templates.addresses > templates.folded
    table "The same of $(wc -l < templates.addresses) addresses in a program in C++ with 15 MB of DWARF"
    row 'pp-symbolize templates.folded'
    row 'bash -c "addr2line -ifaCe templates < templates.addresses"'
    row 'bash -c "llvm-addr2line-14 -ifaCe templates < templates.addresses"'
    end_table
}

start_up() {
    table 'Starting 100 times'
    row 'bash -c "for i in {1..100}; do pp-convert --version; done"'
    row 'bash -c "for i in {1..100}; do pp-convert -f folded /dev/null; done"'
    row 'bash -c "for i in {1..100}; do inferno-collapse-perf --help; done"'
    row 'bash -c "for i in {1..100}; do wc --version; done"'
    end_table
}

# Ten times the input should take ten times as long.
growth() {
    local mb before=
    printf '\n### Growth: perf script to folded, 15,000 stacks\n\n'
    echo '| input MB | processor s | times the one before | memory MB |'
    echo '|--:|--:|--:|--:|'
    rm -f points
    for mb in 20 200 2000; do
        "$generate" perf $mb 15000 > growing.perf
        rm -f figures
        for _ in 1 2 3 4 5; do run_once 'pp-convert -j 1 growing.perf'; done
        median 2 figures | awk -v mb=$mb -v before="$before" -v memory="$(median 3 figures)" '
            { printf "| %d | %.3f | %s | %d |\n", mb, $1, before ? sprintf("%.1f", $1 / before) : "", memory / 1024 }'
        before=$(median 2 figures)
        echo "$mb $before" >> points
    done
    rm -f growing.perf
    awk -f "$here/plot.awk" points > growth.svg
}

# Beside pp the least that a viewer in JavaScript has to do.
viewers() {
    local what
    local parse="node -e 'JSON.parse(require(\"fs\").readFileSync(process.argv[1]))'"
    for what in 'speedscope.json speedscope, 59 MB, 360,000 samples' \
        'cpuprofile a CPU profile of V8, 61 MB, a million samples' \
        'trace.json a trace of Chrome, 50 MB, 450,000 events' \
        'firefox.json Firefox, 42 MB, 1.5 million samples'; do
        table "Files of viewers: ${what#* }"
        row "pp-convert -j 1 viewers.${what%% *}"
        row "pp-convert -j 1 -t firefox viewers.${what%% *}"
        row "pp-convert -j 1 -t speedscope viewers.${what%% *}"
        row "$parse viewers.${what%% *}"
        end_table
    done
}

# $PP_BENCH_PARTS chooses from these.
parts='perf_script folded pprof_files heaps valgrind_files viewers recordings symbols debug_information start_up growth'

measure_all() {
    machine
    for part in ${PP_BENCH_PARTS:-$parts}; do
        $part
    done
    printf '\n![Processor time against size, both in logarithms](performance.svg)\n'
}

measure_all | tee tables.md
if [ -n "$page" ]; then
    sed '/^<!-- measured -->$/q' "$page" > page.md
    printf '\n' | cat page.md - tables.md > "$page"
    cp growth.svg "${page%.md}.svg"
    # How often a change is found: the rows of the test that simulates it.
    sed -n 's/.*{0\.[0-9]*, "\(.*\)"},/\1/p' "$here/../unit/model/power.c" |
        awk -f "$here/power.awk" > "$(dirname "$page")/comparing.svg"
fi
