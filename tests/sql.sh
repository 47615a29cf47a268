#!/bin/sh
# sql.sh BIN_DIR SOURCE_DIR - databases of profiles: what is read back is what was written; many profiles in one file;
# and the queries of docs/sql.md, whose answers must be those of pp-report and pp-diff. They are asked with Python's
# sqlite3, or with the program of this name.
set -eu
export LC_ALL=C
bin=$(cd "$1" && pwd) source=$(cd "$2" && pwd) failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH="$bin:$PATH"
data=$source/testdata/formats
cd "$work"

fail() {
    echo "$*" >&2
    failed=1
}

# same WHAT FILE FILE
same() {
    cmp -s "$2" "$3" || { fail "$1: not the same"; diff "$2" "$3" | head -5 >&2 || true; }
}

# --- back and forth --------------------------------------------------------

# Every golden case of every format: as text and as pprof, the same as without the detour. A file of several
# moments has rows that only these use, and is compared with the rows in their order.
n=0
for in in "$data"/*/*.in; do
    format=${in%/*} && format=${format##*/}
    [ "${in##*/sqlite/}" != many.in ] || continue # of the sum of several, samples of 0 are left out
    flags=$(sed 's/undetected//' "${in%.in}.flags" 2> /dev/null || true)
    # shellcheck disable=SC2086 # several words
    read_as() { pp-convert -q -f "$format" --no-symbolize --times $flags "$@" "$in"; }
    read_as -t sqlite -o x.sqlite 2> /dev/null || continue
    read_as -t text --all-frames > want
    pp-convert -q --no-symbolize --times --all-frames -t text x.sqlite > got
    same "$in as text" want got
    read_as -t pprof -o want.pb
    pp-convert -q --no-symbolize --times -t pprof -o got.pb x.sqlite
    case $format in
    heaptrack* | massif)
        pp-merge -q -o want.pb want.pb
        pp-merge -q -o got.pb got.pb
        ;;
    folded) same "$in as folded" want got ;; # its times are the order of lines, which a database does not keep
    esac
    [ "$format" = folded ] || same "$in as pprof" want.pb got.pb
    n=$((n + 1))
done
[ $n -gt 200 ] || fail "only $n cases were compared"

# --- many profiles ---------------------------------------------------------

cp "$source/testdata/demo.perf.txt.gz" recording.perf.gz
cp "$data/pprof/go-cpu.in" api.pb.gz
printf 'main;parse 10\nmain;send 5\n' > monday.folded
printf 'main;parse 12\nmain;send;parse 1\nmain;send 5\n' > tuesday.folded
printf 'main;parse 30\nmain;send;parse 1\nmain;stop 2\n' > wednesday.folded
sed -n '/^```text$/,/^```$/p' "$source/docs/sql.md" | grep '^pp-convert' > commands
[ "$(wc -l < commands)" = 2 ] || fail 'docs/sql.md has other commands'
sh -e commands
night=night.sqlite

for i in 2:api.pb.gz 3:monday.folded 4:tuesday.folded 5:wednesday.folded; do
    pp-merge -q -o want.pb "${i#*:}"
    pp-merge -q -o got.pb --profile="${i%:*}" $night
    same "profile $i" want.pb got.pb
    pp-merge -q -o got.pb --profile="${i#*:}" $night
    same "profile $i, by name" want.pb got.pb
done
pp-convert -t folded monday.folded tuesday.folded wednesday.folded > want
rm -f week.sqlite
pp-convert --append -o week.sqlite monday.folded
pp-convert --append -o week.sqlite tuesday.folded wednesday.folded
pp-convert -t folded week.sqlite > got
same 'the sum of three profiles' want got
pp-diff --leaks -t csv monday.folded tuesday.folded wednesday.folded > want
pp-diff --leaks -t csv week.sqlite > got
same 'a series' want got
pp-diff --leaks -t csv "$data/massif/grow.in" > want
pp-convert -t sqlite -o massif.sqlite "$data/massif/grow.in"
pp-diff --leaks -t csv massif.sqlite > got
same 'the moments of a recording' want got
pp-convert -t sqlite monday.folded | pp-convert -t folded > got
same 'through pipes' monday.folded got

# says STATUS WORDS COMMAND...
says() {
    want=$1 words=$2 status=0
    shift 2
    "$@" > /dev/null 2> said || status=$?
    [ $status = "$want" ] || fail "$*: status $status, not $want"
    grep -qe "$words" said || fail "$*: '$words' is not said: $(cat said)"
}
cp week.sqlite before
says 1 "there is no profile 'friday'" pp-convert --profile=friday week.sqlite
says 1 'holds a single profile' pp-convert --profile=1 monday.folded
says 2 'for --to=sqlite' pp-convert --append -o x.pb monday.folded
says 2 'needs --output' pp-convert --append -t sqlite monday.folded
says 2 'not for packed files' pp-convert --append -t sqlite -o api.pb.gz monday.folded
cp api.pb.gz api.pb
says 1 'is not a database' pp-convert --append -t sqlite -o api.pb monday.folded
says 1 'cannot open' pp-convert --append -o week.sqlite nosuch
says 1 "no column 'cpu'" pp-diff --leaks -i cpu week.sqlite
cmp -s week.sqlite before || fail 'failures have changed the file'
says 1 'cannot open' pp-convert --append -o new.sqlite nosuch
[ ! -e new.sqlite ] || fail 'a failure left a file'

