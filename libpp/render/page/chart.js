/*
 * A chart: boxes on a canvas as large as what is visible of it, however many there are, and a tree
 * of the widest of them for those who do not see it. The canvas stays in place while what scrolls
 * is an empty element as high as all rows.
 */

const ROW = 18; // pixels
const LEAST = 0.5; // narrower boxes are not drawn
const MIRRORED = 300; // boxes in the tree for screen readers
const CHAR_LIMIT = 300; // of a name, in a box

// --- colours ---

function isDark() {
    const theme = document.documentElement.dataset.theme;
    return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

const hexOf = (rgb) => "#" + rgb.toString(16).padStart(6, "0");

// Black or white, whichever is easier to read on the colour: the contrast is 4.5:1 or more.
function inkOn(rgb) {
    const linear = (byte) => {
        const v = byte / 255;
        return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    };
    const light = 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8 & 255) +
        0.0722 * linear(rgb & 255);
    return light < 0.179 ? "#fff" : "#000";
}

// Red for what grew and blue for what shrank by `share`, from -1 to 1, of the most that any did.
function changeColor(share) {
    const rest = Math.floor(100 + 120 * (1 - Math.min(1, Math.abs(share))));
    if (share > 0)
        return 0xff0000 | rest << 8 | rest;
    return share < 0 ? rest << 16 | rest << 8 | 0xff : 0xe0e0e4;
}

// What is behind the zoomed part is drawn nearer to the background.
function fade(rgb, back) {
    const byte = (shift) =>
        Math.round((rgb >> shift & 255) * 0.5 + (back >> shift & 255) * 0.5) << shift;
    return byte(16) | byte(8) | byte(0);
}

// The colour of box `i` of a chart. `turned` tells if sizes are of before, so that less is growth.
function makePaint(frames, found, turned) {
    return (chart, i) => {
        const {boxes, hits} = chart, f = boxes.frame[i];
        if (hits && hits[f])
            return found;
        if (!boxes.other)
            return frames.colors[f];
        const change = (boxes.size[i] - boxes.other[i]) * (turned() ? -1 : 1);
        return changeColor(i && boxes.most ? change / boxes.most : 0);
    };
}

// --- text that fits ---

function makeFitter(context, names) {
    const widths = new Map(); // of whole names, by frame
    const cut = (name, n) => {
        const code = name.charCodeAt(n - 1);
        return name.slice(0, code >= 0xd800 && code < 0xdc00 ? n - 1 : n) + "\u2026";
    };
    return (frame, room) => {
        const name = names[frame].slice(0, CHAR_LIMIT);
        if (!widths.has(frame))
            widths.set(frame, context.measureText(name).width);
        const width = widths.get(frame);
        if (width <= room && name.length === names[frame].length)
            return name;
        let n = Math.min(name.length, Math.floor(name.length * room / width));
        while (n >= 2 && context.measureText(cut(name, n)).width > room)
            n--;
        return n >= 2 ? cut(name, n) : "";
    };
}

// --- the chart ---

function make(parent, tag, className) {
    const element = document.createElement(tag);
    element.className = className;
    parent.append(element);
    return element;
}

/*
 * `host` is the element to fill; `on` has what to call: select(i), hover(i or -1), zoom(i); `say`
 * makes the text of a box; `paint` and `frames` are what its colours and names come from.
 */
