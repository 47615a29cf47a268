/*
 * From the state to what views show, in steps that are each kept as long as what they are made from
 * is the same:
 *
 *     samples -> (range, threads, labels) weights -> (transforms) tree -> order -> boxes, rows
 *
 * Functions of the model may take long the first time. A view names those that it needs (work.js).
 */

// Boxes of callers are grown down to this part of what is zoomed to: a quarter of a pixel or so.
const GROWN_PART = 1 / 4000;
// And for a link to what is narrower, until it is found, or there are too many.
const FINER = [1 / 20000, 1 / 200000, 1 / 2000000], MOST_GROWN = 400000;

// For each frame 1 if another has its name, and its mark.
function sharedNames({count, names, marks}) {
    const first = new Map(), shared = new Uint8Array(count);
    for (let f = 1; f < count; f++) {
        const key = marks[f] + names[f], other = first.get(key);
        if (other)
            shared[f] = shared[other] = 1;
        else
            first.set(key, f);
    }
    return shared;
}

function makeModel(profile, times, given) {
    const kept = new Map(), {frames} = profile;
    const measures = measuresOf(profile.columns);
    const model = {profile, frames, measures, state: null};

    function keep(what, from, makeIt) {
        const old = kept.get(what);
        if (old && old.from === from)
            return old.made;
        const made = makeIt();
        kept.set(what, {from, made});
        return made;
    }
    model.keep = keep;

    /*
     * The same of what takes long: makeIt() iterates. The function that this returns makes it at once;
     * its slowly() is a step for work.js.
     */
    function keepSlow(what, keyOf, makeIt) {
        const get = (...args) => keep(what, keyOf(...args), () => finish(makeIt(...args)));
        get.slowly = function* (...args) {
            const from = keyOf(...args), old = kept.get(what);
            if (!old || old.from !== from)
                kept.set(what, {from, made: yield* makeIt(...args)});
            return kept.get(what).made;
        };
        return get;
    }
    model.keepSlow = keepSlow;

    // --- keys: what a step is made from ---

    const selectionKey = () => {
        const {filters, range, threads} = model.state;
        return JSON.stringify([filters, range, threads]);
    };
    const shapeKey = () => JSON.stringify(model.state.transforms);
    const treeKey = () => model.state.measure + " " + model.state.dumps + selectionKey() + shapeKey();
    Object.assign(model, {treeKey, selectionKey, shapeKey});

    // --- the pipeline ---

    // Boxes of which the nodes are those of tree().
    function* arrangeTree(order, selfFirst) {
        return Object.assign(yield* arranging(model.tree(), order, selfFirst), {isTree: true});
    }

    model.series = null;
    model.measure = () => model.series && model.state.dumps
        ? keep("dumps", model.state.dumps, () => dumpMeasure(profile, model.series, model.state.dumps))
        : measures[model.state.measure] || measures[0];
    model.format = () => keep("format", model.measure(), () => formatOf(model.measure().column, given));
    model.ranks = keepSlow("ranks", () => frames.count, () => rankingNames(frames.names));
    model.base = () => {
        const keys = splitKeys(model.state.transforms);
        return keep("base", keys.join("\n"), () => baseOf(profile, keys));
    };
    model.shape = keepSlow("shape", shapeKey, () =>
        shapeOf(model.base(), frames, model.state.transforms));
    const selfOf = (column) => {
        const {of, parent} = model.base();
        if (column.ofNodes) // a dump of a series, which knows nothing of labels
            return parent.length === profile.nodes.count ? column.ofNodes.slice()
                : new Float64Array(parent.length);
        return weightsOf(profile, times, column, model.state, of, parent.length);
    };
    model.selfOf = selfOf;
    model.tree = () => keep("tree", treeKey(), () => {
        const {column, other} = model.measure();
        return treeOf(model.shape(), selfOf(column), other && selfOf(other));
    });
    model.all = () => model.tree().total[0];
    // The order by name is one of the shape: it is the same for all weights. The profile has its
    // nodes in this order.
    model.orderOf = (tree) => keep("order", shapeKey(), () => model.state.transforms.length
        ? byName(tree, model.ranks()) : tree.parent.map((n, i) => i));
    model.order = () => model.orderOf(model.tree());
    model.named = keepSlow("named", treeKey, () => arrangeTree(model.order(), true));
    model.heavy = keepSlow("heavy", treeKey, function* () {
        return yield* arrangeTree(yield* sortingByWeight(model.tree()), false);
    });
    model.timed = () => keep("timed", treeKey(), () =>
        timeBoxes(profile, times, model.measure(), passing(profile.labels, model.state.filters)));
    model.rows = () => keep("rows", treeKey(), () => functionRows(model.named(), frames));
    model.rowOf = (frame) => keep("rowOf", treeKey(), () =>
        new Map(model.rows().map((row) => [row.frame, row]))).get(frame);
    model.edges = keepSlow("edges", (frame) => treeKey() + "\n" + frame, function* (frame) {
        return edgesByFrame(yield* findingEdges(model.named(), null, frame), frames.names);
    });
    // What each node has of its own, in all columns.
    model.allSelf = () => measures.map((m) => moved(selfOf(m.column), model.shape()));
    // The totals of all nodes in another column.
    model.totals = (i) => keep("totals " + i, treeKey(), () => sumUp(model.shape().parent, moved(
        selfOf(measures[i].column), model.shape())));
    const weightsBySet = () => keep("sets", model.state.measure + selectionKey(), () => weightsOf(profile,
        times, model.measure().column, {...model.state, filters: []}, profile.samples.labels,
        profile.labels.count));
    model.labelKey = () => model.state.measure + selectionKey();
    model.labelWeights = () => keep("labels", model.labelKey(), () =>
        labelWeights(profile.labels, weightsBySet(), model.state.filters));
    // What all samples weigh, whatever their labels.
    model.whole = () => weightsBySet().reduce((sum, w) => sum + w, 0);

    // --- stacks ---

    // For each stack 1 if it counts; null: all do.
    model.stackPasses = () => keep("passes", shapeKey() + JSON.stringify(model.state.filters), () => {
        const passes = passing(profile.labels, model.state.filters), {target} = model.shape();
        return passes || target ? Uint8Array.from(model.base().of, (node, s) =>
            (!passes || passes[profile.samples.labels[s]]) && (!target || target[node] >= 0) ? 1 : 0) : null;
    });

    // --- callers: grown as far as is looked at ---

    const boxesBy = (name) => keepSlow(name + " boxes", (grown) => treeKey() + grown.key + grown.version,
                                       function* (grown) {
        const order = yield* sortingByWeight(grown);
        return Object.assign(yield* arranging(grown, order, false), {isCallers: true});
    });

    // Grows a tree of callers so that the box of `zoom`, a key, is shown with what stands on it.
    function* growTo(boxesOf, grown, zoom) {
        const all = grown.total[0] || 1;
        yield* grown.grow(0, all * GROWN_PART);
        let box = boxOfKey(yield* boxesOf.slowly(grown), frames.names, zoom);
        for (const part of FINER) {
            if (box || !zoom || grown.parent.length > MOST_GROWN)
                break;
            yield* grown.grow(0, all * part);
            box = boxOfKey(yield* boxesOf.slowly(grown), frames.names, zoom);
        }
        if (!box)
            return;
        const node = boxesOf(grown).node[box];
        yield* grown.grow(node, Math.max(grown.total[node], 1) * GROWN_PART);
        yield* boxesOf.slowly(grown);
    }

    function callersFor(name, key, zoom, makeIt) {
        const grown = () => keep(name, treeKey() + key, () => Object.assign(makeIt(), {key}));
        const boxesOf = boxesBy(name);
        return {
            grow: () => growTo(boxesOf, grown(), zoom()), boxes: () => boxesOf(grown()),
            tree: grown,
        };
    }

    model.reversed = callersFor("reversed", "", () => model.state.zoom, () =>
        reversedTree(model.tree()));

    // --- the function that is picked ---

    // The name as pp's tools write it; and where functions of several modules have it, with the module.
    model.plainNameOf = (f) => frames.names[f] + (frames.marks[f] ? " [" + frames.marks[f] + "]" : "");
    const isShared = sharedNames(frames);
    model.nameOf = (f) => model.plainNameOf(f) +
        (isShared[f] && frames.modules[f] ? " (" + baseName(frames.modules[f]) + ")" : "");
    model.picked = () => keep("picked", model.state.picked, () => {
        const name = model.state.picked;
        return name ? Math.max(0, frames.names.findIndex((n, f) => f && model.nameOf(f) === name)) : 0;
    });
    model.callersOf = (frame, zoom) => callersFor("callers", "\n" + frame, zoom, () =>
        callersOf(model.tree(), frame));
    model.calleesOf = keepSlow("callees", (frame) => treeKey() + "\n" + frame, function* (frame) {
        const tree = yield* growingCallees(model.tree(), frame);
        return yield* arranging(tree, yield* sortingByWeight(tree), false);
    });

    // --- search ---

    // For each frame 1 if its name matches; null if nothing is searched for, or by no pattern.
    model.hits = () => keep("hits", frames.count + "\n" + model.state.search + "\n" + model.state.ignoreCase, () => {
        try {
            const {search, ignoreCase} = model.state;
            return search ? matchNames(frames, compilePattern(search, ignoreCase)) : null;
        } catch (error) {
            return null;
        }
    });
    return model;
}
