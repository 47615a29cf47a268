#!/bin/bash
# comparing.sh BIN_DIR SOURCE_DIR - pp-diff on several runs of each side: what its conditions say, and when they
# cannot be answered. The runs are made by hand: parse takes 20 % more in AFTER than in BEFORE and
# SAME, and each run differs by a few samples, so that the answers can be seen without a computer.
set -eu
bin=$(cd "$1" && pwd) source=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0

# run NAME PARSE WRITE READ
run() { printf 'main;parse %d\nmain;write %d\nmain;read %d\n' "$2" "$3" "$4" > "$1"; }
run b1 1000 3000 2000; run b2 1010 2990 2004; run b3  995 3007 1995; run b4 1003 2996 2010; run b5  992 3004 1991
run s1 1004 2992 2003; run s2  996 3008 1994; run s3 1009 2998 2008; run s4  994 3001 1990; run s5  998 2999 2006
run a1 1202 3001 1999; run a2 1193 2991 2006; run a3 1208 3005 1993; run a4 1195 2997 2009; run a5 1201 3003 1992

# expect STATUS TEXT ARGUMENT... - what pp-diff does with them: its exit status, and on standard error
# TEXT, or nothing if that is empty
expect() {
    local status=0 wanted=$1 text=$2
    shift 2
    "$bin/pp-diff" -o table "$@" 2> err || status=$?
    if [ "$status" != "$wanted" ] || { [ "$text" ] && ! grep -qF -- "$text" err; } ||
        { [ -z "$text" ] && [ -s err ]; }; then
        echo "comparing.sh: pp-diff $*: status $status, not $wanted, or without '$text':" >&2
        cat err >&2
        failed=1
    fi
}
slower=(--before b1 b2 b3 b4 b5 --after a1 a2 a3 a4 a5)
same=(--before b1 b2 b3 b4 b5 --after s1 s2 s3 s4 s5)

# Of 5 and 5 runs there are 252 ways of sharing them out, and the real one and its mirror differ most.
expect 3 "'different' holds: the shares of functions differ, p 0.0079" --fail-if different "${slower[@]}"
expect 3 'p 0.0079' --fail-if 'different, p < 1%' "${slower[@]}"
expect 0 '' --fail-if different "${same[@]}"
expect 1 'of 5 and 5 runs p is never below 0.0079' --fail-if 'different, p < 0.5%' "${slower[@]}"
expect 1 'of 3 and 3 runs p is never below 0.1000' --fail-if different \
    --before b1 b2 b3 --after a1 a2 a3
expect 3 "'any > 10%' holds: parse +20.0%" --fail-if 'any > 10%' "${slower[@]}"
expect 3 'parse +20.0%' --fail-if 'any self > 19%, p < 0.1%' "${slower[@]}"
expect 3 'holds: parse +20.0%, main +3.3%' --fail-if 'any > 1%' "${slower[@]}"
expect 0 '' --fail-if 'any > 25%' "${slower[@]}"
expect 0 '' --fail-if 'any > 0' "${same[@]}"
expect 3 "5000 before, 5999 after, +20.0%" --fail-if 'total(parse) > 5%, p < 1%' "${slower[@]}"
expect 0 '' --fail-if 'total(read) > 0.00001%, p < 1%' --fail-if 'self(write) > -50%, q < 50%' "${same[@]}"
expect 3 "'samples:total(parse) > 5%' holds" --fail-if 'samples:total(parse) > 5%' "${slower[@]}"
expect 1 "BEFORE has no column 'bytes'" --fail-if 'bytes:total > 5%' "${slower[@]}"
expect 3 'p 0.0079' -t folded --fail-if different "${slower[@]}"
expect 3 'p 0.0079' -t folded --normalize --fail-if different "${slower[@]}"
# What is scaled is off by the factor, its variance by the square. Half of 200 samples have a variance of
# 200 / 4, times 10^2 that is 5000; 1200 of 2000, of AFTER, have 2000 * 0.6 * 0.4.
printf 'f 100\ng 100\n' > little
printf 'f 1200\ng 800\n' > much
"$bin/pp-diff" --normalize -t csv little much | grep -q '^"f",1000,1200,200,20,74.0270221,' ||
    { echo 'comparing.sh: the error of what --normalize scales is not sqrt(5000 + 480)' >&2; failed=1; }
# p-values by permutation: 2 of 252 ways are as far apart. From 9 runs a side on, ways are drawn, the same on any
# number of threads.
"$bin/pp-diff" --exact -t csv "${slower[@]}" | grep -q '^"parse",.*,0.00793650794,0.00793650794$' ||
    { echo 'comparing.sh: the exact p of parse is not 2 / 252' >&2; failed=1; }
