#!/bin/bash
# pods.sh BIN_DIR SOURCE_DIR - pp-diff --leaks --per: dumps of many processes, told apart by a label or by their
# folders. What each of them loses must be what --leaks says of its dumps alone.
# shellcheck source=tests/checks.sh
. "$(dirname "$0")/checks.sh"

status() { # status N COMMAND... - its exit status; what it prints is in the file out
    local want=$1 got=0
    shift
    "$@" > out || got=$?
    [ $got = "$want" ] || { echo "status $got" && return 1; }
}

# Twelve pods with eight dumps each. All have a cache that fills up, and a pool that swings; in pod-7 alone,
# sessions are lost, and in nine of them, buffers.
for pod in 1 2 3 4 5 6 7 8 9 10 11 12; do
    mkdir -p pods/pod-$pod
    for dump in 1 2 3 4 5 6 7 8; do
        {
            echo "main;serve;cache_put $((1000 * (dump < 4 ? dump : 4) + pod))"
            echo "main;serve;pool_take $((500 + dump % 2 * 300))"
            [ $pod != 7 ] || echo "main;serve;session_new $((4000 * dump))"
            [ $pod -gt 9 ] || echo "main;serve;read;buffer_new $((100 * dump + pod))"
        } > pods/pod-$pod/heap.$dump.folded
    done
done

ok 'it runs' status 0 pp-diff --leaks --raw-counts --per '[folder]' pods
ok 'it names the processes' grep -q '12 processes, told apart by the label folder' out
ok 'what grows in most comes first' sh_ "grep -A3 'grows in' out | sed -n 2p | grep -q '1\. .*9/9 .*buffer_new'"
ok 'then what grows in one' sh_ "grep -A3 'grows in' out | sed -n 3p | grep -q '2\. .*1/1 .*session_new'"
ok 'the process that loses most comes first' \
    sh_ "sed -n '/^Each of them/,\$p' out | sed -n 4p | grep -q 'pod-7: .*session_new'"
ok 'a cache is no leak' sh_ '! grep -q cache_put out'

# Of each process, the same as of its dumps alone.
pp-diff --leaks --raw-counts --per '[folder]' -t csv pods | tr -d '"' > all.csv
for pod in 1 7 12; do
    pp-diff --leaks --raw-counts -t csv pods/pod-$pod | tr -d '"' | awk -F , 'NR > 1 { print $1 "," $2 "," $6 "," $7 "," $10 "," $11 "," $3 }' > want
    awk -F , -v pod=pod-$pod '$1 == pod { print $3 "," $4 "," $7 "," $8 "," $9 "," $10 "," $11 }' all.csv > got
    ok "pod $pod has rows" [ -s want ]
    ok "pod $pod alone" cmp want got
done
# The sums over all of them: of 9 pods, each 100 a dump, for 8 more dumps.
ok 'the loss is a sum' grep -q '^,,,main;serve;read;buffer_new,9,9,7200,' all.csv
ok 'and so are the first and the last values' grep -q ',945,7245,$' all.csv

ok 'JSON is JSON' sh_ "pp-diff --leaks --per '[folder]' -t json pods > json && node -e 'JSON.parse(require(\"fs\").readFileSync(\"json\"))'"
ok 'folded stacks have the pod at the root' sh_ "pp-diff --leaks --raw-counts --per '[folder]' -t folded pods > folded"
ok '... and the loss' grep -qx 'pod-7;main;serve;session_new 32000' folded
ok 'a picture' sh_ "pp-diff --leaks --per '[folder]' -t svg -o pods.svg pods && grep -q pod-7 pods.svg"
ok 'a page' sh_ "pp-diff --leaks --per '[folder]' -t html -o page.html pods && grep -q '<title>Leaks' page.html"

# The same with a label in the samples: the numbers of processes, as perf prints them, one file for all at a time.
for dump in 1 2 3 4 5 6; do
    for pid in 11 12 13; do
        size=$((pid == 12 ? dump * 1000 : 1000))
        printf 'app %d [000] %d.000000: %d bytes:\n\tffff0000 grow (/bin/app)\n\tffff1000 main (/bin/app)\n\n' $pid $dump $size
    done > all.$dump.perf
done
ok 'a label of samples' status 0 pp-diff --leaks --raw-counts --per '[tid]' -t csv all.*.perf
ok '... of which one grows' grep -q '^"12",6,grows,.*,6000,' out
ok '... and two do not' [ "$(grep -c '^"1[13]",6,no growth,' out)" = 2 ]
ok 'over all' grep -q '^,,,.*,3,1,6000,' out

ok 'a database of many' sh_ 'pp-convert --append -o all.sqlite all.*.perf'
pp-diff --leaks --raw-counts --per '[tid]' -t csv all.*.perf > want
ok '... is a series, too' sh_ "pp-diff --leaks --raw-counts --per '[tid]' -t csv all.sqlite | cmp - want"

ok 'a label that nothing has' sh_ "! pp-diff --leaks --per '[nosuch]' pods 2> err && grep -q \"no sample has the label 'nosuch'\" err"
ok 'no label' status 2 pp-diff --leaks --per main pods
ok 'a single dump each' sh_ "! pp-diff --leaks --per '[folder]' pods/pod-1/heap.1.folded pods/pod-2/heap.1.folded 2> err && grep -q 'two dumps or more' err"
all_passed
