/*
 * The script of a flame graph SVG: zoom, search, details, a walk by keys, and links to what is
 * seen. It stands after the frames, so that they are there when it runs. Texts from the profile
 * are only ever read and set as text. What it needs to know is in data attributes of the group
 * "frames".
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
    const drawn = svg.viewBox.baseVal.width, height = svg.viewBox.baseVal.height;
    const fluid = data.fluid === "1", least = 240;
    const state = {zoom: 0, search: "", ignoreCase: false};
    const found = {order: [], at: -1}; // the matches, the heaviest first; which of them is shown
    const indexes = new Map(); // of the groups
    const frames = read();
    let width = drawn;
    let current = -1;

    // --- the frames ---

    // A title is "NAME (COUNT UNIT, SHARE)", in which NAME and UNIT may hold " (" as well, or "NAME
    // (227.1 ms (COUNT UNIT), SHARE)". That of a comparison has a second line.
    function splitTitle(g, title) {
        const end = data.side || data.chart ? title.lastIndexOf("\n") : -1;
        const line = end < 0 ? title : title.slice(0, end);
        let at = line.length;
        if (g.dataset.name !== undefined)
            return [g.dataset.name, " (" + title + ")"];
        for (let n = data.count.split(" (").length; n > 0 && at > 0; n--)
            at = line.lastIndexOf(" (", at - 1);
        if (at > 0 && line.slice(at).includes(" " + data.count + "), "))
            at = line.lastIndexOf(" (", at - 1);
        return at > 0 ? [line.slice(0, at), title.slice(at).replace("\n", "; ")] : [line, ""];
    }

    function frameOf(g) {
        const rect = g.querySelector("rect");
        // In a chart of times, places and sizes are times, and the value stands beside them.
        const value = Number(rect.dataset.v === undefined ? rect.dataset.w : rect.dataset.v);
        const [name, share] = splitTitle(g, g.querySelector("title").textContent);
        return {
            g, rect, text: g.querySelector("text"), name, share,
            start: Number(rect.dataset.x), size: Number(rect.dataset.w), value,
            own: value - Number(rect.dataset.h || 0),
            y: Number(rect.getAttribute("y")), depth: Number(rect.dataset.d), parent: -1, end: 0,
            key: "",
        };
    }

    function read() {
        const all = Array.from(group.children, frameOf), open = [];
        all.forEach((f, i) => {
            indexes.set(f.g, i);
            if (!data.chart)
                f.depth = Math.abs(f.y - all[0].y);
            while (open.length && all[open[open.length - 1]].depth >= f.depth)
                all[open.pop()].end = i;
            if (open.length) {
                f.parent = open[open.length - 1];
                all[f.parent].own -= f.value;
            }
            open.push(i);
        });
        open.forEach((i) => { all[i].end = all.length; });
        return all;
    }

    function indexOf(target) {
        let g = target;
        while (g && g.parentNode !== group)
            g = g.parentNode;
        return g ? indexes.get(g) : -1;
    }

    // --- text that fits: letters are measured once, and without laying anything out ---

    const measure = (function () {
        const widths = new Map();
        const guess = fontSize * Number(data.fontWidth);
        const canvas = document.createElementNS("http://www.w3.org/1999/xhtml", "canvas");
        const context = canvas.getContext && canvas.getContext("2d");
        if (context)
            context.font = fontSize + "px " + svg.getAttribute("font-family");
        return function (letter) {
            let w = widths.get(letter);
            if (w === undefined) {
                w = context ? context.measureText(letter).width : guess;
                widths.set(letter, w);
            }
            return w;
        };
    })();

    function lengthOf(text) {
        let sum = 0;
        for (const letter of text)
            sum += measure(letter);
        return sum;
    }

    // As much of the text as fits, with two dots for the rest; nothing where not one letter does.
    function shorten(text, room, fromLeft) {
        if (text.length * fontSize / 5 < room && lengthOf(text) <= room)
            return text;
        if (room < 2 * measure("."))
            return "";
        const letters = Array.from(text.slice(0, 4096));
        const dots = 2 * measure(".");
        let sum = 0, n = 0;
        if (lengthOf(text.slice(0, 4096)) <= room && text.length <= 4096)
            return text;
        if (fromLeft)
            letters.reverse();
        while (n < letters.length && sum + measure(letters[n]) + dots <= room)
            sum += measure(letters[n++]);
        if (!n)
            return "";
        const kept = letters.slice(0, n);
        return fromLeft ? ".." + kept.reverse().join("") : kept.join("") + "..";
    }

    function label(f, pixels) {
        const text = pixels < fontSize ? "" : shorten(f.name, pixels - 6, data.cut === "left");
        if (!text && !f.text)
            return;
        if (!f.text) {
            const middle = f.y + Number(f.rect.getAttribute("height")) / 2;
            f.text = document.createElementNS(svg.namespaceURI, "text");
            f.text.setAttribute("y", (middle + fontSize / 4).toFixed(1));
            f.g.appendChild(f.text);
        }
        if (f.text.textContent !== text)
            f.text.textContent = text;
    }

    // --- details ---

    function percent(share) {
        return (100 * share).toFixed(2).replace(/\.?0+$/, "") + "%";
    }

    // "227.1 ms" of a time, "1.5 KiB" of bytes, with the units that the group tells; else in full.
    function short(count) {
        const steps = (data.steps || "").split(" ");
        let name = "", size = 1;
        for (let i = 0; i + 1 < steps.length; i += 2)
            if (i === 0 || Math.abs(count) >= Number(steps[i + 1]))
                [name, size] = [" " + steps[i], Number(steps[i + 1])];
        const digits = size === 1 ? {} : {maximumSignificantDigits: 4};
        return (count / size).toLocaleString("en-US", digits) + name;
    }

    function shareOf(f) {
        const count = f.own / 10 ** Number(data.decimals) * Number(data.factor || 1);
        const own = short(count) + ", " + percent(f.own / frames[0].value);
        return f.share.replace(/\)$/, "") + "; self " + own + ")";
    }

    // The name gives way first, and then the rest, to what was found.
    function say(before, name, after) {
        const room = width - 3 * pad - lengthOf(matched.textContent);
        const left = Math.max(room - lengthOf(before + after), 8 * fontSize);
        details.textContent = shorten(before + shorten(name, left) + after, room) || " ";
    }

    function showDetails(i) {
        if (i < 0)
            say("", "", "");
        else
            say(data.nametype + " ", frames[i].name, shareOf(frames[i]));
    }

    // --- where everything is ---

    function set(element, name, value) {
        const text = value.toFixed(1);
        if (element.getAttribute(name) !== text)
            element.setAttribute(name, text);
    }

    function place(f, x, w) {
        f.g.classList.remove("hide");
        set(f.rect, "x", x);
        set(f.rect, "width", w);
        label(f, w);
        if (f.text)
            set(f.text, "x", x + 3);
    }

    // --- charts of times: a zoom shows what all threads did in the time of the frame ---

    function placeInTime(f, z, room) {
        const from = Math.max(f.start, z.start);
        const to = Math.min(f.start + f.size, z.start + z.size);
        if (to > from)
            place(f, pad + (from - z.start) / z.size * room, (to - from) / z.size * room);
        else
            f.g.classList.add("hide");
    }

    // Marks are at 1, 2 or 5 times a power of ten, with room for their texts.
    function drawAxis(z, room) {
        const axis = part("axis"), least = 14 * fontSize * Number(data.fontWidth) * z.size / room;
        const power = 10 ** Math.floor(Math.log10(least));
        const step = Math.max(1, [1, 2, 5, 10].map((n) => n * power).find((n) => n >= least));
        const [unit, size] = [["s", 1e9], ["ms", 1e6], ["\u00b5s", 1e3], ["ns", 1]]
            .find(([, ns]) => step * 1.0000001 >= ns);
        const top = Number(axis.dataset.top), bottom = Number(axis.dataset.bottom);
        axis.replaceChildren();
        for (let n = Math.ceil(z.start / step); n * step + least / 2 <= z.start + z.size; n++) {
            const x = pad + (n * step - z.start) / z.size * room;
            const path = document.createElementNS(svg.namespaceURI, "path");
            const text = document.createElementNS(svg.namespaceURI, "text");
            path.setAttribute("d", `M${x.toFixed(1)} ${top}V${bottom}`);
            text.setAttribute("x", (x + 2).toFixed(1));
            text.setAttribute("y", isInverted() ? top - 5 : bottom + fontSize);
            text.textContent = Number((n * step / size).toPrecision(10)) + " " + unit;
            axis.append(path, text);
        }
    }

    const isInverted = () => frames.length > 1 && frames[1].y > frames[0].y;

    function drawFrames() {
        const z = frames[state.zoom], room = width - 2 * pad;
        const under = new Set();
        for (let i = z.parent; i >= 0; i = frames[i].parent)
            under.add(i);
        frames.forEach((f, i) => {
            f.g.classList.toggle("parent", under.has(i));
            if (under.has(i))
                place(f, pad, room);
            else if (data.chart)
                placeInTime(f, z, room);
            else if (i >= state.zoom && i < z.end)
                place(f, pad + (f.start - z.start) / z.size * room, f.size / z.size * room);
            else
                f.g.classList.add("hide");
        });
        part("unzoom").classList.toggle("hide", state.zoom === 0);
        if (data.chart)
            drawAxis(z, room);
    }

    // As wide as the window; what is printed is as wide as the page, whatever that is.
    function stretch(toPage) {
        if (toPage) {
            svg.setAttribute("viewBox", "0 0 " + width + " " + height);
        } else {
            svg.removeAttribute("viewBox");
            svg.setAttribute("width", "100%");
            width = Math.max(least, svg.getBoundingClientRect().width);
        }
    }

    function onResize() {
        const before = width;
        stretch(false);
        if (width === before)
            return;
        for (const id of ["title", "subtitle"])
            if (part(id))
                part(id).setAttribute("x", width / 2);
        set(part("search"), "x", width - pad - 2 * fontSize);
        set(part("case"), "x", width - pad);
        set(matched, "x", width - pad);
        placeBox();
        drawFrames();
        showDetails(current);
    }

    // --- the details line: in a graph taller than the window, at the bottom of the window ---

    const line = {home: Number(details.getAttribute("y")), behind: null};

    function makeBar() {
        line.behind = document.createElementNS(svg.namespaceURI, "rect");
        line.behind.id = "behind";
        line.behind.setAttribute("width", "100%");
        line.behind.setAttribute("height", 2 * fontSize);
        svg.append(line.behind, details, matched); // in front of the frames
    }

    // The part of the picture that is in the window, from top to bottom.
    function inWindow() {
        const box = svg.getBoundingClientRect();
        const scale = box.height / height || 1;
        return {top: -box.top / scale, bottom: (innerHeight - box.top) / scale, scale};
    }

    function placeLine() {
        const seen = inWindow();
        const away = line.home > seen.bottom - fontSize / 2 || line.home < seen.top + fontSize;
        const y = away ? Math.min(seen.bottom, height) - fontSize * 0.7 : line.home;
        line.behind.classList.toggle("hide", !away);
        set(line.behind, "y", y - fontSize * 1.3);
        set(details, "y", y);
        set(matched, "y", y);
    }

    // Scrolls so that the frame is in the window, and not behind the details.
    function scrollTo(f) {
        const box = f.rect.getBoundingClientRect(), seen = inWindow();
        const over = box.bottom + 2.5 * fontSize * seen.scale - innerHeight;
        if (box.top < 0)
            window.scrollBy(0, box.top - fontSize);
        else if (over > 0)
            window.scrollBy(0, over);
        placeLine();
    }

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