function makeChart(host, frames, paint, say, on) {
    const room = make(host, "div", "room"), canvas = make(room, "canvas", "");
    const mirror = make(host, "div", "mirror");
    const context = canvas.getContext("2d");
    const fit = makeFitter(context, frames.names);
    const chart = {boxes: null, zoom: 0, at: 0, down: false, hits: null, drawn: []};
    let waiting = false, mirrorTimer = 0;
    // Pixels under what is visible: where the root is below, that is kept as it is at a new size.
    // And the place that drawing scrolled to: only what differs was the user.
    let below = 0, placed = 0;

    host.tabIndex = 0;
    host.setAttribute("role", "tree");
    canvas.setAttribute("aria-hidden", "true");

    // --- where boxes are ---

    const rows = () => chart.boxes.deepest + 1;
    const height = () => Math.max(rows() * ROW, host.clientHeight);
    const top = (depth) => chart.down ? depth * ROW : height() - (depth + 1) * ROW;
    const width = () => host.clientWidth;
    const scale = () => width() / chart.boxes.size[chart.zoom];

    // The left end and the width; what is zoomed to, and what that stands on, is as wide as can be.
    function extent(i) {
        const {start, size, end} = chart.boxes, z = chart.zoom;
        if (i <= z && end[i] > z)
            return [0, width()];
        return i > z && i < end[z] ? [(start[i] - start[z]) * scale(), size[i] * scale()] : [0, 0];
    }

    function isDrawn(i) {
        return extent(i)[1] >= LEAST;
    }

    // --- drawing ---

    function sizeCanvas() {
        const ratio = window.devicePixelRatio || 1;
        const w = host.clientWidth, h = host.clientHeight;
        room.style.height = height() + "px";
        if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) {
            canvas.width = Math.round(w * ratio);
            canvas.height = Math.round(h * ratio);
            canvas.style.width = w + "px";
            canvas.style.height = h + "px";
        }
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        context.clearRect(0, 0, w, h);
        context.font = "12px Verdana, 'DejaVu Sans', sans-serif";
        context.textBaseline = "middle";
    }

    function drawBox(i, faded) {
        const [x, w] = extent(i), y = top(chart.boxes.depth[i]) - host.scrollTop;
        const color = faded ? fade(paint(chart, i), isDark() ? 0x17181c : 0xffffff) : paint(chart, i);
        const shown = w > 3 ? w - 1 : Math.max(w, 0.6);
        context.fillStyle = hexOf(color);
        context.fillRect(x, y, shown, ROW - 1);
        chart.drawn.push(i);
        if (w < 24)
            return;
        context.fillStyle = inkOn(color);
        context.fillText(fit(chart.boxes.frame[i], shown - 6), x + 3, y + ROW / 2);
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
        const {boxes, zoom} = chart;
        waiting = false;
        if (!boxes || !host.clientWidth)
            return;
        sizeCanvas();
        if (!chart.down)
            host.scrollTop = height() - host.clientHeight - below;
        placed = host.scrollTop;
        chart.drawn = [];
        const first = host.scrollTop - ROW, last = host.scrollTop + host.clientHeight;
        const isVisible = (i) => {
            const y = top(boxes.depth[i]);
            return y > first && y < last;
        };
        for (let i = boxes.parent[zoom]; i >= 0; i = boxes.parent[i])
            if (isVisible(i))
                drawBox(i, true);
        const k = scale();
        for (let i = zoom; i < boxes.end[zoom];) {
            if (boxes.size[i] * k < LEAST) {
                i = boxes.end[i];
                continue;
            }
            if (isVisible(i))
                drawBox(i, false);
            i++;
        }
        drawMarks();
        clearTimeout(mirrorTimer);
        mirrorTimer = setTimeout(fillMirror, 150);
    }

    function drawSoon() {
        if (!waiting)
            requestAnimationFrame(draw);
        waiting = true;
    }

    // --- the same for screen readers ---

    function mirrorItem(i) {
        const item = make(mirror, "div", "");
        item.id = host.id + "-" + i;
        item.setAttribute("role", "treeitem");
        item.setAttribute("aria-level", chart.boxes.depth[i] + 1);
        item.setAttribute("aria-selected", i === chart.at);
        if (chart.boxes.end[i] > i + 1)
            item.setAttribute("aria-expanded", "true");
        item.textContent = say(chart.boxes, i);
    }

    function fillMirror() {
        const widest = chart.drawn.slice().sort((a, b) => extent(b)[1] - extent(a)[1] || a - b);
        const shown = new Set(widest.slice(0, MIRRORED));
        shown.add(chart.at);
        mirror.replaceChildren();
        Array.from(shown).sort((a, b) => a - b).forEach(mirrorItem);
        host.setAttribute("aria-activedescendant", host.id + "-" + chart.at);
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

    function move(key) {
        if (key === "ArrowLeft" || key === "ArrowRight")
            return neighbour(chart.at, key === "ArrowLeft" ? -1 : 1);
        const outwards = chart.down ? "ArrowUp" : "ArrowDown";
        if (key === outwards)
            return Math.max(0, chart.boxes.parent[chart.at]);
        // What is zoomed to stands on a path of which each box is as wide as the chart.
        const {end} = chart.boxes;
        return chart.at < chart.zoom && end[chart.at] > chart.zoom
            ? pathChild(chart.at) : child(chart.at);
    }

    function pathChild(i) {
        let found = chart.zoom;
        while (chart.boxes.parent[found] !== i)
            found = chart.boxes.parent[found];
        return found;
    }

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

    function boxUnder(event) {
        const area = canvas.getBoundingClientRect();
        const x = event.clientX - area.left, y = event.clientY - area.top + host.scrollTop;
        return chart.drawn.findLast((i) => {
            const [left, w] = extent(i), above = top(chart.boxes.depth[i]);
            return x >= left && x < left + w && y >= above && y < above + ROW;
        }) ?? -1;
    }

    // --- what others call ---

    // Shows boxes anew, from the root on.
    chart.show = (boxes, down) => {
        Object.assign(chart, {boxes, down, zoom: 0, at: 0});
        below = 0;
        host.scrollTop = 0;
        draw();
    };
    chart.set = (values) => {
        Object.assign(chart, values);
        drawSoon();
    };
    chart.select = (i) => {
        chart.at = i;
        reveal(i);
        drawSoon();
        host.setAttribute("aria-activedescendant", host.id + "-" + i);
        on.select(chart, i);
    };
    chart.zoomTo = (i) => {
        chart.zoom = i;
        chart.select(i);
    };
    chart.drawnWide = (i) => extent(i)[1] >= 8;
    chart.redraw = drawSoon;
    chart.host = host;

    host.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.altKey || event.metaKey || !chart.boxes)
            return;
        if (event.key.startsWith("Arrow"))
            chart.select(move(event.key));
        else if (event.key === "Enter")
            on.zoom(chart, chart.at);
        else
            return;
        event.preventDefault();
    });
    canvas.addEventListener("mousemove", (event) => on.hover(chart, boxUnder(event)));
    canvas.addEventListener("mouseleave", () => on.hover(chart, -1));
    canvas.addEventListener("click", (event) => {
        const i = boxUnder(event);
        if (i >= 0)
            on.zoom(chart, i);
    });
    host.addEventListener("scroll", () => {
        if (!chart.boxes || Math.abs(host.scrollTop - placed) < 1)
            return;
        remember();
        drawSoon();
    });
    host.addEventListener("focus", drawSoon);
    host.addEventListener("blur", drawSoon);
    new ResizeObserver(drawSoon).observe(host);
    return chart;
}
