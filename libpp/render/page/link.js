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

// "" for the root. Boxes of the same path, as there are by time, are told apart by their number.
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

const LINKED = {
    view: "v", order: "o", measure: "m", zoom: "z", search: "s", ignoreCase: "i", down: "d",
    picked: "f",
};

function linkOf(state, initial) {
    const words = new URLSearchParams();
    for (const [name, short] of Object.entries(LINKED))
        if (state[name] !== initial[name])
            words.set(short, String(state[name]));
    for (const [key, value] of state.filters)
        words.append("l", encodeURIComponent(key) + "=" + value); // a key may have "=", too
    return words.toString();
}

// The text of a parameter as what the state holds: of the type that `like` is.
function valueLike(like, text) {
    if (typeof like === "boolean")
        return text === "true";
    return typeof like === "number" ? Number(text) || 0 : text;
}

// A part of a link that somebody may have typed.
function decoded(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

function stateOf(link, initial) {
    const words = new URLSearchParams(link);
    const state = {...initial, filters: new Map(initial.filters)};
    for (const [name, short] of Object.entries(LINKED))
        if (words.has(short))
            state[name] = valueLike(initial[name], words.get(short));
    for (const filter of words.getAll("l")) {
        const at = filter.indexOf("=");
        state.filters.set(decoded(filter.slice(0, at)), filter.slice(at + 1));
    }
    return state;
}
