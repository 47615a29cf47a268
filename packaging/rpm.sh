#!/bin/sh
# rpm.sh SOURCE_DIR OUT_DIR - build the packages of pp-tools.spec. The names of what it needs are Fedora's:
# on another system that has it all, under other names, they are not checked.
set -eu
source=$(cd "$1" && pwd)
archive=$("$source/packaging/release.sh" "$source" "$2")
out=${archive%/*}
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
mkdir "$top/SOURCES"
cp "$archive" "$top/SOURCES"
nodeps=
[ ! -e /etc/debian_version ] || nodeps=--nodeps
rpmbuild -bb $nodeps --define "_topdir $top" "$out/pp-tools.spec" > "$out/rpm.log" 2>&1 || { tail -30 "$out/rpm.log" && exit 1; }
cp "$top"/RPMS/*/*.rpm "$out"
for package in "$out"/*.rpm; do
    rpm -qp --qf '%{NAME} %{VERSION}: ' "$package" && rpm -qpl "$package" | wc -l
done
# What is in the packages, tried.
mkdir "$top/root"
for package in "$out"/*.rpm; do
    rpm2cpio "$package" | (cd "$top/root" && cpio -idm --quiet)
done
"$source/packaging/goldens.sh" "$top/root/usr/bin" "$source" 20
