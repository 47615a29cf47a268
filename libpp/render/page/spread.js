// How what is selected is spread: over threads, and over time.

const SPARK_BINS = 16;

/*
 * For each stack its records in the range and in the threads that are selected: calls f(stack,
 * weight, thread, time), with times in units of `times`.
 */
function eachRecord(times, column, state, f) {
    const values = times.values[column.index], range = state.range || [0, timeSpan(times)];
    threadsOf(times, state).forEach((thread) => {
        const [from, to] = recordsWithin(times, thread, range);
        for (let i = from; i < to; i++)
            f(times.stack[i], Math.abs(valueOfRecord(values, i)), thread, times.time[i]);
    });
}

// In which of `bins` equal parts of the range a time is.
function binOf(times, state, bins) {
    const [from, to] = state.range || [0, timeSpan(times)], scale = bins * times.unit / (to - from || 1);
    return (time) => Math.min(bins - 1, Math.max(0, Math.floor((time - from / times.unit) * scale)));
}

/*
 * How boxes in the order of a walk are spread over the range: of(i) gives a list of what box i has in
 * each part of it. `boxOfStack` has for each stack its box, or -1. Sums of stacks, sorted by box,
 * so that those of any box are a difference.
 */
function spreadOfBoxes(times, column, state, boxes, boxOfStack) {
    const count = boxes.count, next = new Uint32Array(count + 1), stacks = boxOfStack.length;
    for (const box of boxOfStack)
        if (box >= 0)
            next[box + 1]++;
    for (let i = 0; i < count; i++)
        next[i + 1] += next[i];
    const first = next.slice(), place = new Int32Array(stacks).fill(-1);
    boxOfStack.forEach((box, s) => {
        if (box >= 0)
            place[s] = next[box]++;
    });
    const sums = new Float64Array((first[count] + 1) * SPARK_BINS), bin = binOf(times, state, SPARK_BINS);
    eachRecord(times, column, state, (stack, weight, thread, time) => {
        if (place[stack] >= 0)
            sums[(place[stack] + 1) * SPARK_BINS + bin(time)] += weight;
    });
    for (let k = SPARK_BINS; k < sums.length; k++)
        sums[k] += sums[k - SPARK_BINS];
    const at = (row, b) => sums[row * SPARK_BINS + b];
    return (i) => Array.from({length: SPARK_BINS}, (none, b) =>
        at(first[boxes.end[i]], b) - at(first[i], b));
}

// Draws a list as bars, the largest as high as the canvas.
function drawBars(canvas, list, w, h, color) {
    const context = clearedCanvas(canvas, w, h), most = Math.max(...list), wide = w / list.length;
    context.fillStyle = color;
    list.forEach((v, i) => {
        const high = v && Math.max(1, v / most * h);
        context.fillRect(i * wide, h - high, wide - 0.5, high);
    });
}
