// Time in the page of --to html: the range, the timeline, the heat map. Ranges are compared with
// pp-convert and pp-report under --time, cells and lanes with the text that they were read from.
import assert from "node:assert/strict";
import {statSync, writeFileSync} from "node:fs";
import {join} from "node:path";

import {choose, run, textOf} from "./html_page.mjs";
import {folder, runTests} from "./testing.mjs";

let made = 0;

function random(seed) {
    let at = seed;
    return (n) => {
        at = (at * 1103515245 + 12345) % 2 ** 31;
        return Math.floor(at / 2 ** 31 * n);
    };
}

// Samples of `threads` threads over `seconds`: [microseconds, tid, stack, cycles], sorted.
// Samples for which `isThere` is false are left out.
function samplesOf(count, threads, seconds, isThere = () => true) {
    const pick = random(7), list = [];
    for (let i = 0; i < count; i++) {
        const at = Math.floor(i / count * seconds * 1e6) + pick(200), tid = 11 + pick(threads);
        const stack = ["main"];
        for (let depth = 1 + pick(5); depth > 0; depth--)
            stack.push(`f${pick(12)}`);
        if (isThere(at / 1e6, tid))
            list.push([at, tid, stack, 1000 + pick(9000)]);
    }
    return list.sort((a, b) => a[0] - b[0]);
}

const textOfSamples = (list) => list.map(([at, tid, stack, cycles]) =>
    `web 10/${tid} [000] ${(100 + at / 1e6).toFixed(6)}: ${cycles} cycles:\n` +
    [...stack].reverse().map((name, i) => `\t${0x4000 + 16 * i} ${name}+0x4 (/opt/web)\n`).join("") +
    "\n").join("");

function fileOf(list, options = []) {
    const input = join(folder, `time-${++made}.perf`), page = join(folder, `time-${made}.html`);
    writeFileSync(input, textOfSamples(list));
    run("pp-flamegraph", ["-t", "html", "-o", page, ...options, input]);
    return {input, page};
}

const seconds = (ns) => (ns / 1e9).toFixed(9);
const rule = ([from, to]) => `--time=${seconds(from)}:${seconds(to)}`;

// --- functions that run in the page ---

const rangeOf = () => page.state().range;

// The samples as folded stacks.
const foldedOf = () => {
    const tree = page.model.tree(), lines = [], {names} = page.profile.frames;
    for (let n = 1; n < tree.self.length; n++) {
        const path = [];
        for (let i = n; i; i = tree.parent[i])
            path.unshift(names[tree.frame[i]]);
        if (tree.self[n])
            lines.push(path.join(";") + " " + tree.self[n]);
    }
    return lines.sort();
};

const rowsOf = () => page.model.rows().map((row) =>
    [page.profile.frames.names[row.frame], row.self, row.total]).sort((a, b) => a[0] < b[0] ? -1 : 1);

// The number of painted pixels in a row of a canvas.
const paintedIn = (selector, y) => {
    const canvas = document.querySelector(selector), context = canvas.getContext("2d");
    const {data} = context.getImageData(0, y, canvas.width, 1);
    return Array.from({length: canvas.width}, (none, x) => data[4 * x + 3] > 0 ? 1 : 0);
};

const boxOf = (selector) => {
    const {left, top, width, height} = document.querySelector(selector).getBoundingClientRect();
    return {left, top, width, height};
};

async function drag(page, selector, from, to) {
    const box = await page.run(boxOf, selector);
    const y = box.top + box.height / 2, x = (share) => box.left + share * box.width;
    await page.mouse("mouseMoved", x(from), y);
    await page.mouse("mousePressed", x(from), y, "left");
    for (const share of [0.3, 0.7, 1])
        await page.mouse("mouseMoved", x(from + share * (to - from)), y, "left");
    await page.mouse("mouseReleased", x(to), y, "left");
    await page.quiet();
}

const lines = (text) => text.trim().split("\n");
const mean = (list) => list.reduce((sum, v) => sum + v, 0) / list.length;

// --- the range ---

function expectedRows(input, args) {
    const rows = lines(run("pp-report", ["top", "--csv", "--no-trim", ...args, input]));
    const names = rows[0].split(",");
    const of = (row, name) => row.split(",")[names.indexOf(name)].replaceAll("\"", "");
    return rows.slice(1).map((row) =>
        [of(row, "name"), Number(of(row, "flat")), Number(of(row, "cum"))])
        .sort((a, b) => a[0] < b[0] ? -1 : 1);
}

