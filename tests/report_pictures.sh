#!/bin/bash
# report_pictures.sh BIN_DIR - pp-report weblist: whole functions, and lines as hot as their share. And pp-report graph:
# the program and its commands in one legend.
. "${0%/*}/checks.sh"

seq -f '    /* %g */' 3 13 | sed '1i int spin(int n)\n{' > loop.c
printf '    return 14;\n}\n\nint main(void)\n{\n    return spin(5);\n}\nint after;\n' >> loop.c
printf 'events: ns\nfl=loop.c\nfn=spin\n4 10\n5 50\n6 2\nfn=main\n19 1\n' > loop.callgrind
pp-report -q weblist . -f callgrind loop.callgrind > page.html

line() { # line N - what line N of the source looks like
    sed -n "s/^<span\\( class=\"\(h[1-4]\)\"\\)*>[^<]*<span class=\"n\"> *$1<\/span>  \(.*\)<\/span>$/\\2:\\3/p" page.html | head -n 1
}
ok 'the hottest line is hottest' [ "$(line 5)" = 'h4:    /* 5 */' ]
ok 'a fifth of it is less so' [ "$(line 4)" = 'h3:    /* 4 */' ]
ok 'a little is a little' [ "$(line 6)$(line 19)" = 'h1:    /* 6 */h1:    return spin(5);' ]
ok 'nothing is not' [ "$(line 7)" = ':    /* 7 */' ]
ok 'a function is shown to its end' [ "$(line 15)$(line 20)" = ':}:}' ]
ok '... and no further' [ "$(grep -c 'int after' page.html)" = 0 ]
ok 'dark pages have colours of their own' grep -q 'prefers-color-scheme:dark.*\.h4{' page.html

# --- graph -----------------------------------------------------------------

samples() { # samples N - each of another command, of the same program
    seq "$1" | sed 's/.*/prog& 1 1.0: 1 cycles:\n\t10 inner (\/usr\/bin\/prog)\n\t20 main (\/usr\/bin\/prog)\n\t30 start (\/lib\/ld.so)\n/'
}
samples 2 | pp-report graph -f perf-script > few.dot
samples 9 | pp-report graph -f perf-script > many.dot
ok 'a few commands are one line of the legend' grep -qF 'comm: prog1 50.00%, prog2 50.00%\l' few.dot
ok '... and no boxes' [ "$(grep -c box3d few.dot)" = 0 ]
ok 'many are boxes at their nodes, four at most' [ "$(grep -c 'box3d' many.dot)" = 4 ]
ok '... and no line' [ "$(grep -c 'comm: ' many.dot)" = 0 ]
ok 'the legend names the program, not what was mapped first' grep -q '"File: prog"' few.dot

all_passed
