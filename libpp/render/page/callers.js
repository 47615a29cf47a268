/*
 * A tree of callers, that grows where it is looked at: all stacks read from a node towards the root,
 * those that begin alike being one. It has the arrays of a tree (trees.js) and can be arranged as
 * one.
 *
 * Each of its nodes has members: pairs of a node of `tree`, the next caller, and of the one that
 * says what the stack weighs. The pairs stand in two arrays, those of a node from low to high, so
 * that growing a node is sorting its part of them.
 */

const GROW_STEP = 100000; // members between two looks at the clock

/*
 * `seeds` says where stacks begin: `at` their first node that is shown, `of` the nodes that have the
 * weights. `rootFrame` is what all of them stand on.
 */
function makeCallers(tree, weights, otherWeights, rootFrame, seeds) {
    const at = Int32Array.from(seeds.at), of = Int32Array.from(seeds.of);
    const atBefore = new Int32Array(at.length), ofBefore = new Int32Array(at.length);
    const grown = {
        parent: [0], frame: [rootFrame], total: [0], self: [0], other: otherWeights ? [0] : null,
        low: [0], high: [at.length], first: [0], // the first child; -1 without, 0 if not grown yet
        version: 0,
    };
    const slot = new Int32Array(tree.frame.reduce((most, f) => Math.max(most, f), 0) + 1);
    let work = 0;

    for (const n of of) {
        grown.total[0] += weights[n];
        if (grown.other)
            grown.other[0] += otherWeights[n];
    }
    grown.self[0] = grown.total[0];

    // The children of `i` with their weights and how many members each has.
    function sumChildren(i) {
        const children = [];
        for (let k = grown.low[i]; k < grown.high[i]; k++) {
            if (!at[k])
                continue;
            const f = tree.frame[at[k]];
            if (!slot[f])
                slot[f] = children.push({frame: f, total: 0, other: 0, members: 0, next: 0});
            const child = children[slot[f] - 1];
            child.members++;
            child.total += weights[of[k]];
            child.other += otherWeights ? otherWeights[of[k]] : 0;
        }
        children.forEach((child) => { slot[child.frame] = 0; });
        return children.sort((a, b) => b.total - a.total || a.frame - b.frame);
    }

    // Puts the members of each child together, and each of them one caller further.
    function sortMembers(i, children) {
        const low = grown.low[i], high = grown.high[i];
        atBefore.set(at.subarray(low, high), low);
        ofBefore.set(of.subarray(low, high), low);
        let to = low;
        children.forEach((child, c) => {
            child.next = to;
            to += child.members;
            slot[child.frame] = c + 1;
        });
        const end = to;
        for (let k = low; k < high; k++) {
            const n = atBefore[k];
            const place = n ? children[slot[tree.frame[n]] - 1].next++ : to++;
            at[place] = n && tree.parent[n];
            of[place] = ofBefore[k];
        }
        children.forEach((child) => { slot[child.frame] = 0; });
        grown.high[i] = end;
    }

    // Iterates where there are many members.
    function* grow(i) {
        const children = sumChildren(i), isLong = grown.high[i] - grown.low[i] > GROW_STEP / 4;
        work += grown.high[i] - grown.low[i];
        if (isLong)
            yield;
        grown.first[i] = children.length ? grown.parent.length : -1;
        sortMembers(i, children);
        let low = grown.low[i];
        for (const child of children) {
            grown.parent.push(i);
            grown.frame.push(child.frame);
            grown.total.push(child.total);
            grown.self.push(child.total);
            if (grown.other)
                grown.other.push(child.other);
            grown.low.push(low);
            grown.high.push(low += child.members);
            grown.first.push(0);
            grown.self[i] -= child.total;
        }
        grown.version++;
    }

    // Grows what stands on `root` as far as it weighs `least`; what it yields is how far it is.
    grown.grow = function* growBelow(root, least) {
        const heaviest = (i) => Math.max(grown.total[i], grown.other ? grown.other[i] : 0);
        for (const todo = [root]; todo.length;) {
            const i = todo.pop();
            if (!grown.first[i])
                yield* grow(i);
            for (let c = grown.first[i]; c > 0 && grown.parent[c] === i; c++)
                if (heaviest(c) >= least)
                    todo.push(c);
            if (work > GROW_STEP) {
                work = 0;
                yield;
            }
        }
    };
    return grown;
}

// All stacks from the leaf: what has something of its own, and on it those that call it.
function reversedTree(tree) {
    const nodes = [];
    for (let n = 1; n < tree.self.length; n++)
        if (tree.self[n] || (tree.otherSelf && tree.otherSelf[n]))
            nodes.push(n);
    return makeCallers(tree, tree.self, tree.otherSelf, 0, {at: nodes, of: nodes});
}

// Those that call a frame.
function callersOf(tree, frame) {
    const nodes = outermost(tree, frame);
    const seeds = {at: nodes.map((n) => tree.parent[n]), of: nodes};
    return makeCallers(tree, tree.total, tree.other, frame, seeds);
}
