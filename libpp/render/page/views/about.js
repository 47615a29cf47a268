// What the profile is: what pp-info says of it, and what the page holds of its times.

function aboutView(page) {
    const {times} = page;
    let list;

    function line(title, text) {
        make(list, "dt", "").textContent = title;
        make(list, "dd", "").textContent = text;
    }

    // "  title      value"; a line without a title goes on with what is above, one without blanks is
    // the name of the file.
    function showLine(text) {
        if (!text.startsWith("  "))
            line("file", text.replace(/:$/, ""));
        else
            line(text.slice(2, 12).trim(), text.slice(13));
    }

    function sayTimes() {
        if (!times)
            return "none in this page";
        const {samples} = page.profile, [column] = page.profile.columns;
        const sum = (list) => list.reduce((all, v) => all + Math.abs(v), 0), of = times.values[0];
        const timed = typeof of === "number" ? Math.abs(of) * times.count : sum(of);
        const rest = samples.count ? 1 - timed / (sum(column.values) || 1) : 0;
        const kind = times.isClock ? "of a clock" : "the order of samples only";
        return kind + ", " + grouped(times.count) + " records of " + grouped(times.threads.length) +
            (times.threads.length === 1 ? " thread" : " threads") +
            (times.isExact ? "" : ", cut to " + duration(times.unit)) +
            (rest > 1e-9 ? "; " + share(rest) + " of all has no time, and is in no range" : "");
    }

    return {
        id: "about", title: "About", noun: "lines", needs: () => true, charts: () => [],
        build(section) {
            list = make(section, "dl", "about");
            list.tabIndex = 0; // to be scrolled by keys
            page.meta.split("\n").filter(Boolean).forEach(showLine);
            line("times", sayTimes());
            line("in the page", grouped(page.profile.nodes.count - 1) + " frames in the tree, " +
                grouped(page.profile.samples.count) + " stacks with labels");
        },
        steps: () => [() => void page.model.tree()],
        show() {},
        subject: () => null,
        frames: () => list.querySelectorAll("dt").length,
    };
}
