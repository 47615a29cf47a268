/*
 * The page: one object that views, controls and commands are given. All that is looked at is in its
 * state (state.js); change() sets some of it, and show() makes the screen from it.
 */

// A view is a file in views/ and a line here, in the order of the tabs.
const VIEWS = [flameView, treeView, topView, sandwichView, graphView, timelineView, heatView, labelsView,
               diffView, leaksView, sourceView, asmView, aboutView];

const OLD_VIEWS = {graph: "flame", table: "top"}; // in links of before

const page = {};

function initialState(given) {
    const byTime = given.order === "time", isChart = byTime && page.hasClock;
    return {
        view: isChart ? "timeline" : "flame",
        order: byTime && (isChart || !page.times) ? "name" : given.order,
        down: given.down === "1", measure: Number(given.column),
        range: null, threads: null, filters: [], transforms: [],
        zoom: "", window: "", callersZoom: "", calleesZoom: "", picked: "", dumps: "",
        search: "", ignoreCase: false, side: false, nodes: 40, laneDepth: 0,
    };
}

// What a link says, with what is not there now as at the beginning.
function saneState(text, initial) {
    const state = stateOf(text, initial);
    state.view = Object.hasOwn(OLD_VIEWS, state.view) && !page.view(state.view)
        ? OLD_VIEWS[state.view] : state.view;
    if (!page.view(state.view))
        state.view = initial.view;
    state.nodes = Math.max(1, Math.min(120, Math.round(state.nodes)));
    state.laneDepth = Math.max(0, Math.min(1000, Math.round(state.laneDepth)));
    if (!page.model.measures[state.measure])
        state.measure = initial.measure;
    if (state.dumps && !(page.series && dumpMeasure(page.profile, page.series, state.dumps)))
        state.dumps = "";
    if (!page.orders().some(([order]) => order === state.order))
        state.order = initial.order;
    return state;
}

// --- charts ---

function beginCharts(given) {
    const {model, profile: {frames}} = page, speech = makeSpeech(page), tip = makeTip();
    const isTurned = () => (model.measure().column.side === 1) !== (given.negate === "1");
    const look = {
        frames, say: speech.say,
        oneSided: (boxes, i) => isOneSided(boxes, i, model.measure().isLarger),
        paint: makePaint(frames, parseInt(given.found.slice(1), 16), isTurned),
    };
    let windowTimer = 0;
    page.look = look;

    const stateOfZoom = (chart) => ({
        [chart.zoomName]: keyOfBox(chart.boxes, frames.names, chart.zoom),
        ...(chart.zoomName === "zoom" ? {window: chart.windowText()} : {}),
    });

    const on = {
        select(chart, i, by) {
            page.current = chart;
            page.showSubject();
            if (by === "key")
                part("status").textContent = speech.say(chart.boxes, i);
        },
        hover(chart, place, event) {
            chart.hover(place);
            if (place && event.pointerType !== "touch")
                tip.show(speech.sayAtPointer(chart.boxes, place, chart.zoom), event.clientX, event.clientY);
            else
                tip.hide();
            page.showDetails(place && !place.run ? [chart, place.box] : null);
        },
        zoom(chart, i) {
            tip.hide();
            page.zoomTo(chart, i);
        },
        // Moving it is no step of its own, and the address need not follow each pixel.
        window(chart) {
            clearTimeout(windowTimer);
            windowTimer = setTimeout(() => page.change(stateOfZoom(chart), true), 150);
            page.controls.showCrumbs();
        },
        menu(chart, i, event) {
            tip.hide();
            if (i >= 0)
                chart.select(i);
            page.openMenu(event);
        },
        drawn(chart) {
            page.showFoot();
            if (chart.minimap)
                chart.minimap.show();
        },
    };

    // A chart in `section`; `zoomName` is where the state has what it is zoomed to.
    page.chart = (section, id, label, zoomName) => {
        const host = make(section, "div", "chart");
        host.id = id;
        host.setAttribute("aria-label", label);
        return Object.assign(makeChart(host, look, on), {zoomName});
    };
    page.minimap = (section, chart) => {
        chart.minimap = makeMinimap(section, chart, look, on.window);
    };

    // Zooming from match to match is one step to go back by, however many there are.
    page.zoomTo = (chart, i, toMatch = false) => {
        const replace = toMatch && page.zoomedToMatch;
        page.zoomedToMatch = toMatch;
        page.current = chart;
        chart.zoomTo(i);
        page.change(stateOfZoom(chart), replace);
    };

    // Shows boxes in a chart, zoomed as the state says.
    page.showBoxes = (chart, boxes, down) => {
        const state = page.state(), window = chart.zoomName === "zoom" ? state.window : "";
        const zoom = boxOfKey(boxes, frames.names, state[chart.zoomName]);
        if (chart.boxes !== boxes || chart.down !== down)
            chart.show(boxes, down);
        if (window && chart.windowText() !== window) {
            const [low, high] = window.split("-").map((part) => Number(part) * boxes.size[0]);
            chart.look(low || 0, high || boxes.size[0]);
        } else if (!window && (zoom !== chart.zoom || chart.windowText())) {
            chart.zoomTo(zoom);
        }
        chart.set({hits: model.hits()});
    };

    page.showDetails = (place) => {
        const [chart, i] = place || [page.current, page.current ? page.current.at : 0];
        part("details").textContent = chart && chart.boxes && page.charts().includes(chart)
            ? speech.sayInFull(chart.boxes, i) : "";
    };
}

