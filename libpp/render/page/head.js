/*
 * The head: the file, the event, how long, how many threads and samples, and how much
 * all of it is. What the profile says of itself is the text that pp-info prints.
 */

const OWN_TITLES = ["Flame Graph", "Icicle Graph", "Flame Chart"]; // say nothing of the profile

// {file, and the lines by their titles}, of what pp-info prints for one file.
function readMeta(text) {
    const meta = {}, [first, ...lines] = text.split("\n");
    if (first.endsWith(":") && !first.startsWith(" "))
        meta.file = first.slice(0, -1).replace(/.*\//, "");
    for (const line of [first, ...lines]) {
        const found = /^ {2}(\S.*?) {2,}(.*)$/.exec(line);
        if (found && !Object.hasOwn(meta, found[1]))
            meta[found[1]] = found[2];
    }
    return meta;
}

function makeHead(page) {
    const {model, times} = page, title = part("title"), summary = part("summary");
    const plural = (n, noun) => grouped(n) + " " + noun + (n === 1 ? "" : "s");
    let facts = [];

    // What holds whatever is selected.
    function factsOf(meta) {
        const clock = times && times.isClock, span = clock ? timeSpan(times) : 0;
        const list = [];
        if (meta.duration || span)
            list.push(meta.duration || duration(span));
        if (clock && times.threads.length > 1)
            list.push(plural(times.threads.length, "thread"));
        return list.concat(meta.command || [], meta.began || []);
    }

    function show() {
        const format = model.format(), all = model.all(), {label} = model.measure();
        const total = format.named(all), events = total.includes(format.unit) ? [] : [label];
        summary.textContent = [...events, total + (page.isPartial() ? ", filtered" : "")].join(" \u00b7 ");
        summary.title = format.exact(all);
        part("facts").textContent = facts.join(" \u00b7 ");
    }

    page.profile.meta().then((text) => {
        const meta = readMeta(text || "");
        if (OWN_TITLES.includes(title.textContent) && meta.file && meta.file !== "-")
            document.title = title.textContent = meta.file;
        facts = factsOf(meta);
        show();
    });
    return {show};
}
