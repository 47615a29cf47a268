// The page of --to html on phones and touch screens, with the keyboard alone, in high contrast and large
// text, and with large profiles; and the texts of its head, its help and its palette.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {writeFileSync} from "node:fs";
import {join} from "node:path";

import {CONTROL, SHIFT} from "./browser.mjs";
import {ROW, SHOP, boxes, clickBox, isHidden, largeProfile, linkOf, page_of, search,
        textOf} from "./html_page.mjs";
import {folder, runTests} from "./testing.mjs";

const SAMPLES = [[11, "parse", 30], [12, "send", 10], [11, "parse", 60]];
const PERF = SAMPLES.map(([tid, name, cycles], i) =>
    `web 10/${tid} [000] ${1 + i}.500000: ${cycles}000000 cycles: \n` +
    `\t401000 ${name}+0x10 (/bin/web)\n\t400000 main+0x10 (/bin/web)\n\n`).join("");

function pageOfPerf(options = []) {
    const input = join(folder, "web.perf"), file = join(folder, `looks${options.length}.html`);
    writeFileSync(input, PERF);
    const done = spawnSync(join(process.argv[2], "pp-flamegraph"), ["-t", "html", "-o", file, ...options, input]);
    assert.equal(done.status, 0, String(done.stderr));
    return file;
}

// --- the head ---

async function the_head_says_what_this_is(browser) {
    const page = await browser.open(pageOfPerf());
    await page.quiet();
    assert.equal(await page.run(textOf, "title"), "web.perf");
    assert.equal(await page.run(() => document.title), "web.perf");
    assert.equal(await page.run(textOf, "summary"), "100 M cycles", "with a unit that fits");
    assert.equal(await page.run(() => document.getElementById("summary").title), "100,000,000 cycles");
    assert.equal(await page.run(textOf, "facts"), "2 s · 2 threads");
    const titled = await browser.open(pageOfPerf(["--title", "Mine"]));
    await titled.quiet();
    assert.equal(await titled.run(textOf, "title"), "Mine");
}

// --- phones ---

async function phone(browser, file, link = "", width = 390) {
    const page = await browser.open(file, {width, height: 800}, link);
    await page.send("Emulation.setTouchEmulationEnabled", {enabled: true, maxTouchPoints: 5});
    await page.send("Emulation.setDeviceMetricsOverride", {width, height: 800, deviceScaleFactor: 2, mobile: true});
    await page.quiet();
    return page;
}

async function a_phone_has_room_for_the_graph_and_for_fingers(browser) {
    for (const view of ["flame", "tree", "top", "graph", "labels", "sandwich&f=parse"]) {
        const page = await phone(browser, pageOfPerf(), `#v=${view}`);
        const seen = await page.run(() => {
            const visible = (e) => e.offsetParent && e.getBoundingClientRect().width > 0;
            return {
                wide: document.documentElement.scrollWidth, bar: document.getElementById("bar").offsetHeight,
                small: Array.from(document.querySelectorAll("#bar button, #bar input, #bar select, #path button"))
                    .filter((e) => visible(e) && e.getBoundingClientRect().height < 38)
                    .map((e) => `${e.id || e.textContent} ${e.getBoundingClientRect().height}`),
                stage: document.getElementById("stage").offsetHeight,
            };
        });
        assert.ok(seen.wide <= 390, `${view}: nothing at the side, ${seen.wide}`);
        assert.ok(seen.bar <= 96, `${view}: ${seen.bar} pixels of controls`);
        assert.deepEqual(seen.small, [], view);
        assert.ok(seen.stage >= 500, `${view}: ${seen.stage} for the view`);
        await page.close();
    }
}

async function more_controls_are_behind_a_button(browser) {
    const page = await phone(browser, pageOfPerf());
    assert.equal(await page.run(isHidden, "order"), true);
    await page.run(() => document.getElementById("more").click());
    assert.equal(await page.run(isHidden, "order"), false);
    assert.equal(await page.run(() => document.getElementById("more").getAttribute("aria-expanded")), "true");
}

const windowOf = () => [page.charts()[0].low, page.charts()[0].high];

async function two_fingers_zoom_and_a_long_press_opens_the_menu(browser) {
    const page = await phone(browser, page_of(SHOP));
    const chart = await page.run(() => document.getElementById("flame").getBoundingClientRect().toJSON());
    const y = chart.bottom - 2.5 * ROW;
    const touch = (type, ...xs) => page.send("Input.dispatchTouchEvent",
        {type, touchPoints: xs.map((x, id) => ({x, y, id}))});
    await touch("touchStart", 150);
    await touch("touchStart", 150, 250);
    for (const d of [10, 30, 50])
        await touch("touchMove", 150 - d, 250 + d);
    await touch("touchEnd");
    await page.quiet();
    const [low, high] = await page.run(windowOf);
    assert.ok(high - low > 40 && high - low < 60, `half of all is seen: ${low} to ${high}`);
    assert.equal(await page.run(() => document.getElementById("menu").hidden), true);
    await touch("touchStart", 200);
    await page.until(() => !document.getElementById("menu").hidden);
    await touch("touchEnd");
    await page.quiet();
    assert.deepEqual(await page.run(windowOf), [low, high], "it does not zoom");
    const small = await page.run(() => Array.from(document.querySelectorAll("#menu button"))
        .filter((b) => b.offsetHeight < 40).length);
    assert.equal(small, 0);
}

