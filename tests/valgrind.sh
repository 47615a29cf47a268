#!/bin/bash
# valgrind.sh BIN_DIR - every unit test under valgrind, which sees what the sanitizers do not: bytes
# that are used and were never set. Leaks are the sanitizers' business.
set -u
failed=0
for test in "$1"/tests/unit-*; do
    [ -x "$test" ] || continue
    case ${test##*/} in
    unit-limits) continue ;;   # it takes the memory from valgrind, too
    unit-jemalloc) continue ;; # it needs a long double of more than 64 bits, which valgrind has not
    esac
    log=$(timeout 600 valgrind -q --suppressions="${0%/*}/valgrind.supp" --error-exitcode=99 --exit-on-first-error=yes "$test" 2>&1) || {
        echo "${test##*/}: status $?"
        printf '%s\n' "$log" | tail -20 | sed 's/^/    /'
        failed=1
    }
done
exit $failed
