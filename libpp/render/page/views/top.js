// All functions with what they have of their own and in all, sorted by a click on a heading.

function topView(page) {
    const {model} = page, {frames} = page.profile;
    let rows, sort = {key: "self", up: false};

    function nameCell(td, row) {
        const button = make(td, "button", "name");
        button.type = "button";
        button.tabIndex = -1;
        button.textContent = button.title = model.nameOf(row.frame);
        button.addEventListener("click", () => page.openSandwich(row.frame));
    }

    function changeColumn() {
        const format = model.format(), all = model.all();
        return {
            key: "change", title: "Change", number: true, width: 14,
            value: (r) => r.total - r.other, text: (r) => format.change(r.total, r.other, all),
            hint: (r) => format.exact(r.other) + " on the other side",
        };
    }

    function columns() {
        const list = model.rows(), largest = (key) => list.reduce((m, r) => Math.max(m, r[key]), 0);
        const self = (r) => r.self, total = (r) => r.total;
        return [
            valueColumn(page, "self", "Self", self, largest("self")), shareColumn(page, "self", self),
            valueColumn(page, "total", "Total", total, largest("total")),
            shareColumn(page, "total", total),
            ...(model.measure().other ? [changeColumn()] : []),
            {key: "name", title: "Function", value: (r) => frames.names[r.frame], fill: nameCell},
            ...(rows.width() >= 880 ? places() : []),
        ];
    }

    // Where functions are, if the profile says it of any.
    function places() {
        const {modules, files, lines} = frames;
        const file = (r) => files[r.frame] && files[r.frame] + (lines[r.frame] ? ":" + lines[r.frame] : "");
        const column = (key, title, value) => ({
            key, title, width: 15, value, text: (r) => baseName(value(r)), hint: value,
        });
        return [
            ...(modules.some(Boolean) ? [column("module", "Module", (r) => modules[r.frame] || "")] : []),
            ...(files.some(Boolean) ? [column("file", "File", (r) => file(r) || "")] : []),
        ];
    }

    function sorted(list) {
        const {value} = list.find((c) => c.key === sort.key) || list[0], hits = model.hits();
        const sign = sort.up ? 1 : -1, order = (x, y) => x < y ? -1 : x > y ? 1 : 0;
        return model.rows().filter((r) => !hits || hits[r.frame]).sort((a, b) =>
            sign * order(value(a), value(b)) || b.total - a.total || a.frame - b.frame);
    }

    function show() {
        const list = columns();
        const key = model.treeKey() + JSON.stringify([sort, page.state().search, page.state().ignoreCase]);
        const found = model.keep("sorted", key, () => sorted(list));
        rows.show({columns: list, count: found.length, at: (i) => found[i], sort});
    }

    return {
        id: "top", title: "Top", noun: "functions", needs: () => true, charts: () => [],
        build(section) {
            rows = makeRows(section, "Functions", "grid", {
                sort(key) {
                    sort = {key, up: sort.key === key ? !sort.up : /name|module|file/.test(key)};
                    show();
                },
                select: () => page.showSubject(),
                open: (row) => page.openSandwich(row.frame),
                menu: (row, event) => page.openMenu(event),
            });
        },
        steps: () => [...page.treeSteps(), () => model.named.slowly(), () => void model.rows()],
        show,
        subject: () => rows.current() ? {frame: rows.current().frame} : null,
        focus: () => rows.focus(),
        frames: () => model.rows().length,
        table: () => rows,
    };
}
