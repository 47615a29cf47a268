/*
 * Where in the code samples were taken: profile.places() has the tree of stacks with a place at each
 * node, finer than that of the profile, and for each stack its node there.
 */

// For each place what it has of its own and in all, in a column, of what is selected.
function placeSums(profile, places, times, column, state, passes) {
    const ofStack = stackSums(profile, times, column, state), {parent, place, end, ofStacks} = places;
    const self = new Float64Array(parent.length);
    ofStack.forEach((v, s) => {
        if (v && (!passes || passes[s]))
            self[ofStacks[s]] += v;
    });
    const total = sumUp(parent, self), n = places.count;
    const sums = {self: new Float64Array(n), total: new Float64Array(n)}, until = new Int32Array(n);
    for (let i = 1; i < parent.length; i++) {
        sums.self[place[i]] += self[i];
        if (i < until[place[i]])
            continue; // below another of the same place: each sample counts once
        until[place[i]] = end[i];
        sums.total[place[i]] += total[i];
    }
    return {...sums, ofNodes: {self, total}};
}

// What each stack has in a column in the range, of the threads that are selected.
function stackSums(profile, times, column, state) {
    const {count, labels} = profile.samples, sums = new Float64Array(count);
    const passes = passing(profile.labels, state.filters), passesAt = (s) => !passes || passes[labels[s]];
    if (!times || (!state.range && !state.threads)) {
        for (let s = 0; s < count; s++)
            sums[s] = passesAt(s) ? column.values[s] : 0;
        return sums;
    }
    const values = times.values[column.index], range = state.range || [0, timeSpan(times)];
    for (const thread of threadsOf(times, state)) {
        const [from, to] = recordsWithin(times, thread, range);
        for (let i = from; i < to; i++)
            if (passesAt(times.stack[i]))
                sums[times.stack[i]] += valueOfRecord(values, i);
    }
    return sums;
}

/*
 * Functions in files, the heaviest first: {name, file, places, self, total}, where recursion counts
 * once. `places` are those of its lines that were seen.
 */
function functionsInFiles(places, {ofNodes: {self, total}}) {
    const numbers = new Map(), list = [], ofPlace = new Int32Array(places.count);
    for (let p = 0; p < places.count; p++) {
        const key = places.names[p] + "\n" + places.files[p];
        if (!numbers.has(key)) {
            numbers.set(key, list.length);
            list.push({name: places.names[p], file: places.files[p], places: [], self: 0, total: 0});
        }
        ofPlace[p] = numbers.get(key);
        list[ofPlace[p]].places.push(p);
    }
    const until = new Int32Array(list.length);
    for (let i = 1; i < places.parent.length; i++) {
        const f = ofPlace[places.place[i]];
        list[f].self += self[i];
        if (i < until[f])
            continue;
        until[f] = places.end[i];
        list[f].total += total[i];
    }
    return list.filter((f) => f.total || f.self).sort((a, b) => b.total - a.total ||
        b.self - a.self || (a.name < b.name ? -1 : 1));
}

/*
 * The lines of a function in its file: {line, text, self, total}, those that there is source of or
 * that were seen; text is null where there is none. `gap` says that lines before it are left out.
 */
function linesOf(places, sums, source, {file, places: list}) {
    const rows = new Map(), parts = (source && source.get(file)) || [];
    for (const p of list) {
        const line = places.lines[p], row = rows.get(line) || {line, text: null, self: 0, total: 0};
        row.self += sums.self[p];
        row.total += sums.total[p];
        rows.set(line, row);
    }
    const seen = Array.from(rows.keys()).filter(Boolean);
    const low = Math.min(...seen) - 5, high = Math.max(...seen) + 5;
    for (const {first, lines} of parts)
        lines.forEach((text, i) => {
            const line = first + i;
            if (line < low || line > high)
                return;
            rows.set(line, {...(rows.get(line) || {line, self: 0, total: 0}), text});
        });
    const sorted = Array.from(rows.values()).sort((a, b) => a.line - b.line);
    sorted.forEach((row, i) => { row.gap = i > 0 && row.line > sorted[i - 1].line + 1; });
    return sorted;
}