// --- the keyboard alone ---

async function all_views_are_reached_and_worked_by_keys(browser) {
    const page = await browser.open(pageOfPerf());
    await page.quiet();
    const views = await page.run(() => page.views.map((v) => v.id));
    for (const [i, id] of views.entries()) {
        await page.run(() => document.activeElement.blur());
        await page.key(String(i + 1));
        await page.quiet();
        assert.equal(await page.run(() => page.state().view), id);
        assert.equal(await page.run(isHidden, `view-${id}`), false);
        if (["flame", "tree", "top", "graph"].includes(id))
            assert.ok(await page.run((v) => document.getElementById(`view-${v}`).contains(document.activeElement), id),
                      `arrows work in ${id} at once`);
        await page.run(() => document.getElementById("help-button").focus());
        let inside = false;
        for (let n = 0; n < 12 && !inside; n++) {
            await page.key("Tab");
            inside = await page.run((v) => document.getElementById(`view-${v}`).contains(document.activeElement), id);
        }
        if (id !== "sandwich") // which has a function to show first
            assert.ok(inside, `${id} has the focus after a few tabs`);
    }
    await page.key("1");
    const stops = [];
    await page.run(() => document.activeElement.blur());
    for (let n = 0; n < 11; n++) {
        await page.key("Tab");
        stops.push(await page.run(() => document.activeElement.id || document.activeElement.getAttribute("role")));
    }
    assert.deepEqual(stops.filter((id) => /tab-flame|order|search|case|help-button|invert|palette-button/.test(id)),
                     ["tab-flame", "order", "invert", "palette-button", "help-button", "search", "case"]);
}

async function the_palette_finds_and_runs_commands(browser) {
    const page = await browser.open(page_of(SHOP));
    await page.key("k", CONTROL);
    await page.send("Input.insertText", {text: "callers merged"});
    assert.equal(await page.run(() => document.querySelectorAll("#palette-list li").length), 0);
    await page.run(() => { document.getElementById("palette-input").value = ""; });
    await page.send("Input.insertText", {text: "left heavy"});
    assert.equal(await page.run(() => document.querySelector("#palette-list li span").textContent), "Flame: left heavy");
    await page.key("Enter");
    assert.equal(await page.run(linkOf), "#o=weight");
    assert.equal(await page.run(() => document.getElementById("palette").open), false);
    await page.key("k", CONTROL);
    await page.send("Input.insertText", {text: "top"});
    await page.key("ArrowDown");
    await page.key("Escape");
    assert.equal(await page.run(() => document.getElementById("palette").open), false);
}

async function the_help_and_the_menu_are_the_table_of_commands(browser) {
    const page = await browser.open(page_of(SHOP));
    await boxes(page);
    const commands = await page.run(() => page.commands.map((c) => [c.keys, c.title, Boolean(c.menu)]));
    const help = await page.run(textOf, "keys");
    for (const [keys, title] of commands.filter(([list]) => list.length))
        assert.ok(help.includes(keys.join(", ") + title), title);
    const taken = commands.flatMap(([keys]) => keys);
    assert.equal(new Set(taken).size, taken.length, "no key has two meanings");
    await clickBox(page, "flame", 0.5, 2);
    await page.key("F10", SHIFT);
    const menu = await page.run(() => Array.from(document.querySelectorAll("#menu [role=menuitem] span"), (s) => s.textContent));
    const inMenu = commands.filter(([, , is]) => is).map(([, title]) => title);
    assert.ok(menu.length >= 4 && menu.every((title) => inMenu.includes(title)));
    await page.key("ArrowDown");
    assert.equal(await page.run(() => document.activeElement.getAttribute("role")), "menuitem");
}

async function results_are_said_once_and_hovering_says_nothing(browser) {
    const page = await browser.open(page_of(SHOP));
    await search(page, "parse");
    const live = await page.run(() => Array.from(document.querySelectorAll("[role=status], [aria-live]"), (e) => e.id));
    assert.deepEqual(live.sort(), ["matched", "status"]);
    const chart = await page.run(() => document.getElementById("flame").getBoundingClientRect().toJSON());
    await page.mouse("mouseMoved", chart.left + 300, chart.bottom - 2.5 * ROW);
    assert.equal(await page.run(textOf, "status"), "");
    await page.run(() => document.getElementById("flame").focus());
    await page.key("ArrowUp");
    assert.match(await page.run(textOf, "status"), /^main: 80/);
}

async function boxes_that_stay_are_not_made_anew(browser) {
    const page = await browser.open(page_of(SHOP));
    await boxes(page);
    await page.run(() => { document.querySelector("#flame [role=treeitem]").mark = true; });
    await page.run(() => page.charts()[0].redraw());
    await boxes(page);
    assert.equal(await page.run(() => document.querySelector("#flame [role=treeitem]").mark), true);
}

