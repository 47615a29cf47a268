#!/bin/sh
# tarball.sh SOURCE_DIR OUT_DIR - make a release archive, and build, install and use what it holds.
set -eu
source=$(cd "$1" && pwd)
archive=$("$source/packaging/release.sh" "$source" "$2")
out=${archive%/*}
(cd "$out" && sha256sum --quiet -c "${archive##*/}.sha256")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -xzf "$archive" -C "$work"
cd "$work"/pp-*
cmake -S . -B build -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF > log 2>&1 &&
    cmake --build build -j "$(nproc)" >> log 2>&1 &&
    cmake --install build --prefix "$work/prefix" >> log 2>&1 || { tail -30 log && exit 1; }
packaging/goldens.sh "$work/prefix/bin" . 20
[ "$(printf 'a;b 1\n' | "$work/prefix/bin/pp-convert")" = 'a;b 1' ]
ruby -c "$out/pp-tools.rb" > /dev/null 2>&1 || ! command -v ruby > /dev/null || { echo "pp-tools.rb is wrong" && exit 1; }
echo "$archive"
cat "$archive.sha256"
