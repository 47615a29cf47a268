#!/bin/bash
# symbols.sh BIN_DIR SOURCE_DIR - programs as compilers, linkers and packagers make them, and what
# pp-symbolize finds in them.
#
# There are two oracles. The sources in tests/symbols have labels that say which line and which functions they are
# in (here.h); these hold for every compiler, and after any processing of the file. And where addr2line is right, pp
# must agree with it on each address of a program.
. "${0%/*}/checks.sh"
source=$source/tests/symbols
export DEBUGINFOD_URLS=

for tool in gcc g++ readelf nm objcopy strip addr2line; do
    command -v $tool > /dev/null || { echo "skipped: there is no $tool"; exit 77; }
done

pass() {
    passed=$((passed + 1))
}

complain() { # complain WHAT FILE - and show what is in the file
    echo "not true: $1"
    head -40 "$2" | sed 's/^/    /'
    failed=$((failed + 1))
}

have() { # have WHAT TOOL - or say that it is left out
    command -v "$2" > /dev/null && return
    echo "left out, as there is no $2: $1"
    return 1
}

# --- addresses -------------------------------------------------------------

# What a file has at an address is at this offset of it: by its program headers, which the linker has
# not always made so that both are the same.
segments() { # segments FILE - "offset address size" of each part that is loaded
    readelf -lW "$1" | awk '$1 == "LOAD" { print $2, $3, $5 }'
}

