#!/bin/sh
# draw.sh BIN_DIR FOLDER - draws the pictures of docs/flamegraph.md into FOLDER.
set -eu
bin=$1 to=$2
here=$(cd "$(dirname "$0")" && pwd)

draw() { # draw NAME OPTION...
    name=$1
    shift
    "$bin/pp-flamegraph" --no-javascript --width 800 --light -o "$to/$name.svg" \
        "$@" "$here/shop.folded"
}

draw default --subtitle "All that is asked for is the file"
draw icicle --inverted
draw reverse --reverse
draw chart --flamechart -c aqua
draw others --min-width 5%
draw hidden --minwidth 5%
draw text --title "Page faults" --countname pages --factor 4 --fonttype monospace --fontsize 11 \
    --bgcolors '#f4f1ea'
"$bin/pp-flamegraph" --no-javascript --width 800 --dark -o "$to/dark.svg" "$here/shop.folded"
printf '^shop/ #7fc97f\n^(tcp|vfs|ext4)_ orange\njava #beaed4\n' > "$to/rules.tmp"
draw rules --colors-by "$to/rules.tmp" -c blue
draw package --colors-by package
rm -f "$to/rules.tmp"

for palette in hot hot-classic mem io java js perl python rust wakeup chain red green blue aqua yellow purple \
    orange; do
    "$bin/pp-flamegraph" --no-javascript --width 400 --light --title "$palette" -c "$palette" \
        --minwidth 1% --height 14 --fontsize 10 -o "$to/palette-$palette.svg" "$here/shop.folded"
done

both() { # both NAME OPTION... - the two as one comparison
    name=$1
    shift
    "$bin/pp-diff" -t folded "$here/before.folded" "$here/after.folded" |
        "$bin/pp-flamegraph" --no-javascript --width 800 --light -f folded "$@" -o "$to/$name.svg"
}

both changes --title "What changed"
both negate --title "Opposites" --negate
