/*
 * What the views of time are made from, kept like the rest of the model (model.js): of the labels
 * and transforms that are selected, but of the whole time and of all threads.
 */
function addTimes(model, times) {
    const {keep, profile} = model, {samples} = profile;
    const nodes = () => model.base().of;
    const column = () => model.measure().column;
    // As the tree, but for the range and the threads.
    const key = () => JSON.stringify([model.state.measure, model.state.filters, model.state.transforms]);

    model.times = times;
    model.timeSpan = () => keep("span", times, () => timeSpan(times));

    model.nodeOfStack = (stack) => {
        const {target} = model.shape(), node = nodes()[stack];
        return target ? Math.max(0, target[node]) : node;
    };
    model.leafOf = (stack) => model.shape().frame[model.nodeOfStack(stack)];

    // Of all threads that are selected, in equal parts of the whole time.
    model.activity = (bins) => keep("activity", key() + bins + JSON.stringify(model.state.threads), () =>
        histogram(times, column(), [0, model.timeSpan()], bins, threadsOf(times, model.state),
                  model.stackPasses()));

    // All threads with what they have in the range, the heaviest first.
    model.threadsByWeight = () => keep("lanes", key() + JSON.stringify(model.state.range), () => {
        const range = model.state.range || [0, model.timeSpan()];
        return times.threads.map((thread) => ({
            ...thread,
            weight: histogram(times, column(), range, 1, [thread], model.stackPasses())[0],
        })).sort((a, b) => b.weight - a.weight || a.from - b.from);
    });

    // Segments of a thread are kept for one range and width: those of all threads that are seen.
    model.segments = (thread, range, most) => {
        const kept = keep("segments", key() + range + " " + most, () => new Map());
        if (!kept.has(thread.from))
            kept.set(thread.from, segmentsOf(times, thread, column(), range, most, model.stackPasses()));
        return kept.get(thread.from);
    };
    model.boxesInTime = (thread, range, most) =>
        keep("boxes in time", key() + range + " " + most + " " + thread.from, () =>
            boxesInTime(model.segments(thread, range, most), model.shape(), model.nodeOfStack,
                        (range[1] - range[0]) / most / 2));

    // The frame at the depth that lanes show, or the leaf where the stack is not as deep.
    model.laneFrame = (stack) => {
        const depth = model.state.laneDepth, known = keep("lane frames", key() + " " + depth, () =>
            new Int32Array(samples.count).fill(-1));
        if (known[stack] < 0) {
            const {parent, frame} = model.shape(), path = pathTo({parent}, model.nodeOfStack(stack));
            const node = depth ? path[Math.min(depth, path.length) - 1] : path[path.length - 1];
            known[stack] = node ? frame[node] : 0;
        }
        return known[stack];
    };

    // How the boxes of heavy() are spread over the range.
    model.spread = () => keep("spread", model.treeKey(), () => {
        const boxes = model.heavy(), boxOf = new Int32Array(model.tree().parent.length).fill(-1);
        const passes = model.stackPasses();
        for (let i = 0; i < boxes.count; i++)
            boxOf[boxes.node[i]] = i;
        const boxOfStack = Int32Array.from({length: samples.count}, (none, s) =>
            !passes || passes[s] ? boxOf[model.nodeOfStack(s)] : -1);
        return spreadOfBoxes(times, column(), model.state, boxes, boxOfStack);
    });

    model.heat = () => keep("heat", key() + JSON.stringify(model.state.threads), () =>
        heatMap(times, model.timeSpan(), column(), threadsOf(times, model.state), model.stackPasses()));
}