// --- what is worked with ---

page.state = () => page.store.now;
page.view = (id) => page.views.find((view) => view.id === id);
page.shown = () => page.view(page.state().view);
page.charts = () => page.shown().charts();
page.orders = () => [["name", "by name"], ["weight", "left heavy"], ["callers", "callers"],
                     ...(page.times && !page.hasClock ? [["time", "by time"]] : [])];

// The chart that was last worked with, of those that are shown.
page.chartShown = () => page.charts().includes(page.current) ? page.current : page.charts()[0] || null;

// {frame, box, boxes, chart}: what commands are about; frame 0 for nothing.
const nothing = {frame: 0, box: 0, boxes: null, chart: null};

page.subject = () => {
    const view = page.shown(), chart = page.chartShown();
    if (view.subject)
        return view.subject() || nothing;
    return chart && chart.boxes
        ? {frame: chart.boxes.frame[chart.at], box: chart.at, boxes: chart.boxes, chart} : nothing;
};

page.showSubject = () => {
    page.showDetails(null);
    page.showSide();
    part("actions").disabled = page.subject().frame === 0;
};

// The names of a box and of all that it stands on, from the root.
page.stackOf = ({boxes, box}) => {
    const names = [];
    for (let i = box; i > 0; i = boxes.parent[i])
        names.unshift(page.profile.frames.names[boxes.frame[i]]);
    return names;
};

// --- showing ---

// The steps that all views begin with.
page.treeSteps = () => [() => page.model.shape.slowly(), () => void page.model.tree(),
                        () => page.state().transforms.length ? page.model.ranks.slowly() : null,
                        () => void page.model.order()];

page.showFoot = () => {
    const charts = page.charts(), sum = (what) => charts.reduce((n, c) => n + c[what], 0);
    const texts = [grouped(page.shown().frames()) + " " + (page.shown().noun || "frames")];
    if (charts.length)
        texts.push(grouped(sum("drawn")) + " drawn");
    if (sum("narrow"))
        texts.push(grouped(sum("narrow")) + " narrower than half a pixel, as stripes");
    if (page.hasNegative)
        texts.push("values below 0 are drawn by their size");
    part("foot").textContent = texts.join(" \u00b7 ");
};

function showView() {
    const view = page.shown();
    part("side").hidden = !page.state().side; // before views see how wide they are
    view.show();
    if (!page.charts().includes(page.current))
        page.current = page.charts()[0] || null;
    page.controls.show();
    page.controls.showCrumbs();
    page.showMatched();
    page.showSubject();
    page.showFoot();
    showLegend(page);
    if (page.overview)
        page.overview.draw();
}

// Work that the view needs comes first.
page.show = () => {
    page.model.state = page.state();
    page.controls.showTabs();
    page.work.run(page.shown().steps(), showView);
};

page.change = (values, replace = false) => page.store.change(values, replace);

// --- search ---

// [chart, box] of all matches, by weight; kept as long as nothing changes.
function matchesShown() {
    const hits = page.model.hits(), charts = page.charts().filter((c) => c.boxes), old = page.matches;
    if (old && old.hits === hits && old.charts.length === charts.length &&
        charts.every((c, i) => c === old.charts[i] && c.boxes === old.boxes[i]))
        return old.list;
    const list = charts.flatMap((chart) =>
        (hits ? matchesByWeight(chart.boxes, hits) : []).map((box) => [chart, box]));
    if (charts.length > 1)
        list.sort((a, b) => b[0].boxes.size[b[1]] - a[0].boxes.size[a[1]]);
    page.matches = {hits, charts, boxes: charts.map((c) => c.boxes), list};
    return list;
}