async function checkSelection(page, input, args) {
    const wanted = lines(run("pp-convert", ["-t", "folded", ...args, input])).sort();
    assert.deepEqual(await page.run(foldedOf), wanted);
    const rows = (await page.run(rowsOf)).filter(([name]) => name !== "web");
    assert.deepEqual(rows, expectedRows(input, args));
}

async function a_range_has_what_pp_has_with_time(browser) {
    const {input, page: file} = fileOf(samplesOf(3000, 4, 10));
    const page = await browser.open(file);
    await drag(page, "#overview", 0.25, 0.5);
    const range = await page.run(rangeOf);
    assert.ok(Math.abs(range[0] / 2.5e9 - 1) < 0.01 && Math.abs(range[1] / 5e9 - 1) < 0.01, range.join());
    await checkSelection(page, input, [rule(range)]);
    assert.match(await page.run(textOf, "chips"), /^time 2\.\d+ s – (4\.99|5)\d* s/);
    assert.match(await page.run(() => location.hash), /r=2\.\d+-(4\.99|5)\d*/);
    for (const view of ["timeline", "top", "flame", "heat"]) {
        await page.run((id) => page.openView(id), view);
        await page.quiet();
    }
    const link = await page.run(() => location.hash);
    const again = await browser.open(file, {width: 700}, link);
    assert.deepEqual(await again.run(rangeOf), range);
    await checkSelection(again, input, [rule(range)]);
    await again.key("u");
    await page.run(() => { for (let i = 0; i < 5; i++) page.undo(); });
    assert.equal(await page.run(rangeOf), null);
    await checkSelection(page, input, []);
}

async function ends_of_a_range_count(browser) {
    const {input, page: file} = fileOf(samplesOf(500, 2, 1));
    const page = await browser.open(file);
    const times = await page.run(() => {
        const {threads: [{from}], time, unit} = page.times;
        return [time[from + 20] * unit, time[from + 90] * unit];
    });
    await page.run((range) => page.change({range}), times);
    await checkSelection(page, input, [rule(times)]);
}

async function an_end_can_be_moved_and_all_be_shown_again(browser) {
    const {page: file} = fileOf(samplesOf(500, 2, 10));
    const page = await browser.open(file);
    await drag(page, "#overview", 0.2, 0.4);
    await drag(page, "#overview", 0.4, 0.8);
    const [from, to] = await page.run(rangeOf);
    assert.ok(Math.abs(from / 2e9 - 1) < 0.02 && Math.abs(to / 8e9 - 1) < 0.02, `${from} ${to}`);
    await page.run(() => document.querySelector("#overview .end").focus());
    await page.key("ArrowRight");
    assert.ok(Math.abs((await page.run(rangeOf))[0] - from - 1e8) < 2e6);
    const box = await page.run(boxOf, "#overview");
    for (const clickCount of [1, 2])
        for (const type of ["mousePressed", "mouseReleased"])
            await page.send("Input.dispatchMouseEvent", {type, x: box.left + 5, y: box.top + 20,
                                                         button: "left", clickCount});
    assert.equal(await page.run(rangeOf), null);
}

async function threads_and_labels_go_with_the_range(browser) {
    const {input, page: file} = fileOf(samplesOf(2000, 4, 10));
    const page = await browser.open(file, {}, "#v=timeline");
    await page.run(() => Array.from(document.querySelectorAll(".lane-names button"))
        .find((button) => button.textContent === "web (12)").click());
    await page.quiet();
    await checkSelection(page, input, ["--tag-focus=tid=12:12"]);
    await page.run(() => page.change({range: [1e9, 2e9]}));
    await page.quiet();
    await checkSelection(page, input, ["--time=1:2", "--tag-focus=tid=12:12"]);
    assert.equal(await page.run(() => document.querySelector("#view-timeline h2").textContent), "web (12)");
}

// --- the timeline ---

