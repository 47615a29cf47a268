/*
 * What is done to stacks before they are counted. A transform is {kind, text}: a line of the table
 * below, and for which frames, as a pattern of names. Each does what the rule of the same meaning does
 * in pp's tools, so that `pp-report RULE=TEXT` has the same numbers.
 *
 * The result is a shape: `parent` and `frame` of the nodes that there are then, and `target`, for
 * each node of the base the one that gets what it has of its own: -1 for none; null for itself.
 */

const TRANSFORMS = {
    only: {rule: "focus", title: "only with", apply: keepWith(true)},
    without: {rule: "ignore", title: "without", apply: keepWith(false)},
    hide: {rule: "hide", title: "hidden", apply: hideFrames},
    from: {rule: "show-from", title: "from", apply: beginAt},
    fold: {rule: "prune-from", title: "folded up", apply: foldInto},
    recursion: {rule: "merge-recursion", title: "recursion merged", apply: mergeRecursion},
    module: {title: "as one", apply: collapseModule, module: true},
    split: {rule: "tag-root", title: "split by", base: true}, // comes before all others
};

// A pattern as rules write it: (?i) at its front says that case does not matter.
function patternOf(text) {
    const ignoreCase = text.startsWith("(?i)");
    return compilePattern(ignoreCase ? text.slice(4) : text, ignoreCase);
}

// Whether a transform that somebody may have typed is one.
function isTransform({kind, text}) {
    try {
        return Object.hasOwn(TRANSFORMS, kind) && (kind === "recursion" || text !== "") &&
            (kind === "module" || kind === "split" || Boolean(patternOf(text)));
    } catch (error) {
        return false;
    }
}

const exactly = (name) => "^" + name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") + "$";

const REBUILT = 30000; // nodes between two looks at the clock (work.js)

// The nodes anew, a child being found again by what it stands on and its frame.
function* rebuilt(shape, place) {
    const pairs = makePairs(shape.parent.length);
    const own = new Int32Array(shape.parent.length);
    for (let n = 1; n < own.length; n++) {
        own[n] = place(n, own[shape.parent[n]], (up) => pairs.number(up, shape.frame[n]));
        if (n % REBUILT === 0)
            yield;
    }
    return {
        parent: pairs.first.slice(0, pairs.count), frame: pairs.second.slice(0, pairs.count), own,
    };
}

// For each node whether it or one that it stands on matches.
function within(shape, match) {
    const inside = new Uint8Array(shape.parent.length);
    for (let n = 1; n < inside.length; n++)
        inside[n] = inside[shape.parent[n]] || match[shape.frame[n]];
    return inside;
}

function keepWith(wanted) {
    return function* keep(shape, match) {
        const own = Int32Array.from(within(shape, match), (has, n) => Boolean(has) === wanted ? n : -1);
        return {parent: shape.parent, frame: shape.frame, own};
    };
}

// A stack without any frame left does not count.
function* hideFrames(shape, match) {
    const next = yield* rebuilt(shape, (n, up, child) => match[shape.frame[n]] ? up : child(up));
    next.own.forEach((to, n) => { next.own[n] = n && !to ? -1 : to; });
    return next;
}

function* beginAt(shape, match) {
    const inside = within(shape, match);
    const next = yield* rebuilt(shape, (n, up, child) => inside[n] ? child(up) : 0);
    inside.forEach((is, n) => { next.own[n] = is ? next.own[n] : -1; });
    return next;
}

// What a frame calls counts as its own.
function* foldInto(shape, match) {
    const own = new Int32Array(shape.parent.length), nearest = new Int32Array(own.length);
    for (let n = 1; n < own.length; n++) {
        nearest[n] = match[shape.frame[n]] ? n : nearest[shape.parent[n]];
        own[n] = nearest[n] || n;
    }
    return {parent: shape.parent, frame: shape.frame, own};
}

function* mergeRecursion(shape) {
    const {parent, frame} = shape;
    return yield* rebuilt(shape, (n, up, child) => parent[n] && frame[n] === frame[parent[n]] ? up : child(up));
}

// Frames of a module that call each other become one, with the name of the module.
function* collapseModule(shape, match, one) {
    const {parent, frame} = shape, pairs = makePairs(parent.length), own = new Int32Array(parent.length);
    for (let n = 1; n < own.length; n++) {
        const up = own[parent[n]], is = match[frame[n]];
        own[n] = is && parent[n] && match[frame[parent[n]]] ? up : pairs.number(up, is ? one : frame[n]);
    }
    return {parent: pairs.first.slice(0, pairs.count), frame: pairs.second.slice(0, pairs.count), own};
}

// The frame of this name; made if there is none. Such frames are grey.
function frameNamed(frames, name) {
    const found = frames.names.indexOf(name, 1);
    if (found > 0)
        return found;
    const f = frames.names.push(name) - 1, colors = new Uint32Array(f + 1).fill(0xb4b4bc);
    colors.set(frames.colors);
    Object.assign(frames, {colors, count: f + 1, lines: Uint32Array.from([...frames.lines, 0])});
    frames.marks.push(0);
    frames.modules.push("");
    frames.files.push("");
    return f;
}

/*
 * What stacks are before all transforms: `parent` and `frame` of nodes, and `of`, the node of each
 * stack. Where they are split by labels, their values are frames at the root.
 */
function baseOf({nodes, labels, samples, frames}, keys) {
    if (!keys.length)
        return {parent: nodes.parent, frame: nodes.frame, of: samples.node};
    const pairs = makePairs(nodes.count * 2), places = makePairs(nodes.count * 2);
    const at = [0], roots = new Map(), of = new Int32Array(samples.count);
    const valueIn = (set, key) => {
        for (let l = set; l; l = labels.next[l])
            if (labels.key[l] === key)
                return labels.value[l];
        return null;
    };
    const rootOf = (set) => {
        if (!roots.has(set))
            roots.set(set, keys.map((key) => valueIn(set, key)).filter((value) => value !== null)
                .reduce((up, value) => pairs.number(up, frameNamed(frames, value)), 0));
        return roots.get(set);
    };
    for (let s = 0; s < samples.count; s++) {
        const root = rootOf(samples.labels[s]), path = [];
        let n = samples.node[s], up = root;
        for (; n && !at[places.number(root, n)]; n = nodes.parent[n])
            path.push(n);
        up = n ? at[places.number(root, n)] : root;
        for (const node of path.reverse())
            up = at[places.number(root, node)] = pairs.number(up, nodes.frame[node]);
        of[s] = up;
    }
    return {parent: pairs.first.slice(0, pairs.count), frame: pairs.second.slice(0, pairs.count), of};
}

const splitKeys = (transforms) => transforms.filter((t) => t.kind === "split").map((t) => t.text);

// Throws if a pattern is none. Iterates, as it may take long.
function* shapeOf(base, frames, transforms) {
    let shape = {parent: base.parent, frame: base.frame, target: null};
    for (const {kind, text} of transforms) {
        const {apply, module} = TRANSFORMS[kind];
        if (!apply)
            continue;
        const match = module ? Uint8Array.from(frames.modules, (name) => name === text ? 1 : 0)
            : text ? matchNames(frames, patternOf(text)) : null;
        const one = module ? frameNamed(frames, "[" + text.replace(/.*\//, "") + "]") : 0;
        const {parent, frame, own} = yield* apply(shape, match, one);
        const target = shape.target ? shape.target.map((n) => n < 0 ? -1 : own[n]) : own;
        shape = {parent, frame, target};
    }
    return shape;
}
