# inputs.sh - for bench.sh, which sources it: what is measured on, made once.
# shellcheck shell=bash
: "${generate:?}" "${generate_viewers:?}"

make_input() { # make_input FILE COMMAND...
    local file=$1
    shift
    [ -s "$file" ] && [ "$file" -nt "$generate" ] && return
    echo "making $file" >&2
    "$@" > "$file.part"
    mv "$file.part" "$file"
}

# make_runs FOLDER NUMBER STACKS - profiles that have many stacks in common, as those of one service;
# one of ten is made, the others have the same contents.
make_runs() {
    [ -e "$1/done" ] && return
    echo "making $1" >&2
    rm -rf "$1"
    mkdir -p "$1"
    local i
    for ((i = 0; i < $2; i++)); do
        if ((i % 10)); then
            ln "$1/$((i / 10 * 10)).pb.gz" "$1/$i.pb.gz"
            continue
        fi
        awk -v seed="$i" -v want="$3" 'BEGIN { srand(seed + 7) }
            rand() < want / 15000 { $NF = 1 + int(rand() * 50); print }' few.folded |
            pp-convert -q -j 1 -o "$1/$i.pb.gz" -
    done
    touch "$1/done"
}

# make_addresses LIBRARY NUMBER - in its functions, as hexadecimal numbers.
make_addresses() {
    nm -D --defined-only "$1" | awk -v n="$2" '$2 ~ /[TW]/ { at[++k] = $1 }
        END { for (i = 0; i < n; i++) print at[i % k + 1], int(i / k) * 5 }' |
        while read -r address offset; do printf '%x\n' $((0x$address + offset)); done | sort -u
}

# make_dump LIBRARY STACKS - a heap dump of jemalloc, of calls in the library at those addresses.
make_dump() {
    echo 'heap_v2/524288'
    echo "  t*: $2: $(($2 * 96)) [0: 0]"
    make_addresses "$1" 2000 | while read -r address; do printf '%08x\n' $((0x$address + 1)); done |
        awk -v stacks="$2" '{ at[NR] = $1 }
            END {
                srand(1)
                for (s = 0; s < stacks; s++) {
                    printf "@"
                    for (depth = 12 + s % 20; depth > 0; depth--)
                        printf " 0x7f00%s", at[1 + int(rand() * NR)]
                    print "\n  t*: 1: 96 [0: 0]"
                }
            }'
    printf '\nMAPPED_LIBRARIES:\n7f0000000000-7f0000400000 r-xp 00000000 08:01 77 %s\n' "$1"
}

# make_heaptrack STACKS EVENTS - a recording of heaptrack, of a heap that grows.
make_heaptrack() {
    awk -v stacks="$1" -v events="$2" 'BEGIN {
        srand(1)
        print "v 10400 3\nX ./made-up\nI 1000 10000\ns 9 ./made-up"
        for (i = 1; i <= 2000; i++)
            printf "s %x made_up_function_%04d\ni %x 1 %x 0 %x\n", 21, i, 4096 + 16 * i, i + 1, i
        for (i = 1; i <= stacks; i++)
            printf "t %x %x\na %x %x\n", 1 + i * 7919 % 2000, i % 25 == 1 ? 0 : i - 1, 16 + i % 500, i
        for (i = 1; i <= events; i++) {
            if (!live || rand() < 0.55)
                printf "+ %x\n", held[++live] = int(rand() * stacks)
            else {
                one = 1 + int(rand() * live)
                printf "- %x\n", held[one]
                held[one] = held[live--]
            }
            if (i % 20000 == 0)
                printf "c %x\n", i / 2000
        }
    }'
}

# make_recording OPTION... - of this machine, while it is kept busy for five seconds.
make_recording() {
    local i
    for i in 1 2 3 4; do
        timeout 5 bash -c 'while :; do pp-convert -q few.folded; gzip -1c few.folded; awk "{ s += \$NF } END { print s }" few.folded; done' \
            > /dev/null 2>&1 &
    done
    perf record -q -e cpu-clock -o recording.part "$@" sleep 4 > recording.log 2>&1 && cat recording.part || true
    wait
    rm -f recording.part
}

# make_program TYPES UNITS - templates of C++ with debug information: 5 MB for 30 types.
make_program() {
    local unit
    for ((unit = 0; unit < $2; unit++)); do
        awk -v types="$1" -v u="$unit" 'BEGIN {
            print "#include <algorithm>\n#include <map>\n#include <string>\n#include <vector>"
            for (i = 0; i < types; i++) {
                t = "T" u "_" i
                print "struct " t " { std::string a; int b; bool operator<(const " t " &o) const { return b < o.b; } };"
                print "size_t f" u "_" i "(std::vector<std::string> v) { std::map<" t ", std::vector<" t ">> m;"
                print "for (auto &s : v) m[{s, " i "}].push_back({s, (int)s.size()});"
                print "size_t n = 0; for (auto &e : m) { std::sort(e.second.begin(), e.second.end()); n += e.second.size(); }"
                print "return n; }"
            }
        }' > "unit$unit.cc"
        g++ -g -O1 -c "unit$unit.cc" -o "unit$unit.o"
    done
    echo 'int main() {}' > main.cc
    g++ -g -rdynamic -o program.part main.cc unit*.o
    cat program.part
    rm -f unit*.cc unit*.o main.cc program.part
}

make_input shallow.perf "$generate" perf-shallow 204 13600
make_input few.perf "$generate" perf 200 15000
make_input many.perf "$generate" perf-varied 380 150000
make_input few.perf.gz gzip -1c few.perf
make_input few.folded pp-convert -q few.perf
make_input unsorted.folded "$generate" folded 130 150000
make_input before.folded sort unsorted.folded
make_input after-unsorted.folded "$generate" folded 130 160000
make_input after.folded sort after-unsorted.folded
for run in 1 2 3 4 5 6 7 8 9 10; do
    make_input "run.$run" awk -v seed="$run" 'BEGIN { srand(seed) } { $NF = 1 + int(rand() * 50); print }' unsorted.folded
done
make_input half-million.folded "$generate" folded 360 500000
make_input large.pb bash -c 'pp-convert -q -t pprof -o - half-million.folded | gzip -dc'
make_input large.pb.gz gzip -c large.pb
make_input large.heap "$generate" jemalloc 23 100000
make_input large.heaptrack make_heaptrack 20000 4000000
make_runs runs 2000 2000
make_input viewers.speedscope.json "$generate_viewers" speedscope 360000
make_input viewers.cpuprofile "$generate_viewers" cpuprofile 1000000
make_input viewers.trace.json "$generate_viewers" chrome-trace 450000
make_input viewers.firefox.json "$generate_viewers" firefox 1500000