// The place of what is selected among the matches, by weight; -1 if it is none.
const matchNow = () => {
    const {chart, box, frame} = page.subject(), hits = page.model.hits();
    return hits && hits[frame] ? matchesShown().findIndex(([c, i]) => c === chart && i === box) : -1;
};

function textOfSizes({boxes, zoom}, sum) {
    return share(sum.all / (page.model.all() || 1)) +
        (zoom ? ", " + share(sum.zoomed / boxes.size[zoom]) + " of the zoomed" : "");
}

function textOfMatches() {
    const hits = page.model.hits(), charts = page.charts(), view = page.shown();
    if (!page.state().search)
        return "";
    if (!hits)
        return "not a pattern";
    if (!charts.length)
        return view.frames() ? grouped(hits.reduce((n, hit) => n + hit, 0)) + " match" : "";
    const sums = charts.map(({boxes, zoom}) => matchedSizes(boxes, hits, zoom));
    const count = sums.reduce((n, sum) => n + sum.boxes, 0), at = matchNow();
    if (!count)
        return "no match";
    const counts = at >= 0 ? grouped(at + 1) + " of " + grouped(count)
        : grouped(count) + (count === 1 ? " match" : " matches");
    const names = charts.length > 1 ? ["callers ", "callees "] : [""];
    return counts + ": " + charts.map((chart, i) => names[i] + textOfSizes(chart, sums[i])).join(", ");
}

page.showMatched = () => {
    const none = !page.model.hits();
    part("matched").textContent = textOfMatches();
    part("previous").disabled = part("next").disabled = none;
};

page.toMatch = (step) => {
    const view = page.shown(), list = matchesShown(), now = matchNow();
    if (!page.model.hits())
        return;
    if (view.table) {
        const rows = view.table();
        rows.select((rows.selected + step + rows.count) % (rows.count || 1));
        return;
    }
    if (!list.length)
        return;
    const next = now < 0 ? (step > 0 ? 0 : list.length - 1) : (now + step + list.length) % list.length;
    const [chart, box] = list[next];
    // A match that is too narrow, or not of what is zoomed to, is shown by zooming to it.
    if (chart.wide(box) >= 8)
        chart.select(box);
    else
        page.zoomTo(chart, box, true);
    page.showMatched();
};

page.onlyMatching = () => {
    const {search, ignoreCase} = page.state();
    page.transform("only", (ignoreCase ? "(?i)" : "") + search);
};

page.focusSearch = () => {
    part("search").focus();
    part("search").select();
};

// --- commands (keys.js) ---

page.openView = (id) => page.change({view: id});

page.openSandwich = (frame) => page.change({
    view: "sandwich", callersZoom: "", calleesZoom: "",
    ...(frame ? {picked: page.model.nameOf(frame)} : {}),
});

// Source or machine code of a frame.
page.openCode = (view, frame) => page.change({view, picked: page.model.nameOf(frame)});

page.toSandwich = () => page.openSandwich(page.subject().frame);

page.zoomToSubject = () => {
    const {chart, box, boxes} = page.subject(), {names} = page.profile.frames;
    const order = page.state().order === "callers" ? "name" : page.state().order;
    if (chart)
        page.zoomTo(chart, box);
    else
        page.change({view: "flame", order, zoom: keyOfBox(boxes, names, box), window: ""});
};

page.zoomBy = (times) => {
    const chart = page.chartShown();
    if (chart && chart.boxes)
        chart.zoomBy(times);
};

page.resetZoom = () => {
    const names = page.charts().map((chart) => [chart.zoomName, ""]);
    page.change({...Object.fromEntries(names), window: ""});
};

page.escape = () => {
    if (page.shown().escape && page.shown().escape())
        return;
    const typing = document.activeElement === part("search");
    if (page.state().search)
        page.change({search: ""});
    else
        page.resetZoom();
    part("search").value = page.state().search;
    if (typing)
        page.focusView();
};

page.focusView = () => {
    const chart = page.chartShown();
    if (chart)
        chart.host.focus();
    else if (page.shown().focus)
        page.shown().focus();
};

