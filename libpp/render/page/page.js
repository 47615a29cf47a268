/*
 * What the user works with. All that is looked at is in `state`; change() sets some of it and
 * shows the rest anew. What takes long to make is kept as long as what it is made from is the same.
 */

const app = part("app"), given = app.dataset;

// Set once, by begin(): the profile comes when it is unpacked.
let profile, times, frames, measures, ranks, initial, state;
let graph, callers, callees, charts, table;

function beginState() {
    ({frames} = profile);
    measures = measuresOf(profile.columns);
    ranks = rankNames(frames.names);
    initial = {
        view: "graph", order: given.order, measure: Number(given.column), zoom: "", search: "",
        ignoreCase: false, down: given.down === "1", picked: "", filters: new Map(),
    };
    if (initial.order === "time" && !times)
        initial.order = "name";
    state = {...initial};
}

// --- numbers ---

const factor = Number(given.factor) / 1e6;
const measure = () => measures[state.measure] || measures[0];

function grouped(v) {
    return v.toLocaleString("en", {maximumFractionDigits: 9});
}

// The number that `v`, as it is stored, stands for.
function valueOf(v) {
    const {decimals} = measure().column;
    return v * factor / 10 ** decimals;
}

function unitName() {
    const {type, unit} = measure().column;
    return given.count || (unit === "count" || !unit ? type : unit);
}

const STEPS = {
    nanoseconds: [["ns", 1], ["\u00b5s", 1e3], ["ms", 1e6], ["s", 1e9], ["min", 6e10], ["h", 3.6e12]],
    microseconds: [["\u00b5s", 1], ["ms", 1e3], ["s", 1e6], ["min", 6e7], ["h", 3.6e9]],
    milliseconds: [["ms", 1], ["s", 1e3], ["min", 6e4], ["h", 3.6e6]],
    bytes: [["B", 1], ["KiB", 2 ** 10], ["MiB", 2 ** 20], ["GiB", 2 ** 30], ["TiB", 2 ** 40]],
};

// "1.25 s" for 1250000000 nanoseconds; numbers of other units in full.
function short(v) {
    const steps = !given.count && STEPS[measure().column.unit], value = valueOf(v);
    if (!steps)
        return grouped(value);
    const [name, size] = steps.findLast((step) => Math.abs(value) >= step[1]) || steps[0];
    return (value / size).toLocaleString("en", {maximumSignificantDigits: 4}) + " " + name;
}

function exact(v) {
    return grouped(valueOf(v)) + " " + unitName();
}

function share(part) {
    return (100 * (part || 0)).toFixed(2) + "%";
}

// "+1.25 s (+3.10%)": how much more there is after than before, of all.
function changeText(v, other, all) {
    const isBefore = measure().column.side === 1;
    const before = isBefore ? v : other, after = isBefore ? other : v;
    const sign = after > before ? "+" : after < before ? "\u2212" : "";
    const size = Math.abs(after - before), kind = !before ? ", new" : !after ? ", gone" : "";
    return sign + short(size) + " (" + sign + share(size / all) + ")" + kind;
}

// --- what is made from the profile, and kept ---

const kept = new Map();

function keep(what, from, makeIt) {
    const old = kept.get(what);
    if (old && old.from === from)
        return old.made;
    const made = makeIt();
    kept.set(what, {from, made});
    return made;
}

const treeKey = () => state.measure + JSON.stringify(Array.from(state.filters));
const passes = () => passing(profile.labels, state.filters);
const tree = () => keep("tree", treeKey(), () => stackTree(profile, measure(), passes()));
const order = () => keep("order", "", () => byName(tree(), ranks));
const namedBoxes = () => keep("named", treeKey(), () => arrange(tree(), order(), true));

function makeBoxes() {
    if (state.order === "weight")
        return arrange(tree(), byWeight(tree()), false);
    if (state.order === "time")
        return timeBoxes(profile, times, measure(), passes());
    if (state.order === "callers")
        return heaviestFirst(reversedTree(tree()));
    return namedBoxes();
}

const boxes = () => keep("boxes", state.order + treeKey(), makeBoxes);
const rows = () => keep("rows", treeKey(), () => functionRows(namedBoxes(), frames));

function heaviestFirst(grown) {
    return arrange(grown, byWeight({total: Float64Array.from(grown.total)}), false);
}

const nameWithMark = (f) => frames.names[f] + (frames.marks[f] ? " [" + frames.marks[f] + "]" : "");

