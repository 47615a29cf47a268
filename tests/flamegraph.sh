#!/bin/bash
# flamegraph.sh BIN_DIR SOURCE_DIR - the options of pp-flamegraph, and that what is wrong with the
# graphs of flamegraph.pl and inferno-flamegraph is not wrong with ours. Each check says what is true.
. "${0%/*}/checks.sh"

# titles OPTION... < FOLDED - "depth title" of the frames, the outermost being 1
titles() {
    pp-flamegraph -q -f folded "$@" | sed -n 's/^<[ga][^>]*><title>\(.*\)<\/title><rect x="\([^"]*\)" y="\([^"]*\)".*/\3 \2 \1/p' |
        awk 'NR == 1 { y = $1; next } { d = (y - $1) / 16; sub(/^[^ ]* [^ ]* /, ""); print (d < 0 ? -d : d), $0 }'
}

draws() { # draws FOLDED WANTED OPTION... - these frames, in the order of a walk
    local folded=$1 wanted=$2
    shift 2
    printf "$folded" | titles "$@" | sed 's/ samples, [0-9.]*%//' | diff -u <(printf "$wanted") -
}

has() { # has TEXT OPTION... - the graph of main;work has this text
    local text=$1
    shift
    printf 'main;work 3\nmain;rest 1\n' | pp-flamegraph -f folded "$@" > has.svg || return 1
    grep -qF -- "$text" has.svg || { echo "not found: $text"; head -c 600 has.svg; return 1; }
}

refuses() { # refuses OPTION... - as wrong usage
    echo 'main 1' | pp-flamegraph "$@" > /dev/null
    [ $? = 2 ]
}

not() { ! "$@"; }

# --- faults of others ------------------------------------------------------

ok 'a frame is one box, whatever sorts between its lines' \
    draws 'main;foo 1\nmain;foo.cold 1\nmain;foo;bar 1\n' \
    '1 main (3)\n2 foo (2)\n3 bar (1)\n2 foo.cold (1)\n'
ok 'in a flame chart, time runs from left to right' \
    draws 'b 1\na 2\nc 3\n' '1 b (1)\n1 a (2)\n1 c (3)\n' --flamechart
ok '--base finds the root' draws 'a;b 1\nc;b 2\n' '1 a (1)\n2 b (1)\n' --base a
ok '--base finds leaves' draws 'a;b 1\nc;b 2\nb;d 4\n' '1 b (7)\n2 d (4)\n' --base b
ok '--base takes the one nearest the leaf' draws 'a;b;a;c 1\n' '1 a (1)\n2 c (1)\n' --base a
ok '--base works on reversed stacks' draws 'a;b;c 1\na;c 2\n' '1 c (1)\n2 b (1)\n' --base b --reverse
ok '--base may be given again' draws 'a;b 1\nc;d 2\ne 3\n' '1 b (1)\n1 c (2)\n2 d (2)\n' \
    --base b --base c
ok 'fractions add up to the total and no share exceeds it' \
    draws 'a;b 0.4\na;c 0.4\na 0.4\n' '1 a (1.2)\n2 b (0.4)\n2 c (0.4)\n'
printf 'main;"\1\2<x>\033[1m\302\205\377;y 1\n' > odd.folded
pp-flamegraph --title $'\1<' --subtitle $'\b' --notes 'a -- b --' --countname '<' odd.folded > odd.svg
ok 'control characters leave the XML well-formed' pp-convert -f svg odd.svg
printf 'a;b 1 5\na;c 2 1\nd 1 0\ne 0 4\n' > two.folded
for run in 1 2 3; do pp-flamegraph two.folded > "two.$run.svg"; done
ok 'comparisons are drawn the same each time' cmp two.1.svg two.3.svg
printf 'main\thref=javascript:evil()\tonclick=evil()\ttitle=<b>\tclass=x" onload="evil()\n' > evil.attrs
pp-flamegraph -q --nameattr evil.attrs two.folded > /dev/null
ok 'attributes from a file cannot run' \
    not sh -c 'echo "main 1" | pp-flamegraph -q --no-javascript --nameattr evil.attrs |
               grep -E "javascript:|onclick|<b>| onload=\"evil"'

# What is no more has no rectangle: it is left over in the whole, without a stack.
ok 'a comparison is read back as it was' \
    diff <(sed 's/^d / /' two.folded | sort) <(pp-convert -q -f svg -t folded two.1.svg | sort)
