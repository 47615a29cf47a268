#!/bin/bash
# pipelines.sh BIN_DIR SOURCE_DIR - the tools in a shell: pipes, files, options, and outputs that
# cannot be written.
. "${0%/*}/checks.sh"
export ASAN_OPTIONS=${ASAN_OPTIONS:-handle_sigpipe=0}

same() { # same FILE WANTED - the file holds this text
    printf "$2" | diff -u - "$1"
}

status() { # status N COMMAND... - it ends with this status, and with one message if that is 1
    local want=$1 got=0
    shift
    "$@" > out 2> err || got=$?
    [ $got = "$want" ] || { echo "status $got, not $want"; cat err; return 1; }
    [ "$want" != 1 ] || [ "$(wc -l < err)" = 1 ] || { echo "not one line:"; cat err; return 1; }
}

says() { # says TEXT - the last command of status said so
    grep -qF -- "$1" err || { echo "expected: $1"; echo "got:"; cat err; return 1; }
}

both() { # both A -- B: two commands in a row
    local first=()
    while [ "$1" != -- ]; do first+=("$1"); shift; done
    shift
    "${first[@]}" && "$@"
}

printf 'main;a 1\nmain;b 2\n' > one.folded
printf 'main;b 3\nmain;c 4\n' > two.folded
merged='main;a 1\nmain;b 5\nmain;c 4\n'

# --- inputs ----------------------------------------------------------------

pp-convert one.folded two.folded > out
ok 'several files are added up' same out "$merged"
pp-convert < one.folded > out
ok 'without files, standard input is read' same out 'main;a 1\nmain;b 2\n'
pp-convert two.folded - < one.folded > out
ok '- among files is standard input' same out "$merged"
awk 'BEGIN { for (i = 0; i < 60000; i++) printf "f%d;", i % 10; print "leaf 1 3"; print "main 1 1" }' > long.folded
pp-convert long.folded > out
ok 'a first line of many frames tells the format' cmp out <(pp-convert -f folded long.folded)
pp-convert < long.folded > piped
ok '... and whether there are two numbers' \
    sh_ 'cmp out piped && ! pp-convert -q -t text long.folded | grep -q "leaf 1"'
printf '<\0\0\0' > four-bytes.svg
ok 'what libxml2 has to say is no line of its own' status 1 pp-convert -f svg four-bytes.svg
printf '\0\0<\0' > odd-bytes.svg
ok '... whenever it says it' status 1 pp-convert -f svg odd-bytes.svg
mkdir no-library
: > no-library/libxml2.so.2
pp-flamegraph one.folded > one.svg
ok 'without libxml2 XML is not read' \
    both status 1 env LD_LIBRARY_PATH=no-library pp-convert one.svg -- says 'cannot load'
LD_LIBRARY_PATH=no-library pp-convert one.folded > out
ok '... and everything else is' cmp out one.folded
gzip -c one.folded | pp-convert > out
ok 'gzip on a pipe is unpacked' same out 'main;a 1\nmain;b 2\n'
cat <(gzip -c one.folded) <(gzip -c two.folded) > both.gz
pp-convert both.gz > out
ok 'all members of a gzip file are read' same out "$merged"
pp-convert < both.gz > out
ok 'all members of gzip on standard input are read' same out "$merged"
if command -v zstd > /dev/null; then
    zstd -qc one.folded | pp-convert > out
    ok 'zstd on a pipe is unpacked' same out 'main;a 1\nmain;b 2\n'
    (printf '\x53\x2a\x4d\x18\x03\0\0\0abc'; zstd -qc one.folded
        printf '\x50\x2a\x4d\x18\0\0\0\0'; zstd -qc two.folded) > frames.zst
    pp-convert frames.zst > out
    ok 'frames of zstd that are to be passed over are, also before the first' same out "$merged"
fi
sh_ 'for c in $(fold -w1 <<< "m;a 12"); do printf %s "$c"; done; echo' > /dev/null
sh_ 'printf "ma"; sleep .05; printf "in;a "; sleep .05; echo 7' | pp-convert > out
ok 'a pipe may hand over a line in parts' same out 'main;a 7\n'
mkfifo fifo
cat one.folded > fifo &
pp-convert fifo > out
ok 'a named pipe is read' same out 'main;a 1\nmain;b 2\n'