async function many_samples_are_painted_over_the_whole_width(browser) {
    const {page: file} = fileOf(samplesOf(100000, 8, 60));
    const page = await browser.open(file, {}, "#v=timeline");
    await page.quiet();
    for (const depth of [0, 1, 2]) {
        const painted = await page.run(paintedIn, ".stacks canvas", depth * 18 + 9);
        assert.ok(mean(painted) >= 0.9, `depth ${depth}: ${mean(painted)}`);
    }
    for (let lane = 0; lane < 8; lane++)
        assert.ok(mean(await page.run(paintedIn, ".lanes canvas", lane * 24 + 20)) >= 0.9);
}

async function a_flame_chart_opens_as_a_timeline(browser) {
    const page = await browser.open(fileOf(samplesOf(50, 2, 1), ["--flamechart"]).page);
    assert.equal(await page.run(() => page.state().view), "timeline");
    assert.equal(await page.run(() => page.orders().some(([order]) => order === "time")), false);
}

async function a_gap_is_empty(browser) {
    const list = samplesOf(8000, 2, 20, (at, tid) => tid === 12 || at < 6 || at > 14);
    const page = await browser.open(fileOf(list).page, {}, "#v=timeline");
    await page.quiet();
    await page.run(() => page.change({threads: ["web (11)"]}));
    await page.quiet();
    const painted = await page.run(paintedIn, ".stacks canvas", 9), part = (from, to) =>
        mean(painted.slice(Math.floor(from / 20 * painted.length), Math.floor(to / 20 * painted.length)));
    assert.ok(part(0, 6) >= 0.9 && part(14.1, 20) >= 0.9);
    assert.ok(part(6.1, 13.9) <= 0.02, "eight seconds without a sample");
}

async function threads_that_take_turns_have_a_lane_each(browser) {
    const list = [];
    for (let i = 0; i < 8; i++)
        list.push([i * 1e6, 11 + i % 2, ["main", i % 2 ? "b" : "a"], 1000]);
    const page = await browser.open(fileOf(list).page, {}, "#v=timeline");
    await page.quiet();
    assert.deepEqual(await page.run(() => Array.from(document.querySelectorAll(".lane-names button"),
        (button) => button.textContent).filter(Boolean).slice(0, 2)), ["web (11)", "web (12)"]);
    const leaves = await page.run(() => page.model.threadsByWeight().map((thread) => {
        const {stack} = page.model.segments(thread, [0, 7e9], 1000);
        return stack.map((s) => page.profile.frames.names[page.model.leafOf(s)]).join("");
    }));
    assert.deepEqual(leaves, ["aaaa", "bbbb"]);
}

async function a_closer_look_shows_each_sample(browser) {
    const list = samplesOf(20000, 1, 20), page = await browser.open(fileOf(list).page, {}, "#v=timeline");
    await page.quiet();
    await drag(page, ".stacks", 0.5, 0.505);
    const [from, to] = await page.run(rangeOf);
    const first = list[0][0];
    const within = list.filter(([at]) => (at - first) * 1e3 >= from && (at - first) * 1e3 <= to);
    const {starts, deep} = await page.run(() => {
        const range = page.state().range, [thread] = page.model.threadsByWeight();
        const list = page.model.segments(thread, range, 1000);
        return {starts: list.start.filter((t) => t >= range[0]), deep: list.share.every((s) => s === 1)};
    });
    assert.deepEqual(starts, within.map(([at]) => (at - first) * 1e3));
    assert.ok(deep && starts.length > 10);
    assert.equal(await page.run(() => Math.round(page.model.all())),
                 within.reduce((sum, [, , , cycles]) => sum + cycles, 0), "all views have it");
}

async function what_is_at_the_pointer_is_described(browser) {
    const list = [[0, 11, ["main", "a"], 100], [1e6, 11, ["main", "b"], 100], [2e6, 11, ["main", "b"], 100]];
    const page = await browser.open(fileOf(list).page, {}, "#v=timeline");
    await page.quiet();
    const box = await page.run(boxOf, ".stacks canvas");
    await page.mouse("mouseMoved", box.left + 0.25 * box.width, box.top + 2.5 * 18);
    const tip = await page.run(() => Array.from(document.getElementById("tip").children,
        (line) => line.textContent));
    assert.deepEqual(tip, ["a", "0 ns – 1 s (1 s)"]);
    await page.click({x: box.left + 0.75 * box.width, y: box.top + 2.5 * 18});
    await page.key("s");
    await page.quiet();
    assert.match(await page.run(textOf, "function"), /^b — total 200 /);
}

