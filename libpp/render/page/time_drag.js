/*
 * A drag over something that shows time from the left to the right selects a range; a wheel with it
 * looks closer at where the pointer is. `host` has the canvas that time is drawn on.
 */
function makeTimeDrag(page, host, range) {
    const brush = make(host, "div", "time-brush");
    let from = null;
    brush.hidden = true;

    const area = () => host.querySelector("canvas").getBoundingClientRect();
    function timeAt(event) {
        const {left, width} = area(), part = Math.max(0, Math.min(1, (event.clientX - left) / width));
        return Math.round(range()[0] + part * (range()[1] - range()[0]));
    }
    const inOrder = (a, b) => a < b ? [a, b] : [b, a];

    host.addEventListener("pointerdown", (event) => {
        if (event.button || event.target.closest("button"))
            return;
        from = {x: event.clientX, time: timeAt(event)};
        host.setPointerCapture(event.pointerId);
    });
    host.addEventListener("pointermove", (event) => {
        if (!from || Math.abs(event.clientX - from.x) < LEAST_DRAG)
            return;
        const box = area(), own = host.getBoundingClientRect();
        const [left, right] = inOrder(from.x, Math.max(box.left, Math.min(box.right, event.clientX)));
        brush.hidden = false;
        brush.style.left = left - own.left + "px";
        brush.style.width = right - left + "px";
        brush.style.top = host.scrollTop + "px";
    });
    host.addEventListener("pointerup", (event) => {
        if (from && !brush.hidden)
            page.change({range: inOrder(from.time, timeAt(event))});
        from = null;
        brush.hidden = true;
    });
    host.addEventListener("pointercancel", () => {
        from = null;
        brush.hidden = true;
    });
    host.addEventListener("wheel", (event) => {
        if (!event.ctrlKey && !event.shiftKey && host.scrollHeight > host.clientHeight)
            return; // it scrolls what is higher than its place
        const [low, high] = range(), at = timeAt(event), times = event.deltaY < 0 ? 0.8 : 1.25;
        const all = page.model.timeSpan();
        const next = event.shiftKey
            ? [low, high].map((t) => t + Math.sign(event.deltaY || event.deltaX) * (high - low) / 10)
            : [at - (at - low) * times, at + (high - at) * times];
        const moved = [Math.max(0, Math.round(next[0])), Math.min(all, Math.round(next[1]))];
        event.preventDefault();
        if (moved[1] - moved[0] >= 1)
            page.change({range: moved[0] <= 0 && moved[1] >= all ? null : moved}, true);
    }, {passive: false});
    host.addEventListener("dblclick", () => page.change({range: null}));
}
