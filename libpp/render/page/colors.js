// Colours of boxes, and text that is read on them and fits into them.

const FIT_LIMIT = 300; // characters of a name that are looked at, in a box

function isDark() {
    const theme = document.documentElement.dataset.theme;
    return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

const hexOf = (rgb) => "#" + rgb.toString(16).padStart(6, "0");

// Black or white, whichever is easier to read on the colour: the contrast is 4.5:1 or more.
function inkOn(rgb) {
    const linear = (byte) => {
        const v = byte / 255;
        return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    };
    const light = 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8 & 255) +
        0.0722 * linear(rgb & 255);
    return light < 0.179 ? "#fff" : "#000";
}

// Red for what grew and blue for what shrank by `share`, from -1 to 1, of the most that any did.
function changeColor(share) {
    const rest = Math.floor(100 + 120 * (1 - Math.min(1, Math.abs(share))));
    if (share > 0)
        return 0xff0000 | rest << 8 | rest;
    return share < 0 ? rest << 16 | rest << 8 | 0xff : 0xe0e0e4;
}

// What is behind the zoomed part is drawn nearer to the background.
function fade(rgb, back) {
    const byte = (shift) =>
        Math.round((rgb >> shift & 255) * 0.5 + (back >> shift & 255) * 0.5) << shift;
    return byte(16) | byte(8) | byte(0);
}

// The colour of box `i` of a chart. `turned` tells if sizes are of before, so that less is growth.
function makePaint(frames, found, turned) {
    return (chart, i) => {
        const {boxes, hits} = chart, f = boxes.frame[i];
        if (hits && hits[f])
            return found;
        if (!boxes.other)
            return frames.colors[f];
        const change = (boxes.size[i] - boxes.other[i]) * (turned() ? -1 : 1);
        return changeColor(i && boxes.most ? change / boxes.most : 0);
    };
}

// --- text that fits ---
function makeFitter(context, names) {
    const widths = new Map(); // of whole names, by frame
    const cut = (name, n) => {
        const code = name.charCodeAt(n - 1);
        return name.slice(0, code >= 0xd800 && code < 0xdc00 ? n - 1 : n) + "\u2026";
    };
    return (frame, room) => {
        const name = names[frame].slice(0, FIT_LIMIT);
        if (!widths.has(frame))
            widths.set(frame, context.measureText(name).width);
        const width = widths.get(frame);
        if (width <= room && name.length === names[frame].length)
            return name;
        let n = Math.min(name.length, Math.floor(name.length * room / width));
        while (n >= 2 && context.measureText(cut(name, n)).width > room)
            n--;
        return n >= 2 ? cut(name, n) : "";
    };
}

// What stands for boxes that are too narrow each: lines aslant, in the colour of the text.
function stripes(context, dark) {
    const tile = document.createElement("canvas"), pen = tile.getContext("2d");
    tile.width = tile.height = 6;
    pen.fillStyle = dark ? "#33343c" : "#e6e6ea";
    pen.fillRect(0, 0, 6, 6);
    pen.strokeStyle = dark ? "#5c5d68" : "#b9b9c2";
    for (const x of [-3, 3, 9]) {
        pen.beginPath();
        pen.moveTo(x, 6);
        pen.lineTo(x + 6, 0);
        pen.stroke();
    }
    return context.createPattern(tile, "repeat");
}
