// What each value of each label weighs. A click counts only what has it.

function labelsView(page) {
    const {model} = page;
    let host, shownFor = "";
    const MOST_VALUES = 200;

    const isOn = (key, value, not) => page.state().filters.some((f) =>
        f.key === key && f.value === value && f.not === not);

    // With Shift as well as what is chosen, with Alt without it.
    function choose(event, key, value) {
        const {filters} = page.state(), not = event.altKey;
        const same = (f) => f.key === key && f.value === value;
        const rest = filters.filter((f) => !same(f) && (event.shiftKey || not || f.key !== key || f.not));
        page.change({filters: isOn(key, value, not) ? filters.filter((f) => !same(f))
            : rest.concat({key, value, not})});
    }

    function bar(list, key, [value, weight], largest) {
        const format = model.format(), button = make(make(list, "li", ""), "button", "bar");
        button.type = "button";
        button.style.setProperty("--part", 100 * weight / largest + "%");
        button.title = format.exact(weight);
        button.setAttribute("aria-pressed", isOn(key, value, false));
        button.classList.toggle("not", isOn(key, value, true));
        make(button, "span", "").textContent = value;
        make(button, "span", "number").textContent = format.short(weight) + " \u00b7 " + share(weight / model.whole());
        button.addEventListener("click", (event) => choose(event, key, value));
    }

    function group(key, values) {
        const section = make(host, "div", "label"), head = make(section, "h3", "");
        const split = make(head, "button", ""), text = page.state().transforms.some((t) =>
            t.kind === "split" && t.text === key);
        head.insertBefore(make(head, "span", ""), split).textContent =
            key + " \u00b7 " + grouped(values.length) + (values.length === 1 ? " value" : " values");
        split.type = "button";
        split.textContent = "Split by";
        split.title = "Put its values as frames at the root";
        split.disabled = text;
        split.addEventListener("click", () => page.transform("split", key));
        const list = make(section, "ul", "");
        const show = (typed) => {
            const found = values.filter(([value, w]) => w > 0 && value.toLowerCase().includes(typed));
            list.replaceChildren();
            found.slice(0, MOST_VALUES).forEach((value) => bar(list, key, value, values[0][1]));
            if (found.length > MOST_VALUES)
                make(list, "li", "hint").textContent = grouped(found.length - MOST_VALUES) + " more: search";
        };
        if (values.length > 20) {
            const input = document.createElement("input");
            input.type = "search";
            input.placeholder = input.ariaLabel = "Search values of " + key;
            section.insertBefore(input, list);
            input.addEventListener("input", () => show(input.value.toLowerCase()));
        }
        show("");
    }

    return {
        id: "labels", title: "Labels", noun: "functions", needs: (profile) => profile.labels.count > 1, charts: () => [],
        build(section) {
            make(section, "p", "hint").textContent =
                "Click: only what has it. Shift: as well. Alt: without it.";
            host = make(section, "div", "labels");
        },
        steps: () => [...page.treeSteps(), () => void model.labelWeights()],
        show() {
            const {filters, transforms} = page.state();
            const key = model.labelKey() + JSON.stringify([filters, transforms]);
            if (key === shownFor)
                return;
            shownFor = key;
            host.replaceChildren();
            model.labelWeights().forEach(([name, values]) => group(name, values));
        },
        focus: () => (host.querySelector("button") || host).focus(),
        frames: () => model.rows().length,
    };
}
