#!/bin/bash
# silence.sh BIN_DIR SOURCE_DIR - no tool ends with an empty answer and no message: inputs of each format that are a
# header alone, rules that leave nothing, columns of zeros, reports of what is not there; and none repeats itself for
# each of many files.
# shellcheck source=tests/checks.sh
. "$(dirname "$0")/checks.sh"
shopt -s lastpipe # header() runs in this shell
formats=$source/testdata/formats

# --- headers alone ----------------------------------------------------------

# header FORMAT STATUS - standard input is of that format, and has no samples. With status 0 the file is whole, so it is no
# fault; with 1 it lacks something that the format asks for.
declare -A seen
header() {
    local format=$1 want=$2 status=0
    seen[$format]=1
    cat > in
    pp-convert -f "$format" in > out 2> err || status=$?
    ok "$format: a header alone has status $want, not $status" [ "$status" = "$want" ]
    ok "$format: a header alone gives no stacks" [ ! -s out ]
    ok "$format: a header alone is reported" grep -q . err
}
# lines FORMAT CASE N - the first lines of a golden input.
lines() { head -n "$3" "$formats/$1/$2.in"; }
bytes() { head -c "$3" "$formats/$1/$2.in"; }

printf '# austin: 3.7.0\n# interval: 100\n' | header austin 0
printf 'Sampling at 49 Hertz of all threads by user + kernel stack... Hit Ctrl-C to end.\n^C\n' | header bcc 1
printf 'Attaching 1 probe...\n\n' | header bpftrace 1
bytes bytehound "$(ls "$formats/bytehound" | sed -n 's/\.in$//p' | head -1)" 8 | header bytehound 1
printf 'desc: I1 cache: 32768 B\ncmd: ./a\nevents: Ir Dr\n' | header cachegrind 1
printf '# callgrind format\nversion: 1\ncreator: callgrind-3.19.0\ncmd: ./a\nevents: Ir\n' | header callgrind 0
printf '{"traceEvents": []}' | header chrome-trace 1
printf -- '--- contention:\ncycles/second = 1000\nsampling period = 1\n' | header contentionz 0
printf '{"nodes":[],"startTime":0,"endTime":0,"samples":[],"timeDeltas":[]}' | header cpuprofile 1
printf '{"dhatFileVersion":2,"mode":"heap","verb":"Allocated","bklt":true,"bkacc":false,"tu":"instrs","Mtu":"Minstr",
"tuth":500,"cmd":"./a","pid":7,"tg":0,"te":9,"pps":[],"ftbl":["[root]"]}' | header dhat 0
printf 'CPU     ID                    FUNCTION:NAME\n\n' | header dtrace 1
printf 'PID 1 - process\nTID 1:\n' | header eu-stack 1
printf '{"meta":{"version":27,"interval":1,"preprocessedProfileVersion":47},"libs":[],"threads":[]}' | header firefox 1
printf '# of a run at noon\n\n' | header folded 0
printf '# tracer: function_graph\n#\n# CPU  DURATION                  FUNCTION CALLS\n# |     |   |   |   |\n' | header ftrace 1
printf '[New LWP 2]\n\nThread 1 (process 99):\n' | header gdb 1
printf '\tMon Jan  1 00:00 2024 Time and Allocation Profiling Report  (Final)\n\n\t   app +RTS -p -RTS\n' | header ghc 1
printf 'goroutine 1 [running]:\n' | header go-stacks 1
printf 'goroutine profile: total 0\n' | header go-text 0
printf '%b' "$(printf '\\x%02x\\0\\0\\0\\0\\0\\0\\0' 0 3 0 16 0 0 1 0)" | header gperftools 0
printf 'Flat profile:\n\nEach sample counts as 0.01 seconds.\n no time accumulated\n\n' | header gprof 1
printf '{"head":{"callFrame":{"functionName":"(root)","scriptId":"0","url":"","lineNumber":-1,"columnNumber":-1},
"selfSize":0,"id":1,"children":[]},"samples":[]}' | header heapprofile 0
printf '{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],
"node_types":[["hidden"],"string","number","number","number","number","number"]},"node_count":0,"edge_count":0,
"trace_function_count":0},"nodes":[],"edges":[],"trace_function_infos":[],"trace_tree":[],"strings":[]}' | header heapsnapshot 1
printf 'v 10400 3\nX ./a\nI 1000 10\n' | header heaptrack 0
printf 'v 10400 3\n' | header heaptrack-raw 0
printf -- '--- heapz 1 ---\nformat = java\nresolution = bytes\n' | header java 0
printf '2026-11-30 21:00:00\nFull thread dump OpenJDK 64-Bit Server VM (17.0.15 mixed mode):\n\n' | header java-stacks 1
printf '0SECTION       THREADS subcomponent dump routine\nNULL           ======\n' | header javacore 1
printf 'heap_v2/524288\n  t*: 0: 0 [0: 0]\n\nMAPPED_LIBRARIES:\n' | header jemalloc 0
printf '{"info":{"lg_sample_rate":0},"threads":[],"stack_traces":[],"allocations":[]}' | header jemalloc-log 0
printf '{"sample_interval":1,"recent_alloc_max":4,"recent_alloc":[]}' | header jemalloc-recent 0
bytes jfr cut 64 | header jfr 1
printf '(lldb) process attach --pid 1\nProcess 1 stopped\n' | header lldb 1
printf 'desc: (none)\ncmd: ./a\ntime_unit: i\n' | header massif 1
printf '\n\000' | header otlp 1
bytes perf-data cut 104 | header perf-data 1
printf '# To display the perf.data header info, use --header\n# Samples: 2  of event '"'cycles'"'\n#\n' | header perf-report 0
printf '# ========\n# captured on : Mon Jan 1\n# ========\n#\n' | header perf-script 0
printf ' ? (         ): app/1  ... [continued]: read())      = 0\n' | header perf-trace 1
printf '@ INST [0 samples]\n\n' | header pmcstat 0
printf '\n\002\010\0012\0002\001x' | header pprof 0
printf 'THREAD: main 0\n' | header pprof-rs 0
printf 'Process 4242: python3 app.py\nPython v3.11.7 (/usr/bin/python3.11)\n' | header python-stacks 1
printf 'stack backtrace:\n' | header rust-panics 1
printf 'Analysis of sampling app (pid 1) every 1 millisecond\nCall graph:\n' | header sample 0
printf '{"$schema":"https://www.speedscope.app/file-format-schema.json","shared":{"frames":[]},"profiles":[]}' | header speedscope 1
printf 'Date/Time:        2026-01-02 03:04:05.678 +0100\nReport Version:   72\n\nHeaviest stack:\n' | header spindump 1
gzip -dc "$formats/sqlite/empty.in" | header sqlite 1
printf 'Pass 5: run completed\n' | header stap 1
printf 'strace: Process 20527 attached\n' | header strace 1
printf '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="60"></svg>' | header svg 1
printf -- '--- symbol\nbinary=/usr/bin/app\n---\n--- heap\nheap_v2/524288\n  t*: 0: 0 [0: 0]\n' | header symbolized 0
printf 'heap profile:      0:        0 [     0:        0] @ heapprofile\n\nMAPPED_LIBRARIES:\n' | header tcmalloc 0
printf -- '--- threadz 1 ---\n\n' | header threadz 0
printf 'Level,Function Name,Inclusive Samples,Exclusive Samples,Inclusive Samples %%,Module Name,\n' | header vsprof 0
printf 'Function Stack,CPU Time:Self,Module\n' | header vtune 0
printf '<?xml version="1.0"?><trace-query-result><node><schema name="time-profile"/></node></trace-query-result>' | header xctrace 0
printf 'Version: 3.2.0\nFile format: 4\nTRACE START [2026-11-30 18:53:39.333488]\n' | header xdebug 1
printf 'version: 1\ncreator: xdebug 3.2.0 (PHP 8.2.36)\ncmd: /a.php\npart: 1\npositions: line\n\nevents: Time_(10ns) Memory_(bytes)\n' |
    header xdebug-profile 0
