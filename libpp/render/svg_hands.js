    // --- what the user does ---

    function show(wanted) {
        const zoomed = "zoom" in wanted && wanted.zoom !== state.zoom;
        Object.assign(state, wanted);
        if (zoomed)
            drawFrames();
        drawSearch();
    }

    function change(wanted, replace = false) {
        show(wanted);
        saveLink(replace);
    }

    // The frame that keys act on. Only this one has a role, as thousands would slow the browser.
    function select(i) {
        const f = frames[i];
        if (current >= 0) {
            const g = frames[current].g;
            g.classList.remove("at");
            for (const name of ["role", "aria-label", "aria-level"])
                g.removeAttribute(name);
            if (g.id === "at")
                g.removeAttribute("id");
        }
        current = i;
        f.g.classList.add("at");
        f.g.setAttribute("role", "treeitem");
        f.g.setAttribute("aria-label", f.name + shareOf(f));
        let level = 1;
        for (let k = f.parent; k >= 0; k = frames[k].parent)
            level++;
        f.g.setAttribute("aria-level", level);
        f.g.id = f.g.id || "at";
        group.setAttribute("aria-activedescendant", f.g.id);
        showDetails(i);
        scrollTo(f);
    }

    function isShown(i) {
        return i >= 0 && i < frames.length && !frames[i].g.classList.contains("hide");
    }

    function sibling(i, step) {
        let k = i + step;
        while (k > 0 && k < frames.length && !(frames[k].depth === frames[i].depth && isShown(k)))
            k += step;
        return k > 0 && k < frames.length && i > 0 ? k : i;
    }

    function move(key) {
        const up = isInverted() ? "ArrowDown" : "ArrowUp";
        if (current < 0 || !isShown(current))
            return state.zoom;
        if (key === "ArrowLeft" || key === "ArrowRight")
            return sibling(current, key === "ArrowLeft" ? -1 : 1);
        if (key !== up)
            return Math.max(0, frames[current].parent);
        let child = current + 1;
        while (child < frames[current].end && !isShown(child))
            child = frames[child].end;
        return child < frames[current].end ? child : current;
    }

    function copyName(i) {
        const copied = () => say("Copied: ", frames[i].name, "");
        const failed = () => say("Cannot copy: ", frames[i].name, "");
        if (navigator.clipboard)
            navigator.clipboard.writeText(frames[i].name).then(copied, failed);
        else
            failed();
    }

    function onFrameKey(event) {
        if (event.ctrlKey || event.altKey || event.metaKey)
            return;
        if (event.key.startsWith("Arrow"))
            select(move(event.key));
        else if (event.key === "Enter" && current >= 0)
            change({zoom: current});
        else if (event.key === "c" && current >= 0)
            copyName(current);
        else
            return;
        event.preventDefault();
    }

    function toggleCase() {
        change({ignoreCase: !state.ignoreCase});
    }

    function onKey(event) {
        const control = event.ctrlKey || event.metaKey;
        if (event.key === "F3" || (control && event.key === "f"))
            openSearch();
        else if (control && event.key === "i")
            toggleCase();
        else if (!control && !event.altKey && /^n$/i.test(event.key) && found.order.length)
            nextMatch(event.key === "n" ? 1 : -1);
        else if (event.key === "Escape")
            change(state.search ? {search: ""} : {zoom: 0});
        else
            return;
        event.preventDefault();
    }

    // A frame that is a link is followed; with Ctrl it is zoomed to.
    function onClick(event) {
        const i = indexOf(event.target);
        if (i < 0 || (frames[i].g.localName === "a" && !event.ctrlKey && !event.metaKey))
            return;
        event.preventDefault();
        select(i);
        change({zoom: i});
    }

    function onMenu(event) {
        const i = indexOf(event.target);
        if (i < 0 || event.shiftKey)
            return;
        event.preventDefault();
        copyName(i);
    }

    function button(id, act) {
        part(id).addEventListener("click", act);
        part(id).addEventListener("keydown", (event) => {
            if (event.key !== "Enter" && event.key !== " ")
                return;
            event.preventDefault();
            act();
        });
    }

    group.addEventListener("click", onClick);
    group.addEventListener("contextmenu", onMenu);
    group.addEventListener("mouseover", (event) => showDetails(indexOf(event.target)));
    group.addEventListener("mouseleave", () => showDetails(-1));
    group.addEventListener("keydown", onFrameKey);
    group.addEventListener("focus", () => select(isShown(current) ? current : state.zoom));
    button("unzoom", () => change({zoom: 0}));
    button("search", () => (state.search ? change({search: ""}) : openSearch()));
    button("case", toggleCase);
    window.addEventListener("keydown", onKey);
    window.addEventListener("popstate", followLink);
    window.addEventListener("scroll", placeLine, {passive: true});
    window.addEventListener("resize", placeLine);
    for (const id of ["search", "case"])
        part(id).classList.remove("hide");
    makeBar();
    makeBox();
    placeLine();
    // A picture taller than the window opens where its root is, or the frame of the link. In a page of
    // others that is theirs to say.
    if (svg === document.documentElement)
        window.addEventListener("load", () => scrollTo(frames[state.zoom]));
    if (fluid) {
        window.addEventListener("resize", onResize);
        window.addEventListener("beforeprint", () => stretch(true));
        window.addEventListener("afterprint", () => stretch(false));
        onResize();
    }
    if (location.hash || location.search)
        followLink();
    else if (width === drawn)
        drawFrames();
})();
