#!/bin/bash
# leaks.sh BIN_DIR SOURCE_DIR CC - pp-diff --leaks on leaks/leaky.c, a program with known leaks: with
# every allocation counted, and with sampling. Skipped (77) without libjemalloc and its header
# (libjemalloc-dev).
#
# Samples are taken by chance, and the test must not fail by it. With a sample every 4 KiB there are
# 1,000 of the steady leak (31 standard errors), 250 of that in threads (16), 5,000 of the cache, which
# is 1.4 % off then: less than a sixth of what would make its second half look like a leak. Of the slow
# leak 0.3 are expected, and nothing is asked of it there. (Threads that begin alike are sampled alike: jemalloc
# gives them the same seed. So their estimate is of one thread's 12 samples, and can be far off.)
. "${0%/*}/checks.sh"
cc=$3

$cc -g -O1 -fno-omit-frame-pointer -o leaky "$source/tests/leaks/leaky.c" -ljemalloc -pthread 2> log ||
    { echo 'no libjemalloc'; cat log; exit 77; }

record() { # record FOLDER INTERVAL - the program's dumps, with a sample every 2^INTERVAL bytes
    mkdir "$1"
    MALLOC_CONF=prof:true,lg_prof_sample:$2,prof_final:false ./leaky "$1"
}

field() { # field N FUNCTION < CSV - of the rows with the function in their stack, but not the stack
    grep "[\";]$2[\";]" | sed 's/"[^"]*"//' | cut -d , -f "$1" | sort -u
}

does() { # does WANTED FUNCTION CSV - the trend of all rows with this function
    local got
    got=$(field 1 "$2" < "$3")
    [ "$got" = "$1" ] || { echo "$2: '$got', not '$1'"; cat "$3"; return 1; }
}

grows_not() { # grows_not FUNCTION CSV - no row with this function does, and there is one
    field 1 "$1" < "$2" > got
    { [ -s got ] && ! grep -q grows got; } || { echo "$1: $(cat got)"; cat "$2"; return 1; }
}

between() { # between LEAST MOST FIELD FUNCTION CSV - the one value of the field
    field "$3" "$4" < "$5" > got
    awk -v least="$1" -v most="$2" '$1 >= least && $1 <= most { ok++ } END { exit ok != 1 || NR != 1 }' got ||
        { echo "$4: $(cat got), not from $1 to $2"; cat "$5"; return 1; }
}

leaks() { # leaks OPTION... FOLDER - what pp-diff says of its dumps, with names
    pp-diff -q --leaks --symbolize "$@"
}

growth=3 last=11 # fields: see the first line

# --- every allocation is counted -------------------------------------------

record exact 0
ok 'a series is a directory of dumps' sh_ '[ "$(ls exact | wc -l)" = 20 ]'
leaks -t csv exact > exact.csv
ok 'the first line says what is in which field' \
    sh_ 'head -1 exact.csv | grep -q "^trend,stack,growth,.*,first,last,since,"'
ok 'a leak grows' does grows steady_leak exact.csv
ok '... by what it leaks' between 204800 204800 $growth steady_leak exact.csv
ok 'what threads leave behind grows' does grows thread_leak exact.csv
ok '... by what it leaks' between 51200 51200 $growth thread_leak exact.csv
ok 'a slow leak grows' does grows slow_leak exact.csv
ok '... by what it leaks' between 64 64 $growth slow_leak exact.csv
ok 'a cache levels off' does 'levels off' fill_cache exact.csv
ok '... and has what it holds' between 20971520 20971520 $last fill_cache exact.csv
ok 'what is given back again and again is no leak' grows_not swing exact.csv
ok 'what is given back at the end is no leak' does swings gather exact.csv
ok 'nothing else grows' sh_ '[ "$(grep -c ^grows exact.csv)" = 3 ]'