// The frame that the sandwich is of; 0 if there is none.
function pickedFrame() {
    return state.picked ? Math.max(0, frames.names.findIndex((n, f) =>
        f && nameWithMark(f) === state.picked)) : 0;
}

const sandwich = () => keep("sandwich", state.picked + "\n" + treeKey(), () => ({
    callers: heaviestFirst(callersOf(tree(), pickedFrame())),
    callees: heaviestFirst(calleesOf(tree(), order(), pickedFrame())),
}));

// What was searched for: null if nothing was, or what is no pattern.
function hits() {
    return keep("hits", state.search + "\n" + state.ignoreCase, () => {
        try {
            return state.search ? matchNames(frames, state.search, state.ignoreCase) : null;
        } catch (error) {
            return null;
        }
    });
}

// --- the details of a box ---

function describe(list, i) {
    const all = tree().total[0], size = list.size[i];
    let text = nameWithMark(list.frame[i]) + ": " + short(size) + " (" + share(size / all) + ")";
    if (list.self[i] && list.self[i] !== size)
        text += ", self " + short(list.self[i]);
    if (list.other)
        text += ", change " + changeText(size, list.other[i], all);
    return text;
}

function describeInFull(list, i) {
    const all = tree().total[0], size = list.size[i];
    const unit = short(size) === grouped(valueOf(size)) ? "" : ", " + exact(size);
    const self = ", self " + short(list.self[i]) + " (" + share(list.self[i] / all) + ")";
    const other = list.other ? ", change " + changeText(size, list.other[i], all) : "";
    return nameWithMark(list.frame[i]) + " \u2014 " +
        (unit ? short(size) : exact(size)) + ", " + share(size / all) + unit + self + other;
}

let current = null; // the chart that was last worked with

function showDetails(chart, i) {
    part("details").textContent = chart.boxes ? describeInFull(chart.boxes, i) : "";
}

function currentFrame() {
    return current && current.boxes ? current.boxes.frame[current.at] : 0;
}

function showActions() {
    const none = currentFrame() === 0;
    part("to-sandwich").disabled = none;
    part("copy").disabled = none;
}

const on = {
    select(chart, i) {
        current = chart;
        showDetails(chart, i);
        showActions();
    },
    hover(chart, i) {
        if (i >= 0)
            showDetails(chart, i);
        else if (current)
            showDetails(current, current.at);
    },
    zoom(chart, i) {
        current = chart;
        chart.zoomTo(i);
        if (chart === graph)
            change({zoom: keyOfBox(chart.boxes, frames.names, i)});
        showMatched();
    },
};

const isTurned = () => (measure().column.side === 1) !== (given.negate === "1");
function beginCharts() {
    const paint = makePaint(frames, parseInt(given.found.slice(1), 16), isTurned);
    const chart = (id, label) => {
        part(id).setAttribute("aria-label", label);
        return makeChart(part(id), frames, paint, describe, on);
    };
    graph = chart("graph", "Graph of all stacks");
    callers = chart("callers", "Callers");
    callees = chart("callees", "Callees");
    charts = [graph, callers, callees];
    table = makeTable(frames, (frame) => change({view: "sandwich", picked: nameWithMark(frame)}));
}

// --- showing the state ---

function showTabs() {
    for (const tab of part("tabs").children) {
        const shown = tab.dataset.view === state.view;
        tab.setAttribute("aria-selected", shown);
        tab.tabIndex = shown ? 0 : -1;
        part("view-" + tab.dataset.view).hidden = !shown;
    }
}

function showControls() {
    const typing = document.activeElement === part("search");
    part("order").value = state.order;
    part("order-label").hidden = state.view !== "graph";
    part("invert").hidden = state.view !== "graph";
    part("line").hidden = state.view === "table";
    part("column").value = state.measure;
    part("case").setAttribute("aria-pressed", state.ignoreCase);
    part("invert").setAttribute("aria-pressed", state.down);
    if (!typing)
        part("search").value = state.search;
    for (const select of part("filters").querySelectorAll("select"))
        select.value = state.filters.has(select.dataset.key)
            ? "=" + state.filters.get(select.dataset.key) : "";
}

function showGraph() {
    const list = boxes();
    if (graph.boxes !== list || graph.down !== state.down)
        graph.show(list, state.down);
    const zoom = boxOfKey(list, frames.names, state.zoom);
    if (zoom !== graph.zoom)
        graph.zoomTo(zoom);
    part("unzoom").disabled = graph.zoom === 0;
    if (!current || current === graph)
        on.select(graph, graph.at);
}

