#!/bin/sh
# front.sh BIN_DIR SOURCE_DIR [record] - runs the command lines of testdata/front/invocations, with the links
# under which pp-tools answers for the tools that they name, and compares what is printed with what these
# tools themselves printed, which lies in testdata/front/want. With `record`, the tools themselves are run,
# as far as they are on PATH, and that folder is written.
set -eu
bin=$(cd "$1" && pwd) source=$(cd "$2" && pwd) mode=${3:-test}
export LC_ALL=C TZ=UTC HOME=/nonexistent
want=$source/testdata/front/want formats=$source/testdata/formats
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/links" "$work/stubs" "$work/files" "$work/tmp"
export TMPDIR=$work/tmp
cd "$work/files"

# --- what the command lines find -------------------------------------------

gzip -dc "$source/testdata/demo.perf.txt.gz" | awk -v RS= -v ORS='\n\n' 'NR % 12 == 1' > out.perf
"$bin/pp-convert" -q out.perf > out.folded
awk 'NR % 3 { print }' out.folded > before.folded
awk 'NR % 4 { sub(/[0-9]+$/, ($NF * 2) + NR % 5); print }' out.folded > after.folded
sed -i 's/0x[0-9a-f]*//' before.folded after.folded
cp "$formats/pprof/go-cpu.in" cpu.prof
cp "$formats/pprof/go-cpu.in" cpu2.prof
cp "$formats/pprof/go-heap.in" mem.prof
"$bin/pp-convert" -t pprof --ignore='^runtime' -o base.prof mem.prof
cp "$source/testdata/fuzz/elf/gcc5.in" server
cp server prog
chmod +x server prog
at=0x555555554000 # where the program is mapped
address() { printf '0x%x' $((at + $1)); }
maps() { printf '%x-%x r-xp 00000000 00:00 0 %s\n' $((at)) $((at + 0x2000)) "$PWD/server"; }
heap() { # heap COUNT BYTES - a dump of jemalloc's: two stacks
    printf 'heap_v2/1\n  t*: %d: %d [0: 0]\n' $(($1 + 5)) $(($2 + 4000000))
    printf '@ %s %s\n  t*: %d: %d [0: 0]\n' "$(address 0x285)" "$(address 0x2a5)" "$1" "$2"
    printf '@ %s\n  t*: 5: 4000000 [0: 0]\n\nMAPPED_LIBRARIES:\n' "$(address 0x2a8)"
    maps
}
heap 40 7000000 > jeprof.1.heap
heap 90 21000000 > jeprof.2.heap
tcmalloc() { # tcmalloc COUNT BYTES - the same of gperftools
    printf 'heap profile: %d: %d [%d: %d] @ heapprofile\n' "$1" "$2" "$1" "$2"
    printf '%d: %d [%d: %d] @ %s %s\n\nMAPPED_LIBRARIES:\n' "$1" "$2" "$1" "$2" "$(address 0x285)" "$(address 0x2a5)"
    maps
}
tcmalloc 40 7000000 > app.0001.heap
tcmalloc 90 21000000 > app.0002.heap
word() { # word NUMBER - 8 bytes, the lowest first
    n=$(($1)) i=0
    while [ $i -lt 8 ]; do
        printf "\\$(printf %03o $((n & 255)))"
        n=$((n >> 8)) i=$((i + 1))
    done
}
{
    for n in 0 3 0 10000 0 7 2 $((at + 0x283)) $((at + 0x2a5)) 3 1 $((at + 0x2a2)) 0 1 0; do word "$n"; done
    maps
} > prof.data
cp "$formats/callgrind/recorded.in" callgrind.out.905
cp "$formats/massif/grow.in" massif.out.12345
gzip -c "$formats/heaptrack/recorded.in" > heaptrack.app.1.gz
printf 'Attaching 1 probe...\n\n@[\n    b+4\n    a+8\n]: 3\n@[\n    c+4\n    a+8\n]: 4\n' > out.bt
sched='sched:sched_switch: prev_comm'
printf '%s\n\t%s\n\n' "app 7 [001] 1.000000: $sched=app prev_pid=7 prev_prio=1 prev_state=S ==> \
next_comm=b next_pid=8 next_prio=1" '1213 nap+0x21 (/app)' "b 8 [001] 1.000500: $sched=b prev_pid=8 prev_prio=1 prev_state=X ==> \
next_comm=app next_pid=7 next_prio=1" '1215 wait+0x1 (/app)' > sched.data
cp "$formats/massif/grow.in" grow.massif && "$bin/pp-convert" -q -t pprof -o notes.prof grow.massif
cp "$formats/java-stacks/dump.in" out.jstack
cp "$formats/gdb/threads.in" out.gdb
cp "$formats/eu-stack/modules.in" eu-stack.data
printf 'CPU\n\n\n\n              app`b+0x4\n              app`a+0x8\n                3\n' > out.stacks
printf ' 0x1120 : b+0x4/0x10 [app]\n 0x1000 : a+0x4/0x10 [app]\n\t3\n' > out.stap
touch out.procstack

