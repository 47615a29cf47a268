/*
 * Trees and boxes. A tree is arrays indexed by node, a parent's number being smaller than those of
 * its children: parent, frame, self, total, and in a comparison other, the total on the other
 * side. Node 0 is all.
 *
 * Boxes are what is drawn, in the order of a walk: box i is followed by those that stand on it, up
 * to, not including, end[i]. Their start and size are in units of the column.
 */

// --- the tree of all stacks ---

function selfOf(profile, column, passes) {
    const {node, labels, count} = profile.samples;
    const self = new Float64Array(profile.nodes.count);
    for (let s = 0; s < count; s++)
        if (!passes || passes[labels[s]])
            self[node[s]] += Math.abs(column.values[s]);
    return self;
}

function sumUp(parent, self) {
    const total = self.slice();
    for (let i = total.length - 1; i > 0; i--)
        total[parent[i]] += total[i];
    return total;
}

function stackTree(profile, measure, passes) {
    const {parent, frame} = profile.nodes;
    const self = selfOf(profile, measure.column, passes);
    const otherSelf = measure.other && selfOf(profile, measure.other, passes);
    return {
        parent, frame, self, otherSelf,
        total: sumUp(parent, self),
        other: otherSelf && sumUp(parent, otherSelf),
    };
}

// --- the order of siblings: all nodes, sorted ---

function byName(tree, ranks) {
    const n = tree.parent.length;
    // A number each that holds the rank and the node sorts faster than a function compares.
    const keys = Float64Array.from(tree.frame, (f, i) => ranks[f] * n + i).sort();
    return Uint32Array.from(keys, (key) => key % n);
}

function byWeight(tree) {
    return Uint32Array.from(tree.total.keys()).sort((a, b) => tree.total[b] - tree.total[a] || a - b);
}

// Where each frame is when all are sorted by name.
function rankNames(names) {
    const order = Array.from(names.keys()).sort((a, b) => names[a] < names[b] ? -1 :
        names[a] > names[b] ? 1 : a - b);
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
        self: new Float64Array(n), other: null,
    };
}

// What a frame weighs by itself is at its left, or with the heaviest at the left, at its right.
function arrange(tree, order, selfFirst) {
    const n = tree.parent.length, boxes = newBoxes(n);
    const {first, next} = linkChildren(tree, order);
    const free = new Float64Array(n); // where the next child of a node is put
    const boxOf = new Int32Array(n);
    boxes.other = tree.other && new Float64Array(n);
    for (let node = 0, up = -1; node >= 0;) {
        const i = boxes.count++;
        boxOf[node] = i;
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
        other: others ? other : null,
    });
}

// --- callers and callees ---

/*
 * A tree that is grown level by level. The members of a node are pairs: `at`, a node of `source`,
 * and `of`, the one that says what the member weighs. `follow` is called with a member and gives
 * those of the children to `add(frame, at, of)`: those of one frame become one node. What weighs
 * less than `least` is left out.
 */
function growTree(weights, otherWeights, rootFrame, seeds, follow, least) {
    const sum = (list, of) => of.reduce((total, n) => total + list[n], 0);
    const other = otherWeights && [sum(otherWeights, seeds.of)];
    const grown = {parent: [0], frame: [rootFrame], total: [sum(weights, seeds.of)], self: [0],
                   other, left: 0};
    const members = [seeds];
    for (let i = 0; i < members.length; i++) {
        const children = new Map(), {at, of} = members[i];
        const add = (frame, childAt, childOf) => {
            if (!children.has(frame))
                children.set(frame, {at: [], of: []});
            children.get(frame).at.push(childAt);
            children.get(frame).of.push(childOf);
        };
        members[i] = null;
        at.forEach((n, k) => follow(n, of[k], add));
        let rest = grown.total[i];
        for (const [frame, child] of children) {
            const total = sum(weights, child.of);
            rest -= total;
            if (total < least) {
                grown.left++;
                continue;
            }
            grown.parent.push(i);
            grown.frame.push(frame);
            grown.total.push(total);
            grown.self.push(0);
            if (other)
                other.push(sum(otherWeights, child.of));
            members.push(child);
        }
        grown.self[i] = rest;
    }
    return grown;
}

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

const LEAST_SHARE = 1 / 20000; // of the whole that callers and callees are shown with

function followCallers(tree) {
    return (n, of, add) => {
        if (n)
            add(tree.frame[n], tree.parent[n], of);
    };
}

function callersOf(tree, frame) {
    const nodes = outermost(tree, frame);
    const seeds = {at: nodes.map((n) => tree.parent[n]), of: nodes};
    const least = LEAST_SHARE * nodes.reduce((sum, n) => sum + tree.total[n], 0);
    return growTree(tree.total, tree.other, frame, seeds, followCallers(tree), least);
}

function calleesOf(tree, order, frame) {
    const nodes = outermost(tree, frame), {first, next} = linkChildren(tree, order);
    const least = LEAST_SHARE * nodes.reduce((sum, n) => sum + tree.total[n], 0);
    const follow = (n, of, add) => {
        for (let child = first[n]; child; child = next[child])
            add(tree.frame[child], child, child);
    };
    return growTree(tree.total, tree.other, frame, {at: nodes, of: nodes}, follow, least);
}

// All stacks from the leaf: what has something of its own, and on it those that call it.
function reversedTree(tree) {
    const nodes = [];
    for (let n = 1; n < tree.self.length; n++)
        if (tree.self[n] || (tree.otherSelf && tree.otherSelf[n]))
            nodes.push(n);
    const least = LEAST_SHARE * tree.total[0];
    const seeds = {at: nodes, of: nodes};
    return growTree(tree.self, tree.otherSelf, 0, seeds, followCallers(tree), least);
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
