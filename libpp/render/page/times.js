/*
 * Samples in time: what they weigh within a range, how they are spread over it, and where a thread
 * was when. Times are in nanoseconds from the first sample, as in the state; profile.times() has
 * them in units, by thread, sorted.
 */

// The records of a thread within a range, both ends included: [from, to], without the last.
function recordsWithin(times, thread, range) {
    const from = firstAt(times, thread, range[0] / times.unit);
    let to = firstAt(times, {from, to: thread.to}, range[1] / times.unit);
    while (to < thread.to && times.time[to] * times.unit <= range[1])
        to++;
    return [from, to];
}

// From the first sample to the last.
function timeSpan(times) {
    const last = times.threads.reduce((most, t) => Math.max(most, times.time[t.to - 1]), 0);
    return last * times.unit;
}

const isSelected = (thread, names) => !names || names.includes(thread.name);

// --- how weight is spread over time ---

/*
 * What falls into each of `bins` equal parts of the range: a list for all of the threads together.
 * `passes`, unless null, says of each stack whether it counts.
 */
function histogram(times, column, range, bins, threads, passes) {
    const sums = new Float64Array(bins), of = times.values[column.index];
    const first = range[0] / times.unit, scale = bins * times.unit / (range[1] - range[0] || 1);
    for (const thread of threads) {
        const [from, to] = recordsWithin(times, thread, range);
        for (let i = from; i < to; i++) {
            if (passes && !passes[times.stack[i]])
                continue;
            const bin = Math.min(bins - 1, Math.floor((times.time[i] - first) * scale));
            sums[bin] += Math.abs(typeof of === "number" ? of : of[i]);
        }
    }
    return sums;
}

// --- where a thread was when ---

/*
 * How long a record lasts, at most, in units: what it counts, if that is time; else half as much
 * again as the thread's usual distance between two, so that a gap is seen as one.
 */
function usualLength(times, thread) {
    const some = [], step = Math.max(1, Math.floor((thread.to - thread.from) / 1000));
    for (let i = thread.from + 1; i < thread.to; i += step)
        if (times.time[i] > times.time[i - 1])
            some.push(times.time[i] - times.time[i - 1]);
    some.sort((a, b) => a - b);
    return some.length ? 1.5 * some[some.length >> 1] : 0;
}

const NANOSECONDS = {nanoseconds: 1, microseconds: 1e3, milliseconds: 1e6, seconds: 1e9};

function lengthsOf(times, thread, column) {
    const of = times.values[column.index], unit = NANOSECONDS[column.unit];
    if (unit) {
        const factor = unit / 10 ** column.decimals / times.unit;
        return (i) => Math.abs(valueOfRecord(of, i)) * factor;
    }
    const usual = usualLength(times, thread) || timeSpan(times) / times.unit / 1000 || 1;
    return () => usual;
}

/*
 * The thread within a range as segments [start, end, stack, share] of lists, in nanoseconds, of
 * which there are no more than `most`, give or take: each record is one, or where they are too many,
 * each of `most` parts is one of the stack that had most of it, and `share` how much of the part
 * anything was there. So a part costs what it has in it, and nothing is made of each sample.
 */
function segmentsOf(times, thread, column, range, most, passes) {
    const [from, to] = recordsWithin(times, thread, range), length = lengthsOf(times, thread, column);
    // What began before may last into the range.
    const first = from > thread.from ? from - 1 : from;
    const list = {start: [], end: [], stack: [], share: []};
    const end = (i) => Math.min(times.time[i] + length(i),
                                i + 1 < thread.to ? times.time[i + 1] : Infinity);
    const add = (start, stop, stack, share) => {
        list.start.push(start * times.unit);
        list.end.push(stop * times.unit);
        list.stack.push(stack);
        list.share.push(share);
    };
    if (to - first > most) {
        heaviestOfParts(times, first, to, range, most, end, passes, add);
        return list;
    }
    for (let i = first; i < to; i++)
        if (!passes || passes[times.stack[i]])
            add(times.time[i], Math.max(end(i), times.time[i]), times.stack[i], 1);
    return list;
}

// A record counts in the part in which it begins.
function heaviestOfParts(times, from, to, range, parts, end, passes, add) {
    const begin = range[0] / times.unit, part = (range[1] - range[0]) / times.unit / parts;
    const {sums, seen} = scratchOf(times);
    for (let i = from; i < to;) {
        const k = Math.floor((times.time[i] - begin) / part), stop = begin + (k + 1) * part;
        const mark = ++times.scratch.mark;
        let all = 0, best = -1;
        do {
            const stack = times.stack[i], size = Math.max(end(i) - times.time[i], 0);
            if (!passes || passes[stack]) {
                sums[stack] = seen[stack] === mark ? sums[stack] + size : size;
                seen[stack] = mark;
                all += size;
                if (best < 0 || sums[stack] > sums[best])
                    best = stack;
            }
        } while (++i < to && times.time[i] < stop);
        if (best >= 0)
            add(stop - part, stop, best, Math.min(1, all / part));
    }
}

// Sums by stack; only those with the current mark count, so nothing need be cleared.
function scratchOf(times) {
    if (!times.scratch) {
        const count = times.stack.reduce((most, s) => Math.max(most, s), 0) + 1;
        times.scratch = {sums: new Float64Array(count), seen: new Uint32Array(count), mark: 0};
    }
    return times.scratch;
}

/*
 * Boxes of segments: neighbours that touch and are of the same path share one, at each depth.
 * `nodeOf` makes a node of a stack. A box is {node, depth, start, end, share}.
 */
function boxesInTime(list, nodes, nodeOf, gap) {
    const boxes = [], open = [];
    const close = (height) => {
        while (open.length > height)
            boxes.push(open.pop());
    };
    let last = -Infinity;
    for (let s = 0; s < list.stack.length; s++) {
        const path = pathTo(nodes, nodeOf(list.stack[s]));
        let same = 0;
        if (list.start[s] - last <= gap)
            while (same < path.length && same < open.length && open[same].node === path[same])
                same++;
        close(same);
        for (let depth = 0; depth < path.length; depth++) {
            if (depth >= same)
                open.push({node: path[depth], depth, start: list.start[s], end: 0, share: 0});
            open[depth].end = Math.max(open[depth].end, list.end[s]);
            open[depth].share = Math.max(open[depth].share, list.share[s]);
        }
        last = list.end[s];
    }
    close(0);
    return boxes;
}

function pathTo(nodes, leaf) {
    const path = [];
    for (let n = leaf; n; n = nodes.parent[n])
        path.push(n);
    return path.reverse();
}

// --- an axis ---

// Round numbers from `low` to `high`, about `count` of them.
function ticksOf(low, high, count) {
    const rough = (high - low) / Math.max(1, count) || 1, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].find((n) => n * power >= rough) * power, ticks = [];
    for (let k = Math.ceil(low / step); k * step <= high; k++)
        ticks.push(k * step);
    return {step, ticks};
}

// Times of an axis, in one unit, with as many digits as tell neighbours apart.
function tickTexts({step, ticks}) {
    const units = [["s", 1e9], ["ms", 1e6], ["\u00b5s", 1e3], ["ns", 1]];
    const most = ticks.length ? Math.max(...ticks.map(Math.abs)) : 0;
    const [name, size] = units.find(([, n]) => most >= n) || units[3];
    const digits = Math.max(0, Math.ceil(-Math.log10(step / size) - 1e-9));
    return ticks.map((t) => (t / size).toFixed(Math.min(9, digits)) + " " + name);
}
