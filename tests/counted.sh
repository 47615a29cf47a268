#!/bin/bash
# counted.sh BIN_DIR SOURCE_DIR CC - the gate of docs/heap-profiles.md with counts by valgrind: a program that executes
# more instructions fails it, and two runs of the same program do not. callgrind_annotate computes the same sums from
# pp's output as `pp-report top`.
set -eu
bin=$(cd "$1" && pwd) cc=${3:-cc}
command -v valgrind callgrind_annotate > /dev/null || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
fail() {
    echo "counted.sh: $*" >&2
    exit 1
}

cat > app.c << 'END'
static __attribute__((noinline)) int work(int n)
{
    volatile int sum = 0;
    for (int i = 0; i < n; i++)
        sum += i;
    return sum;
}
static __attribute__((noinline)) int fib(int n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
int main(void)
{
    return work(WORK) + fib(15) == 0;
}
END
"$cc" -O1 -g -DWORK=100000 -o before app.c
"$cc" -O1 -g -DWORK=103000 -o after app.c
count() { # count PROGRAM FILE
    valgrind -q --tool=callgrind --callgrind-out-file="$2" "./$1" 2> /dev/null || fail "valgrind cannot run $1"
}
count before before.callgrind
count before again.callgrind
count after after.callgrind

gate() {
    status=0
    "$bin/pp-diff" -q --fail-if "total > 1%" -i Ir "$@" > table 2>&1 || status=$?
    echo "$status"
}
[ "$(gate before.callgrind again.callgrind)" = 0 ] || fail "two runs of one program differ: $(cat table)"
[ "$(gate before.callgrind after.callgrind)" = 3 ] || fail "three percent more were not seen: $(cat table)"

# What a function costs itself and in all, by callgrind_annotate: "fib'2" is a level of fib.
"$bin/pp-convert" -q -t callgrind -o written before.callgrind
annotated() { # annotate NAME [OPTION] - the number of a function
    callgrind_annotate --threshold=100 --auto=no "${@:2}" written |
        sed -nE "s/^ *([0-9,]+) .*:$1( \[.*)?\$/\1/p" | tr -d , | head -n 1
}
top() { # top NAME COLUMN
    "$bin/pp-report" top -q --csv --no-trim before.callgrind | awk -F, -v f="\"$1\"" -v c="$2" '$3 == f { print $c }'
}
for f in work main; do
    [ "$(annotated $f)" = "$(top $f 1)" ] || fail "$f itself: $(annotated $f), not $(top $f 1)"
    [ "$(annotated $f --inclusive=yes)" = "$(top $f 2)" ] || fail "$f in all: $(annotated $f --inclusive=yes), not $(top $f 2)"
done
[ "$(annotated fib --inclusive=yes)" = "$(top fib 2)" ] || fail "fib, which calls itself: $(annotated fib --inclusive=yes), not $(top fib 2)"
[ "$(top work 1)" -gt 300000 ] || fail "work costs $(top work 1)"

# The lines of a function, in every column, add up to what the function costs.
"$bin/pp-report" list -q --all-columns '^work$' before.callgrind > listed
grep -q '^ *Ir  *calls (flat)$' listed || fail "no names of columns: $(cat listed)"
sum=$(awk '/:/ && $1 ~ /^[0-9]+$/ && $2 ~ /^([0-9]+|\.)$/ && $3 ~ /^[0-9]+:/ { sum += $1 } END { print sum }' listed)
[ "$sum" = "$(top work 1)" ] || fail "the lines of work add up to $sum, not $(top work 1)"
