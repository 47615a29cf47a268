"use strict";
/*
 * The script of the page of --to html, in files that are put one after the other; CMakeLists.txt
 * has their order. This one reads the profile; page.js, the last, puts all together.
 *
 * Texts from the profile are only ever drawn, or set as text.
 */

const part = (id) => document.getElementById(id);

// --- sections, as libpp/render/html_data.h describes them ---

const SECTIONS = {
    texts: 1, meta: 2, columns: 3, frames: 4, nodes: 5, labels: 6, stacks: 7, samples: 8, times: 9,
    changes: 10, series: 11,
    places: 12, source: 13, code: 14,
};

function bytesOf(base64) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++)
        bytes[i] = text.charCodeAt(i);
    return bytes;
}

async function unpack({bytes, deflated}) {
    if (!deflated)
        return bytes;
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
}

// By id; those of ids that nobody asks for are passed over.
function findSections(bytes) {
    const reader = makeReader(bytes, 1), sections = new Map();
    while (!reader.atEnd()) {
        const id = reader.byte(), deflated = reader.byte() & 1, length = reader.number();
        reader.number();
        sections.set(id, {deflated, bytes: reader.bytes(length)});
    }
    return sections;
}

function versionProblem(version) {
    if (version === 2)
        return "";
    return "The data of this page was made by " + (version < 2 ? "an older" : "a newer") + " pp.";
}

// --- numbers and texts ---

function makeReader(bytes, at = 0) {
    const decoder = new TextDecoder();

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

    // The same of numbers below 2^32, as all numbers of rows are.
    function ids(count, from = 1) {
        const list = new Uint32Array(count);
        for (let i = from; i < count; i++) {
            let byte = bytes[at++], value = byte & 127;
            for (let shift = 7; byte > 127; shift += 7) {
                byte = bytes[at++];
                value |= (byte & 127) << shift;
            }
            list[i] = value;
        }
        return list;
    }

    // Lengths of all, and then all.
    const texts = (count) => Array.from(ids(count, 0), (length) => text(length));

    function doubles(count) {
        const copy = bytes.slice(at, at += 8 * count), view = new DataView(copy.buffer);
        return Float64Array.from({length: count}, (none, i) => view.getFloat64(8 * i, true));
    }

    const text = (length) => decoder.decode(bytes.subarray(at, at += length));

    return {
        number, signed, numbers, ids, texts, text, doubles,
        byte: () => bytes[at++],
        bytes: (length) => bytes.subarray(at, at += length),
        atEnd: () => at >= bytes.length,
        left: () => bytes.length - at,
    };
}

// --- tables ---

function readColumns(reader, texts) {
    const count = reader.number();
    const [types, units, sides, decimals] = [0, 0, 0, 0].map(() => reader.ids(count, 0));
    return Array.from(types, (type, i) => ({
        index: i, type: texts[type], unit: texts[units[i]], side: sides[i], decimals: decimals[i],
        values: null,
    }));
}

function readFrames(reader, texts) {
    const palette = reader.number();
    const [red, green, blue] = [0, 0, 0].map(() => reader.bytes(palette));
    const count = reader.number() + 1;
    const named = (id) => texts[id].trim() ? texts[id] : "(no name)";
    const names = Array.from(reader.ids(count), named);
    const marks = Array.from(reader.ids(count), (code) => code && String.fromCharCode(code));
    const colors = reader.ids(count).map((c) => red[c] << 16 | green[c] << 8 | blue[c]);
    const [modules, files] = [0, 0].map(() => Array.from(reader.ids(count), (id) => texts[id]));
    const lines = reader.ids(count);
    names[0] = "all";
    colors[0] = 0xc8c8c8;
    return {count, names, marks, colors, modules, files, lines};
}

// In the order of a walk, so that those below a node are in a row behind it, up to `end`.
function readNodes(reader) {
    const count = reader.number() + 1;
    const ups = reader.ids(count), frame = Int32Array.from(reader.ids(count));
    return {count, ...walkOf(ups), frame};
}

