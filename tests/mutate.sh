#!/bin/bash
# mutate.sh SOURCE_DIR WORK_DIR N SEED [FOLDER] - plants N small changes in the C sources below FOLDER
# (default: libpp and tools), one at a time in a copy of its own, and runs the tests up to the first that
# fails: those of the changed folder, golden cases, unit tests, scripts. Prints a line for each change,
# and at the end those that no test has seen: what these are is for docs/testing.md, or for a test.
#
# A change is one of: a bound moved by one (< for <=), a sign turned, a condition turned or joined the
# other way (== for !=, && for ||), a number one more, a constant of true or false turned, a call left
# out. The same seed plants the same changes in the same sources. What does not compile does not count;
# what the compiler turns into the same code as before is counted as changing nothing.
#
# In the copy, libpp is a shared library, so that a change costs one compilation and one link. What is
# done stays in WORK_DIR/results, and a run that was stopped goes on from there with the sources it had.
# $FROM is the number of the change to begin with (default: 1), so that one seed can be run in parts.
set -u
source=$(cd "$1" && pwd) work=$2 n=$3 seed=$4 folder=${5:-}
mkdir -p "$work"
work=$(cd "$work" && pwd)
copy=$work/source build=$work/source/build/mutate results=$work/results
jobs=${JOBS:-$(nproc)}
ulimit -v 16000000 # a loop that no longer ends must not take the machine along

# --- the copy ---------------------------------------------------------------

mkdir -p "$copy"
if [ ! -s "$results" ]; then
    git -C "$source" ls-files -z -co --exclude-standard | tar -C "$source" --null -T - -cf - | tar -xf - -C "$copy"
    sed -i 's/add_library(pp STATIC/add_library(pp SHARED/' "$copy/CMakeLists.txt"
fi
build_all() {
    cmake --build "$build" -j "$jobs" > "$work/log" 2>&1
}
if ! cmake -S "$copy" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG=-O1 \
    -DCMAKE_LINK_DEPENDS_NO_SHARED=ON "-DCMAKE_EXE_LINKER_FLAGS=-Wl,--copy-dt-needed-entries" > "$work/log" 2>&1 || ! build_all; then
    tail -20 "$work/log"
    exit 1
fi

# --- places -----------------------------------------------------------------

# "FILE LINE COLUMN LENGTH NEW": all changes that could be planted.
places() {
    cd "$copy" && git -C "$source" ls-files -- "${folder:-libpp}" "${folder:-tools}" | grep '\.c$' | sort -u | while read -r file; do
        awk -v file="$file" '
            function put(column, length_, new) {
                print file "\t" FNR "\t" column "\t" length_ "\t" new
            }
            # What a change of the text `old` at each place makes.
            function each(line, old, new,    at, from) {
                from = 1
                while ((at = index(substr(line, from), old))) {
                    put(from + at - 1, length(old), new)
                    from += at - 1 + length(old)
                }
            }
            /^[ \t]*(\/\*|\*|\/\/|#)/ || /^[^ \t]/ { next } # comments; what is at the left is no statement
            {
                line = $0
                sub(/\/\*.*/, "", line)
                # What is in quotes stays as it is.
                while (match(line, /"([^"\\]|\\.)*"|'\''([^'\''\\]|\\.)+'\''/)) {
                    blank = sprintf("%*s", RLENGTH, "")
                    gsub(/ /, "\001", blank)
                    line = substr(line, 1, RSTART - 1) blank substr(line, RSTART + RLENGTH)
                }
                each(line, " < ", " <= ")
                each(line, " <= ", " < ")
                each(line, " > ", " >= ")
                each(line, " >= ", " > ")
                each(line, " == ", " != ")
                each(line, " != ", " == ")
                each(line, " && ", " || ")
                each(line, " || ", " && ")
                each(line, " + ", " - ")
                each(line, " - ", " + ")
                each(line, " += ", " -= ")
                each(line, "(!", "(")
                each(line, " * ", " / ")
                each(line, "return true;", "return false;")
                each(line, "return false;", "return true;")
                if (match(line, /[ (]([1-9][0-9]*)[;,) ]/))
                    put(RSTART + 1, RLENGTH - 2, substr(line, RSTART + 1, RLENGTH - 2) + 1)
                if (line ~ /^[ \t]+[a-z_]+\(.*\);$/ && line !~ /(free|release|assert|return|sizeof)/) {
                    match(line, /[a-z_]/)
                    put(RSTART, length(line) - RSTART + 1, ";")
                }
            }' "$file"
    done
}

