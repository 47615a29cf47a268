/*
 * Which samples are looked at, and what they weigh. A selection says so:
 *
 *     filters     [{key, value, not}]: labels. Of each key one of the values, and none with `not`
 *     range       null, or [from, to] in nanoseconds from the first sample: both ends included
 *     threads     null, or the names of the threads
 */

// --- what is measured: a column, and in a comparison the one of the other side ---

function measuresOf(columns) {
    const sides = ["", "before", "after"];
    const isOther = (c) => (o) =>
        c.side && o.side && o.side !== c.side && o.type === c.type && o.unit === c.unit;
    return columns.map((c) => {
        const other = columns.find(isOther(c)) || null;
        const label = c.type + (c.side ? ", " + sides[c.side] : "");
        return {column: c, other, label};
    });
}

// --- labels ---

function hasLabel(labels, set, key, value) {
    for (let l = set; l; l = labels.next[l])
        if (labels.key[l] === key && labels.value[l] === value)
            return true;
    return false;
}

// For each set of labels 1 if the filters let it pass; null: all pass.
function passing(labels, filters) {
    if (!filters.length)
        return null;
    const refused = filters.filter((f) => f.not), wanted = new Map();
    for (const f of filters)
        if (!f.not)
            wanted.set(f.key, (wanted.get(f.key) || []).concat(f));
    const has = (set) => (f) => hasLabel(labels, set, f.key, f.value);
    return Uint8Array.from({length: labels.count}, (none, set) => !refused.some(has(set)) &&
        Array.from(wanted.values()).every((list) => list.some(has(set))) ? 1 : 0);
}

// For each key its values and what they weigh, the heaviest first: [[key, [[value, weight], ...]]].
// `passes` is as passing() makes it.
function labelWeights(profile, column, passes) {
    const {labels, samples} = profile, keys = new Map();
    const weight = new Float64Array(labels.count);
    for (let s = 0; s < samples.count; s++)
        weight[samples.labels[s]] += Math.abs(column.values[s]);
    for (let set = 1; set < labels.count; set++)
        for (let l = set; l && weight[set] && (!passes || passes[set]); l = labels.next[l]) {
            if (!keys.has(labels.key[l]))
                keys.set(labels.key[l], new Map());
            const values = keys.get(labels.key[l]);
            values.set(labels.value[l], (values.get(labels.value[l]) || 0) + weight[set]);
        }
    return Array.from(keys, ([key, values]) =>
        [key, Array.from(values).sort((a, b) => b[1] - a[1])]);
}

// --- weights ---

// The threads that are selected, of the times.
const threadsOf = (times, selection) => times.threads.filter(({name}) =>
    !selection.threads || selection.threads.includes(name));

// The first record of a thread at a time or later.
function firstAt(times, {from, to}, time) {
    let low = from, high = to;
    while (low < high) {
        const middle = low + high >> 1;
        if (times.time[middle] < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

function addRecords(self, profile, times, column, selection, passes) {
    const {node, labels} = profile.samples, values = times.values[column.index];
    const [first, last] = selection.range ? selection.range.map((ns) => ns / times.unit)
        : [-Infinity, Infinity];
    for (const thread of threadsOf(times, selection))
        for (let i = firstAt(times, thread, first); i < thread.to && times.time[i] <= last; i++) {
            const stack = times.stack[i];
            if (!passes || passes[labels[stack]])
                self[node[stack]] += Math.abs(valueOfRecord(values, i));
        }
}

// What each node has of its own, of the samples that are selected.
function selfOf(profile, times, column, selection) {
    const {node, labels, count} = profile.samples, {values} = column;
    const passes = passing(profile.labels, selection.filters);
    const self = new Float64Array(profile.nodes.count);
    if (times && (selection.range || selection.threads)) {
        addRecords(self, profile, times, column, selection, passes);
        return self;
    }
    for (let s = 0; s < count; s++)
        if (!passes || passes[labels[s]])
            self[node[s]] += Math.abs(values[s]);
    return self;
}