printf 'm;a 5\nm;gone;x 3\nm;gone 1\n' > before.folded
printf 'm;a 4\nm;new 9\n' > after.folded
pp-diff -t svg --elided before.folded after.folded > elided.svg
ok 'what vanished can be seen' diff <(printf 'm;gone 1\nm;gone;x 3\n') \
    <(pp-convert -q -f svg -t folded elided.svg)
pp-diff -t svg before.folded after.folded > after.svg
ok 'and is listed' grep -q 'Vanished (44.44% of before): gone<' after.svg
pp-diff -t svg --negate before.folded after.folded > before.svg
ok 'a comparison can be as wide as before' grep -q '<title>gone (4 samples, 44.44%; -44.44%)' before.svg
ok 'and then lists what is new' grep -q 'New (69.23% of after): new<' before.svg
legend_of() { # the texts of the legend, in one line
    sed -n '/<g id="legend">/,/^<\/g>/ s/<rect[^>]*>\|<[^>]*>/ /gp' "$1" | tr -s ' \n' ' '
}
ok 'both totals are shown' grep -q 'before: 9 samples; after: 13 samples (+44.44%)' after.svg
ok '... and what colours mean' [ "$(legend_of after.svg)" = \
    ' before: 9 samples; after: 13 samples (+44.44%) grew as before shrank new ' ]
ok '... of either side' [ "$(legend_of before.svg)" = \
    ' before: 9 samples; after: 13 samples (+44.44%) grew as before shrank vanished ' ]
ok 'the legend of growth is as red as what grew' grep -q 'fill="#ff6464"/><text[^>]*>grew' after.svg
pp-diff -t folded before.folded after.folded | pp-flamegraph -f folded --negate > turned.svg
ok '--negate turns the legend too' grep -q 'fill="#6464ff"/><text[^>]*>grew' turned.svg
ok 'other pictures have none' not has '<g id="legend"'

# --- charts in time ---------------------------------------------------------

for i in 0 1 2 3 4 5 6 7; do
    printf 'p %d %d.%d: 1 cycles:\n\t10 %s (/x)\n\t11 main (/x)\n\n' $((1 + i % 2)) 1 $i \
        "$([ $((i % 2)) = 0 ] && echo a || echo b)"
done > threads.perf
printf 'p 1 9.7: 1 cycles:\n\t10 a (/x)\n\t11 main (/x)\n\n' >> threads.perf
pp-flamegraph -f perf-script --flamechart threads.perf > lanes.svg
lane_titles() { sed -n 's/.*<title>\([^<]*\)$/\1/p' lanes.svg; }
ok 'each thread has a lane, in which neighbours are one' diff <(lane_titles) - << 'END'
all (9 cycles, 100%)
p (1) (5 cycles, 55.56%)
p (4 cycles, 44.44%)
main (4 cycles, 44.44%)
a (4 cycles, 44.44%)
p (1 cycles, 11.11%)
main (1 cycles, 11.11%)
a (1 cycles, 11.11%)
p (2) (4 cycles, 44.44%)
p (4 cycles, 44.44%)
main (4 cycles, 44.44%)
b (4 cycles, 44.44%)
END
# From 1.0 s to 9.7 s, and half as long again as the usual 200 ms.
ok '... and nothing where it was idle' [ "$(sed -n 's/^from \(.*\)<\/title>.*/\1/p' lanes.svg | sort | uniq -c |
    sed 's/^ *//')" = "$(printf '%s\n' '3 0 ns for 9 s' '3 0 ns for 900 ms' '3 100 ms for 900 ms' '3 8.7 s for 300 ms')" ]
ok '... with an axis' diff <(sed -n '/<g id="axis"/,/^<\/g>/ s/.*>\([0-9.]* [a-z]*\)<\/text>/\1/p' lanes.svg) \
    <(printf '%d s\n' 0 1 2 3 4 5 6 7 8)
ok '... and is not read back as something else' sh -c \
    '! pp-convert lanes.svg -t folded 2> log && grep -q "flame chart in time" log'
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "p %d %.6f: 1000 cpu-clock:\n\t10 %s (/x)\n\t11 main (/x)\n\n",
    i % 4, i / 1000, i % 3 ? "often" : "seldom" }' > many.perf
pp-flamegraph -f perf-script --flamechart many.perf > many.svg
ok 'more samples than pixels are drawn as the heaviest of a part' sh_ \
    '[ "$(grep -c "<title>often" many.svg)" -ge 4 ] && ! grep -q "too narrow" many.svg'