// The next box of the same depth, by weight, of those that are seen.
page.toSibling = (step) => {
    const chart = page.chartShown();
    if (!chart || !chart.boxes)
        return;
    const {depth, size} = chart.boxes, row = chart.rows[depth[chart.at]];
    const boxes = (row ? row.place : []).filter((p) => !p.run).map((p) => p.box)
        .sort((a, b) => size[b] - size[a] || a - b);
    const to = boxes[boxes.indexOf(chart.at) + step];
    if (to !== undefined)
        chart.select(to, "key");
};

page.transform = (kind, text) => page.change({
    transforms: page.state().transforms.concat({kind, text}), zoom: "", window: "",
});

page.addFilter = (filter) => {
    const same = (f) => f.key === filter.key && f.value === filter.value;
    page.change({filters: page.state().filters.filter((f) => !same(f)).concat(filter)});
};

page.moveRange = (steps) => {
    const [from, to] = page.state().range, by = steps * (to - from);
    page.change({range: [Math.max(0, from + by), Math.max(to - from, to + by)]});
};

page.selectAll = () => page.change({filters: [], transforms: [], range: null, threads: null});
page.undo = () => page.store.undo();
page.redo = () => page.store.redo();
page.canUndo = () => page.store.canUndo();
page.canRedo = () => page.store.canRedo();
page.isPartial = () => page.store.isPartial();
page.openHelp = () => part("help").showModal();
page.openMenu = (event) => page.menu.open(event);
page.moreCommands = () => page.model.labelWeights().flatMap(([key, values]) =>
    values.slice(0, 50).map(([value]) => ({
        id: "filter", keys: [], title: "Filter: " + key + " = " + value,
        run: () => page.addFilter({key, value, not: false}),
    })));

function copyOldWay(text) {
    const area = make(document.body, "textarea", "mirror");
    area.value = text;
    area.select();
    document.execCommand("copy");
    area.remove();
}

page.copyFolded = () => {
    const {boxes, box} = page.subject();
    page.copy(page.stackOf(page.subject()).join(";") + " " + page.model.format().plain(boxes.size[box]));
};

page.copy = async (text) => {
    try {
        await navigator.clipboard.writeText(text);
    } catch (error) {
        copyOldWay(text);
    }
    part("details").textContent = "Copied: " + text;
};

// --- the beginning ---

function buildViews() {
    for (const view of page.views) {
        const section = make(part("views"), "section", "");
        section.id = "view-" + view.id;
        section.setAttribute("role", "tabpanel");
        section.setAttribute("aria-labelledby", "tab-" + view.id);
        view.build(section);
    }
}

// Which columns a table has room for changes with the width.
function watchWidth() {
    let width = 0;
    new ResizeObserver(([{contentRect}]) => {
        const view = page.shown(), isOther = width && Math.abs(contentRect.width - width) > 1;
        width = contentRect.width;
        if (isOther && !page.work.isBusy() && (view.table || view.exported))
            requestAnimationFrame(() => view === page.shown() && view.show());
    }).observe(part("views"));
}

async function begin() {
    const app = part("app"), given = app.dataset;
    const profile = await readProfile(part("data").content.textContent.trim());
    part("data").remove();
    page.profile = profile;
    page.given = given;
    const later = ["times", "changes", "series", "places", "source", "code", "meta"];
    await Promise.all(later.map(async (name) => { page[name] = await profile[name](); }));
    page.hasNegative = profile.columns.some((c) => c.values.some((v) => v < 0));
    page.hasClock = Boolean(page.times && page.times.isClock);
    page.model = makeModel(profile, page.times, given);
    page.model.series = page.series;
    if (page.hasClock)
        addTimes(page.model, page.times);
    page.store = makeState(initialState(given), page.show);
    page.work = makeWork(part("progress"));
    beginCharts(given);
    page.views = VIEWS.map((view) => view(page)).filter((view) => view.needs(profile));
    page.model.state = page.state();
    buildViews();
    page.controls = makeControls(page);
    page.overview = page.hasClock ? makeOverview(page) : null;
    page.showSide = makeSide(page);
    page.openPalette = makePalette(page);
    page.commands = commandsOf(page);
    page.menu = makeMenu(page);
    fillHelp(page);
    listenToKeys(page);
    const follow = () => page.store.follow(saneState(location.hash.slice(1), page.store.initial));
    window.addEventListener("popstate", follow);
    window.addEventListener("hashchange", follow);
    watchWidth();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
        page.charts().forEach((chart) => chart.redraw()));
    app.hidden = false;
    follow();
}

begin().catch((error) => {
    part("summary").textContent = error.message;
    throw error;
});
