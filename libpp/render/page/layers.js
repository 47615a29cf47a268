/*
 * Places nodes of a graph in layers: each below those that lead to it, those that belong together
 * near each other. What leads back up is left out of this. Edges over several layers have a place in
 * each.
 */

const SWEEPS = 8, GAP_X = 24, GAP_Y = 46;

// The layer of each node: the longest way from where nothing leads to. Edges get `back` if they close
// a circle.
function layersOf(nodes, edges) {
    const out = new Map(nodes.map((n) => [n.id, []])), state = new Map(), layer = new Map();
    const last = [];
    edges.forEach((e) => out.get(e.from).push(e));
    for (const {id} of nodes) {
        const open = state.has(id) ? [] : [[id, 0]];
        state.set(id, state.get(id) || 1);
        while (open.length) {
            const top = open[open.length - 1], edge = out.get(top[0])[top[1]++];
            if (!edge) {
                state.set(top[0], 2);
                last.push(top[0]);
                open.pop();
            } else if (!state.has(edge.to)) {
                state.set(edge.to, 1);
                open.push([edge.to, 0]);
            } else {
                edge.back = state.get(edge.to) === 1;
            }
        }
    }
    for (const id of last.reverse())
        for (const e of out.get(id))
            if (!e.back)
                layer.set(e.to, Math.max(layer.get(e.to) || 0, (layer.get(id) || 0) + 1));
    return layer;
}

// The rows of nodes, with narrow ones where long edges pass; and for each edge what it passes.
function rowsOf(nodes, edges, layer) {
    const rows = [], byId = new Map();
    const put = (node, at) => {
        (rows[at] ||= []).push(node);
        return Object.assign(node, {up: [], down: []});
    };
    nodes.forEach((node) => byId.set(node.id, put(node, layer.get(node.id) || 0)));
    const join = (above, below) => {
        above.down.push(below);
        below.up.push(above);
    };
    for (const edge of edges) {
        const ends = edge.back ? [edge.to, edge.from] : [edge.from, edge.to];
        const [first, last] = ends.map((id) => byId.get(id));
        edge.path = [first];
        for (let at = (layer.get(first.id) || 0) + 1; at < (layer.get(last.id) || 0); at++)
            edge.path.push(put({width: 4, height: 0}, at));
        edge.path.push(last);
        for (let i = 1; i < edge.path.length; i++)
            join(edge.path[i - 1], edge.path[i]);
        if (edge.back)
            edge.path.reverse();
    }
    return rows;
}

// By the median of the neighbours in the row before, up and down.
function orderRows(rows) {
    const number = (row) => row.forEach((node, i) => { node.at = i; });
    const median = (list, at) => {
        const places = list.map((n) => n.at).sort((a, b) => a - b), half = places.length >> 1;
        return !places.length ? at : places.length % 2 ? places[half] : (places[half - 1] + places[half]) / 2;
    };
    rows.forEach(number);
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
        const side = sweep % 2 ? "down" : "up";
        for (const row of sweep % 2 ? rows.slice().reverse() : rows) {
            row.forEach((node) => { node.median = median(node[side], node.at); });
            row.sort((a, b) => a.median - b.median || a.at - b.at);
            number(row);
        }
    }
}

// Draws each node towards the middle of its neighbours, as far as those beside it let it.
function placeRow(row, sides) {
    const want = row.map((node) => {
        const near = sides.flatMap((side) => node[side]);
        return near.length ? near.reduce((sum, n) => sum + n.x, 0) / near.length : node.x;
    });
    const apart = (i) => (row[i - 1].width + row[i].width) / 2 + GAP_X;
    const left = want.slice(), right = want.slice();
    for (let i = 1; i < row.length; i++)
        left[i] = Math.max(left[i], left[i - 1] + apart(i));
    for (let i = row.length - 2; i >= 0; i--)
        right[i] = Math.min(right[i], right[i + 1] - apart(i + 1));
    row.forEach((node, i) => { node.x = (left[i] + right[i]) / 2; });
    for (let i = 1; i < row.length; i++)
        row[i].x = Math.max(row[i].x, row[i - 1].x + apart(i));
}

/*
 * Gives nodes {id, width, height} their middle x and y, and edges {from, to} the `path` of places
 * that they lead through. Returns the width and height of all.
 */
function placeInLayers(nodes, edges) {
    const rows = rowsOf(nodes, edges, layersOf(nodes, edges));
    let y = 0;
    orderRows(rows);
    for (const row of rows) {
        const height = Math.max(...row.map((node) => node.height));
        let x = 0;
        for (const node of row) {
            node.x = x + node.width / 2;
            node.y = y + height / 2;
            x += node.width + GAP_X;
        }
        y += height + GAP_Y;
    }
    for (let sweep = 0; sweep < SWEEPS; sweep++)
        for (const row of sweep % 2 ? rows.slice().reverse() : rows)
            placeRow(row, sweep < SWEEPS - 2 ? [sweep % 2 ? "down" : "up"] : ["up", "down"]);
    const all = rows.flat(), least = Math.min(...all.map((n) => n.x - n.width / 2));
    all.forEach((node) => { node.x -= least; });
    return {width: Math.max(...all.map((n) => n.x + n.width / 2)), height: Math.max(0, y - GAP_Y)};
}