to_offsets() { # to_offsets FILE - addresses, one a line and without 0x, become "0xoffset address"
    local offsets=() addresses=() sizes=() i
    while read -r offset address size; do
        offsets+=($((offset))) addresses+=($((address))) sizes+=($((size)))
    done < <(segments "$1")
    while read -r address; do
        address=$((16#$address))
        for i in "${!offsets[@]}"; do
            if ((address >= addresses[i] && address < addresses[i] + sizes[i])); then
                printf '%#x %x\n' $((address - addresses[i] + offsets[i])) $address
            fi
        done
    done
}

# --- what must be found ----------------------------------------------------

# "address marker line" of each label of here.h. Who strips a file takes the labels from the whole one.
labels() { # labels FILE
    nm "$1" | sed -n 's/^0*\([0-9a-f]*\) . here\.\([a-z0-9_]*\)\.\([0-9]*\)\..*/\1 \2 \3/p' | sort -u
}

# "address function:line;function:line..." of each label, from the innermost function.
truth() { # truth FILE SOURCE
    labels "$1" | awk -v of="$2" -v compiler=$compiler '
        NR == FNR {
            if ($1 != of && $1 != of "-" compiler)
                next
            marker = $2
            sub(/^[^ ]* [^ ]* /, "")
            chain[marker] = $0
            split($0, functions, ";")
            marker_of[functions[1]] = marker
            next
        }
        { at[NR] = $1; marker_at[NR] = $2; line[$2] = $3; last = NR }
        END {
            for (i in at) {
                n = split(chain[marker_at[i]], functions, ";")
                text = ""
                for (k = 1; k <= n; k++)
                    text = text (k > 1 ? ";" : "") functions[k] ":" line[marker_of[functions[k]]]
                if (n)
                    print at[i] " " text
            }
        }' "$source/chains.txt" - | sort
}

# --- what is found ---------------------------------------------------------

# Offsets of FILE, one a line on standard input, and what pp-symbolize has there, as truth() has it.
# Each sample has its offset as the outermost frame, so that no two become one.
found() { # found FILE [OPTION]...
    local file=$1
    shift
    awk -v file="$file" '{ print "at_" $1 ";" file "+" $1 " 1" }' |
        pp-symbolize --quiet -t text "$@" | awk '
        function flush() {
            if (offset)
                print offset " " chain
            offset = chain = ""
        }
        /^sample / { flush(); next }
        !/^    / { next }
        {
            frame = substr($0, 5)
            if (!offset) {
                offset = substr(frame, 4)
                next
            }
            sub(/ inlined$/, "", frame)
            sub(/ mapping [0-9]+$/, "", frame)
            sub(/ at 0x[0-9a-f]+$/, "", frame)
            sub(/( column [0-9]+)?( discriminator [0-9]+)?$/, "", frame)
            line = 0
            if (match(frame, / line [0-9]+$/)) {
                line = substr(frame, RSTART + 6)
                frame = substr(frame, 1, RSTART - 1)
            }
            sub(/ from [0-9]+$/, "", frame)
            sub(/ in [^ ]*$/, "", frame)
            sub(/ \| .*/, "", frame)
            chain = frame ":" line (chain == "" ? "" : ";" chain)
        }
        END { flush() }'
}

# What can be known is not always all: these take from truth and findings what cannot.
all() {
    cat
}

outermost_functions() { # of each chain the function that was not inlined, without its line
    sed 's/ .*;/ /; s/:[0-9]*$//'
}

lines_in_outermost_functions() { # that function, but the innermost line
    sed -E 's/ [^;]*:([0-9]+);.*;(.*):[0-9]+$/ \2:\1/; s/ [^;]*:([0-9]+);([^;]*):[0-9]+$/ \2:\1/'
}

lines_in_unscoped_functions() {
    lines_in_outermost_functions | unscoped
}

unscoped() { # functions without the namespaces and classes that they are in
    sed -E 's/([ ;])([^;:]*::)+/\1/g'
}

# The labels of WHOLE must be found in FILE, which was made of it: as much of it as PART leaves.
check() { # check WHAT PART FILE WHOLE SOURCE [OPTION]...
    local what=$1 part=$2 file=$3 whole=$4 of=$5
    shift 5
    truth "$whole" "$of" > truth
    cut -d ' ' -f 1 truth | to_offsets "$whole" > offsets
    awk 'NR == FNR { offset[$2] = $1; next } { a = $1; sub(/^[^ ]* /, ""); print offset[a] " " $0 }' \
        offsets truth | $part | sort > want
    cut -d ' ' -f 1 want | found "$(realpath "$file")" "$@" | $part | sort > got
    compare "$what" 4
}

compare() { # compare WHAT LEAST - the files want and got, which have that many lines at least
    if [ "$(wc -l < want)" -lt "$2" ]; then
        complain "$1: there is something to look for" want
    elif diff want got > difference; then
        pass
    else
        complain "$1" difference
    fi
}

# --- what compilers write --------------------------------------------------

compiler=gcc

build() { # build NAME COMPILER SOURCE [OPTION]... - what the compiler says is shown if it fails
    local name=$1 compiler=$2 file=$3
    shift 3
    $compiler -O2 "$@" -o "$name" "$source/$file" > log 2>&1 || { complain "$name is built" log; return 1; }
}

both() { # both NAME PART C_COMPILER C++_COMPILER [OPTION]... - in a folder of its own, and checked
    local name=$1 part=$2 cc=$3 cxx=$4
    shift 4
    mkdir "$name"
    build "$name/plain" "$cc" plain.c "$@" &&
        check "$name, C" "$part" "$name/plain" "$name/plain" plain
    build "$name/shapes" "$cxx" shapes.cc "$@" &&
        check "$name, C++" "$part" "$name/shapes" "$name/shapes" shapes
}

both pie all gcc g++ -g -fPIE -pie
both no-pie all gcc g++ -g -no-pie
both dwarf-2 all gcc g++ -gdwarf-2
# Units have one range each, so code in other sections, as that of cold functions, is only in .debug_aranges; inlined
# calls have no lines, and names no namespaces.
both dwarf-2-strict lines_in_unscoped_functions gcc g++ -gdwarf-2 -gstrict-dwarf
both dwarf-4 all gcc g++ -gdwarf-4
both compressed all gcc g++ -g -gz=zlib
both lto all gcc g++ -g -flto
both g1 unscoped gcc g++ -g1 # has no namespaces
both symbols-only outermost_functions gcc g++
both separate-code all gcc g++ -g -Wl,-z,separate-code
both no-separate-code all gcc g++ -g -Wl,-z,noseparate-code
both static all gcc g++ -g -static
both split-4 all gcc g++ -gdwarf-4 -gsplit-dwarf
both split-5 all gcc g++ -gdwarf-5 -gsplit-dwarf
have 'code whose offset in the file is not its address, by gold' ld.gold && both gold all gcc g++ -g -fuse-ld=gold
have 'the same by lld' ld.lld && both lld all gcc g++ -g -fuse-ld=lld
if have 'programs of clang' clang-14; then
    compiler=clang
    both clang-5 all clang-14 'clang-14 -lstdc++' -gdwarf-5
    both clang-4 all clang-14 'clang-14 -lstdc++' -gdwarf-4
    both clang-split all clang-14 'clang-14 -lstdc++' -gdwarf-5 -gsplit-dwarf
    compiler=gcc
fi


# --- what packagers make of it ---------------------------------------------

split_off() { # split_off FOLDER - from pie/, stripped programs, and NAME.debug for each
    mkdir "$1"
    for name in plain shapes; do
        objcopy --only-keep-debug pie/$name "$1/$name.debug"
        strip -o "$1/$name" pie/$name
    done
}

build_id() { # build_id FILE
    readelf -n "$1" | sed -n 's/.*Build ID: //p'
}

store() { # store FILE DEBUG_FILE FOLDER - by the build id of FILE
    local id
    id=$(build_id "$1")
    mkdir -p "$3/.build-id/${id:0:2}"
    cp "$2" "$3/.build-id/${id:0:2}/${id:2}.debug"
}

checks() { # checks WHAT PART FOLDER [OPTION]... - of what was made of pie/
    local what=$1 part=$2 folder=$3
    shift 3
    check "$what, C" "$part" "$folder/plain" pie/plain plain "$@"
    check "$what, C++" "$part" "$folder/shapes" pie/shapes shapes "$@"
}

split_off linked
for name in plain shapes; do
    (cd linked && objcopy --add-gnu-debuglink=$name.debug $name)
done
checks 'found by .gnu_debuglink' all linked
mkdir linked/.debug
mv linked/*.debug linked/.debug
checks 'found by .gnu_debuglink, in .debug' all linked
mkdir -p debug/"$work"
mv linked/.debug debug/"$work"/linked
checks 'found by .gnu_debuglink, below --debug-dir' all linked --debug-dir debug

# Without a build id, what its bytes add up to tells whether a file is the one that is meant.
both no-id all gcc g++ -g -Wl,--build-id=none
mkdir by-sum
objcopy --only-keep-debug no-id/plain by-sum/plain.debug
strip -o by-sum/plain no-id/plain
(cd by-sum && objcopy --add-gnu-debuglink=plain.debug plain)
check 'found by .gnu_debuglink, and the right one' all by-sum/plain no-id/plain plain
echo >> by-sum/plain.debug
awk -v file="$work/by-sum/plain" '{ print file "+" $1 " 1" }' offsets | sort > want
pp-symbolize -t folded < want 2> log | sort > got
compare 'another file of that name is not used' 4
grep -q 'by-sum/plain.debug: is debug information of another build, and is ignored' log ||
    complain 'and that is reported' log
check 'unless it is asked for' all by-sum/plain no-id/plain plain --ignore-build-id

split_off by-id
for name in plain shapes; do
    store by-id/$name by-id/$name.debug ids
    rm by-id/$name.debug
done
checks 'found by the build id' all by-id --debug-dir ids
checks 'and in the second of two folders' all by-id --debug-dir debug --debug-dir ids

# What the servers of debuginfod have.
mkdir library
gcc -D_GNU_SOURCE -shared -fPIC -o library/libdebuginfod.so.1 "$source/debuginfod.c" > log 2>&1 ||
    complain 'what stands in for libdebuginfod is built' log
export PP_SERVED=$work/ids
LD_LIBRARY_PATH=$work/library checks 'found by debuginfod' all by-id --debuginfod
grep -qx "$(build_id by-id/plain).debug" ids/asked || complain 'it was asked for the build id' ids/asked
rm ids/asked
echo "$work/by-id/plain+0x1000 1" | LD_LIBRARY_PATH=$work/library pp-symbolize -q -t folded > got
if [ -e ids/asked ]; then complain 'without --debuginfod nothing is asked for' ids/asked; else pass; fi

if have 'packed symbols in .gnu_debugdata' xz; then
    split_off mini
    for name in plain shapes; do
        nm -D --format=posix --defined-only mini/$name | cut -d ' ' -f 1 | sort > dynamic
        nm --format=posix --defined-only mini/$name.debug |
            awk '$2 ~ /[tTwW]/ && !/^here/ { print $1 }' | sort | comm -13 dynamic - > keep
        objcopy -S --remove-section .gdb_index --remove-section .comment --keep-symbols=keep \
            mini/$name.debug mini/$name.mini
        xz mini/$name.mini
        objcopy --add-section .gnu_debugdata=mini/$name.mini.xz mini/$name
        rm mini/$name.debug mini/$name.mini.xz
    done
    checks 'packed symbols in .gnu_debugdata' outermost_functions mini
fi

if have 'what dwz has moved into a file of its own' dwz; then
    mkdir dwz
    cp pie/plain pie/shapes dwz
    build dwz/other g++ shapes.cc -O1 -g
    (cd dwz && dwz -m common.debug -M "$work/dwz/common.debug" shapes plain other > ../log 2>&1)
    [ -n "$(readelf -p .gnu_debugaltlink dwz/shapes)" ] || complain 'dwz does its work' log
    checks 'what dwz has moved into a file of its own' all dwz
    store dwz/common.debug dwz/common.debug ids
    rm dwz/common.debug
    checks 'and by its build id' all dwz --debug-dir ids
fi

if have 'split debug information, packed with dwp' dwp; then
    for name in plain shapes; do
        timeout 60 dwp -e split-4/$name -o split-4/$name.dwp > log 2>&1 || complain 'dwp does its work' log
    done
    rm split-4/*.dwo
    for name in plain shapes; do
        check "what dwp has packed, $name" all split-4/$name split-4/$name $name
    done
fi
if have 'the same of DWARF 5, with clang' clang-14 && have 'the same of DWARF 5' llvm-dwp-14; then
    mkdir split-clang
    for name in plain shapes; do
        [ $name = plain ] && cc=clang-14 file=plain.c || cc=clang++-14 file=shapes.cc
        (cd split-clang && $cc -O2 -gdwarf-5 -gsplit-dwarf -o $name "$source/$file") > log 2>&1 || complain 'clang builds' log
        labels split-clang/$name | cut -d ' ' -f 1 | to_offsets split-clang/$name | cut -d ' ' -f 1 > offsets.$name
        found "$work/split-clang/$name" --granularity=lines < offsets.$name > want.$name
        (cd split-clang && timeout 60 llvm-dwp-14 -e $name -o $name.dwp) > log 2>&1 || complain 'llvm-dwp does its work' log
    done
    rm split-clang/*.dwo
    for name in plain shapes; do
        cp want.$name want
        found "$work/split-clang/$name" --granularity=lines < offsets.$name > got
        compare "what llvm-dwp has packed, $name: as in .dwo files" 5
    done
fi

if objcopy --help | grep -q 'compress-debug-sections.*zstd'; then
    mkdir packed-by-zstd
    for name in plain shapes; do
        objcopy --compress-debug-sections=zstd pie/$name packed-by-zstd/$name
    done
    readelf -tW packed-by-zstd/shapes > log
    grep -q ZSTD log || [ "$(readelf -SW packed-by-zstd/shapes | grep -c 'debug_.* C ')" -gt 0 ] ||
        complain 'objcopy does its work' log
    checks 'debug sections that zstd has packed' all packed-by-zstd
fi

# --- what does not end, and what is damaged --------------------------------

# A .dwo file that never ends: a pipe without a writer.
mkdir endless
(cd endless && build plain gcc plain.c -gdwarf-5 -gsplit-dwarf && rm ./*.dwo)
dwo=$(readelf --debug-dump=info endless/plain 2> /dev/null | sed -n 's/.*_dwo_name.*: //p')
mkfifo "endless/${dwo##*/}"
echo "$work/endless/plain+0x$(nm endless/plain | sed -n 's/^0*\([0-9a-f]*\) T main$/\1/p') 1" > want
pp-symbolize --symbol-time 1 -t folded < want > got 2> log || complain 'what takes too long is no failure' log
compare 'what takes too long stays as it is' 1
! grep -q stripped log || complain 'what was not looked up is not said to be stripped' log
grep -q "endless/plain: takes too long: only 0 of its addresses were looked up" log ||
    complain 'exceeding the time limit is reported' log

# However little memory is allowed, the file is not said to be damaged. Sections that must be unpacked take some.
(cd endless && build packed gcc plain.c -g3 -gz=zlib)
echo "$work/endless/packed+0x$(nm endless/packed | sed -n 's/^0*\([0-9a-f]*\) T main$/\1/p') 1" > one
for memory in 1 1k 64k 256k 1m; do
    pp-symbolize --symbol-memory=$memory -t folded < one > got 2> log || complain "--symbol-memory=$memory is no failure" log
    if grep -qE 'damaged|stripped' log; then
        complain "--symbol-memory=$memory is reported as what it is" log
    elif grep -q 'takes too much memory: only 0' log || grep -qx 'main 1' got; then
        pass
    else
        complain "--symbol-memory=$memory leaves the name, or says why not" got
    fi
done

# Whatever is missing of a program, or was overwritten in it, the rest of the profile is there.
mkdir damaged
labels pie/shapes | cut -d ' ' -f 1 | to_offsets pie/shapes | sed "s|\([^ ]*\).*|$work/damaged/shapes+\1 1|" > in
size=$(wc -c < pie/shapes)
for part in 0 1 2 3 4 5 6 7 8 9; do
    head -c $((size * part / 10)) pie/shapes > damaged/shapes
    pp-symbolize -t folded < in > got 2> log || complain "a program that is cut is no failure, $part" log
    [ "$(awk '{ n += $NF } END { print n }' got)" = "$(wc -l < in)" ] || complain "nothing is lost, $part" got
    cp pie/shapes damaged/shapes
    head -c $((size / 10)) /dev/zero | tr '\0' '\377' |
        dd of=damaged/shapes bs=1 seek=$((size * part / 10)) conv=notrunc 2> /dev/null
    pp-symbolize -t folded < in > got 2> log || complain "a damaged program is no failure, $part" log
    [ "$(awk '{ n += $NF } END { print n }' got)" = "$(wc -l < in)" ] || complain "nothing is lost, $part" got
done
pass

# --- without debug information ---------------------------------------------

build rust gcc rust.c && check 'names of Rust, both ways' outermost_functions rust rust rust

# A function without a size, in assembly, gets no name: neither its own nor that of the one before.
for folder in pie symbols-only; do
    nm $folder/plain | sed -n 's/^0*\([0-9a-f]*\) t here\.unsized\..*/\1/p' | to_offsets $folder/plain |
        cut -d ' ' -f 1 > offsets
    awk -v file="$work/$folder/plain" '{ print $1 " " file "+" $1 ":0" }' offsets > want
    found "$work/$folder/plain" < offsets > got
    compare "a function without a size has no name, $folder" 1
done

# Of a library without any tables but that for the linker, what others link to is known, and nothing
# else is taken for that: a name that is only the nearest is wrong.
build whole.so gcc plain.c -fPIC -shared
strip -o bare.so whole.so
nm -D --defined-only bare.so | cut -d ' ' -f 3 > exported
truth whole.so plain | outermost_functions > truth
cut -d ' ' -f 1 truth | to_offsets whole.so > offsets
awk -v file="$work/bare.so" '
    FILENAME == "exported" { exported[$1]; next }
    FILENAME == "offsets" { offset[$2] = $1; next }
    { o = offset[$1]; print o " " ($2 in exported ? $2 : file "+" o) }' exported offsets truth |
    sort > want
cut -d ' ' -f 1 want | found "$work/bare.so" | outermost_functions | sort > got
compare 'a stripped library has the names that are exported, and no other' 8
grep -q 'hidden\|0x' want || complain 'there is something that is not exported' want

# Two libraries with different functions at the same offsets.
build plain.o gcc plain.c -c -fPIC
objcopy --redefine-sym nest=nest_of_another --redefine-sym often=often_of_another plain.o another.o
for twin in plain another; do
    gcc -shared -o $twin.so $twin.o
    truth $twin.so plain | outermost_functions > truth
    cut -d ' ' -f 1 truth | to_offsets $twin.so | cut -d ' ' -f 1 | paste -d ' ' - truth |
        awk -v twin=$twin '{ print twin ";" ($3 ~ /nest|often/ && twin != "plain" ? $3 "_of_another" : $3) }' |
        sort | uniq -c | awk '{ print $2 " " $1 }' > want.$twin
    cut -d ' ' -f 1 truth | to_offsets $twin.so | sed "s|\([^ ]*\).*|$twin;$work/$twin.so+\1 1|" > offsets.$twin
done
cat want.another want.plain > want
cat offsets.plain offsets.another | pp-symbolize --quiet -t folded | sort > got
diff <(cut -d + -f 2 offsets.plain) <(cut -d + -f 2 offsets.another) > log ||
    complain 'the two libraries have functions at the same offsets' log
compare 'two libraries with functions at the same offsets are kept apart' 10

# --- where files are -------------------------------------------------------

# The same program, elsewhere than where it ran.
mkdir -p root/opt
cp pie/plain root/opt/plain
elsewhere() { # elsewhere WHAT OPTION... - /opt/plain is found
    local what=$1
    shift
    truth pie/plain plain > truth
    cut -d ' ' -f 1 truth | to_offsets pie/plain > offsets
    awk 'NR == FNR { offset[$2] = $1; next } { print offset[$1] " " $2 }' offsets truth | sort > want
    cut -d ' ' -f 1 want | found /opt/plain "$@" | sort > got
    compare "$what" 8
}
elsewhere '--sysroot' --sysroot root
elsewhere '--path-map' --path-map "/opt=$work/root/opt"
elsewhere '--binary of the same name' --binary "$work/root/opt/plain"

# --- builds, and lists -----------------------------------------------------

# A heap whose maps say which build of a program ran: two blocks, each of one label of plain.c.
heap_of() { # heap_of PATH BUILD_ID [PROGRAM] - whose second segment is its code, as in pie/plain
    local start end program=${3:-pie/plain}
    read -r offset address size < <(segments "$program" | sed -n 2p)
    offset=$((offset / 4096 * 4096))
    start=$((0x555500000000 + address / 4096 * 4096)) end=$((0x555500002000 + address / 4096 * 4096))
    echo 'heap profile: 2: 300 [ 2: 300] @ heapprofile'
    for label in 'hidden 100' 'innermost 200'; do
        address=$(labels "$program" | awk -v label="${label% *}" '$2 == label { print $1 }')
        printf '  1: %d [ 1: %d] @ %#x\n' "${label#* }" "${label#* }" $((0x555500000001 + 16#$address))
    done
    printf '\nMAPPED_LIBRARIES:\n%x-%x: r-xp %s (@%x) %s\n' $start $end "$1" $((offset)) "$2"
}

printf 'hidden 100\nnest;outer;middle;innermost 200\n' > named
in_heap() { # in_heap WHAT FILE_WANTED OPTION... - what is found in the file heap
    pp-symbolize -t folded -i inuse_space "${@:3}" heap 2> messages | sort > got
    cp "$2" want
    compare "$1" 1
}

echo '[plain] 300' > unnamed
heap_of "$work/pie/plain" "$(build_id pie/plain)" > heap
in_heap 'a program of the build that ran is taken' named
heap_of "$work/pie/plain" 0123456789abcdef > heap
in_heap 'a program of another build is not' unnamed
grep -qF 'pie/plain: is not the recorded build' messages || complain 'and that is reported' messages
in_heap 'unless it is asked for' named --ignore-build-id
heap_of /opt/gone/plain "$(build_id pie/plain)" > heap
in_heap 'debug information alone is enough' named --debug-dir ids
if have 'debug information of code that does not begin on a page' ld.lld; then
    mkdir lld-ids
    build lld-plain gcc plain.c -g -fuse-ld=lld -Wl,--build-id
    objcopy --only-keep-debug lld-plain lld-plain.debug
    store lld-plain lld-plain.debug lld-ids
    heap_of /opt/gone/plain "$(build_id lld-plain)" lld-plain > heap
    in_heap 'debug information alone is enough, as lld links' named --debug-dir lld-ids
fi

# What perf does not know: code made at run time, and the kernel.
{
    printf 'node   1 1.0: 1 cycles: \n\tffffffff81000041 [unknown] ([kernel.kallsyms])\n'
    printf '\t    7f3a1c000e44 [unknown] (/tmp/perf-1.map)\n\n'
} > recording
echo '7f3a1c000e40 1c0 LazyCompile:~parse /srv/app.js:12' > jit.map
printf 'ffffffff81000000 T _stext\nffffffff81000040 t do_thing\nffffffff81000080 D data\n' > kallsyms
echo 'node;LazyCompile:~parse /srv/app.js:12;do_thing 1' > want
pp-symbolize -t folded --perf-map jit.map --kallsyms kallsyms recording > got 2> messages
compare 'names of a JIT compiler and of the kernel' 1
sed -i 's/^f[0-9a-f]*/0000000000000000/' kallsyms
echo '7f3a1c000e40 what is this' >> jit.map
pp-symbolize -t folded --perf-map jit.map --kallsyms kallsyms recording > got 2> messages
for text in 'jit.map:2: expected a start' 'kallsyms: all addresses are 0'; do
    if grep -qF "$text" messages; then pass; else complain "it is reported: $text" messages; fi
done

# The kernel is loaded at another address each time it starts, which its mapping tells.
{
    echo 'swapper 0 [000] 0.0: PERF_RECORD_MMAP -1/0: [0xffffffff9a000000(0x1000000) @ 0xffffffff9a000000]: x [kernel.kallsyms]_text'
    printf 'app 1 1.0: 5 cycles:\n\tffffffff9a000041 [unknown] ([kernel.kallsyms])\n\n'
} > slid
printf 'ffffffff81000000 T _text\nffffffff81000040 t do_thing\nffffffff81000080 D data\n' > kallsyms
echo 'app;do_thing 5' > want
pp-symbolize -t folded --kallsyms kallsyms slid > got 2> messages
compare 'a list of symbols of another boot' 1
pp-convert -t pprof -o slid.pb slid
pp-symbolize -t folded --kallsyms kallsyms slid.pb > got 2> messages
compare '... of a pprof' 1

# --- processes, and programs that the profile does not name ----------------

# A list of JIT code is found by the process that a heap dump's name says.
jit=/tmp/perf-4194301.map
echo '7f3a1c000e40 1c0 jitted' > $jit
printf 'heap_v2/1\n  t*: 1: 100 [0: 0]\n@ 0x7f3a1c000e45\n  t*: 1: 100 [0: 0]\n\nMAPPED_LIBRARIES:\n00400000-00401000 r-xp 00000000 08:01 1 /opt/gone/app\n' \
    > jeprof.4194301.0.f.heap
cp jeprof.4194301.0.f.heap other.heap
echo 'jitted 100' > want
pp-symbolize --quiet -t folded -i inuse_space jeprof.4194301.0.f.heap > got
compare 'JIT code of the process that a dump is called by' 1
echo '[unknown] 100' > want
pp-symbolize --quiet -t folded -i inuse_space other.heap > got
compare '... and of no other' 1
rm $jit

# Each of several processes has its own list, as the same address is other code there; one has none.
for pid in 4194301 4194302 4194303; do
    printf 'node %d/%d 1.0: 1 cycles:\n\t 7f3a1c000e44 [unknown] (//anon)\n\t 401000 main (/app)\n\n' $pid $pid
done > three
sed -n 1,4p three > one
echo '7f3a1c000e40 1c0 first' > /tmp/perf-4194301.map
echo '7f3a1c000e40 1c0 second' > /tmp/perf-4194302.map
printf 'node;main;[anon] 1\nnode;main;first 1\nnode;main;second 1\n' > want
pp-symbolize --quiet -t folded three > got
compare 'JIT code of several processes' 3
echo 'node;main;first 1' > want
pp-symbolize --quiet -t folded one > got
compare 'JIT code of the only process' 1
rm /tmp/perf-4194301.map /tmp/perf-4194302.map

# Without mappings, addresses are those of the program that the user names, if it cannot move.
build fixed gcc plain.c -g -no-pie
address=$(labels fixed | awk '$2 == "innermost" { print $1 }')
printf 'heap profile: 1: 100 [ 1: 100] @ heapprofile\n 1: 100 [ 1: 100] @ %#x\n' $((16#$address + 1)) > bare.heap
echo 'nest;outer;middle;innermost 100' > want
pp-symbolize --quiet -t folded -i inuse_space --binary fixed bare.heap > got
compare '--binary of a profile without mappings' 1
pp-symbolize -t folded -i inuse_space --binary pie/plain bare.heap > got 2> messages
grep -qF 'is position-independent' messages || complain 'a position-independent program is reported' messages

# An address in no mapping is not taken for an offset in a program that can move, though there is code at it.
address=$(labels pie/plain | awk '$2 == "innermost" { print $1 }')
printf 'heap profile: 1: 100 [ 1: 100] @ heapprofile\n 1: 100 [ 1: 100] @ %#x\n' $((16#$address + 1)) > bare.heap
printf 'heap_v2/1\n  t*: 1: 100 [0: 0]\n@ %#x\n  t*: 1: 100 [0: 0]\n' $((16#$address + 1)) > bare.jemalloc
for profile in bare.heap bare.jemalloc; do
    echo '[unknown] 100' > want
    pp-symbolize -t folded -i inuse_space --binary pie/plain $profile > got 2> messages
    compare "an address without a mapping has no name in a program that can move, $profile" 1
    grep -qF 'is position-independent' messages || complain 'and that is reported' messages
done

# Functions in blocks of others, which GNU C has, are found by their own names, not by those of their symbols.
cat > nested.c <<END
int main(int argc, char **argv)
{
    int sum = !argv;
    {
        __attribute__((noinline)) int inner(int x) { volatile int y = x; return y * argc; }
        sum += inner(argc);
    }
    return sum;
}
END
gcc -O1 -g -no-pie -o nested nested.c > log 2>&1 || complain 'nested.c is built' log
address=$(nm nested | sed -n 's/^0*\([0-9a-f]*\) t inner\..*/\1/p')
printf 'heap profile: 1: 5 [ 1: 5] @ heapprofile\n 1: 5 [ 1: 5] @ %#x\n' $((16#$address + 5)) > nested.heap
echo 'inner 5' > want
pp-symbolize --quiet -t folded -i inuse_space --binary nested nested.heap > got
compare 'a function in a block of another' 1

# A program that was replaced while it ran.
heap_of "$work/pie/plain (deleted)" "$(build_id pie/plain)" > heap
in_heap 'a program that was deleted, and is of the build that ran' named
heap_of "/opt/gone/plain (deleted)" "$(build_id pie/plain)" > heap
in_heap '--binary of a program that was deleted' named --binary pie/plain
heap_of "$work/pie/plain (deleted)" '' > heap
pp-symbolize -t folded -i inuse_space heap > got 2> messages
grep -qF 'was replaced while it ran' messages || complain 'a replaced program without a build id is reported' messages

# --- where sources are -----------------------------------------------------

# Paths are relative to where the compiler ran.
mkdir -p tree/build tree/src
printf 'static inline __attribute__((always_inline)) int twice(int x) { return 2 * x; }\n' > tree/src/twice.h
printf '#include "twice.h"\nint use(int x)\n{\n    return twice(x) + 1;\n}\nint main(void) { return use(1); }\n' > tree/src/use.c
for how in 'gcc -gdwarf-4' 'gcc -gdwarf-5' 'clang-14 -gdwarf-4' 'clang-14 -gdwarf-5'; do
    command -v ${how% *} > /dev/null || continue
    (cd tree/build && $how -O1 -fno-inline-functions -o use ../src/use.c) > log 2>&1 || complain "$how builds" log
    nm tree/build/use | sed -n 's/^0*\([0-9a-f]*\) T use$/\1/p' | to_offsets tree/build/use | cut -d ' ' -f 1 > offset
    echo "$(cat offset)" | awk -v file="$work/tree/build/use" '{ print file "+" $1 " 1" }' |
        pp-symbolize --quiet -t folded --granularity=files | tr ';' '\n' | sed 's/ 1$//' | sort -u > got
    if grep -qxF "$work/tree/build/../src/use.c" got && ! grep -qvF "$work/tree/build/../src/" got; then
        pass
    else
        complain "paths are whole, $how" got
    fi
done

# A call that does not return may be the last instruction of a function: what it would return to is
# another one.
cat > ends.c <<END
__attribute__((noinline, noreturn)) void die(int x) { for (volatile int y = x;; y++) ; }
__attribute__((noinline)) void caller(int x) { die(x); }
__attribute__((noinline)) int behind(int x) { return x * 3; }
int main(int n, char **v) { if (n > 1) caller(n); return behind(n) + !v; }
END
gcc -O1 -g -no-pie -fno-toplevel-reorder -falign-functions=1 -o ends ends.c > log 2>&1 || complain 'ends.c is built' log
{
    printf 'app 1 1.0: 1 cycles: \n'
    nm ends | sed -n 's/^0*\([0-9a-f]*\) T \(die\|behind\)$/\2 \1/p' | sort -r | cut -d ' ' -f 2 | to_offsets ends |
        awk -v file="$work/ends" '{ sub(/^0x/, "", $1); print "\t" $1 " [unknown] (" file ")" }'
    echo
} > recording
echo 'app;caller;die 1' > want
pp-symbolize --quiet -t folded recording > got
compare 'the address that a call returns to may be in the next function' 1

# Where a function begins is not said of lines that are in another file.
printf 'int use(int x)\n{\n#line 100 "other.c"\n    return x * 3;\n}\nint main(void) { return use(1); }\n' > lines.c
gcc -O0 -g -o lines lines.c > log 2>&1 || complain 'lines.c is built' log
nm -S lines | awk '$4 == "use" { print $1, $2 }' | while read -r address size; do
    for ((a = 16#$address; a < 16#$address + 16#$size; a++)); do printf '%x\n' $a; done
done | to_offsets lines | awk -v file="$work/lines" '{ print file "+" $1 " 1" }' | pp-symbolize --quiet -t text | grep ' use ' > got
if grep -q 'other\.c' got && ! grep 'other\.c' got | grep -q ' from ' && grep 'lines\.c' got | grep -q ' from 1 '; then
    pass
else
    complain 'a function begins in its own file' got
fi

# What has names already is looked up again only if that is asked for, and then not twice.
pp-symbolize --quiet -t pprof -i inuse_space --binary pie/plain heap > named.pb
pp-symbolize --quiet -t text named.pb > want
pp-symbolize --quiet -t text --again --binary pie/plain named.pb > got
compare 'what is inlined is there once, however often it is looked up' 10

# Without a build id, times tell that a program may be another.
heap_of "$work/pie/plain" '' > heap
touch -d '1 hour ago' heap
touch pie/plain
pp-symbolize -t folded -i inuse_space heap > got 2> messages
grep -qF 'was changed after the recording' messages || complain 'a program newer than the profile is reported' messages
touch heap -d '1 hour'
pp-symbolize -t folded -i inuse_space heap > got 2> messages
grep -qF 'was changed after' messages && complain 'one that is not is not' messages

# --- Go --------------------------------------------------------------------

# What Go's own table says of a program that was stripped is what its debug information says.
if have 'names of a stripped program in Go' go; then
    export GOCACHE=$work/go-cache GOFLAGS=-mod=mod GO111MODULE=off
    mkdir go
    cp "$source/names.go" go
    for mode in exe pie; do
        (cd go && go build -buildmode=$mode -o $mode names.go && go build -buildmode=$mode -ldflags='-s -w' -o $mode-bare names.go) \
            > log 2>&1 || complain "Go builds, $mode" log
        nm go/$mode | awk '$2 ~ /[tT]/ && $3 ~ /^(main|sort|strconv)\./ { print $1 }' | while read -r address; do
            for at in 0 5 13 26 47; do printf '%x\n' $((16#$address + at)); done
        done > addresses
        to_offsets go/$mode < addresses | cut -d ' ' -f 1 > offsets
        found "$work/go/$mode" --granularity=lines < offsets | sed 's|\./<auto|<auto|g; s/\[go\.shape[^]]*\]/[...]/g' > want
        found "$work/go/$mode-bare" --granularity=lines < offsets | sed "s|/$mode-bare|/$mode|g" > got
        compare "a stripped program in Go, $mode" 100
        grep -q 'main.inner.*main.work\|main.work.*main.inner' got || complain "with what is inlined, $mode" got
    done
fi

# --- compared with addr2line -----------------------------------------------

# "address function@line|function@line..." of addresses, by addr2line and by pp-symbolize. Not known is
# what addr2line has no line for. Names are compared without scopes, parameters and template arguments,
# which the two do not show alike for functions that have no linker's name.
by_addr2line() { # by_addr2line FILE
    addr2line -a -i -f -C -e "$1" | awk '
        function flush() {
            if (address && known)
                print address " " chain
        }
        /^0x[0-9a-f]*$/ {
            flush()
            address = $0
            sub(/^0x0*/, "", address)
            chain = name = ""
            known = 1
            next
        }
        name == "" { name = $0; next }
        {
            sub(/ \(discriminator [0-9]+\)$/, "")
            line = $0
            sub(/.*:/, "", line)
            known = known && line ~ /^[1-9]/
            chain = chain (chain == "" ? "" : "|") name "@" line
            name = ""
        }
        END { flush() }' | bare_names
}

by_pp() { # by_pp FILE
    to_offsets "$1" > offsets
    cut -d ' ' -f 1 offsets | found "$(realpath "$1")" --demangle=full > chains
    awk 'NR == FNR { address[$1] = $2; next } { o = $1; sub(/^[^ ]* /, ""); print address[o] " " $0 }' \
        offsets chains | sed -E 's/:([0-9]+)(;|$)/@\1\2/g; s/@([0-9]+);/@\1|/g' | bare_names
}

bare_names() {
    sed -E ':a; s/<[^<>]*>//; ta; :b; s/\([^()]*\)//; tb; s/ const//g; s/\.(cold|isra|constprop|part)[.0-9]*//g
        s/([ |])[^|@]*::/\1/g; s/([ |])[^|@]* ([^|@ ]+@)/\1\2/g' | sort
}

# Where a function was inlined that has no linker's name, addr2line 2.40 calls it by the name of the
# function it was inlined into. So the innermost name is not compared where that may be.
peer() { # peer WHAT COMPILER [OPTION]... - busy.cc, each fourth byte of its functions, without padding
    local what=$1
    shift
    build busy "$1" busy.cc "${@:2}" || return
    nm -S --defined-only busy | awk 'NF == 4 && $3 ~ /[tTwW]/ { print $1, $2 }' | sort -u |
        while read -r address size; do
            for ((a = 16#$address; a < 16#$address + 16#$size; a += 4)); do
                printf '%x\n' $a
            done
        done > addresses
    by_addr2line busy < addresses > peer
    by_pp busy < addresses > own
    awk 'NR == FNR { own[$1] = $0; next }
        {
            n = split($0, p, /[ |]/)
            split(own[$1], o, /[ |]/)
            split(p[2], first, "@")
            split(p[n], last, "@")
            split(o[2], found, "@")
            if (n > 2 && first[1] == last[1])
                p[2] = found[1] "@" first[2]
            line = p[1]
            for (i = 2; i <= n; i++)
                line = line " " p[i]
            print line
        }' own peer > want
    awk 'NR == FNR { known[$1]; next } $1 in known { gsub(/\|/, " "); print }' peer own > got
    compare "$what: the same as addr2line" 500
}

peer 'g++ -O2' g++ -g
peer 'g++ -O0' g++ -g -O0
peer 'g++, DWARF 4, not PIE' g++ -gdwarf-4 -no-pie
command -v ld.gold > /dev/null && peer 'g++ and gold' g++ -g -fuse-ld=gold
# It loses what is inlined in DWARF 5 of clang, so that there is nothing to compare.
command -v clang-14 > /dev/null && peer 'clang, DWARF 4' 'clang-14 -lstdc++' -gdwarf-4

# --- a program under jemalloc ----------------------------------------------

jemalloc=$(find /usr/lib /usr/local/lib -name 'libjemalloc.so.2' 2> /dev/null | head -1)

dump() { # dump PROGRAM NAME - its heap at the end, every block of it, as NAME.heap
    MALLOC_CONF=prof:true,lg_prof_sample:0,prof_final:true,prof_prefix:$2 LD_PRELOAD=$jemalloc "$1" &&
        mv "$2".*.f.heap "$2.heap"
}

from_main() { # what stacks have from main on
    sed -n 's/.*;main;/main;/p' | sort
}

allocated() { # allocated WHAT DUMP OPTION... - the heap is what allocates.c has made of it
    local what=$1 dump=$2
    shift 2
    pp-convert --quiet -i inuse_space -t folded "$@" "$dump" | from_main > got
    cp bytes want
    compare "$what: bytes" 7
    pp-convert --quiet -i inuse_objects -t folded "$@" "$dump" | from_main > got
    cp blocks want
    compare "$what: blocks" 7
}

{
    echo 'main;keep_large;take 10 163840'
    echo 'main;keep_small;take 1000 64000'
    stack='main'
    for depth in 1 2 3 4 5; do
        stack="$stack;nest"
        echo "$stack;take 1 128"
    done
} | sort > truth
sed 's/ [0-9]* / /' truth > bytes
sed 's/ [0-9]*$//' truth > blocks

if [ -z "$jemalloc" ]; then
    echo 'left out, as there is no libjemalloc.so.2: heaps of a program'
else
    build allocates gcc allocates.c -g
    mkdir 'a folder'
    cp allocates 'a folder/allocates'
    dump ./allocates plain
    dump 'a folder/allocates' blank
    allocated 'a heap' plain.heap --symbolize
    allocated 'a heap of a program in a folder with a blank' blank.heap --symbolize
    mv 'a folder/allocates' renamed
    allocated 'a heap of a program that was renamed' blank.heap --binary renamed

    # jeprof adds up functions, and finds these where their program lies: not always the one that calls
    # malloc, whose address it looks up unlike the others.
    if have 'heaps compared with jeprof' jeprof; then
        jeprof --show_bytes --inuse_space --text --cum allocates plain.heap 2> /dev/null |
            awk '$6 ~ /^(main|keep_small|keep_large|nest)$/ { print $6 " " $4 }' | sort > want
        pp-report top --quiet --symbolize --cum --csv --no-trim -i inuse_space plain.heap |
            awk -F, '{ gsub(/"/, "") } $3 ~ /^(main|keep_small|keep_large|nest)$/ { print $3 " " $2 }' |
            sort > got
        compare 'functions have what jeprof gives them' 4
    fi
fi

all_passed
