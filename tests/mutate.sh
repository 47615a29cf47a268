#!/bin/bash
# mutate.sh SOURCE_DIR WORK_DIR N SEED [FOLDER] - plants N small changes in the C sources below FOLDER
# (default: libpp and tools), one at a time in a copy of its own, and runs the tests: unit, golden and
# script tests, the quick ones first, up to the first that fails. Prints a line for each change that no
# test has seen; what these are is for docs/testing.md, or for a test.
#
# A change is one of: a bound moved by one (< for <=), a sign turned, a condition turned or joined the
# other way (== for !=, && for ||), a number one more, a constant of true or false turned, a call left
# out. The same seed plants the same changes in the same sources. What does not compile does not count.
set -u
source=$(cd "$1" && pwd) work=$2 n=$3 seed=$4 folder=${5:-}
mkdir -p "$work"
work=$(cd "$work" && pwd)
copy=$work/source build=$work/build
jobs=${JOBS:-$(nproc)}

# --- the copy ---------------------------------------------------------------

mkdir -p "$copy"
git -C "$source" ls-files -z -co --exclude-standard | tar -C "$source" --null -T - -cf - | tar -xf - -C "$copy"
if ! cmake -S "$copy" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug > "$work/log" 2>&1 ||
    ! cmake --build "$build" -j "$jobs" >> "$work/log" 2>&1; then
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

tests() { # the tests, those first that are quick and see most; the name of the first that fails
    local group failed
    for group in '^unit/' '^golden/' '^(flamegraph|terminal|rules_examples|reports|leaks|pipelines)$' '^(symbols|docs_examples)$'; do
        failed=$(ctest --test-dir "$build" -j "$jobs" -R "$group" --timeout 300 --stop-on-failure 2> /dev/null |
            sed -n 's/.*- \([a-z_/A-Z0-9.-]*\) (\(Failed\|Timeout\|SEGFAULT\|Subprocess.*\|.*\))$/\1/p' | head -1)
        [ -z "$failed" ] || { echo "$failed"; return; }
    done
}

planted=0 caught=0 survivors=$work/survivors
: > "$survivors"
places > "$work/places"
chosen < "$work/places" > "$work/chosen"
while [ "$planted" -lt "$n" ] && IFS=$'\t' read -r file line column length new <&3; do
    cp "$copy/$file" "$work/original"
    awk -v at="$line" -v column="$column" -v n="$length" -v new="$new" '
        FNR == at { $0 = substr($0, 1, column - 1) new substr($0, column + n) }
        { print }' "$work/original" > "$copy/$file"
    change="$file:$line: $(sed -n "${line}s/^ *//p" "$work/original")  =>  $(sed -n "${line}s/^ *//p" "$copy/$file")"
    if cmake --build "$build" -j "$jobs" > "$work/log" 2>&1; then
        planted=$((planted + 1))
        by=$(tests)
        if [ -n "$by" ]; then
            caught=$((caught + 1))
            echo "caught by $by: $change"
        else
            echo "SURVIVED: $change" | tee -a "$survivors"
        fi
    fi
    cp "$work/original" "$copy/$file"
    touch "$copy/$file"
done 3< "$work/chosen"
cmake --build "$build" -j "$jobs" > "$work/log" 2>&1
echo
echo "$planted changes planted (seed $seed), $caught caught, $((planted - caught)) survived:"
cat "$survivors"
