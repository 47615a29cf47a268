#!/bin/sh
# install.sh BUILD_DIR SOURCE_DIR CC [FLAGS] - install, and use what was installed as others would.
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
    [ "$(echo "$options" | wc -l)" -gt 10 ] || fail "$name --help lists next to nothing"
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

# The completions mean something to their shells.
for tool in "$prefix"/bin/pp-*; do
    bash -n "$prefix/share/bash-completion/completions/${tool##*/}"
done
