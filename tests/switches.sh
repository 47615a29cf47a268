#!/bin/sh
# switches.sh SOURCE_DIR BUILD_DIR - build pp with each of CMake's switches off, and run the tests that are
# left; then with all of them off, and check that it works, and reports what it cannot do.
set -eu
source=$1 build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "$*" >&2
    exit 1
}

# refuses STATUS WORDS ARGUMENT... - pp-convert must end so, and say that.
refuses() {
    want=$1 words=$2 status=0
    shift 2
    "$pp" "$@" > /dev/null 2> "$work/said" || status=$?
    [ "$status" = "$want" ] || fail "pp-convert $*: status $status, not $want"
    grep -q "$words" "$work/said" || fail "pp-convert $*: '$words' is not said: $(cat "$work/said")"
}

# without SWITCH - the tests of a build with one switch off. Those that need it are skipped, with the reason.
without() {
    folder=$build/$1
    cmake -S "$source" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release "-D$1=OFF" \
        > "$work/log" 2>&1 || { cat "$work/log"; fail "$1=OFF: it cannot be configured"; }
    ninja -C "$folder" > "$work/log" 2>&1 || { cat "$work/log"; fail "$1=OFF: it cannot be built"; }
    ! grep -q 'warning:' "$work/log" || { cat "$work/log"; fail "$1=OFF: it is built with warnings"; }
    ctest --test-dir "$folder" -j "$(nproc)" -R '^(unit|golden|fuzz)/|^command_line$' --no-tests=error \
        --output-on-failure > "$work/log" 2>&1 || { tail -n 60 "$work/log"; fail "$1=OFF: tests fail"; }
    echo "$1=OFF: $(grep 'tests passed' "$work/log"), $(grep -c '(Skipped)' "$work/log") skipped"
}

without PP_WITH_SYMBOLS
without PP_WITH_ZSTD
without PP_WITH_SQLITE

build=$build/none
pp=$build/pp-convert
cmake -S "$source" -B "$build" -G Ninja -DBUILD_TESTING=OFF -DPP_WITH_ZSTD=OFF -DPP_WITH_SQLITE=OFF \
    -DPP_WITH_SYMBOLS=OFF \
    > "$work/log" 2>&1 || { cat "$work/log"; fail 'it cannot be configured'; }
ninja -C "$build" pp-convert > "$work/log" 2>&1 || { cat "$work/log"; fail 'it cannot be built'; }
! grep -q 'warning:' "$work/log" || { cat "$work/log"; fail 'it is built with warnings'; }
[ ! -e "$build/tests" ] || fail 'there are tests'
! ldd "$pp" | grep -E 'libdw|libelf|liblzma|libzstd|libsqlite' || fail 'it is linked with what was left out'
! grep -E 'libdw|libelf|liblzma|libzstd|sqlite|iberty' "$build/pp.pc" || fail 'pp.pc names what was left out'

printf 'main;_ZN1a1bEv 40\nmain;b 2\n' > "$work/folded"
got=$("$pp" -q -t folded "$work/folded")
[ "$got" = "$(cat "$work/folded")" ] || fail "it reads and writes '$got'"
"$pp" -q -o "$work/x.pb.gz" "$work/folded"
got=$("$pp" -q -t folded "$work/x.pb.gz")
[ "$got" = "$(cat "$work/folded")" ] || fail "after pprof, it writes '$got'"

refuses 2 'built without libdw' --symbolize -t folded "$work/folded"
refuses 2 'built without libdw' --binary=/bin/sh -t folded "$work/folded"
refuses 0 'built without libdw' --demangle=full -t folded "$work/folded"
printf '\050\265\057\375\004\000\101\000\000\141\073\142\040\061\012\000' > "$work/zst"
refuses 1 'it is packed with zstd, and pp was built without zstd' -t folded "$work/zst"
printf 'SQLite format 3\000' > "$work/sqlite"
refuses 1 'it is a database of SQLite, and pp was built without sqlite' -t folded "$work/sqlite"
refuses 1 'pp was built without sqlite' -o "$work/x.sqlite" "$work/folded"
[ ! -e "$work/x.sqlite" ] || fail 'a database was made'
