// Search: which names match, how much of all that is, and one match after the other.

function compilePattern(text, ignoreCase) {
    try {
        return new RegExp(text, ignoreCase ? "iu" : "u");
    } catch (strict) {
        return new RegExp(text, ignoreCase ? "i" : "");
    }
}

// For each frame 1 if its name matches.
function matchNames(frames, pattern) {
    return Uint8Array.from(frames.names, (name, f) => f && pattern.test(name) ? 1 : 0);
}

// What the boxes that match weigh: of all, and of what is zoomed to. What stands on a match counts
// with it, and so but once.
function matchedSizes(boxes, hits, zoom) {
    const sum = {boxes: 0, all: 0, zoomed: 0}, zoomEnd = boxes.end[zoom];
    let covered = 0;
    for (let i = 1; i < boxes.count; i++) {
        if (!hits[boxes.frame[i]])
            continue;
        sum.boxes += boxes.size[i] > 0 ? 1 : 0;
        if (i < covered)
            continue;
        covered = boxes.end[i];
        sum.all += boxes.size[i];
        if (i < zoom && covered > zoom)
            sum.zoomed = boxes.size[zoom];
        else if (i >= zoom && i < zoomEnd)
            sum.zoomed += boxes.size[i];
    }
    return sum;
}

// The boxes that match, the heaviest first.
function matchesByWeight(boxes, hits) {
    const found = [];
    for (let i = 1; i < boxes.count; i++)
        if (hits[boxes.frame[i]] && boxes.size[i])
            found.push(i);
    return Array.from(largestFirst(found.map((i) => boxes.size[i])), (k) => found[k]);
}