head -c 30 both.gz > cut.gz
ok 'a gzip file that is cut short is an error' status 1 pp-convert cut.gz
ok '... which names the file' says 'pp-convert: cut.gz: '
cat both.gz <(echo garbage) > trailing.gz
ok 'what follows gzip is warned of, and the rest is read' \
    both status 0 pp-convert trailing.gz -- same out "$merged"
ok '... with a message' says 'pp-convert: trailing.gz: '
ok '--strict makes an error of the warning' status 1 pp-convert --strict trailing.gz
ok '--quiet keeps warnings back' both status 0 pp-convert -q trailing.gz -- test ! -s err
ok 'a file that is not there is an error' status 1 pp-convert no-such-file
ok '... which names the file' says 'pp-convert: no-such-file: '
mkdir bare
ok 'a folder without a profile is an error' status 1 pp-convert bare
ok 'an empty input is an error' status 1 pp-convert /dev/null
ok 'what is in no known format is an error' status 1 pp-convert /bin/sh
printf 'main;a 1\n\001\002 3\nmain;b x\n' > bad.folded
ok 'a bad line is reported with its number' both status 0 pp-convert -f folded bad.folded -- \
    says 'pp-convert: bad.folded:3: '
printf 'main;a x\n%.0s' {1..9} | cat one.folded - > many.folded
ok 'of nine warnings of a kind five are shown' status 0 pp-convert -f folded many.folded
ok '... and the others counted' says 'and 4 more'
ok '--max-size stops a gzip bomb' \
    both sh_ 'head -c 3000000 /dev/zero | tr "\0" "x" | gzip > bomb.gz' -- \
    status 1 pp-convert -f folded --max-size 1m bomb.gz
printf 'a;b;c;d 1\na;b 2\n' > deep.folded
ok '--max-depth cuts at the leaf, with a warning' \
    both status 0 pp-convert --max-depth 2 deep.folded -- same out 'a;b 3\n'
ok '... with a message' says 'deep.folded:1: '

# --- options ---------------------------------------------------------------

pp-convert one.folded -t folded two.folded > out
ok 'options may stand after files' same out "$merged"
cp one.folded ./-x.folded
pp-convert -- -x.folded > out
ok '-- ends the options' same out 'main;a 1\nmain;b 2\n'
pp-convert --to=folded one.folded > out1 && pp-convert --to folded one.folded > out2 &&
    pp-convert -tfolded one.folded > out3
ok 'an argument stands behind =, a blank or the letter' sh_ 'cmp out1 out2 && cmp out1 out3'
for tool in pp-convert pp-flamegraph pp-diff; do
    ok "$tool: an unknown option is wrong usage" status 2 $tool --no-such-option
    ok '... and names it' says '--no-such-option'
    ok "$tool: an option without its argument is wrong usage" status 2 $tool --output
    ok "$tool: a bad regular expression is wrong usage" status 2 $tool --focus '(' one.folded
    ok "$tool: an unknown format is wrong usage" status 2 $tool -f nonsense one.folded two.folded
    ok "$tool: --help goes to standard output" \
        both status 0 $tool --help -- grep -q '^Usage: ' out
    ok "$tool: --version goes to standard output" status 0 $tool --version
    ok "$tool: --version says which it is" sh_ "[ \"\$(head -1 out)\" = '$tool (pp) 0.2.0' ]"
    ok '... and which parts are in' sh_ "sed -n 2p out | grep -qE '^with(out)? zstd, with(out)? sqlite, with(out)? symbols'"
    ok "$tool: --help for a full device is an error" status 1 sh_ "$tool --help > /dev/full"
done
ok 'a number with other characters is wrong usage' status 2 pp-convert -j x one.folded
ok 'an unknown target is wrong usage' status 2 pp-convert -t nonsense one.folded
ok 'an unknown column is an error' status 1 pp-convert -i nonsense one.folded
ok '... that says which there are' says samples
ok 'pp-diff of one file is wrong usage' status 2 pp-diff one.folded
pp-convert --list-formats > out
ok 'formats are listed as name, r/w, title' sh_ '! grep -qvE "^[a-z-]+ +[r-][w-]  ." out'

