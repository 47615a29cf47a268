"use strict";
/*
 * The script of the page of --to html, in files that are put one after the other: data reads the
 * profile, trees makes trees and boxes of it, search looks for names, chart draws boxes, table
 * lists functions, link keeps the view in the address, and page is what the user works with.
 *
 * Texts from the profile are only ever drawn, or set as text.
 */

const part = (id) => document.getElementById(id);

// --- numbers and texts, as libpp/render/html_data.h describes them ---

function bytesOf(base64) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++)
        bytes[i] = text.charCodeAt(i);
    return bytes;
}

function makeReader(bytes) {
    let at = 0;

    // Exact up to 2^53: all that JavaScript's numbers are.
    function number() {
        let value = 0, scale = 1, byte;
        do {
            byte = bytes[at++];
            value += (byte & 127) * scale;
            scale *= 128;
        } while (byte > 127);
        return value;
    }

    function signed() {
        const doubled = number();
        return doubled % 2 ? -(doubled + 1) / 2 : doubled / 2;
    }

    // One number of each row; row 0 is "none" and not there unless `from` is 0.
    function numbers(count, from = 1, next = number) {
        const list = new Float64Array(count);
        for (let i = from; i < count; i++)
            list[i] = next();
        return list;
    }

    function texts() {
        const decoder = new TextDecoder();
        const lengths = numbers(number(), 0);
        return Array.from(lengths, (length) => decoder.decode(bytes.subarray(at, at += length)));
    }

    return {number, signed, numbers, texts};
}

// --- tables ---

function readColumns(reader, texts) {
    const count = reader.number();
    const [types, units, sides, decimals] = [0, 0, 0, 0].map(() => reader.numbers(count, 0));
    return Array.from(types, (type, i) => ({
        type: texts[type], unit: texts[units[i]], side: sides[i], decimals: decimals[i],
        values: null,
    }));
}

function readFrames(reader, texts) {
    const count = reader.number() + 1;
    const names = Array.from(reader.numbers(count), (id) =>
        texts[id].trim() ? texts[id] : "(no name)");
    const marks = Array.from(reader.numbers(count), (code) => code && String.fromCharCode(code));
    const colors = reader.numbers(count);
    names[0] = "all";
    colors[0] = 0xc8c8c8;
    return {count, names, marks, colors};
}

function readNodes(reader) {
    const count = reader.number() + 1;
    const parent = Int32Array.from(reader.numbers(count), (less, i) => i - less);
    const frame = Int32Array.from(reader.numbers(count));
    return {count, parent, frame};
}

function readLabels(reader, texts) {
    const count = reader.number() + 1;
    const next = Int32Array.from(reader.numbers(count));
    const [keys, values, units] = [0, 0, 0].map(() => reader.numbers(count));
    const number = reader.numbers(count, 1, reader.signed);
    const text = (i) => values[i] ? texts[values[i]] : (number[i] + " " + texts[units[i]]).trim();
    return {
        count, next,
        key: Array.from(keys, (id) => texts[id]),
        value: Array.from(keys, (id, i) => text(i)),
    };
}

function readSamples(reader, columns) {
    const count = reader.number();
    const timed = reader.number() === 1;
    let before = 0;
    const node = Int32Array.from(reader.numbers(count, 0, reader.signed), (d) => before += d);
    const labels = Int32Array.from(reader.numbers(count, 0));
    columns.forEach((c) => { c.values = reader.numbers(count, 0, reader.signed); });
    return {count, timed, node, labels};
}

async function readProfile(base64) {
    const reader = makeReader(bytesOf(base64));
    if (reader.number() !== 1)
        throw new Error("the data is of another version");
    const texts = reader.texts();
    const columns = readColumns(reader, texts);
    return {
        columns,
        frames: readFrames(reader, texts),
        nodes: readNodes(reader),
        labels: readLabels(reader, texts),
        samples: readSamples(reader, columns),
    };
}

// --- what is measured: a column, and in a comparison the one of the other side ---

function measuresOf(columns) {
    const sides = ["", "before", "after"];
    const isOther = (c) => (o) =>
        c.side && o.side && o.side !== c.side && o.type === c.type && o.unit === c.unit;
    return columns.map((c) => {
        const other = columns.find(isOther(c)) || null;
        const label = c.type + (c.side ? ", " + sides[c.side] : "");
        return {column: c, other, label};
    });
}

// --- labels: which there are, and which sets of them a filter lets pass ---

// For each key its values, those that weigh most first: [[key, [value, ...]], ...].
function labelChoices(profile, measure) {
    const {labels, samples} = profile;
    const weight = new Float64Array(labels.count);
    for (let s = 0; s < samples.count; s++)
        weight[samples.labels[s]] += Math.abs(measure.column.values[s]);
    const keys = new Map();
    for (let set = 1; set < labels.count; set++)
        for (let l = set; l && weight[set]; l = labels.next[l]) {
            if (!keys.has(labels.key[l]))
                keys.set(labels.key[l], new Map());
            const values = keys.get(labels.key[l]);
            values.set(labels.value[l], (values.get(labels.value[l]) || 0) + weight[set]);
        }
    return Array.from(keys, ([key, values]) =>
        [key, Array.from(values).sort((a, b) => b[1] - a[1]).map(([value]) => value)]);
}

function hasLabel(labels, set, key, value) {
    for (let l = set; l; l = labels.next[l])
        if (labels.key[l] === key && labels.value[l] === value)
            return true;
    return false;
}

// For each set 1 if it has all that `filters`, a Map of keys and values, asks for; null: all pass.
function passing(labels, filters) {
    const wanted = Array.from(filters);
    if (!wanted.length)
        return null;
    return Uint8Array.from({length: labels.count}, (none, set) =>
        wanted.every(([key, value]) => hasLabel(labels, set, key, value)) ? 1 : 0);
}
