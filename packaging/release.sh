#!/bin/sh
# release.sh SOURCE_DIR OUT_DIR - put the sources of a release into OUT_DIR/pp-VERSION.tar.gz, the same bytes
# for the same sources, with its checksum; and the Homebrew formula and the RPM spec for it.
set -eu
source=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
version=$(sed -n 's/^project(pp VERSION \([0-9.]*\).*/\1/p' "$source/CMakeLists.txt")
name=pp-$version
cd "$source"
date=$(git log -1 --format=%ct 2> /dev/null || echo 0)
git ls-files -co --exclude-standard | LC_ALL=C sort > "$out/files"
tar --create --no-recursion --files-from "$out/files" --transform "s,^,$name/," --mtime "@$date" \
    --owner 0 --group 0 --numeric-owner --mode u=rwX,go=rX --format ustar | gzip -n -9 > "$out/$name.tar.gz"
cd "$out"
sha256sum "$name.tar.gz" > "$name.tar.gz.sha256"
sum=$(cut -d ' ' -f 1 "$name.tar.gz.sha256")
for file in pp-tools.rb pp-tools.spec; do
    sed -e "s/@VERSION@/$version/g" -e "s/@SHA256@/$sum/g" "$source/packaging/$file.in" > "$file"
done
rm files
echo "$out/$name.tar.gz"