# --- names and tables ------------------------------------------------------

printf 'start;main;a 1\nmain;start;b 2\nother;c 4\n' > roots.folded
pp-convert --skip-after=main roots.folded > out
ok '--skip-after cuts what is above the last frame of this name' \
    same out 'main;a 1\nmain;start;b 2\nother;c 4\n'
pp-convert --skip-after=start --skip-after=other roots.folded > out
ok '... or of these names' same out 'other;c 4\nstart;b 2\nstart;main;a 1\n'
printf 'app 1/1 1.0: 1 cycles:\n\t10 work+0x1 (/bin/app)\n  src/app.c:7\n\t20 main+0x1 (/bin/app)\n\n' > lines.perf
pp-convert -q --no-comm --srcline lines.perf > out
ok '--srcline shows where a line is known' same out 'main;work:app.c:7 1\n'
pp-report traces --csv one.folded > out
ok 'pp-report traces --csv: a line for each stack' same out 'value,stack\n1,"main;a"\n2,"main;b"\n'
pp-report traces --json one.folded | tr -d ' \n' > out
ok 'pp-report traces --json: the same' grep -q '"stack":\["a","main"\]' out

# --- outputs ---------------------------------------------------------------

pp-convert -o - one.folded > out
ok '-o - is standard output' same out 'main;a 1\nmain;b 2\n'
echo old > file && chmod 604 file
pp-convert -o file one.folded
ok '-o takes the place of a file' same file 'main;a 1\nmain;b 2\n'
ok '... and keeps its permissions' test "$(stat -c %a file)" = 604
echo old > file
status 1 pp-convert -o file no-such-file
ok 'a failure leaves the old file' same file 'old\n'
ok 'a failure leaves no temporary file' test -z "$(ls | grep -F tmp)"
ok 'a failure to write leaves the old file' \
    both status 1 sh_ '(ulimit -f 0; trap "" XFSZ; pp-convert -o file one.folded 2>&1) | cat >&2' -- same file 'old\n'
ok '... and no temporary file' test -z "$(ls | grep -F tmp)"
mkdir readonly && echo old > readonly/file && ln -s readonly/file link
pp-convert -o link one.folded
ok 'a link stays a link' test -L link
ok '... and what it points to is new' same readonly/file 'main;a 1\nmain;b 2\n'
ok 'a folder that is not there is an error' status 1 pp-convert -o no/such/file one.folded
pp-convert -o out.pb.gz one.folded && pp-convert -o out.pb one.folded
ok 'the suffix says the format, and whether it is packed' \
    sh_ 'gzip -dc out.pb.gz | cmp - out.pb && pp-convert out.pb.gz | cmp - one.folded'
pp-convert -o packed.folded.gz one.folded
ok '.gz packs any format' sh_ 'gzip -dc packed.folded.gz | cmp - one.folded'

for tool in 'pp-convert one.folded' 'pp-convert -t pprof one.folded' 'pp-flamegraph one.folded' \
    'pp-diff one.folded two.folded' 'pp-diff -t svg one.folded two.folded'; do
    ok "$tool: a full device is an error" status 1 sh_ "$tool > /dev/full"
    ok '... which names standard output' says '<stdout>: '
    ok "$tool: a full device is an error with -o too" status 1 sh_ "$tool -o /dev/full"
    ok "$tool: a closed standard output is an error" status 1 sh_ "$tool >&-"
done
ok 'a closed standard input is an error' status 1 sh_ 'pp-convert <&-'
ok 'a closed standard error does not matter' sh_ 'pp-convert one.folded 2>&- | cmp - one.folded'

awk 'BEGIN { for (i = 0; i < 200000; i++) print "main;function_" i " 1" }' > large.folded
for to in 'pp-convert -t folded' 'pp-convert -t text' 'pp-flamegraph --minwidth=0'; do
    (set -o pipefail; $to large.folded 2> err | head -1 > out; echo "${PIPESTATUS[0]}" > rc)
    ok "$to: a reader that has seen enough ends it quietly" \
        sh_ 'test ! -s err && [ "$(cat rc)" = 141 ] && [ "$(wc -l < out)" = 1 ]'