function walkOf(ups) {
    const count = ups.length;
    const parent = new Int32Array(count), end = new Int32Array(count).fill(count);
    for (let i = 1; i < count; i++) {
        let above = i - 1;
        for (let up = ups[i]; up > 0; up--) {
            end[above] = i;
            above = parent[above];
        }
        parent[i] = above;
    }
    return {parent, end};
}

function readLabels(reader, texts) {
    const count = reader.number() + 1;
    const next = Int32Array.from(reader.ids(count));
    const [keys, values, units] = [0, 0, 0].map(() => reader.ids(count));
    const number = reader.numbers(count, 1, reader.signed);
    const text = (i) => values[i] ? texts[values[i]] : (number[i] + " " + texts[units[i]]).trim();
    return {
        count, next,
        key: Array.from(keys, (id) => texts[id]),
        value: Array.from(keys, (id, i) => text(i)),
    };
}

// Stacks are pairs of a node and labels; what they are worth, readSamples() adds.
function readStacks(reader) {
    const count = reader.number();
    let before = 0;
    const node = Int32Array.from(reader.numbers(count, 0, reader.signed), (d) => before += d);
    return {count, node, labels: Int32Array.from(reader.ids(count, 0))};
}

function readSamples(reader, stacks, columns) {
    columns.forEach((c) => { c.values = reader.numbers(stacks.count, 0, reader.signed); });
}

/*
 * When samples were taken. Records of a thread are in a row, from `from` up to `to`, in the order
 * of time: `time` is in `unit` nanoseconds after `start`, `stack` a number of stacks, and
 * `values[column]` what it is worth: a list, or one number for all.
 */
function readTimes(reader, columns) {
    const flags = reader.number(), unit = reader.number(), start = reader.signed();
    const constants = columns.map(() => reader.number() ? reader.signed() : null);
    const threadCount = reader.number();
    const lengths = reader.ids(threadCount, 0);
    const names = Array.from(lengths, (length) => reader.text(length));
    const counts = reader.ids(threadCount, 0);
    const count = counts.reduce((sum, n) => sum + n, 0);
    const time = reader.numbers(count, 0), stack = reader.ids(count, 0);
    const values = constants.map((v) => v ?? reader.numbers(count, 0, reader.signed));
    const threads = [];
    let at = 0;
    names.forEach((name, i) => {
        const from = at, to = at += counts[i];
        for (let k = from + 1; k < to; k++)
            time[k] += time[k - 1];
        if (to > from)
            threads.push({name: name || "all", from, to});
    });
    return {
        isClock: (flags & 1) === 1, isExact: (flags & 2) === 2, unit, start, threads, count, time,
        stack, values,
    };
}

// What a comparison says of the functions called `names`.
function readChanges(reader, texts) {
    const tested = reader.number() === 1, count = reader.number();
    const names = Array.from(reader.ids(count, 0), (id) => texts[id]);
    const [sigmaSelf, qSelf, sigmaTotal, qTotal] = [0, 0, 0, 0].map(() => reader.doubles(count));
    return {tested, names, sigmaSelf, qSelf, sigmaTotal, qTotal};
}

// Dumps, and what each row has in them: values[row * dumps.length + dump].
function readSeries(reader) {
    const names = reader.texts(reader.number()), dumps = names.map((name) => ({name}));
    dumps.forEach((dump) => { dump.time = reader.signed(); });
    const trends = reader.texts(reader.number()), count = reader.number();
    const node = reader.ids(count, 0), trend = reader.ids(count, 0);
    const fields = LEAK_FIELDS.map((name) => [name, reader.doubles(count)]);
    const rows = Array.from(node, (at, i) => ({index: i, node: at, trend: trend[i],
        ...Object.fromEntries(fields.map(([name, list]) => [name, list[i]]))}));
    return {dumps, trends, rows, values: readValues(reader, count, dumps.length)};
}

function readValues(reader, rows, dumps) {
    if (reader.number() !== 1)
        return reader.doubles(rows * dumps);
    const values = reader.numbers(rows * dumps, 0, reader.signed);
    for (let i = 0; i < values.length; i++)
        values[i] += i % dumps ? values[i - 1] : 0;
    return values;
}

