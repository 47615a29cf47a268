#!/bin/bash
# deb.sh SOURCE_DIR OUT_DIR [SUITE]... - build Debian's packages for each suite (default: bookworm and trixie) in
# a fresh root, ask lintian, install them in another fresh root, and run the tests of debian/tests there.
#
# debootstrap makes the roots, below OUT_DIR, once; $PP_ROOTS names a folder of roots to copy instead.
set -euo pipefail
source=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
shift 2
[ "$(id -u)" = 0 ] || { echo 'deb: roots are made by root: sudo ./dev deb'; exit 1; }
[ $# -gt 0 ] || set -- bookworm trixie
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

# A root that only its own processes see: what is mounted goes with them.
inside() { # inside ROOT COMMAND
    unshare --mount --pid --fork --kill-child sh -ec '
        mount --make-rprivate /
        mount -t proc proc "$1/proc"
        mount --rbind /dev "$1/dev"
        [ ! -e /etc/resolv.conf ] || cp /etc/resolv.conf "$1/etc/resolv.conf"
        [ ! -e /etc/hosts ] || cp /etc/hosts "$1/etc/hosts"
        exec chroot "$1" /usr/bin/env -i HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy=$http_proxy} \
            PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -ec "$2"' - "$1" "$2"
}

base() { # base SUITE - the name of a root with nothing but what every Debian has
    if [ -d "${PP_ROOTS:-/nonexistent}/$1/usr" ]; then
        echo "$PP_ROOTS/$1"
        return
    fi
    [ -e "$out/$1/base/etc/apt" ] || {
        mkdir -p "$out/$1"
        rm -rf --one-file-system "$out/$1/base.new"
        unshare --mount sh -c 'mount --make-rprivate / && exec "$@"' - \
            debootstrap --variant=minbase "$1" "$out/$1/base.new" > "$out/$1/debootstrap.log" 2>&1 ||
            { tail -5 "$out/$1/debootstrap.log" >&2 && exit 1; }
        rm -rf "$out/$1/base.new"/var/cache/apt/archives/*.deb
        mv "$out/$1/base.new" "$out/$1/base"
    }
    echo "$out/$1/base"
}

fresh() { # fresh SUITE NAME - a copy of that root
    local from
    from=$(base "$1")
    rm -rf --one-file-system "${out:?}/$1/$2"
    cp -a "$from" "$out/$1/$2"
}

build() { # build SUITE
    local root=$out/$1/build
    fresh "$1" build
    mkdir -p "$root/work"
    cp "$archive" "$root/work/pp-tools_$version.orig.tar.gz"
    tar -xzf "$archive" -C "$root/work"
    cp -r "$source/packaging/debian" "$root/work/pp-$version/debian"
    inside "$root" "cd /work/pp-$version
        apt-get update -q > /work/log
        apt-get install -q -y --no-install-recommends build-essential debhelper lintian >> /work/log 2>&1
        apt-get build-dep -q -y --no-install-recommends . >> /work/log 2>&1
        dpkg-buildpackage -us -uc -j$(nproc) >> /work/log 2>&1
        lintian --allow-root --fail-on error,warning ../*.changes > /work/lintian.log 2>&1" ||
        { tail -25 "$root/work/log" && cat "$root/work/lintian.log" 2> /dev/null; exit 1; }
    grep -q . "$root/work/lintian.log" && cat "$root/work/lintian.log" || echo 'lintian says nothing'
    mkdir -p "$out/$1/packages"
    cp "$root"/work/*.deb "$out/$1/packages"
}

install() { # install SUITE
    local root=$out/$1/install
    fresh "$1" install
    mkdir -p "$root/work"
    cp "$out/$1/packages"/*.deb "$root/work"
    tar -xzf "$archive" -C "$root/work"
    cp -r "$source/packaging/debian" "$root/work/pp-$version/debian"
    inside "$root" "cd /work
        apt-get update -q > log
        apt-get install -q -y --no-install-recommends ./pp-tools_*.deb ./libpp-dev_*.deb gcc libc6-dev pkgconf >> log 2>&1
        cd pp-$version
        export AUTOPKGTEST_TMP=/work/tmp OLDPWD=/work/pp-$version
        mkdir -p \$AUTOPKGTEST_TMP
        for test in demo goldens library; do
            echo \"autopkgtest \$test\"
            debian/tests/\$test > /work/out 2>&1 || { cat /work/out; exit 1; }
            tail -1 /work/out
        done
        pp-convert --version
        ! command -v pp" || { tail -15 "$root/work/log"; exit 1; }
}

archive=$("$source/packaging/release.sh" "$source" "$out")
version=${archive##*/pp-}
version=${version%.tar.gz}
for suite in "$@"; do
    echo "== $suite"
    build "$suite"
    install "$suite"
    ls -l "$out/$suite/packages" | awk 'NR > 1 { print $9, $5 }'
    rm -rf --one-file-system "$out/$suite/build" "$out/$suite/install"
done
