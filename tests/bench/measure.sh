# measure.sh - for bench.sh, which sources it: runs commands in turn, and writes tables of them.
# shellcheck shell=bash

TIMEFORMAT='%R %U %S'
runs=${PP_BENCH_RUNS:-5}
enough=60 # seconds: what takes longer in all is not run again

# table TITLE - what the rows that follow are about.
table() {
    printf '\n### %s\n\n' "$1"
    commands=()
}

# row COMMAND - left out where there is no such tool.
row() {
    if command -v "${1%% *}" > /dev/null; then
        commands+=("$1")
    fi
}

# run_once COMMAND - appends "wall processor memory" to the file `figures`, in seconds and kB.
run_once() {
    { time env time -q -f %M -o memory bash -c "exec $1" > out 2> err; } 2> spent || return 1
    awk 'NR == 1 { memory = $1 } NR == 2 { print $1, $2 + $3, memory }' memory spent >> figures
}

# median FIELD FILE
median() {
    sort -n -k "$1,$1" "$2" | awk -v f="$1" '{ v[NR] = $f } END { print v[int((NR + 1) / 2)] }'
}

# Runs the rows one after the other, again and again, so that what else the machine does is the same
# for all; then prints their medians, and how they compare with the first.
end_table() {
    local i n first=
    rm -f figures.*
    for ((n = 0; n < runs; n++)); do
        for i in "${!commands[@]}"; do
            touch "figures.$i"
            awk -v e=$enough '{ sum += $1 } END { exit sum > e || /failed/ }' "figures.$i" || continue
            rm -f figures
            if run_once "${commands[i]}"; then cat figures >> "figures.$i"; else echo failed > "figures.$i"; fi
        done
    done
    echo '| command | wall s | processor s | times the first | memory MB | runs |'
    echo '|---|--:|--:|--:|--:|--:|'
    for i in "${!commands[@]}"; do
        if grep -q failed "figures.$i"; then
            echo "| \`${commands[i]}\` | failed | | | | |"
            continue
        fi
        local cpu
        cpu=$(median 2 "figures.$i")
        first=${first:-$cpu}
        echo "$(median 1 "figures.$i") $cpu $first $(median 3 "figures.$i") $(wc -l < "figures.$i")" |
            awk -v what="${commands[i]//|/\\\\|}" '{ printf "| `%s` | %.2f | %.2f | %.1f | %d | %d |\n",
                what, $1, $2, $2 / ($3 > 0 ? $3 : 0.001), $4 / 1024, $5 }'
    done
    rm -f figures.* figures spent memory out err
}
