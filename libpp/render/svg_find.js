    // --- search ---

    function pattern() {
        try {
            return new RegExp(state.search, state.ignoreCase ? "iu" : "u");
        } catch (strict) {
            return new RegExp(state.search, state.ignoreCase ? "i" : "");
        }
    }

    // What was found, of all and of what is zoomed to. What stands on a match counts with it.
    function findAll(regex) {
        const z = frames[state.zoom];
        const sum = {all: 0, zoomed: 0};
        const hits = [];
        let covered = 0;
        frames.forEach((f, i) => {
            const hit = i > 0 && regex.test(f.name);
            f.g.classList.toggle("found", hit);
            if (!hit)
                return;
            hits.push(i);
            if (i >= covered) {
                covered = f.end;
                sum.all += f.value;
                if (i < state.zoom && f.end > state.zoom)
                    sum.zoomed = z.value;
                else if (i >= state.zoom && i < z.end)
                    sum.zoomed += f.value;
            }
        });
        const at = found.order[found.at];
        found.order = hits.sort((a, b) => frames[b].value - frames[a].value || a - b);
        found.at = at === undefined ? -1 : found.order.indexOf(at);
        return sum;
    }

    function searchResult() {
        let regex;
        try {
            regex = pattern();
        } catch (error) {
            frames.forEach((f) => f.g.classList.remove("found"));
            found.order = [];
            return "Not a pattern: " + shorten(state.search, 20 * fontSize);
        }
        const sum = findAll(regex), n = found.order.length;
        if (!n)
            return "No match: " + shorten(state.search, 20 * fontSize);
        const zoomed = state.zoom
            ? ", of the zoomed: " + percent(sum.zoomed / frames[state.zoom].value) : "";
        return "Matched: " + percent(sum.all / frames[0].value) + zoomed +
            (found.at < 0 ? n === 1 ? " (1 frame)" : " (" + n + " frames)"
                : " (" + (found.at + 1) + " of " + n + ")");
    }

    function drawSearch() {
        const on = state.search !== "";
        part("search").textContent = on ? "Reset Search" : "Search";
        part("search").classList.toggle("on", on);
        part("case").classList.toggle("on", state.ignoreCase);
        part("case").setAttribute("aria-pressed", state.ignoreCase);
        if (!on) {
            frames.forEach((f) => f.g.classList.remove("found"));
            Object.assign(found, {order: [], at: -1});
        }
        matched.textContent = on ? searchResult() : "";
        showDetails(current);
    }

    // The next match by weight, or with a step of -1 the one before; round and round.
    function nextMatch(step) {
        const n = found.order.length;
        if (!n)
            return;
        found.at = found.at < 0 ? (step > 0 ? 0 : n - 1) : (found.at + step + n) % n;
        const i = found.order[found.at];
        if (isShown(i))
            drawSearch();
        else
            change({zoom: 0});
        select(i);
    }

    // The box to type the pattern in. What is typed is one step of the history, however long.
    const box = {outer: null, input: null, typed: false};

    function makeBox() {
        const html = "http://www.w3.org/1999/xhtml";
        box.outer = document.createElementNS(svg.namespaceURI, "foreignObject");
        box.input = document.createElementNS(html, "input");
        box.outer.id = "box";
        box.outer.setAttribute("class", "hide");
        box.outer.setAttribute("height", 2 * fontSize);
        const about = {type: "text", "aria-label": "Search for a regular expression",
                       placeholder: "regular expression, such as ^ext4_", spellcheck: "false",
                       autocomplete: "off"};
        for (const [name, value] of Object.entries(about))
            box.input.setAttribute(name, value);
        box.input.addEventListener("input", onType);
        box.input.addEventListener("keydown", onBoxKey);
        box.input.addEventListener("blur", () => box.outer.classList.add("hide"));
        box.outer.append(box.input);
        svg.append(box.outer);
    }

    function placeBox() {
        const button = part("search");
        const right = Number(button.getAttribute("x")) - lengthOf("Reset Search") - pad;
        const room = Math.max(6 * fontSize, Math.min(24 * fontSize, right - pad));
        set(box.outer, "width", room);
        set(box.outer, "x", Math.max(0, right - room));
        set(box.outer, "y", Number(button.getAttribute("y")) - 1.5 * fontSize);
    }

    function openSearch() {
        box.typed = false;
        placeBox();
        box.outer.classList.remove("hide");
        box.input.value = state.search;
        scrollBy(0, Math.min(0, svg.getBoundingClientRect().top));
        box.input.focus();
        box.input.select();
    }

    function onType() {
        found.at = -1;
        change({search: box.input.value}, box.typed);
        box.typed = true;
    }

    function onBoxKey(event) {
        const control = event.ctrlKey || event.metaKey;
        if (control && event.key === "i")
            toggleCase();
        else if (event.key === "Enter" || event.key === "F3")
            nextMatch(event.shiftKey ? -1 : 1);
        else if (event.key === "Escape") {
            change({search: ""}, box.typed);
            group.focus();
        }
        event.stopPropagation();
        if (["Enter", "F3", "Escape"].includes(event.key) || (control && /^[fi]$/.test(event.key)))
            event.preventDefault();
    }

    // --- links: #z=FRAME&s=PATTERN&i=1, the frame by a hash of the names from the root to it ---

    function hash(seed, text) {
        let h = seed;
        for (let i = 0; i < text.length; i++)
            h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
        return (h ^ h >>> 15) >>> 0;
    }

    // Frames with the same path, as in a flame chart, are distinguished by their number.
    function makeKeys() {
        const seen = new Map();
        if (frames[0].key)
            return;
        frames.forEach((f) => {
            const under = f.parent < 0 ? [0x811c9dc5, 0x1b873593] : frames[f.parent].path;
            const name = ";" + f.name;
            f.path = under.map((h) => hash(h, name));
            const key = f.path.map((h) => h.toString(16).padStart(8, "0")).join("");
            const times = (seen.get(key) || 0) + 1;
            seen.set(key, times);
            f.key = times > 1 ? key + "." + times : key;
        });
    }

    function link() {
        const words = [];
        if (state.zoom) {
            makeKeys();
            words.push("z=" + frames[state.zoom].key);
        }
        if (state.search)
            words.push("s=" + encodeURIComponent(state.search));
        if (state.ignoreCase)
            words.push("i=1");
        return words.join("&");
    }

    function saveLink(replace) {
        const text = link(), put = replace ? "replaceState" : "pushState";
        try {
            if (text !== location.hash.slice(1))
                history[put](null, "", location.href.split("#")[0] + (text && "#" + text));
        } catch (error) {
            // Embedded where links are not ours to change.
        }
    }

    function parameter(name) {
        const from = location.hash || location.search;
        const value = new RegExp("(?:^[#?]|&)" + name + "=([^&]*)").exec(from);
        try {
            return value ? decodeURIComponent(value[1]) : "";
        } catch (error) {
            return "";
        }
    }

    // Links of flamegraph.pl, ?x=165.3&y=197, have the place of the frame in pixels; those of
    // inferno-flamegraph have its first sample as x. They fit the same data, drawn in the same way.
    function oldZoom() {
        const x = parseFloat(parameter("x")), y = parseFloat(parameter("y"));
        const pixels = (f) => pad + f.start / frames[0].size * (drawn - 2 * pad);
        const fits = (f) => Math.abs(f.y - y) <= 1 &&
            (f.start === x || Math.abs(pixels(f) - x) <= 0.1);
        return Math.max(0, frames.findIndex(fits));
    }

    function followLink() {
        const key = parameter("z");
        let zoom = oldZoom();
        if (key) {
            makeKeys();
            zoom = Math.max(0, frames.findIndex((f) => f.key === key));
        }
        show({zoom, search: parameter("s"), ignoreCase: parameter("i") === "1"});
    }