done

# --- the same output, always -----------------------------------------------

awk 'BEGIN { for (i = 0; i < 300000; i++)
    print "main;f" i * 7919 % 1009 ";g" i * 104729 % 601 " " 1 + i % 10 }' > mixed.folded
for to in 'pp-convert -t folded' 'pp-convert -t pprof' 'pp-convert -t text' pp-flamegraph; do
    $to -j 1 mixed.folded > j1
    $to -j 8 mixed.folded > j8
    ok "$to: any number of threads gives the same bytes" cmp j1 j8
    gzip -c mixed.folded | $to > piped
    ok "$to: a packed pipe gives the same bytes" cmp j1 piped
done
NO_COLOR=1 pp-flamegraph one.folded > a
pp-flamegraph one.folded > b
ok 'NO_COLOR changes nothing in a file' cmp a b
TZ=Asia/Tokyo LC_ALL=de_DE.UTF-8 pp-diff one.folded two.folded > a
TZ=UTC pp-diff one.folded two.folded > b
ok 'neither does the time zone, nor the language' cmp a b

# --- pipelines -------------------------------------------------------------

recording=$source/testdata/demo.perf.txt.gz
if [ -e "$recording" ]; then
    perf_script() { gzip -dc "$recording"; }
    perf_script | pp-convert -q -t folded > perf.folded
    ok 'perf script | pp-convert' test -s perf.folded
    perf_script | pp-flamegraph > perf.svg
    ok 'perf script | pp-flamegraph' grep -q '</svg>' perf.svg
    perf_script | pp-convert -q -i samples -t folded > samples.folded
    perf_script | pp-convert -t pprof | pp-diff -q -t folded - samples.folded > diff.folded
    ok 'perf script | pp-convert -t pprof | pp-diff - other.folded: no difference' \
        sh_ 'test -s diff.folded && ! awk "\$(NF-1) != \$NF" diff.folded | grep -m 1 .'
    sort -R --random-source=perf.folded perf.folded | pp-convert > again
    ok 'the order of lines does not matter' cmp perf.folded again
    pp-convert -f svg perf.svg > from-svg.folded
    ok 'a flame graph goes back to what it was drawn from' test -s from-svg.folded
fi

# --- pp-diff ---------------------------------------------------------------

printf 'main;a 100\nmain;b 400\n' > before.folded
printf 'main;a 160\nmain;b 410\n' > after.folded
compare() { pp-diff "$@" before.folded after.folded; }
ok 'pp-diff: a difference is no failure' status 0 compare
ok 'pp-diff --fail-if: what does not hold is no failure' \
    both status 0 compare --fail-if 'total > 15%' -- test ! -s err
ok 'pp-diff --fail-if: what holds is exit status 3' status 3 compare --fail-if 'total(^a$) > +5%'
ok '... and a line that says so' \
    says "pp-diff: --fail-if 'total(^a\$) > +5%' holds: 100 before, 160 after, +60.0%, 3.7 sigma"
ok '... with the output written all the same' sh_ 'grep -q "main\$" out'
ok 'pp-diff --fail-if: --quiet does not keep the line back' \
    both status 3 compare -q --fail-if 'total>5' -- test -s err
ok 'pp-diff --fail-if: several conditions, a line for each that holds' \
    both status 3 compare --fail-if 'total > 1%' --fail-if 'self(b) < 0' --fail-if 'self(b) > 5' -- \
    sh_ '[ "$(wc -l < err)" = 2 ]'
ok 'pp-diff --ignore-noise: what may be chance is no failure' \
    status 0 compare --ignore-noise --fail-if 'self(b) > 1%'
