/*
 * Trees and boxes. A tree is arrays indexed by node, a parent's number being smaller than those of
 * its children: parent, frame, self, total, and in a comparison otherSelf and other, the same on
 * the other side. Node 0 is all.
 *
 * Boxes are what is drawn, in the order of a walk: box i is followed by those that stand on it, up
 * to, not including, end[i]. Their start and size are in units of the column; node[i] is the node
 * of the tree.
 */

// --- nodes by number ---

// Numbers pairs of whole numbers in the order in which they are first seen, from 1. It begins with
// room for `most`, and grows.
function makePairs(most) {
    let bits, mask, slots;
    const pairs = {count: 1, first: new Int32Array(most + 1), second: new Int32Array(most + 1)};
    const slotOf = (first, second) =>
        Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b) >>> 32 - bits;

    function setSize(room) {
        bits = Math.max(4, Math.ceil(Math.log2(room + 1)) + 1);
        mask = 2 ** bits - 1;
        slots = new Int32Array(2 ** bits);
        for (let i = 1; i < pairs.count; i++) {
            let at = slotOf(pairs.first[i], pairs.second[i]);
            while (slots[at])
                at = at + 1 & mask;
            slots[at] = i;
        }
    }

    function grow() {
        for (const side of ["first", "second"]) {
            const old = pairs[side];
            pairs[side] = new Int32Array(old.length * 2);
            pairs[side].set(old);
        }
        setSize(pairs.first.length);
    }

    pairs.number = (first, second) => {
        let at = slotOf(first, second);
        for (; slots[at]; at = at + 1 & mask)
            if (pairs.first[slots[at]] === first && pairs.second[slots[at]] === second)
                return slots[at];
        if (pairs.count === pairs.first.length) {
            grow();
            return pairs.number(first, second);
        }
        slots[at] = pairs.count;
        pairs.first[pairs.count] = first;
        pairs.second[pairs.count] = second;
        return pairs.count++;
    };
    setSize(most);
    return pairs;
}

// --- the tree of all stacks ---

function sumUp(parent, self) {
    const total = self.slice();
    for (let i = total.length - 1; i > 0; i--)
        total[parent[i]] += total[i];
    return total;
}

// `self` of nodes as what the nodes of `shape` have (transforms.js).
function moved(self, shape) {
    if (!self || !shape.target)
        return self;
    const to = new Float64Array(shape.parent.length);
    for (let n = 0; n < self.length; n++)
        if (self[n] && shape.target[n] >= 0)
            to[shape.target[n]] += self[n];
    return to;
}

function treeOf(shape, ofSelf, ofOther) {
    const self = moved(ofSelf, shape), otherSelf = moved(ofOther, shape);
    return {
        parent: shape.parent, frame: shape.frame, self, otherSelf,
        total: sumUp(shape.parent, self),
        other: otherSelf && sumUp(shape.parent, otherSelf),
    };
}

// --- the order of siblings: all nodes, sorted ---

// Nodes of a rank are put together, in the order of their numbers.
function byName(tree, ranks) {
    const n = tree.parent.length, next = new Uint32Array(ranks.length + 1), order = new Uint32Array(n);
    for (let i = 0; i < n; i++)
        next[ranks[tree.frame[i]] + 1]++;
    for (let r = 1; r < next.length; r++)
        next[r] += next[r - 1];
    for (let i = 0; i < n; i++)
        order[next[ranks[tree.frame[i]]]++] = i;
    return order;
}

// The numbers of values, the largest first. A number each that holds a rank and a place sorts faster
// than a function compares.
function largestFirst(values) {
    const n = values.length, sorted = Float64Array.from(values).sort(), keys = new Float64Array(n);
    const rankOf = (value) => {
        let low = 0, high = n - 1;
        while (low < high) {
            const middle = low + high + 1 >> 1;
            if (sorted[middle] <= value)
                low = middle;
            else
                high = middle - 1;
        }
        return n - 1 - low;
    };
    for (let i = 0; i < n; i++)
        keys[i] = rankOf(values[i]) * n + i;
    return Uint32Array.from(keys.sort(), (key) => key % n);
}

const FEW = 24; // children that are sorted one by one

// Nodes with the heaviest of siblings first; only the order of siblings matters. Iterates.
function* sortingByWeight({parent, total}) {
    const n = parent.length, next = new Uint32Array(n + 1), order = new Uint32Array(n);
    for (let i = 1; i < n; i++)
        next[parent[i] + 1]++;
    for (let i = 1; i <= n; i++)
        next[i] += next[i - 1];
    const first = next.slice();
    for (let i = 1; i < n; i++)
        order[next[parent[i]]++] = i;
    for (let p = 0, sorted = 0; p < n; p++) {
        sortSiblings(order, total, first[p], first[p + 1]);
        if (order.length && first[p + 1] - sorted > ARRANGED) {
            sorted = first[p + 1];
            yield;
        }
    }
    return order;
}

