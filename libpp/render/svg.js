/*
 * The script of a flame graph SVG: zoom, search, details, and links to both. It stands after the
 * frames, so that they are there when it runs. Texts from the profile are only ever read and
 * set as text. What it needs to know is in data attributes of the group "frames".
 *
 * Frames come in the order of a walk: each is followed by all that stands on it. So frame i with
 * all that is on it are the frames i up to, not including, frames[i].end.
 */
(function () {
    "use strict";
    const svg = document.currentScript.ownerSVGElement;
    const part = (id) => svg.querySelector("#" + id);
    const group = part("frames"), details = part("details"), matched = part("matched");
    const data = group.dataset;
    const pad = Number(data.pad), fontSize = Number(data.fontSize);
    const letter = fontSize * Number(data.fontWidth);
    const width = svg.viewBox.baseVal.width;
    const state = {zoom: 0, search: "", ignoreCase: false};
    const indexes = new Map(); // of the groups
    let frames = null;
    let current = 0;

    // --- the frames, read when they are first needed ---

    function frameOf(g, i) {
        const rect = g.querySelector("rect");
        return {
            g, rect, text: g.querySelector("text"), title: g.querySelector("title").textContent,
            start: Number(rect.dataset.x), size: Number(rect.dataset.w),
            y: Number(rect.getAttribute("y")), parent: -1, end: i + 1, key: "",
        };
    }

    function read() {
        if (frames)
            return;
        frames = Array.from(group.children, frameOf);
        const open = [];
        frames.forEach((f, i) => {
            indexes.set(f.g, i);
            const depth = (k) => Math.abs(frames[k].y - frames[0].y);
            while (open.length && depth(open[open.length - 1]) >= depth(i))
                frames[open.pop()].end = i;
            f.parent = open.length ? open[open.length - 1] : -1;
            open.push(i);
        });
        open.forEach((i) => { frames[i].end = frames.length; });
    }

    // A title is "NAME (COUNT UNIT, SHARE)", in which NAME and UNIT may hold " (" as well.
    function nameOf(f) {
        let at = f.title.length;
        for (let n = data.count.split(" (").length; n > 0 && at > 0; n--)
            at = f.title.lastIndexOf(" (", at - 1);
        return at > 0 ? f.title.slice(0, at) : f.title;
    }

    function indexOf(target) {
        let g = target;
        while (g && g.parentNode !== group)
            g = g.parentNode;
        return g ? indexes.get(g) : -1;
    }

    // --- text that fits ---

    function shorten(text, room) {
        const letters = Array.from(text);
        if (letters.length <= room)
            return text;
        return room < 3 ? "" : letters.slice(0, room - 2).join("") + "..";
    }

    function label(f, pixels) {
        const text = shorten(nameOf(f), Math.floor(pixels / letter));
        if (!text && !f.text)
            return;
        if (!f.text) {
            const middle = f.y + Number(f.rect.getAttribute("height")) / 2;
            f.text = document.createElementNS(svg.namespaceURI, "text");
            f.text.setAttribute("y", (middle + fontSize / 4).toFixed(1));
            f.g.appendChild(f.text);
        }
        f.text.textContent = text;
    }

    function showDetails(f) {
        const suffix = f ? f.title.slice(nameOf(f).length) : "";
        const taken = suffix.length + data.nametype.length + 1 + matched.textContent.length;
        const room = Math.max(8, Math.floor((width - 3 * pad) / letter) - taken);
        details.textContent = f ? data.nametype + " " + shorten(nameOf(f), room) + suffix : " ";
    }

    // --- zoom ---

    function place(f, x, w) {
        f.g.classList.remove("hide");
        f.rect.setAttribute("x", x.toFixed(1));
        f.rect.setAttribute("width", w.toFixed(1));
        label(f, w);
        if (f.text)
            f.text.setAttribute("x", (x + 3).toFixed(1));
    }

    function drawZoom() {
        const z = frames[state.zoom], room = width - 2 * pad;
        const under = new Set();
        for (let i = z.parent; i >= 0; i = frames[i].parent)
            under.add(i);
        frames.forEach((f, i) => {
            f.g.classList.toggle("parent", under.has(i));
            if (under.has(i))
                place(f, pad, room);
            else if (i >= state.zoom && i < z.end)
                place(f, pad + (f.start - z.start) / z.size * room, f.size / z.size * room);
            else
                f.g.classList.add("hide");
        });
        part("unzoom").classList.toggle("hide", state.zoom === 0);
    }

    // --- search ---

    function pattern() {
        try {
            return new RegExp(state.search, state.ignoreCase ? "iu" : "u");
        } catch (strict) {
            return new RegExp(state.search, state.ignoreCase ? "i" : "");
        }
    }

    const percent = (share) => (100 * share).toFixed(2).replace(/\.?0+$/, "") + "%";

    // What was found, of all and of what is zoomed to. What stands on a match counts with it.
    function findAll(regex) {
        const z = frames[state.zoom];
        const sum = {all: 0, zoomed: 0, hits: 0};
        let covered = 0;
        frames.forEach((f, i) => {
            const hit = i > 0 && regex.test(nameOf(f));
            f.g.classList.toggle("found", hit);
            if (!hit)
                return;
            sum.hits++;
            if (i >= covered) {
                covered = f.end;
                sum.all += f.size;
                if (i < state.zoom && f.end > state.zoom)
                    sum.zoomed = z.size;
                else if (i >= state.zoom && i < z.end)
                    sum.zoomed += f.size;
            }
        });
        return sum;
    }

    function searchResult() {
        let regex;
        try {
            regex = pattern();
        } catch (error) {
            frames.forEach((f) => f.g.classList.remove("found"));
            return "Not a pattern: " + shorten(state.search, 40);
        }
        const sum = findAll(regex);
        if (!sum.hits)
            return "No match: " + shorten(state.search, 40);
        const all = "Matched: " + percent(sum.all / frames[0].size);
        return state.zoom ? all + ", of the zoomed: " + percent(sum.zoomed / frames[state.zoom].size)
                          : all;
    }

    function drawSearch() {
        const on = state.search !== "";
        part("search").textContent = on ? "Reset Search" : "Search";
        part("search").classList.toggle("on", on);
        part("case").classList.toggle("on", state.ignoreCase);
        if (!on)
            frames.forEach((f) => f.g.classList.remove("found"));
        matched.textContent = on ? searchResult() : "";
    }

    function askSearch() {
        const text = state.search ? "" : prompt("Search for a regular expression, such as ^ext4_" +
            (state.ignoreCase ? " (case is ignored)" : "") + "\nCtrl-I: ignore case or not", "");
        if (text === null)
            return;
        change({search: text});
    }

    // --- links: #z=FRAME&s=PATTERN&i=1, the frame by a hash of the names from the root to it ---

    function hash(seed, text) {
        let h = seed;
        for (let i = 0; i < text.length; i++)
            h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
        return (h ^ h >>> 15) >>> 0;
    }

    // Frames with the same path, as in a flame chart, are told apart by their number.
    function makeKeys() {
        const seen = new Map();
        if (frames[0].key)
            return;
        frames.forEach((f) => {
            const under = f.parent < 0 ? [0x811c9dc5, 0x1b873593] : frames[f.parent].path;
            const name = ";" + nameOf(f);
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

    function saveLink() {
        const text = link();
        try {
            if (text !== location.hash.slice(1))
                history.pushState(null, "", location.href.split("#")[0] + (text && "#" + text));
        } catch (error) {
            // Embedded where links are not ours to change.
        }
    }

    function parameter(name) {
        const found = new RegExp("(?:^#|&)" + name + "=([^&]*)").exec(location.hash);
        try {
            return found ? decodeURIComponent(found[1]) : "";
        } catch (error) {
            return "";
        }
    }

    function followLink() {
        const key = parameter("z");
        let zoom = 0;
        read();
        if (key) {
            makeKeys();
            zoom = Math.max(0, frames.findIndex((f) => f.key === key));
        }
        show({zoom, search: parameter("s"), ignoreCase: parameter("i") === "1"});
    }

    // --- what the user does ---

    function show(wanted) {
        const zoomed = "zoom" in wanted && wanted.zoom !== state.zoom;
        read();
        Object.assign(state, wanted);
        if (zoomed)
            drawZoom();
        drawSearch();
    }

    function change(wanted) {
        show(wanted);
        saveLink();
    }

    function select(i) {
        frames[current].g.classList.remove("at");
        current = i;
        frames[i].g.classList.add("at");
        showDetails(frames[i]);
    }

    function isShown(i) {
        return i >= 0 && i < frames.length && !frames[i].g.classList.contains("hide");
    }

    function sibling(i, step) {
        const row = frames.map((f, k) => k).filter((k) => frames[k].y === frames[i].y && isShown(k));
        const at = row.indexOf(i) + step;
        return at >= 0 && at < row.length ? row[at] : i;
    }

    function move(key) {
        const up = frames.length > 1 && frames[1].y < frames[0].y ? "ArrowUp" : "ArrowDown";
        if (key === "ArrowLeft" || key === "ArrowRight")
            return sibling(current, key === "ArrowLeft" ? -1 : 1);
        if (key !== up)
            return Math.max(0, frames[current].parent);
        let child = current + 1;
        while (child < frames[current].end && !isShown(child))
            child = frames[child].end;
        return child < frames[current].end ? child : current;
    }

    function onFrameKey(event) {
        if (event.ctrlKey || event.altKey || event.metaKey)
            return;
        read();
        if (event.key.startsWith("Arrow"))
            select(move(event.key));
        else if (event.key === "Enter")
            change({zoom: current});
        else
            return;
        event.preventDefault();
    }

    function onKey(event) {
        const control = event.ctrlKey || event.metaKey;
        if (event.key === "F3" || (control && event.key === "f"))
            askSearch();
        else if (control && event.key === "i")
            change({ignoreCase: !state.ignoreCase});
        else if (event.key === "Escape")
            change(state.search ? {search: ""} : {zoom: 0});
        else
            return;
        event.preventDefault();
    }

    function onHover(event) {
        read();
        const i = indexOf(event.target);
        showDetails(i < 0 ? null : frames[i]);
    }

    function onClick(event) {
        read();
        const i = indexOf(event.target);
        if (i < 0)
            return;
        select(i);
        change({zoom: i});
    }

    group.addEventListener("click", onClick);
    group.addEventListener("mouseover", onHover);
    group.addEventListener("mouseleave", () => showDetails(null));
    group.addEventListener("keydown", onFrameKey);
    part("unzoom").addEventListener("click", () => change({zoom: 0}));
    part("search").addEventListener("click", askSearch);
    part("case").addEventListener("click", () => change({ignoreCase: !state.ignoreCase}));
    window.addEventListener("keydown", onKey);
    window.addEventListener("popstate", followLink);
    if (location.hash)
        followLink();
})();
