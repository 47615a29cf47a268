/*
 * A series of heap dumps: what each stack does over them, and how much that will come to. The flame
 * graph and all that is made from it can be of any dump, or of two of them compared.
 */

const NARROW_LEAKS = ["trend", "spark", "name"];
const MIDDLE_LEAKS = ["trend", "spark", "loss", "first", "last", "name"];
const LEAK_FIELDS = ["growth", "growthError", "growthPerSecond", "loss", "lossError", "fit", "grew",
                     "first", "last", "since"];

// --- a dump, or two, as a measure ---

/*
 * The measure that `text` of the state names: "3" is the fourth dump, "1-5" the sixth compared with
 * the second. null for what is no dump.
 */
function dumpMeasure(profile, series, text) {
    const found = /^(\d+)(?:-(\d+))?$/.exec(text), numbers = found && found.slice(1).filter(Boolean);
    if (!found || numbers.some((n) => Number(n) >= series.dumps.length))
        return null;
    const side = (number, kind) => {
        const nodes = new Float64Array(profile.nodes.count), [column] = profile.columns;
        series.rows.forEach((row, r) => {
            nodes[row.node] += series.values[r * series.dumps.length + number] * 10 ** column.decimals;
        });
        return {...column, side: kind, ofNodes: nodes};
    };
    const [from, to] = numbers.map(Number);
    return to === undefined ? {column: side(from, 0), other: null, label: series.dumps[from].name}
        : {column: side(to, 2), other: side(from, 1), label: "growth"};
}

// --- a line of what a row was in each dump ---

function drawSpark(canvas, values, color) {
    const w = 120, h = 20, context = clearedCanvas(canvas, w, h), most = Math.max(...values) || 1;
    context.strokeStyle = color;
    context.lineWidth = 1.5;
    context.beginPath();
    values.forEach((v, i) => {
        const x = 2 + i / Math.max(1, values.length - 1) * (w - 4), y = h - 2 - v / most * (h - 4);
        if (i)
            context.lineTo(x, y);
        else
            context.moveTo(x, y);
    });
    context.stroke();
}