async function lanes_show_the_depth_that_is_chosen(browser) {
    const list = samplesOf(300, 2, 10), page = await browser.open(fileOf(list).page, {}, "#v=timeline");
    const wanted = (depth) => list.filter(([, tid]) => tid === 11).map(([, , stack]) =>
        ["web", ...stack][depth ? Math.min(depth, stack.length + 1) - 1 : stack.length]);
    for (const depth of [1, 0, 3]) {
        await choose(page, ".thread select", String(depth));
        await page.quiet();
        assert.deepEqual(await page.run(() => {
            const thread = page.model.threadsByWeight().find((t) => t.name === "web (11)");
            const {stack} = page.model.segments(thread, [0, page.model.timeSpan()], 1000);
            return stack.map((s) => page.profile.frames.names[page.model.laneFrame(s)]);
        }), wanted(depth), `depth ${depth}`);
    }
    await page.run(() => history.back());
    await page.until(() => document.querySelector(".thread select").value === "0");
}

async function the_menu_of_a_lane_has_its_thread(browser) {
    const {input, page: file} = fileOf(samplesOf(2000, 3, 10)), page = await browser.open(file, {}, "#v=timeline");
    await page.quiet();
    const box = await page.run(boxOf, ".lanes canvas"), second = await page.run(() =>
        page.model.threadsByWeight()[1].name), [tid] = /\d+/.exec(second);
    await page.click({x: box.left + box.width / 2, y: box.top + 1.5 * 24}, "right");
    await page.run(() => Array.from(document.querySelectorAll("#menu button"))
        .find((button) => button.textContent.startsWith("Only this thread")).click());
    await page.quiet();
    assert.deepEqual(await page.run(() => page.state().threads), [second]);
    await checkSelection(page, input, [`--tag-focus=tid=${tid}:${tid}`]);
}

const threadsAtTheSide = () => {
    const heading = Array.from(document.querySelectorAll("#side h3")).find((h) => h.textContent === "By thread");
    return Array.from(heading.nextElementSibling.children, (li) => li.textContent);
};

async function the_side_has_threads(browser) {
    const list = samplesOf(2000, 7, 10), page = await browser.open(fileOf(list).page, {}, "#v=top&p=true");
    await page.quiet();
    const wanted = (has) => {
        const sums = Array.from(list.reduce((map, [, tid, stack, n]) =>
            has(stack) ? map.set(tid, (map.get(tid) || 0) + n) : map, new Map())).sort((a, b) => b[1] - a[1]);
        const all = sums.reduce((sum, [, n]) => sum + n, 0);
        return [...sums.slice(0, 5).map(([tid, n]) => `web (${tid})${n.toLocaleString("en")} \u00b7 ` +
            `${(100 * n / all).toFixed(2)}%`), `${sums.length - 5} more`];
    };
    assert.equal(await page.run(() => document.querySelector("#side h2").textContent), "all");
    assert.deepEqual(await page.run(threadsAtTheSide), wanted(() => true), "while nothing is selected");
    await page.run(() => {
        const table = page.view("top").table();
        for (let i = 0; i < table.count; i++)
            if (page.model.nameOf(table.at(i).frame) === "f3")
                table.select(i);
    });
    assert.deepEqual(await page.run(threadsAtTheSide), wanted((stack) => stack.includes("f3")));
    const name = await page.run(() => {
        const bar = Array.from(document.querySelectorAll("#side .bar")).find((b) => b.title.startsWith("web ("));
        bar.click();
        return bar.title;
    });
    assert.deepEqual(await page.run(() => page.state().threads), [name]);
}

