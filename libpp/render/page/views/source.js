/*
 * The source of a function with what each line has of its own and in all, as pp-report list has it.
 * Which function it is, is that of the sandwich, else the heaviest.
 */

const MOST_FUNCTIONS = 500; // in the menu

function sourceView(page) {
    const {model} = page, {places, source} = page;
    let rows, pick, head, hint;

    const key = () => model.treeKey() + "places";
    const sums = () => model.keep("places", key(), () => placeSums(
        page.profile, places, page.times, model.measure().column, page.state(), model.stackPasses()));
    const functions = () => model.keep("functions", key(), () => functionsInFiles(places, sums()));
    // Those with lines first: without any there is nothing to see.
    const shownFunctions = () => functions().filter((f) => f.file).concat(functions()
        .filter((f) => !f.file)).slice(0, MOST_FUNCTIONS);

    function current() {
        const name = page.profile.frames.names[model.picked()], all = functions();
        return all.find((f) => f.name === name && f.file) || all.find((f) => f.name === name) ||
            all.find((f) => source && source.has(f.file)) || shownFunctions()[0] || null;
    }

    const list = () => model.keep("lines", key() + "\n" + (current() || {name: ""}).name, () =>
        current() && current().file ? linesOf(places, sums(), source, current()) : []);

    // --- the table ---

    function codeCell(td, row) {
        td.classList.add("code");
        td.textContent = row.text ?? "";
        if (row.text === null && !row.self && !row.total)
            td.textContent = "";
    }

    function columns() {
        const lines = list(), most = (k) => lines.reduce((m, r) => Math.max(m, r[k]), 0);
        const blank = (column) => ({...column, text: (r) => column.value(r) ? column.text(r) : "",
                                    hint: (r) => column.value(r) ? column.hint(r) : ""});
        return [
            blank(valueColumn(page, "self", "Self", (r) => r.self, most("self"))),
            blank(valueColumn(page, "total", "Total", (r) => r.total, most("total"))),
            {key: "line", title: "Line", number: true, width: 5, value: (r) => r.line,
             text: (r) => (r.gap ? "\u22ee " : "") + (r.line || "?")},
            {key: "code", title: "Source", fill: codeCell},
        ];
    }

    function showChoices() {
        const now = current(), format = model.format();
        pick.replaceChildren(...shownFunctions().map((f) => {
            const option = document.createElement("option");
            option.value = f.name;
            option.textContent = f.name + " \u2014 " + format.short(f.total);
            option.selected = now && f.name === now.name && f.file === now.file;
            return option;
        }));
    }

    function show() {
        const now = current(), format = model.format(), lines = list();
        showChoices();
        head.textContent = now ? now.name : "";
        hint.textContent = !now ? "" : !now.file ? "The profile has no source file for it." :
            now.file + ": total " + format.named(now.total) + ", self " + format.named(now.self) +
            (lines.some((row) => row.text !== null) ? ""
                : ". The page does not have its source: see --with-source.");
        rows.show({columns: columns(), count: lines.length, at: (i) => lines[i], sort: null});
    }

    return {
        id: "source", title: "Source", noun: "lines", needs: () => Boolean(places), charts: () => [],
        build(section) {
            pick = makeFunctionPicker(page, section);
            head = make(section, "h2", "");
            hint = make(section, "p", "hint");
            rows = makeRows(section, "Lines of source", "grid", {
                select() {}, open() {}, menu: (row, event) => page.openMenu(event),
            });
        },
        steps: () => [() => model.shape(), () => model.tree(), () => void sums(), () => void functions()],
        show,
        subject() {
            const now = current(), f = now ? page.profile.frames.names.indexOf(now.name) : -1;
            return f > 0 ? {frame: f} : null;
        },
        focus: () => rows.focus(),
        frames: () => list().length,
    };
}
