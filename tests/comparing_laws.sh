#!/bin/bash
# comparing_laws.sh BIN_DIR SOURCE_DIR - laws of pp-diff: a profile compared with itself has no change, in any output; and
# of two sides that are swapped, changes have the other sign, and the same error, p, q and noise.
set -eu
bin=$(cd "$1" && pwd) data=$(cd "$2" && pwd)/testdata/comparing
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$data"/*.folded .
failed=0
fail() {
    echo "comparing_laws.sh: $*" >&2
    failed=1
}

# Rows as "name|what|values", with the values of BEFORE and AFTER, and the signs of what has one, as if swapped if $1 is
# 1. With a scale, as of --normalize, values depend on which side is scaled: then `scaled` leaves them out.
rows() { # rows SWAPPED SCALED
    sed -n 's/^{"function":"\(.*\)","self":{\([^}]*\)},"total":{\([^}]*\)},"noise":\([a-z]*\)}.*/\1|self|\2|\4\n\1|total|\3|\4/p' |
        awk -F'|' -v OFS='|' -v swapped="$1" -v scaled="$2" '
            function number(v) { return v == "null" ? v : sprintf(scaled ? "%.4g" : "%.6g", v) + 0 }
            {
                n = split($3, fields, ",")
                out = ""
                for (i = 1; i <= n; i++) {
                    split(fields[i], f, ":")
                    gsub("\"", "", f[1])
                    v[f[1]] = f[2]
                }
                sign = swapped ? -1 : 1
                name = $1
                at = index(name, " -> ")
                if (swapped && at)
                    name = substr(name, at + 4) " -> " substr(name, 1, at - 1)
                values = (swapped ? v["after"] " " v["before"] : v["before"] " " v["after"]) \
                    " " sign * v["delta"] + 0 " " number(v["error"])
                print name, $2, scaled ? "" : values, \
                    v["significance"] == "null" ? "null" : sign * number(v["significance"]) + 0, \
                    number(v["p"]), number(v["q"]), "exact_p" in v ? number(v["exact_p"]) : "", $4
            }' | sort
}

# swap SCALED OPTION... -- BEFORE... -- AFTER...
swap() {
    local scaled=$1 options=() before=() after=()
    shift
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    while [ "$1" != -- ]; do before+=("$1"); shift; done
    shift
    after=("$@")
    "$bin/pp-diff" -q -t json "${options[@]}" --before "${before[@]}" --after "${after[@]}" > there.json
    "$bin/pp-diff" -q -t json "${options[@]}" --before "${after[@]}" --after "${before[@]}" > back.json
    rows 0 "$scaled" < there.json > there
    rows 1 "$scaled" < back.json > back
    [ -s there ] && [ "$(wc -l < there)" = $((2 * $(grep -c '^{"function"' there.json))) ] || fail "no rows: ${options[*]}"
    diff -u there back >&2 || fail "${options[*]} of ${before[*]} and ${after[*]} is another thing than the reverse"
    there=$(sed -n 's/.*"differ_p":\([^,]*\),.*/\1/p' there.json) back=$(sed -n 's/.*"differ_p":\([^,]*\),.*/\1/p' back.json)
    [ "$there" ] && [ "$there" = "$back" ] || fail "${options[*]}: the whole differs with p $there, and with p $back in reverse"
}
b=(before.[1-5].folded) a=(after.[1-5].folded)
swap '' -- before.1.folded -- after.1.folded
swap '' --pair-renames -- before.1.folded -- refactored.1.folded
swap '' -- "${b[@]}" -- "${a[@]}"
swap '' --exact -- "${b[@]}" -- "${a[@]}"
swap 1 -- before.1.folded before.2.folded before.3.folded -- "${a[@]}"
swap 1 -- before.1.folded -- "${a[@]}"
swap 1 --normalize -- before.1.folded -- after.1.folded
swap 1 --normalize --exact -- "${b[@]}" -- "${a[@]}"
swap 1 --per '^next_word$' -- before.1.folded -- after.1.folded
swap 1 --per '^next_word$' -- "${b[@]}" -- "${a[@]}"

# The other outputs, of one side and of the other.
"$bin/pp-diff" -t folded before.1.folded after.1.folded > there
"$bin/pp-diff" -t folded after.1.folded before.1.folded | sed 's/ \([0-9]*\) \([0-9]*\)$/ \2 \1/' | cmp - there >&2 ||
    fail 'folded output of swapped sides'
"$bin/pp-diff" -t csv after.1.folded before.1.folded | sort | cut -d, -f1,14- > there
"$bin/pp-diff" -t csv before.1.folded after.1.folded | sort | cut -d, -f1,14- | cmp - there >&2 || fail 'csv of swapped sides'
for to in table md; do
    "$bin/pp-diff" -t $to before.1.folded after.1.folded | grep -c noise > there || true
    "$bin/pp-diff" -t $to after.1.folded before.1.folded | grep -c noise | cmp - there >&2 || fail "$to of swapped sides"
done
status=0
"$bin/pp-diff" -q -t junit --fail-if 'total(hash) > 19%' before.1.folded after.1.folded > /dev/null 2>&1 || status=$?
[ $status = 3 ] || fail 'hash did not grow'
"$bin/pp-diff" -q -t junit --fail-if 'total(hash) > 0%' after.1.folded before.1.folded > /dev/null || fail 'it grew in reverse, too'

# Nothing differs from itself: one file or several, by any condition.
never=(--fail-if 'any > 0' --fail-if 'any self > 0' --fail-if 'any < 0' --fail-if 'total > 0' --fail-if 'total < 0'
    --fail-if different --fail-if 'self(hash) > 0, p < 100%')
itself() { # itself OPTION... - with the files of SIDE on either side
    "$bin/pp-diff" "${never[@]}" "$@" --before "${side[@]}" --after "${side[@]}" > out 2> err || fail "$* of ${side[*]} with itself: status $?"
}
for n in 1 5; do
    side=("${b[@]:0:n}")
    for options in '' --normalize '--per ^next_word$' --pair-renames; do
        # shellcheck disable=SC2086 # options are words
        itself $options -t json
        ! grep -q '^{"function"' out || fail "$options: a row that did not change"
        # shellcheck disable=SC2086
        itself $options -t csv
        [ "$(wc -l < out)" = 1 ] || fail "$options: a row that did not change"
        # shellcheck disable=SC2086
        itself $options -t folded
        awk '$NF != $(NF - 1) { exit 1 }' out && [ ! -s err ] || fail "$options: stacks that did not change"
    done
    itself -t table
    grep -q 'change 0 0%' out && grep -q '^13 functions did not change$' out || fail 'table of a profile and itself'
    itself -t md
    grep -q 'No condition holds' out || fail 'md of a profile and itself'
    itself -t junit
    grep -q 'failures="0"' out || fail 'junit of a profile and itself'
    itself -t svg
    [ "$(grep -c '<title>' out)" -gt 10 ] && [ "$(grep -c '<title>' out)" = "$(grep -c '<title>.*; 0\.00%)' out)" ] ||
        fail 'svg of a profile and itself: a frame that changed'
done
"$bin/pp-diff" -t pprof --subtract -o nothing.pb before.1.folded before.1.folded
[ -z "$("$bin/pp-convert" -q -t folded nothing.pb 2> /dev/null)" ] || fail 'pprof: something is left of a profile without itself'
exit $failed
