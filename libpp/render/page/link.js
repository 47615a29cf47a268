/*
 * The view in the address: what is looked at as parameters after the #. A frame is known by a hash
 * of the names from the root to it, so that a link holds for other widths, filters and columns.
 */

function hashText(seed, text) {
    let h = seed;
    for (let i = 0; i < text.length; i++)
        h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    return (h ^ h >>> 15) >>> 0;
}

// Two hashes of 32 bits for each box, made when they are first needed.
function pathHashes(boxes, names) {
    if (boxes.hashes)
        return boxes.hashes;
    const ofNames = names.map((name) => hashText(0x811c9dc5, name));
    const a = new Uint32Array(boxes.count), b = new Uint32Array(boxes.count);
    for (let i = 1; i < boxes.count; i++) {
        const name = ofNames[boxes.frame[i]], up = boxes.parent[i];
        a[i] = Math.imul(a[up] ^ name, 0x01000193) + 0x9e3779b9;
        b[i] = Math.imul(b[up] ^ a[i], 0x85ebca6b) ^ b[up] >>> 13;
    }
    boxes.hashes = {a, b};
    return boxes.hashes;
}

// "" for the root. Boxes of the same path, as there are by time, are distinguished by their number.
function keyOfBox(boxes, names, box) {
    if (!box)
        return "";
    const {a, b} = pathHashes(boxes, names);
    let same = 0;
    for (let i = 1; i < box; i++)
        same += a[i] === a[box] && b[i] === b[box];
    const hex = (h) => h.toString(16).padStart(8, "0");
    return hex(a[box]) + hex(b[box]) + (same ? "." + same : "");
}

// The box of a key, or the root if there is none such now.
function boxOfKey(boxes, names, key) {
    const found = /^([0-9a-f]{8})([0-9a-f]{8})(?:\.(\d+))?$/.exec(key);
    if (!found)
        return 0;
    const {a, b} = pathHashes(boxes, names);
    const wantedA = parseInt(found[1], 16), wantedB = parseInt(found[2], 16);
    let left = Number(found[3] || 0);
    for (let i = 1; i < boxes.count; i++)
        if (a[i] === wantedA && b[i] === wantedB && left-- === 0)
            return i;
    return 0;
}

// --- the state of the page as a link; what is as at the beginning is not in it ---

// A part of a link that somebody may have typed.
function decoded(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

const asText = {write: String, read: (text) => text};
const asNumber = {write: String, read: (text) => Number(text) || 0};
const asFlag = {write: String, read: (text) => text === "true"};

// "12.3-12.85", in seconds; empty for a share of all, as "0.1-0.25" is, that is everything.
const asRange = {
    write: (range) => range.map((v) => String(v / 1e9)).join("-"),
    read(text) {
        const found = /^([\d.]+)-([\d.]+)$/.exec(text);
        const range = found && [1, 2].map((i) => Math.round(Number(found[i]) * 1e9));
        return range && range[0] <= range[1] ? range : null;
    },
};

// A key may have "=", too; so it is written as if it were in a link of its own.
const asFilter = (not) => ({
    write: (filters) => filters.filter((f) => f.not === not)
        .map((f) => encodeURIComponent(f.key) + "=" + f.value),
    read: (texts) => texts.map((text) => {
        const at = text.indexOf("=");
        return {key: decoded(text.slice(0, at)), value: text.slice(at + 1), not};
    }),
});

const asTransforms = {
    write: (list) => list.map(({kind, text}) => kind + ":" + text),
    read: (texts) => texts.map((text) => {
        const at = text.indexOf(":");
        return {kind: text.slice(0, at), text: text.slice(at + 1)};
    }).filter(isTransform),
};

const asList = {write: (list) => list, read: (texts) => texts};

/*
 * What of the state stands in a link: [name in the state, in the link, how, whether it is a list].
 * A view with a state of its own adds lines here.
 */
const LINKED = [
    ["view", "v", asText], ["order", "o", asText], ["measure", "m", asNumber],
    ["zoom", "z", asText], ["window", "w", asText],
    ["callersZoom", "zc", asText], ["calleesZoom", "ze", asText],
    ["search", "s", asText], ["ignoreCase", "i", asFlag], ["down", "d", asFlag],
    ["picked", "f", asText], ["dumps", "dp", asText],
    ["range", "r", asRange], ["side", "p", asFlag], ["nodes", "n", asNumber],
    ["laneDepth", "ld", asNumber],
    ["filters", "l", asFilter(false), true], ["filters", "lx", asFilter(true), true],
    ["transforms", "x", asTransforms, true], ["threads", "th", asList, true],
];

function linkOf(state, initial) {
    const words = new URLSearchParams();
    for (const [name, short, {write}, isList] of LINKED) {
        if (isList)
            write(state[name] || []).forEach((text) => words.append(short, text));
        else if (state[name] !== initial[name] && state[name] !== null)
            words.set(short, write(state[name]));
    }
    return words.toString();
}

function stateOf(link, initial) {
    const words = new URLSearchParams(link), state = {...initial};
    for (const [name, short, {read}, isList] of LINKED) {
        if (!words.has(short))
            continue;
        if (isList)
            state[name] = (state[name] || []).concat(read(words.getAll(short)));
        else
            state[name] = read(words.get(short));
    }
    return state;
}