// --- contrast, text size, motion ---

async function high_contrast_has_outlines(browser) {
    const page = await browser.open(page_of(SHOP));
    await page.send("Emulation.setEmulatedMedia", {features: [{name: "forced-colors", value: "active"}]});
    await page.quiet();
    const seen = await page.run(() => ({
        matches: matchMedia("(forced-colors: active)").matches,
        tab: getComputedStyle(document.querySelector("[role=tab][aria-selected=true]")).backgroundColor,
        other: getComputedStyle(document.querySelector("[role=tab][aria-selected=false]")).backgroundColor,
    }));
    assert.ok(seen.matches);
    assert.notEqual(seen.tab, seen.other, "what is selected shows");
}

async function at_twice_the_size_nothing_is_lost(browser) {
    const page = await browser.open(pageOfPerf(), {width: 300, height: 400});
    await page.quiet();
    assert.ok(await page.run(() => document.documentElement.scrollWidth) <= 300);
    await page.run(() => document.getElementById("more").click());
    assert.ok(await page.run(() => document.documentElement.scrollWidth) <= 300);
    for (const id of ["search", "order", "palette-button", "actions"])
        assert.equal(await page.run(isHidden, id), false, id);
}

// --- large profiles ---

// The time of each step, in units of a fixed loop in the same browser at the same load.
async function each_step_of_300000_nodes_takes_a_few_loops(browser) {
    const page = await browser.open(page_of(largeProfile()));
    await page.quiet();
    const loop = () => page.run(() => {
        const start = performance.now();
        let x = 0;
        for (let i = 0; i < 1e8; i++)
            x = Math.imul(x ^ i, 16777619);
        return performance.now() - start + (x & 0);
    });
    const took = [];
    await page.run(() => {
        window.tasks = [];
        new PerformanceObserver((list) => list.getEntries().forEach((e) => tasks.push(e.duration)))
            .observe({type: "longtask"});
    });
    let longest = 0;
    for (const [name, change] of [
        ["left heavy", {order: "weight"}], ["callers", {order: "callers"}], ["tree", {view: "tree"}],
        ["top", {view: "top"}], ["sandwich", {view: "sandwich", picked: "main"}], ["graph", {view: "graph"}],
        ["hide", {view: "flame", order: "name", transforms: [{kind: "hide", text: "module_1"}]}],
        ["search", {search: "module_1"}],
    ]) {
        const unit = await loop();
        const ms = await page.run(async (values) => {
            const start = performance.now();
            page.change(values);
            while (document.body.ariaBusy === "true")
                await new Promise((resolve) => setTimeout(resolve, 1));
            return performance.now() - start;
        }, change);
        took.push(`${name} ${(ms / unit).toFixed(1)}`);
        assert.ok(ms < 12 * unit, `${name}: ${(ms / unit).toFixed(1)} loops`);
        await page.quiet();
        const task = await page.run(() => Math.max(0, ...tasks.splice(0)));
        longest = Math.max(longest, task / unit);
        assert.ok(task < 4 * unit, `${name}: a task of ${(task / unit).toFixed(1)} loops`);
    }
    console.log(`    the longest task took ${longest.toFixed(1)} of them`);
    console.log(`    in loops of 10^8 steps: ${took.join(", ")}`);
    const heap = await page.run(() => performance.memory.usedJSHeapSize / 1e6);
    console.log(`    heap ${Math.round(heap)} MB`);
    assert.ok(heap < 120);
}

// Long work is done in slices with a progress line, and cancelled when other work comes.
async function long_work_shows_its_progress_and_can_be_given_up(browser) {
    const page = await browser.open(page_of(largeProfile()));
    await page.quiet();
    const seen = await page.run(async () => {
        const shown = [];
        const spin = () => { for (const end = performance.now() + 30; performance.now() < end;); };
        const begun = (n) => page.work.run(Array.from({length: 8}, () => () => spin()), () => shown.push(n));
        begun(1);
        const line = document.getElementById("progress"), visible = !line.hidden;
        begun(2);
        while (document.body.ariaBusy === "true")
            await new Promise((resolve) => setTimeout(resolve, 1));
        return {visible, shown, hidden: line.hidden};
    });
    assert.deepEqual(seen, {visible: true, shown: [2], hidden: true});
}

await runTests([
    the_head_says_what_this_is, a_phone_has_room_for_the_graph_and_for_fingers,
    more_controls_are_behind_a_button, two_fingers_zoom_and_a_long_press_opens_the_menu,
    all_views_are_reached_and_worked_by_keys, the_palette_finds_and_runs_commands,
    the_help_and_the_menu_are_the_table_of_commands, results_are_said_once_and_hovering_says_nothing,
    boxes_that_stay_are_not_made_anew, high_contrast_has_outlines, at_twice_the_size_nothing_is_lost,
    each_step_of_300000_nodes_takes_a_few_loops, long_work_shows_its_progress_and_can_be_given_up,
]);
