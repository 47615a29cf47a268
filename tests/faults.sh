#!/bin/bash
# faults.sh BIN_DIR SOURCE_DIR LIBRARY [nomalloc] - each tool with a fault at each of its calls, of
# malloc, read, write and others, in turn. faults/faults.c says what must be true then.
set -eu
bin=$1 data=$2/testdata/formats library=$3 kind=${4:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/in" "$work/out"
cd "$work/in"
export LC_ALL=C PP_FAULT_LOG=$work/log
export ASAN_OPTIONS=verify_asan_link_order=0 TSAN_OPTIONS=die_after_fork=0
failed=0

try() { # try IN OUT "FAULT..." TOOL... - all of these faults, in a tool that reads IN and writes OUT
    local in=$1 out=$2 faults=$3 fault
    shift 3
    for fault in $faults; do
        [ "$kind" != nomalloc ] || [ "${fault%%-*}" != malloc ] || continue
        echo old > "$work/out/$out"
        PP_FAULT=$fault PP_FAULT_OUT=$work/out/$out PP_FAULT_IN=$work/in/$in LD_PRELOAD=$library \
            "$bin/$1" "${@:2}" -q -o "$work/out/$out" > "$work/messages" 2>&1 || {
            echo "not true: $*: $fault"
            cat "$work/messages"
            failed=1
        }
        rm -f "$work"/out/*
    done
}

ok() {
    "$@" || { echo "not true: $*"; cat "$work/messages"; failed=1; }
}

printf 'main;a 1\nmain;b 2\n' > a.folded
printf 'main;b 3\nmain;c 4\n' > b.folded
gzip -kn a.folded
awk 'BEGIN { for (i = 0; i < 180000; i++) print "main;a function whose name is long", i % 7 }' > large.folded
cp "$data/svg/inferno.in" a.svg
cp "$data/pprof/everything.in" a.pb.gz
cp "$data/perf-script/two-events.in" a.perf
cp "$data/jemalloc/threads.in" a.heap
mkdir runs
cp a.folded b.folded runs
printf '# rules\nhide ^std::\nrewrite s/a+/b/\n' > rules

memory='malloc malloc-ever-after'
writing='write-eio write-enospc write-eintr write-short write-sigterm write-sigint
    close-eio rename-eio rename-sigterm'
opening='open-emfile open-sigterm'
reading='read-eio read-eintr read-short read-grow read-shrink'

convert='pp-convert -j1'
try a.folded out.folded "$memory $opening exec-memory" $convert a.folded --rules=rules --focus='a|b'
ok grep -q ' [1-9].* calls' "$work/messages" # the last of them: it does compile to machine code
try a.folded out.folded exec-memory $convert a.folded --no-jit --focus='a|b'
ok grep -q ' 0 calls' "$work/messages"
try a.folded out.folded "$writing $reading" $convert a.folded
try large.folded out.folded 'read-eio read-grow read-shrink' pp-convert -j2 large.folded
try a.folded.gz out.folded "$memory $reading" $convert a.folded.gz
if zstd -q a.folded 2> /dev/null; then
    try a.folded.zst out.folded "$memory $reading" $convert a.folded.zst
fi
try a.pb.gz out.pb.gz "$memory $writing $opening $reading" $convert a.pb.gz
try a.svg out.text "$memory" $convert -t text a.svg
try a.perf out.folded "$memory" $convert a.perf
try a.heap out.pb "$memory" $convert a.heap
try a.folded out.svg "$memory $writing" pp-flamegraph -j1 a.folded
try a.folded out.html "$memory" pp-flamegraph -j1 --to=html a.folded
try a.folded out.txt "$memory" pp-flamegraph -j1 --to=term a.folded
try a.folded out.txt "$memory $writing $opening" pp-diff -j1 a.folded b.folded
try a.folded out.svg "$memory" pp-diff -j1 -t svg a.folded b.folded
try a.folded out.pb.gz "$memory $writing $opening" pp-merge --strict -j2 a.folded b.folded
try a.folded out.pb.gz "$memory" pp-merge runs
try a.folded out.txt "$memory $writing" pp-info -j1 a.folded
for report in top tree traces tags raw graph; do
    try a.pb.gz out.txt "$memory" pp-report $report -j1 a.pb.gz
done
exit $failed