ok 'pp-diff --fail-if: a bad condition is wrong usage' status 2 compare --fail-if 'total(a > 5%'
ok '... and its place is shown' says "expected ')' at byte 12, after 'total(a > 5%'"
ok 'pp-diff --fail-if: a unit of another kind is wrong usage' status 2 compare --fail-if 'total > 5ms'
ok 'pp-diff --fail-if: a pattern that gives up is an error' status 1 sh_ \
    'printf "main;%045dx 1\n" 0 > zeros; pp-diff --fail-if "self(^(0+)+\$) > 1" zeros zeros'
ok 'pp-diff --fail-if: a failure to write weighs more' \
    status 1 sh_ 'pp-diff --fail-if "total > 1" -q before.folded after.folded 2>&1 > /dev/full | tail -1 >&2'
ok 'pp-diff -t pprof: conditions hold there too' status 3 compare -t pprof --fail-if 'self(^a$) > 59'
pp-report traces --json out > changed.json 2> err
ok '... and the output is there' grep -q '"a"' changed.json
ok 'pp-diff: what is for leaks alone is wrong usage elsewhere' status 2 compare --horizon=3
printf 'heap profile: 1: 64 [1: 64] @ heapprofile\n 1: 64 [1: 64] @ 0x10\n' > heap.1
printf 'heap profile: 2: 128 [3: 192] @ heapprofile\n 2: 128 [3: 192] @ 0x10\n' > heap.2
ok 'pp-diff: space and inuse_space are the same, whichever tcmalloc writes' \
    both status 0 pp-diff -q heap.1 heap.2 -- sh_ 'grep -q "before 64, after 128" out && test ! -s err'
ok 'pp-diff --leaks: in a series too' \
    both status 0 pp-diff -q --leaks heap.1 heap.2 -- sh_ 'grep -q "+64B a dump" out && test ! -s err'
for i in 1 2 3; do
    [ $i = 1 ] && name=/srv/app || name='/srv/app (deleted)'
    printf 'heap_v2/1\n  t*: %d: %d [0: 0]\n@ 0x401100\n  t*: %d: %d [0: 0]\n\nMAPPED_LIBRARIES:\n00400000-00410000 r-xp 00000000 08:01 1 %s\n' \
        $i $((i * 100)) $i $((i * 100)) "$name" > replaced.$i
done
pp-diff -q replaced.1 replaced.3 > out
ok 'a program that is replaced while it runs is one module: nothing is new, nothing gone' \
    sh_ 'grep -q "app" out && ! grep -qE "deleted|new|gone" out'
pp-diff -q --leaks replaced.? > out
ok '... and its leaks go on' sh_ 'grep -q "+100B a dump" out && ! grep -q deleted out'
ok '... pp-merge keeps it once' [ "$(pp-merge -q -t text replaced.? | grep -c '^mapping')" = 1 ]
# --- what none of the tests above would see ---------------------------------

printf 'a 1\n' > less.folded
printf 'a 9\n' > more.folded
ok 'pp-diff: any of several --fail-if that holds decides, the first too' \
    status 3 pp-diff -q --fail-if 'total > 1' --fail-if 'total > 1000000%' less.folded more.folded
ok '... and the last' \
    status 3 pp-diff -q --fail-if 'total > 1000000%' --fail-if 'total > 1' less.folded more.folded
