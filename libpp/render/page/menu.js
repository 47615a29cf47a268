// The menu of a frame, the palette of all commands, and the help: made from the table of commands.

const available = (command) => !command.can || command.can();

function makeMenu(page) {
    const menu = part("menu");
    let back = null, held = false; // by the finger whose long press opened it

    function close() {
        menu.hidden = true;
        menu.replaceChildren();
        if (back)
            back.focus();
        back = null;
    }

    function item(command) {
        const button = make(menu, "button", ""), key = command.keys[0];
        button.type = "button";
        button.setAttribute("role", "menuitem");
        button.tabIndex = -1;
        make(button, "span", "").textContent = command.title;
        if (key)
            make(button, "kbd", "").textContent = key;
        button.addEventListener("click", () => {
            if (held)
                return;
            close();
            command.run();
        });
    }

    function move(step) {
        const items = Array.from(menu.querySelectorAll("[role=menuitem]"));
        const at = items.indexOf(document.activeElement);
        items[(at + step + items.length) % items.length].focus();
    }

    // At the pointer, or in the middle of the view; inside of the window.
    function place(event) {
        const area = part("views").getBoundingClientRect();
        const x = event ? event.clientX : area.left + area.width / 3;
        const y = event ? event.clientY : area.top + area.height / 3;
        menu.style.left = Math.max(4, Math.min(x, innerWidth - menu.offsetWidth - 4)) + "px";
        menu.style.top = Math.max(4, Math.min(y, innerHeight - menu.offsetHeight - 4)) + "px";
    }

    menu.addEventListener("keydown", (event) => {
        const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
        event.stopPropagation();
        if (event.key === "Escape" || event.key === "Tab")
            close();
        else if (step)
            move(step);
        else
            return;
        event.preventDefault();
    });
    document.addEventListener("pointerdown", (event) => {
        held = false;
        if (!menu.hidden && !menu.contains(event.target))
            close();
    });
    return {
        open(event) {
            const {frame} = page.subject();
            menu.replaceChildren();
            back = document.activeElement;
            held = Boolean(event && event.pointerType === "touch");
            make(menu, "p", "").textContent = page.model.nameOf(frame);
            page.commands.filter((c) => c.menu && available(c)).forEach(item);
            menu.hidden = false;
            place(event);
            menu.querySelector("[role=menuitem]").focus();
        },
        close,
    };
}

// --- the palette ---

// How well letters that are typed fit a title: all of them in this order, best where words begin.
// -1 if they do not.
function fuzzy(typed, title) {
    const text = title.toLowerCase();
    let at = -1, score = 0;
    for (const c of typed.toLowerCase()) {
        if (c === " ")
            continue;
        const found = text.indexOf(c, at + 1);
        if (found < 0)
            return -1;
        score += found === at + 1 ? 3 : found === 0 || text[found - 1] === " " ? 2 : 0;
        at = found;
    }
    return score;
}

function makePalette(page) {
    const dialog = part("palette"), input = part("palette-input"), list = part("palette-list");
    let shown = [], at = 0;

    function mark() {
        Array.from(list.children).forEach((item, i) => item.setAttribute("aria-selected", i === at));
        if (list.children[at])
            list.children[at].scrollIntoView({block: "nearest"});
        input.setAttribute("aria-activedescendant", shown.length ? "palette-" + at : "");
    }

    function run(i) {
        dialog.close();
        if (shown[i])
            shown[i].run();
    }

    function item(command, i) {
        const row = make(list, "li", "");
        row.id = "palette-" + i;
        row.setAttribute("role", "option");
        make(row, "span", "").textContent = command.title;
        make(row, "kbd", "").textContent = command.keys[0] || "";
        row.addEventListener("click", () => run(i));
    }

    function fill() {
        const scored = page.commands.concat(page.moreCommands()).filter(available)
            .map((command) => [fuzzy(input.value, command.title), command])
            .filter(([score]) => score >= 0).sort((a, b) => b[0] - a[0]);
        shown = scored.slice(0, 200).map(([, command]) => command);
        at = 0;
        list.replaceChildren();
        shown.forEach(item);
        mark();
    }

    input.addEventListener("input", fill);
    dialog.addEventListener("keydown", (event) => {
        const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
        event.stopPropagation();
        if (step)
            at = (at + step + shown.length) % (shown.length || 1);
        else if (event.key === "Enter")
            run(at);
        else
            return;
        event.preventDefault();
        mark();
    });
    return (typed) => {
        input.value = typed;
        dialog.showModal();
        fill();
        input.focus();
    };
}

// --- the help ---

function fillHelp(page) {
    const host = part("keys"), groups = new Map();
    const mouse = [["click", "zoom to a frame"], ["drag", "move, where something is zoomed to"],
                   ["Shift+drag", "zoom to a part of the width"],
                   ["wheel", "zoom; with Ctrl where the graph is taller than the window"],
                   ["right button, long press", "menu of the frame"],
                   ["arrows, Enter", "walk through frames or rows; open"]];
    const line = (dl, keys, text) => {
        make(dl, "dt", "").textContent = keys;
        make(dl, "dd", "").textContent = text;
    };
    for (const command of page.commands.filter((c) => c.keys.length))
        groups.set(command.group, (groups.get(command.group) || []).concat(command));
    for (const [group, commands] of groups) {
        make(host, "h3", "").textContent = group;
        const dl = make(host, "dl", "");
        commands.forEach((c) => line(dl, c.keys.join(", "), c.title));
    }
    make(host, "h3", "").textContent = "In a graph";
    const dl = make(host, "dl", "");
    mouse.forEach(([keys, text]) => line(dl, keys, text));
}
