/*
 * Who calls whom: edges between frames, as pp's reports have them. What an edge weighs is that of the
 * stacks that it is in, once each.
 */

// `kept` has 1 for each frame that edges are between, or is null for all. Edges that lead over frames
// that are not kept are residual. With `about`, a frame, only those from and to it. Iterates.
function* findingEdges(boxes, kept, about = 0) {
    const pairs = makePairs(16), until = [], edges = [null];
    const nearest = new Int32Array(boxes.count), over = new Uint8Array(boxes.count);
    let seen = 0;
    for (let i = 1; i < boxes.count; i++) {
        const up = boxes.parent[i], under = nearest[up];
        const from = boxes.frame[under], to = boxes.frame[i];
        over[i] = kept && !kept[to] ? 1 : 0;
        nearest[i] = over[i] ? under : i;
        if (over[i] || !under || from === to || (about && about !== from && about !== to))
            continue;
        const id = pairs.number(from, to);
        const edge = edges[id] || (edges[id] = {from, to, weight: 0, residual: false, gone: false});
        if (i < until[id])
            continue;
        until[id] = boxes.end[i];
        edge.weight += boxes.size[i];
        edge.residual ||= Boolean(up && over[up]);
        if (++seen % ARRANGED === 0)
            yield;
    }
    return edges.slice(1);
}

// The edges by the frame that they lead from and to, the heaviest first.
function edgesByFrame(edges, names) {
    const into = new Map(), out = new Map();
    const add = (map, frame, edge) => map.has(frame) ? map.get(frame).push(edge) : map.set(frame, [edge]);
    const order = (a, b) => a < b ? -1 : a > b ? 1 : 0;
    edges.sort((a, b) => b.weight - a.weight || order(names[a.from], names[b.from]) ||
        order(names[a.to], names[b.to]));
    for (const edge of edges) {
        add(into, edge.to, edge);
        add(out, edge.from, edge);
    }
    return {into: (f) => into.get(f) || [], out: (f) => out.get(f) || []};
}

// --- which of them a picture shows: the choice that pp-report graph makes ---

const NODE_PART = 0.005, EDGE_PART = 0.001; // of all, that nodes and edges have at least

// How evenly a weight is spread over edges, in bits.
function spreadOf(edges, self) {
    const total = edges.reduce((sum, e) => sum + e.weight, self);
    const bits = (part) => part > 0 ? part * Math.log2(part) : 0;
    return total ? -edges.reduce((sum, e) => sum + bits(e.weight / total), bits(self / total)) : 0;
}

// What only passes on what it gets is worth less in a picture than what branches.
function interestOf(row, near) {
    const into = near.into(row.frame), out = near.out(row.frame);
    const spread = (into.length ? spreadOf(into, 0) : 1) + (out.length ? spreadOf(out, row.self) : 1);
    return Math.trunc(spread * row.total) + row.self;
}

// Whether there is another way from edge.from to edge.to.
function isRedundant(edge, near) {
    const seen = new Set([edge.to]);
    for (const node of seen)
        for (const e of near.into(node)) {
            if (e === edge || e.gone)
                continue;
            if (e.from === edge.from)
                return true;
            seen.add(e.from);
        }
    return false;
}

// {nodes, edges} of a picture with at most `most` nodes; `rows` are as functionRows() makes them.
// Iterates.
function* choosingGraph(rows, boxes, names, most) {
    const sum = rows.reduce((all, row) => all + row.self, 0);
    const least = Math.round(sum * NODE_PART), leastEdge = Math.round(sum * EDGE_PART);
    const order = (a, b) => names[a.frame] < names[b.frame] ? -1 : names[a.frame] > names[b.frame] ? 1 : 0;
    let shown = rows.filter((row) => row.total >= least && row.total), near;
    const sort = function* sort() {
        const kept = new Uint8Array(names.length);
        shown.forEach((row) => { kept[row.frame] = 1; });
        const edges = yield* findingEdges(boxes, kept);
        near = edgesByFrame(edges, names);
        const score = new Map(shown.map((row) => [row, interestOf(row, near)]));
        shown.sort((a, b) => score.get(b) - score.get(a) || order(a, b) || b.self - a.self);
        return edges;
    };
    let edges = yield* sort();
    if (shown.length > most) {
        shown = shown.slice(0, most);
        edges = yield* sort();
    }
    edges.forEach((e) => { e.gone = e.weight < leastEdge; });
    for (const row of shown.slice().reverse()) {
        for (const e of near.into(row.frame).slice().reverse().filter((edge) => !edge.gone)) {
            if (!e.residual)
                break;
            e.gone = isRedundant(e, near);
        }
        yield;
    }
    return {nodes: shown, edges: edges.filter((e) => !e.gone)};
}
