/*
 * The machine code of a function with what each instruction has of its own. Without --with-asm, and
 * of functions that it did not reach, the addresses that were seen.
 */
function asmView(page) {
    const {model} = page, {places, code} = page;
    let rows, pick, hint;

    const key = () => model.treeKey() + "places";
    const sums = () => model.keep("places", key(), () => placeSums(
        page.profile, places, page.times, model.measure().column, page.state(), model.stackPasses()));

    // Functions with addresses: {name, module, self, places}, the heaviest first.
    const functions = () => model.keep("routines", key(), () => {
        const found = new Map(), {self} = sums();
        for (let p = 0; p < places.count; p++) {
            if (!places.addresses[p] || !self[p])
                continue;
            const id = places.names[p] + "\n" + places.modules[p];
            const f = found.get(id) ||
                {name: places.names[p], module: places.modules[p], self: 0, places: []};
            f.self += self[p];
            f.places.push(p);
            found.set(id, f);
        }
        return Array.from(found.values()).sort((a, b) => b.self - a.self || (a.name < b.name ? -1 : 1));
    });

    const current = () => functions().find((f) => f.name === page.state().picked) || functions()[0] || null;
    const routineOf = (f) => f && code &&
        code.find((r) => r.name === f.name && r.module === f.module) || null;

    const list = () => model.keep("instructions", key() + "\n" + (current() || {name: ""}).name, () => {
        const now = current(), routine = routineOf(now), self = new Map();
        for (const p of now ? now.places : [])
            self.set(places.addresses[p], (self.get(places.addresses[p]) || 0) + sums().self[p]);
        const known = routine ? routine.instructions : [];
        const others = Array.from(self.keys()).filter((a) => !known.some((i) => i.address === a));
        return known.concat(others.map((address) => ({address, text: null})))
            .map((i) => ({...i, self: self.get(i.address) || 0})).sort((a, b) => a.address - b.address);
    });

    function columns() {
        const most = list().reduce((m, r) => Math.max(m, r.self), 0);
        const value = valueColumn(page, "self", "Self", (r) => r.self, most);
        const blank = (text) => (r) => r.self ? text(r) : "";
        return [
            {...value, text: blank(value.text), hint: blank(value.hint)},
            {key: "share", title: "%", number: true, width: 5.5,
             text: blank((r) => share(r.self / (current().self || 1)))},
            {key: "address", title: "Address", number: true, width: 10, text: (r) => r.address.toString(16)},
            {key: "text", title: "Instruction", fill(td, row) {
                td.classList.add("code");
                td.textContent = row.text ?? "";
            }},
        ];
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
            : ". The page has not its code: see --with-asm.");
        rows.show({columns: columns(), count: lines.length, at: (i) => lines[i], sort: null});
    }

    return {
        id: "asm", title: "Assembly", noun: "instructions", charts: () => [],
        needs: () => Boolean(places && places.addresses.some((a) => a)),
        build(section) {
            pick = makeFunctionPicker(page, section);
            hint = make(section, "p", "hint");
            rows = makeRows(section, "Instructions", "grid", {
                select() {}, open() {}, menu: (row, event) => page.openMenu(event),
            });
        },
        steps: () => [() => model.shape(), () => model.tree(), () => void sums(), () => void functions()],
        show,
        subject() {
            const f = current() ? page.profile.frames.names.indexOf(current().name) : -1;
            return f > 0 ? {frame: f} : null;
        },
        focus: () => rows.focus(),
        frames: () => list().length,
    };
}
