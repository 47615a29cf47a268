/*
 * What changed, function by function: both sides, the difference, and whether chance alone may have
 * made it. What is said of chance was worked out by pp, for the whole comparison: under filters and
 * transforms it is not known, and not shown.
 */

const NARROW_DIFF = ["selfChange", "totalChange", "totalPercent", "name"];
const MIDDLE_DIFF = ["selfBefore", "selfAfter", "selfChange", "selfSigma", "totalChange", "totalPercent",
                     "totalSigma", "name"];
const NOISE = 0.05; // what chance makes more often than this is noise

// --- the two sides as measures ---

/*
 * Further measures of a comparison: as wide as the larger side, so that what vanished is seen, too;
 * and with the side before scaled to the sum of the other. `other` is always so that the size less
 * the other is the change.
 */
function comparedMeasures(columns) {
    const after = columns.find((c) => c.side === 2), before = after &&
        columns.find((c) => c.side === 1 && c.type === after.type && c.unit === after.unit);
    if (!before)
        return [];
    const sum = (list) => list.reduce((all, v) => all + v, 0);
    const larger = after.values.map((v, s) => Math.max(v, before.values[s]));
    const rest = larger.map((v, s) => v - (after.values[s] - before.values[s]));
    const scale = sum(after.values) / (sum(before.values) || 1);
    return [
        {column: {...after, values: larger}, other: {...before, values: rest},
         label: after.type + ", the larger side", isLarger: true},
        {column: after, other: {...before, values: before.values.map((v) => v * scale)},
         label: after.type + ", after (before scaled)"},
    ];
}

/*
 * Whether a box is on one side only: new, or vanished. Where boxes are as wide as the larger side,
 * `other` is twice the size of what vanished (comparedMeasures()).
 */
const isOneSided = ({size, other}, i, isLarger) =>
    i > 0 && size[i] > 0 && (!other[i] || (isLarger && other[i] === 2 * size[i]));

// Both sides as they are, whatever is shown of them.
function comparedTree({model, profile}) {
    const [before, after] = [1, 2].map((side) => profile.columns.find((c) => c.side === side));
    return model.keep("compared", model.selectionKey() + model.shapeKey(), () =>
        treeOf(model.shape(), model.selfOf(after), model.selfOf(before)));
}

// A scale of the colours, and both sums.
function showLegend(page) {
    const legend = part("legend"), {model} = page, {column, other} = model.measure();
    legend.hidden = !other;
    if (!other)
        return;
    const tree = column.ofNodes ? model.tree() : comparedTree(page), format = model.format();
    const sums = [tree.other[0], tree.total[0]];
    legend.replaceChildren();
    make(legend, "span", "").textContent = "before " + format.named(sums[0]) + " \u00b7 after " +
        format.named(sums[1]) + " \u00b7 " + percentOf(sums[0], sums[1]);
    make(legend, "span", "scale").textContent = "less";
    for (const part of [-1, -0.5, 0, 0.5, 1])
        make(legend, "i", "").style.background = hexOf(changeColor(part));
    make(legend, "span", "").textContent = "more";
}

function percentOf(before, after) {
    if (before === after)
        return "0.00%";
    const percent = 100 * (after - before) / Math.abs(before);
    return !before ? "new" : (percent > 0 ? "+" : "\u2212") + Math.abs(percent).toFixed(2) + "%";
}

// --- the table ---

// For each function what it has of its own and in all on both sides; recursion counts once. Iterates.
function* changedRows(tree, order, frames, changes) {
    const boxes = yield* arranging(tree, order, true), n = frames.count;
    const sums = [0, 0, 0, 0].map(() => new Float64Array(n)), until = new Int32Array(n);
    for (let i = 1; i < boxes.count; i++) {
        const f = boxes.frame[i];
        sums[0][f] += tree.otherSelf[boxes.node[i]];
        sums[1][f] += boxes.self[i];
        if (i < until[f])
            continue;
        until[f] = boxes.end[i];
        sums[2][f] += boxes.other[i];
        sums[3][f] += boxes.size[i];
    }
    const byName = new Map((changes ? changes.names : []).map((name, i) => [name, i]));
    const rows = [];
    for (let f = 1; f < n; f++) {
        const [selfBefore, selfAfter, totalBefore, totalAfter] = sums.map((list) => list[f]);
        if (selfBefore !== selfAfter || totalBefore !== totalAfter)
            rows.push({frame: f, selfBefore, selfAfter, totalBefore, totalAfter,
                       ...chanceOf(changes, byName.get(frames.names[f]))});
    }
    return rows;
}

function chanceOf(changes, i) {
    if (i === undefined)
        return {sigmaSelf: NaN, qSelf: NaN, sigmaTotal: NaN, qTotal: NaN, noise: false};
    const isNoise = (q) => !(q <= NOISE), {sigmaSelf, qSelf, sigmaTotal, qTotal, tested} = changes;
    return {sigmaSelf: sigmaSelf[i], qSelf: qSelf[i], sigmaTotal: sigmaTotal[i], qTotal: qTotal[i],
            noise: tested && isNoise(qSelf[i]) && isNoise(qTotal[i])};
}

