// PNG files as the tour has them: read as Chromium writes them, written with 256 colours or fewer.
import {deflateSync, inflateSync} from "node:zlib";

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");

// --- reading: 8 bits a sample, not interlaced; colours, or a palette ---

function chunksOf(file) {
    const chunks = [];
    for (let at = 8; at < file.length;) {
        const length = file.readUInt32BE(at);
        chunks.push([file.toString("latin1", at + 4, at + 8), file.subarray(at + 8, at + 8 + length)]);
        at += 12 + length;
    }
    return chunks;
}

function paeth(left, up, corner) {
    const guess = left + up - corner;
    const [a, b, c] = [left, up, corner].map((v) => Math.abs(guess - v));
    return a <= b && a <= c ? left : b <= c ? up : corner;
}

function unfiltered(data, width, height, size) {
    const line = width * size, out = Buffer.alloc(line * height);
    for (let y = 0; y < height; y++) {
        const filter = data[y * (line + 1)];
        for (let x = 0; x < line; x++) {
            const left = x >= size ? out[y * line + x - size] : 0, up = y ? out[(y - 1) * line + x] : 0;
            const corner = y && x >= size ? out[(y - 1) * line + x - size] : 0;
            const add = [0, left, up, left + up >> 1, paeth(left, up, corner)][filter];
            out[y * line + x] = data[y * (line + 1) + 1 + x] + add;
        }
    }
    return out;
}

// {width, height, rgb}: three bytes a pixel.
export function readPng(file) {
    const chunks = chunksOf(file), of = (name) => chunks.filter(([n]) => n === name).map(([, data]) => data);
    const [head] = of("IHDR"), width = head.readUInt32BE(0), height = head.readUInt32BE(4), kind = head[9];
    const size = {2: 3, 3: 1, 6: 4}[kind];
    if (head[8] !== 8 || !size || head[12])
        throw new Error("a kind of PNG that this does not read");
    const bytes = unfiltered(inflateSync(Buffer.concat(of("IDAT"))), width, height, size);
    const rgb = Buffer.alloc(3 * width * height), [palette] = of("PLTE");
    for (let i = 0; i < width * height; i++)
        for (let c = 0; c < 3; c++)
            rgb[3 * i + c] = palette ? palette[3 * bytes[i] + c] : bytes[size * i + c];
    return {width, height, rgb};
}

// --- writing ---

const CRC = Array.from({length: 256}, (none, n) => {
    for (let k = 0; k < 8; k++)
        n = n & 1 ? 0xedb88320 ^ n >>> 1 : n >>> 1;
    return n >>> 0;
});

function chunk(name, data) {
    const body = Buffer.concat([Buffer.from(name, "latin1"), data]), ends = Buffer.alloc(8);
    let crc = 0xffffffff;
    for (const byte of body)
        crc = CRC[(crc ^ byte) & 255] ^ crc >>> 8;
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

// The most frequent colours, at five bits a channel, and for each of those the nearest of them.
function paletteOf(rgb) {
    const counts = new Map(), sums = new Map();
    const keyAt = (i) => rgb[i] >> 3 << 10 | rgb[i + 1] >> 3 << 5 | rgb[i + 2] >> 3;
    for (let i = 0; i < rgb.length; i += 3) {
        const key = keyAt(i), sum = sums.get(key) || [0, 0, 0];
        counts.set(key, (counts.get(key) || 0) + 1);
        sum.forEach((v, c) => { sum[c] = v + rgb[i + c]; });
        sums.set(key, sum);
    }
    const colorOf = (key) => sums.get(key).map((v) => Math.round(v / counts.get(key)));
    const keys = Array.from(counts.keys()).sort((a, b) => counts.get(b) - counts.get(a) || a - b);
    const colors = keys.slice(0, 256).map(colorOf), nearest = new Map();
    for (const key of keys) {
        const own = colorOf(key), far = (color) => color.reduce((sum, v, c) => sum + (v - own[c]) ** 2, 0);
        nearest.set(key, colors.reduce((best, color, i) => far(color) < far(colors[best]) ? i : best, 0));
    }
    return {colors, numberAt: (i) => nearest.get(keyAt(i))};
}

export function writePng({width, height, rgb}) {
    const {colors, numberAt} = paletteOf(rgb), head = Buffer.alloc(13);
    const lines = Buffer.alloc((width + 1) * height);
    for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
            lines[y * (width + 1) + 1 + x] = numberAt(3 * (y * width + x));
    head.writeUInt32BE(width, 0);
    head.writeUInt32BE(height, 4);
    head.set([8, 3, 0, 0, 0], 8);
    return Buffer.concat([SIGNATURE, chunk("IHDR", head), chunk("PLTE", Buffer.from(colors.flat())),
                          chunk("IDAT", deflateSync(lines, {level: 9})), chunk("IEND", Buffer.alloc(0))]);
}

// --- comparing ---

const CELL = 20; // pixels

function cellsOf({width, height, rgb}) {
    const across = Math.ceil(width / CELL), down = Math.ceil(height / CELL);
    const sums = new Float64Array(3 * across * down), counts = new Uint32Array(across * down);
    for (let i = 0; i < width * height; i++) {
        const cell = Math.floor(Math.floor(i / width) / CELL) * across + Math.floor(i % width / CELL);
        counts[cell]++;
        for (let c = 0; c < 3; c++)
            sums[3 * cell + c] += rgb[3 * i + c];
    }
    return sums.map((v, i) => v / counts[Math.floor(i / 3)]);
}

/*
 * How far two pictures of one size are from each other, of 255: the mean over cells of 20 by 20
 * pixels, in which the shapes of letters, which fonts differ in, are mostly lost.
 */
export function distanceOf(a, b) {
    if (a.width !== b.width || a.height !== b.height)
        return 255;
    const one = cellsOf(a), other = cellsOf(b);
    return one.reduce((sum, v, i) => sum + Math.abs(v - other[i]), 0) / one.length;
}
