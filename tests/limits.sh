#!/bin/bash
# limits.sh BIN_DIR - inputs that decompress to far more than their size. Each must fail soon, with a
# message that names the limit and its option, within the memory that the option allows.
. "${0%/*}/checks.sh"

ends() { # ends MESSAGE TOOL... - it fails with this message and no other, and leaves the old output
    local message=$1 got=0
    shift
    echo old > out
    "$@" -o out 2> err || got=$?
    if [ $got != 1 ] || [ "$(wc -l < err)" != 1 ] || ! grep -qF -- "$message" err ||
        [ "$(cat out)" != old ] || [ "$(ls out*)" != out ]; then
        echo "not true: '$*' ends with '$message'; status $got"
        cat err
        failed=1
    fi
}

# 10 GiB of zeros: a thousand times the same 10 MiB, packed.
repeat() { # repeat FILE TIMES
    for ((i = 0; i < $2; i++)); do cat "$1"; done
}
head -c 10M /dev/zero | gzip -9 > part
repeat part 1024 > zeros.gz
bombs=zeros.gz
if command -v zstd > /dev/null; then
    head -c 10M /dev/zero | zstd -q > part
    repeat part 1024 > zeros.zst
    bombs="zeros.gz zeros.zst"
fi
yes 'main;work 1' | head -c 12M | gzip > part
repeat part 1024 > lines.gz

for bomb in $bombs; do
    for format in folded perf-script pprof svg jemalloc gperftools; do
        ends '--max-size' pp-convert -f $format --max-size=64m $bomb
        ends '--max-memory is 128m' pp-convert -f $format --max-memory=128m $bomb
    done
done
ends '--max-size' pp-convert --max-size=100m lines.gz
ends '--max-size' pp-flamegraph --max-size=100m < lines.gz
ends '--max-memory is 64m' pp-merge --max-memory=64m -f pprof zeros.gz zeros.gz

# What is distinct in an input fills the memory, however it comes.
awk 'BEGIN { for (i = 0; i < 1000000; i++) print "main;f" i ";g" i " 1" }' > distinct.folded
ends '--max-memory is 32m' pp-convert --max-memory=32m distinct.folded
ends '--max-memory is 32m' pp-convert --max-memory=32m -j1 distinct.folded
# A name over which the demangler never ends, and one on each side of it.
hangs=_RNvC2aw8gdel_5_RINvC1a1fFGcccccZccc_RL_.RNvM
printf '%s 1\n' _ZN3fooC1Ev $hangs _ZN3bar3bazEi > names.folded
printf '%s 1\n' $hangs bar::baz foo::foo > want
pp-convert --demangle=simple names.folded > got 2> err
if ! cmp -s want got || [ "$(cat err)" != "pp-convert: '$hangs' cannot be demangled, and stays as it is" ]; then
    echo "not true: only the name that cannot be demangled stays"
    cat got err
    failed=1
fi
exit $failed