# --- the tools that are named ----------------------------------------------

cat > "$work/stubs/perf" << 'END'
#!/bin/sh
[ "${2:-}" != -i ] || [ "$3" != sched.data ] || exec cat sched.data
exec cat out.perf
END
if [ "$mode" = test ]; then
    "$bin/pp-tools" list | while read -r name rest; do ln -s "$bin/pp-tools" "$work/links/$name"; done
    printf '#!/bin/sh\nshift 2\nexec pprof "$@"\n' > "$work/stubs/go"
    PATH=$work/links:$PATH
else
    printf '#!/bin/sh\nexec go tool pprof "$@"\n' > "$work/stubs/pprof"
fi
mkdir FlameGraph
for name in flamegraph.pl stackcollapse-perf.pl; do
    printf '#!/bin/sh\nexec %s "$@"\n' $name > FlameGraph/$name
done
chmod +x "$work"/stubs/* FlameGraph/*
PATH=$work/stubs:$PATH

# --- what is compared ------------------------------------------------------

# Rows of pprof's and jeprof's tables: name, own value, total. jeprof rounds to one digit.
table() {
    awk -v old="$1" '
        function plain(v) { if (!old) return v; sub(/[A-Za-z]+$/, "", v); return sprintf("%.1f", v) }
        ($2 ~ /%$/ || $2 == "0") && $5 ~ /%$/ && NF >= 6 {
            name = $6
            for (i = 7; i <= NF; i++) name = name " " $i
            sub(/ \((partial-)?inline\)$/, "", name)
            print name, plain($1), plain($4)
        }' | sort
}

# callgrind_annotate: a function in several files or at several depths of recursion is one in pp: its own
# values are added, and of its totals the largest holds.
counts_of_callgrind() {
    awk -v inclusive="$1" '/ \([ 0-9.]+%\) / && !/PROGRAM TOTALS/ {
        value = $1; gsub(",", "", value)
        name = $0; sub(/^[^)]*\) +/, "", name); sub(/ \[[^]]*\]$/, "", name); sub(/^[^:]*:/, "", name)
        sub("\047[0-9]+$", "", name)
        if (!inclusive) sum[name] += value
        else if (value > sum[name]) sum[name] = value
    }
    END { for (name in sum) print name, sum[name] }' | sort
}

# ms_print: what the functions at the tips of the tree of the peak hold.
counts_of_massif() {
    awk '/Detailed snapshots/ && match($0, /[0-9]+ \(peak\)/) { peak = substr($0, RSTART) + 0 }
        /^ +[0-9]+ +[0-9,]+ / { inside = $1 == peak }
        inside && /^->/ {
            value = $2; gsub(/[(,B)]/, "", value)
            name = $4
            sum[name] += value
        }
        END { for (name in sum) print name, sum[name] }' | sort
}

# The same of what pp-report prints: its own value in column 1, its total in column 4.
counts() {
    awk -v column="$1" '($2 ~ /%$/ || $2 == "0") && $5 ~ /%$/ && NF >= 6 {
        name = $6 == "|" ? $7 : $6
        for (i = $6 == "|" ? 8 : 7; i <= NF; i++) name = name " " $i
        value = $column
        sub(/B$/, "", value)
        print name, value
    }' | sort
}

normal() { # normal CLASS COMMAND - the part of a command's output that is compared
    case $1 in
    folded)
        case $2 in
        *bpftrace*) sed 's/+[0-9]*//g' | sort ;;
        jeprof*) sed 's/<[0-9a-f]*>//g; s/([^;]*)//g' | sort ;;
        *) sort ;;
        esac ;;
    svg)
        case $2 in
        *bpftrace*) sed 's/+[0-9]*//g' ;; # offsets, which pp does not take for a part of names
        difffolded*) sed 's/%; .*/%)/' ;; # of frames within, flamegraph.pl has no difference
        *) cat ;;
        esac | sed -n 's/.*<title>\([^<]*\).*/\1/p' | sort ;;
    text) sed '/\[v[ds].*\] *$/d; /^Time: /d; /^File: /d; s/:0 s=0$/ s=0/' ;; # newer ones print columns
    proto) cat > merged.out && "$bin/pp-report" top merged.out | table '' ;;
    dot) grep -oE '^N[0-9]+ (-> N[0-9]+)?|label="[^"]*"' | grep -v File: | sort ;;
    total) awk '{ sum += $NF } END { print sum }' ;;
    pdf | png | gif | graph) head -c 1000 | tr -d '\0' | grep -aoE '^(%PDF|.PNG|GIF8)|<svg' | head -1 | LC_ALL=C tr -cd 'A-Z<a-z8\n' ;;
    top)
        case $2 in
        callgrind*inclusive=yes*) if [ "$mode" = record ]; then counts_of_callgrind 1; else counts 4; fi ;;
        callgrind*) if [ "$mode" = record ]; then counts_of_callgrind ''; else counts 1; fi ;;
        ms_print*) if [ "$mode" = record ]; then counts_of_massif; else counts 1; fi ;;
        jeprof* | google-pprof*) table old ;;
        *) table '' ;;
        esac ;;
    *) cat ;;
    esac
}

