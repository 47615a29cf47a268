#!/bin/sh
# command_line.sh BUILD_DIR - what tools say of words and numbers that make no sense, and what the
# shells complete. zsh and fish are asked where they are installed.
set -eu
PATH=$(cd "$1" && pwd):$PATH
build=$(cd "$1" && pwd)
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0
echo 'main;f 1' > small.folded

fail() {
    echo "$1"
    sed 's/^/    /' out
    failed=$((failed + 1))
}

says() { # says STATUS TEXT COMMAND...
    wanted=$1 text=$2
    shift 2
    "$@" > out 2>&1 < /dev/null && status=0 || status=$?
    [ $status = "$wanted" ] && grep -qF -- "$text" out || fail "$*: status $status, without '$text'"
}

# --- words and numbers that make no sense ----------------------------------

says 2 "there is no report and no file 'nosuch'; the reports are top, tree, peek" pp-report nosuch
says 1 'nosuch.folded: cannot open' pp-report nosuch.folded
says 2 "'peek' needs a REGEX" pp-report peek
cp small.folded nosuch
says 0 main pp-report nosuch
says 0 main pp-report top small.folded
says 2 "cannot write 'nosuch'" pp-diff --to=nosuch small.folded small.folded
for number in nan inf -inf 1e999 1x '' ' '; do
    says 2 "--divide-by needs a number, not '$number'" pp-report top --divide-by="$number" small.folded
    says 2 "--fontsize needs a number, not '$number'" pp-flamegraph --fontsize="$number" small.folded
done
for number in -1 4294967296 0x10 1.5; do
    says 2 "--jobs needs a number, not '$number'" pp-convert --jobs=$number small.folded
done
for size in 1e3 -1 99999999t g 1kb; do
    says 2 "--max-size needs a size" pp-convert --max-size=$size small.folded
done

# --- help and completions --------------------------------------------------

# --to in the help of pp-diff names each output that it has.
pp-diff --help > help
pp-diff --to=nosuch small.folded small.folded 2> out || true
sed -n "s/.*there are \\(.*\\)/\\1/p" out | sed 's/,//g; s/ and / /' | tr ' ' '\n' > outputs
[ -s outputs ] || fail 'pp-diff names its outputs'
while read -r output; do
    grep -e '--to=' help | grep -qw "$output" || fail "pp-diff --help names --to=$output"
done < outputs

pp-report --help | sed -n '/^Reports:/,/^$/s/^  \([a-z]*\).*/\1/p' > reports
[ "$(grep -c . reports)" -gt 10 ] || fail 'pp-report --help lists its reports'

# Each shell offers every report where the first word stands.
printf '%s\n' ". $build/completions/bash/pp-report" \
    'eval "$(complete -p pp-report | sed "s/^complete/compgen/; s/ pp-report$//")"' > script
bash script > out 2>&1 || fail 'bash takes its completions'
while read -r report; do
    grep -qx "$report" out || fail "bash does not complete $report"
done < reports
if command -v fish > /dev/null; then
    fish --no-config -c "source $build/completions/fish/pp-report.fish; complete -C 'pp-report '" > out
    while read -r report; do
        grep -q "^$report	" out || fail "fish does not complete $report"
    done < reports
fi
if command -v zsh > /dev/null; then
    for tool in "$build"/completions/zsh/*; do
        zsh -f -n "$tool" > out 2>&1 || fail "zsh cannot read $tool"
    done
    # What _arguments would be given, and what _describe would offer.
    zsh -f -c "_arguments() { print -l -- \$firsts }; . $build/completions/zsh/_pp-report" > out 2>&1 ||
        fail 'zsh takes its completions'
    while read -r report; do
        grep -q "^$report:." out || fail "zsh does not complete $report"
    done < reports
fi
[ $failed = 0 ] || exit 1
echo passed
