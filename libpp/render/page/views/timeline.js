/*
 * What each thread did when: a lane for each, the busiest first, and under them the stacks of one of
 * them over the same time. The range that is selected is what is seen, so that a drag looks closer
 * and all other views have the same. A click on a thread's name selects that thread alone.
 */

const LANE = 24; // pixels
const MOST_LANES = 200, LANES_AHEAD = 40;
const MOST_DEPTH = 12; // that can be chosen for lanes

function timelineView(page) {
    const {model} = page, {frames} = page.profile;
    const found = parseInt(part("app").dataset.found.slice(1), 16);
    let lanes, axis, chart, labels, laneRoom, more, title, hovered = null, chosen = 0, limit = MOST_LANES;
    let chosenThread = "", depthPick;

    const range = () => page.state().range || [0, model.timeSpan()];
    const threads = () => model.threadsByWeight();
    // The thread whose stacks are shown: the heaviest of those that are selected.
    const current = () => threads().find((t) => isSelected(t, page.state().threads)) || null;
    const columns = () => Math.max(50, Math.floor(chart.clientWidth));
    const segments = (thread) => model.segments(thread, range(), columns());
    const boxes = () => current() ? model.boxesInTime(current(), range(), columns()) : [];

    // --- building ---

    function build(section) {
        lanes = make(section, "div", "lanes");
        laneRoom = make(lanes, "div", "room");
        make(laneRoom, "canvas", "");
        labels = make(laneRoom, "div", "lane-names");
        more = make(labels, "button", "more");
        more.addEventListener("click", () => {
            limit = Infinity;
            show();
        });
        axis = make(section, "canvas", "axis");
        const line = make(section, "div", "thread");
        title = make(line, "h2", "");
        buildDepthPick(make(line, "label", ""));
        chart = make(section, "div", "stacks");
        chart.tabIndex = 0;
        make(make(chart, "div", "room"), "canvas", "");
        for (const host of [lanes, chart]) {
            host.querySelector("canvas").setAttribute("aria-hidden", "true");
            makeTimeDrag(page, host, range);
            host.addEventListener("scroll", draw);
        }
        chart.setAttribute("role", "img");
        axis.setAttribute("aria-hidden", "true");
        listen();
        new ResizeObserver(() => page.shown() === view && draw()).observe(chart);
    }

    function buildDepthPick(label) {
        label.append("Lanes show ");
        depthPick = make(label, "select", "");
        ["the leaf", ...Array.from({length: MOST_DEPTH}, (none, i) => "depth " + (i + 1))].forEach((text, i) =>
            option(depthPick, i, text));
        depthPick.addEventListener("change", () => page.change({laneDepth: Number(depthPick.value)}));
    }

    // Selects what is at the pointer, for the menu.
    function choose(frame, thread) {
        chosen = frame;
        chosenThread = thread ? thread.name : "";
        page.showSubject();
    }

    function listen() {
        const tip = makeTip();
        const leave = () => {
            tip.hide();
            hovered = null;
            draw();
        };
        chart.addEventListener("pointermove", (event) => {
            hovered = boxAt(event);
            draw();
            if (hovered && event.pointerType !== "touch")
                tip.show(sayBox(hovered), event.clientX, event.clientY);
            else
                tip.hide();
        });
        lanes.addEventListener("pointermove", (event) => {
            const text = sayLane(event);
            if (text && event.pointerType !== "touch")
                tip.show(text, event.clientX, event.clientY);
            else
                tip.hide();
        });
        chart.addEventListener("pointerleave", leave);
        lanes.addEventListener("pointerleave", leave);
        chart.addEventListener("click", (event) => {
            const box = boxAt(event);
            choose(box ? frameOf(box) : 0, current());
            part("details").textContent = box ? sayBox(box).join(" \u2014 ") : "";
        });
        chart.addEventListener("contextmenu", (event) => {
            choose(boxAt(event) ? frameOf(boxAt(event)) : 0, current());
            event.preventDefault();
            page.openMenu(event);
        });
        lanes.addEventListener("contextmenu", (event) => {
            const at = laneAt(event);
            event.preventDefault();
            if (!at)
                return;
            choose(at.stack < 0 ? 0 : model.laneFrame(at.stack), at.thread);
            page.openMenu(event);
        });
    }

    // --- what is at the pointer ---

    const frameOf = (box) => model.shape().frame[box.node];
    const xOf = (time, w) => (time - range()[0]) / (range()[1] - range()[0] || 1) * w;

    function timeAt(event, host) {
        const box = host.querySelector("canvas").getBoundingClientRect();
        return range()[0] + (event.clientX - box.left) / box.width * (range()[1] - range()[0]);
    }

    function boxAt(event) {
        const area = chart.getBoundingClientRect(), time = timeAt(event, chart);
        const depth = Math.floor((event.clientY - area.top + chart.scrollTop) / ROW);
        const least = (range()[1] - range()[0]) / columns();
        return boxes().find((b) => b.depth === depth && time >= b.start &&
            time <= Math.max(b.end, b.start + least)) || null;
    }

    const between = (start, end) => duration(start) + " \u2013 " + duration(end);

    function sayBox(box) {
        const text = between(box.start, box.end) + " (" + duration(box.end - box.start) + ")";
        const name = model.nameOf(frameOf(box));
        return box.share < 1 ? [name, text, "the most of what was there: " + share(box.share) + " busy"]
            : [name, text];
    }

    // {thread, time, stack, busy} of the lane at the pointer; stack -1 where nothing was sampled.
    function laneAt(event) {
        const area = lanes.getBoundingClientRect(), time = timeAt(event, lanes);
        const thread = threads()[Math.floor((event.clientY - area.top + lanes.scrollTop) / LANE)];
        if (!thread)
            return null;
        const list = segments(thread), i = list.start.findLastIndex((start) => start <= time);
        const isIdle = time < range()[0] || i < 0 ||
            time > Math.max(list.end[i], list.start[i] + (range()[1] - range()[0]) / columns());
        return {thread, time, stack: isIdle ? -1 : list.stack[i], busy: isIdle ? 0 : list.share[i]};
    }

    function sayLane(event) {
        const at = laneAt(event);
        if (!at || at.time < range()[0])
            return null;
        const lines = [at.thread.name, duration(at.time) + " after the first sample"];
        return at.stack < 0 ? lines.concat("nothing was sampled")
            : lines.concat(model.nameOf(model.laneFrame(at.stack)), share(at.busy) + " busy");
    }

    // --- drawing ---

    const inLane = (thread, i) => isSelected(thread, page.state().threads) ? i : 0.35 * i;

    function drawLane(context, thread, y, w) {
        const list = segments(thread), hits = model.hits();
        for (let s = 0; s < list.stack.length; s++) {
            const x = Math.max(0, xOf(list.start[s], w)), right = Math.min(w, xOf(list.end[s], w));
            const high = Math.max(2, list.share[s] * (LANE - 4)), f = model.laneFrame(list.stack[s]);
            context.globalAlpha = inLane(thread, 1);
            context.fillStyle = hexOf(hits && hits[f] ? found : frames.colors[f]);
            context.fillRect(x, y + LANE - 2 - high, Math.max(1, right - x), high);
        }
        context.globalAlpha = 1;
    }

    function drawLanes(w) {
        const list = threads().slice(0, limit), canvas = laneRoom.querySelector("canvas");
        const context = clearedCanvas(canvas, w, lanes.clientHeight), style = getComputedStyle(lanes);
        const first = Math.floor(lanes.scrollTop / LANE);
        for (let i = first; i < list.length && (i - first) * LANE < lanes.clientHeight + LANE; i++) {
            const y = i * LANE - lanes.scrollTop;
            context.fillStyle = style.getPropertyValue("--line");
            context.fillRect(0, y + LANE - 1, w, 1);
            drawLane(context, list[i], y, w);
        }
    }

    function drawAxis(w) {
        const context = clearedCanvas(axis, w, 20), [from, to] = range();
        const ticks = ticksOf(from, to, w / 110), texts = tickTexts(ticks);
        context.fillStyle = getComputedStyle(chart).color;
        ticks.ticks.forEach((time, i) => {
            const x = xOf(time, w);
            context.fillRect(x, 0, 1, 6);
            if (x + context.measureText(texts[i]).width + 4 < w)
                context.fillText(texts[i], x + 4, 11);
        });
    }

    function drawBox(context, fit, box, w) {
        const x = Math.max(0, xOf(box.start, w)), right = Math.min(w, xOf(box.end, w));
        const wide = Math.max(1, right - x - (right - x > 3 ? 1 : 0)), f = frameOf(box);
        const y = box.depth * ROW - chart.scrollTop, hits = model.hits();
        const color = hits && hits[f] ? found : frames.colors[f];
        if (y < -ROW || y > chart.clientHeight || right < 0 || x > w)
            return;
        context.globalAlpha = Math.max(0.25, box.share);
        context.fillStyle = hexOf(color);
        context.fillRect(x, y, wide, ROW - 1);
        context.globalAlpha = 1;
        if (box === hovered) {
            context.strokeStyle = getComputedStyle(chart).color;
            context.lineWidth = 2;
            context.strokeRect(x + 1, y + 1, Math.max(1, wide - 2), ROW - 3);
        }
        if (wide < 24)
            return;
        context.fillStyle = box.share < 0.7 ? getComputedStyle(chart).color : inkOn(color);
        context.fillText(fit(f, wide - 6), x + 3, y + ROW / 2);
    }

    function drawStacks(w) {
        const list = boxes(), room = chart.querySelector(".room");
        const deepest = list.reduce((most, b) => Math.max(most, b.depth), 0);
        room.style.height = Math.max((deepest + 1) * ROW, 0) + "px";
        const context = clearedCanvas(room.querySelector("canvas"), w, chart.clientHeight);
        const fit = makeFitter(context, frames.names);
        list.forEach((box) => drawBox(context, fit, box, w));
        chart.setAttribute("aria-label", current() ? "Stacks of " + current().name + ", " +
            between(...range()) + ": " + grouped(list.length) + " boxes" : "No thread");
    }

    function draw() {
        const w = columns();
        if (!chart.clientWidth)
            return;
        drawLanes(w);
        drawAxis(w);
        drawStacks(w);
    }

    // --- labels of lanes ---

    function showLabels() {
        const all = threads(), list = all.slice(0, limit);
        labels.replaceChildren(...list.map((thread) => {
            const button = document.createElement("button");
            const isAlone = (page.state().threads || []).join() === thread.name;
            button.type = "button";
            button.textContent = thread.name;
            button.title = thread.name + ": " + model.format().named(thread.weight) + ", " +
                share(thread.weight / (model.all() || 1));
            button.setAttribute("aria-pressed", isAlone);
            button.addEventListener("click", () =>
                page.change({threads: isAlone ? null : [thread.name]}));
            return button;
        }), more);
        more.hidden = all.length <= limit;
        more.textContent = grouped(all.length - list.length) + " more";
        laneRoom.style.height = list.length * LANE + (more.hidden ? 0 : LANE) + "px";
    }

    function show() {
        showLabels();
        depthPick.value = Math.min(page.state().laneDepth, MOST_DEPTH);
        title.textContent = current() ? current().name : "";
        draw();
    }

    const view = {
        id: "timeline", title: "Timeline", noun: "boxes", needs: () => page.hasClock, charts: () => [],
        build,
        steps: () => [
            () => model.shape(), () => model.tree(), () => void threads(),
            ...threads().slice(0, LANES_AHEAD).map((t) => () => void segments(t)),
            () => void boxes(),
        ],
        show,
        subject: () => ({frame: chosen, box: 0, chart: null, thread: chosenThread}),
        focus: () => chart.focus(),
        frames: () => boxes().length,
    };
    return view;
}
