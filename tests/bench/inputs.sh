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

# make_callgrind FUNCTIONS LINES - of a program with calls about twenty levels deep. A function costs
# what the calls of it do.
make_callgrind() {
    awk -v functions="$1" -v lines="$2" 'BEGIN {
        srand(1)
        for (i = 1; i <= functions; i++)
            for (j = 0; j < 3 && i + 4000 < functions; j++) {
                callee[i, j] = i + 3000 + int(rand() * 1000)
                callers[callee[i, j]]++
            }
        print "version: 1\ncreator: callgrind-3.19.0\npid: 1\ncmd: ./made-up\npart: 1\n\npositions: line\nevents: Ir Dr\n"
        print "ob=(1) /usr/bin/made-up"
        for (i = functions; i >= 1; i--) {
            file = 1 + i % 200
            printf "fl=(%d) made_up_%d.cpp\nfn=(%d) void made_up::function_%d<int>(int const&)\n", file, file, i, i
            for (j = 0; j < lines; j++) {
                one = 1 + int(rand() * 900)
                total += one
                reads += int(one / 3)
                all[i] += one
                all_reads[i] += int(one / 3)
                printf "%d %d %d\n", 10 + i % 300 + j, one, one / 3
            }
            for (j = 0; (i, j) in callee; j++) {
                to = callee[i, j]
                one = int(all[to] / callers[to])
                reads_of_one = int(all_reads[to] / callers[to])
                all[to] -= one
                all_reads[to] -= reads_of_one
                callers[to]--
                all[i] += one
                all_reads[i] += reads_of_one
                printf "cfi=(%d)\ncfn=(%d)\ncalls=%d %d\n%d %d %d\n", 1 + to % 200, to, 1 + j, 10, 12 + j, one, reads_of_one
            }
        }
        printf "totals: %d %d\n", total, reads
    }'
}

# make_massif NODES SNAPSHOTS - of one program, whose heap grows in the same places.
make_massif() {
    awk -v nodes="$1" -v snapshots="$2" 'BEGIN {
        srand(1)
        print "desc: --detailed-freq=1\ncmd: ./made-up\ntime_unit: i"
        for (i = 2; i <= nodes; i++) {
            depth[i] = i == 2 ? 1 : 1 + int(rand() * (depth[i - 1] < 24 ? depth[i - 1] + 1 : 24))
            up[depth[i]] = i
            parent[i] = depth[i] == 1 ? 1 : up[depth[i] - 1]
            children[parent[i]]++
        }
        for (s = 0; s < snapshots; s++) {
            for (i = nodes; i >= 1; i--) {
                v[i] = children[i] ? sum[i] : 1000 + int(rand() * 9000)
                sum[parent[i]] += v[i]
                sum[i] = 0
            }
            printf "#-----------\nsnapshot=%d\n#-----------\ntime=%d\nmem_heap_B=%d\nmem_heap_extra_B=0\nmem_stacks_B=0\n", s, s * 1000, v[1]
            printf "heap_tree=%s\n", s == snapshots - 1 ? "peak" : "detailed"
            printf "n%d: %d (heap allocation functions) malloc/new/new[], --alloc-fns, etc.\n", children[1], v[1]
            for (i = 2; i <= nodes; i++)
                printf "%*sn%d: %d 0x%X: std::vector<made_up_%d>::push_back(int const&) (made_up.cpp:%d)\n", depth[i], "", children[i], v[i], 4096 + i, i % 4000, i % 1200
        }
    }'
}

# make_dhat POINTS FRAMES - a profile of DHAT: so many places that allocate, below a tree of callers.
make_dhat() {
    awk -v points="$1" -v frames="$2" 'BEGIN {
        srand(1)
        printf "{\"dhatFileVersion\":2,\"mode\":\"heap\",\"verb\":\"Allocated\",\"bklt\":true,\"bkacc\":true,"
        printf "\"tu\":\"instrs\",\"Mtu\":\"Minstr\",\"tuth\":500,\"cmd\":\"./made-up\",\"pid\":1,\"tg\":900000,\"te\":1000000,\n\"pps\":["
        for (i = 0; i < points; i++) {
            n = 1 + int(rand() * 100)
            printf "%s{\"tb\":%d,\"tbk\":%d,\"tl\":%d,\"mb\":%d,\"mbk\":%d,\"gb\":%d,\"gbk\":%d,\"eb\":0,\"ebk\":0,\"rb\":%d,\"wb\":%d,\"fs\":[", i ? ",\n" : "", n * 64, n, n * 1000, n * 64, n, n * 32, n / 2, n * 640, n * 64
            for (j = 0; j < 20; j++)
                printf "%s%d", j ? "," : "", 1 + (int(i / 2 ^ j) * 7919 + j) % frames
            printf "]}"
        }
        printf "],\n\"ftbl\":[\"[root]\""
        for (i = 1; i <= frames; i++)
            printf ",\n\"0x%X: made_up::function_%d(int) (made_up_%d.cpp:%d)\"", 4096 + i, i, i % 200, i % 900
        print "]}"
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
make_input large.callgrind make_callgrind 60000 20
make_input large.massif make_massif 18000 26
make_input large.dhat make_dhat 300000 20000
make_runs runs 2000 2000
make_input viewers.speedscope.json "$generate_viewers" speedscope 360000
make_input viewers.cpuprofile "$generate_viewers" cpuprofile 1000000
make_input viewers.trace.json "$generate_viewers" chrome-trace 450000
make_input viewers.firefox.json "$generate_viewers" firefox 1500000
