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
    by_address "$name"
}

# Where only names are wanted, the code of a function is one address, and lines are not read. With all addresses and
# lines, as pprof has them, the names are the same.
by_address() {
    pp-convert -q -t pprof "$1.data" | pp-convert -q -t folded > by-address
    pp-convert -q -t folded "$1.data" | cmp -s - by-address || fail "$1: by address, it has other names"
}

record pointers with-pointers -g
record copies without-pointers --call-graph dwarf,2048
record packed with-pointers -g -z || true

# What is inlined is there, and goes where --no-inlines is asked for.
grep -q 'main;left;inlined;spin ' pointers.folded || fail 'the inlined call is missing'
grep -q 'main;left;inlined;spin ' copies.folded || fail 'the inlined call is missing in copies of stacks'
pp-convert -q --no-inlines -t folded pointers.data | grep -q 'main;left;spin ' || fail '--no-inlines leaves it'

# Two threads, one with twice the work of the other: each under its own name.
cat > threads.c << 'END'
#define _GNU_SOURCE
#include <pthread.h>
static void *work(void *n)
{
    volatile unsigned long sink = 0;
    for (long i = 0; i < (long)n * 60000000; i++)
        sink += (unsigned long)i;
    return NULL;
}
int main(void)
{
    pthread_t once, twice;
    pthread_create(&once, NULL, work, (void *)1);
    pthread_setname_np(once, "once");
    pthread_create(&twice, NULL, work, (void *)2);
    pthread_setname_np(twice, "twice");
    pthread_join(once, NULL);
    pthread_join(twice, NULL);
    return 0;
}
END
"$cc" -O0 -g -fno-omit-frame-pointer -pthread -o threads threads.c
perf record -q -N -e cpu-clock:u -F 2000 -g -o threads.data ./threads > threads.log 2>&1 || fail 'perf record of threads'
pp-convert -q -t folded threads.data | awk '
    /^once;.*work / { once += $NF }
    /^twice;.*work / { twice += $NF }
    { all += $NF }
    END { exit !(once + twice > 0.8 * all && twice > 1.4 * once && twice < 2.8 * once) }' ||
    fail 'threads: their names or shares are wrong'
tids=$(pp-convert -q --tid -t folded threads.data | grep -c '^once-[0-9]*/[0-9]*;.*work ')
[ "$tids" -ge 1 ] || fail '--tid does not show threads'

# The text that -t perf-script writes is read as the same, with the times that perf prints.
pp-convert -q --times --no-inlines -t perf-script pointers.data > written.txt
pp-convert -q --no-inlines -t folded pointers.data | sort > direct
pp-convert -q -f perf-script -t folded written.txt | sort | cmp -s - direct || fail '-t perf-script is read as another profile'
perf script --ns -F time -i pointers.data 2> script.log | tr -d ' :' | sort > times-of-perf
awk '/^[^[:space:]]/ { sub(":", "", $3); print $3 }' written.txt | sort | cmp -s - times-of-perf ||
    fail '-t perf-script has other times than perf script'

# A range of time: what is before and after it adds up to all.
total() { awk '{ sum += $NF } END { printf "%d", sum }'; }
all=$(pp-convert -q -t folded pointers.data | total)
before=$(pp-convert -q --time=:10ms -t folded pointers.data | total)
after=$(pp-convert -q --time=10ms: -t folded pointers.data | total)
[ "$before" -gt 0 ] && [ "$after" -gt 0 ] && [ $((before + after)) = "$all" ] ||
    fail "--time: $before before and $after after are not $all"

# Time off the CPU, where the tracepoint may be used: a program that sleeps 20 ms.
cat > nap.c << 'END'
#include <unistd.h>
__attribute__((noinline)) void nap(void) { usleep(20000); }
int main(void) { nap(); return 0; }
END
"$cc" -O0 -g -fno-omit-frame-pointer -o nap nap.c
if perf record -q -N -e sched:sched_switch --switch-events -g -o nap.data ./nap > nap.log 2>&1; then
    pp-convert -q --off-cpu -t folded nap.data | awk '/;main;/ { off += $NF } END { exit !(off >= 20e6 && off < 2e9) }' ||
        fail '--off-cpu does not show 20 ms of sleep'
else
    echo "time off the CPU was not tried: $(grep -m 1 . nap.log || true)"
fi

# The whole machine, with the kernel and many processes; and the same spread over a file for each of perf's threads.
if perf record -q -a -e cpu-clock -F 1000 -g -o machine.data -- sh -c 'for i in 1 2 3 4 5 6 7 8 9; do ls / | sort; done' > machine.log 2>&1; then
    by_address machine
    if perf record -q -a --threads -e cpu-clock -F 1000 -g -o spread.data -- sleep 0.2 > spread.log 2>&1; then
        perf script --no-inline -F comm,tid,time,period,event -i spread.data 2> script.log | wc -l > samples-of-perf
        pp-convert -q -t folded --event-filter=cpu-clock -i samples spread.data | awk '{ n += $NF } END { print n + 0 }' | cmp -s - samples-of-perf ||
            fail 'what perf record --threads writes has another number of samples'
        by_address spread
    fi
else
    echo "the whole machine was not recorded: $(grep -m 1 . machine.log || true)"
fi

# What woke a thread is shown with the time that it was away, and changes no time.
if perf record -q -a -e sched:sched_switch,sched:sched_waking -g -o wakers.data -- sh -c './nap; ./nap' > wakers.log 2>&1; then
    away=$(pp-convert -q --off-cpu -t folded wakers.data | total)
    pp-convert -q --off-cpu=wakeup -t folded wakers.data > wakers.folded
    [ "$(total < wakers.folded)" = "$away" ] || fail "--off-cpu=wakeup: $(total < wakers.folded) is not $away"
    grep -q '^nap;.*main;.*;--;' wakers.folded || fail '--off-cpu=wakeup does not show what woke a thread that slept'
else
    echo "what wakes threads was not tried: $(grep -m 1 . wakers.log || true)"
fi

# The code that the kernel maps into every process has unwind rules and names, though it is in no file.
cat > clock.c << 'END'
#include <time.h>
__attribute__((noinline)) long ticks(int n)
{
    struct timespec t;
    long sum = 0;
    for (int i = 0; i < n; i++) {
        clock_gettime(CLOCK_MONOTONIC, &t);
        sum += t.tv_nsec;
    }
    return sum;
}
int main(void) { return ticks(8000000) == 1; }
END
"$cc" -O1 -g -o clock clock.c
perf record -q -N -e cpu-clock:u -F 999 --call-graph dwarf,4096 --buildid-mmap -o clock.data ./clock > clock.log 2>&1 || fail 'perf record of a clock'
pp-convert -q --no-symbolize -t folded clock.data | awk '
    /\[vdso\] / { in_it += $NF } /\[clock\].*\[vdso\] / { called += $NF } { all += $NF }
    END { exit !(called == in_it) }' || fail 'stacks in [vdso] do not reach the program'
if pp-convert -q --no-symbolize -t folded clock.data | grep -q '\[vdso\] '; then
    pp-convert -q -t folded clock.data | grep -q 'ticks;.*clock_gettime;.*vdso[a-z_]*clock_gettime' || fail '[vdso] has no names'
fi

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

# Merged, it has names as well.
pp-merge -q -t folded pointers.data pointers.data > merged.folded
check_shares merged.folded merged

# A picture of it.
pp-flamegraph -q pointers.data > pointers.svg && grep -q '>left' pointers.svg || fail 'no picture'
exit $failed
