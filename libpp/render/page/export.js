/*
 * What is seen, as files: folded stacks, a profile for pprof, a table, a picture. All of the
 * selection; names are data in each of them.
 */

// --- folded stacks ---

// A line for each stack of a tree: "root;...;leaf COUNT". Stacks of the same names are one.
function foldedOf(tree, nameOf, plain) {
    const paths = [""], sums = new Map();
    for (let n = 1; n < tree.parent.length; n++) {
        const name = nameOf(tree.frame[n]).replace(/[;\n\r]/g, ":");
        paths[n] = tree.parent[n] ? paths[tree.parent[n]] + ";" + name : name;
        if (tree.self[n])
            sums.set(paths[n], (sums.get(paths[n]) || 0) + tree.self[n]);
    }
    return Array.from(sums, ([path, sum]) => path + " " + plain(sum)).sort().join("\n") + "\n";
}

// --- a table ---

function csvOf(rows) {
    const columns = rows.columns.filter((c) => c.value);
    const quoted = (v) => /[",\n\r]/.test(v) ? '"' + String(v).replaceAll('"', '""') + '"' : String(v);
    const lines = [columns.map((c) => quoted(c.title)).join(",")];
    for (let i = 0; i < rows.count; i++)
        lines.push(columns.map((c) => quoted(c.value(rows.at(i)))).join(","));
    return lines.join("\n") + "\n";
}

// --- pprof: profile.proto, as far as a page knows what it says ---

function makeProto() {
    const bytes = [];
    const varint = (v) => {
        let rest = BigInt.asUintN(64, BigInt(Math.round(v)));
        for (; rest > 127n; rest >>= 7n)
            bytes.push(Number(rest & 127n) | 128);
        bytes.push(Number(rest));
    };
    const proto = {bytes};
    proto.int = (field, v) => {
        if (v) {
            varint(field * 8);
            varint(v);
        }
    };
    proto.block = (field, content) => {
        varint(field * 8 + 2);
        varint(content.length);
        for (const byte of content)
            bytes.push(byte);
    };
    proto.message = (field, fill) => {
        const inner = makeProto();
        fill(inner);
        proto.block(field, inner.bytes);
    };
    proto.packed = (field, list) => {
        const inner = makeProto();
        list.forEach((v) => inner.varint(v));
        proto.block(field, inner.bytes);
    };
    proto.varint = varint;
    return proto;
}

// `columns` are those of the profile, and `values[c][node]` what each node of the shape has of its own.
function pprofOf(shape, frames, nameOf, columns, values) {
    const proto = makeProto(), texts = new Map([["", 0]]), used = new Set();
    const text = (t) => {
        if (!texts.has(t))
            texts.set(t, texts.size);
        return texts.get(t);
    };
    for (const c of columns)
        proto.message(1, (m) => { m.int(1, text(c.type)); m.int(2, text(c.unit || "count")); });
    for (let n = 1; n < shape.parent.length; n++) {
        if (!values.some((v) => v[n]))
            continue;
        const stack = [];
        for (let i = n; i; i = shape.parent[i])
            stack.push(shape.frame[i]);
        stack.forEach((f) => used.add(f));
        proto.message(2, (m) => {
            m.packed(1, stack);
            m.packed(2, values.map((v) => v[n]));
        });
    }
    for (const f of used) {
        proto.message(4, (m) => {
            m.int(1, f);
            m.message(4, (line) => { line.int(1, f); line.int(2, frames.lines[f]); });
        });
        proto.message(5, (m) => {
            m.int(1, f);
            m.int(2, text(nameOf(f)));
            m.int(4, text(frames.files[f] || ""));
        });
    }
    for (const t of texts.keys())
        proto.block(6, new TextEncoder().encode(t));
    return Uint8Array.from(proto.bytes);
}

// --- pictures ---

const xmlText = (text) => text.replace(/[&<>"]/g, (c) => "&#" + c.charCodeAt(0) + ";")
    .replace(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");

// The boxes that a chart draws.
function svgOf(chart, paint, say) {
    const width = chart.host.clientWidth, height = (chart.boxes.deepest + 1) * ROW;
    const parts = [`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
        `font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>`];
    chart.eachDrawn((place, left, w, depth, text) => {
        const y = chart.down ? depth * ROW : height - (depth + 1) * ROW;
        const color = place.run ? 0xe6e6ea : paint(chart, place.box);
        const title = place.run ? "narrower frames" : say(chart.boxes, place.box);
        parts.push(`<g><title>${xmlText(title)}</title><rect x="${left.toFixed(1)}" y="${y}" ` +
            `width="${Math.max(w - 1, 0.6).toFixed(1)}" height="${ROW - 1}" fill="${hexOf(color)}"/>` +
            (text ? `<text x="${(left + 3).toFixed(1)}" y="${y + 13}" fill="${inkOn(color)}">${xmlText(text)}</text>` : "") +
            "</g>");
    });
    return parts.join("\n") + "\n</svg>\n";
}

function pngOf(chart) {
    const {canvas} = chart, copy = document.createElement("canvas"), pen = copy.getContext("2d");
    copy.width = canvas.width;
    copy.height = canvas.height;
    pen.fillStyle = isDark() ? "#17181c" : "#fff";
    pen.fillRect(0, 0, copy.width, copy.height);
    pen.drawImage(canvas, 0, 0);
    return new Promise((resolve) => copy.toBlob(resolve, "image/png"));
}

// --- files ---

// Nothing of a name that came from elsewhere but letters, digits, dots and lines.
function fileName(title, suffix) {
    return (title.replace(/[^\p{L}\p{N}.-]+/gu, "-").replace(/^[.-]+|[.-]+$/g, "").slice(0, 80) || "profile") + suffix;
}

function save(content, name, type) {
    const link = document.createElement("a"), blob = content instanceof Blob ? content : new Blob([content], {type});
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function zipped(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
    return new Blob([await new Response(stream).arrayBuffer()], {type: "application/octet-stream"});
}

function exportsOf(page, look) {
    const {model} = page, name = (suffix) => fileName(part("title").textContent, suffix);
    const table = () => {
        const view = page.shown();
        return view.exported ? view.exported() : view.table ? view.table() : null;
    };
    const chart = () => page.chartShown() && page.chartShown().boxes ? page.chartShown() : null;
    const line = (id, title, can, run) => ({id: "export-" + id, keys: [], title: "Export " + title, group: "Export",
                                            can, run});
    return [
        line("folded", "folded stacks", null, () => save(foldedOf(model.tree(), model.plainNameOf,
            model.format().plain), name(".folded"), "text/plain")),
        line("pprof", "a profile for pprof", null, async () => save(await zipped(pprofOf(model.shape(),
            page.profile.frames, model.plainNameOf, page.profile.columns, model.allSelf())), name(".pb.gz"))),
        line("csv", "the table as CSV", () => Boolean(table()), () =>
            save(csvOf(table()), name(".csv"), "text/csv")),
        line("svg", "the graph as SVG", () => Boolean(chart()), () =>
            save(svgOf(chart(), look.paint, look.say), name(".svg"), "image/svg+xml")),
        line("png", "the graph as PNG", () => Boolean(chart()), async () =>
            save(await pngOf(chart()), name(".png"))),
        {id: "copy-link", keys: [], title: "Copy the link", group: "Export", run: () => page.copy(location.href)},
        {id: "copy-csv", keys: [], title: "Copy the table as CSV", group: "Export",
         can: () => Boolean(table()), run: () => page.copy(csvOf(table()))},
    ];
}