leaks exact > exact.txt
ok 'the table tells the largest first' sh_ 'grep -A1 " loss " exact.txt | grep -q "^1. *+3.91MB"'
leaks exact/*.heap > named.txt
ok 'dumps may be named, in the order of the shell' cmp exact.txt named.txt
leaks --in-order exact/*.heap > as-given.txt
ok '... which --in-order leaves, with another result' sh_ '! cmp -s exact.txt as-given.txt'
leaks -j 1 exact > one-thread.txt
ok 'any number of threads gives the same' cmp exact.txt one-thread.txt
leaks -t folded exact > exact.folded
ok 'folded stacks are of what grows, as much as will be lost' \
    sh_ 'grep -qx ".*;main;steady_leak 4096000" exact.folded && [ "$(wc -l < exact.folded)" = 3 ]'
leaks -t svg exact > exact.svg
ok 'the flame graph says what is lost' grep -q '(5,121,280 bytes in 20 more dumps, 100%)' exact.svg
leaks --horizon=40 -t folded exact > horizon.folded
ok '--horizon foretells a longer time' grep -qx '.*;main;steady_leak 8192000' horizon.folded
leaks --by=self -t csv exact > self.csv
ok '--by=self: functions that allocate' does grows steady_leak self.csv
leaks --by=total -t csv exact > total.csv
ok '--by=total: and those that call them' between 814120.9 814120.91 $growth main total.csv
pp-diff --leaks -t folded exact > places.folded
ok 'without --symbolize, the same leaks by their places in the program' \
    sh_ '[ "$(grep -c "leaky+0x[0-9a-f]* [0-9]*$" places.folded)" = 3 ] &&
        diff <(sed "s/.* //" exact.folded | sort) <(sed "s/.* //" places.folded | sort)'
# glibc 2.41 calls it __GI___clone3.
ok 'a rule is for all dumps' \
    sh_ 'pp-diff -q --leaks --symbolize --focus=thread_leak -t folded exact > rule.folded
        [ "$(sed "s/^[_GI]*//" rule.folded)" = "clone3;start_thread;thread_leak 1024000" ]'

# --- samples ---------------------------------------------------------------

record sampled 12
leaks -t csv sampled > sampled.csv
ok 'a leak is found by samples' does grows steady_leak sampled.csv
ok '... and what it loses, within 6 sigma' \
    between $((204800 * 81 / 100)) $((204800 * 119 / 100)) $growth steady_leak sampled.csv
ok 'what threads leave behind is found' does grows thread_leak sampled.csv
ok 'a cache is not taken for a leak' does 'levels off' fill_cache sampled.csv
ok 'what swings is no leak' grows_not swing sampled.csv
ok 'what is given back at the end is no leak' does swings gather sampled.csv

# --- the same program, run again -------------------------------------------

record again 0
pp-diff -t csv exact/leaky.7.m7.heap again/leaky.7.m7.heap > again.csv
pp-diff --addrs -t csv exact/leaky.7.m7.heap again/leaky.7.m7.heap > places.csv
pp-diff -q --symbolize -t csv exact/leaky.7.m7.heap again/leaky.7.m7.heap > named.csv
pp-diff -t pprof --subtract exact/leaky.7.m7.heap again/leaky.7.m7.heap > nothing.pb.gz
ok 'two runs of one program are the same, wherever it was loaded' \
    sh_ 'for t in again places named; do [ "$(wc -l < $t.csv)" = 1 ] || exit 1; done'
ok '... and subtracted from each other, nothing' \
    sh_ '[ -z "$(pp-convert -q -i inuse_space -t folded nothing.pb.gz)" ]'
pp-diff -q --symbolize -t csv exact/leaky.7.m7.heap again/leaky.8.m8.heap > grown.csv
ok 'of two dumps of different runs, what is between them' \
    sh_ 'grep -q "^\"steady_leak\",1638400,1843200,204800,12.5,0," grown.csv'

all_passed