nine=(--before b1 b2 b3 b4 b5 s1 s2 s3 s4 --after a1 a2 a3 a4 a5 b1 b2 b3 b4)
"$bin/pp-diff" --exact -t json -j 1 "${nine[@]}" > one.json
"$bin/pp-diff" --exact -t json -j 4 "${nine[@]}" > four.json
grep -q '"exact_p":0.0[0-9]*}' one.json && cmp one.json four.json >&2 || failed=1
expect 2 '--exact is for --to=csv and json' --exact "${slower[@]}"
# A run without what is compared says so.
printf 'p 1/1 1.0: 5 cycles:\n\t10 f (x)\n\np 1/1 2.0: 7 instructions:\n\t10 f (x)\n\n' > two.perf
head -n 3 two.perf > one.perf
expect 3 "run 2 of BEFORE has no 'instructions'" --fail-if 'instructions:total > 5%' \
    --before two.perf one.perf --after two.perf two.perf
expect 0 "any[tid=9] > 1%' matches nothing" --fail-if 'any[tid=9] > 1%' one.perf two.perf
expect 1 'matches nothing' --strict --fail-if 'any[tid=9] > 1%' one.perf two.perf
expect 1 'matches nothing' --strict --fail-if 'total(no_such) > 1%' one.perf two.perf
# Sums of several files are compared as if there were as many on either side: 5 of one are 10 of two.
printf 'main;f 5\n' > once
for to in table svg html; do
    expect 0 '' -t $to --fail-if 'total > 1%' --fail-if 'total < -1%' --before once --after once once
done
expect 0 '' -t pprof --fail-if 'total > 1%' --before once once once --after once
expect 0 '' --fail-if 'any > 1%' --before once once once --after once
[ "$("$bin/pp-diff" -t folded --before once --after once once)" = 'main;f 10 10' ] || failed=1
"$bin/pp-diff" -t json --before once --after once once once | grep -q '"error":7.74596669,' ||
    { echo 'comparing.sh: the error of 5 * 3 and 15 is not sqrt(45 + 15)' >&2; failed=1; }
# What exceeds 64 bits is rounded, and not cut off; shares of less than nothing have no meaning.
printf 'main;f 9000000000000000000\n' > most
printf 'main;f -9000000000000000000\n' > least
"$bin/pp-diff" most least | grep -q 'change -1.8e+19 -200.0%' || failed=1
expect 0 'one of the totals is below 0' --normalize once least
# One run a side: sampling says what chance makes, where it is known.
expect 3 'the shares of functions differ, p' --fail-if different b1 a1
expect 0 '' --fail-if different --fail-if 'any > 0' b1 s1
expect 1 'cannot be answered: how the profiles were sampled is not known' --raw-counts \
    --fail-if different b1 a1
expect 1 'cannot be answered' --raw-counts --fail-if 'total > 0, p < 1%' b1 a1
expect 1 'cannot be answered' --raw-counts --fail-if 'any > 0' b1 a1

# Amounts per request: AFTER handled twice as many, and each takes as long but for parse, which takes 20 % more.
printf 'main;handle;parse 1000\nmain;handle;write 3000\nmain;idle 500\n' > p1
printf 'main;handle;parse 2400\nmain;handle;write 6000\nmain;idle 500\n' > p2

expect 3 '1000 before, 500 after, -50.0%' --per '^write$' --fail-if 'self(idle) < -40%' p1 p2
expect 3 '2000 before, 2400 after, +20.0%' --per '^write$' --fail-if 'self(parse) > 15%, p < 0.1%' p1 p2
expect 0 '' --per '^write$' --fail-if 'self(write) > 0' --fail-if 'self(write) < 0' p1 p2
expect 1 'there is nothing in BEFORE to divide by' --per nothing p1 p2
expect 1 'there is nothing in BEFORE to divide by' --per '[request]' p1 p2
expect 2 'exclude each other' --per x --normalize p1 p2
expect 2 'the label has no name' --per '[]' p1 p2
expect 2 '--per is not for' --per x -t pprof p1 p2

