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

    // Where nothing is selected: all that is counted, in each column.
    function everything() {
        const list = make(side, "dl", "");
        model.measures.forEach((m, i) => {
            const format = formatOf(m.column, page.given), sum = model.totals(i)[0];
            if (!m.other)
                pair(list, m.label, format.named(sum), format.exact(sum));
        });
        make(side, "p", "hint").textContent = "Select a frame or a row for more of it.";
    }

    function places(frame) {
        const list = make(side, "dl", ""), {modules, files, lines} = frames;
        if (modules[frame])
            pair(list, "module", modules[frame]);
        if (files[frame])
            pair(list, "file", files[frame] + (lines[frame] ? ":" + lines[frame] : ""));
    }

    // A line of a list with a bar of this part of its width.
    function barButton(list, name, part, text) {
        const button = make(make(list, "li", ""), "button", "bar");
        button.type = "button";
        button.style.setProperty("--part", 100 * part + "%");
        make(button, "span", "").textContent = button.title = name;
        make(button, "span", "number").textContent = text;
        return button;
    }

    function neighbours(title, edges, frameOf, total) {
        if (!edges.length)
            return;
        make(side, "h3", "").textContent = title;
        const list = make(side, "ul", "");
        for (const edge of edges.slice(0, NEIGHBOURS))
            barButton(list, model.nameOf(frameOf(edge)), edge.weight / (total || 1),
                      model.format().short(edge.weight))
                .addEventListener("click", () => page.openSandwich(frameOf(edge)));
    }

    /*
     * What of it was when, a bar for each part of the time that is recorded, and in which threads: of
     * all labels and threads, and of the whole time, so that it can be seen what else there is. Frame 0
     * is everything.
     */
    function times(frame) {
        const t = page.times, {column} = model.measure(), {parent, frame: of} = page.profile.nodes;
        if (!t || !t.count || column.ofNodes)
            return;
        const inside = new Uint8Array(parent.length), bins = new Float64Array(BINS), byThread = new Map();
        const whole = {range: null, threads: null}, bin = binOf(t, whole, BINS), {node} = page.profile.samples;
        inside[0] = frame ? 0 : 1;
        for (let n = 1; n < parent.length; n++)
            inside[n] = inside[parent[n]] || of[n] === frame;
        eachRecord(t, column, whole, (stack, weight, thread, time) => {
            if (!inside[node[stack]])
                return;
            bins[bin(time)] += weight;
            byThread.set(thread.name, (byThread.get(thread.name) || 0) + weight);
        });
        if (t.isClock)
            overTime(bins, timeSpan(t));
        if (t.threads.length > 1)
            overThreads(Array.from(byThread).sort((a, b) => b[1] - a[1]));
    }

    function overTime(bins, span) {
        const most = Math.max(...bins) || 1;
        make(side, "h3", "").textContent = "Over " + duration(span);
        const spark = make(side, "div", "spark");
        bins.forEach((v) => { make(spark, "i", "").style.height = 100 * v / most + "%"; });
    }

    // A click counts the thread alone.
    function overThreads(threads) {
        const all = threads.reduce((sum, [, v]) => sum + v, 0), chosen = page.state().threads || [];
        make(side, "h3", "").textContent = "By thread";
        const list = make(side, "ul", "");
        threads.slice(0, NEIGHBOURS).forEach(([name, v]) => {
            const isAlone = chosen.join() === name;
            const button = barButton(list, name, v / all, model.format().short(v) + " \u00b7 " + share(v / all));
            button.setAttribute("aria-pressed", isAlone);
            button.addEventListener("click", () => page.change({threads: isAlone ? null : [name]}));
        });
        if (threads.length > NEIGHBOURS)
            make(list, "li", "hint").textContent = grouped(threads.length - NEIGHBOURS) + " more";
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
        head.textContent = frame ? model.nameOf(frame) : "all";
        close.type = "button";
        close.textContent = "\u00d7";
        close.ariaLabel = "Close details";
        close.addEventListener("click", () => page.change({side: false}));
        if (!frame) {
            everything();
            times(0);
            return;
        }
        const row = model.rowOf(frame);
        values(frame, box, boxes || (chart && chart.boxes));
        places(frame);
        neighbours("Callers", model.edges(frame).into(frame), (e) => e.from, row && row.total);
        neighbours("Callees", model.edges(frame).out(frame), (e) => e.to, row && row.total);
        times(frame);
    };
}