/*
 * Where in the code: `count` places, which have names, files, lines, modules and addresses, and the
 * tree of them. `ofStacks` has for each stack its node.
 */
function readPlaces(reader, texts, stacks) {
    const count = reader.number(), named = () => Array.from(reader.ids(count, 0), (id) => texts[id]);
    const names = named(), files = named(), lines = reader.ids(count, 0), modules = named();
    const addresses = reader.numbers(count, 0), nodes = reader.number() + 1;
    const {parent, end} = walkOf(reader.ids(nodes)), place = reader.ids(nodes);
    let before = 0;
    const ofStacks = Uint32Array.from(reader.numbers(stacks.count, 0, reader.signed), (d) => before += d);
    return {count, names, files, lines, modules, addresses, parent, end, place, ofStacks};
}

// For each file the parts of it that there are: [{first, lines}].
function readSource(reader, texts) {
    const files = new Map(), parts = [];
    for (let left = reader.number(); left > 0; left--) {
        const path = texts[reader.number()], list = [];
        for (let more = reader.number(); more > 0; more--)
            list.push({first: reader.number(), count: reader.number(), lines: null});
        files.set(path, list);
        parts.push(...list);
    }
    const lines = reader.texts(reader.number());
    let at = 0;
    for (const part of parts)
        part.lines = lines.slice(at, at += part.count);
    return files;
}

/*
 * Machine code: [{name, module, shift, instructions: [{address, file, line, text}]}]. Addresses in
 * texts are less than the others by `shift`; line 0: its source is not known.
 */
function readCode(reader, texts) {
    const routines = Array.from({length: reader.number()}, () => ({
        name: texts[reader.number()], module: texts[reader.number()], count: reader.number(),
        shift: reader.signed(),
    }));
    for (const routine of routines) {
        let address = 0;
        routine.instructions = Array.from({length: routine.count}, () =>
            ({address: address += reader.signed(), text: "", file: "", line: 0}));
    }
    const all = routines.flatMap((routine) => routine.instructions);
    const files = reader.ids(all.length, 0), lines = reader.ids(all.length, 0);
    all.forEach((instruction, i) => Object.assign(instruction, {file: texts[files[i]], line: lines[i]}));
    reader.texts(all.length).forEach((text, i) => { all[i].text = text; });
    return routines;
}

// What a record is worth in a column.
const valueOfRecord = (values, i) => typeof values === "number" ? values : values[i];

// --- the profile ---

/*
 * Throws an error with a text for people if this is not data of this version. What only some views
 * show is unpacked when they ask for it, and then kept: times() and meta().
 */
async function readProfile(base64) {
    const bytes = bytesOf(base64), problem = versionProblem(bytes[0]);
    if (problem)
        throw new Error(problem);
    const sections = findSections(bytes);
    const has = (name) => sections.has(SECTIONS[name]);
    const open = async (name) => {
        const section = sections.get(SECTIONS[name]);
        sections.delete(SECTIONS[name]); // it is read once
        return makeReader(await unpack(section));
    };
    const first = ["texts", "columns", "frames", "nodes", "labels", "stacks", "samples"];
    const [textReader, ...readers] = await Promise.all(first.map(open));
    const texts = textReader.texts(textReader.number());
    const columns = readColumns(readers[0], texts);
    const stacks = readStacks(readers[4]);
    readSamples(readers[5], stacks, columns);
    const later = (name, read) => {
        let made = null;
        return () => made ||= has(name) ? open(name).then(read) : Promise.resolve(null);
    };
    return {
        columns, texts,
        frames: readFrames(readers[1], texts),
        nodes: readNodes(readers[2]),
        labels: readLabels(readers[3], texts),
        samples: stacks,
        hasTimes: has("times"),
        times: later("times", (reader) => readTimes(reader, columns)),
        changes: later("changes", (reader) => readChanges(reader, texts)),
        series: later("series", readSeries),
        places: later("places", (reader) => readPlaces(reader, texts, stacks)),
        code: later("code", (reader) => readCode(reader, texts)),
        source: later("source", (reader) => readSource(reader, texts)),
        meta: later("meta", (reader) => reader.text(reader.left())),
    };
}
