#!/bin/bash
# weblist.sh BIN_DIR - pp-report weblist: whole functions, and lines as hot as their share.
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

all_passed
