#!/bin/bash
# pgo.sh BIN_DIR SOURCE_DIR - from a recording to a program that is faster because of it: llvm-profdata
# and clang accept the profile that pp writes, and the program then executes fewer instructions. Skipped (77)
# without clang, llvm-profdata, valgrind, or the permission to record with perf.
. "${0%/*}/checks.sh"

tool() { # tool NAME - it, or its version 14 as Debian calls it
    command -v "$1" || command -v "$1-14"
}

clang=$(tool clang++) && profdata=$(tool llvm-profdata) && command -v valgrind > /dev/null ||
    { echo 'no clang++, llvm-profdata or valgrind'; exit 77; }
cp "$source/tests/pgo/parcels.cc" .
both='-O2 -fdebug-info-for-profiling -funique-internal-linkage-names'
# shellcheck disable=SC2086 # several words
$clang $both -gline-tables-only -fno-omit-frame-pointer -o parcels parcels.cc &&
    $clang -O2 -o plain parcels.cc || { echo 'clang++ cannot build C++ here'; exit 77; }
perf record -q -e cpu-clock -F 4000 -g -o perf.data -- ./parcels 30000 > log 2>&1 &&
    perf script -i perf.data --show-mmap-events > perf.txt 2>> log ||
    { echo 'perf cannot record here'; cat log; exit 77; }
others='^(?!.*/parcels$)'

write() { # write FILE OPTION... - the profile of the program alone
    local out=$1
    shift
    pp-convert -q -t llvm-sample --blocklist="$others" -o "$out" "$@"
}

instructions() { # instructions PROGRAM - that it takes; valgrind 3.19 gives up on clang's DWARF 5
    strip "$1"
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "./$1" 500 2>&1 |
        sed -n 's/.*Collected : //p'
}

ok 'a recording becomes a profile' write code.prof perf.txt
ok '... that names functions as the linker does' grep -q '^_ZNK.*Letter5priceEj.*:[0-9]*:[0-9]*$' code.prof
ok '... tells the paths through a line apart' grep -q '^ *[0-9]*\.[0-9]*: ' code.prof
ok '... and says what an indirect call has called' \
    grep -q '5\.1: [0-9]* _ZNK.*Letter5priceEj[^ ]*:[0-9]* _ZNK' code.prof
ok 'llvm-profdata gives back the same bytes' \
    sh_ "$profdata merge --sample --text code.prof -o - | cmp - code.prof"
ok 'the number of threads changes nothing' sh_ "$(declare -f write); others='$others'
    write one.prof -j1 perf.txt && write four.prof -j4 perf.txt && cmp one.prof four.prof &&
    cmp one.prof code.prof"
write leaves.prof --no-calls perf.txt
ok 'a pprof of the recording gives the same' sh_ "$(declare -f write); others='$others'
    pp-convert -q -t pprof -o code.pb.gz perf.txt && write pprof.prof code.pb.gz && cmp pprof.prof code.prof"
ok '... and so does one that was written again' sh_ "$(declare -f write); others='$others'
    pp-convert -q -t pprof -o again.pb.gz code.pb.gz && write again.prof again.pb.gz && cmp again.prof code.prof"
ok '... and one for OpenTelemetry' sh_ "$(declare -f write); others='$others'
    pp-convert -q -t otlp -o code.otlp perf.txt && write otlp.prof code.otlp && cmp otlp.prof code.prof"
ok 'without calls only the leaves count' sh_ '! grep -q "^ *[0-9.]*: [0-9]* [^ ]" leaves.prof'
# shellcheck disable=SC2086 # several words
ok 'clang takes it without a warning' sh_ "$clang $both -fprofile-sample-use=code.prof \
    -Rpass='pgo-icall-prom' -o fast parcels.cc > said 2>&1 && ! grep -q warning: said"
ok '... and calls directly what is called most' grep -q 'romote indirect call to .*Letter5priceEj' said
plain=$(instructions plain) fast=$(instructions fast)
echo "instructions: $plain plain, $fast with the profile"
ok '... which saves one instruction in twenty at least' [ $((fast * 100)) -le $((plain * 95)) ]

# --- branch records --------------------------------------------------------

# The function price() of letters was entered once, by a branch from main, and executed to its last
# instruction, a return: all of its bytes count, and it was entered once.
at() { # at FUNCTION - where it begins and how large it is, in hexadecimal
    nm -S parcels | awk -v name="$1" '$4 ~ name { print $1, $2; exit }'
}
read -r begin size < <(at 'Letter5price')
read -r main _ < <(at '^main$')
last=$(objdump -d --no-show-raw-insn --start-address=0x"$begin" \
    --stop-address=$((0x$begin + 0x$size)) parcels | awk '$2 == "ret" || $2 == "retq" { at = $1 } END { print at }')
{
    echo "PERF_RECORD_MMAP2 7/7: [0x0(0x100000) @ 0 fe:00 1 1]: r-xp $PWD/parcels"
    echo " $begin  0x${last%:}/0x$main/P/-/-/0  0x$main/0x$begin/P/-/-/0"
} > branches.txt
ok 'branch records count what was executed' write branches.prof branches.txt
ok '... by bytes, and entries by jumps to the first address' \
    grep -qE "^_ZNK.*Letter5priceEj[^:]*:$((0x${last%:} + 1 - 0x$begin)):1\$" branches.prof
ok '... and llvm-profdata reads it' sh_ "$profdata merge --sample --text branches.prof -o - | cmp - branches.prof"

printf 'main;work 5\n' > names.folded
pp-convert -o names.pgo names.folded 2> said
ok 'what go build -pgo would refuse is warned of' grep -q 'in which line it starts' said
ok '... and what has start lines is not' sh_ "pp-convert --again -o lines.pgo perf.txt 2> said &&
    ! grep -q 'in which line it starts' said"
ok 'what has no lines is refused' sh_ '! pp-convert -q -t llvm-sample -o none.prof names.folded'
ok '... and no file is made' [ ! -e none.prof ]
ok '--no-calls is for this format only' sh_ 'pp-convert --no-calls -t folded names.folded; [ $? = 2 ]'
all_passed