mkdir mixed
printf 'a;b 1\n' > mixed/x.folded
printf 'see chapter 2\nand 3\n' > mixed/notes.txt
pp-merge -q -t folded mixed > out
ok 'text in a folder that might be folded stacks, but is not called so, is left alone' same out 'a;b 1\n'
ok 'sizes beyond 64 bits are wrong usage' status 2 pp-convert --max-size=16777216t less.folded
ok '... and the largest one is not' status 0 pp-convert --max-size=16777215t less.folded
awk 'BEGIN { for (i = 0; i < 600000; i++) printf "main;f%d 1\n", i % 7 }' > large.folded
sh_ '{ read -r first; pp-convert -j 2 -; } < large.folded > out; tail -n +2 large.folded | pp-convert > want'
ok 'standard input may be a file that is partly read' cmp out want
printf 'a\xc2\x9b31mb 1\n' | pp-flamegraph -q > out
ok 'C1 controls are not in pictures' sh_ '! grep -q "$(printf "\302\233")" out'
for at in 1 2; do printf 'x 1 %d.0: 1 cycles: \n\t10 f (/a)\n\n' $at; done > two.perf
ok 'pp-merge: samples of different times are one' [ "$(pp-merge -q -t text two.perf | grep -c '^sample')" = 1 ]
for at in 1 2 3 4 5; do printf 'x 1 %d.0: 1 cycles: \n\t10 f (/a)\n\n' $at; done > five.perf
sed 's/^x/y/' two.perf > two-others.perf
pp-report tags -q -i samples --diff-base five.perf two-others.perf | awk '$2 == "x" || $2 == "y" { print $2 }' > out
ok 'pp-report tags: the largest first, be it less than before' same out 'x\ny\n'
printf '^a red\n' > one.rules
printf '^a red\n^a blue\n' > two.rules
for rules in one two; do printf 'ab 1\n' | pp-flamegraph -q --colors-by $rules.rules > $rules.colored; done
ok 'pp-flamegraph --colors-by: the first rule that matches decides' cmp one.colored two.colored

printf 'main;a 1\nmain;b 2\n' > order.folded
ok 'pp-info: the order of lines is no time' \
    sh_ '! pp-info order.folded | grep -q "samples at" && ! pp-info --json order.folded | grep -q sample_ns'
ok 'pp-diff --leaks: of one dump is wrong usage' status 2 pp-diff --leaks heap.1

# --- ranges of time ----------------------------------------------------------

# A sample each millisecond from 100 s on, 100,000 of them; every tenth is of b.
awk 'BEGIN { for (i = 0; i < 100000; i++)
    printf "app 7/7 [000] %d.%03d000: 1 cycles:\n\t10 %s+0x1 (/bin/app)\n\n",
        100 + i / 1000, i % 1000, i % 10 ? "a" : "b" }' > timed
within() { # within RANGE A B [OPTION...] - the samples that there must be, however they are read
    range=$1 want=$(printf 'app;a %s\napp;b %s' "$2" "$3")
    shift 3
    [ "$(pp-convert -q --time="$range" "$@" timed)" = "$want" ] &&
        [ "$(pp-convert -q --time="$range" "$@" < timed)" = "$want" ]
}
ok '--time: both ends are included' within 10s:20s 9000 1001
ok '... on one thread' within 10s:20s 9000 1001 -j1
ok '... and on several' within 10s:20s 9000 1001 -j4
ok '--time: from the beginning' within :500ms 450 51
ok '--time: to the end' within 99.9s: 90 10
ok '--time: by the clock' within @100.01:@100.02 9 2
ok '--time: counts from the first sample, whatever rules stand before' \
    [ "$(pp-convert -q --focus='^b$' --time=1ms:10ms timed)" = 'app;b 1' ]
ok '--time: without times there is an error' both status 1 pp-convert --time=1s: one.folded -- \
    says 'does not say when its samples were taken'
ok '--time: pprof gets no more samples than without' \
    [ "$(pp-convert -q --time=0s: -t pprof timed | pp-convert -t text | grep -c '^sample')" = 2 ]
for bad in 10s 10x: 20s:10s : -1s: 1s:2q nan:; do
    ok "--time=$bad: is wrong usage" status 2 pp-convert --time=$bad timed
done

massif=$source/testdata/formats/massif/grow.in
# Sessions have 13,000 bytes in the first snapshot with a tree, and 31,000 in the last of six.
pp-diff -q --leaks -t csv "$massif" > out
ok 'pp-diff --leaks: of a file that holds a series' sh_ 'grep -q "13000,31000" out || cat out'
ok '... which may come by a pipe' sh_ "pp-diff -q --leaks -t csv < $massif | cmp - out"
ok '... but not with one snapshot' \
    both status 1 pp-diff -q --leaks "$source/testdata/formats/massif/unknown.in" -- says 'needs at least two'
# Of two moments, at 10 and 20 ms, the first is before "work on it" has a block of 8 bytes.
ok 'pp-diff --leaks: of the time line of heaptrack' \
    sh_ "pp-diff -q --leaks -t csv '$source/testdata/formats/heaptrack/version-0.in' | grep -q 'work on it.*,0,8\$'"
