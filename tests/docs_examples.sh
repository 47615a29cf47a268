#!/bin/sh
# docs_examples.sh BIN_DIR SOURCE_DIR - runs every example of README.md, pages of docs and the man pages, and
# compares the tables of formats, reports and rules with the tools, and the figures of README.md with
# docs/performance.md.
#
# An example is a block in README.md that begins with ```sh, or an indented line among the EXAMPLES
# of a man page. It must succeed, without warnings except about what the target cannot hold, and write
# something to standard output or a file. Its inputs are made here from testdata.
set -eu
PATH=$(cd "$1" && pwd):$PATH
source=$(cd "$2" && pwd)
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
passed=0 failed=0

# --- what the examples find ------------------------------------------------

recording=$source/testdata/demo.perf.txt.gz
mkdir bin files
cat > bin/perf << END
#!/bin/sh
[ "\$1" != record ] || exec cp "$source/testdata/formats/perf-data/fp.in" perf.data
[ "\$1" != script ] || [ "\$2" != -i ] || exec cat "\$3"
[ "\$1" != script ] || exec gzip -dc "$recording"
END
formats=$source/testdata/formats
printf '#!/bin/sh\nexec cat "%s"\n' "$formats/gdb/threads.in" > bin/gdb
printf '#!/bin/sh\nexec cat "%s"\n' "$formats/eu-stack/modules.in" > bin/eu-stack
printf '#!/bin/sh\nexec cat "%s"\n' "$formats/java-stacks/dump.in" > bin/jstack
printf '#!/bin/sh\nexec cat "%s"\n' "$formats/python-stacks/py-spy.in" > bin/py-spy
cat > bin/curl << 'END'
#!/bin/sh
case $* in
*debug=2*) exec cat goroutines.txt ;;
esac
exec cat cpu.pb.gz
END
chmod +x bin/*
PATH=$work/bin:$PATH

# heap COUNT BYTES [PROGRAM] - a dump of jemalloc's with one stack, of a program as in testdata/fuzz/elf
heap() {
    printf 'heap_v2/1\n  t*: %s: %s [0: 0]\n@ 0x400288 0x4002a8\n  t*: %s: %s [0: 0]\n' "$1" "$2" "$1" "$2"
    printf '\nMAPPED_LIBRARIES:\n00400000-00410000 r-xp 00000000 00:00 0 %s\n' "${3:-/usr/bin/server}"
}
cd files
gzip -dc "$recording" > before.perf
for copy in after.perf program.perf host1.perf host2.perf; do cp before.perf $copy; done
gzip -c "$source/testdata/formats/pprof/go-cpu.in" > cpu.pb.gz
gzip -c "$source/testdata/formats/pprof/go-heap.in" > heap.pb.gz
pp-flamegraph -q -o incident.svg before.perf
heap 4 4096 > heap.1
heap 9 9216 > heap.2
mkdir -p build/debug rootfs/usr/bin
cp "$source/testdata/fuzz/elf/gcc5.in" build/server
cp build/server rootfs/usr/bin
heap 4 4096 > jeprof.1.7.i7.heap
heap 4 4096 "$work/files/build/server" > jeprof.4711.0.f.heap
cat > jeprof.4711.0.json << .
{"info":{"lg_sample_rate":10},"threads":[{"thr_uid":1}],"stack_traces":[["0x400288","0x4002a8"]],
"allocations":[{"alloc_thread":0,"free_thread":0,"alloc_trace":0,"free_trace":0,"usize":64,
"alloc_timestamp":1,"free_timestamp":9}]}
.
printf '#!/bin/sh\n' > program && chmod +x program
mkdir dumps
for dump in 8 9 10; do
    heap $dump $((dump * 1024)) > dumps/jeprof.15.$dump.i$dump.heap
done
cp "$formats/go-stacks/heads.in" goroutines.txt
cp "$formats/python-stacks/faulthandler.in" faulthandler.txt
cp "$formats/javacore/class.in" javacore.txt
cp "$formats/instruments/deep.in" deep-copy.txt
cp "$formats/java-stacks/log.in" server.log
cp "$formats/vsprof/samples.in" CallTree.csv
cp "$formats/vtune/tree.in" top-down.csv
cp "$formats/vtune/memory.in" memory.csv
cp "$formats/xdebug/exceptions.in" trace.xt
cp "$formats/ghc/percent.in" app.prof
cp "$formats/xctrace/cycles.in" time-profile.xml
printf '%s\n' 'Analysis of sampling app (pid 1) every 1 millisecond' 'Call graph:' '    2 Thread_1' '    + 2 main  (in app)' \
    'Total number in stack' > sample.txt
printf '@ INST [3 samples]\n\n100.0%%  [3]        b @ /x/app\n 100.0%%  [3]         a\n' > pmc.graph
printf '@[\n    b+4\n    a+8\n]: 3\n' > bpftrace.txt
printf 'CPU\n\n  app`b+0x4\n  app`a+0x8\n    3\n' > dtrace.txt
printf ' 0x1120 : b+0x4/0x10 [app]\n\t3\n' > stap.txt
echo 'main;f;f 3' > out.folded
sched='sched:sched_switch: prev_comm'
printf '%s\n\t%s\n\n' > sched.data "app 7 [001] 1.000000: $sched=app prev_pid=7 prev_prio=1 prev_state=S ==> \
next_comm=b next_pid=8 next_prio=1" '1213 nap+0x21 (/app)' "app 7 [001] 1.500000: 250000 cpu-clock: " '1214 work+0x1 (/app)' \
    'b 8 [001] 1.000400: sched:sched_waking: comm=app pid=7 prio=1 target_cpu=001' '1216 wake+0x1 (/app)' \
    "b 8 [001] 1.000500: $sched=b prev_pid=8 prev_prio=1 prev_state=X ==> next_comm=app next_pid=7 next_prio=1" \
    '1215 wait+0x1 (/app)'
cp cpu.pb.gz fast.pb.gz
cp cpu.pb.gz slow.pb.gz
formats=$source/testdata/formats
gzip -c "$formats/firefox/flags.in" > profile.json.gz
cp "$formats/cpuprofile/hits.in" app.cpuprofile
cp "$formats/chrome-trace/spans.in" trace.json
cp "$formats/otlp/old.in" profile.otlp
mkdir -p profiles/2024-05-17 target/criterion/sort/profile
cp cpu.pb.gz profiles/2024-05-17
cp "$source/testdata/formats/pprof/go-cpu.in" target/criterion/sort/profile/profile.pb
cd ..

# --- running them ----------------------------------------------------------

run() { # run WHERE < EXAMPLE
    rm -rf here && cp -r files here
    cat > example
    sleep 0.01 # so that what it makes is newer
    (cd here && sh -e ../example) > out 2> err < /dev/null && status=0 || status=$?
    made=$(find here -type f -newer example)
    content=$(cat /dev/null $made | wc -c)
    grep -vE ' cannot hold: | frames have no names; see --symbolize|: is not on this machine: ' err > warnings || true
    if [ $status = 0 ] && [ ! -s warnings ] && [ $(($(wc -c < out) + content)) -gt 0 ]; then
        passed=$((passed + 1))
        return
    fi
    echo "$1: status $status, $(wc -c < out) bytes printed, files: ${made:-none}"
    sed 's/^/    /' example warnings
    failed=$((failed + 1))
}

# Splits what is read into one file an example, in folder $1: split FOLDER < EXAMPLES
split() {
    rm -rf "$1" && mkdir "$1"
    awk -v folder="$1" '
        /^```sh$/ { file = sprintf("%s/%02d", folder, ++n); inside = 1; next }
        /^```$/ { inside = 0 }
        inside { print > file }'
}

split examples < "$source/README.md"
for example in examples/*; do
    run README.md < "$example"
done
for page in reports comparing stack-dumps from-and-to-other-tools coming-from; do
    split examples < "$source/docs/$page.md"
    for example in examples/*; do
        run $page.md < "$example"
    done
done
sed -n 's/^| `\(stackcollapse\|inferno\)[^|]*| `\([^`]*\)` |.*/```sh\n\2\n```/p' "$source/docs/stack-dumps.md" |
    sed 's/\\|/|/g' | split examples
