/*
 * What mouse, fingers and keys do to a chart: a click zooms, a drag moves, with Shift it chooses a
 * part of the width, the wheel zooms where the chart cannot scroll or with Ctrl, two fingers zoom,
 * and a long press or the right button asks for the menu.
 */

const DRAG = 4; // pixels that a pointer moves before it drags
const LONG_PRESS = 500; // milliseconds

function listenToChart(chart, on) {
    const {canvas, host, brush} = chart;
    const pointers = new Map();
    let drag = null, dragged = false, pressTimer = 0;

    function inChart(event) {
        const area = canvas.getBoundingClientRect();
        return {x: event.clientX - area.left, y: event.clientY - area.top + host.scrollTop};
    }

    function placeOf(event) {
        const {x, y} = inChart(event);
        return chart.boxes && chart.placeAt(x, y);
    }

    const boxOf = (place) => !place ? -1 : place.run ? place.run.parent : place.box;

    // Makes the window `times` as wide, with what is at `x` staying there.
    function zoomAt(x, times) {
        const at = chart.unitAt(x);
        chart.look(at - (at - chart.low) * times, at + (chart.high - at) * times);
        on.window(chart);
    }

    function move(units) {
        chart.look(chart.low + units, chart.high + units);
        on.window(chart);
    }

    const perPixel = () => (chart.high - chart.low) / (host.clientWidth || 1);

    // --- pointers ---

    function begin(event) {
        const {x, y} = inChart(event);
        dragged = false;
        pointers.set(event.pointerId, x);
        drag = {x, y: event.clientY, low: chart.low, high: chart.high, scroll: host.scrollTop,
                brush: event.shiftKey, distance: spread()};
        clearTimeout(pressTimer);
        if (event.pointerType === "touch" && pointers.size === 1)
            pressTimer = setTimeout(() => {
                dragged = true;
                on.menu(chart, boxOf(placeOf(event)), event);
            }, LONG_PRESS);
    }

    function spread() {
        const xs = Array.from(pointers.values());
        return xs.length === 2 ? Math.max(10, Math.abs(xs[0] - xs[1])) : 0;
    }

    function pinch() {
        const xs = Array.from(pointers.values()), middle = (xs[0] + xs[1]) / 2;
        const now = spread();
        zoomAt(middle, drag.distance / now);
        drag.distance = now;
    }

    function showBrush(x) {
        brush.hidden = false;
        brush.style.left = Math.min(x, drag.x) + "px";
        brush.style.width = Math.abs(x - drag.x) + "px";
    }

    function follow(event) {
        const {x} = inChart(event), moved = Math.hypot(x - drag.x, event.clientY - drag.y);
        pointers.set(event.pointerId, x);
        if (!dragged && moved < DRAG)
            return;
        if (!dragged)
            canvas.setPointerCapture(event.pointerId);
        dragged = true;
        clearTimeout(pressTimer);
        on.hover(chart, null, event);
        if (pointers.size === 2) {
            pinch();
        } else if (drag.brush) {
            showBrush(x);
        } else {
            const units = (drag.x - x) * (drag.high - drag.low) / (host.clientWidth || 1);
            if (event.pointerType !== "touch")
                host.scrollTop = drag.scroll + drag.y - event.clientY;
            chart.look(drag.low + units, drag.high + units);
            on.window(chart);
        }
    }

    function end(event) {
        const {x} = inChart(event);
        clearTimeout(pressTimer);
        if (drag && drag.brush && dragged) {
            const ends = [chart.unitAt(drag.x), chart.unitAt(x)].sort((a, b) => a - b);
            chart.look(ends[0], ends[1]);
            on.window(chart);
        }
        brush.hidden = true;
        drag = null;
        pointers.delete(event.pointerId);
    }

    canvas.addEventListener("pointerdown", (event) => {
        if (chart.boxes && event.button === 0)
            begin(event);
    });
    canvas.addEventListener("pointermove", (event) => {
        if (drag && pointers.has(event.pointerId))
            follow(event);
        else if (event.pointerType !== "touch")
            on.hover(chart, placeOf(event), event);
    });
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    canvas.addEventListener("pointerleave", (event) => {
        if (!drag)
            on.hover(chart, null, event);
    });
    canvas.addEventListener("click", (event) => {
        const place = placeOf(event);
        if (dragged || !place)
            return;
        if (place.run) { // as wide as the window, so that what is in it shows
            chart.look(place.run.start, place.run.start + place.run.size);
            on.window(chart);
        } else {
            on.zoom(chart, place.box);
        }
    });
    canvas.addEventListener("dblclick", (event) => {
        if (chart.boxes && !placeOf(event))
            on.zoom(chart, 0);
    });
    canvas.addEventListener("contextmenu", (event) => {
        event.preventDefault();
        if (pointers.size === 0)
            on.menu(chart, boxOf(placeOf(event)), event);
    });

    // --- the wheel ---

    canvas.addEventListener("wheel", (event) => {
        const zooms = event.ctrlKey || event.metaKey || !chart.isTall();
        const across = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
        if (!chart.boxes)
            return;
        if (Math.abs(across) > Math.abs(event.deltaY) || event.shiftKey)
            move(across * perPixel());
        else if (zooms)
            zoomAt(inChart(event).x, Math.exp(Math.max(-100, Math.min(100, event.deltaY)) / 300));
        else
            return;
        event.preventDefault();
        on.hover(chart, null, event);
    }, {passive: false});

    // --- keys ---

    host.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.altKey || event.metaKey || !chart.boxes)
            return;
        if (event.key.startsWith("Arrow"))
            chart.select(chart.towards(event.key), "key");
        else if (event.key === "Enter")
            on.zoom(chart, chart.at);
        else
            return;
        event.preventDefault();
    });
    // As far as half of what is seen, for keys.
    chart.zoomBy = (times) => zoomAt(host.clientWidth / 2, times);
}
