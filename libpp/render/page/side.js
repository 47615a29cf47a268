// The panel at the side: all that is known of the frame that is selected.

function makeSide(page) {
    const {model} = page, {frames} = page.profile, side = part("side");
    const NEIGHBOURS = 5, BINS = 60;
    let shownFor = "";

    function pair(list, name, value, title) {
        make(list, "dt", "").textContent = name;
        const dd = make(list, "dd", "");
        dd.textContent = value;
        dd.title = title || "";
    }

    function values(frame, box, boxes) {
        const list = make(side, "dl", ""), format = model.format(), all = model.all();
        const row = model.rowOf(frame) || {self: 0, total: 0};
        if (boxes && box) {
            const size = boxes.size[box], up = boxes.size[boxes.parent[box]];
            pair(list, "here", format.named(size) + " \u00b7 " + share(size / all), format.exact(size));
            pair(list, "of its caller", share(size / up));
        }
        pair(list, "self", format.named(row.self) + " \u00b7 " + share(row.self / all), format.exact(row.self));
        pair(list, "total", format.named(row.total) + " \u00b7 " + share(row.total / all), format.exact(row.total));
        model.measures.forEach((m, i) => {
            if (m !== model.measure() && boxes && boxes.isTree && box) {
                const other = formatOf(m.column, page.given), v = model.totals(i)[boxes.node[box]];
                pair(list, m.label + " here", other.named(v), other.exact(v));
            }
        });
    }

    function places(frame) {
        const list = make(side, "dl", ""), {modules, files, lines} = frames;
        if (modules[frame])
            pair(list, "module", modules[frame]);
        if (files[frame])
            pair(list, "file", files[frame] + (lines[frame] ? ":" + lines[frame] : ""));
    }

    function neighbours(title, edges, frameOf, total) {
        if (!edges.length)
            return;
        make(side, "h3", "").textContent = title;
        const list = make(side, "ul", "");
        for (const edge of edges.slice(0, NEIGHBOURS)) {
            const button = make(make(list, "li", ""), "button", "bar");
            button.type = "button";
            button.style.setProperty("--part", 100 * edge.weight / (total || 1) + "%");
            make(button, "span", "").textContent = button.title = model.nameOf(frameOf(edge));
            make(button, "span", "number").textContent = model.format().short(edge.weight);
            button.addEventListener("click", () => page.openSandwich(frameOf(edge)));
        }
    }

    // What of it was when: a bar for each part of the time that is recorded.
    function times(frame) {
        const t = page.times, {column} = model.measure(), {parent, frame: of} = page.profile.nodes;
        if (!t || !t.isClock || !t.count)
            return;
        const inside = new Uint8Array(parent.length), bins = new Float64Array(BINS);
        for (let n = 1; n < parent.length; n++)
            inside[n] = inside[parent[n]] || of[n] === frame;
        const last = t.threads.reduce((most, th) => Math.max(most, t.time[th.to - 1]), 1);
        for (let i = 0; i < t.count; i++)
            if (inside[page.profile.samples.node[t.stack[i]]])
                bins[Math.min(BINS - 1, Math.floor(BINS * t.time[i] / last))] +=
                    Math.abs(valueOfRecord(t.values[column.index], i));
        const most = Math.max(...bins) || 1;
        make(side, "h3", "").textContent = "Over " + duration(last * t.unit);
        const spark = make(side, "div", "spark");
        bins.forEach((v) => { make(spark, "i", "").style.height = 100 * v / most + "%"; });
    }

    return () => {
        const state = page.state(), {frame, box, boxes, chart} = page.subject();
        const key = [state.side, frame, box, model.treeKey(), state.view, state.order].join();
        side.hidden = !state.side;
        if (!state.side || key === shownFor)
            return;
        shownFor = key;
        side.replaceChildren();
        const head = make(side, "h2", ""), close = make(side, "button", "close");
        head.textContent = frame ? model.nameOf(frame) : "Nothing is selected";
        close.type = "button";
        close.textContent = "\u00d7";
        close.ariaLabel = "Close details";
        close.addEventListener("click", () => page.change({side: false}));
        if (!frame)
            return;
        const row = model.rowOf(frame);
        values(frame, box, boxes || (chart && chart.boxes));
        places(frame);
        neighbours("Callers", model.edges(frame).into(frame), (e) => e.from, row && row.total);
        neighbours("Callees", model.edges(frame).out(frame), (e) => e.to, row && row.total);
        times(frame);
    };
}