for example in examples/*; do
    run "the table of stack-dumps.md" < "$example"
done

# The table has every script of FlameGraph and of inferno (their main branches, as of 2026-11) that folds stacks.
for name in aix.pl bpftrace.pl chrome-tracing.py elfutils.pl faulthandler.pl gdb.pl go.pl ibmjava.pl instruments.pl \
    java-exceptions.pl jstack.pl ljp.awk perf-sched.awk perf.pl pmc.pl recursive.pl sample.awk stap.pl vsprof.pl \
    vtune-mc.pl vtune.pl wcp.pl xdebug.php; do
    echo "stackcollapse-$name"
done > scripts
for name in dtrace ghcprof guess perf recursive sample vsprof vtune xctrace; do
    echo "inferno-collapse-$name"
done >> scripts
echo stackcollapse.pl >> scripts
sort -o scripts scripts
grep -E '^\| `(stackcollapse|inferno)' "$source/docs/stack-dumps.md" | cut -d '|' -f 2 | tr -d ' `' | tr , '\n' | sort > table
if diff scripts table > absent; then
    passed=$((passed + 1))
else
    echo "the table of stack-dumps.md lacks a script (<), or has one that does not exist (>):"
    cat absent
    failed=$((failed + 1))
fi
for page in "$source"/docs/man/*.scd; do
    sed -n '/^# EXAMPLES/,/^# SEE/s/^\t/```sh\n&/p' "$page" | sed 's/^\t\(.*\)/\1\n```/' | split examples
    for example in examples/*; do
        run "${page##*/}" < "$example"
    done