function diffView(page) {
    const {model} = page, {frames, columns} = page.profile;
    const after = columns.find((c) => c.side === 2), before = columns.find((c) => c.side === 1);
    let rows, hint, onlySure, sort = {key: "selfChange", up: false};

    const isWhole = () => !page.isPartial();
    const list = model.keepSlow("changed", () => model.selectionKey() + model.shapeKey(), () => {
        const tree = comparedTree(page);
        return changedRows(tree, model.orderOf(tree), frames, isWhole() ? page.changes : null);
    });

    // --- columns ---

    const sigmaText = (v) => Number.isFinite(v) ? v.toFixed(1).replace("-", "\u2212") : "";
    const qText = (v) => !Number.isFinite(v) ? "" : v && v < 0.0001 ? "<0.0001" : v.toFixed(4);

    function sideColumns(name, title, valueBefore, valueAfter, sigma, q) {
        const format = model.format(), delta = (r) => valueAfter(r) - valueBefore(r);
        const signed = (v) => (v > 0 ? "+" : v < 0 ? "\u2212" : "") + format.short(Math.abs(v));
        const plain = (key, head, value) => ({
            key: name + key, title: title + head, number: true, width: 8, value,
            text: (r) => format.short(value(r)), hint: (r) => format.exact(value(r)),
        });
        return [
            plain("Before", " before", valueBefore), plain("After", " after", valueAfter),
            {key: name + "Change", title: title + " \u0394", number: true, width: 8, value: delta,
             order: (r) => Math.abs(delta(r)), text: (r) => signed(delta(r)),
             hint: (r) => format.exact(delta(r))},
            {key: name + "Percent", title: "\u0394 %", number: true, width: 7,
             value: (r) => 100 * delta(r) / Math.abs(valueBefore(r)),
             text: (r) => percentOf(valueBefore(r), valueAfter(r))},
            ...(page.changes && page.changes.tested ? [
                {key: name + "Sigma", title: "\u03c3", number: true, width: 5, value: sigma,
                 text: (r) => sigmaText(sigma(r)), hint: () => "in standard errors of sampling"},
                {key: name + "Q", title: "q", number: true, width: 5.5, value: q,
                 text: (r) => qText(q(r)),
                 hint: () => "the rate of false discoveries at which it would count"},
            ] : []),
        ];
    }

    function nameCell(td, row) {
        const button = make(td, "button", "name");
        button.type = "button";
        button.tabIndex = -1;
        button.textContent = button.title = model.nameOf(row.frame);
        td.classList.toggle("noise", row.noise);
        button.addEventListener("click", () => page.openSandwich(row.frame));
        const kind = !row.totalBefore ? "new" : !row.totalAfter ? "vanished" : row.noise ? "noise" : "";
        if (kind)
            make(td, "span", "kind").textContent = kind;
    }

    const columnsShown = () => [
        ...sideColumns("self", "Self", (r) => r.selfBefore, (r) => r.selfAfter,
                       (r) => r.sigmaSelf, (r) => r.qSelf),
        ...sideColumns("total", "Total", (r) => r.totalBefore, (r) => r.totalAfter,
                       (r) => r.sigmaTotal, (r) => r.qTotal),
        {key: "name", title: "Function", value: (r) => frames.names[r.frame], fill: nameCell},
    ];

    function sorted(shown) {
        const column = shown.find((c) => c.key === sort.key), value = column.order || column.value;
        const sign = sort.up ? 1 : -1, hits = model.hits();
        const order = (x, y) => x < y ? -1 : x > y ? 1 : 0;
        return list().filter((r) => (!hits || hits[r.frame]) && !(onlySure.checked && r.noise))
            .sort((a, b) => a.noise - b.noise || sign * order(value(a), value(b)) ||
                Math.abs(b.totalAfter - b.totalBefore) - Math.abs(a.totalAfter - a.totalBefore));
    }

    function show() {
        const shown = columnsShown(), found = sorted(shown), noise = list().filter((r) => r.noise).length;
        rows.show({columns: fitting(rows, shown, NARROW_DIFF, MIDDLE_DIFF, 1300), count: found.length, at: (i) => found[i], sort});
        hint.textContent = grouped(list().length) + " functions changed" +
            (noise ? ", " + grouped(noise) + " of them by no more than chance makes" : "") +
            (page.changes && page.changes.tested && !isWhole()
                ? ". What chance makes is known of the whole comparison only." : "");
        onlySure.parentElement.hidden = !noise;
    }

    return {
        id: "diff", title: "Diff", noun: "functions that changed",
        needs: () => Boolean(after && before), charts: () => [],
        build(section) {
            const line = make(section, "p", "choices"), label = make(line, "label", "");
            onlySure = make(label, "input", "");
            onlySure.type = "checkbox";
            label.append(" Hide noise ");
            hint = make(line, "span", "hint");
            onlySure.addEventListener("change", show);
            rows = makeRows(section, "Functions that changed", "grid", {
                sort(key) {
                    sort = {key, up: sort.key === key ? !sort.up : key === "name"};
                    show();
                },
                select: () => page.showSubject(),
                open: (row) => page.openSandwich(row.frame),
                menu: (row, event) => page.openMenu(event),
            });
        },
        steps: () => [() => model.shape(), () => model.tree(), () => list.slowly()],
        show,
        subject: () => rows.current() ? {frame: rows.current().frame} : null,
        focus: () => rows.focus(),
        frames: () => list().length,
        table: () => rows,
    };
}