# Runs at the same time wait for each other; one that is killed changes nothing.
for i in 1 2 3 4 5 6 7 8; do
    pp-convert -q --append -o together.sqlite monday.folded &
done
wait
pp-convert -t folded together.sqlite > got
printf 'main;parse 80\nmain;send 40\n' > want
same 'eight runs at the same time' want got
mkfifo pipe
pp-convert --append -o week.sqlite pipe &
killed=$!
{
    cat monday.folded
    kill -9 $killed
} > pipe
wait $killed 2> /dev/null || true
cmp -s week.sqlite before || fail 'a run that was killed has changed the file'

# --- queries ---------------------------------------------------------------

if python3 -c 'import sqlite3; assert sqlite3.sqlite_version_info >= (3, 39)' 2> /dev/null; then
    ask() {
        python3 -c '
import csv, sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute(sys.stdin.read().rstrip().rstrip(";"))
csv.writer(sys.stdout, lineterminator="\n", quoting=csv.QUOTE_MINIMAL).writerows(rows)' "$1"
    }
elif command -v sqlite3 > /dev/null && [ "$(sqlite3 :memory: 'SELECT sqlite_version() >= "3.39"')" = 1 ]; then
    ask() { sqlite3 -csv "$1"; }
else
    echo 'The queries were not asked: there is neither Python nor sqlite3 with SQLite 3.39.'
    exit $failed
fi

awk '/^```sql$/ { file = "query" ++n; next } /^```$/ { file = "" } file { print > file }' "$source/docs/sql.md"
[ "$(ls query* | wc -l)" = 10 ] || fail 'there are not ten queries'

# answers NUMBER WHAT < EXPECTED - both as CSV, in any order
answers() {
    sort > want
    ask $night < "query$1" > answer
    sort answer > got
    [ -s want ] || fail "query $1: nothing is expected"
    same "query $1, $2" want got
}
fields() { # fields N,N,N - columns of CSV, without quotes and the heading
    tail -n +2 | tr -d '"' | awk -F , -v list="$1" '
        { n = split(list, at, /,/); line = $(at[1]); for (i = 2; i <= n; i++) line = line "," $(at[i]); print line }'
}

pp-report top --csv --nodefraction=0 api.pb.gz | fields 3,1,2 | answers 1 'top'
pp-diff -t csv monday.folded wednesday.folded | fields 1,8,9,10 | grep -v ',0$' | answers 2 'growth'
printf '3,monday.folded,,10,\n4,tuesday.folded,,13,3\n5,wednesday.folded,,31,18\n' > totals
for day in monday tuesday wednesday; do
    total=$(pp-report top --csv $day.folded | sed -n 's/^[0-9]*,\([0-9]*\),"parse".*/\1/p')
    grep -q ",$day.folded,,$total," totals || fail "query 3: on $day it was $total"
done
answers 3 'when it grew' < totals
pp-report tags --csv api.pb.gz | grep '"task"' | sed '1i x' | fields 2,3 | answers 4 'by label'
for tid in $(pp-report tags --csv recording.perf.gz | tr -d '"' | awk -F , '$1 == "tid" { print $2 }'); do
    pp-report top -q --csv --nodefraction=0 --tag-focus="tid=$tid" recording.perf.gz | sed -n 2p | sed "s/^/$tid,/"
done | sed '1i x' | fields 1,4,2 | answers 5 'by thread'
pp-report peek main.spin --csv api.pb.gz | grep ',caller,' | sed '1i x' | fields 5,4 | answers 6 'callers'
pp-report top --csv --nodefraction=0 --files api.pb.gz | fields 3,1 | grep -v ',0$' | answers 7 'files'
pp-report top -q --csv --nodefraction=0 --nodecount=0 --time=:100ms recording.perf.gz | fields 3,1 | grep -v ',0$' | answers 8 'a range of time'
pp-convert -q -t text --no-symbolize --all-frames recording.perf.gz | awk '
    # lines of text: mapping N: ... FILE, sample VALUE VALUE, frames with "mapping N"
    /^mapping / { sub(":", "", $2); file[$2] = $4 }
    /^sample / { leaf(); value = $3 }
    /^    / { line = $0 }
    function leaf() {
        if (line ~ / mapping [0-9]+/) { sub(/.* mapping /, "", line); sub(/ .*/, "", line); sum[file[line]] += value }
        else if (line) sum[""] += value
        line = "" }
    END { leaf(); for (f in sum) printf "%s,%d\n", f, sum[f] }' | answers 9 'modules'
pp-convert -t folded monday.folded | answers 10 'folded stacks'
pp-convert -q -t folded --no-comm recording.perf.gz > want
sed 's/profile_id = 3/profile_id = 1/' query10 | ask $night > got
same 'folded stacks of a recording' want got
exit $failed
