/*
 * All of a graph in small above the part of it that is shown, with that part marked. A click or a
 * drag moves it. It is there while something is zoomed to.
 */

const MINIMAP_HEIGHT = 36; // pixels

function makeMinimap(section, chart, look, moved) {
    const host = make(section, "div", "minimap"), canvas = make(host, "canvas", "");
    const frame = make(host, "div", "range");
    let drawn = {}, held = false;

    host.setAttribute("aria-hidden", "true"); // what it does, keys do in the graph
    host.hidden = true;
    section.insertBefore(host, chart.host);

    // Rows of one pixel or more: as many as have room.
    function drawBoxes(w) {
        const {boxes, down} = chart, all = boxes.size[0], k = w / (all || 1);
        const high = Math.max(1, Math.floor(MINIMAP_HEIGHT / (boxes.deepest + 1)));
        const deepest = Math.floor(MINIMAP_HEIGHT / high) - 1;
        const context = clearedCanvas(canvas, w, MINIMAP_HEIGHT);
        for (let i = 0; i < boxes.count;) {
            const depth = boxes.depth[i], size = boxes.size[i] * k;
            if (size < LEAST || depth > deepest) {
                i = boxes.end[i];
                continue;
            }
            context.fillStyle = hexOf(look.paint(chart, i));
            context.fillRect(boxes.start[i] * k, down ? depth * high : MINIMAP_HEIGHT - (depth + 1) * high,
                             size, high);
            i++;
        }
    }

    function show() {
        const {boxes, low, high, down, hits} = chart, all = boxes ? boxes.size[0] : 0;
        host.hidden = !boxes || !all || (low <= 0 && high >= all);
        const w = host.clientWidth, now = {boxes, w, down, hits, dark: isDark()};
        if (host.hidden || !w)
            return;
        if (Object.keys(now).some((key) => now[key] !== drawn[key]))
            drawBoxes(w);
        drawn = now;
        frame.style.left = 100 * low / all + "%";
        frame.style.width = "max(3px, " + 100 * (high - low) / all + "%)";
    }

    // Puts the middle of what is shown where the pointer is.
    function follow(event) {
        const {left, width} = host.getBoundingClientRect(), {low, high, boxes} = chart;
        const middle = (event.clientX - left) / (width || 1) * boxes.size[0], half = (high - low) / 2;
        chart.look(middle - half, middle + half);
        moved(chart);
    }

    host.addEventListener("pointerdown", (event) => {
        if (event.button)
            return;
        held = true;
        host.setPointerCapture(event.pointerId);
        follow(event);
    });
    host.addEventListener("pointermove", (event) => held && follow(event));
    for (const end of ["pointerup", "pointercancel"])
        host.addEventListener(end, () => { held = false; });
    return {show};
}