ok 'pp-diff --leaks: a dump that cannot be read is an error, and named' \
    both status 1 pp-diff --leaks heap.1 heap.2 no-such-heap -- says no-such-heap
ok '... and the others are compared' grep -q '+64B a dump' out
ok 'pp-diff --leaks --strict: then nothing is written' \
    both status 1 pp-diff --strict --leaks heap.1 heap.2 no-such-heap -- test ! -s out
ok 'pp-diff --leaks: dumps of another measure are an error' \
    both status 1 pp-diff -q --leaks heap.1 heap.2 one.folded -- says "has 'samples' in 'count'"
for bad in --horizon=x --horizon=0 --horizon=3x --by=x '-t pprof' '--before heap.1' '--fail-if total>1'; do
    # shellcheck disable=SC2086 # an option and its argument
    ok "pp-diff --leaks $bad: is wrong usage" status 2 pp-diff --leaks heap.1 heap.2 $bad
done
ok 'pp-diff --leaks: without times, no foretelling by the hour' \
    both status 1 pp-diff --leaks --horizon=2h heap.1 heap.2 -- says 'needs dumps with times'
compare -t csv > csv
ok 'pp-diff -t csv: a line for each function, and a heading' \
    sh_ '[ "$(cut -d , -f 1 csv)" = "function
\"a\"
\"b\"
\"main\"" ]'
if command -v python3 > /dev/null; then
    compare -t json > json
    ok 'pp-diff -t json is JSON' python3 -c '
import json
table = json.load(open("json"))
a, b, main = table["functions"]
assert (a["self"]["before"], a["self"]["after"], a["self"]["delta"]) == (100, 160, 60)
assert b["noise"] and not a["noise"]
assert abs(a["self"]["error"] - 260 ** 0.5) < 1e-6'
fi

# --- pp-merge --------------------------------------------------------------

mkdir -p runs/deep
pp-convert -o runs/a.pb.gz one.folded
pp-convert -o runs/deep/b.pb.gz two.folded
pp-merge runs/a.pb.gz runs/deep/b.pb.gz > merged.pb.gz
pp-merge runs > again.pb.gz
ok 'pp-merge: a directory is the files in it' cmp merged.pb.gz again.pb.gz
pp-merge runs/deep/b.pb.gz runs/a.pb.gz > again.pb.gz
ok 'pp-merge: the order of files changes nothing' cmp merged.pb.gz again.pb.gz
pp-merge -j 1 merged.pb.gz > again.pb.gz
ok 'pp-merge: what is merged stays as it is' cmp merged.pb.gz again.pb.gz
find runs -type f -print0 | pp-merge -0 --files-from=- > again.pb.gz
ok 'pp-merge: a list of files ended by NULs' cmp merged.pb.gz again.pb.gz
printf 'runs/a.pb.gz\nruns/deep/b.pb.gz\n' > list
pp-merge --files-from=list > again.pb.gz
ok 'pp-merge: a list of lines' cmp merged.pb.gz again.pb.gz
sed 's/$/\r/' list > list.windows
pp-merge --files-from=list.windows > again.pb.gz
ok 'pp-merge: a list whose lines end as those of Windows' cmp merged.pb.gz again.pb.gz
pp-merge runs/a.pb.gz runs/a.pb.gz > twice.pb.gz
pp-merge --weight=runs/a.pb.gz=2 > again.pb.gz
ok 'pp-merge: a weight of 2 is the file twice' cmp twice.pb.gz again.pb.gz
pp-merge --weight=twice.pb.gz=1/2 --weight=runs/a.pb.gz=0.0 twice.pb.gz > again.pb.gz
pp-merge runs/a.pb.gz > once.pb.gz
ok 'pp-merge: half of what is twice, and nothing of another' cmp once.pb.gz again.pb.gz
ok 'pp-merge: a weight that is no number' status 2 pp-merge --weight=a=x runs/a.pb.gz
head -c 40 runs/a.pb.gz > runs/cut.pb.gz
echo 'not a profile' > runs/README
ok 'pp-merge: a damaged file is an error, and named' \
    both status 1 pp-merge -o again.pb.gz runs -- says runs/cut.pb.gz
