// The table of functions: sorted by a click on a heading, and only as long as is looked at.

const TABLE_ROWS = 200;

/*
 * `pick` is called with the frame of a row. show() takes rows as functionRows() makes them, and
 * how to show them: `format` with texts of numbers, what `all` weighs, whether two sides are
 * `compared`, and the frames that were searched for, or null.
 */
function makeTable(frames, pick) {
    const table = {rows: [], key: "self", up: false, limit: TABLE_ROWS, shown: null};
    const byKey = {
        self: (r) => r.self,
        total: (r) => r.total,
        change: (r) => r.total - r.other,
        name: (r) => frames.names[r.frame],
    };
    const titles = {self: "Self", total: "Total", change: "Change", name: "Function"};

    function sorted() {
        const value = byKey[table.key], sign = table.up ? 1 : -1;
        const order = (x, y) => x < y ? -1 : x > y ? 1 : 0;
        return table.rows.slice().sort((a, b) => sign * order(value(a), value(b)) ||
            b.total - a.total || a.frame - b.frame);
    }

    function heading(key) {
        const th = make(part("heads"), "th", ""), button = make(th, "button", "");
        const on = key === table.key;
        button.type = "button";
        button.textContent = titles[key] + (on ? (table.up ? " \u25b2" : " \u25bc") : "");
        button.dataset.sort = key;
        th.scope = "col";
        th.setAttribute("aria-sort", on ? (table.up ? "ascending" : "descending") : "none");
        button.addEventListener("click", () => {
            table.up = on ? !table.up : key === "name";
            table.key = key;
            draw();
            part("heads").querySelector("[data-sort=" + key + "]").focus();
        });
    }

    function cell(row, text, title) {
        const td = make(row, "td", "");
        td.textContent = text;
        td.title = title;
        return td;
    }

    // The number, its share of all, and that as a bar.
    function measuredCell(row, v) {
        const {format, all} = table.shown, td = cell(row, format.short(v), format.exact(v));
        const bar = make(td, "progress", "");
        bar.max = 1;
        bar.value = v / all;
        bar.setAttribute("aria-hidden", "true");
        td.insertBefore(make(td, "span", "share"), bar).textContent = format.share(v / all);
    }

    function drawRow(r) {
        const {format, all, compared} = table.shown;
        const tr = make(part("rows"), "tr", "");
        measuredCell(tr, r.self);
        measuredCell(tr, r.total);
        if (compared)
            cell(tr, format.change(r.total, r.other, all), format.exact(r.other) + " before");
        const button = make(make(tr, "td", ""), "button", "");
        button.type = "button";
        button.textContent = frames.names[r.frame] + (frames.marks[r.frame] ?
            " [" + frames.marks[r.frame] + "]" : "");
        button.addEventListener("click", () => pick(r.frame));
    }

    function draw() {
        const keys = table.shown.compared ? ["self", "total", "change", "name"]
            : ["self", "total", "name"];
        part("heads").replaceChildren();
        part("rows").replaceChildren();
        keys.forEach(heading);
        const hits = table.shown.hits;
        const rows = sorted().filter((r) => !hits || hits[r.frame]);
        rows.slice(0, table.limit).forEach(drawRow);
        part("more").hidden = rows.length <= table.limit;
        part("more").textContent = "More rows, of " + rows.length.toLocaleString("en");
    }

    part("more").addEventListener("click", () => {
        table.limit += 1000;
        draw();
    });
    table.show = (rows, shown) => {
        Object.assign(table, {rows, shown});
        draw();
    };
    return table;
}
