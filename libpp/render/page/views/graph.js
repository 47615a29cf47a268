// The call graph: a box for each function, an arrow for each call, laid out here.

const GRAPH_CHAR = 6.6; // pixels of a character, at 11
const GRAPH_COUNTS = [20, 40, 80, 120];

function graphView(page) {
    const {model} = page, {names} = page.profile.frames;
    let area, select, svg, selected = 0, look = null, made = null;
    const count = () => page.state().nodes;
    const key = () => model.treeKey() + count();
    const graph = model.keepSlow("graph", key, () =>
        choosingGraph(model.rows(), model.named(), names, count()));

    function draw(parent, tag, attributes, text) {
        const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
        for (const [name, value] of Object.entries(attributes))
            element.setAttribute(name, value);
        if (text)
            element.textContent = text;
        parent.append(element);
        return element;
    }

    // Long names are cut in the middle: both what they belong to and what they are is seen.
    const MOST = 34, HEAD = 12;
    const cut = (name) => name.length <= MOST ? name
        : name.slice(0, HEAD) + "\u2026" + name.slice(name.length - (MOST - HEAD - 1));

    // Boxes with their texts and how large they are: the more of its own, the larger.
    function boxOf(row) {
        const format = model.format(), all = model.all();
        const size = 10 + 6 * Math.sqrt(row.self / all);
        const lines = [cut(model.nameOf(row.frame)), format.short(row.self) + " (" + share(row.self / all) + ")",
                       "of " + format.short(row.total) + " (" + share(row.total / all) + ")"];
        const longest = Math.max(...lines.map((line) => line.length));
        return {id: row.frame, row, lines, size, width: longest * size * GRAPH_CHAR / 11 + 14,
                height: lines.length * size * 1.3 + 8};
    }

    function drawEdge(parent, edge) {
        const format = model.format(), part = edge.weight / model.all(), [first] = edge.path;
        const last = edge.path[edge.path.length - 1], turn = first.y < last.y ? 1 : -1;
        const points = edge.path.map((n) => [n.x + (edge.back ? 16 : 0), n.y]);
        points[0][1] += turn * first.height / 2;
        points[points.length - 1][1] -= turn * (last.height / 2 + 3);
        let d = "M" + points[0].join(" ");
        for (let i = 1; i < points.length; i++) {
            const [x, y] = points[i - 1], [a, b] = points[i], half = (y + b) / 2;
            d += ` C${x} ${half} ${a} ${half} ${a} ${b}`;
        }
        const line = draw(parent, "path", {d, class: "edge" + (edge.residual ? " residual" : ""),
                                           "stroke-width": 1 + 7 * part, "marker-end": "url(#arrow)"});
        const [x, y] = points[0], [a, b] = points[1];
        draw(line, "title", {}, model.nameOf(edge.from) + " \u2192 " + model.nameOf(edge.to) + ": " + format.exact(edge.weight));
        draw(parent, "text", {x: (x + a) / 2 + 4, y: (y + b) / 2, class: "weight"}, format.short(edge.weight));
    }

    function drawNode(parent, node) {
        const g = draw(parent, "g", {class: "node", "data-frame": node.id, role: "img"});
        const left = node.x - node.width / 2, top = node.y - node.height / 2;
        draw(g, "title", {}, model.nameOf(node.id) + "\n" + model.format().exact(node.row.self) + " of " +
            model.format().exact(node.row.total));
        draw(g, "rect", {x: left, y: top, width: node.width, height: node.height, rx: 4,
                         "fill-opacity": 0.12 + 0.75 * Math.sqrt(node.row.total / model.all())});
        node.lines.forEach((text, i) => draw(g, "text", {
            x: node.x, y: top + 4 + node.size * (1.3 * i + 1), "font-size": node.size,
            "text-anchor": "middle",
        }, text));
    }

    // {boxes, edges, width, height}
    const placed = () => model.keep("graph placed", key(), () => {
        const {nodes, edges} = graph(), boxes = nodes.map(boxOf);
        return {boxes, edges, ...(boxes.length ? placeInLayers(boxes, edges) : {width: 1, height: 1})};
    });

    function drawAll() {
        const {boxes, edges, width, height} = placed();
        area.replaceChildren();
        svg = draw(area, "svg", {class: "graph", "aria-label": "Call graph", role: "group"});
        const marker = draw(svg, "marker", {id: "arrow", viewBox: "0 0 8 8", refX: 4, refY: 4,
            markerWidth: 9, markerHeight: 9, orient: "auto", markerUnits: "userSpaceOnUse"});
        draw(marker, "path", {d: "M0 0L8 4L0 8z"});
        edges.forEach((edge) => drawEdge(svg, edge));
        boxes.forEach((node) => drawNode(svg, node));
        const scale = Math.max(0.35, Math.min(1, area.clientWidth / (width + 32)));
        const w = area.clientWidth / scale;
        look = {x: (width - w) / 2, y: -16, scale};
        made = {boxes, height};
        place();
    }

    function place() {
        const {x, y, scale} = look;
        svg.setAttribute("viewBox", [x, y, area.clientWidth / scale, area.clientHeight / scale].join(" "));
    }

    function mark() {
        const found = model.hits();
        for (const g of area.querySelectorAll(".node")) {
            g.classList.toggle("selected", Number(g.dataset.frame) === selected);
            g.classList.toggle("found", Boolean(found && found[g.dataset.frame]));
        }
    }

    const frameAt = (event) => {
        const g = event.target.closest(".node");
        return g ? Number(g.dataset.frame) : 0;
    };

    function listen() {
        let drag = null;
        area.addEventListener("pointerdown", (event) => {
            drag = event.button === 0 ? {x: event.clientX, y: event.clientY, from: {...look}} : null;
            selected = frameAt(event) || selected;
            mark();
            page.showSubject();
        });
        area.addEventListener("pointermove", (event) => {
            if (!drag || !event.buttons)
                return;
            look.x = drag.from.x - (event.clientX - drag.x) / look.scale;
            look.y = drag.from.y - (event.clientY - drag.y) / look.scale;
            place();
        });
        area.addEventListener("wheel", (event) => {
            const box = area.getBoundingClientRect(), before = look.scale;
            look.scale = Math.max(0.05, Math.min(6, before * Math.exp(-event.deltaY / 400)));
            look.x += (event.clientX - box.left) * (1 / before - 1 / look.scale);
            look.y += (event.clientY - box.top) * (1 / before - 1 / look.scale);
            place();
            event.preventDefault();
        }, {passive: false});
        area.addEventListener("dblclick", (event) => {
            if (frameAt(event))
                page.openSandwich(frameAt(event));
        });
        area.addEventListener("contextmenu", (event) => {
            event.preventDefault();
            if (frameAt(event))
                page.openMenu(event);
        });
        area.addEventListener("keydown", (event) => {
            const step = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1}[event.key];
            const list = graph().nodes, at = list.findIndex((row) => row.frame === selected);
            if (event.key === "Enter" && selected)
                page.openSandwich(selected);
            else if (step && list.length)
                reveal(list[(at + step + list.length) % list.length].frame);
            else
                return;
            event.preventDefault();
        });
        new ResizeObserver(() => { if (svg && area.clientWidth) place(); }).observe(area);
    }

    // Selects a node and brings it into the middle.
    function reveal(frame) {
        const node = made.boxes.find((box) => box.id === frame);
        selected = frame;
        look.x = node.x - area.clientWidth / look.scale / 2;
        look.y = node.y - area.clientHeight / look.scale / 2;
        place();
        mark();
        page.showSubject();
        part("status").textContent = node.lines.join(", ");
    }

    return {
        id: "graph", title: "Graph", noun: "functions", needs: () => true, charts: () => [],
        build(section) {
            const bar = make(section, "div", "viewbar"), label = make(bar, "label", "");
            label.textContent = "Nodes ";
            select = make(label, "select", "");
            GRAPH_COUNTS.forEach((n) => option(select, n, n));
            select.addEventListener("change", () => page.change({nodes: Number(select.value)}));
            area = make(section, "div", "canvas");
            area.tabIndex = 0;
            area.setAttribute("aria-label", "Call graph: arrows walk, Enter opens callers and callees");
            listen();
        },
        steps: () => [...page.treeSteps(), () => model.named.slowly(), () => void model.rows(), () => graph.slowly(), () => void placed()],
        show() {
            select.value = count();
            model.keep("graph drawn", key(), drawAll);
            mark();
        },
        subject: () => ({frame: selected, box: 0, chart: null}),
        focus: () => area.focus(),
        frames: () => graph().nodes.length,
        graph,
    };
}
