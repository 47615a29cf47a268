#!/bin/sh
# top.sh N < FOLDED - prints the N functions with the largest self counts.
set -eu
awk '{
    count = $NF
    sub(/ [^ ]*$/, "")
    sub(/.*;/, "")
    self[$0] += count
    total += count
}
END {
    for (name in self)
        printf "%.0f\t%5.1f%%  %s\n", self[name], 100 * self[name] / total, name
}' | LC_ALL=C sort -k1,1nr -k2 | head -n "$1" | cut -f 2
