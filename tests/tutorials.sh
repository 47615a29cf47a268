#!/bin/sh
# tutorials.sh BIN_DIR SOURCE_DIR [NAME]... - does what docs/tutorials say, page by page: writes their files
# (```LANGUAGE file=NAME), runs their commands (```sh), and looks for what they are said to print
# (<!-- prints: PATTERN -->, of the commands before it). <!-- needs: PROGRAM... --> names what a page, or the next
# commands, cannot do without: where it is missing, that is skipped, which is said.
set -eu
bin=$(cd "$1" && pwd) source=$(cd "$2" && pwd)
shift 2
export PATH="$bin:$PATH" LC_ALL=C.UTF-8
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 passed=0 skipped=0
[ $# -gt 0 ] || set -- $(cd "$source/docs/tutorials" && ls ./*.md | sed 's,^\./,,; s/\.md$//')

# The page as a list: "needs N WORDS", "sh N", "prints N PATTERN"; the commands in N.sh, the files by name.
take_apart() { # take_apart PAGE FOLDER
    awk -v folder="$2" '
        /^```/ && inside { inside = 0; close(file); next }
        !inside && /^```sh$/ { file = folder "/" ++n ".sh"; inside = 1; print "sh", n; seen = 1; next }
        !inside && /^```[a-z]* file=/ { file = folder "/page/" $0; sub(/```[a-z]* file=/, "", file); inside = 1; seen = 1; next }
        !inside && /^```/ { file = folder "/rest"; inside = 1; next }
        inside { print > file }
        !inside && /^<!-- needs: / { sub(/^<!-- needs: /, ""); sub(/ -->$/, ""); print seen ? "needs" : "page", $0; next }
        !inside && /^<!-- prints: / { sub(/^<!-- prints: /, ""); sub(/ -->$/, ""); print "prints", $0 }
    ' "$1"
}

is_here() { # is_here PROGRAM_OR_LIBRARY
    case $1 in
    *.so*) /sbin/ldconfig -p 2> /dev/null | grep -q " $1 \|	$1 " || ldconfig -p | grep -q "$1" ;;
    perf) command -v perf > /dev/null && perf record -q -e cpu-clock:u -o "$work/perf.data" true > /dev/null 2>&1 ;;
    python3) python3 -c '' 2> /dev/null ;;
    *) command -v "$1" > /dev/null ;;
    esac
}

missing() { # missing PROGRAM... - the first that is not here
    for need in "$@"; do
        is_here "$need" || { echo "$need" && return; }
    done
}

# A page is one shell, so that a variable or a process lives on; each block's output goes to a file.
follow() { # follow NAME
    folder=$work/$1
    mkdir -p "$folder/page"
    take_apart "$source/docs/tutorials/$1.md" "$folder" > "$folder/list"
    echo 'set -e' > "$folder/script"
    without=
    while read -r what rest; do
        case $what in
        page)
            absent=$(missing $rest)
            [ -z "$absent" ] || { echo "$1: skipped: there is no $absent" && skipped=$((skipped + 1)) && return; } ;;
        needs)
            without=$(missing $rest)
            [ -z "$without" ] || { echo "$1: a part is skipped: there is no $without" && skipped=$((skipped + 1)); } ;;
        sh)
            [ -z "$without" ] || { echo "$rest" >> "$folder/left-out" && without= && continue; }
            printf '. ../%s.sh > ../%s.out 2> ../%s.err < /dev/null\necho %s > ../reached\n' "$rest" "$rest" "$rest" "$rest" >> "$folder/script" ;;
        esac
    done < "$folder/list"
    status=0
    (cd "$folder/page" && timeout 300 sh ../script) > "$folder/log" 2>&1 || status=$?
    if [ $status != 0 ]; then
        at=$(($(cat "$folder/reached" 2> /dev/null || echo 0) + 1))
        echo "$1: status $status in or after block $at:"
        cat "$folder/$at.sh" "$folder/$at.err" "$folder/log" 2> /dev/null | tail -30
        failed=$((failed + 1))
        return
    fi
    check_prints "$1"
}

check_prints() { # check_prints NAME
    block=0
    while read -r what rest; do
        case $what in
        sh) block=$rest ;;
        prints)
            [ -e "$folder/$block.out" ] || continue
            if grep -q -e "$rest" "$folder/$block.out"; then
                passed=$((passed + 1))
            else
                echo "$1: block $block does not print '$rest':"
                head -20 "$folder/$block.out" "$folder/$block.err"
                failed=$((failed + 1))
            fi ;;
        esac
    done < "$folder/list"
}

for name in "$@"; do
    follow "$name"
done
echo "tutorials: $# pages, $passed outputs as written, $skipped skipped, $failed failed"
[ $failed = 0 ] || exit 1
[ $passed -gt 0 ] || exit 77
