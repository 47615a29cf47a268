#!/bin/sh
# command_line.sh BUILD_DIR - messages about wrong options and numbers, and completions. zsh and fish are tested where
# they are installed.
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
    head -n 40 out | cut -c 1-200 | sed 's/^/    /'
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
for report in list weblist peek; do
    says 1 "no function matches 'nosuch'" pp-report $report nosuch small.folded
done
echo 'a 9000000000000000000' > huge.folded
says 1 'cannot be added to the series: the sum of a column exceeds 64 bits' pp-diff --leaks huge.folded huge.folded
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

for number in 0; do
    for option in jobs max-depth symbol-time; do
        says 2 "--$option must be at least 1" pp-convert --$option=$number small.folded
    done
    says 2 '--width must be at least 1' pp-flamegraph --width=$number small.folded
done
for option in max-size max-memory symbol-memory; do
    says 2 "--$option must be at least 1" pp-flamegraph --$option=0 small.folded
done
says 2 "there is no file 'foo'" pp-flamegraph --colors-by=foo small.folded
says 1 'cannot open' pp-flamegraph --colors-by=./foo small.folded
says 2 'exceeds the total' pp-flamegraph --minwidth=200% small.folded

# --- names of options ---------------------------------------------------------

pp-convert --help > help
pp-convert -h > out 2>&1 && cmp -s help out || fail '-h is --help'
says 0 'pp-convert (pp)' pp-convert -V
says 0 'pp-convert (pp)' pp-convert -qV small.folded
says 0 'pp-convert (pp)' pp-convert --vers
says 0 'main;f 1' pp-convert --show_from=main --quie small.folded
says 0 '<svg' pp-flamegraph --inv --titl=x small.folded
says 2 "'--no' may be --no-" pp-convert --no small.folded
says 2 "unknown option '--focsu'; did you mean --focus?" pp-convert --focsu main small.folded
says 2 "unknown option '--nosuchoption'" pp-convert --nosuchoption small.folded
says 2 "unknown option '-title'; did you mean --title?" pp-flamegraph -title x small.folded
says 2 "unknown option '-Z'" pp-convert -Z small.folded
says 2 "unknown option '--=x'" pp-convert --=x small.folded

# One word for one thing: what one tool calls so, another does too.
for form in csv json; do
    pp-report top --$form small.folded > one
    pp-report top -t $form small.folded > out && cmp -s one out || fail "pp-report -t $form"
    pp-diff -t $form small.folded small.folded > one
    pp-diff --$form small.folded small.folded > out && cmp -s one out || fail "pp-diff --$form"
done
says 2 "--to must be text, csv or json, not 'x'" pp-report top -t x small.folded
says 0 'Showing top 1 nodes out of 2' pp-report top --rows=1 small.folded
says 0 '2 functions did not change' pp-diff --base small.folded --after small.folded
for palette in java hot blue; do
    pp-flamegraph --colors=$palette small.folded > one
    pp-flamegraph --color=$palette small.folded > out && cmp -s one out || fail "--color=$palette"
done
says 0 '<svg' pp-flamegraph --color=never small.folded
says 2 'not '"'nosuch'"'; the palettes are hot hot-classic mem io java' pp-flamegraph --color=nosuch small.folded
says 2 "unknown palette 'foo'; there are hot hot-classic mem io java" pp-flamegraph --colors=foo small.folded
says 0 '#ff0000' pp-flamegraph --search-color=red small.folded

# --- outputs that would not be what they are called ---------------------------

# Nothing is written under the suffix of a format that is not written, by any tool.
for suffix in cpuprofile heap heapsnapshot heaptrack jfr massif ms perf.data thread xt; do
    for tool in convert merge report flamegraph info symbolize; do
        says 2 'cannot write .' pp-$tool -o "wrong.$suffix" small.folded
    done
    says 2 'cannot write .' pp-diff -o "wrong.$suffix" small.folded small.folded
    [ ! -e "wrong.$suffix" ] || fail "wrong.$suffix is written"
done
for suffix in csv pb svg xml; do
    says 2 'cannot write .' pp-info -o "wrong.$suffix" small.folded
done
pp-convert -o any.xyz small.folded || fail "an unknown suffix is refused"
pp-info -o info.json small.folded
[ "$(head -c 1 info.json)" = '[' ] || fail 'pp-info -o info.json is no JSON'
for name in packed.svgz packed.svg.gz; do
    pp-flamegraph -o $name small.folded
    gzip -dc < $name | grep -q '</svg>' || fail "$name is no packed picture"
