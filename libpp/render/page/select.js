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
    }).concat(comparedMeasures(columns));
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

/*
 * For each key its values and what they weigh, the heaviest first: [[key, [[value, weight], ...]]].
 * Filters of a key do not count for its own values, so that others of them can be chosen.
 */
function labelWeights(labels, weight, filters) {
    const keys = new Map();
    const byKey = Array.from(new Set(filters.map((f) => f.key)), (key) =>
        [key, passing(labels, filters.filter((f) => f.key === key))]);
    const add = (key, value, w) => {
        if (!keys.has(key))
            keys.set(key, new Map());
        keys.get(key).set(value, (keys.get(key).get(value) || 0) + w);
    };
    for (let set = 1; set < labels.count; set++) {
        const refused = byKey.filter(([, passes]) => !passes[set]).map(([key]) => key);
        for (let l = set; l && weight[set]; l = labels.next[l])
            if (!refused.length || (refused.length === 1 && refused[0] === labels.key[l]))
                add(labels.key[l], labels.value[l], weight[set]);
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

function addRecords(sums, keys, profile, times, column, selection, passes) {
    const {labels} = profile.samples, values = times.values[column.index];
    const [first, last] = selection.range ? selection.range.map((ns) => ns / times.unit)
        : [-Infinity, Infinity];
    for (const thread of threadsOf(times, selection))
        for (let i = firstAt(times, thread, first); i < thread.to && times.time[i] <= last; i++) {
            const stack = times.stack[i];
            if (!passes || passes[labels[stack]])
                sums[keys[stack]] += Math.abs(valueOfRecord(values, i));
        }
}

// What the samples that are selected weigh in a column, summed up by `keys`, a number below `count`
// for each stack.
function weightsOf(profile, times, column, selection, keys, count) {
    const {labels} = profile.samples, {values} = column, sums = new Float64Array(count);
    const passes = passing(profile.labels, selection.filters);
    if (times && (selection.range || selection.threads)) {
        addRecords(sums, keys, profile, times, column, selection, passes);
        return sums;
    }
    for (let s = 0; s < profile.samples.count; s++)
        if (!passes || passes[labels[s]])
            sums[keys[s]] += Math.abs(values[s]);
    return sums;
}