function sortSiblings(order, total, from, to) {
    if (to - from > FEW) {
        const some = order.slice(from, to);
        largestFirst(Array.from(some, (i) => total[i])).forEach((k, i) => { order[from + i] = some[k]; });
        return;
    }
    for (let i = from + 1; i < to; i++) {
        const node = order[i];
        let at = i;
        for (; at > from && total[order[at - 1]] < total[node]; at--)
            order[at] = order[at - 1];
        order[at] = node;
    }
}

const SORTED = 2000; // names that are sorted at once

// Where each frame is when all are sorted by name. Iterates: parts are sorted, and then merged.
function* rankingNames(names) {
    const compare = (a, b) => names[a] < names[b] ? -1 : names[a] > names[b] ? 1 : a - b;
    let order = Array.from(names.keys()), merged = 0;
    for (let at = 0; at < order.length; at += SORTED) {
        order.slice(at, at + SORTED).sort(compare).forEach((f, i) => { order[at + i] = f; });
        yield;
    }
    for (let size = SORTED; size < order.length; size *= 2) {
        const next = [];
        for (let low = 0; low < order.length; low += 2 * size) {
            const middle = Math.min(low + size, order.length), high = Math.min(low + 2 * size, order.length);
            for (let a = low, b = middle; a < middle || b < high;) {
                next.push(b >= high || (a < middle && compare(order[a], order[b]) < 0) ? order[a++] : order[b++]);
                if (++merged % ARRANGED === 0)
                    yield;
            }
        }
        order = next;
    }
    const ranks = new Uint32Array(names.length);
    order.forEach((f, rank) => { ranks[f] = rank; });
    return ranks;
}

// --- from a tree to boxes ---

// Lists of children that weigh something, on either side of a comparison: the first of each node,
// and the next after each.
function linkChildren(tree, order) {
    const first = new Int32Array(order.length), next = new Int32Array(order.length);
    for (let i = order.length - 1; i >= 0; i--) {
        const n = order[i], up = tree.parent[n];
        if (!n || !(tree.total[n] || (tree.other && tree.other[n])))
            continue;
        next[n] = first[up];
        first[up] = n;
    }
    return {first, next};
}

function newBoxes(n) {
    return {
        count: 0, deepest: 0, most: 0,
        frame: new Int32Array(n), depth: new Int32Array(n), parent: new Int32Array(n),
        end: new Int32Array(n), start: new Float64Array(n), size: new Float64Array(n),
        self: new Float64Array(n), node: new Int32Array(n), other: null,
    };
}

const ARRANGED = 30000; // boxes between two looks at the clock (work.js)

// What a frame weighs by itself is at its left, or with the heaviest at the left, at its right.
// Iterates, as it may take long.
function* arranging(tree, order, selfFirst) {
    const n = tree.parent.length, boxes = newBoxes(n);
    const {first, next} = linkChildren(tree, order);
    const free = new Float64Array(n); // where the next child of a node is put
    const boxOf = new Int32Array(n);
    boxes.other = tree.other && new Float64Array(n);
    for (let node = 0, up = -1; node >= 0;) {
        const i = boxes.count++;
        if (i % ARRANGED === ARRANGED - 1)
            yield;
        boxOf[node] = i;
        boxes.node[i] = node;
        boxes.frame[i] = tree.frame[node];
        boxes.parent[i] = up < 0 ? -1 : boxOf[up];
        boxes.depth[i] = up < 0 ? 0 : boxes.depth[boxOf[up]] + 1;
        boxes.start[i] = up < 0 ? 0 : free[up];
        boxes.size[i] = tree.total[node];
        boxes.self[i] = tree.self[node];
        if (tree.other)
            boxes.other[i] = tree.other[node];
        if (up >= 0)
            free[up] += tree.total[node];
        free[node] = boxes.start[i] + (selfFirst ? tree.self[node] : 0);
        if (first[node]) {
            up = node;
            node = first[node];
            continue;
        }
        while (node > 0 && !next[node]) {
            boxes.end[boxOf[node]] = boxes.count;
            node = tree.parent[node];
        }
        boxes.end[boxOf[node]] = boxes.count;
        up = node > 0 ? tree.parent[node] : -1;
        node = node > 0 ? next[node] : -1;
    }
    return measured(boxes);
}

