#!/bin/bash
# m32.sh BUILD_DIR - builds pp for machines of 32 bits, and runs unit tests, golden tests and the
# fuzz targets' seeds. Debian's libraries for i386 are unpacked beside, not installed, so that they
# need not be of the same version as those of this machine. Numbers are those of SSE2, as the x87 rounds
# twice.
set -eu
build=$1
mkdir -p "$build"/{packages,i386,pp}
build=$(cd "$build" && pwd)
cd "$(dirname "$0")/.."
root=$build/i386

if [ ! -e "$root/complete" ]; then
    # shellcheck disable=SC2046 # several words
    (cd "$build/packages" && apt-get download -qq $(printf '%s:i386 ' zlib1g{,-dev} libxml2{,-dev} \
        libpcre2-{dev,8-0} libprotobuf-c{1,-dev} libmd{0,-dev} libzstd{1,-dev} libdw{1,-dev} \
        libelf{1,-dev} liblzma{5,-dev} libiberty-dev libicu72 libbz2-1.0 libstdc++6 libgcc-s1))
    for package in "$build"/packages/*.deb; do dpkg -x "$package" "$root"; done
    for link in "$root"/usr/lib/i386-linux-gnu/*.so; do # those that lead to what is installed
        [ -e "$link" ] || ln -sf "$root$(readlink "$link")" "$link"
    done
    touch "$root/complete"
fi

usr=$root/usr lib=$root/usr/lib/i386-linux-gnu base=$root/lib/i386-linux-gnu
export PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_LIBDIR=$lib/pkgconfig:$usr/share/pkgconfig
export LD_LIBRARY_PATH=$lib:$base
cmake -S . -B "$build/pp" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_FLAGS="-m32 -msse2 -mfpmath=sse -D_FILE_OFFSET_BITS=64 -isystem $usr/include" \
    -DCMAKE_EXE_LINKER_FLAGS="-L$lib -Wl,-rpath-link,$lib:$base" \
    -DCMAKE_LIBRARY_PATH="$lib;$base" -DZLIB_LIBRARY="$lib/libz.so" -DZLIB_INCLUDE_DIR="$usr/include" \
    -DLIBXML2_LIBRARY="$lib/libxml2.so" -DLIBXML2_INCLUDE_DIR="$usr/include/libxml2" > /dev/null
ninja -C "$build/pp" > "$build/log" 2>&1 || { grep -A5 -E 'error:|FAILED' "$build/log"; exit 1; }
ctest --test-dir "$build/pp" --output-on-failure -j "$(nproc)" -R '^(unit|golden|fuzz)/'
