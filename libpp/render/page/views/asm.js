/*
 * The machine code of a function with what each instruction has of its own and in all, with arrows
 * for its jumps and the source that it is from. Without --with-asm, and of functions that it did not
 * reach, the addresses that were seen.
 */
function asmView(page) {
    const {model} = page, {places, code} = page;
    let rows, pick, hint, shownFor = null;

    const key = () => model.treeKey() + "places";
    const sums = () => model.keep("places", key(), () => placeSums(
        page.profile, places, page.times, model.measure().column, page.state(), model.stackPasses()));

    // Functions with addresses: {name, module, self, places}, the heaviest first.
    const functions = () => model.keep("routines", key(), () => {
        const found = new Map(), {self, total} = sums();
        for (let p = 0; p < places.count; p++) {
            if (!places.addresses[p] || (!self[p] && !total[p]))
                continue;
            const id = places.names[p] + "\n" + places.modules[p];
            const f = found.get(id) ||
                {name: places.names[p], module: places.modules[p], self: 0, places: []};
            f.self += self[p];
            f.places.push(p);
            found.set(id, f);
        }
        return Array.from(found.values()).filter((f) => f.self)
            .sort((a, b) => b.self - a.self || (a.name < b.name ? -1 : 1));
    });

    function current() {
        const f = model.picked(), {names, modules} = page.profile.frames, all = functions();
        return all.find((r) => r.name === names[f] && r.module === modules[f]) ||
            all.find((r) => r.name === names[f]) || all[0] || null;
    }
    const routineOf = (f) => f && code &&
        code.find((r) => r.name === f.name && r.module === f.module) || null;

    /*
     * Rows of the table: instructions with what they have, and before those of another line of source
     * that line, a row {source}. A caller's address lies within the call, whose row gets it.
     */
    const list = () => model.keep("instructions", key() + "\n" + (current() || {name: ""}).name, () => {
        const now = current(), routine = routineOf(now);
        const rows = routine ? routine.instructions.map((i) => ({...i, self: 0, total: 0})) : [];
        const known = rows.length, last = known ? rows[known - 1].address : 0;
        const byAddress = new Map(rows.map((row) => [row.address, row]));
        const rowAt = (address) => {
            const exact = byAddress.get(address);
            if (exact || !known || address < rows[0].address || address > last)
                return exact;
            return rows.slice(0, known).findLast((row) => row.address < address);
        };
        for (const p of now ? now.places : []) {
            let row = rowAt(places.addresses[p]);
            if (!row) {
                row = {address: places.addresses[p], file: "", line: 0, text: null, self: 0, total: 0};
                rows.push(row);
                byAddress.set(row.address, row);
            }
            row.self += sums().self[p];
            row.total += sums().total[p];
        }
        return withSource(rows.sort((a, b) => a.address - b.address));
    });

    function withSource(rows) {
        const all = [];
        let before = "";
        for (const row of rows) {
            const place = row.file + ":" + row.line;
            if (row.line && place !== before)
                all.push({source: sourceAt(row.file, row.line), place});
            before = place;
            all.push(row);
        }
        return all;
    }

    // The text of a line, if the page has it; the paths that tools give it may differ at their front.
    function sourceAt(file, line) {
        const files = page.source || new Map(), known = files.has(file) ? file
            : Array.from(files.keys()).find((path) => file.endsWith("/" + path) || path.endsWith("/" + file));
        const found = (files.get(known) || []).find((p) => line >= p.first && line < p.first + p.count);
        return found ? found.lines[line - found.first] : "";
    }

    const rails = () => model.keep("rails", key() + "\n" + (current() || {name: ""}).name, () => {
        const routine = routineOf(current());
        return railsOf(routine ? jumpsOf(routine, list()) : [], list().length);
    });

    // --- the table ---

    function textCell(td, row) {
        td.classList.add("code");
        if (row.place) {
            td.classList.add("from-source");
            td.textContent = baseName(row.place) + "  " + row.source.trim();
            td.title = row.place;
            return;
        }
        td.textContent = row.text ?? "";
    }

    function railsColumn() {
        const color = getComputedStyle(rows.host).getPropertyValue("--faint"), of = rails();
        return of.some((list) => list.length) ? [{key: "jumps", title: "", width: 4.4, fill(td, row) {
            const canvas = make(td, "canvas", "");
            canvas.setAttribute("aria-hidden", "true");
            td.classList.add("rails");
            drawRails(canvas, of[list().indexOf(row)], rowHeight(), color);
        }}] : [];
    }

    function columns() {
        const most = (k) => list().reduce((m, r) => Math.max(m, r[k] || 0), 0);
        const blank = (column, k) => ({...column, text: (r) => r[k] ? column.text(r) : "",
                                       hint: (r) => r[k] ? column.hint(r) : "",
                                       bar: (r) => r[k] ? column.bar(r) : 0});
        const value = (k, title) => blank(valueColumn(page, k, title, (r) => r[k] || 0, most(k)), k);
        return [
            value("self", "Self"),
            {key: "share", title: "%", number: true, width: 5.5, isSpare: true,
             text: (r) => r.self ? share(r.self / (current().self || 1)) : ""},
            value("total", "Total"),
            {key: "address", title: "Address", number: true, width: 10, isSpare: true,
             value: (r) => r.address === undefined ? "" : r.address.toString(16),
             text: (r) => r.address === undefined ? "" : r.address.toString(16)},
            ...railsColumn(),
            {key: "text", title: "Instruction", value: (r) => r.place || r.text || "", fill: textCell},
        ];
    }

    // A function is shown where it is the hottest.
    function toHottest(now, lines) {
        if (now === shownFor)
            return;
        shownFor = now;
        rows.scrollTo(lines.reduce((best, row, i) => (row.self || 0) > (lines[best].self || 0) ? i : best, 0));
    }

    // To where an instruction jumps.
    function follow(row) {
        const routine = routineOf(current()), target = routine && jumpTarget(routine, row);
        const to = target ? list().findIndex((r) => r.address === target) : -1;
        if (to >= 0)
            rows.select(to);
    }

    function show() {
        const now = current(), format = model.format(), lines = list();
        pick.replaceChildren(...functions().slice(0, MOST_FUNCTIONS).map((f) => {
            const option = document.createElement("option");
            option.value = f.name;
            option.textContent = f.name + " \u2014 " + format.short(f.self);
            option.selected = f === now;
            return option;
        }));
        hint.textContent = !now ? "Nothing of what is selected has an address." : now.module +
            ": self " + format.named(now.self) + (routineOf(now) ? ""
            : ". The page does not have its code: see --with-asm.");
        rows.show({columns: columns(), count: lines.length, at: (i) => lines[i], sort: null});
        toHottest(now, lines);
    }

    return {
        id: "asm", title: "Assembly", noun: "instructions", charts: () => [],
        needs: () => Boolean(places && places.addresses.some((a) => a)),
        build(section) {
            pick = makeFunctionPicker(page, section);
            hint = make(section, "p", "hint");
            rows = makeRows(section, "Instructions", "grid", {
                select() {}, open: follow, menu: (row, event) => page.openMenu(event),
            });
        },
        steps: () => [() => model.shape(), () => model.tree(), () => void sums(), () => void functions()],
        show,
        subject() {
            const f = current() ? page.profile.frames.names.indexOf(current().name) : -1;
            return f > 0 ? {frame: f} : null;
        },
        focus: () => rows.focus(),
        frames: () => list().filter((row) => row.address !== undefined).length,
        exported: () => rows,
    };
}
