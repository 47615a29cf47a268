#!/bin/bash
# foreign.sh MACHINE BUILD_DIR - builds pp for another kind of machine, and runs unit tests, golden
# tests and the fuzz targets' seeds: for i386, which has 32 bits, or for s390x, which is
# big-endian and emulated by QEMU. Debian's libraries for it are unpacked to a folder, not installed, so their
# versions may differ from those of this machine.
set -eu
machine=$1 build=$2
case $machine in
i386) # numbers are those of SSE2, as the x87 rounds twice
    target=i686-linux-gnu loader=ld-linux.so.2 emulator=
    flags='-msse2 -mfpmath=sse -D_FILE_OFFSET_BITS=64' ;;
s390x)
    target=s390x-linux-gnu loader=ld64.so.1 emulator=qemu-s390x-static flags= ;;
*) echo "foreign.sh: '$machine' is neither i386 nor s390x" >&2; exit 2 ;;
esac
mkdir -p "$build"/{packages,root,pp}
build=$(cd "$build" && pwd)
cd "$(dirname "$0")/.."
root=$build/root usr=$build/root/usr
lib=$usr/lib/$machine-linux-gnu base=$root/lib/$machine-linux-gnu libc=/usr/$target/lib

unpack_libraries() {
    # shellcheck disable=SC2046 # several words
    (cd "$build/packages" && apt-get download -qq $(printf "%s:$machine " zlib1g{,-dev} libxml2{,-dev} \
        libpcre2-{dev,8-0} libprotobuf-c{1,-dev} libmd{0,-dev} libzstd{1,-dev} libsqlite3-{0,dev} libdw{1,-dev} \
        libelf{1,-dev} liblzma{5,-dev} libiberty-dev libicu72 libbz2-1.0 libstdc++6 libgcc-s1))
    for package in "$build"/packages/*.deb; do dpkg -x "$package" "$root"; done
    for link in "$lib"/*.so; do # those that lead to what is installed
        [ -e "$link" ] || ln -sf "$root$(readlink "$link")" "$link"
    done
    touch "$root/complete"
}

[ -e "$root/complete" ] || unpack_libraries
export PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_LIBDIR=$lib/pkgconfig:$usr/share/pkgconfig
export LD_LIBRARY_PATH=$lib:$base:$libc PP_EMULATOR=$emulator
cmake -S . -B "$build/pp" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_COMPILER=$target-gcc \
    -DCMAKE_C_FLAGS="$flags -isystem $usr/include" -DSCDOC=OFF \
    -DCMAKE_EXE_LINKER_FLAGS="-L$lib -Wl,-rpath-link,$lib:$base,--dynamic-linker,$libc/$loader" \
    ${emulator:+-DCMAKE_SYSTEM_NAME=Linux "-DCMAKE_CROSSCOMPILING_EMULATOR=$emulator"} \
    -DCMAKE_LIBRARY_PATH="$lib;$base" -DZLIB_LIBRARY="$lib/libz.so" -DZLIB_INCLUDE_DIR="$usr/include" \
    -DLIBXML2_LIBRARY="$lib/libxml2.so" -DLIBXML2_INCLUDE_DIR="$usr/include/libxml2" \
    > "$build/log" 2>&1 || { cat "$build/log"; exit 1; }
ninja -C "$build/pp" > "$build/log" 2>&1 || { grep -A5 -E 'error:|FAILED' "$build/log"; exit 1; }
ctest --test-dir "$build/pp" --output-on-failure -j "$(nproc)" -R '^(unit|golden|fuzz)/'