function leaksView(page) {
    const {model} = page, {frames, nodes} = page.profile, {series} = page;
    let rows, picks, trend, sort = {key: "trend", up: true}; // what grows first

    const n = () => series.dumps.length;
    const valuesOf = (row) => series.values.subarray(row.index * n(), (row.index + 1) * n());
    const leafOf = (row) => nodes.frame[row.node];
    const stackText = (row) => pathTo(nodes, row.node).map((i) => frames.names[nodes.frame[i]]);

    // --- columns ---

    // A value of the column's unit that need not be whole.
    const [column] = page.profile.columns, format = formatOf(column, {factor: 1e6, count: ""});
    const short = (v) => {
        const digits = Math.max(0, 4 - Math.ceil(Math.log10(Math.abs(v) + 1))), scale = 10 ** digits;
        return Number.isFinite(v) ? format.short(Math.round(v * scale) / scale * 10 ** column.decimals) : "";
    };
    const withError = (v, error) => short(v) + (Number.isFinite(error) ? " \u00b1 " + short(error) : "");

    function nameCell(td, row) {
        const button = make(td, "button", "name"), stack = stackText(row);
        button.type = "button";
        button.tabIndex = -1;
        button.textContent = [...stack].reverse().join(" < ");
        button.title = stack.join("\n");
        button.addEventListener("click", () => page.openSandwich(leafOf(row)));
    }

    const simple = (key, title, width, text) =>
        ({key, title, number: true, width, value: (r) => r[key], text});

    const columns = () => [
        {key: "trend", title: "Trend", width: 7, value: (r) => r.trend,
         text: (r) => series.trends[r.trend]},
        {key: "spark", title: "Dumps", width: 11,
         fill(td, row) {
             const canvas = make(td, "canvas", "");
             canvas.setAttribute("role", "img");
             canvas.setAttribute("aria-label", Array.from(valuesOf(row), short).join(", "));
             td.title = Array.from(valuesOf(row), (v, i) => series.dumps[i].name + ": " + short(v)).join("\n");
             drawSpark(canvas, Array.from(valuesOf(row)), getComputedStyle(td).color);
         }},
        simple("loss", "Loss", 12, (r) => withError(r.loss, r.lossError)),
        simple("growth", "Growth per dump", 12, (r) => withError(r.growth, r.growthError)),
        simple("first", "First", 7, (r) => short(r.first)),
        simple("last", "Last", 7, (r) => short(r.last)),
        simple("since", "Since", 4, (r) => grouped(r.since)),
        simple("grew", "Steps", 4, (r) => grouped(r.grew) + "/" + (n() - 1)),
        simple("fit", "R\u00b2", 4.5, (r) => Number.isFinite(r.fit) ? r.fit.toFixed(2) : ""),
        {key: "name", title: "Stack, from the leaf", value: (r) => frames.names[leafOf(r)], fill: nameCell},
    ];

    // --- what the flame graph is of ---

    function option(select, value, text) {
        const element = make(select, "option", "");
        element.value = value;
        element.textContent = text;
    }

    function choose(host, label) {
        const element = make(host, "label", "");
        element.append(label + " ");
        return make(element, "select", "");
    }

    function buildChoices(section) {
        const line = make(section, "p", "choices");
        const of = choose(line, "Other views show"), base = choose(line, "compared with");
        option(of, "", "what will be lost");
        option(base, "", "nothing");
        series.dumps.forEach(({name}, i) => [of, base].forEach((select) => option(select, i, name)));
        picks = [of, base];
        for (const select of picks)
            select.addEventListener("change", () => page.change({
                dumps: !of.value ? "" : base.value ? base.value + "-" + of.value : of.value,
            }));
        trend = choose(line, "Trend");
        option(trend, "", "all");
        series.trends.forEach((name, i) => {
            const count = series.rows.filter((row) => row.trend === i).length;
            if (count)
                option(trend, i, name + " (" + grouped(count) + ")");
        });
        trend.addEventListener("change", show);
    }

    function sorted(list) {
        const {value} = list.find((c) => c.key === sort.key), sign = sort.up ? 1 : -1;
        const order = (x, y) => x < y ? -1 : x > y ? 1 : 0, hits = model.hits();
        const isHit = (row) => !hits || pathTo(nodes, row.node).some((i) => hits[nodes.frame[i]]);
        return series.rows.filter((r) => isHit(r) && (!trend.value || r.trend === Number(trend.value)))
            .sort((a, b) => sign * order(value(a), value(b)) || a.index - b.index);
    }

    function show() {
        const list = columns(), found = sorted(list), [first, second] = page.state().dumps.split("-");
        rows.show({columns: fitting(rows, list, NARROW_LEAKS, MIDDLE_LEAKS, 1200), count: found.length, at: (i) => found[i], sort});
        picks[0].value = second ?? first ?? "";
        picks[1].value = second === undefined ? "" : first;
    }

    return {
        id: "leaks", title: "Leaks", noun: "stacks", needs: () => Boolean(series), charts: () => [],
        build(section) {
            buildChoices(section);
            rows = makeRows(section, "Stacks over the dumps", "grid", {
                sort(key) {
                    sort = {key, up: sort.key === key ? !sort.up : key === "name" || key === "trend"};
                    show();
                },
                select: () => page.showSubject(),
                open: (row) => page.openSandwich(leafOf(row)),
                menu: (row, event) => page.openMenu(event),
            });
        },
        steps: () => [() => model.shape(), () => void model.tree()],
        show,
        subject: () => rows.current() ? {frame: leafOf(rows.current())} : null,
        focus: () => rows.focus(),
        frames: () => series.rows.length,
        table: () => rows,
    };
}
