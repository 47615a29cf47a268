#!/bin/sh
# static.sh BUILD_DIR SOURCE_DIR - try each tool of a static build in a folder with nothing else in it, as its
# root.
set -eu
build=$(cd "$1" && pwd) source=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/tmp"
for tool in "$build"/pp-*; do
    [ -f "$tool" ] && [ -x "$tool" ] || continue
    ! readelf --program-headers "$tool" | grep -q INTERP || { echo "$tool is not static" && exit 1; }
    strip -o "$work/bin/${tool##*/}" "$tool"
done
cp "$source/testdata/demo.perf.txt.gz" "$work/in.gz"
cp "$source/testdata/formats/xctrace/cycles.in" "$work/in.xml"
cp "$source/testdata/fuzz/elf/gcc5.in" "$work/server"
printf 'heap_v2/1\n  t*: 4: 4096 [0: 0]\n@ 0x400288 0x4002a8\n  t*: 4: 4096 [0: 0]\n\nMAPPED_LIBRARIES:\n%s\n' \
    '00400000-00410000 r-xp 00000000 00:00 0 /server' > "$work/heap"
chroot=$(PATH=$PATH:/usr/sbin command -v chroot)
inside() {
    env -i PATH=/bin "$chroot" "$work" "$@"
}
try() { # try WHAT_IS_PRINTED TOOL ARGUMENT...
    expected=$1
    shift
    inside "$@" > "$work/out" 2> "$work/err" || { echo "$*: status $?" && cat "$work/err" && exit 1; }
    grep -q -e "$expected" "$work/out" || { echo "$*: prints no '$expected'" && head -5 "$work/out" && exit 1; }
}
try '^pp-convert;.* [0-9]' /bin/pp-convert /in.gz
try ' ' /bin/pp-convert --from=xctrace /in.xml
try 'hidden' /bin/pp-symbolize --to=folded /heap
try '<svg' /bin/pp-flamegraph /in.gz
try 'flat' /bin/pp-report top /in.gz
try 'before' /bin/pp-diff /in.gz /in.gz
try 'perf-script' /bin/pp-info /in.gz
inside /bin/pp-merge -o /merged.pb.gz /in.gz /in.gz
try 'pprof' /bin/pp-info /merged.pb.gz
try 'flat' /bin/pp-tools run pprof -top /merged.pb.gz
ls -l "$work/bin" | awk 'NR > 1 { printf "%-14s %5.1f MB\n", $9, $5 / 1e6 }'
echo "static: each tool works in an empty root"