# perf_of NAME COMM FUNCTION SAMPLES TID... - as perf script prints it, each sample of the next thread in turn
perf_of() {
    local comm=$1 function=$2 samples=$3 i
    shift 3
    for ((i = 0; i < samples; i++)); do
        printf '%s 7/%s %d.0: 1 cycles:\n\t10 %s (x)\n\t20 main (x)\n\n' "$comm" "${@:i % $# + 1:1}" "$i" "$function"
    done
}
{ perf_of web parse 100 1 2; perf_of web write 400 1 2; perf_of log parse 300 9; } > l1
{ perf_of web parse 200 1 2 3 4; perf_of web write 800 1 2 3 4; perf_of log parse 300 9; } > l2
# web has twice the threads and twice the samples; log has as many as before.
expect 3 'holds: 100 before, 200 after, +100.0%' --fail-if 'total(parse)[comm=web] > 50%' l1 l2
expect 0 '' --fail-if 'total(parse)[comm=log] > 0' --fail-if 'any[comm=log] > 0' --fail-if 'different[comm=web]' l1 l2
expect 3 'holds: write +100.0%, parse +100.0%, main +100.0%' --fail-if 'any[comm=web] > 10%' l1 l2
expect 3 'cycles:total[tid=9] < 1' --fail-if 'cycles:total[tid=9] < 1' l1 l2
# Three threads before and five after: 500 samples of web come to 833, which 1000 exceed by 20 %.
expect 3 '833.33 before, 1000 after, +20.0%' --per '[tid]' --fail-if 'total[comm=web] > 15%' l1 l2
# As a share of everything: 800 samples before, 1300 after.
expect 3 '487.50 before, 300 after, -38.5%' --normalize --fail-if 'total[comm=log] < -30%' l1 l2

# Baselines: five runs are kept, and one new run is compared with them.
"$bin/pp-diff" --save-baseline kept b1 b2 b3 2> err && "$bin/pp-diff" --save-baseline kept b4 b5 2>> err
printf 'pp-diff: kept: holds 3 runs now\npp-diff: kept: holds 5 runs now\n' | diff -u - err >&2 || failed=1
expect 3 'holds: 1000 before, 1202 after, +20.2%' --fail-if 'total(parse) > 5%, p < 1%' --baseline kept a1
expect 3 "'any > 10%' holds: parse +20.2%" --fail-if 'any > 10%' --baseline kept a1
expect 3 'holds: 5999.40 before, 6202 after, +3.4%' --fail-if 'total > 3%' --baseline kept a1
expect 0 '' --fail-if 'any > 0' --fail-if 'total(parse) > 2%' --fail-if 'self(parse) < -2%' --baseline kept s1
expect 1 'several functions match' --fail-if 'self(parse|write) > 2%' --baseline kept s1
expect 1 'cannot be answered: there are too few runs' --fail-if different --baseline kept s1
expect 1 'no-such-file' --fail-if 'any > 0' --baseline no-such-file s1
expect 1 'is no baseline' --baseline b1 s1
expect 2 'compared with one file' --baseline kept s1 s2
expect 2 'has no other columns, and no labels' --fail-if 'total[comm=x] > 5%' --baseline kept s1
expect 2 'is for --to=table' -t svg --baseline kept s1
expect 2 '--save-baseline takes runs alone' --save-baseline kept --fail-if 'any > 0' b1
# What cannot be read changes nothing.
cp kept before-failure
expect 1 'no-such-file' --save-baseline kept no-such-file
cmp kept before-failure >&2 || failed=1
"$bin/pp-diff" -q --save-baseline kept --keep 2 s1
grep -qx 'runs 2' kept || { echo 'comparing.sh: --keep 2' >&2; failed=1; }

# For a pull request, every text as code: what is in it is no markup. Names have what could break it.
printf 'main;a|b`c 10\nmain;<i>@x 10\n' > odd1
printf 'main;a|b`c 1000\nmain;<i>@x 10\n' > odd2
cat > wanted.md << 'END'
**Changed too much**: 1 of 2 conditions hold.

