// Who calls a function, and what it calls, wherever it is.

function sandwichView(page) {
    const {model} = page;
    let callers, callees, heading, hint, parts, calls;
    const grown = () => model.callersOf(model.picked(), () => page.state().callersZoom);

    function build(section) {
        hint = make(section, "p", "hint");
        hint.textContent = "Select a frame in a graph, or a row of a table, and press s: this shows " +
            "who calls that function, and what it calls, wherever it is.";
        heading = make(section, "h2", "");
        heading.id = "function";
        const split = make(section, "div", "split"), charts = make(split, "div", "half");
        const above = make(charts, "h3", ""), first = make(charts, "div", "half");
        const below = make(charts, "h3", ""), second = make(charts, "div", "half");
        above.textContent = "Callers";
        below.textContent = "Callees";
        callers = page.chart(first, "callers", "Callers", "callersZoom");
        callees = page.chart(second, "callees", "Callees", "calleesZoom");
        calls = makeRows(split, "Calls from and to the function", "grid", {
            select: () => {}, open: (row) => page.openSandwich(row.frame),
            menu: (row, event) => page.openMenu(event),
        });
        parts = [heading, split];
    }

    // Direct callers, the function itself, and what it calls, with what the calls weigh.
    function callRows(frame) {
        const {self, total} = model.rowOf(frame) || {self: 0, total: 0}, edges = model.edges(frame);
        return [
            ...edges.into(frame).map((e) => ({kind: "caller", frame: e.from, weight: e.weight})),
            {kind: "total", frame, weight: total}, {kind: "self", frame, weight: self},
            ...edges.out(frame).map((e) => ({kind: "callee", frame: e.to, weight: e.weight})),
        ];
    }

    function showCalls(frame) {
        const list = model.keep("calls", model.treeKey() + "\n" + frame, () => callRows(frame));
        const {total} = model.rowOf(frame) || {total: 0}, weight = (row) => row.weight;
        calls.show({count: list.length, at: (i) => list[i], sort: null, columns: [
            {key: "kind", title: "Call", width: 5, text: (row) => row.kind, value: (row) => row.kind},
            valueColumn(page, "weight", "Weight", weight, total),
            {key: "part", title: "% of it", number: true, width: 6, text: (row) => share(row.weight / total)},
            {key: "name", title: "Function", value: (row) => model.nameOf(row.frame),
             text: (row) => model.nameOf(row.frame), hint: (row) => model.nameOf(row.frame)},
        ]});
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
        steps: () => [...page.treeSteps(), () => model.named.slowly(), () => void model.rows()].concat(model.picked() ? [
            () => grown().grow(), () => model.calleesOf.slowly(model.picked()),
            () => model.edges.slowly(model.picked()),
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
            showCalls(frame);
        },
        exported: () => calls,
        frames: () => [callers, callees].reduce((n, c) => n + (c.boxes ? c.boxes.count - 1 : 0), 0),
    };
}