function measured(boxes) {
    for (let i = 0; i < boxes.count; i++) {
        boxes.deepest = Math.max(boxes.deepest, boxes.depth[i]);
        if (i && boxes.other)
            boxes.most = Math.max(boxes.most, Math.abs(boxes.size[i] - boxes.other[i]));
    }
    return boxes;
}

// --- by time: only neighbours share a box ---

function stackOf(nodes, leaf) {
    const stack = [];
    for (let n = leaf; n; n = nodes.parent[n])
        stack.push(nodes.frame[n]);
    return stack.reverse();
}

// The records of all threads as they were taken.
function inTimeOrder(times) {
    const order = Uint32Array.from({length: times.count}, (none, i) => i);
    return times.threads.length < 2 ? order
        : order.sort((a, b) => times.time[a] - times.time[b] || a - b);
}

function timeBoxes(profile, times, measure, passes) {
    const {samples, nodes} = profile, values = times.values[measure.column.index];
    const others = measure.other && times.values[measure.other.index];
    const frame = [0], depth = [0], parent = [-1], end = [0], start = [0], size = [0], self = [0];
    const other = [0], open = [0];
    let at = 0, atOther = 0;
    const close = (height) => {
        while (open.length > height) {
            const i = open.pop();
            end[i] = frame.length;
            size[i] = at - start[i];
            other[i] = atOther - other[i]; // was where it began
        }
    };
    for (const record of inTimeOrder(times)) {
        const s = times.stack[record], weight = Math.abs(valueOfRecord(values, record));
        const otherWeight = others ? Math.abs(valueOfRecord(others, record)) : 0;
        if ((!weight && !otherWeight) || (passes && !passes[samples.labels[s]]))
            continue;
        const stack = stackOf(nodes, samples.node[s]);
        let same = 0;
        while (same < stack.length && same + 1 < open.length &&
               frame[open[same + 1]] === stack[same])
            same++;
        close(same + 1);
        for (; open.length <= stack.length; open.push(frame.length - 1)) {
            parent.push(open[open.length - 1]);
            depth.push(open.length);
            frame.push(stack[open.length - 1]);
            start.push(at);
            other.push(atOther);
            end.push(0);
            size.push(0);
            self.push(0);
        }
        self[open[open.length - 1]] += weight;
        at += weight;
        atOther += otherWeight;
    }
    close(0);
    return measured({
        count: frame.length, deepest: 0, most: 0, frame, depth, parent, end, start, size, self,
        node: frame.map(() => 0), other: others ? other : null,
    });
}

// --- what a function calls ---

// The nodes of a frame that do not stand on another of the same: each sample counts once.
function outermost(tree, frame) {
    const inside = new Uint8Array(tree.parent.length), found = [];
    for (let n = 1; n < inside.length; n++) {
        inside[n] = inside[tree.parent[n]];
        if (inside[n] || tree.frame[n] !== frame)
            continue;
        inside[n] = 1;
        if (tree.total[n] || (tree.other && tree.other[n]))
            found.push(n);
    }
    return found;
}

// The tree of all that stands on the outermost nodes of a frame, as if they were one. Iterates.
function* growingCallees(tree, frame) {
    const n = tree.parent.length, pairs = makePairs(n), place = new Int32Array(n).fill(-1);
    for (const node of outermost(tree, frame))
        place[node] = 0;
    for (let i = 1; i < n; i++) {
        if (place[i] < 0 && place[tree.parent[i]] >= 0)
            place[i] = pairs.number(place[tree.parent[i]], tree.frame[i]);
        if (i % ARRANGED === 0)
            yield;
    }
    const shape = {
        parent: pairs.first.slice(0, pairs.count), frame: pairs.second.slice(0, pairs.count),
        target: place,
    };
    shape.frame[0] = frame;
    return treeOf(shape, tree.self, tree.otherSelf);
}

// --- functions ---

// For each frame what it weighs by itself and in all, recursion counted once.
function functionRows(boxes, frames) {
    const self = new Float64Array(frames.count), total = new Float64Array(frames.count);
    const other = boxes.other && new Float64Array(frames.count);
    const until = new Int32Array(frames.count); // the end of the outermost box of the frame
    for (let i = 1; i < boxes.count; i++) {
        const f = boxes.frame[i];
        self[f] += boxes.self[i];
        if (i < until[f])
            continue;
        until[f] = boxes.end[i];
        total[f] += boxes.size[i];
        if (other)
            other[f] += boxes.other[i];
    }
    const rows = [];
    for (let f = 1; f < frames.count; f++)
        if (total[f] || (other && other[f]))
            rows.push({frame: f, self: self[f], total: total[f], other: other ? other[f] : 0});
    return rows;
}
