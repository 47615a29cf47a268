// What stands around the views: the controls, the chips, the path, and the line below.

function option(select, value, text) {
    const element = make(select, "option", "");
    element.value = value;
    element.textContent = text;
}

// A select, which the caller fills, of the function that the views of code show.
function makeFunctionPicker(page, section) {
    const line = make(section, "p", "choices"), label = make(line, "label", "");
    label.append("Function ");
    const pick = make(label, "select", "");
    pick.addEventListener("change", () => page.change({picked: pick.value}));
    return pick;
}

const MOST_CHOICES = 500; // of the values of a label, in a menu

function makeControls(page) {
    const {model} = page, controls = {}, head = makeHead(page);
    let choicesOf = "";

    // --- columns, orders, labels ---

    function fillFilter() {
        const now = model.labelKey(), select = part("filter");
        if (now === choicesOf)
            return;
        choicesOf = now;
        select.replaceChildren();
        option(select, "", "Filter\u2026");
        const labels = model.labelWeights();
        for (const [key, values] of labels) {
            const group = make(select, "optgroup", "");
            group.label = key;
            values.filter(([, weight]) => weight > 0).slice(0, MOST_CHOICES).forEach(([value]) =>
                option(group, encodeURIComponent(key) + "=" + value, value));
        }
        part("filter-label").hidden = !labels.length;
    }

    function chooseFilter() {
        const text = part("filter").value, at = text.indexOf("=");
        if (at > 0)
            page.addFilter({key: decodeURIComponent(text.slice(0, at)), value: text.slice(at + 1),
                            not: false});
        part("filter").value = "";
    }

    function fill() {
        page.orders().forEach(([value, title]) => option(part("order"), value, title));
        model.measures.forEach((m, i) => option(part("column"), i, m.label));
        part("column-label").hidden = model.measures.length < 2;
        part("subtitle").hidden = !part("subtitle").textContent;
        part("notes").hidden = !part("notes").textContent;
        for (const view of page.views) {
            const tab = make(part("tabs"), "button", "");
            tab.type = "button";
            tab.id = "tab-" + view.id;
            tab.textContent = view.title;
            tab.setAttribute("role", "tab");
            tab.setAttribute("aria-controls", "view-" + view.id);
            tab.addEventListener("click", () => page.openView(view.id));
        }
    }

    function showTabs() {
        for (const view of page.views) {
            const isShown = view.id === page.state().view, tab = part("tab-" + view.id);
            tab.setAttribute("aria-selected", isShown);
            tab.tabIndex = isShown ? 0 : -1;
            if (isShown)
                part("tabs").scrollLeft = tab.offsetLeft - part("tabs").clientWidth / 2;
            part("view-" + view.id).hidden = !isShown;
        }
    }

    function moveTab(event) {
        const tabs = Array.from(part("tabs").children);
        const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
        if (!step)
            return;
        const to = (tabs.indexOf(event.target) + step + tabs.length) % tabs.length;
        page.openView(page.views[to].id);
        tabs[to].focus();
    }

    // --- chips: what is not counted, or changed ---

    function chip(text, remove, title) {
        const element = make(part("chips"), "span", "chip"), button = make(element, "button", "");
        element.insertBefore(make(element, "span", ""), button).textContent = text;
        button.type = "button";
        button.textContent = "\u00d7";
        button.title = button.ariaLabel = "Remove: " + text;
        element.title = title || text;
        button.addEventListener("click", remove);
    }

    function showChips() {
        const {filters, transforms, range, threads} = page.state();
        const without = (list, i) => list.filter((x, k) => k !== i);
        part("chips").replaceChildren();
        part("chips").hidden = !page.isPartial();
        if (range)
            chip("time " + range.map(duration).join(" \u2013 "), () => page.change({range: null}));
        if (threads)
            chip("threads " + threads.join(", "), () => page.change({threads: null}));
        filters.forEach((f, i) => chip(f.key + (f.not ? " \u2260 " : " = ") + f.value, () =>
            page.change({filters: without(filters, i)})));
        transforms.forEach(({kind, text}, i) => {
            const {title, rule} = TRANSFORMS[kind];
            chip(title + (text ? " " + text : ""), () => page.change({transforms: without(transforms, i)}),
                 rule && "--" + rule + (text ? "=" + text : ""));
        });
    }

    // --- the path of what is zoomed to ---

    const MOST_CRUMBS = 40;

    function showCrumbs() {
        const chart = page.chartShown(), crumbs = part("crumbs");
        crumbs.replaceChildren();
        part("path").hidden = !chart;
        if (!chart || !chart.boxes)
            return;
        const path = [];
        for (let i = chart.zoom; i > 0 && path.length < MOST_CRUMBS; i = chart.boxes.parent[i])
            path.unshift(i);
        for (const i of path) {
            const button = make(crumbs, "button", "");
            button.type = "button";
            button.textContent = page.profile.frames.names[chart.boxes.frame[i]];
            button.title = button.textContent;
            button.addEventListener("click", () => page.zoomTo(chart, i));
        }
        crumbs.scrollLeft = crumbs.scrollWidth;
        part("unzoom").disabled = page.charts().every((c) => c.zoom === 0 && !c.windowText());
    }

    // --- all of it ---

    controls.show = () => {
        const state = page.state(), isFlame = state.view === "flame";
        head.show();
        fillFilter();
        showChips();
        part("order").value = state.order;
        part("order-label").hidden = !isFlame;
        part("invert").hidden = !isFlame;
        part("invert").setAttribute("aria-pressed", state.down);
        part("column").value = state.measure;
        part("case").setAttribute("aria-pressed", !state.ignoreCase);
        if (document.activeElement !== part("search"))
            part("search").value = state.search;
    };
    controls.showTabs = showTabs;
    controls.showCrumbs = showCrumbs;

    fill();
    part("tabs").addEventListener("keydown", moveTab);
    part("order").addEventListener("change", () =>
        page.change({order: part("order").value, zoom: "", window: ""}));
    part("column").addEventListener("change", () =>
        page.change({measure: Number(part("column").value)}));
    part("filter").addEventListener("change", chooseFilter);
    part("invert").addEventListener("click", () => page.change({down: !page.state().down}));
    part("case").addEventListener("click", () => page.change({ignoreCase: !page.state().ignoreCase}));
    part("search").addEventListener("input", () => page.change({search: part("search").value}, true));
    part("search").addEventListener("keydown", (event) => {
        if (event.key === "Enter")
            page.toMatch(event.shiftKey ? -1 : 1);
    });
    part("previous").addEventListener("click", () => page.toMatch(-1));
    part("next").addEventListener("click", () => page.toMatch(1));
    part("unzoom").addEventListener("click", page.resetZoom);
    part("actions").addEventListener("click", (event) => page.openMenu(event));
    part("palette-button").addEventListener("click", () => page.openPalette(""));
    part("help-button").addEventListener("click", page.openHelp);
    part("more").addEventListener("click", () => {
        const open = part("options").classList.toggle("open");
        part("more").setAttribute("aria-expanded", open);
    });
    return controls;
}
