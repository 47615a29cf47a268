#!/bin/sh
# reports.sh BIN_DIR SOURCE_DIR [--record] - compares the reports of pp-report with the output of
# Go's pprof for the same files: testdata/reports/<profile>.<report>. If pprof is on PATH, it is run again to
# verify these files; --record rewrites them.
#
# What differs on purpose is taken out of both: the time of a recording, which pprof writes in two
# ways in its history; the column numbers of raw, which the older one has not; its advertisement; how
# many edges a picture leaves out, which it forgets to count where no node is left out for room; and
# how errors are spelt. That pprof used to add up equal samples, and now leaves them as they are, shows
# in traces and raw of profiles that have such: they are not compared.
set -eu
PATH=$(cd "$1" && pwd):$PATH
cd "$2/testdata/reports"
export TZ=UTC LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

common() {
    sed -E -e 's/^Time: .*/Time:/' -e 's/Time: [^\\]*\\l/Time:\\l/' \
        -e 's/:([0-9]+):[0-9]+ s=/:\1 s=/' -e 's/\\l\\lSee https:[^"]*graph//' \
        -e 's/\\lDropped [0-9]+ edges? [^)]*\)//' -e 's/: No such file/: no such file/'
}

same() { # same NAME WANT GOT
    if diff -u "$2" "$3"; then
        passed=$((passed + 1))
    else
        echo "$1 differs"
        failed=$((failed + 1))
    fi
}

check() { # check PROFILE NAME PPROF_OPTIONS PP_ARGUMENTS
    file=../formats/pprof/$1.in want=$1.$2
    [ -e "$file" ] || file=$1.in
    if command -v pprof > /dev/null; then
        # shellcheck disable=SC2086 # several options
        pprof -symbolize=none $3 "$file" > "$work/out" 2> /dev/null || true
        common < "$work/out" > "$work/theirs"
        [ -z "$record" ] || cp "$work/theirs" "$want"
        same "pprof's own $want" "$want" "$work/theirs"
    fi
    # shellcheck disable=SC2086
    pp-report $4 "$file" > "$work/out" 2> "$work/err" || echo "$want: status $?" >> "$work/out"
    # That there is nothing to show pprof says on standard error, too.
    sed '/: no samples are left after the rules/d; /: the profile has no \(labels\|comments\)$/d' "$work/err" >> "$work/out"
    common < "$work/out" > "$work/ours"
    same "$want" "$want" "$work/ours"
}

record=${3:-}
for profile in calls go-cpu go-heap; do
    baseof=../formats/pprof/$profile.in # less itself, nothing is left
    [ -e "$baseof" ] || baseof=$profile.in
    check $profile top -top top
    check $profile top-cum '-top -cum -nodecount=4' 'top --cum -n 4'
    check $profile top-lines '-top -lines -unit=ms' 'top --lines --unit ms'
    [ $profile = calls ] || check $profile top-files '-top -files' 'top --files'
    check $profile top-first '-top -sample_index=0 -divide_by=3' 'top -i 0 --divide-by 3'
    check $profile tree -tree tree
    check $profile tree-trimmed '-tree -nodefraction=0.2 -edgefraction=0.1' \
        'tree --nodefraction 0.2 --edgefraction 0.1'
    check $profile peek -peek=main 'peek main'
    check $profile filefunctions '-top -filefunctions -trim_path=/src' 'top --filefunctions --trim-path /src'
    check $profile addresses '-top -addresses -nodecount=5' 'top --addresses -n 5'
    check $profile graph-small '-dot -nodecount=3 -lines' 'graph -n 3 --lines'
    check $profile list '-list=^main\.|^Pool|walk' 'list ^main\.|^Pool|walk'
    check $profile list-source '-list=^main -source_path=../formats/pprof -trim_path=/tmp/example' \
        'list ^main --source-path ../formats/pprof --trim-path /tmp/example'
    check $profile base "-top -base=$baseof" "top --base $baseof"
    check $profile diff-base "-top -diff_base=$baseof" "top --diff-base $baseof"
    check $profile normalize "-top -normalize -diff_base=$baseof" "top --normalize --diff-base $baseof"
    check $profile focus '-top -focus=main' 'top --focus main'
    check $profile relative '-top -relative_percentages -ignore=runtime' \
        'top --relative-percentages --ignore runtime'
    [ $profile = go-heap ] || check $profile traces -traces traces
    check $profile tags -tags tags
    [ $profile != calls ] || check $profile raw -raw raw
    check $profile comments -comments comments
    check $profile graph -dot graph
done

# pprof prints several lines for a file if it knows where its functions begin; ours were added up by hand.
pp-report top --files calls.in > "$work/ours"
same calls.files calls.files "$work/ours"

# A call graph without stacks is not merged with what has frames to drop.
cat > "$work/cg" << 'END'
version: 1
creator: callgrind-3.19.0
events: alloc_space(bytes)
fn=main
1 10
cfn=malloc
calls=1 1
1 20
fn=malloc
1 5
cfn=brk
calls=1 1
1 15
fn=brk
1 15
totals: 30
END
pp-report top --csv --no-trim "$work/cg" ../formats/dhat/rust.in > "$work/ours" 2> "$work/err"
pp-report top --csv --no-trim --ignore=nothing_has_this_name "$work/cg" ../formats/dhat/rust.in > "$work/want" 2> "$work/err"
same calls.merged "$work/want" "$work/ours"

# The empty file that callgrind writes besides those of threads is no obstacle, unless it is alone.
: > "$work/cg"
cp ../formats/callgrind/plain.in "$work/cg-01"
pp-report top --csv "$work/cg-01" > "$work/want" 2> "$work/err"
if pp-report top --csv "$work/cg" "$work/cg-01" > "$work/ours" 2> "$work/err" && cmp -s "$work/want" "$work/ours" &&
    grep -q 'files of its threads' "$work/err" && ! pp-report top "$work/cg" > "$work/ours" 2> "$work/err"; then
    passed=$((passed + 1))
else
    failed=$((failed + 1)) && cat "$work/err"
fi

# Files tell which frames are those of Rust's allocator, even for reports that show no files.
cat > "$work/dhat" << 'END'
{"dhatFileVersion":2,"mode":"heap","verb":"Allocated","bklt":true,"bkacc":false,"tu":"instrs","Mtu":"Minstr","tuth":500,
"cmd":"./app","pid":1,"tg":5,"te":9,"pps":[{"tb":40,"tbk":1,"tl":4,"mb":40,"mbk":1,"gb":40,"gbk":1,"eb":40,"ebk":1,"fs":[1,2,3]}],
"ftbl":["[root]","0x1: alloc (/rustc/1/library/alloc/src/alloc.rs:95)","0x2: remember (/app/main.rs:5)","0x3: main (/app/main.rs:9)"]}
END
pp-report top --csv "$work/dhat" > "$work/ours" 2> "$work/err"
if grep -q '"alloc"' "$work/ours" || ! grep -q remember "$work/ours"; then
    failed=$((failed + 1)) && cat "$work/ours"
else
    passed=$((passed + 1))
fi

echo "$passed passed, $failed failed"
[ $failed = 0 ]