ok 'pp-merge: the others are merged' cmp merged.pb.gz again.pb.gz
ok 'pp-merge --strict: then it fails' status 1 pp-merge --strict -o none.pb.gz runs
ok 'pp-merge --strict: nothing is written then' test ! -e none.pb.gz
mkdir -p target/criterion/sort/small/profile target/criterion/sort/large/profile
pp-convert -o target/criterion/sort/small/profile/profile.pb one.folded
pp-convert -o target/criterion/sort/large/profile/profile.pb two.folded
# Beside them lie files that criterion writes, none of which is called as only profiles are.
mkdir -p target/criterion/sort/small/new target/criterion/report
echo '{"mean":{"point_estimate":1.5}}' > target/criterion/sort/small/new/estimates.json
echo '[["sort/small",1]]' > target/criterion/sort/small/new/sample.json
printf '{"cut":' > target/criterion/sort/small/new/tukey.json
: > target/criterion/sort/small/new/empty.json
echo 'prose;and more 5 of it' > target/criterion/report/notes.txt
echo '<html></html>' > target/criterion/report/index.html
ok 'pp-merge: the other files of criterion are left out' \
    sh_ 'pp-merge --strict -o all.pb.gz target/criterion 2> messages && [ ! -s messages ]'
ok 'pp-merge: a damaged file that is called a profile is not' sh_ \
    'mkdir called && printf "{\"a" > called/x.speedscope.json && ! pp-merge called 2> messages && grep -q "x.speedscope.json" messages'
pp-merge target/criterion | pp-convert -q --tag-root=bench -t folded > benches.folded
ok 'pp-merge: the benchmarks of criterion, each by itself' \
    sh_ 'grep -q "^sort/small;" benches.folded && grep -q "^sort/large;" benches.folded'

printf 'heap profile: 1: 7 [1: 7] @ heapprofile\n1: 7 [1: 7] @ 0x1201\n' > unmapped.heap
printf '00001000-00002000 r-xp 00000000 08:01 1   /opt/prog\n' > maps
pp-convert -q --maps=maps -t folded unmapped.heap > mapped.folded
ok '--maps provides the mappings' same mapped.folded '[prog] 7\n'
pp-convert -q -t folded unmapped.heap > mapped.folded
ok 'without it, an address is of nothing' same mapped.folded '[unknown] 7\n'
ok '--maps: what is no list of mapped files' \
    both status 1 pp-convert -q --maps=mapped.folded unmapped.heap -- says 'mapped.folded: has no list of mappings'

if command -v flamegraph.pl > /dev/null; then
    pp-convert -t folded one.folded | sort | flamegraph.pl > pl.svg 2> /dev/null
    ok 'pp-convert | sort | flamegraph.pl' grep -q '</svg>' pl.svg
fi

# --- sources whose path is too long ------------------------------------------

# A path of 4,095 bytes is the longest that can be opened. One byte more is not the file whose path is the rest of it.
mkdir -p long && cd long || exit 1
deep=
while [ $((4095 - ${#PWD} - 1 - ${#deep})) -gt 210 ]; do deep=$deep$(printf 'd%.0s' $(seq 199))/; done
mkdir -p "$deep"
deep=$deep$(printf 'f%.0s' $(seq $((4095 - ${#PWD} - 1 - ${#deep}))))
printf 'int first(void)\n{\n}\n' > "$deep"
printf 'version: 1\nevents: Ir\nfl=%s\nfn=f\n2 5\n' "$deep" > fits.callgrind
printf 'version: 1\nevents: Ir\nfl=%sx\nfn=f\n2 5\n' "$deep" > longer.callgrind
ok 'the source with the longest path is found' sh_ 'pp-report list f --source-path="$PWD" fits.callgrind | grep -q "int first"'
ok 'with a longer one, no other is shown' sh_ \
    'pp-report list f --source-path="$PWD" longer.callgrind > out; grep -q "could not find file" out && ! grep -q first out'
cd .. || exit 1

all_passed
