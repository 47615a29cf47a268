#!/bin/sh
# viewers.sh BIN_DIR SOURCE_DIR - output for viewers, made from the golden inputs, is read back with the
# same columns, stacks, threads and times; is the same for any number of threads; and is refused or cut where
# a viewer would fail.
set -eu
bin=$(cd "$1" && pwd)
data=$2/testdata/formats
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

complain() {
    echo "$1"
    bad=1
}

convert() {
    "$bin/pp-convert" -q "$@"
}

# The columns that a profile has.
columns() {
    convert -t text "$1" | sed -n 's/^column \([^/]*\).*/\1/p'
}

# same WHAT COLUMN OPTIONS... - whether column COLUMN of $in is that of $out. Firefox has one column,
# which has no name of its own.
same() {
    what=$1 column=$2
    shift 2
    convert -t folded -i "$column" "$@" "$in" > "$work/want"
    [ "$format" = firefox ] || set -- -i "$column" "$@"
    convert -t folded "$@" "$out" > "$work/got" || true
    cmp -s "$work/want" "$work/got" || complain "$in as $format: $what is not what it was"
}

# write OPTIONS... - $in as $format in $out, the same with one thread and with three.
write() {
    convert -j 1 -t "$format" "$@" -o "$out" "$in"
    convert -j 3 -t "$format" "$@" -o "$out.3" "$in"
    cmp -s "$out" "$out.3" || complain "$in as $format: not the same bytes with three threads"
}

# --- what comes back -------------------------------------------------------

inputs="speedscope/evented firefox/gecko firefox/flags firefox/old otlp/everything otlp/json
    cpuprofile/children heapprofile/plain chrome-trace/spans pprof/go-cpu pprof/everything
    perf-script/java folded/recorded"
for input in $inputs; do
    in=$data/$input.in
    [ -e "$in" ] || continue
    for column in $(columns "$in"); do
        format=firefox out=$work/out.json
        write -i "$column"
        same "column $column" "$column" --no-comm
        case $input in # other labels than those of threads have no place
        firefox/* | chrome-trace/*) same "column $column by thread" "$column" --tag-root thread,pid,tid ;;
        esac
    done
    format=otlp out=$work/out.otlp
    write
    for column in $(columns "$in"); do
        [ "$input" = pprof/everything ] || # where names for the linker alone become names
            same "column $column" "$column" --all-frames
    done
    convert -t folded "$in" | grep -q -- '-[0-9]*$' && continue
    format=speedscope out=$work/out.speedscope.json
    write
    for column in $(columns "$in"); do
        same "column $column" "$column" --no-comm
    done
done

# Nothing at all of OTLP is lost in OTLP.
for input in otlp/everything otlp/json otlp/old; do
    convert --times -t otlp -o "$work/out.otlp" "$data/$input.in"
    convert --times -t text "$data/$input.in" > "$work/want"
    convert --times -t text "$work/out.otlp" | diff "$work/want" - > "$work/difference" ||
        complain "$input is another profile after it was written: $(cat "$work/difference")"
done

# --- times -----------------------------------------------------------------

for format in speedscope firefox otlp; do
    in=$data/cpuprofile/children.in out=$work/timed.json
    [ $format != otlp ] || out=$work/timed.otlp
    write --times -i wall
    convert --times -t text "$out" | grep -c '^sample .*time' > "$work/got"
    [ "$(cat "$work/got")" -ge 2 ] || complain "times are lost in $format"
done

# --- what viewers cannot take ----------------------------------------------

printf 'a;b 3\na;c -2\n' > "$work/negative.folded"
if "$bin/pp-convert" -t speedscope "$work/negative.folded" > "$work/got" 2> "$work/why"; then
    complain 'negative weights are written for speedscope, which refuses them'
fi
grep -q 'firefox' "$work/why" || complain 'it is not said what can hold negative values'
in=$work/negative.folded format=firefox out=$work/out.json
write
same 'a negative value' samples

awk 'BEGIN { printf "root"; for (i = 0; i < 9000; i++) printf ";f%d", i; print " 7" }' > "$work/deep.folded"
"$bin/pp-convert" -t speedscope -o "$work/deep.json" "$work/deep.folded" 2> "$work/why"
grep -q 'deeper than' "$work/why" || complain 'a cut stack is not reported'
convert -t folded "$work/deep.json" | tr ';' '\n' > "$work/got"
[ "$(wc -l < "$work/got")" -eq 8000 ] || complain 'a stack is not cut to what speedscope opens'
grep -q '^(1002 frames elided)$' "$work/got" || complain 'it is not said how much was cut'
[ "$(tail -n 1 "$work/got")" = 'f8999 7' ] || complain 'the leaf of a stack that was cut is lost'

exit $bad