done
says 2 'cannot write .svg' pp-convert -o a.svg small.folded
says 2 'cannot write .json' pp-convert -o a.json small.folded
says 2 'cannot write .png; pp-flamegraph writes .svg' pp-flamegraph -o a.png small.folded
says 2 'cannot write .pb' pp-flamegraph -o a.pb.gz small.folded
says 2 'cannot write .svg' pp-merge -o m.svg small.folded
pp-convert -o a.stacks small.folded && cmp -s a.stacks small.folded || fail 'any other name is as good'
pp-convert -t folded -o a.json small.folded && cmp -s a.json small.folded || fail '--to is the last word'
pp-report top --csv small.folded > one
pp-report top -o r.csv small.folded && cmp -s one r.csv || fail 'a report is what its name says'
pp-report graph small.folded > one
pp-report graph -o r.dot small.folded && cmp -s one r.dot || fail 'graphs may be called .dot'
says 2 'cannot write .svg; reports are .txt' pp-report top -o r.svg small.folded
pp-report top -o r.txt small.folded && test -s r.txt || fail 'reports may be called .txt'
says 2 'cannot write .dot' pp-report top -o r2.dot small.folded
for form in csv:csv json:json md:md svg:svg html:html folded:folded pb:pprof pb.gz:pprof; do
    pp-diff -t ${form#*:} -o one.${form%:*} small.folded small.folded &&
        pp-diff -o named.${form%:*} small.folded small.folded &&
        cmp -s one.${form%:*} named.${form%:*} || fail "pp-diff -o named.${form%:*} is ${form#*:}"
done
says 2 'cannot write .png' pp-diff -o d.png small.folded small.folded
says 2 '--output needs the name of a file' pp-convert -o '' small.folded
[ ! -e a.svg ] && [ ! -e a.png ] && [ ! -e m.svg ] || fail 'nothing is written under such a name'

# --- options that would be ignored ----------------------------------------------

if pp-convert --symbolize small.folded 2>&1 | grep -q 'built without libdw'; then
    says 2 'built without libdw' pp-convert --binary=nosuchfile small.folded
else
    for option in binary debug-dir perf-map kallsyms; do
        says 1 "nosuchfile: --$option: No such file" pp-convert --$option=nosuchfile small.folded
    done
fi
says 2 '-0 is for --files-from' pp-merge -0 small.folded
printf 'small.folded\000small.folded\000' > list
says 1 'also give -0' pp-merge -t folded --files-from=list
says 0 'main;f 2' pp-merge -t folded -0 --files-from=list
says 2 '--subtract is for --to=pprof' pp-diff --subtract small.folded small.folded
says 2 '--rounded is for --normalize with --to=folded' pp-diff --rounded -t folded small.folded small.folded
says 2 '--rounded is for --normalize with --to=folded' pp-diff --rounded --normalize small.folded small.folded
says 2 '--negate is for --to=svg and html' pp-diff --negate small.folded small.folded
says 2 '--elided is for --to=svg' pp-diff --elided -t html small.folded small.folded
says 2 '--leaks takes no --negate' pp-diff --leaks --negate small.folded small.folded
says 2 '--title is for --to=svg and html' pp-diff --title=x small.folded small.folded
says 2 '--height is for --to=svg and html' pp-diff --leaks --height=20 small.folded small.folded
says 2 '--no-javascript is for --to=svg' pp-diff -t html --no-javascript small.folded small.folded
says 0 "--unit=ms is ignored: the values are in 'count'" pp-report top --unit=ms small.folded
pp-report top --unit=ms -q small.folded > out && pp-report top small.folded | cmp -s - out ||
    fail '--unit of another kind changes nothing'
says 0 'What changed' pp-diff -t svg --title='What changed' --width=600 small.folded small.folded
says 0 'width="600"' pp-diff -t svg --width=600 small.folded small.folded

# Every option that both draw with does the same in pp-diff as in pp-flamegraph of the same two columns.
printf 'main;f 3\nmain;g;h 4\n' > before.folded
printf 'main;f 5\nmain;g;h 1\n' > after.folded
printf 'main;f 3 5\nmain;g;h 4 1\n' > two.folded
printf 'f\ttitle=what f does\n' > attrs
while read -r options; do
    # shellcheck disable=SC2086 # several words
    pp-flamegraph --title=T $options two.folded > one &&
        pp-diff -t svg --title=T $options before.folded after.folded | sed 's/pp-diff --to html/pp-flamegraph --to html/' > out &&
        cmp -s one out ||
        fail "pp-diff -t svg $options draws what pp-flamegraph does"
done <<'END'
--subtitle=S --notes=N --nametype=N: --countname=things
--factor=2.5 --total=20
--nameattr=attrs --encoding=ISO-8859-1
--width=700 --height=20 --minwidth=3 --fonttype=mono --fontsize=10 --fontwidth=0.6
--min-width=20% --text-truncate-direction=left
--max-frames=2
--bgcolors=blue --uicolor=red --stroke-color=black --search-color=green
--dark --inverted
--light --reverse --no-sort
--pretty-xml --no-javascript
END

# --- inputs that are not what they are called ---------------------------------

printf 'Dear reader,\n\nthis is\nprose\nand not\n' > prose.txt
says 1 'this is text, but not in a format' pp-convert prose.txt
says 1 "is probably not 'folded'" pp-convert -f folded prose.txt
says 1 "is probably not 'perf-script'" pp-convert -f perf-script prose.txt
says 1 'this is a program or library' pp-convert "$build/pp-convert"
printf 'x 1\n' | gzip -c | cat - > packed.gz
says 0 'x 1' pp-convert packed.gz
mkdir -p folder/below && cp small.folded folder/below/
says 0 'main;f 1' pp-convert folder
says 0 'main' pp-report top --cum folder
says 0 'folder/below/small.folded:' pp-info folder
says 0 '2 functions did not change' pp-diff small.folded folder
printf 'nothing but prose\n' > line.txt
says 1 "is probably not 'folded'" pp-convert -f folded line.txt
says 2 "'top' goes before the files" pp-report small.folded top

# Scaling 1 + 1 + 1 to 8 is 2 2/3 for each: cut as difffolded.pl does, a quarter is lost, and that is said.
printf 'a 1\nb 1\nc 1\n' > ones.folded
echo 'a 8' > eight.folded
says 0 'leaves out 25% of it; see --rounded' pp-diff --normalize -t folded ones.folded eight.folded
pp-diff --normalize -q -t folded ones.folded eight.folded > out
printf 'a 2 8\nb 2 0\nc 2 0\n' | cmp -s - out || fail 'pp-diff --normalize -t folded cuts'
pp-diff --normalize --rounded -t folded ones.folded eight.folded > out 2>&1
printf 'a 3 8\nb 3 0\nc 2 0\n' | cmp -s - out || fail 'pp-diff --normalize --rounded -t folded rounds'

# A source whose path is too long for the system is not found, rather than another.
long=$(printf 'd%.0s/' $(seq 2100))
printf 'int main;\n' > f.c
printf 'app 1 1.0: 5 cycles:\n\t10 f+0x1 (/app)\n  %sf.c:1\n\n' "$long" > long.perf
says 0 'could not find file d/d/d/' pp-report list . --source-path="$PWD" long.perf

# An error is printed at once, whatever a slow pipe may still bring: with two threads as with one.
{ printf 'a 9000000000000000000\na 9000000000000000000\n' && seq 60000 | sed 's/^/a;b/; s/$/ 1/'; } | head -c 300000 > bad.folded
for jobs in 1 2; do
    { cat bad.folded && sleep 20; } | timeout 15 pp-convert -j $jobs -f folded - > out 2>&1 && status=0 || status=$?
    [ $status = 1 ] && grep -q 'exceeds 64 bits' out || fail "-j $jobs: status $status of what is wrong, with a slow pipe"
done

# What flamegraph.pl writes into a palette.map: the root has no name there.
printf -- '->rgb(213,39,9)\nf->rgb(1,2,3)\n' > palette.map
says 0 'fill="#010203"' pp-flamegraph --strict --cp small.folded
grep -q '^f->rgb(1,2,3)$' palette.map || fail 'a palette.map keeps its colours'

printf 'app 1 1.0: 5 cycles:\n\t10 f (/app)\n\n' > cycles.perf
says 0 "column 'cycles' is in 1 of 2 profiles, and is left out" pp-merge -o merged.pb small.folded cycles.perf

# What has neither stack nor command is nowhere in a picture.
printf ' 7\na;b 3\n' > bare.folded
for to in svg html term; do
    says 0 "70% of all has neither stack nor command" pp-flamegraph -f folded -t $to bare.folded
done
says 1 'neither stack nor command' pp-flamegraph -f folded --strict bare.folded

# --- what --verbose adds ------------------------------------------------------

says 0 '2 frames on 2 levels; 0.00% of the total is in frames' pp-flamegraph -v small.folded
says 0 'anonymize: 2 frames matched' pp-convert --explain --anonymize small.folded

# --- help and completions --------------------------------------------------

# --to in the help of pp-diff names each output that it has.
pp-diff --help > help
pp-diff --to=nosuch small.folded small.folded 2> out || true
sed -n 's/.* are \(table.*\)/\1/p' out | sed 's/,//g; s/ and / /' | tr ' ' '\n' > outputs
[ -s outputs ] || fail 'pp-diff names its outputs'
while read -r output; do
    grep -e '--to=' help | grep -qw "$output" || fail "pp-diff --help names --to=$output"
done < outputs

pp-report --help | sed -n '/^Reports:/,/^$/s/^  \([a-z]*\).*/\1/p' > reports
[ "$(grep -c . reports)" -gt 10 ] || fail 'pp-report --help lists its reports'

# The other two offer values from lists that stand in their files.
grep -q -- '--to=.*:(svg html term)' "$build/completions/zsh/_pp-flamegraph" || fail 'zsh offers --to'
grep -q -- '-l sample-type -s i ' "$build/completions/fish/pp-info.fish" || fail 'fish offers short options'
grep -q -- "-l to .*-a 'svg html term'" "$build/completions/fish/pp-flamegraph.fish" || fail 'fish offers --to'

# Values come from tables: every format to read and to write, every granularity.
pp-convert --list-formats | sed -n 's/^\([^ ]*\) *r[-w] .*/\1/p' | paste -sd ' ' > readable
pp-convert --list-formats | sed -n 's/^\([^ ]*\) *[r-]w .*/\1/p' | paste -sd ' ' > writable
levels='functions filefunctions files lines addresses modules'
for want in "from $(cat readable)" "to $(cat writable)" "granularity $levels"; do
    option=${want%% *} values=${want#* }
    [ -n "$values" ] || fail "there are values of --$option"
    for shell in bash/pp-convert zsh/_pp-convert fish/pp-convert.fish; do
        grep -q -- "$option.*[('=]$values[)']" "$build/completions/$shell" || fail "$shell offers the values of --$option"
    done
done

# Each shell offers every report where the first word stands.
# bash_offers TOOL WORD...: what bash would offer for the last word, after the others.
bash_offers() {
    printf '%s\n' ". $build/completions/bash/$1" 'COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))' \
        'compopt() { :; }' "_$(echo "$1" | tr - _)" | sed '$s/$/ "$1" "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"/' > script
    echo 'printf "%s\n" "${COMPREPLY[@]}"' >> script
    bash script "$@" > out 2>&1 || fail "bash takes the completions of $1"
}
offered() { # offered WORD WHAT
    grep -qx -- "$1" out || fail "bash does not offer $1 $2"
}
bash_offers pp-flamegraph --to = ''
offered svg 'after --to='
bash_offers pp-flamegraph --to = h
offered html 'after --to=h'
[ "$(wc -l < out)" = 1 ] || fail 'bash offers more than html'
bash_offers pp-flamegraph -c ja
offered java 'after -c'
bash_offers pp-convert --demangle ''
offered simple 'after --demangle'
bash_offers pp-convert --from = jem
offered jemalloc 'after --from=jem'
bash_offers pp-convert -t ''
offered folded 'after -t'
! grep -qx jemalloc out || fail 'bash offers to write what can only be read'
bash_offers pp-report --granularity = ''
offered filefunctions 'after --granularity='
bash_offers pp-diff --by = ''
offered self 'after --by='
# Where a file may be named as well, both are offered.
bash_offers pp-flamegraph --colors-by = ''
offered package 'after --colors-by='
offered small.folded 'after --colors-by='
bash_offers pp-flamegraph --rules = small
offered small.folded 'after --rules=small'
grep -q -- '--colors-by=.*:{compadd -- module file package; _files}' "$build/completions/zsh/_pp-flamegraph" ||
    fail 'zsh offers what --colors-by takes, and files'
grep -q -- "-l colors-by -r -a 'module file package'" "$build/completions/fish/pp-flamegraph.fish" ||
    fail 'fish offers what --colors-by takes, and files'
bash_offers pp-convert --qu
offered --quiet ''
bash_offers pp-report ''
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