function showSandwich() {
    const frame = pickedFrame(), row = rows().find((r) => r.frame === frame);
    const all = tree().total[0];
    part("pick").hidden = frame !== 0;
    for (const element of part("view-sandwich").querySelectorAll("h2, h3, .chart"))
        element.hidden = !frame;
    part("unzoom").disabled = !frame || (callers.zoom === 0 && callees.zoom === 0);
    if (!frame)
        return;
    part("function").textContent = nameWithMark(frame) + " \u2014 total " +
        short(row ? row.total : 0) + " (" + share(row ? row.total / all : 0) + "), self " +
        short(row ? row.self : 0) + " (" + share(row ? row.self / all : 0) + ")";
    if (callers.boxes === sandwich().callers)
        return;
    callers.show(sandwich().callers, false);
    callees.show(sandwich().callees, true);
    on.select(callees, 0);
}

function showTable() {
    const format = {short, exact, share, change: changeText};
    part("unzoom").disabled = true;
    table.show(rows(), {
        format, all: tree().total[0], compared: Boolean(measure().other), hits: hits(),
    });
}

function resultOfSearch() {
    if (!state.search)
        return "";
    if (!hits())
        return "not a pattern";
    const chart = state.view === "sandwich" ? callees : graph;
    const list = state.view === "table" ? namedBoxes() : chart.boxes;
    const zoom = state.view === "table" ? 0 : chart.zoom;
    if (!list)
        return "";
    const sum = matchedSizes(list, hits(), zoom);
    const names = hits().reduce((n, hit) => n + hit, 0);
    if (!sum.boxes)
        return "no match";
    return share(sum.all / list.size[0]) + " matched" +
        (zoom ? ", " + share(sum.zoomed / list.size[zoom]) + " of the zoomed" : "") +
        " (" + grouped(names) + (names === 1 ? " name)" : " names)");
}

function showMatched() {
    part("matched").textContent = resultOfSearch();
    part("next").disabled = !hits() || state.view === "table";
}

function showFoot() {
    const list = state.view === "graph" ? boxes() : namedBoxes(), left = [];
    if (profile.columns.some((c) => c.values.some((v) => v < 0)))
        left.push("values below 0 are drawn by their size");
    if (state.view === "sandwich" || state.order === "callers")
        left.push("callers and callees of less than 1/20,000 are left out");
    part("foot").textContent = grouped(list.count - 1) + " frames; those narrower than half a " +
        "pixel show when zoomed to" + left.map((text) => "; " + text).join("");
    part("summary").textContent = exact(tree().total[0]) +
        (short(tree().total[0]).includes(" ") ? " (" + short(tree().total[0]) + ")" : "") +
        (state.filters.size ? ", filtered" : "");
}

function show() {
    showTabs();
    showControls();
    ({graph: showGraph, sandwich: showSandwich, table: showTable})[state.view]();
    charts.forEach((chart) => chart.set({hits: hits()}));
    showMatched();
    showFoot();
    showActions();
}

// --- changing it ---

function saveLink(replace) {
    const text = linkOf(state, initial), to = "#" + text;
    try {
        if (text === location.hash.slice(1))
            return;
        if (replace)
            history.replaceState(null, "", to);
        else
            history.pushState(null, "", to);
    } catch (error) {
        // Embedded where links are not ours to change.
    }
}

function change(values, replace = false) {
    Object.assign(state, values);
    show();
    saveLink(replace);
}

function followLink() {
    state = stateOf(location.hash.slice(1), initial);
    if (!measures[state.measure])
        state.measure = initial.measure;
    if (!part("view-" + state.view))
        state.view = "graph";
    if (!Array.from(part("order").options).some((option) => option.value === state.order))
        state.order = initial.order;
    show();
}

function resetZoom() {
    if (state.view === "graph") {
        change({zoom: ""});
        return;
    }
    callers.zoomTo(0);
    callees.zoomTo(0);
    show();
}

function escape() {
    if (state.search)
        change({search: ""});
    else
        resetZoom();
    part("search").value = state.search;
    if (document.activeElement === part("search"))
        (current || graph).host.focus();
}

function toSandwich() {
    const frame = currentFrame();
    change(frame ? {view: "sandwich", picked: nameWithMark(frame)} : {view: "sandwich"});
}

