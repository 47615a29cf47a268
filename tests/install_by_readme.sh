#!/bin/sh
# install_by_readme.sh SOURCE_DIR - run the plain commands of README.md for building and installing, in
# a copy of the sources, and use what they install. Without the tests, which they would build too.
set -eu
source=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The block of commands that begins with cmake --preset.
sed -n '/^cmake --preset release$/,/^```$/p' "$source/README.md" | grep '^cmake ' > "$work/commands"
[ "$(wc -l < "$work/commands")" = 3 ] || { echo 'README.md has other commands than these expect'; exit 1; }
sed -e '1s/$/ -DBUILD_TESTING=OFF/' -e "3s,--prefix .*,--prefix $work/prefix," "$work/commands" > "$work/run"

mkdir "$work/pp"
(cd "$source" && tar -cf - --exclude=./build --exclude=./.git .) | tar -xf - -C "$work/pp"
cd "$work/pp"
sh -e "$work/run" > "$work/log" 2>&1 || { tail -20 "$work/log"; exit 1; }
cd "$work"
printf 'node;JS:*f /a.js:1:2 1\n' > x.folded
[ "$(prefix/bin/pp-convert --rules=js x.folded)" = 'node;f /a.js:1 1' ] || { echo 'what is installed does not work'; exit 1; }
for tool in convert diff flamegraph info merge report symbolize tools; do
    [ -x prefix/bin/pp-$tool ] || { echo "pp-$tool is not installed"; exit 1; }
    [ -s prefix/share/bash-completion/completions/pp-$tool ] || { echo "no completion of pp-$tool"; exit 1; }
done
