/*
 * All commands, in one table: for keys, the help, the palette and the menu of a frame, and for the
 * tests. A command is {id, keys, title, group, run, can, menu}: `can` says whether there is
 * something to do, and `menu` that it is one for the menu of a frame.
 */

function commandsOf(page) {
    const state = () => page.state(), change = page.change;
    const frame = () => page.subject().frame, name = () => page.profile.frames.names[frame()];
    const some = () => frame() > 0;
    const transform = (kind, text) => page.transform(kind, text);
    const views = page.views.map((view, i) => ({
        id: "view-" + view.id, keys: i < 9 ? [String(i + 1)] : [], title: "Show " + view.title,
        group: "Views", run: () => page.openView(view.id),
    }));
    const columns = page.model.measures.map((m, i) => ({
        id: "column-" + i, keys: [], title: "Column: " + m.label, group: "Views",
        can: () => page.model.measures.length > 1, run: () => change({measure: i}),
    }));
    const orders = page.orders().map(([value, title]) => ({
        id: "order-" + value, keys: [], title: "Flame: " + title, group: "Views",
        run: () => change({view: "flame", order: value, zoom: "", window: ""}),
    }));
    return [
        ...views,
        {id: "flame", keys: ["g"], title: "Flame graph", group: "Views", run: () => page.openView("flame")},
        {id: "top", keys: ["t"], title: "Table of functions", group: "Views", run: () => page.openView("top")},
        {id: "invert", keys: ["i"], title: "Root at the top, or at the bottom", group: "Views",
         run: () => change({down: !state().down})},
        ...orders, ...columns,
        {id: "side", keys: ["d"], title: "Details at the side", group: "Views",
         run: () => change({side: !state().side})},

        {id: "zoom", keys: ["z"], title: "Zoom to it", group: "Zoom", menu: true,
         can: () => page.subject().box > 0, run: page.zoomToSubject},
        {id: "zoom-in", keys: ["+", "="], title: "Zoom in", group: "Zoom", run: () => page.zoomBy(0.5)},
        {id: "zoom-out", keys: ["-"], title: "Zoom out", group: "Zoom", run: () => page.zoomBy(2)},
        {id: "all", keys: ["0"], title: "Show all", group: "Zoom", run: page.resetZoom},
        {id: "escape", keys: ["Escape"], title: "End the search, then the zoom", group: "Zoom",
         run: page.escape},
        {id: "next-wide", keys: ["j"], title: "Next by weight at this depth", group: "Zoom",
         run: () => page.toSibling(1)},
        {id: "previous-wide", keys: ["k"], title: "Previous by weight at this depth", group: "Zoom",
         run: () => page.toSibling(-1)},

        {id: "sandwich", keys: ["s"], title: "Callers and callees", group: "Function", menu: true,
         run: page.toSandwich},
        {id: "focus", keys: ["f"], title: "Focus: begin stacks at it", group: "Function", menu: true,
         can: some, run: () => transform("from", exactly(name()))},
        {id: "hide", keys: ["h"], title: "Hide: its callers get what it has", group: "Function",
         menu: true, can: some, run: () => transform("hide", exactly(name()))},
        {id: "merge", keys: ["m"], title: "Merge what it calls into it", group: "Function", menu: true,
         can: some, run: () => transform("fold", exactly(name()))},
        {id: "only", keys: [], title: "Only stacks with it", group: "Function", menu: true, can: some,
         run: () => transform("only", exactly(name()))},
        {id: "without", keys: ["x"], title: "Without the stacks that have it", group: "Function",
         menu: true, can: some, run: () => transform("without", exactly(name()))},
        {id: "recursion", keys: ["r"], title: "Merge direct recursion", group: "Function", menu: true,
         run: () => transform("recursion", "")},
        {id: "module", keys: ["M"], title: "Collapse its module", group: "Function", menu: true,
         can: () => Boolean(page.profile.frames.modules[frame()]),
         run: () => transform("module", page.profile.frames.modules[frame()])},
        {id: "source", keys: [], title: "Open its source", group: "Function", menu: true,
         can: () => Boolean(page.view("source") && page.profile.frames.files[frame()]),
         run: () => page.openCode("source", frame())},
        {id: "asm", keys: [], title: "Open its machine code", group: "Function", menu: true,
         can: () => Boolean(some() && page.view("asm") && page.code),
         run: () => page.openCode("asm", frame())},
        {id: "thread", keys: [], title: "Only this thread", group: "Selection", menu: true,
         can: () => Boolean(page.subject().thread),
         run: () => change({threads: [page.subject().thread]})},
        {id: "copy", keys: ["c"], title: "Copy its name", group: "Function", menu: true, can: some,
         run: () => page.copy(name())},
        {id: "copy-stack", keys: [], title: "Copy its stack", group: "Function", menu: true,
         can: () => page.subject().box > 0, run: () => page.copy(page.stackOf(page.subject()).join("\n"))},
        {id: "copy-folded", keys: [], title: "Copy its stack, folded", group: "Function", menu: true,
         can: () => page.subject().box > 0, run: page.copyFolded},

        {id: "search", keys: ["/", "Ctrl+f"], title: "Search by a regular expression", group: "Search",
         run: page.focusSearch},
        {id: "next", keys: ["n"], title: "Next match, by weight", group: "Search", run: () => page.toMatch(1)},
        {id: "previous", keys: ["N"], title: "Previous match", group: "Search",
         run: () => page.toMatch(-1)},
        {id: "only-matching", keys: ["o"], title: "Only stacks that match the search", group: "Search",
         can: () => Boolean(page.model.hits()), run: page.onlyMatching},

        {id: "range-back", keys: ["["], title: "Range before", group: "Selection",
         can: () => Boolean(state().range), run: () => page.moveRange(-1)},
        {id: "range-forward", keys: ["]"], title: "Range after", group: "Selection",
         can: () => Boolean(state().range), run: () => page.moveRange(1)},
        {id: "undo", keys: ["u", "Ctrl+z"], title: "Undo", group: "Selection", can: page.canUndo,
         run: page.undo},
        {id: "redo", keys: ["U", "Ctrl+Z"], title: "Redo", group: "Selection", can: page.canRedo,
         run: page.redo},
        {id: "everything", keys: [], title: "Count everything again", group: "Selection",
         can: page.isPartial, run: page.selectAll},

        ...exportsOf(page, page.look),
        {id: "export", keys: ["e"], title: "Export\u2026", group: "Export", run: () => page.openPalette("Export ")},

        {id: "palette", keys: ["Ctrl+k"], title: "All commands", group: "Page", run: () => page.openPalette("")},
        {id: "menu", keys: ["Shift+F10", "ContextMenu"], title: "Menu of the frame", group: "Page",
         run: () => page.openMenu(null)},
        {id: "help", keys: ["?"], title: "Keys", group: "Page", run: page.openHelp},
    ];
}

function keyName(event) {
    const name = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
    return name + (event.key === "F10" && event.shiftKey ? "Shift+" : "") + event.key;
}

function listenToKeys(page) {
    document.addEventListener("keydown", (event) => {
        const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
        const key = keyName(event), command = page.commands.find((c) => c.keys.includes(key));
        if (event.altKey || event.defaultPrevented || !command || document.querySelector("dialog[open]"))
            return;
        if (typing && key !== "Escape" && !/^Ctrl\+[fk]$/.test(key))
            return;
        event.preventDefault();
        if (!command.can || command.can())
            command.run();
        // So that arrows work in a view that a key has opened.
        if (command.group === "Views" && document.activeElement === document.body)
            page.focusView();
    });
}
