#!/bin/bash
# valgrind.sh BIN_DIR - runs every unit test under valgrind, which finds what the sanitizers do not: the use of
# uninitialized bytes. The sanitizers find leaks.
set -u
failed=0
for test in "$1"/tests/unit-*; do
    [ -x "$test" ] || continue
    case ${test##*/} in
    unit-load-limits) continue ;; # its memory limit applies to valgrind, too
    unit-formats-jemalloc) continue ;; # it needs a long double of more than 64 bits
    esac
    log=$(timeout 600 valgrind -q --suppressions="${0%/*}/valgrind.supp" --error-exitcode=99 --exit-on-first-error=yes "$test" 2>&1) || {
        echo "${test##*/}: status $?"
        printf '%s\n' "$log" | tail -20 | sed 's/^/    /'
        failed=1
    }
done
exit $failed