same() { # same NUMBER CLASS - whether it is what the peer printed
    case $2 in
    ok) [ -s got ] ;;
    pdf) echo PDF | diff - got > differences ;;
    png) echo PNG | diff - got > differences ;;
    gif) echo GIF8 | diff - got > differences ;;
    graph) echo '<svg' | diff - got > differences ;;
    *)
        case $command in
        callgrind* | ms_print*) comm -23 "$want/$1" got > differences && [ ! -s differences ] ;; # which omit more
        *) diff "$want/$1" got > differences ;;
        esac ;;
    esac
}

needs_peer() {
    case $1 in ok | pdf | png | gif | graph) return 1 ;; esac
}

passed=0 failed=0 compared=0 without=0
dot=$(command -v dot || true) # of Graphviz
fail() {
    failed=$((failed + 1))
    echo "$number $command: $1"
    sed 's/^/    /' "${2:-err}" | head -${LINES_SHOWN:-6}
}

while read -r number class command; do
    case $number in [0-9]*) ;; *) continue ;; esac
    rm -f palette.map
    case $class-$command in pdf-* | png-* | gif-* | graph-* | *' --gv '* | *' --web '*)
        [ -n "$dot" ] || { without=$((without + 1)) && continue; } ;;
    esac
    case $mode-$class in record-ok | record-says | record-pdf | record-png | record-gif | record-graph) continue ;; esac
    timeout 60 sh -c "$command" > out 2> err < /dev/null && status=0 || status=$?
    if [ "$mode" = record ]; then
        normal "$class" "$command" < out > "$want/$number" || true
        [ -s "$want/$number" ] || { echo "$number $command: the tool prints nothing: $(head -1 err)" && rm -f "$want/$number"; }
        continue
    fi
    normal "$class" "$command" < out > got || true
    if [ "$class" = says ]; then
        if [ $status = 2 ] && grep -q 'type ' err; then passed=$((passed + 1)); else fail "status $status"; fi
    elif [ $status != 0 ]; then
        fail "status $status"
    elif needs_peer "$class" && [ ! -e "$want/$number" ]; then
        fail 'nothing to compare with'
    elif ! same "$number" "$class"; then
        fail 'differs' differences
    else
        passed=$((passed + 1))
        ! needs_peer "$class" || compared=$((compared + 1))
    fi
done < "$source/testdata/front/invocations"
[ "$mode" = test ] || exit 0

# What replaces a server or a viewer is named once it is there, not if the command has failed or was only shown.
number=notice
printf 'main;work 3\n' > notice.folded
named() { # named WANT COMMAND... - how often its standard error names the page
    local want=$1
    shift
    command=$*
    "$@" > out 2> err < /dev/null || true
    if [ "$(grep -c 'the page is page.html' err)" = "$want" ]; then passed=$((passed + 1)); else fail "not named $want times"; fi
}
named 1 "$bin/pp-tools" run pprof -http=:0 -output=page.html notice.folded
named 0 "$bin/pp-tools" run pprof -http=:0 -output=page.html nosuch.folded
named 0 "$bin/pp-tools" show pprof -http=:0 -output=page.html notice.folded
echo "$passed passed, $compared of them compared with the tool itself; $failed failed"
[ $without = 0 ] || echo "$without are left out, as there is no dot"
[ $failed = 0 ]
