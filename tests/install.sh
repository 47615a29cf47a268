#!/bin/sh
# install.sh BUILD_DIR SOURCE_DIR CC [FLAGS] - installs pp, and uses it as other programs would.
set -eu
build=$1 source=$2 cc=$3 flags=${4:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix

fail() {
    echo "$*" >&2
    exit 1
}

total_of() { # total_of PROGRAM - it must print the total of a profile whose total is known
    printf 'main;a 40\nmain;b 2\n' > "$work/x.folded"
    got=$("$1" "$work/x.folded")
    [ "$got" = 42 ] || fail "$1 printed '$got', not 42"
}

cmake --install "$build" --prefix "$prefix" > /dev/null

# A plain compiler call, by pkg-config. $flags holds the sanitizers that libpp was built with.
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name pp.pc)")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046,SC2086 # several words
"$cc" -Wall -Wextra -Werror $flags -o "$work/by_pkg_config" "$source/tests/install/uses_pp.c" \
    $(pkg-config --cflags --libs pp)
total_of "$work/by_pkg_config"

# A CMake project, by find_package.
cmake -S "$source/tests/install" -B "$work/cmake" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_C_COMPILER="$cc" -DCMAKE_C_FLAGS="$flags" > /dev/null
cmake --build "$work/cmake" > /dev/null
total_of "$work/cmake/uses_pp"

# The programs of docs/library.md, which do what they say.
(cd "$work" && awk '/^```c program=/ { sub(/.*program=/, ""); path = $0; next }
    /^```/ { path = "" }
    path { print > path }' "$source/docs/library.md")
for program in top convert gate; do
    # shellcheck disable=SC2046,SC2086 # several words
    "$cc" -std=c11 -Wall -Wextra -Werror $flags -o "$work/$program" "$work/$program.c" \
        $(pkg-config --cflags --libs pp)
done
(
    cd "$work"
    printf 'main;a 40\nmain;b 2\nmain 5\nb 1\n' > before
    printf 'main;a 45\nmain;b 2\ntest_x;a 100\n' > after
    [ "$(./top before | tr -s ' ')" = "$(printf ' 40 a\n 5 main\n 3 b')" ] || fail "top printed: $(./top before)"
    ./convert before out.pb.gz
    "$prefix/bin/pp-convert" -t folded out.pb.gz | sort > out.folded
    sort before | cmp - out.folded || fail 'convert has changed something'
    [ "$(./gate before after)" = '48 -> 47' ] || fail 'gate has miscounted'
    status=0
    ./gate after before > out || status=$?
    [ "$status $(cat out)" = '0 47 -> 48' ] || fail "gate at 2 % more: $status"
    printf 'main;a 50\n' > more
    ./gate after more > out || status=$?
    [ "$status $(cat out)" = '3 47 -> 50' ] || fail "gate at 6 % more: $status"
)

# They, and nothing else, are also for C++.
cxx=$(command -v c++ || true)
if [ -n "$cxx" ]; then
    echo '#include <pp.h>
        int main() { return pp_len(pp_str("x")) != 1; }' > "$work/x.cc"
    # shellcheck disable=SC2046,SC2086 # several words
    "$cxx" -std=c++17 -Wall -Wextra -Werror $flags -o "$work/x" "$work/x.cc" $(pkg-config --cflags --libs pp) &&
        "$work/x" || fail 'pp.h is not for C++17'
fi

# The rules that are brought along are found beside the tool, wherever that was put.
printf 'node;LazyCompile:*f /a.js:1 1\n' > "$work/js.folded"
[ "$(cd "$work" && "$prefix/bin/pp-convert" --rules=js js.folded)" = 'node;f /a.js:1 1' ] ||
    fail 'an installed tool does not find --rules=js'

# Every header stands by itself.
for header in $(cd "$prefix/include/pp" && find . -name '*.h'); do
    echo "#include \"$header\"" |
        "$cc" -std=c11 -D_GNU_SOURCE -fsyntax-only -I"$prefix/include/pp" -xc - ||
        fail "$header cannot be included by itself"
done

# Each tool has its manual and its completions, and they name every option that --help names.
for tool in "$prefix"/bin/pp-*; do
    name=${tool##*/}
    options=$("$tool" --help | sed -n 's/^  .*--\([a-z-]*\)[ =].*/\1/p; s/^  .*--\([a-z-]*\)$/\1/p')
    [ $name = pp-tools ] || [ "$(echo "$options" | wc -l)" -gt 10 ] || fail "$name --help lists next to nothing"
    page=$prefix/share/man/man1/$name.1
    [ -s "$page" ] || ! command -v scdoc > /dev/null || fail "$name has no man page"
    for file in "$page" "$prefix/share/bash-completion/completions/$name" \
        "$prefix/share/zsh/site-functions/_$name" \
        "$prefix/share/fish/vendor_completions.d/$name.fish"; do
        [ -s "$file" ] || [ "$file" = "$page" ] || fail "$file is missing"
        [ -s "$file" ] || continue
        plain=$(sed 's/\\-/-/g; s/\\f.//g; s/\\&//g' "$file")
        for option in $options; do
            case $plain in
            *"-$option"* | *"-l $option"*) ;;
            *) fail "$file does not mention --$option" ;;
            esac
        done
    done
done

# The tools that pp can stand for are links, which work from where they are.
[ "$(ls "$prefix/lib/pp/compat" | wc -l)" = "$("$prefix/bin/pp-tools" list | wc -l)" ] ||
    fail 'lib/pp/compat does not have the tools of pp-tools list'
[ "$(echo 'main;work 3' | PATH=$prefix/lib/pp/compat:$PATH stackcollapse-recursive.pl)" = 'main;work 3' ] ||
    fail 'a link in lib/pp/compat does not work'

# The completions mean something to their shells.
for tool in "$prefix"/bin/pp-*; do
    bash -n "$prefix/share/bash-completion/completions/${tool##*/}"
done