async function rows_of_the_tree_show_when(browser) {
    const list = samplesOf(3000, 3, 10), page = await browser.open(fileOf(list).page, {}, "#v=tree&r=2-8");
    await page.quiet();
    const {spread, names} = await page.run(() => {
        const boxes = page.model.heavy(), of = page.model.spread();
        const path = (i) => i ? [...path(boxes.parent[i]), page.profile.frames.names[boxes.frame[i]]] : [];
        const some = Array.from({length: Math.min(60, boxes.count)}, (none, i) => i);
        return {spread: some.map(of), names: some.map((i) => path(i).join(";"))};
    });
    const within = list.map(([at, , stack, n]) => [(at - list[0][0]) * 1e3, ["web", ...stack].join(";") + ";", n])
        .filter(([at]) => at >= 2e9 && at <= 8e9);
    names.forEach((name, i) => {
        const wanted = new Array(16).fill(0);
        for (const [at, stack, n] of within)
            if (!name || stack.startsWith(name + ";"))
                wanted[Math.min(15, Math.floor((at - 2e9) / 6e9 * 16))] += n;
        assert.deepEqual(spread[i], wanted, name);
    });
    assert.ok(await page.run(() => document.querySelectorAll("#view-tree td canvas").length) > 5);
}

// While the mouse is down all is shown as it would be, but nothing is chosen: one step in the end.
async function a_drag_is_seen_while_it_lasts(browser) {
    const {input, page: file} = fileOf(samplesOf(3000, 4, 10)), page = await browser.open(file);
    const box = await page.run(boxOf, "#overview"), y = box.top + 20, x = (part) => box.left + part * box.width;
    const before = await page.run(() => [history.length, location.hash, page.model.all()]), sums = [];
    await page.mouse("mouseMoved", x(0.2), y);
    await page.mouse("mousePressed", x(0.2), y, "left");
    for (const part of [0.4, 0.6]) {
        await page.mouse("mouseMoved", x(part), y, "left");
        await page.until((end) => page.state().range && page.state().range[1] > end, part * 1e10 - 1e8);
        await page.quiet();
        sums.push(await page.run(() => page.model.all()));
        await checkSelection(page, input, [rule(await page.run(rangeOf))]);
    }
    assert.ok(sums[0] < sums[1] && sums[1] < before[2], sums.join());
    assert.deepEqual(await page.run(() => [history.length, location.hash]), before.slice(0, 2));
    await page.mouse("mouseReleased", x(0.6), y, "left");
    await page.quiet();
    assert.equal(await page.run(() => history.length), before[0] + 1);
    await page.key("u");
    assert.equal(await page.run(rangeOf), null, "one step back is all of it");
}

// --- the heat map ---

async function cells_have_what_fell_into_them(browser) {
    const list = samplesOf(5000, 3, 30), page = await browser.open(fileOf(list).page, {}, "#v=heat");
    await page.quiet();
    const {sums, step, rows} = await page.run(() => {
        const map = page.model.heat();
        return {sums: Array.from(map.sums), step: map.step, rows: map.rows};
    });
    const wanted = new Array(sums.length).fill(0);
    for (const [at, , , cycles] of list)
        wanted[Math.floor((at - list[0][0]) * 1e3 / (step / rows))] += cycles;
    assert.equal(step, 1e9);
    assert.equal(rows, 50);
    assert.deepEqual(sums, wanted);
}

async function two_cells_are_a_range(browser) {
    const list = samplesOf(5000, 3, 30), {input, page: file} = fileOf(list);
    const page = await browser.open(file, {}, "#v=heat");
    await page.quiet();
    const box = await page.run(boxOf, ".heat canvas");
    const columns = await page.run(() => page.model.heat().columns);
    const cell = (column, row) => ({x: box.left + (column + 0.5) / columns * box.width,
                                    y: box.top + (1 - (row + 0.5) / 50) * box.height});
    await page.click(cell(4, 10));
    await page.run(() => document.querySelector(".heat").focus());
    await page.key("Escape");
    assert.equal(await page.run(rangeOf), null);
    await page.click(cell(7, 20));
    await page.click(cell(5, 10));
    assert.deepEqual(await page.run(rangeOf), [5.2e9, 7.42e9 - 1]);
    await page.quiet();
    await checkSelection(page, input, ["--time=5.2:7.419999999"]);
    await page.run(() => history.back());
    await page.until(() => !page.state().range);
    await page.run(() => history.forward());
    await page.until(() => page.state().range);
    assert.deepEqual(await page.run(rangeOf), [5.2e9, 7.42e9 - 1]);
}