ok '... and the share that is not drawn is shown' grep -qE 'Not shown: (3[0-9]|2[0-9]).[0-9]*%, in stacks lighter than another one in the same' many.svg
seq 150 | awk '{ printf "p %d %d.0: 1 cycles:\n\t10 f (/x)\n\n", $1, $1 }' |
    pp-flamegraph -f perf-script --flamechart > left.svg
ok 'the number of threads left out is shown' grep -q '50 threads are left out, the lightest: 33.33%' left.svg

# --- options ---------------------------------------------------------------

printf 'work\ttitle=What\thref=https://example.org/?a&b\tid=w\nrest\tclass="c"\n' > good.attrs
ok 'a link goes where it should' has \
    '<a href="https://example.org/?a&amp;b" id="w" target="_top" data-name="work"' \
    --nameattr good.attrs
ok 'a class is added' has '<g class="c"><title>rest' --nameattr good.attrs
ok 'the encoding is declared' has '<?xml version="1.0" encoding="ISO-8859-15"?>' \
    --encoding ISO-8859-15
printf 'h\303\251 1\n' > accent.folded
ok 'and holds for all letters' sh -c 'pp-flamegraph --encoding ISO-8859-15 accent.folded | grep "h&#233;"'
ok 'encodings that do not hold ASCII are refused' refuses --encoding UTF-16
ok 'names are cut at the left' has 'data-cut="left"' --text-truncate-direction left
ok 'or the right, which is a flag as well' not has 'data-cut' --truncate-text-right
ok 'no other side' refuses --text-truncate-direction up
ok 'buttons have a colour' has '--ui:#102030;' --uicolor '#102030'
ok 'frames have an outline' has '#frames rect{stroke:#102030;}' --stroke-color '#102030'
ok 'or none' has '</svg>' --stroke-color none
ok 'a wide frame is redder' has 'work (3 samples, 75.00%)</title><rect x="305" y="37" width="885" height="15" fill="#ff7878"' \
    --colordiffusion
ok 'and then has no palette' refuses --colordiffusion -c mem
ok 'the order can be that of the lines' draws 'b 1\na 2\nb;c 3\n' '1 b (4)\n2 c (3)\n1 a (2)\n' --no-sort
ok 'frames are dark or light' has '--top:#1a1a1e' --dark
ok 'light stays light' not has 'prefers-color-scheme' --light
ok 'not both' refuses --dark --light
ok '--hash goes without --random' refuses --hash --random
ok '--deterministic is the default' cmp <(pp-flamegraph two.folded) \
    <(pp-flamegraph --deterministic two.folded)
ok 'pretty XML is the same graph' cmp <(pp-flamegraph --pretty-xml odd.folded | pp-convert -f svg) \
    <(pp-flamegraph odd.folded | pp-convert -f svg)
ok 'and has a line for each element' has '    </g>' --pretty-xml

rm -f palette.map
pp-flamegraph --cp -c mem two.folded > /dev/null
ok '--cp writes palette.map' [ -e palette.map ]
printf 'a->b 1\nc 2\n' > arrow.folded
printf 'a->b->rgb(1,2,3)\nold->rgb(4,5,6)\n' > my.map
pp-flamegraph --palette-map my.map -c mem arrow.folded > arrow.svg
ok 'colours of a map are used, also of names with an arrow' grep -q '<title>a-&gt;b .*#010203' arrow.svg
ok 'a map keeps what it has' grep -q '^old->rgb(4,5,6)$' my.map
ok 'and gets what is new' grep -q '^c->rgb(' my.map
fills() { grep -o 'fill="#[^"]*" data' "$1"; }
pp-flamegraph --palette-map my.map -c red arrow.folded > again.svg
ok 'so colours last' diff <(fills arrow.svg | tail -n 2) <(fills again.svg | tail -n 2)

ok '--min-width merges what is too narrow' \
    draws 'm;a 90\nm;b 1\nm;c 2\nn 7\n' '1 m (93)\n2 a (90)\n2 others (3)\n1 n (7)\n' --min-width 2.5%
ok '--minwidth in percent' draws 'm;a 90\nm;b 1\nm;c 2\nn 7\n' '1 m (93)\n2 a (90)\n1 n (7)\n' \
    --minwidth 2.5%
ok '--minwidth in pixels' draws 'm;a 90\nm;b 1\nm;c 2\nn 7\n' '1 m (93)\n2 a (90)\n1 n (7)\n' \
    --minwidth 29.5
ok 'the footer says how much is not shown' has 'Not shown: 25.00%, in frames that are too narrow' \
    --minwidth 30%
