#!/bin/sh
# perf_data.sh BIN_DIR SOURCE_DIR CC - records programs whose stacks are known, and reads the recordings: with
# frame pointers, copies of stacks, inlined calls, compression, and pipes. Skipped where there is no perf, or where it
# may not record.
set -eu
PATH=$(cd "$1" && pwd):$PATH
cc=$3
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

command -v perf > perf.path || { echo 'there is no perf: skipped'; exit 77; }
perf record -q -N -e cpu-clock:u -o try.data true > try.log 2>&1 || {
    echo "perf may not record here: skipped"
    head -3 try.log
    exit 77
}

cat > walk.c << 'END'
static volatile unsigned long sink;
__attribute__((noinline)) void spin(long n) { for (long i = 0; i < n * 1500000; i++) sink += (unsigned long)i; }
static inline __attribute__((always_inline)) void inlined(long n) { spin(n); sink++; }
__attribute__((noinline)) void left(long n) { inlined(n); sink++; }
__attribute__((noinline)) void right(long n) { spin(n); sink++; }
int main(void)
{
    for (int i = 0; i < 10; i++) {
        left(6);
        right(3);
    }
    return 0;
}
END
"$cc" -O0 -g -fno-omit-frame-pointer -o with-pointers walk.c
"$cc" -O2 -g -fomit-frame-pointer -fno-optimize-sibling-calls -o without-pointers walk.c

failed=0
fail() {
    echo "FAILED: $*"
    failed=1
}

# The shares of what main calls, as the source has them: two thirds of the time are left's.
check_shares() { # check_shares FILE WHAT
    awk -v what="$2" '
        { all += $NF }
        /main;left;(inlined;)?spin / { left += $NF }
        /main;right;spin / { right += $NF }
        END {
            if (all == 0 || left + right < 0.9 * all) {
                print what ": only " left + right " of " all " is in stacks that can be"; exit 1
            }
            if (left < 1.4 * right || left > 2.8 * right) {
                print what ": left has " left ", right " right ", which is not 2 to 1"; exit 1
            }
        }' "$1" || fail "$2"
}

record() { # record NAME PROGRAM OPTION...
    name=$1 program=$2
    shift 2
    perf record -q -N -e cpu-clock:u -F 2000 "$@" -o "$name.data" "./$program" > "$name.log" 2>&1 ||
        fail "perf record $*: $(head -1 "$name.log")"
    pp-convert -q -t folded "$name.data" > "$name.folded" || fail "$name: is not read"
    check_shares "$name.folded" "$name"
    pp-convert -q -j1 -t folded "$name.data" | cmp -s - "$name.folded" || fail "$name: -j1 gives another result"
    pp-convert -q -t folded < "$name.data" | cmp -s - "$name.folded" || fail "$name: a pipe gives another result"
}

record pointers with-pointers -g
record copies without-pointers --call-graph dwarf,2048
record packed with-pointers -g -z || true

# What is inlined is there, and goes where --no-inlines is asked for.
grep -q 'main;left;inlined;spin ' pointers.folded || fail 'the inlined call is missing'
grep -q 'main;left;inlined;spin ' copies.folded || fail 'the inlined call is missing in copies of stacks'
pp-convert -q --no-inlines -t folded pointers.data | grep -q 'main;left;spin ' || fail '--no-inlines leaves it'

# Names are looked up unasked, and not with --no-symbolize.
pp-convert -q --no-symbolize -t folded pointers.data | grep -q ';\[with-pointers\];\[with-pointers\]' ||
    fail '--no-symbolize gives names'

# perf record as a stream, and the same as perf script's text where perf has names.
perf record -q -N -e cpu-clock:u -F 2000 -g -o - ./with-pointers 2> pipe.log | pp-convert -q -t folded > pipe.folded ||
    fail 'a stream of perf record is not read'
check_shares pipe.folded pipe
if perf script --no-inline -i pointers.data > pointers.txt 2> script.log; then
    pp-convert -q -f perf-script -t folded pointers.txt | grep ';main;' | sort > by-perf
    pp-convert -q --no-inlines -t folded pointers.data | grep ';main;' | sort > by-pp
    cmp -s by-perf by-pp || { diff by-perf by-pp | head -5; fail 'it is not what perf script prints'; }
fi

# A picture of it.
pp-flamegraph -q pointers.data > pointers.svg && grep -q '>left' pointers.svg || fail 'no picture'
exit $failed