| must not be | holds | |
|---|---|---|
| ``self(a\|b`) > 5%`` | **yes** | `10 before, 1000 after, +9900.0%, 31.2 sigma` |
| `total(x) > 5%` | no | `10 before, 10 after, +0.0%, 0.0 sigma, may be noise` |

samples/count: before 20, after 1010, change +990 +4950.0% +/- 32.1, sigma 31

| function | self before | after | change | total before | after | change | q |
|---|---:|---:|---:|---:|---:|---:|---:|
| ``a\|b`c`` | 10 | 1000 | +9900.0% | 10 | 1000 | +9900.0% | <0.0001 |
| `main` | 0 | 0 | 0% | 20 | 1010 | +4950.0% | <0.0001 |

1 function did not change
END
"$bin/pp-diff" -q -t md --fail-if 'self(a|b`) > 5%' --fail-if 'total(x) > 5%' odd1 odd2 > got.md 2> err || true
diff -u wanted.md got.md >&2 || failed=1

# For a CI server.
cat > wanted.xml << 'END'
<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="pp-diff" tests="2" failures="1" errors="0">
  <testcase classname="pp-diff" name="self(a|&lt;i&gt;) &gt; 5%">
    <failure message="20 before, 1010 after, +4950.0%, 30.8 sigma"/>
  </testcase>
  <testcase classname="pp-diff" name="total(x) &gt; 5%">
    <system-out>10 before, 10 after, +0.0%, 0.0 sigma, may be noise</system-out>
  </testcase>
</testsuite>
END
"$bin/pp-diff" -q -t junit --fail-if 'self(a|<i>) > 5%' --fail-if 'total(x) > 5%' odd1 odd2 > got.xml 2> err || true
diff -u wanted.xml got.xml >&2 || failed=1
if command -v xmllint > /dev/null; then
    printf 'main;"&\001\377<x 10\n' > steer1
    printf 'main;"&\001\377<x 900\n' > steer2
    "$bin/pp-diff" -q -f folded -t junit --fail-if 'any > 5%' steer1 steer2 > steer.xml 2> err || true
    xmllint --noout got.xml steer.xml >&2 || failed=1
fi
expect 2 'give --fail-if' -t junit b1 a1

# The worked example of docs/comparing.md: what it shows is what comes out, byte for byte, and hash is found to have
# grown by the 19.5 % of its instructions that two rounds more in ten are.
example() { # example STATUS SIDE
    local status=0
    (cd "$source/testdata/comparing" && exec "$bin/pp-diff" --rows=4 --fail-if different --fail-if 'any > 1%' \
        --fail-if 'total(^hash$) > 10%, p < 1%' --before before.?.folded --after "$2".?.folded) > got.txt 2>&1 ||
        status=$?
    sed -n "/^<!-- worked example: $2 -->/,/^\`\`\`\$/p" "$source/docs/comparing.md" | sed '1,2d;$d' > wanted.txt
    if [ "$status" != "$1" ] || [ ! -s wanted.txt ] || ! diff -u wanted.txt got.txt >&2; then
        echo "comparing.sh: the worked example of '$2': status $status" >&2
        failed=1
    fi
}
example 3 after
example 0 same

# shown NAME COMMAND... - the output of a command in the documentation.
shown() {
    (cd "$source/testdata/comparing" && "${@:2}") > got.txt 2>&1 || true # it may fail by a condition
    sed -n "/^<!-- worked example: $1 -->/,/^\`\`\`\$/p" "$source/docs/comparing.md" | sed '1,2d;$d' > wanted.txt
    [ -s wanted.txt ] && diff -u wanted.txt got.txt >&2 || failed=1
}
# Time by perf on a busy machine: ten runs a side find hash, five may or may not.
sampled() { # sampled TEXT OPTION... - TEXT is in what pp-diff says
    local text=$1
    shift
    "$bin/pp-diff" "$@" 2>&1 | grep -q -e "$text" || { echo "comparing.sh: sampled: no '$text'" >&2; failed=1; }
}
b=("$source"/testdata/comparing/sampled/before.*.folded) a=("$source"/testdata/comparing/sampled/after.*.folded)
shown sampled "$bin/pp-diff" --rows=4 --fail-if 'any > 10%' --before "${b[@]}" --after "${a[@]}"
sampled '+20.1% .* 0.004  *hash$' --before "${b[@]:0:5}" --after "${a[@]:0:5}"
sampled '+15.0% .* noise  hash$' --before "${b[@]:5}" --after "${a[@]:5}"
sampled 'the shares of functions differ as by chance' --before "${b[@]:0:5}" --after "${b[@]:5}"
# What was renamed, inlined and split is found; conditions know nothing of it.
shown refactored "$bin/pp-diff" --rows=3 before.1.folded refactored.1.folded
(
    cd "$source/testdata/comparing"
    "$bin/pp-diff" -t csv --pair-renames before.1.folded refactored.1.folded | cut -d, -f1-3
    "$bin/pp-diff" -t csv before.1.folded refactored.1.folded | grep -c -e '->' || true
) > got.txt
for name in 'count, hash -> add_word' 'next_word -> choose, spell'; do
    grep -qF "\"$name\"" got.txt || { echo "comparing.sh: $name is not paired" >&2; failed=1; }
done
[ "$(tail -n 1 got.txt)" = 0 ] || failed=1
expect 3 "'self(^hash\$) < -99%' holds" --fail-if 'self(^hash$) < -99%' \
    "$source/testdata/comparing/before.1.folded" "$source/testdata/comparing/refactored.1.folded"

# The tables of docs/comparing.md are those that are simulated, and the plot shows them.
sed -n 's/.*{0\.[0-9]*, "\(.*\)"},/\1/p' "$source/tests/unit/model/power.c" > simulated
sed -n '/^### How many runs/,/^## /p' "$source/docs/comparing.md" | grep '^| [0-9]* % |' > shown
[ "$(wc -l < simulated)" = 12 ] && diff -u simulated shown >&2 || failed=1

awk -f "$source/tests/bench/power.awk" shown | cmp - "$source/docs/comparing.svg" >&2 || failed=1

exit $failed
