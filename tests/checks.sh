# shellcheck shell=bash
# checks.sh - sourced by tests in bash, with BIN_DIR and perhaps SOURCE_DIR as arguments. A check is one line: a
# statement, and a command that succeeds if it is true. Checks run in an empty folder, $work, with the tools on PATH.
set -u
PATH=$(cd "$1" && pwd):$PATH
[ $# -lt 2 ] || source=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export LC_ALL=C
failed=0 passed=0

ok() { # ok WHAT COMMAND... - the command must succeed
    local what=$1
    shift
    if "$@" > log 2>&1; then
        passed=$((passed + 1))
    else
        echo "not true: $what"
        sed 's/^/    /' log
        failed=$((failed + 1))
    fi
}

sh_() { bash -o pipefail -c "$@"; }

all_passed() { # the last line of a test
    echo "$passed passed, $failed failed"
    [ $failed = 0 ]
}
