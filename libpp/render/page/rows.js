/*
 * A table of any length, in which only the visible rows exist. A column is
 *
 *     {key, title, number, width, text(row), hint(row), bar(row), fill(td, row), value(row)}
 *
 * with `number` for those that stand at the right, `isSpare` for those that a phone has no room for, `width` in em (none: what is left), bar() for the
 * part of the cell that is filled, from 0 to 1, and value() for what it is sorted by and exported as.
 * fill() puts more than a text into the cell.
 */

const rowHeight = () => matchMedia("(pointer: coarse)").matches ? 40 : 24;

/*
 * `role` is "grid", or "treegrid" for rows with a level() and isOpen() (true, false, or null for
 * leaves). `on` has sort(key), select(row), open(row), toggle(row, open), menu(row, event).
 */
function makeRows(host, label, role, on) {
    const scroller = make(host, "div", "rows"), table = make(scroller, "table", "");
    const columnGroup = make(table, "colgroup", ""), head = make(make(table, "thead", ""), "tr", "");
    const body = make(table, "tbody", "");
    const rows = {columns: [], count: 0, at: null, selected: -1, sort: null, host: scroller};
    const isNarrow = () => rows.width() < 600;
    let waiting = false, shape = "";

    table.setAttribute("role", role);
    table.setAttribute("aria-label", label);
    table.tabIndex = 0;

    // --- drawing ---

    function heading(column) {
        const th = make(head, "th", column.number ? "number" : "");
        const width = column.width && (isNarrow() ? Math.min(5.6, column.width) : column.width);
        make(columnGroup, "col", "").style.width = width ? width + "em" : "";
        th.scope = "col";
        th.setAttribute("role", "columnheader");
        if (!column.value || !on.sort) {
            th.textContent = column.title;
            return;
        }
        const button = make(th, "button", ""), sorted = rows.sort && rows.sort.key === column.key;
        button.type = "button";
        button.textContent = column.title + (sorted ? rows.sort.up ? " \u25b2" : " \u25bc" : "");
        button.dataset.sort = column.key;
        th.setAttribute("aria-sort",
                        sorted ? rows.sort.up ? "ascending" : "descending" : "none");
        button.addEventListener("click", () => {
            on.sort(column.key);
            head.querySelector("[data-sort=" + column.key + "]").focus();
        });
    }

    function drawHead() {
        const now = JSON.stringify([isNarrow(), rows.columns.map((c) => [c.key, c.title]), rows.sort]);
        if (now === shape)
            return;
        shape = now;
        columnGroup.replaceChildren();
        head.replaceChildren();
        rows.columns.forEach(heading);
    }

    function cell(tr, column, row) {
        const td = make(tr, "td", column.number ? "number" : "");
        td.setAttribute("role", "gridcell");
        if (column.fill) {
            column.fill(td, row);
            return;
        }
        td.textContent = column.text(row);
        if (column.hint)
            td.title = column.hint(row);
        if (column.bar) {
            td.classList.add("bar");
            td.style.setProperty("--part", 100 * Math.min(1, Math.max(0, column.bar(row) || 0)) + "%");
        }
    }

    function drawRow(i) {
        const row = rows.at(i), tr = make(body, "tr", "");
        tr.id = host.id + "-row-" + i;
        tr.setAttribute("aria-rowindex", i + 2);
        tr.setAttribute("aria-selected", i === rows.selected);
        if (row.level) {
            tr.setAttribute("aria-level", row.level());
            if (row.isOpen() !== null)
                tr.setAttribute("aria-expanded", row.isOpen());
        }
        rows.columns.forEach((column) => cell(tr, column, row));
    }

    function space(height) {
        make(body, "tr", "space").style.height = height + "px";
    }

    function draw() {
        waiting = false;
        if (!scroller.clientHeight)
            return;
        const h = rowHeight(), first = Math.max(0, Math.floor(scroller.scrollTop / h) - 4);
        const last = Math.min(rows.count, first + Math.ceil(scroller.clientHeight / h) + 8);
        drawHead();
        body.replaceChildren();
        table.setAttribute("aria-rowcount", rows.count + 1);
        space(first * h);
        for (let i = first; i < last; i++)
            drawRow(i);
        space((rows.count - last) * h);
        if (rows.selected >= first && rows.selected < last)
            table.setAttribute("aria-activedescendant", host.id + "-row-" + rows.selected);
        else
            table.removeAttribute("aria-activedescendant");
    }

    function drawSoon() {
        if (!waiting)
            requestAnimationFrame(draw);
        waiting = true;
    }

    function reveal(i) {
        const h = rowHeight(), head = table.tHead.offsetHeight, y = i * h;
        if (y < scroller.scrollTop)
            scroller.scrollTop = y;
        else if (y + h + head > scroller.scrollTop + scroller.clientHeight)
            scroller.scrollTop = y + h + head - scroller.clientHeight;
    }

    // --- what others call ---

    // `values`: columns, count, at(i), sort {key, up} or null.
    rows.show = (values) => {
        Object.assign(rows, values);
        if (isNarrow())
            rows.columns = values.columns.filter((c) => !c.isSpare);
        rows.selected = Math.min(rows.selected, rows.count - 1);
        draw();
    };
    rows.select = (i) => {
        if (!rows.count)
            return;
        rows.selected = Math.max(0, Math.min(rows.count - 1, i));
        reveal(rows.selected);
        draw();
        on.select(rows.at(rows.selected));
    };
    // Scrolls until a row is seen with some before it.
    rows.scrollTo = (i) => {
        scroller.scrollTop = Math.max(0, i * rowHeight() - scroller.clientHeight / 3);
        draw();
    };
    rows.current = () => rows.selected >= 0 ? rows.at(rows.selected) : null;
    rows.redraw = drawSoon;
    // The pixels that columns have room in.
    rows.width = () => scroller.clientWidth || innerWidth;
    rows.focus = () => table.focus();

    // --- input ---

    const indexOf = (event) => {
        const tr = event.target.closest("tbody tr[aria-rowindex]");
        return tr ? Number(tr.getAttribute("aria-rowindex")) - 2 : -1;
    };

    // How far each key moves the selection.
    function step(key) {
        const page = Math.max(1, Math.floor(scroller.clientHeight / rowHeight()) - 2);
        return {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity,
                End: Infinity}[key];
    }

    function toggle(row, open) {
        if (row && on.toggle)
            on.toggle(row, open);
    }

    function onKey(event) {
        const row = rows.current(), by = step(event.key);
        if (event.ctrlKey || event.altKey || event.metaKey || event.target !== table)
            return;
        if (by)
            rows.select(rows.selected < 0 ? 0 : rows.selected + by);
        else if (event.key === "Enter" && row)
            on.open(row);
        else if (role === "treegrid" && /^Arrow|^\*$/.test(event.key))
            toggle(row, {ArrowRight: true, ArrowLeft: false}[event.key] ?? "all");
        else
            return;
        event.preventDefault();
    }

    table.addEventListener("keydown", onKey);
    body.addEventListener("click", (event) => {
        const i = indexOf(event);
        if (i >= 0 && !event.target.closest("button"))
            rows.select(i);
    });
    body.addEventListener("dblclick", (event) => {
        const i = indexOf(event);
        if (i >= 0)
            on.open(rows.at(i));
    });
    body.addEventListener("contextmenu", (event) => {
        const i = indexOf(event);
        if (i < 0)
            return;
        event.preventDefault();
        rows.select(i);
        on.menu(rows.at(i), event);
    });
    scroller.addEventListener("scroll", drawSoon);
    new ResizeObserver(drawSoon).observe(scroller);
    return rows;
}

/*
 * The columns that a table has room for: all of them if it is at least `enough` pixels wide, those
 * with the keys `middle` if it is 800 or more, and else those with the keys `narrow`. The last takes
 * what is left.
 */
function fitting(rows, columns, narrow, middle, enough) {
    const pick = (keys) => keys.map((key) => columns.find((c) => c.key === key)).filter(Boolean);
    return rows.width() >= enough ? columns : pick(rows.width() >= 800 ? middle : narrow);
}

// The columns that all tables of functions have. `frameOf` gives the frame of a row.
function valueColumn(page, key, title, valueOf, largest) {
    const format = page.model.format();
    return {
        key, title, number: true, width: 8, value: valueOf,
        text: (row) => format.short(valueOf(row)), hint: (row) => format.exact(valueOf(row)),
        bar: (row) => valueOf(row) / (largest || 1),
    };
}

function shareColumn(page, key, valueOf) {
    const all = page.model.all();
    return {key: key + "-share", title: "%", number: true, width: 6.2, isSpare: true,
            text: (row) => share(valueOf(row) / all)};
}
