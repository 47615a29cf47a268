#!/bin/sh
# layering_fails.sh ROOT - layering.sh finds every kind of violation that it checks for.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/libpp/formats" "$work/tools"
touch "$work/tools/pp-z.c"
cp -r "$1/libpp/base" "$1/libpp/io" "$work/libpp" # a part of all is enough, and quick to look at
cp -r "$1/libpp/formats/reader" "$1/libpp/formats/folded" "$work/libpp/formats"
cp "$1/libpp/formats/formats.def" "$1"/libpp/formats/format.h \
    "$1/libpp/formats/text.c" "$work/libpp/formats"
cp -r "$1/tools/cli" "$work/tools"
layering=$1/tests/layering.sh
bad=0

plant() { # plant FILE LINE COMPLAINT - a fault that must be found
    [ ! -e "$work/$1" ] || cp "$work/$1" "$work/kept"
    mkdir -p "$(dirname "$work/$1")"
    printf '%s\n' "$2" >> "$work/$1"
    if "$layering" "$work" > "$work/log" || ! grep -qF "=> $3" "$work/log"; then
        echo "not found: $2 in $1"
        bad=1
    fi
    rm "$work/$1"
    rmdir "$work/$(dirname "$1")" 2> /dev/null || true
    [ ! -e "$work/kept" ] || mv "$work/kept" "$work/$1"
}

plant libpp/base/x.c '#include "model/profile.h"' 'libpp/base may include only: base'
plant libpp/io/x.c '#include "formats/format.h"' 'libpp/io may include only: io base'
plant libpp/model/x.c '#include "io/input.h"' 'libpp/model may include only: model base'
plant libpp/formats/x.c '#include "io/output.h"' 'libpp/formats may include only: formats base'
plant libpp/formats/x.c '#include "transform/rules.h"' 'libpp/formats may include only'
plant libpp/transform/x.c '# include "formats/format.h"' 'libpp/transform may include only'
plant libpp/render/x.c '#include "transform/rules.h"' 'libpp/render may include only'
plant libpp/load/x.c '#include "transform/rules.h"' 'libpp/load may include only'
plant libpp/model/x.c '#include "cli.h"' 'libpp/model may include only'
plant libpp/new/x.c 'int x;' 'libpp has a folder that tests/layering.sh does not know'
plant libpp/formats/text.c '#include "formats/folded/folded.h"' 'formats must not know each other'
plant libpp/formats/folded/folded.c '#include "formats/perf/script/caches.h"' 'formats must not know'
plant libpp/formats/perf/events.c '#include "formats/perf/script/caches.h"' 'formats must not know'
plant libpp/formats/perf/other/x.c '#include "formats/perf/script/caches.h"' 'formats must not know'
plant libpp/formats/reader/reader.c '#include "formats/folded/folded.h"' 'formats must not know'
plant libpp/formats/reader/x.h '#include "formats/folded/folded_tree.h"' 'formats must not know'
plant libpp/formats/folded/x.c '#include "transform/rules.h"' 'libpp/formats may include only'
plant tools/pp-x.c '#include "pp-y.h"' 'tools/pp-x.c: a tool must not include another'
plant tools/pp-x.c '#include "diff/gate.h"' 'tools/pp-x.c: a tool must not include another'
plant tools/cli/x.c '#include "work/load.h"' 'tools/cli: a tool must not include another'
plant tools/cli/x.c '#include "model/profile.h"' 'tools/cli includes only base/ of libpp'
plant tools/cli/x.c '#include "diff/gate.h"' 'tools/cli: a tool must not include another'
plant tools/work/x.c '#include "diff/gate.h"' 'tools/work: a tool must not include another'
plant libpp/base/x.c "$(yes 'int f(void);' | head -n 601)" 'a file has more than 600 lines'
plant libpp/base/x.c '#include <zlib.h>' 'each third-party header is included by one file only'
plant libpp/base/x.h '#include <jansson.h>' 'a third-party header is included by a header of pp'
plant libpp/base/x.c '#include "io/x_private.h"' 'a private header is included by its own folder only'
plant libpp/base/x.c 'bool pp_fast;' 'libpp has a global that can change'
plant libpp/base/x.h 'extern unsigned pp_limit;' 'libpp has a global that can change'
plant libpp/base/x.c 'static int count = 1;' 'libpp has a global that can change'
plant libpp/base/x.c 'static const char *last;' 'libpp has a global that can change'
plant libpp/base/x.c 'void (*pp_hook)(int);' 'libpp has a global that can change'
plant libpp/base/x.c '    static char buffer[64];' 'libpp has a global that can change'
plant libpp/base/x.c '    printf("x");' 'libpp never prints'
plant libpp/base/x.c '    if (x) exit(1);' 'libpp never exits'
plant libpp/base/x.c '    x = getenv("X");' 'libpp does not look at the environment'
plant libpp/base/x.c '    x = time(NULL);' 'libpp does not know the time'
plant libpp/base/x.c '    x = strtod(p, NULL);' 'libpp does not know the locale'
plant libpp/base/x.c '    pthread_create(&t, 0, f, 0);' 'threads are started in base/par.c only'
plant libpp/io/x.c '    pid = fork();' 'processes are started in base/child.c only'
plant tools/x.c '    strcpy(a, b);' 'these functions are banned'

# Code that only looks like a violation is accepted.
cat > "$work/libpp/base/x.c" <<'END'
/* Where others call printf() and exit(1). */
void pp_time(void);
static const char *const text = "strcpy(a, b)";
static const int numbers[] = {1, 2};
static int count(const char *p);
struct pp_x;
END
"$layering" "$work" > "$work/log" || {
    cat "$work/log"
    bad=1
}
exit $bad
