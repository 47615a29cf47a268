/*
 * What is done to stacks before they are counted. A transform is {kind, text}: a line of the table
 * below, and for which frames, as a pattern of names. Each does what the rule of the same meaning does
 * in pp's tools, so that `pp-report RULE=TEXT` has the same numbers.
 *
 * The result is a shape: `parent` and `frame` of the nodes that there are then, and `target`, for
 * each node of the profile the one that gets what it has of its own: -1 for none; null for itself.
 */

const TRANSFORMS = {
    only: {rule: "focus", title: "only with", apply: keepWith(true)},
    without: {rule: "ignore", title: "without", apply: keepWith(false)},
    hide: {rule: "hide", title: "hidden", apply: hideFrames},
    from: {rule: "show-from", title: "from", apply: beginAt},
    fold: {rule: "prune-from", title: "folded up", apply: foldInto},
    recursion: {rule: "merge-recursion", title: "recursion merged", apply: mergeRecursion},
};

// A pattern as rules write it: (?i) at its front says that case does not matter.
function patternOf(text) {
    const ignoreCase = text.startsWith("(?i)");
    return compilePattern(ignoreCase ? text.slice(4) : text, ignoreCase);
}

const exactly = (name) => "^" + name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") + "$";

// The nodes anew, a child being found again by what it stands on and its frame.
function rebuilt(shape, place) {
    const pairs = makePairs(shape.parent.length);
    const own = new Int32Array(shape.parent.length);
    for (let n = 1; n < own.length; n++)
        own[n] = place(n, own[shape.parent[n]], own, (up) => pairs.number(up, shape.frame[n]));
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
    return (shape, match) => {
        const own = Int32Array.from(within(shape, match), (has, n) => Boolean(has) === wanted ? n : -1);
        return {parent: shape.parent, frame: shape.frame, own};
    };
}

// A stack of which nothing is left does not count.
function hideFrames(shape, match) {
    const next = rebuilt(shape, (n, up, own, child) => match[shape.frame[n]] ? up : child(up));
    next.own.forEach((to, n) => { next.own[n] = n && !to ? -1 : to; });
    return next;
}

function beginAt(shape, match) {
    const inside = within(shape, match);
    const next = rebuilt(shape, (n, up, own, child) => inside[n] ? child(up) : 0);
    inside.forEach((is, n) => { next.own[n] = is ? next.own[n] : -1; });
    return next;
}

// What a frame calls counts as its own.
function foldInto(shape, match) {
    const own = new Int32Array(shape.parent.length), nearest = new Int32Array(own.length);
    for (let n = 1; n < own.length; n++) {
        nearest[n] = match[shape.frame[n]] ? n : nearest[shape.parent[n]];
        own[n] = nearest[n] || n;
    }
    return {parent: shape.parent, frame: shape.frame, own};
}

function mergeRecursion(shape) {
    const {parent, frame} = shape;
    return rebuilt(shape, (n, up, own, child) => parent[n] && frame[n] === frame[parent[n]] ? up : child(up));
}

// Throws if a pattern is none.
function shapeOf(nodes, frames, transforms) {
    let shape = {parent: nodes.parent, frame: nodes.frame, target: null};
    for (const {kind, text} of transforms) {
        const match = text ? matchNames(frames, patternOf(text)) : null;
        const {parent, frame, own} = TRANSFORMS[kind].apply(shape, match);
        const target = shape.target ? shape.target.map((n) => n < 0 ? -1 : own[n]) : own;
        shape = {parent, frame, target};
    }
    return shape;
}