# N of the lines, in an order that only the seed decides.
chosen() {
    awk -v seed="$seed" '
        { line[NR] = $0 }
        END {
            x = seed % 2147483646 + 1
            for (i = NR; i > 1; i--) {
                x = x * 16807 % 2147483647
                k = x % i + 1
                swap = line[i]; line[i] = line[k]; line[k] = swap
            }
            for (i = 1; i <= NR; i++)
                print line[i]
        }'
}

# --- one change -------------------------------------------------------------

# The groups of tests for a change of FILE, those first that are quick and likely to see it. What
# records programs or builds some takes minutes, and runs only where it can see anything.
groups() {
    local family=${1#libpp/}
    case $1 in
    libpp/formats/*) ;;
    libpp/*) echo "^unit/${family%%/*}/" ;;
    tools/front/*) echo '^front$' ;;
    tools/*) echo '^(command_line|terminal|flamegraph|reports|comparing)$' ;;
    esac
    echo '^golden/'
    echo '^unit/'
    case $1 in
    libpp/formats/llvm/* | libpp/model/branches.c | libpp/symbols/branch*) echo '^pgo$' ;;
    libpp/symbols/*) echo '^symbols$' ;;
    esac
    echo '^(flamegraph|terminal|command_line|rules_examples|reports|comparing|leaks|viewers|counted)$'
    echo '^(pipelines|docs_examples)$'
    echo '^fuzz/'
    case $1 in
    libpp/symbols/* | libpp/formats/perf/* | libpp/io/* | tools/work/* | tools/cli/* | libpp/base/child.c)
        echo '^(symbols|perf_data|limits)$'
        ;;
    esac
}

# The first test of the group that fails.
run() {
    ctest --test-dir "$build" -j "$jobs" -R "$1" -E "${broken:-^$}" --timeout 240 --stop-on-failure 2> /dev/null |
        sed -n 's|^.*Test *#[0-9]*: \([^ ]*\) [. ]*\*\*\*.*|\1|p' | grep -v '^$' | head -1
}

tests() { # FILE - the name of the first test that fails
    local group failed
    groups "$1" | while read -r group; do
        failed=$(run "$group" < /dev/null)
        [ -z "$failed" ] || { echo "$failed"; return; }
    done
}

object() {
    find "$build" -path "*/$1.o" | head -1
}

# plant FILE LINE COLUMN LENGTH NEW - change the copy, try, and write a line to the results.
plant() {
    local file=$1 line=$2 change by=
    cp "$copy/$file" "$work/original"
    cp "$(object "$file")" "$work/object"
    awk -v at="$line" -v column="$3" -v n="$4" -v new="$5" '
        FNR == at { $0 = substr($0, 1, column - 1) new substr($0, column + n) }
        { print }' "$work/original" > "$copy/$file"
    change="$file:$line: $(sed -n "${line}s/^ *//p" "$work/original")  =>  $(sed -n "${line}s/^ *//p" "$copy/$file")"
    if ! build_all; then
        echo "does not compile: $change"
    elif cmp -s "$(object "$file")" "$work/object"; then
        echo "the same code: $change"
    else
        by=$(tests "$file")
        [ -n "$by" ] && echo "caught by $by: $change" || echo "SURVIVED: $change"
    fi >> "$results"
    tail -1 "$results"
    cp "$work/original" "$copy/$file"
    touch "$copy/$file"
}

tried() { # how many of the results are of changes that count
    grep -vc '^does not compile' "$results"
}

# What fails without a change is left out.
broken=$(ctest --test-dir "$build" -j "$jobs" -R '^(unit/|golden/|fuzz/|[a-z_]*$)' \
    -E '^(faults|install.*|instructions|adding_to_pp|layering.*|circles|hardening)$' --timeout 600 |
    sed -n 's|^.*Test *#[0-9]*: \([^ ]*\) [. ]*\*\*\*.*|\1|p' | paste -sd'|')
broken=${broken:+"^($broken)\$|"}'^(faults|install.*|instructions|adding_to_pp|layering.*|circles|hardening)$'
echo "left out: $broken"

touch "$results"
places > "$work/places"
chosen < "$work/places" > "$work/chosen"
skip=$((${FROM:-1} - 1 + $(wc -l < "$results")))
while [ "$(tried)" -lt "$n" ] && IFS=$'\t' read -r file line column length new <&3; do
    [ "$skip" = 0 ] || { skip=$((skip - 1)); continue; }
    plant "$file" "$line" "$column" "$length" "$new"
done 3< "$work/chosen"
build_all
echo
echo "$(tried) changes planted (seed $seed, from ${FROM:-1}): $(grep -c '^caught' "$results") caught," \
    "$(grep -c '^the same' "$results") the same code, $(grep -c '^SURVIVED' "$results") survived:"
grep '^SURVIVED' "$results"
exit 0