async function cells_are_reached_with_keys(browser) {
    const page = await browser.open(fileOf(samplesOf(500, 1, 30)).page, {}, "#v=heat");
    await page.quiet();
    await page.run(() => document.querySelector(".heat").focus());
    for (const key of ["ArrowRight", "ArrowRight", "ArrowUp", "Enter", "ArrowRight", "Enter"])
        await page.key(key);
    assert.deepEqual(await page.run(rangeOf), [2.02e9, 3.04e9 - 1]);
    assert.match(await page.run(textOf, "status"), /^3\.02 s – 3\.04 s: /);
}

async function names_of_threads_do_nothing(browser) {
    const attack = "</template></script><script>window.hit=1</script><img/src=x/onerror=window.hit=1>";
    const text = textOfSamples(samplesOf(50, 2, 1)).replaceAll("web 10/", `${attack} 10/`)
        .replaceAll("f1+", `${attack}+`);
    const input = join(folder, "attack.perf"), file = join(folder, "attack.html");
    writeFileSync(input, text);
    run("pp-flamegraph", ["-t", "html", "-o", file, input]);
    for (const link of ["#v=timeline", "#v=heat", "#v=about", `#v=timeline&th=${encodeURIComponent(attack)}`,
                        "#v=timeline&r=9-1", "#v=heat&r=-5-x", "#r=0-99999"]) {
        const page = await browser.open(file, {}, link);
        await page.quiet();
        const box = await page.run(boxOf, "#views");
        for (const y of [10, 30, 150, 300])
            await page.mouse("mouseMoved", box.left + 300, box.top + y);
        assert.equal(await page.run(() => window.hit), undefined);
        assert.equal(await page.run(() => document.querySelectorAll("img, iframe, a").length), 0);
        assert.equal(await page.run(() => document.scripts.length), 2);
        if (link === "#v=timeline")
            assert.ok((await page.run(() => document.querySelector(".lane-names").textContent)).includes(attack));
        await page.close();
    }
}

async function views_fit_into_a_phone(browser) {
    const {page: file} = fileOf(samplesOf(500, 12, 10));
    for (const look of [{width: 390, height: 844}, {width: 390, height: 844, dark: true}, {width: 600}, {width: 2500}])
        for (const view of ["timeline", "heat", "about"]) {
            const page = await browser.open(file, look, `#v=${view}&r=2-5`);
            await page.quiet();
            const {scroll, overview, chart} = await page.run(() => {
                const shown = document.querySelector("section:not([hidden]) canvas, section:not([hidden]) dl");
                const of = (element) => {
                    const {width, right} = element.getBoundingClientRect();
                    return {width, right};
                };
                return {scroll: document.scrollingElement.scrollWidth,
                        overview: of(document.getElementById("overview")), chart: of(shown)};
            });
            assert.ok(scroll <= look.width, `${view} at ${look.width}: ${scroll}`);
            assert.ok(overview.width > 0.9 * look.width && overview.right <= look.width);
            assert.ok(chart.width > 0.7 * look.width && chart.right <= look.width, `${view} ${chart.width}`);
            await page.close();
        }
}

// --- a million samples ---

// In the compact form of the Firefox Profiler: 300,000 nodes in 8 threads. Three of four samples are in
// a few frequent stacks, by Zipf's law.
function largeFile(samples, nodes) {
    let state = 5;
    const pick = (n) => {
        state = state + 0x6D2B79F5 | 0;
        let t = Math.imul(state ^ state >>> 15, 1 | state);
        t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
        return Math.floor(((t ^ t >>> 14) >>> 0) / 4294967296 * n);
    };
    const threadOf = (tid) => {
        const count = nodes / 8, prefix = [null], frame = [0], depth = [0], stack = [], time = [];
        while (prefix.length < count) {
            const up = pick(prefix.length), parent = depth[up] > 40 ? 0 : up;
            prefix.push(parent);
            depth.push(depth[parent] + 1);
            frame.push(1 + pick(19999));
        }
        for (let i = 0, at = 0; i < samples / 8; i++) {
            const rank = pick(4) ? Math.floor(count ** (pick(1e6) / 1e6)) : pick(count - 1);
            time.push((at += 400 + pick(160)) / 1000);
            stack.push(count - 1 - Math.min(count - 1, rank));
        }
        const names = Array.from({length: 20000}, (none, i) => `library::module_${i}::call`);
        const each = (value) => names.map(() => value), index = names.map((none, i) => i);
        return {
            name: `worker ${tid}`, pid: "7", tid, stringArray: names,
            samples: {length: stack.length, stack, time, weight: null, weightType: "samples"},
            stackTable: {length: count, frame, prefix},
            frameTable: {length: names.length, func: index, address: each(-1), line: each(null)},
            funcTable: {length: names.length, name: index, resource: each(-1), fileName: each(null)},
            resourceTable: {length: 0, name: []},
        };
    };
    const input = join(folder, "large.json"), page = join(folder, "large.html");
    writeFileSync(input, JSON.stringify({
        meta: {interval: 0.5, preprocessedProfileVersion: 48}, libs: [],
        threads: Array.from({length: 8}, (none, t) => threadOf(100 + t)),
    }));
    run("pp-flamegraph", ["-t", "html", "-o", page, input]);
    return page;
}

