/*
 * The script of a flame graph SVG: zoom, search, details, a walk by keys, and links to what is
 * seen. It stands after the frames, so that they are there when it runs. Texts from the profile
 * are only ever read and set as text. What it needs to know is in data attributes of the group
 * "frames".
 *
 * Frames come in the order of a walk: each is followed by all that stands on it. So frame i with
 * all that is on it are the frames i up to, not including, frames[i].end.
 *
 * The function goes on in svg_find.js, for search and links, and ends in svg_hands.js, which does
 * what the user asks for.
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
    let more = 0; // pixels that the legend takes on top of `height`, in a narrow window
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
            svg.setAttribute("viewBox", "0 0 " + width + " " + (height + more));
        } else {
            svg.removeAttribute("viewBox");
            svg.setAttribute("width", "100%");
            svg.setAttribute("height", height + more);
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
        wrapLegend();
        drawFrames();
        showDetails(current);
    }

    // --- the legend: swatches with their texts, and texts alone, in lines as wide as the window ---

    function wrapLegend() {
        const texts = Array.from(svg.querySelectorAll("#legend text"));
        if (!texts.length)
            return;
        const homes = texts.map(homeOf), step = fontSize + 4;
        let x = pad, y = homes[0];
        texts.forEach((text, i) => {
            const before = text.previousElementSibling;
            const swatch = before && before.localName === "rect" ? before : null, gap = swatch ? fontSize + 2 : 0;
            const wide = gap + text.getComputedTextLength();
            if (x > pad && x + wide > width - pad) {
                x = pad;
                y += step;
            }
            if (swatch) {
                set(swatch, "y", y + homeOf(swatch) - homes[i]);
                set(swatch, "x", x);
            }
            set(text, "x", x + gap);
            set(text, "y", y);
            x = !i && !swatch ? Infinity : x + wide + fontSize; // totals have a line of their own
        });
        more = Math.max(0, y - Math.max(...homes));
        svg.setAttribute("height", height + more);
    }

    // Where it was drawn, whatever became of it.
    function homeOf(element) {
        element.dataset.home ||= element.getAttribute("y");
        return Number(element.dataset.home);
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
        const scale = box.height / (height + more) || 1;
        return {top: -box.top / scale, bottom: (innerHeight - box.top) / scale, scale};
    }

    function placeLine() {
        const seen = inWindow();
        const away = line.home > seen.bottom - fontSize / 2 || line.home < seen.top + fontSize;
        const y = away ? Math.min(seen.bottom, height + more) - fontSize * 0.7 : line.home;
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