printf '# callgrind format\nversion: 1\ncreator: xtree-1\ncmd: ./a\npositions: line\nevents: curB curBk\n' | header xtree 0
printf 'Weight\tSelf Weight\t\tSymbol Name\n' | header instruments 1

for format in $(pp-convert --list-formats | awk '$2 ~ /r/ { print $1 }'); do
    ok "$format is among these" [ "${seen[$format]-}" = 1 ]
done

# --- rules, columns and reports ---------------------------------------------

# says STATUS MESSAGE COMMAND... - the command has that status and says that.
says() {
    local want=$1 message=$2 status=0
    shift 2
    "$@" > out 2> err || status=$?
    ok "$*: status $want, not $status" [ "$status" = "$want" ]
    ok "$*: says '$message'" grep -qF -- "$message" err
}
printf 'app;main;work 30\napp;main;rest 10\n' > x.folded
left='no samples are left after the rules; see --explain'
for rule in --focus=nosuch --ignore=. --hide=. --tag-focus=nosuch; do
    says 0 "$left" pp-convert "$rule" x.folded
    says 0 "$left" pp-convert -t pprof -o out.pb "$rule" x.folded
    says 0 "$left" pp-merge -t folded "$rule" x.folded
    says 0 "$left" pp-report top "$rule" x.folded
    says 0 "$left" pp-info "$rule" x.folded
    says 1 "$left" pp-flamegraph "$rule" x.folded
    says 1 "$left" pp-report top --strict "$rule" x.folded
    says 0 'no samples are left on either side' pp-diff "$rule" x.folded x.folded
