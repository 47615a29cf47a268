// The tree of all calls as a table to open and close: from the root, or from the leaves.

function treeView(page) {
    const {model} = page, opened = {true: new Set([0]), false: new Set([0])};
    let rows, list = [], inverted = false, toggle, shownFor = "";

    /*
     * What rows are made from: kids(i) in the order of weight, and what a node has. From the root a
     * node is a box of the left heavy order; from the leaves it is one of the grown tree.
     */
    function fromRoot() {
        const boxes = model.heavy(), {end} = boxes;
        return {
            boxes, frame: boxes.frame, self: boxes.self, total: boxes.size, other: boxes.other,
            node: boxes.node,
            kids(i) {
                const found = [];
                for (let c = i + 1; c < end[i]; c = end[c])
                    found.push(c);
                return found;
            },
        };
    }

    function fromLeaves() {
        const tree = model.reversed.tree();
        return {
            boxes: null, frame: tree.frame, self: tree.self, total: tree.total, other: tree.other,
            kids(i) {
                const found = [];
                if (!tree.first[i])
                    finish(tree.grow(i, Infinity));
                for (let c = tree.first[i]; c > 0 && tree.parent[c] === i; c++)
                    found.push(c);
                return found;
            },
        };
    }

    const source = () => inverted ? fromLeaves() : fromRoot();
    const open = () => opened[inverted];

    // Opens a node, and what alone or mostly stands on it.
    function openPath(from, i) {
        for (let kids = from.kids(i); kids.length; kids = from.kids(i)) {
            open().add(i);
            i = kids[0];
            if (kids.length > 1)
                break;
        }
    }

    function openHot(from) {
        for (let i = 0, kids = from.kids(0); kids.length; kids = from.kids(i)) {
            open().add(i);
            if (from.total[kids[0]] < from.total[i] / 2)
                break;
            i = kids[0];
        }
    }

    // The rows that are open, in order.
    function fill() {
        const from = source(), todo = [[0, 1]];
        list = [];
        while (todo.length) {
            const [i, level] = todo.pop(), kids = from.kids(i);
            list.push({
                i, from, frame: from.frame[i], level: () => level,
                isOpen: () => kids.length ? open().has(i) : null,
            });
            if (open().has(i))
                for (let k = kids.length - 1; k >= 0; k--)
                    todo.push([kids[k], level + 1]);
        }
    }

    // Deep levels are closer to each other, so that names stay to be seen.
    const indent = (level) => rows.width() < 600 ? 4 + 6 * Math.min(level, 8) + 2 * Math.max(0, level - 8)
        : 10 + 14 * Math.min(level, 8) + 4 * Math.max(0, level - 8);

    function nameCell(td, row) {
        const twisty = make(td, "button", "twisty"), isOpen = row.isOpen();
        td.style.paddingLeft = indent(row.level() - 1) + "px";
        twisty.type = "button";
        twisty.tabIndex = -1;
        twisty.ariaLabel = isOpen ? "Close" : "Open";
        twisty.textContent = isOpen === null ? "" : isOpen ? "\u25be" : "\u25b8";
        twisty.addEventListener("click", () => toggleRow(row, !isOpen));
        make(td, "span", model.hits() && model.hits()[row.frame] ? "found" : "").textContent =
            td.title = row.i ? model.nameOf(row.frame) : "all";
    }

    // Further columns of the profile, as far as there is room.
    function otherColumns() {
        const now = model.measure();
        if (inverted || now.other || rows.width() < 880)
            return [];
        return model.measures.map((m, i) => [m, i]).filter(([m]) => m !== now).slice(0, 3).map(([m, i]) => {
            const format = formatOf(m.column, page.given), total = (row) => model.totals(i)[row.from.node[row.i]];
            return {key: "column-" + i, title: m.label, number: true, width: 9,
                    text: (row) => format.short(total(row)), hint: (row) => format.exact(total(row))};
        });
    }

    // When each call was, as bars over the range.
    const hasSparks = () => !inverted && page.hasClock && !model.measure().column.ofNodes && rows.width() >= 880;

    function sparkColumn() {
        if (!hasSparks())
            return [];
        const spread = model.spread(), color = getComputedStyle(rows.host).getPropertyValue("--activity");
        const [from, to] = page.state().range || [0, model.timeSpan()];
        return [{key: "when", title: "When", width: 9, fill(td, row) {
            const list = spread(row.i), most = list.indexOf(Math.max(...list));
            const canvas = make(td, "canvas", ""), part = (to - from) / SPARK_BINS;
            canvas.setAttribute("aria-hidden", "true");
            td.title = "most from " + duration(from + most * part) + " to " + duration(from + (most + 1) * part);
            drawBars(canvas, list, 96, 18, color);
        }}];
    }

    function columns() {
        const all = model.all(), format = model.format();
        const self = (row) => row.from.self[row.i], total = (row) => row.from.total[row.i];
        return [
            valueColumn(page, "self", "Self", self, all), valueColumn(page, "total", "Total", total, all),
            shareColumn(page, "total", total), ...sparkColumn(), ...otherColumns(),
            ...(model.measure().other ? [{
                key: "change", title: "Change", number: true, width: 14,
                text: (row) => format.change(total(row), row.from.other[row.i], all),
            }] : []),
            {key: "name", title: inverted ? "Function and its callers" : "Call", fill: nameCell,
             value: (row) => "\u00a0".repeat(row.level() - 1) + model.nameOf(row.frame)},
        ];
    }

    function show() {
        const key = inverted + model.treeKey();
        if (key !== shownFor) { // other numbers of boxes: what was open is not known
            opened[inverted] = new Set([0]);
            openHot(source());
            shownFor = key;
        }
        toggle.textContent = inverted ? "From the root" : "From the leaves";
        fill();
        rows.show({columns: columns(), count: list.length, at: (i) => list[i], sort: null});
    }

    function toggleRow(row, to) {
        const at = list.indexOf(row);
        if (to === "all") {
            openAll(row);
        } else if (to && row.isOpen() === false) {
            openPath(row.from, row.i);
        } else if (!to && row.isOpen()) {
            open().delete(row.i);
        } else { // to the first that it calls, or to what calls it
            let next = at + 1;
            if (!to)
                for (next = at - 1; next > 0 && list[next].level() >= row.level();)
                    next--;
            if (to && row.isOpen() === null)
                return;
            rows.select(next);
            return;
        }
        show();
        rows.select(list.findIndex((r) => r.i === row.i));
    }

    const MOST_OPENED = 2000;

    function openAll(row) {
        const todo = [row.i];
        for (let n = 0; todo.length && n < MOST_OPENED; n++) {
            const i = todo.shift(), kids = row.from.kids(i);
            if (kids.length)
                open().add(i);
            todo.push(...kids);
        }
    }

    function openRow(row) {
        if (row.from.boxes)
            page.zoomToSubject();
        else
            page.openSandwich(row.frame);
    }

    return {
        id: "tree", title: "Tree", noun: "rows", needs: () => true, charts: () => [],
        build(section) {
            const bar = make(section, "div", "viewbar");
            toggle = make(bar, "button", "");
            toggle.type = "button";
            toggle.addEventListener("click", () => {
                inverted = !inverted;
                rows.selected = -1;
                page.show();
            });
            rows = makeRows(section, "Calls", "treegrid", {
                select: () => page.showSubject(),
                open: openRow,
                toggle: toggleRow,
                menu: (row, event) => page.openMenu(event),
            });
        },
        steps: () => [...page.treeSteps(),
                      () => inverted ? model.reversed.grow() : model.heavy.slowly(),
                      () => void (hasSparks() && model.spread())],
        show,
        subject() {
            const row = rows.current();
            return row && row.i ? {frame: row.frame, box: row.from.boxes ? row.i : 0,
                                   boxes: row.from.boxes, chart: null} : null;
        },
        focus: () => rows.focus(),
        frames: () => list.length,
        table: () => rows,
    };
}
