/*
 * The strip above all views: how much there was when, and the range that is looked at. A drag
 * chooses one, a drag of an end moves it, a double click shows everything again; with the keyboard
 * the ends are sliders.
 */

const OVERVIEW_NEAR = 8; // pixels around an end that take hold of it
const LEAST_DRAG = 4; // pixels: what is shorter is a click
const BIN = 3; // pixels of a bar

// The height of the axis: what all but a hundredth of the bars stay below, so that a burst, as many
// recordings begin with, does not flatten the rest.
function usualMost(bins) {
    const sorted = Float64Array.from(bins).sort();
    return sorted[Math.floor(0.99 * (sorted.length - 1))] || sorted[sorted.length - 1] || 1;
}

function makeOverview(page) {
    const host = part("overview"), canvas = make(host, "canvas", ""), {model} = page;
    const brush = make(host, "div", "range");
    const ends = ["from", "to"].map((name, i) => makeEnd(name, i));
    let drag = null, isPending = false;

    canvas.setAttribute("aria-hidden", "true");
    brush.hidden = true;
    host.hidden = false;

    const all = () => [0, model.timeSpan()];
    const shown = () => page.state().range || all();
    const xOf = (time) => time / (all()[1] || 1) * host.clientWidth;
    const timeAt = (x) => Math.round(Math.max(0, Math.min(1, x / host.clientWidth)) * all()[1]);

    // --- the ends, for the keyboard ---

    function makeEnd(name, i) {
        const end = make(host, "div", "end");
        end.tabIndex = 0;
        end.setAttribute("role", "slider");
        end.setAttribute("aria-label", i ? "End of the range" : "Begin of the range");
        end.addEventListener("keydown", (event) => moveEnd(event, i));
        return end;
    }

    function moveEnd(event, i) {
        const step = {ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10}[event.key];
        if (!step)
            return;
        const range = shown().slice(), least = i ? range[0] : 0, most = i ? all()[1] : range[1];
        range[i] = Math.round(Math.max(least, Math.min(most, range[i] + step * all()[1] / 100)));
        choose(range, true);
        event.preventDefault();
        event.stopPropagation();
    }

    function choose([from, to], replace = false) {
        const isAll = from <= 0 && to >= all()[1];
        page.change({range: isAll ? null : [from, to]}, replace);
    }

    // --- drawing ---

    let drawn = null; // what the canvas shows: it is the same for most of what changes

    function draw() {
        const ratio = window.devicePixelRatio || 1, w = host.clientWidth, h = host.clientHeight;
        if (!w)
            return;
        const look = {bins: model.activity(Math.max(1, Math.floor(w / BIN))), h, ratio, dark: isDark()};
        if (!drawn || Object.keys(look).some((key) => look[key] !== drawn[key]))
            drawActivity(look, w, h, ratio);
        drawn = look;
        showRange(shown());
    }

    function drawActivity({bins}, w, h, ratio) {
        canvas.width = Math.round(w * ratio);
        canvas.height = Math.round(h * ratio);
        const context = canvas.getContext("2d"), style = getComputedStyle(host);
        const most = usualMost(bins), wide = w / bins.length;
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        context.fillStyle = style.getPropertyValue("--activity");
        bins.forEach((sum, i) => {
            const high = sum && Math.max(1, Math.min(1, sum / most) * (h - 16));
            context.fillRect(i * wide, h - high, wide + 0.5, high);
        });
        drawTicks(context, style, w);
    }

    function drawTicks(context, style, w) {
        const axis = ticksOf(0, all()[1], w / 110), texts = tickTexts(axis);
        context.fillStyle = style.color;
        context.font = "11px system-ui, 'DejaVu Sans', sans-serif";
        context.textBaseline = "top";
        axis.ticks.forEach((time, i) => {
            const x = xOf(time);
            context.fillRect(x, 0, 1, 5);
            if (x + context.measureText(texts[i]).width + 4 < w)
                context.fillText(texts[i], x + 3, 1);
        });
    }

    function showRange([from, to]) {
        const [left, right] = [xOf(from), xOf(to)], isAll = !page.state().range && !drag;
        brush.hidden = isAll;
        brush.style.left = left + "px";
        brush.style.width = Math.max(1, right - left) + "px";
        ends.forEach((end, i) => {
            end.style.left = Math.max(0, Math.min(host.clientWidth - 2, [left, right][i])) + "px";
            end.setAttribute("aria-valuemin", 0);
            end.setAttribute("aria-valuemax", all()[1]);
            end.setAttribute("aria-valuenow", [from, to][i]);
            end.setAttribute("aria-valuetext", duration([from, to][i]));
        });
    }

    // --- dragging ---

    // All views follow, once a frame at most, and when they have shown what was before.
    function preview() {
        if (isPending)
            return;
        isPending = true;
        requestAnimationFrame(() => {
            isPending = false;
            if (drag && !page.work.isBusy())
                page.store.preview({range: [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]});
        });
    }

    const xIn = (event) => event.clientX - host.getBoundingClientRect().left;

    host.addEventListener("pointerdown", (event) => {
        if (event.button)
            return;
        const x = xIn(event), range = page.state().range;
        const near = range ? range.findIndex((t) => Math.abs(xOf(t) - x) < OVERVIEW_NEAR) : -1;
        drag = {x, from: near < 0 ? timeAt(x) : range[1 - near], to: timeAt(x), isMoved: near >= 0};
        host.setPointerCapture(event.pointerId);
    });
    host.addEventListener("pointermove", (event) => {
        if (!drag)
            return;
        drag.isMoved ||= Math.abs(xIn(event) - drag.x) >= LEAST_DRAG;
        drag.to = timeAt(xIn(event));
        if (!drag.isMoved)
            return;
        showRange([Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]);
        preview();
    });
    host.addEventListener("pointerup", () => {
        const done = drag;
        drag = null;
        if (done && done.isMoved)
            choose([Math.min(done.from, done.to), Math.max(done.from, done.to)]);
    });
    host.addEventListener("pointercancel", () => {
        drag = null;
        page.store.preview(null);
    });
    host.addEventListener("dblclick", () => page.change({range: null}));
    new ResizeObserver(draw).observe(host);
    return {draw};
}