done
# One side may be empty: that is what a comparison is for.
printf 'app;main;new 5\n' > new.folded
ok 'a side that rules leave empty is an answer' pp-diff --strict --focus=new x.folded new.folded
# Rules that keep something are not reported.
ok 'rules that keep something say nothing' sh_ '[ -z "$(pp-convert --focus=work x.folded 2>&1 > out)" ]'

# A column of zeros beside one that is not: 'inuse' is what the profile shows by default.
printf 'heap profile: 0: 0 [ 3: 300] @ heapprofile\n0: 0 [ 3: 300] @ 0x1001 0x1002\n\nMAPPED_LIBRARIES:\n' > freed.heap
says 0 "'inuse_space' is 0 in all samples, but 'alloc_objects' is not; see -i" pp-convert freed.heap
says 1 'is 0 in all samples' pp-convert --strict freed.heap
ok 'the other column has them' sh_ 'pp-convert -i alloc_space freed.heap | grep -q " 300$"'

# A heap dump in which nothing has a name, however small it is.
printf 'heap_v2/1\n  t*: 1: 8 [0: 0]\n@ 0x1001 0x2001\n  t*: 1: 8 [0: 0]\n\nMAPPED_LIBRARIES:\n' > nameless.heap
echo '00001000-00009000 r-xp 00000000 08:01 1 /nosuch/server' >> nameless.heap
for tool in 'pp-report top' 'pp-flamegraph -o out.svg' 'pp-convert -t folded'; do
    # shellcheck disable=SC2086 # a tool and its arguments
    says 0 '2 of 2 frames have no names; see --symbolize' $tool nameless.heap
done
says 0 '/nosuch/server: is not on this machine' pp-report top --symbolize nameless.heap

says 0 'the profile has no labels' pp-report tags x.folded
says 0 'the profile has no comments' pp-report comments x.folded
says 1 'no function matches' pp-report peek nosuch x.folded

# --- formats that are named wrongly -----------------------------------------

# No reader makes stacks of another format's file, and the message says which it is.
for format in $(pp-convert --list-formats | awk '$2 ~ /r/ && $1 != "folded" { print $1 }'); do
    status=0
    pp-convert -f "$format" x.folded > out 2> err || status=$?
    ok "-f $format of folded stacks fails" [ "$status" = 1 ]
    ok "-f $format of folded stacks writes nothing" [ ! -s out ]
    ok "-f $format of folded stacks says so" grep -qE "looks like 'folded', not like '$format'|is probably not '$format'" err
done
says 1 "the content looks like 'folded', not like 'pprof'" sh_ 'pp-convert -f pprof < x.folded'
printf 'just prose\nof two lines\n' > prose
says 1 "the content does not look like 'pprof'" pp-convert -f pprof prose

# --- many files --------------------------------------------------------------

# A warning of a thousand files is printed for five, and the others are counted. Errors are printed for each.
mkdir many
for i in $(seq 1000); do
    printf 'a;b 3\na;b 3\na;b 3\na;b 3\na;b 3\nno count here\na;b 3\n' > "many/$i.folded"
done
for jobs in 1 4; do
    pp-merge -j $jobs -t folded many -o out 2> err
    ok "-j $jobs: five warnings and a count" [ "$(wc -l < err)" = 6 ]
    ok "-j $jobs: the count is right" grep -qF '... and 995 more files: expected a stack' err
    ok "-j $jobs: all are read" grep -qx 'a;b 18000' out
done
ok 'an error of each of many files is printed' sh_ '[ "$(pp-info $(seq 1 9 | sed s/^/nosuch/) 2>&1 | wc -l)" = 9 ]'

all_passed