ok 'and how many frames were too many' has '1 frames were more than the most' --max-frames 2
ok '--max-frames keeps the widest' draws 'm;a 90\nm;b 1\nm;c 2\nn 7\n' '1 m (93)\n2 a (90)\n1 n (7)\n' \
    --max-frames 3
for i in $(seq 11000); do echo "f$i 1"; done > many.folded
ok 'no more than 10,000 frames unless asked for' \
    sh -c '[ $(pp-flamegraph many.folded | grep -c "<title>f") = 10000 ]'
ok 'as many as there are where a least width is given' \
    sh -c '[ $(pp-flamegraph --minwidth 0 many.folded | grep -c "<title>f") = 11000 ]'
ok 'a chart is not merged' refuses --min-width 1 --flamechart

printf '# what is ours\n^wo.k #010203\nrest mem\n' > my.rules
ok 'rules colour' has '75.00%)</title><rect x="305" y="37" width="885" height="15" fill="#010203"' \
    --colors-by my.rules
printf 'work nocolour\n' > bad.rules
ok 'a rule needs a colour' not has . --colors-by bad.rules
fill() { pp-flamegraph -f folded "$@" | sed -n "s/.*<title>$name (.*fill=\"\([^\"]*\)\".*/\1/p"; }
same_fill() { # same_fill NAME NAME OPTION... - two functions have one colour
    name=$1 a=$(fill "${@:3}" < colors.folded)
    name=$2 b=$(fill "${@:3}" < colors.folded)
    [ -n "$a" ] && [ "$a" = "$b" ]
}
printf 'x.so`f 1\ny.so`f 1\np::f 1\nq::f 1\n' > colors.folded
ok 'modules have colours' not same_fill 'x.so`f' 'y.so`f' --colors-by module
printf 'sh;libc`f 3\nsh;libm`g 5\n' | pp-flamegraph -f folded --colors-by module > hues.svg
ok 'hues have a legend, the heaviest first' [ "$(legend_of hues.svg)" = ' not known libm libc ' ]
ok '... and all is as grey as what no module is known of' \
    grep -qE '<title>all.*fill="#(..)\1\1"' hues.svg
seq -f 'libname%g`f 1' 200 | pp-flamegraph -f folded --colors-by module > many.svg
ok 'what does not fit is counted' grep -qE '>and 1[0-9][0-9] more<' many.svg
ok 'packages have colours' not same_fill 'p::f' 'q::f' --colors-by package
ok 'what has no package is grey' grep -qE '<title>work .*fill="#(..)\1\1"' <(echo 'work 1' |
    pp-flamegraph -f folded --colors-by package)

# --- every option of the peers exists, and is documented -------------------

options='title subtitle width height minwidth fonttype fontsize fontwidth encoding countname nametype
colors bgcolors hash random cp reverse inverted flamechart negate notes total factor nameattr help
deterministic truncate-text-right no-sort pretty-xml quiet verbose colordiffusion uicolor
search-color stroke-color base no-javascript'
pp-flamegraph --help > help
for option in $options; do
    ok "there is --$option" grep -qE -- "--$option( |=|$)" help
    ok "docs/flamegraph.md documents --$option" grep -qF -- "--$option" "$source/docs/flamegraph.md"
done
for peer in flamegraph.pl inferno-flamegraph; do
    command -v $peer > /dev/null || continue
    $peer --help 2>&1 | grep -oE '^ *(-., )?--[a-z-]+' | sed 's/.*--//' > theirs
    for option in $(cat theirs); do
        ok "there is --$option, as $peer has it" grep -qE -- "--$option( |=|$)" help
    done
done

# --- the pictures of the documentation -------------------------------------

mkdir pictures
"$source/docs/flamegraph/draw.sh" "$(dirname "$(command -v pp-flamegraph)")" pictures
ok 'docs/flamegraph is what docs/flamegraph/draw.sh draws' \
    diff -rq --exclude='*.folded' --exclude=draw.sh "$source/docs/flamegraph" pictures
for picture in $(grep -o 'flamegraph/[a-z-]*\.svg' "$source/docs/flamegraph.md"); do
    ok "there is docs/$picture" [ -e "$source/docs/$picture" ]
done

# With --factor the exact count may exceed 64 bits; the one for people is that of the product all the same.
printf 'app 5 1.1: 5000000000000000000 cpu-clock: \n\t10 f (/x)\n\n' > huge.perf
ok '--factor of a huge count' sh_ 'pp-flamegraph --factor 4 huge.perf | grep -qF "all (5,555,556 h (9,223,372,036,854,775,807 ns)"'

all_passed