done

# --- tables ----------------------------------------------------------------

same() { # same DOCUMENTED LISTED - what a page says and what a tool says; the diff shows what to put there
    if diff -u "$1" "$2"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
}

# The rows of docs/formats.md are made of the tool's lines, "NAME rw  TITLE".
pp-convert --list-formats |
    sed -E 's/^([^ ]+) +(.)(.)  (.*)/| `\1` | \2 | \3 | \4 |/; s/ r \|/ read |/; s/ w \|/ write |/
        s/ - \|/  |/g' > listed
grep '^| `' "$source/docs/formats.md" > documented || true
same documented listed

# The rows of docs/reports.md are made of the lines of "Reports:"; and a heading there names each.
pp-report --help | sed -n '/^Reports:/,/^$/s/^  \([^ ].*[^ ]\)   *\([^ ].*\)/| `\1` | \2 |/p' > listed
sed -n '/^## /q; /^| `/p' "$source/docs/reports.md" > documented
same documented listed
sed 's/^| `\([a-z]*\).*/\1/' listed | sort > names
sed -n '/^## For scripts/,$d; s/^## //p' "$source/docs/reports.md" | sed 's/, /\n/g; s/ and /\n/g' | sort > documented
same documented names

# A heading of docs/rules.md has each rule as it is given: "### `--focus=REGEX`, `--ignore=REGEX`".
pp-convert --help | sed -n '/^Frame rules/,/^      --rules/s/^ *\(--[^ ]*\).*/\1/p' | sort > listed
sed -n '/^## Rules in files/,$d; /^### /p' "$source/docs/rules.md" | tr '`' '\n' | grep '^--' | sort > documented
echo "--rules=FILE" >> documented
sort -o documented documented
same documented listed

# Each message of docs/messages.md is in the sources: what stands between its "..." is, at least.
find "$source/libpp" "$source/tools" -name '*.c' -exec cat {} + | tr -d '\n' | sed 's/" *"//g' > sources
sed -n 's/^| `\([^`]*\)` | .*/\1/p' "$source/docs/messages.md" > messages
[ -s messages ]
while read -r message; do
    printf '%s\n' "$message" | sed 's/\.\.\./\n/g' | sed 's/ *$//' | grep '[a-z].*[a-z]' > pieces || echo "$message" > pieces
    while read -r piece; do
        grep -qF -e "$piece" sources || { echo "docs/messages.md: no source has '$piece' of '$message'" && failed=$((failed + 1)); }
    done < pieces
    passed=$((passed + 1))
done < messages

# The rows of README's comparison are made of the tables of docs/performance.md: the title, the processor
# time of pp, and that of the other tools.
awk '
function row() { if (pp != "") print "| " title " | " pp " | " others " |" }
/^### / { row(); title = substr($0, 5); pp = others = "" }
/^\| `/ && !/ -[jn] 1 / {
    gsub(/\\\|/, "/")
    split($0, cell, / *\| */)
    tool = cell[2]
    gsub(/^`(bash -c ")?| .*|`/, "", tool)
    if (tool ~ /^pp-/) { if (pp == "") pp = cell[4] }
    else if (tool != "wc" && tool != "gzip") others = others (others == "" ? "" : ", ") tool " " cell[4]
}
END { row() }' "$source/docs/performance.md" > measured
sed -n '/^## How it compares/,/^## More/{/^|[^|]*|  *[0-9]/p}' "$source/README.md" > documented
grep -Fxf documented measured > listed || true
[ -s documented ] || echo "README compares nothing" > listed
same documented listed

echo "$passed passed, $failed failed"
[ $failed = 0 ]