// The time of steps, the best of three, as a ratio to a fixed loop.
const ratiosOf = () => {
    const {model} = page, best = {};
    const time = (name, f) => {
        const begin = performance.now();
        f();
        best[name] = Math.min(best[name] ?? Infinity, performance.now() - begin);
    };
    for (let round = 0; round < 4; round++) {
        time("loop", () => {
            let sum = 0;
            for (let i = 0; i < 2e7; i++)
                sum += i % 7;
            return sum;
        });
        page.store.now = {...page.state(), range: [round * 1e9, 40e9]};
        model.state = page.state();
        const range = model.state.range;
        for (const step of ["tree", "named", "rows", "threadsByWeight", "heat"])
            time(step, () => model[step]());
        model.threadsByWeight().forEach((thread) => time("lane", () => model.segments(thread, range, 1200)));
        time("boxes", () => model.boxesInTime(model.threadsByWeight()[0], range, 1200));
        time("activity", () => model.activity(1000 + round));
    }
    return Object.fromEntries(Object.entries(best).map(([name, ms]) => [name, ms / best.loop]));
};

async function a_million_samples_of_300000_nodes_are_fluid(browser) {
    const file = largeFile(1e6, 300000), {size} = statSync(file);
    assert.ok(size < 6e6, `${size} bytes`);
    const page = await browser.open(file);
    const took = await page.until(() => page.current && page.current.drawn > 10 && performance.now());
    assert.ok(await page.run(() => page.times.isExact && page.times.count === 1e6));
    assert.equal(await page.run(() => page.model.all()), 1e6);
    const ratios = await page.run(ratiosOf);
    console.log(`    ${(size / 1e6).toFixed(2)} MB; the first picture after ${Math.round(took)} ms; steps: ` +
        Object.entries(ratios).map(([name, ratio]) => `${name} ${ratio.toFixed(2)}`).join(", "));
    for (const [name, ratio] of Object.entries(ratios))
        assert.ok(ratio < 8, `${name}: ${ratio} times the loop`);
    for (const view of ["timeline", "heat", "top"]) {
        await page.run((id) => page.openView(id), view);
        await page.until(() => document.body.getAttribute("aria-busy") !== "true");
    }
    await page.send("HeapProfiler.collectGarbage");
    const {usedSize, backingStorageSize} = await page.send("Runtime.getHeapUsage");
    const heap = usedSize + (backingStorageSize || 0);
    console.log(`    ${Math.round(heap / 1e6)} MB of heap`);
    assert.ok(heap < 120e6, `${heap} bytes`);
}

await runTests([
    lanes_show_the_depth_that_is_chosen, the_menu_of_a_lane_has_its_thread, the_side_has_threads,
    rows_of_the_tree_show_when, a_drag_is_seen_while_it_lasts,
    a_range_has_what_pp_has_with_time, ends_of_a_range_count,
    an_end_can_be_moved_and_all_be_shown_again, threads_and_labels_go_with_the_range,
    many_samples_are_painted_over_the_whole_width, a_gap_is_empty,
    a_flame_chart_opens_as_a_timeline,
    threads_that_take_turns_have_a_lane_each, a_closer_look_shows_each_sample,
    what_is_at_the_pointer_is_described, cells_have_what_fell_into_them, two_cells_are_a_range,
    cells_are_reached_with_keys, names_of_threads_do_nothing, views_fit_into_a_phone,
    a_million_samples_of_300000_nodes_are_fluid,
]);
