// Who calls a function, and what it calls, wherever it is.

function sandwichView(page) {
    const {model} = page;
    let callers, callees, heading, hint, parts;
    const grown = () => model.callersOf(model.picked(), () => page.state().callersZoom);

    function build(section) {
        hint = make(section, "p", "hint");
        hint.textContent = "Select a frame in a graph, or a row of a table, and press s: this shows " +
            "who calls that function, and what it calls, wherever it is.";
        heading = make(section, "h2", "");
        heading.id = "function";
        const above = make(section, "h3", ""), first = make(section, "div", "half");
        const below = make(section, "h3", ""), second = make(section, "div", "half");
        above.textContent = "Callers";
        below.textContent = "Callees";
        callers = page.chart(first, "callers", "Callers", "callersZoom");
        callees = page.chart(second, "callees", "Callees", "calleesZoom");
        parts = [heading, above, first, below, second];
    }

    function showHeading(frame) {
        const format = model.format(), all = model.all();
        const {total, self} = model.rowOf(frame) || {total: 0, self: 0};
        heading.textContent = model.nameOf(frame) + " \u2014 total " + format.short(total) + " (" +
            share(total / all) + "), self " + format.short(self) + " (" + share(self / all) + ")";
    }

    return {
        id: "sandwich", title: "Sandwich", needs: () => true,
        charts: () => model.picked() ? [callers, callees] : [],
        build,
        steps: () => [() => model.shape(), () => model.tree(), () => model.order(),
                      () => void model.rows()].concat(model.picked() ? [
            () => grown().grow(), () => void model.calleesOf(model.picked()),
        ] : []),
        show() {
            const frame = model.picked();
            hint.hidden = frame !== 0;
            parts.forEach((element) => { element.hidden = !frame; });
            if (!frame)
                return;
            showHeading(frame);
            page.showBoxes(callers, grown().boxes(), false);
            page.showBoxes(callees, model.calleesOf(frame), true);
        },
        frames: () => [callers, callees].reduce((n, c) => n + (c.boxes ? c.boxes.count - 1 : 0), 0),
    };
}
