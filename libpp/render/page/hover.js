// What is said of a box: at the pointer, in the line below, to screen readers.

function makeSpeech(page) {
    const {model} = page;

    const changeOf = (list, i) => list.other
        ? ", change " + model.format().change(list.size[i], list.other[i], model.all()) : "";

    // As screen readers have it.
    function say(list, i) {
        const {short} = model.format(), size = list.size[i];
        const own = !list.isCallers && list.self[i] && list.self[i] !== size ? ", self " + short(list.self[i]) : "";
        return model.nameOf(list.frame[i]) + ": " + short(size) + " (" + share(size / model.all()) + ")" +
            own + changeOf(list, i);
    }

    // All that there is to say in a line.
    function sayInFull(list, i) {
        const format = model.format(), all = model.all(), size = list.size[i];
        const exact = format.named(size) === format.exact(size) ? "" : ", " + format.exact(size);
        const self = list.isCallers ? "" : ", self " + format.short(list.self[i]) + " (" +
            share(list.self[i] / all) + ")";
        return model.nameOf(list.frame[i]) + " \u2014 " + format.named(size) + ", " +
            share(size / all) + exact + self + changeOf(list, i);
    }

    // Lines for the pointer: [text, ...], the name first.
    function sayAtPointer(list, place, zoom) {
        const format = model.format(), all = model.all();
        const of = (size) => format.named(size) + " \u00b7 " + share(size / all) + " of all" +
            (zoom ? " \u00b7 " + share(size / list.size[zoom]) + " of the zoomed" : "");
        if (place.run) {
            const under = Math.max(0, place.run.parent);
            return [grouped(place.run.count) + " narrower, on " + model.nameOf(list.frame[under]),
                    of(place.run.size), "click to zoom in"];
        }
        const i = place.box, f = list.frame[i], lines = [model.nameOf(f), of(list.size[i])];
        if (!list.isCallers && list.self[i] && list.self[i] !== list.size[i])
            lines.push("self " + format.named(list.self[i]) + " \u00b7 " + share(list.self[i] / all));
        if (list.other)
            lines.push("change " + format.change(list.size[i], list.other[i], all));
        return lines.concat(placeOf(page.profile.frames, f));
    }

    return {say, sayInFull, sayAtPointer};
}

// Where a frame is, as far as the profile says: [text] or [].
function placeOf(frames, f) {
    const file = frames.files && frames.files[f], line = frames.lines && frames.lines[f];
    const texts = [frames.modules && frames.modules[f], file && file + (line ? ":" + line : "")];
    const text = texts.filter(Boolean).join(" \u00b7 ");
    return text ? [text] : [];
}

// A box with lines at the pointer, inside of the window.
function makeTip() {
    const tip = part("tip");

    function place(x, y) {
        const w = tip.offsetWidth, h = tip.offsetHeight;
        const left = x + 14 + w > innerWidth ? x - 14 - w : x + 14;
        const top = y + 18 + h > innerHeight ? y - 10 - h : y + 18;
        tip.style.left = Math.max(4, Math.min(left, innerWidth - w - 4)) + "px";
        tip.style.top = Math.max(4, top) + "px";
    }

    return {
        show(lines, x, y) {
            tip.replaceChildren();
            lines.forEach((text, i) => { make(tip, "div", i ? "" : "name").textContent = text; });
            tip.hidden = false;
            place(x, y);
        },
        hide() {
            tip.hidden = true;
        },
    };
}
