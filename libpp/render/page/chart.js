/*
 * A chart: boxes on a canvas as large as what is visible of it, however many there are, and a tree
 * of the widest of them for screen readers. The canvas stays in place while what scrolls
 * is an empty element as high as all rows.
 *
 * What is seen is a window, from `low` to `high` in units of the column. It is that of the box that
 * is zoomed to, or any other: then `zoom` is the box that it lies in.
 */

const ROW = 18; // pixels
const LEAST = 0.5; // narrower boxes are drawn as one with their neighbours, striped
const MIRRORED = 300; // boxes in the tree for screen readers
const MOST_ZOOM = 1e9; // times

function make(parent, tag, className) {
    const element = document.createElement(tag);
    element.className = className;
    parent.append(element);
    return element;
}

/*
 * `host` is the element to fill. `look` has the `frames`, paint(chart, i) for the colour of a box
 * and say(boxes, i) for its text; oneSided(boxes, i) says whether a box of a comparison is new or
 * vanished. `on` has what to call: select(chart, i, by), hover(chart, place,
 * event), zoom(chart, i), window(chart) when that was moved, menu(chart, i, event). A place is null
 * or {box} or {run}, several boxes drawn as one: {first, count, size, parent}.
 */
function makeChart(host, look, on) {
    const {frames, paint, say, oneSided} = look;
    const room = make(host, "div", "room"), canvas = make(room, "canvas", "");
    const outline = make(room, "div", "outline"), brush = make(room, "div", "brush");
    const mirror = make(host, "div", "mirror");
    const context = canvas.getContext("2d");
    const fit = makeFitter(context, frames.names);
    const chart = {
        host, canvas, brush, boxes: null, zoom: 0, low: 0, high: 1, at: 0, down: false, hits: null,
        drawn: 0, narrow: 0, rows: [],
    };
    let waiting = false, mirrorTimer = 0, hovered = null, striped = null;
    // Pixels under what is visible: where the root is below, that is kept as it is at a new size.
    // And the place that drawing scrolled to: only what differs was the user.
    let below = 0, placed = 0;

    host.tabIndex = 0;
    host.setAttribute("role", "tree");
    canvas.setAttribute("aria-hidden", "true");
    outline.hidden = brush.hidden = true;

    // --- where boxes are ---

    const height = () => Math.max((chart.boxes.deepest + 1) * ROW, host.clientHeight);
    const top = (depth) => chart.down ? depth * ROW : height() - (depth + 1) * ROW;
    const width = () => host.clientWidth;
    const scale = () => width() / (chart.high - chart.low || 1);

    // The left end and the width, of what is seen of it.
    function span(start, size) {
        const k = scale();
        const left = Math.max(0, (start - chart.low) * k);
        const right = Math.min(width(), (start + size - chart.low) * k);
        return [left, Math.max(0, right - left)];
    }

    const extent = (i) => span(chart.boxes.start[i], chart.boxes.size[i]);
    const isUnder = (i) => i < chart.zoom && chart.boxes.end[i] > chart.zoom;
    const isDrawn = (i) => chart.boxes.size[i] * scale() >= LEAST && extent(i)[1] > 0;

    // --- drawing ---

    function sizeCanvas() {
        const w = host.clientWidth, h = host.clientHeight;
        room.style.height = height() + "px";
        clearedCanvas(canvas, w, h);
        striped = stripes(context, isDark());
    }

    const rowOf = (depth) => chart.rows[depth] || (chart.rows[depth] = {left: [], place: []});

    function drawBox(i, y) {
        const [x, w] = extent(i), plain = paint(chart, i);
        const color = isUnder(i) ? fade(plain, isDark() ? 0x17181c : 0xffffff) : plain;
        const shown = w > 3 ? w - 1 : Math.max(w, 0.6), row = rowOf(chart.boxes.depth[i]);
        context.fillStyle = hexOf(color);
        context.fillRect(x, y, shown, ROW - 1);
        if (w >= 6 && chart.boxes.other && oneSided(chart.boxes, i)) {
            context.strokeStyle = inkOn(color);
            context.setLineDash([4, 3]);
            context.lineWidth = 1;
            context.strokeRect(x + 0.5, y + 0.5, shown - 1, ROW - 2);
            context.setLineDash([]);
        }
        row.left.push(x);
        row.place.push({box: i});
        chart.drawn++;
        if (w < 24)
            return;
        context.fillStyle = inkOn(color);
        context.fillText(fit(chart.boxes.frame[i], shown - 6), x + 3, y + ROW / 2);
    }

    function drawRun(run, y) {
        const [x, w] = span(run.start, run.size), row = rowOf(run.depth);
        chart.narrow += run.count;
        if (w < LEAST)
            return;
        context.fillStyle = striped;
        context.fillRect(x, y, Math.max(w > 3 ? w - 1 : w, 0.6), ROW - 1);
        row.left.push(x);
        row.place.push({run});
    }

    function drawAll() {
        const {boxes, low, high} = chart, k = scale();
        const first = host.scrollTop - ROW, last = host.scrollTop + host.clientHeight;
        let run = null;
        const endRun = () => {
            const y = run && top(run.depth);
            if (run && y > first && y < last)
                drawRun(run, y - host.scrollTop);
            run = null;
        };
        for (let i = 0; i < boxes.count;) {
            const start = boxes.start[i], size = boxes.size[i];
            if (start >= high || start + size <= low || !size) {
                i = boxes.end[i];
                continue;
            }
            if (size * k < LEAST) {
                if (!run || run.parent !== boxes.parent[i] || run.end !== i)
                    endRun();
                run = run || {first: i, parent: boxes.parent[i], depth: boxes.depth[i], start,
                              count: 0, size: 0, end: i};
                run.count++;
                run.size = start + size - run.start;
                run.end = i = boxes.end[i];
                continue;
            }
            endRun();
            const y = top(boxes.depth[i]);
            if (y > first && y < last)
                drawBox(i, y - host.scrollTop);
            i++;
        }
        endRun();
    }

    function drawMarks() {
        const [x, w] = extent(chart.at), y = top(chart.boxes.depth[chart.at]) - host.scrollTop;
        const isPlain = chart.at === chart.zoom && document.activeElement !== host;
        if (w < LEAST || isPlain)
            return;
        context.strokeStyle = getComputedStyle(host).color;
        context.lineWidth = 2;
        context.strokeRect(x + 1, y, Math.max(1, w - 3), ROW - 1);
    }

    function draw() {
        waiting = false;
        if (!chart.boxes || !host.clientWidth)
            return;
        sizeCanvas();
        if (!chart.down)
            host.scrollTop = height() - host.clientHeight - below;
        placed = host.scrollTop;
        Object.assign(chart, {drawn: 0, narrow: 0, rows: []});
        drawAll();
        drawMarks();
        placeOutline();
        clearTimeout(mirrorTimer);
        mirrorTimer = setTimeout(fillMirror, 150);
        on.drawn(chart);
    }

    function drawSoon() {
        if (!waiting)
            requestAnimationFrame(draw);
        waiting = true;
    }

    // --- the place under the pointer ---

    function placeAt(x, y) {
        const row = chart.rows[Math.floor(chart.down ? y / ROW : (height() - y) / ROW)];
        if (!row)
            return null;
        let low = 0, high = row.left.length;
        while (low < high) {
            const middle = low + high >> 1;
            if (row.left[middle] <= x)
                low = middle + 1;
            else
                high = middle;
        }
        const place = low ? row.place[low - 1] : null;
        const [left, w] = place ? placeSpan(place) : [0, 0];
        return place && x < left + Math.max(w, 1) ? place : null;
    }

    const placeSpan = (place) =>
        place.run ? span(place.run.start, place.run.size) : extent(place.box);

    function placeOutline() {
        outline.hidden = !hovered;
        if (!hovered)
            return;
        const [x, w] = placeSpan(hovered);
        const depth = hovered.run ? hovered.run.depth : chart.boxes.depth[hovered.box];
        outline.style.left = x + "px";
        outline.style.top = top(depth) + "px";
        outline.style.width = Math.max(1, w - (w > 3 ? 1 : 0)) + "px";
        outline.style.height = ROW - 1 + "px";
    }

    // --- the same for screen readers ---

    const itemId = (i) => host.id + "-" + i;

    function fillItem(item, i) {
        const text = say(chart.boxes, i);
        item.setAttribute("aria-level", chart.boxes.depth[i] + 1);
        item.setAttribute("aria-selected", i === chart.at);
        if (chart.boxes.end[i] > i + 1)
            item.setAttribute("aria-expanded", "true");
        else
            item.removeAttribute("aria-expanded");
        if (item.textContent !== text)
            item.textContent = text;
    }

    // Elements that are there already stay, so that a screen reader keeps its place.
    function fillMirror() {
        const drawn = chart.rows.flatMap((row) => row.place).filter((p) => !p.run).map((p) => p.box);
        const wide = new Map(drawn.map((i) => [i, extent(i)[1]]));
        const widest = drawn.sort((a, b) => wide.get(b) - wide.get(a) || a - b);
        const shown = new Set(widest.slice(0, MIRRORED));
        let next = mirror.firstChild;
        shown.add(chart.at);
        for (const i of Array.from(shown).sort((a, b) => a - b)) {
            let item = document.getElementById(itemId(i));
            if (item && item === next) {
                next = next.nextSibling;
            } else {
                item = item || document.createElement("div");
                item.id = itemId(i);
                item.setAttribute("role", "treeitem");
                mirror.insertBefore(item, next);
            }
            fillItem(item, i);
        }
        while (next) {
            const after = next.nextSibling;
            next.remove();
            next = after;
        }
        host.setAttribute("aria-activedescendant", itemId(chart.at));
    }

    // --- walking ---

    function child(i) {
        const {end} = chart.boxes;
        let found = i + 1;
        while (found < end[i] && !isDrawn(found))
            found = end[found];
        return found < end[i] ? found : i;
    }

    function neighbour(i, step) {
        const {depth} = chart.boxes;
        for (let k = i + step; k >= 0 && k < chart.boxes.count; k += step)
            if (depth[k] === depth[i] && isDrawn(k))
                return k;
        return i;
    }

    function pathChild(i) {
        let found = chart.zoom;
        while (chart.boxes.parent[found] !== i)
            found = chart.boxes.parent[found];
        return found;
    }

    // The box that an arrow key leads to.
    chart.towards = (key) => {
        if (key === "ArrowLeft" || key === "ArrowRight")
            return neighbour(chart.at, key === "ArrowLeft" ? -1 : 1);
        const outwards = chart.down ? "ArrowUp" : "ArrowDown";
        if (key === outwards)
            return Math.max(0, chart.boxes.parent[chart.at]);
        // A zoomed box stands on a path of boxes, each as wide as the chart.
        return isUnder(chart.at) ? pathChild(chart.at) : child(chart.at);
    };

    function reveal(i) {
        const y = top(chart.boxes.depth[i]);
        if (y < host.scrollTop)
            host.scrollTop = y;
        else if (y + ROW > host.scrollTop + host.clientHeight)
            host.scrollTop = y + ROW - host.clientHeight;
        remember();
    }

    function remember() {
        below = height() - host.clientHeight - host.scrollTop;
    }

    // The innermost box that all of the window lies in.
    function boxAround(low, high) {
        const {start, size, end, count} = chart.boxes;
        let found = 0;
        for (let i = 1; i < count && i < end[found];) {
            if (start[i] <= low && start[i] + size[i] >= high)
                found = i++;
            else
                i = end[i];
        }
        return found;
    }

    // --- what others call ---

    // Shows boxes anew, from the root on.
    chart.show = (boxes, down) => {
        Object.assign(chart, {boxes, down, zoom: 0, at: 0, low: 0, high: boxes.size[0]});
        hovered = null;
        below = 0;
        host.scrollTop = 0;
        draw();
    };
    chart.set = (values) => {
        Object.assign(chart, values);
        drawSoon();
    };
    chart.select = (i, by) => {
        chart.at = i;
        reveal(i);
        drawSoon();
        host.setAttribute("aria-activedescendant", itemId(i));
        on.select(chart, i, by);
    };
    chart.zoomTo = (i) => {
        chart.zoom = i;
        chart.low = chart.boxes.start[i];
        chart.high = chart.low + chart.boxes.size[i];
        chart.select(i);
    };
    // Moves the window, as far as it goes.
    chart.look = (low, high) => {
        const all = chart.boxes.size[0], size = Math.min(all, Math.max(high - low, all / MOST_ZOOM));
        chart.low = Math.min(Math.max(0, low), all - size);
        chart.high = chart.low + size;
        chart.zoom = boxAround(chart.low, chart.high);
        drawSoon();
    };
    // The window as a part of all; "" if it is that of the box.
    chart.windowText = () => {
        const {start, size} = chart.boxes, z = chart.zoom, all = size[0];
        if (chart.low === start[z] && chart.high === start[z] + size[z])
            return "";
        return (chart.low / all).toFixed(9) + "-" + (chart.high / all).toFixed(9);
    };
    chart.hover = (place) => {
        hovered = place;
        placeOutline();
    };
    // Calls f(place, left, width, depth, text) for all that is drawn.
    chart.eachDrawn = (f) => chart.rows.forEach((row, depth) => row.place.forEach((place, k) => {
        const w = placeSpan(place)[1], frame = place.run ? 0 : chart.boxes.frame[place.box];
        f(place, row.left[k], w, depth, !place.run && w >= 24 ? fit(frame, w - 7) : "");
    }));
    chart.unitAt = (x) => chart.low + x / scale();
    chart.placeAt = placeAt;
    chart.wide = (i) => extent(i)[1];
    chart.isTall = () => height() > host.clientHeight + 1;
    chart.redraw = drawSoon;

    host.addEventListener("scroll", () => {
        if (!chart.boxes || Math.abs(host.scrollTop - placed) < 1)
            return;
        remember();
        drawSoon();
    });
    host.addEventListener("focus", drawSoon);
    host.addEventListener("blur", drawSoon);
    new ResizeObserver(drawSoon).observe(host);
    listenToChart(chart, on);
    return chart;
}
