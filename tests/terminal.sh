#!/bin/bash
# terminal.sh BIN_DIR - pp-flamegraph on a terminal, and with output files of several suffixes.
. "${0%/*}/checks.sh"
unset NO_COLOR COLORTERM COLUMNS
export TERM=xterm
escape=$(printf '\033')
printf 'main;work 3\nmain;idle 1\n' > a.folded

# Runs the shell command in a terminal of 60 columns.
in_terminal() {
    script -qec "stty cols 60; $1" /dev/null < /dev/null
}

colored() { grep -q "$escape"; }
plain() { ! colored; }
widest() { # widest N - the longest line has N characters
    [ "$(tr -d '\r' | wc -L)" = "$1" ]
}

# --- colours and width -----------------------------------------------------

draw='pp-flamegraph --to term a.folded'
ok 'there are no colours in a file' plain < <($draw)
ok 'unless they are asked for' colored < <($draw --color always)
ok 'without a terminal the width is 80' widest 80 < <($draw)
ok 'or what COLUMNS says' widest 100 < <(COLUMNS=100 $draw)
ok 'but not less than a name needs' widest 20 < <(COLUMNS=3 $draw)
ok 'or what --width says' widest 120 < <($draw --width 120)
ok 'which may be less than that of a picture' widest 40 < <(COLUMNS=100 $draw --width 40)
ok 'an invalid COLUMNS is ignored' widest 80 < <(COLUMNS=wide $draw)
terminals=true
in_terminal true > /dev/null 2>&1 || terminals=false
if $terminals; then
    ok 'in a terminal there are colours' colored < <(in_terminal "$draw")
    ok 'and its width is used' widest 60 < <(in_terminal "$draw --color never")
    ok 'NO_COLOR is heeded' plain < <(in_terminal "NO_COLOR=1 $draw")
    ok 'an empty one says nothing' colored < <(in_terminal "NO_COLOR= $draw")
    ok 'a dumb terminal has none' plain < <(in_terminal "TERM=dumb $draw")
    for output in '' '-o -' '-o /dev/stdout' '-o /dev/tty'; do
        ok "no binary goes to a terminal, by $output" \
            sh_ "(script -qec 'pp-convert -t pprof $output a.folded' /dev/null < /dev/null || true) | grep -q 'is binary, and is not written'"
    done
    ok 'a file of --output is no terminal' plain < <(in_terminal "$draw -o out.txt; cat out.txt")
else
    echo "there are no terminals to be had here: what is shown in one was not tested"
fi
ok 'colours are exact where the terminal has them all' \
    grep -q '48;2;' < <(COLORTERM=truecolor $draw --color always)
ok 'and else of the 256' grep -q '48;5;' < <($draw --color always)

# --- what is written -------------------------------------------------------

is_usage() { "$@"; [ $? = 2 ]; }
fails() { "$@"; [ $? = 1 ]; }

pp-flamegraph -o a.html a.folded
ok 'the suffix .html asks for a page' grep -q '^<!DOCTYPE html>' a.html
pp-flamegraph -o a.txt a.folded
ok 'the suffix .txt asks for text' grep -qxF '[idle 25.00%       ][work 75.00%                                               ]' a.txt
pp-flamegraph -o b.html --to svg a.folded
ok 'pp-diff makes pages as well' grep -q '<title>Differential Flame Graph' \
    < <(pp-diff --to html a.folded a.folded)
ok '--to goes before the suffix' grep -q '^<?xml' b.html
ok 'a width must hold a name' is_usage $draw --width 19
printf '[libz.so.1];[a];f 200\nb 1\n' > modules.folded
ok 'a module has one pair of brackets' grep -q '^\[libz.so.1 99.50%  *\]' \
    < <(pp-flamegraph --to term modules.folded)
ok 'and the last line says how to see more' grep -q '^1 frame narrower .*; --base FUNCTION or --focus' \
    < <(pp-flamegraph --to term modules.folded)
ok 'other forms are refused' is_usage pp-flamegraph --to png a.folded
ok 'and other times for colours' is_usage pp-flamegraph --color sometimes a.folded
ok 'a page without a script too' is_usage pp-flamegraph --to html --no-javascript a.folded
: > none.folded
ok 'nothing to draw is an error' fails pp-flamegraph --to html -o c.html -f folded none.folded
ok 'for a terminal as well' fails pp-flamegraph --to term -f folded none.folded

# --- progress: a line on a terminal while input comes, what is done after it, and then nothing --------------

if $terminals; then
    cat > slow <<'END'
( for i in 1 2 3 4 5 6; do printf 'a;b%s 1\n' "$i"; sleep 0.35; done ) | pp-convert -f folded -t folded - > slow.folded
END
    script -qec 'sh slow' slow.tty > /dev/null
    tr '\r' '\n' < slow.tty > slow.lines
    ok 'progress names standard input, what was read, and how fast' grep -qE 'stdin: [0-9]+ MiB, [0-9]+ MiB/s' slow.lines
    ok 'then it says that what was read is worked on' grep -q 'working \.\.\.' slow.lines
    ok 'and the line is gone in the end' sh_ "grep -v '^Script ' slow.tty | tail -c 5 | grep -q '.\\[K'"
    ok 'the output is whole' [ "$(wc -l < slow.folded)" = 6 ]
    ok 'without a terminal there is no progress' test ! -s <(sh slow 2>&1)
fi
all_passed