function toMatch(step) {
    const chart = state.view === "sandwich" ? callees : graph;
    const found = hits() && chart.boxes ? nextMatch(chart.boxes, hits(), chart.at, step) : -1;
    if (found < 0)
        return;
    // A match that is too narrow, or not of what is zoomed to, is shown by zooming to it.
    chart.select(found);
    if (!chart.drawnWide(found))
        on.zoom(chart, found);
}

function copyOldWay(text) {
    const area = make(document.body, "textarea", "mirror");
    area.value = text;
    area.select();
    document.execCommand("copy");
    area.remove();
}

async function copyName() {
    const frame = currentFrame();
    if (!frame)
        return;
    try {
        await navigator.clipboard.writeText(frames.names[frame]);
    } catch (error) {
        copyOldWay(frames.names[frame]);
    }
    part("details").textContent = "Copied: " + frames.names[frame];
}

function focusSearch() {
    part("search").focus();
    part("search").select();
}

const KEYS = {
    "/": focusSearch,
    "?": () => part("help").showModal(),
    "0": resetZoom,
    "Escape": escape,
    "i": () => change({down: !state.down}),
    "s": toSandwich,
    "g": () => change({view: "graph"}),
    "t": () => change({view: "table"}),
    "c": copyName,
    "n": () => toMatch(1),
    "N": () => toMatch(-1),
};

function onKey(event) {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    const find = (event.ctrlKey || event.metaKey) && event.key === "f" && state.view !== "table";
    if (part("help").open)
        return;
    if (find)
        focusSearch();
    else if (event.ctrlKey || event.altKey || event.metaKey || !Object.hasOwn(KEYS, event.key))
        return;
    else if (!typing || event.key === "Escape")
        KEYS[event.key]();
    else
        return;
    event.preventDefault();
}

// --- the controls ---

function option(select, value, text) {
    const element = make(select, "option", "");
    element.value = value;
    element.textContent = text;
}

const MOST_CHOICES = 500; // of the values of a label

function addFilter(key, values) {
    const label = make(part("filters"), "label", "");
    label.append(key + " ");
    const select = make(label, "select", "");
    select.dataset.key = key;
    option(select, "", "all");
    values.slice(0, MOST_CHOICES).forEach((value) => option(select, "=" + value, value));
    select.addEventListener("change", () => {
        const filters = new Map(state.filters);
        if (select.value)
            filters.set(key, select.value.slice(1));
        else
            filters.delete(key);
        change({filters});
    });
}

function fillControls() {
    if (times)
        option(part("order"), "time", "by time");
    measures.forEach((m, i) => option(part("column"), i, m.label));
    part("column-label").hidden = measures.length < 2;
    for (const [key, values] of labelChoices(profile, measure()))
        if (values.length > 1)
            addFilter(key, values);
    part("subtitle").hidden = !part("subtitle").textContent;
    part("notes").hidden = !part("notes").textContent;
}

function moveTab(event) {
    const tabs = Array.from(part("tabs").children);
    const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (!step)
        return;
    const to = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
    change({view: to.dataset.view});
    to.focus();
}

function listen() {
    for (const tab of part("tabs").children)
        tab.addEventListener("click", () => change({view: tab.dataset.view}));
    part("tabs").addEventListener("keydown", moveTab);
    part("order").addEventListener("change", () => change({order: part("order").value}));
    part("column").addEventListener("change", () =>
        change({measure: Number(part("column").value)}));
    part("invert").addEventListener("click", () => change({down: !state.down}));
    part("case").addEventListener("click", () => change({ignoreCase: !state.ignoreCase}));
    part("search").addEventListener("input", () => change({search: part("search").value}, true));
    part("search").addEventListener("keydown", (event) => {
        if (event.key === "Enter")
            toMatch(event.shiftKey ? -1 : 1);
    });
    part("next").addEventListener("click", () => toMatch(1));
    part("unzoom").addEventListener("click", resetZoom);
    part("to-sandwich").addEventListener("click", toSandwich);
    part("copy").addEventListener("click", copyName);
    part("help-button").addEventListener("click", () => part("help").showModal());
    document.addEventListener("keydown", onKey);
    window.addEventListener("popstate", followLink);
    window.addEventListener("hashchange", followLink);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
        charts.forEach((chart) => chart.redraw()));
}

async function begin() {
    profile = await readProfile(part("data").content.textContent.trim());
    part("data").remove();
    times = await profile.times();
    beginState();
    beginCharts();
    app.hidden = false;
    fillControls();
    listen();
    followLink();
}

begin().catch((error) => {
    part("summary").textContent = error.message;
    throw error;
});
