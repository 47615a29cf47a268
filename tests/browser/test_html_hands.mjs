// How the page of --to html answers the pointer, the wheel, the search, links, back and forward.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {statSync} from "node:fs";
import {join} from "node:path";

import {SHIFT} from "./browser.mjs";
import {ROW, SHOP, boxes, choose, clickBox, isHidden, linkOf, names, page_of, search, tableOf,
        textOf} from "./html_page.mjs";
import {folder, runTests} from "./testing.mjs";

const CTRL_KEY = 2;

// Two events, each of two threads.
const TWO = [["cycles", 11, "parse", 30], ["cycles", 12, "send", 10], ["instructions", 13, "parse", 5],
             ["instructions", 14, "send", 7]].map(([event, tid, name, n], i) =>
    `web 10/${tid} [000] 1.00000${i}: ${n} ${event}: \n` +
    `\t401000 ${name}+0x10 (/bin/web)\n\t400000 main+0x10 (/bin/web)\n\n`).join("");

function pageOfTwo() {
    const file = join(folder, "two.html");
    const done = spawnSync(join(process.argv[2], "pp-flamegraph"), ["-t", "html", "-o", file],
                           {input: TWO});
    assert.equal(done.status, 0, String(done.stderr));
    return file;
}

// A point of a chart: a fraction of its width, and the row from the root (or the top).
const placeIn = (id, share, row, down, high) => {
    const box = document.getElementById(id).getBoundingClientRect();
    return {x: box.left + box.width * share, y: down ? box.top + (row + 0.5) * high
        : box.bottom - (row + 0.5) * high};
};

const at = (page, share, row, id = "flame", down = false) =>
    page.run(placeIn, id, share, row, down, ROW);

const tipOf = () => document.getElementById("tip").hidden ? null
    : Array.from(document.getElementById("tip").children, (line) => line.textContent);

// --- columns and labels ---

async function labels_are_those_of_the_column(browser) {
    const page = await browser.open(pageOfTwo());
    const offered = () => page.run(() => Array.from(document.querySelectorAll(
        "#filter optgroup[label=tid] option"), (option) => option.textContent).sort());
    const columns = await page.run(() =>
        Array.from(document.getElementById("column").options, (option) => option.textContent));
    for (const [name, tids] of [["cycles", ["11", "12"]], ["instructions", ["13", "14"]]]) {
        await choose(page, "#column", String(columns.indexOf(name)));
        assert.deepEqual(await offered(), tids);
        for (const tid of tids) {
            await choose(page, "#filter", `tid=${tid}`);
            assert.match(await page.run(textOf, "summary"), /^[1-9]\d* \w+, filtered$/);
            await page.key("u");
        }
    }
}

// --- all of it, in small ---

async function what_is_zoomed_is_marked_in_small(browser) {
    const page = await browser.open(page_of(SHOP));
    await page.quiet();
    const seen = () => page.run(() => {
        const host = document.querySelector(".minimap"), mark = host.querySelector(".range");
        const area = host.getBoundingClientRect(), box = mark.getBoundingClientRect();
        return host.hidden ? null : {from: (box.left - area.left) / area.width, x: area.left, y: area.top + 10,
                                     to: (box.right - area.left) / area.width, w: area.width};
    });
    assert.equal(await seen(), null, "all is seen");
    await clickBox(page, "flame", 0.6, 2); // work, from 30 to 80 of 100
    await page.quiet();
    const there = await seen();
    assert.ok(Math.abs(there.from - 0.3) < 0.01 && Math.abs(there.to - 0.8) < 0.01, JSON.stringify(there));
    await page.click({x: there.x + there.w * 0.35, y: there.y});
    await page.quiet();
    const [low, high] = await page.run(() => [page.charts()[0].low, page.charts()[0].high]);
    assert.ok(Math.abs(low - 10) < 1 && Math.abs(high - 60) < 1, `${low} ${high}`);
    await page.until(() => location.hash.includes("w=0.1") || location.hash.includes("w=0.09"));
    await page.key("0");
    await page.quiet();
    assert.equal(await seen(), null);
}

// --- search ---

async function the_sandwich_is_searched_on_both_sides(browser) {
    const page = await browser.open(page_of(SHOP), {}, "#v=sandwich&f=sort");
    await search(page, "^main$");
    assert.equal(await page.run(textOf, "matched"), "1 match: callers 50.00%, callees 0.00%");
    await page.key("Enter");
    assert.match(await page.run(textOf, "details"), /^main — 50 samples/);
    assert.match(await page.run(textOf, "matched"), /^1 of 1: /);
    await page.key("Escape");
    await search(page, "^work$|^main$|compare");
    const walked = [];
    for (let i = 0; i < 3; i++) {
        await page.key("Enter");
        walked.push((await page.run(textOf, "details")).split(" ")[0]);
    }
    assert.deepEqual(walked, ["compare", "work", "main"], "round the heaviest, from main on");
}

async function matches_come_by_weight_and_are_one_step_back(browser) {
    const stacks = ["a;x 1", "b;x 400", "c;x 30", "d;x 2", "e 100000", "f;x 900"].join("\n");
    const page = await browser.open(page_of(stacks));
    await search(page, "^x$");
    assert.match(await page.run(textOf, "matched"), /^5 matches: 1\.32%/);
    const before = await page.run(() => history.length);
    const sizes = [], counts = [];
    for (let i = 0; i < 5; i++) {
        await page.key("Enter");
        await page.quiet();
        sizes.push(Number(/— (\d+) samples/.exec(await page.run(textOf, "details"))[1]));
        counts.push((await page.run(textOf, "matched")).split(":")[0]);
    }
    assert.deepEqual(sizes, [900, 400, 30, 2, 1]);
    assert.deepEqual(counts, [1, 2, 3, 4, 5].map((k) => `${k} of 5`));
    assert.ok(await page.run(() => history.length) - before <= 1);
}

// --- links and history ---

async function zooms_of_the_sandwich_are_in_the_link_and_the_history(browser) {
    const file = page_of(SHOP), page = await browser.open(file, {}, "#v=sandwich&f=parse");
    await boxes(page);
    await clickBox(page, "callers", 0.3, 1);
    await clickBox(page, "callees", 0.1, 1, true);
    const link = await page.run(linkOf);
    assert.match(link, /zc=[0-9a-f]{16}/);
    assert.match(link, /ze=[0-9a-f]{16}/);
    await page.run(() => history.back());
    await page.until(() => !location.hash.includes("ze="));
    await page.quiet();
    assert.match(await page.run(linkOf), /zc=/);
    assert.equal(await page.run(isHidden, "view-sandwich"), false);
    assert.equal(await page.run(() => page.charts()[1].zoom), 0);
    await page.run(() => history.forward());
    await page.until(() => location.hash.includes("ze="));
    await page.quiet();
    assert.notEqual(await page.run(() => page.charts()[1].zoom), 0);
    const again = await browser.open(file, {width: 700}, link);
    assert.deepEqual(await names(again, "callers"), ["parse", "read", "main"]);
    assert.deepEqual(await names(again, "callees"), ["parse", "parse_line"]);
}

async function undo_and_redo_lead_through_the_same_links(browser) {
    const page = await browser.open(page_of(SHOP)), links = [await page.run(linkOf)];
    await clickBox(page, "flame", 0.5, 2);
    links.push(await page.run(linkOf));
    await page.key("t");
    links.push(await page.run(linkOf));
    await page.key("u");
    assert.equal(await page.run(linkOf), links[1]);
    await page.key("u");
    assert.equal(await page.run(linkOf), links[0]);
    await page.key("U");
    await page.key("U");
    assert.equal(await page.run(linkOf), links[2]);
}

// --- the pointer ---

async function a_tip_and_an_outline_are_at_the_pointer(browser) {
    for (const width of [600, 1200, 2500]) {
        const page = await browser.open(page_of(SHOP), {width});
        const {x, y} = await at(page, 0.5, 2); // work: from 30 to 80, of 100
        await page.mouse("mouseMoved", x, y);
        const [name, text] = await page.run(tipOf);
        assert.equal(name, "work");
        assert.equal(text, "50 samples · 50.00% of all");
        const [tip, outline, chart] = await page.run(() => ["#tip", ".outline", "#flame"].map((id) => {
            const {left, right, top, bottom} = document.querySelector(id).getBoundingClientRect();
            return {left, right, top, bottom};
        }));
        assert.ok(Math.abs(tip.left - x) < 40 || Math.abs(tip.right - x) < 40);
        assert.ok(tip.left >= 0 && tip.right <= width);
        assert.ok(Math.abs(outline.left - (chart.left + width * 0.3)) <= 1, "as wide as the box");
        assert.ok(Math.abs(outline.right - (chart.left + width * 0.8)) <= 2);
        assert.ok(outline.top <= y && outline.bottom >= y);
        const right = await at(page, 0.995, 1);
        await page.mouse("mouseMoved", right.x, right.y);
        assert.equal((await page.run(tipOf))[0], "other");
        const edge = await page.run(() => document.getElementById("tip").getBoundingClientRect().right);
        assert.ok(edge <= width, "inside of the window");
        await page.mouse("mouseMoved", 5, 5);
        assert.equal(await page.run(tipOf), null);
        assert.equal(await page.run(() => document.querySelector(".outline").hidden), true);
        await page.close();
    }
}

async function drag(page, from, to, modifiers = 0) {
    await page.mouse("mouseMoved", from.x, from.y, "none", modifiers);
    await page.mouse("mousePressed", from.x, from.y, "left", modifiers);
    for (let k = 1; k <= 4; k++)
        await page.mouse("mouseMoved", from.x + (to.x - from.x) * k / 4,
                         from.y + (to.y - from.y) * k / 4, "left", modifiers);
    await page.mouse("mouseReleased", to.x, to.y, "left", modifiers);
    await page.quiet();
}

const windowOf = () => {
    const chart = page.charts()[0];
    return [chart.low, chart.high].map((v) => Math.round(v * 10) / 10);
};

async function a_drag_moves_and_never_zooms(browser) {
    const page = await browser.open(page_of(SHOP));
    await drag(page, await at(page, 0.7, 2), await at(page, 0.3, 2));
    assert.equal(await page.run(linkOf), "", "all is seen already");
    await clickBox(page, "flame", 0.5, 2); // work
    assert.deepEqual(await page.run(windowOf), [30, 80]);
    await drag(page, await at(page, 0.5, 2), await at(page, 0.7, 2));
    assert.deepEqual(await page.run(windowOf), [20, 70]);
    assert.match(await page.run(linkOf), /w=0\.2000/);
    const again = await browser.open(page_of(SHOP), {}, await page.run(linkOf));
    await again.quiet();
    assert.deepEqual(await again.run(windowOf), [20, 70], "by the link");
}

async function with_shift_a_drag_zooms_to_a_part(browser) {
    const page = await browser.open(page_of(SHOP));
    await drag(page, await at(page, 0.25, 6), await at(page, 0.75, 6), SHIFT);
    assert.deepEqual(await page.run(windowOf), [25, 75].map((v) => v), "of 100");
    await page.key("0");
    assert.deepEqual(await page.run(windowOf), [0, 100]);
}

async function the_wheel_zooms_at_the_pointer(browser) {
    const page = await browser.open(page_of(SHOP)), {x, y} = await at(page, 0.75, 2);
    const wheel = (deltaX, deltaY, modifiers = 0) => page.send("Input.dispatchMouseEvent",
        {type: "mouseWheel", x, y, deltaX, deltaY, modifiers});
    await wheel(0, -100);
    await page.quiet();
    const [low, high] = await page.run(windowOf);
    assert.ok(high - low < 80, "smaller");
    assert.ok(Math.abs((75 - low) / (high - low) - 0.75) < 0.01, "what is at the pointer stays");
    await wheel(-50, 0);
    await page.quiet();
    const [left] = await page.run(windowOf);
    assert.ok(left < low, "sideways it moves");
    await wheel(0, 100);
    await wheel(0, 100);
    await page.quiet();
    assert.deepEqual(await page.run(windowOf), [0, 100]);
    const tall = Array.from({length: 90}, (none, i) => `f${i}`).join(";") + " 1\n";
    const high2 = await browser.open(page_of(tall), {height: 420});
    await high2.send("Input.dispatchMouseEvent", {type: "mouseWheel", x, y: 200, deltaX: 0, deltaY: -100});
    await high2.until(() => document.getElementById("flame").scrollTop > 0);
    await high2.quiet();
    assert.deepEqual(await high2.run(windowOf), [0, 1], "where there is more to see, it scrolls");
    await high2.send("Input.dispatchMouseEvent",
                     {type: "mouseWheel", x, y: 200, deltaX: 0, deltaY: -100, modifiers: CTRL_KEY});
    await high2.quiet();
    assert.notDeepEqual(await high2.run(windowOf), [0, 1]);
}

async function narrow_boxes_are_striped_and_counted(browser) {
    const stacks = Array.from({length: 10000}, (none, i) => `main;f${i} 1`).join("\n") + "\nmain;big 10000\n";
    const page = await browser.open(page_of(stacks));
    await page.quiet();
    assert.match(await page.run(textOf, "foot"), /10,000 narrower than half a pixel, as stripes/);
    const {x, y} = await at(page, 0.75, 2);
    await page.mouse("mouseMoved", x, y);
    assert.deepEqual((await page.run(tipOf)).slice(0, 2),
                     ["10,000 narrower, on main", "10,000 samples · 50.00% of all"]);
    await page.click({x, y});
    await page.quiet();
    assert.deepEqual(await page.run(windowOf), [10000, 20000]);
}

async function the_right_button_opens_a_menu(browser) {
    const page = await browser.open(page_of(SHOP));
    await page.click(await at(page, 0.5, 2), "right");
    assert.equal(await page.run(linkOf), "", "it does not zoom");
    const items = await page.run(() => Array.from(document.querySelectorAll("#menu [role=menuitem] span"),
                                                  (item) => item.textContent));
    assert.ok(items.includes("Callers and callees"), items.join());
    assert.equal(await page.run(() => document.querySelector("#menu p").textContent), "work");
    await page.key("Escape");
    assert.equal(await page.run(() => document.getElementById("menu").hidden), true);
    await page.key("F10", SHIFT);
    assert.equal(await page.run(() => document.getElementById("menu").hidden), false);
    await page.run(() => Array.from(document.querySelectorAll("#menu button"))
        .find((b) => b.textContent.startsWith("Callers and callees")).click());
    assert.match(await page.run(textOf, "function"), /^work — total 50 /);
}

// --- the table ---

async function heads_stand_over_their_numbers(browser) {
    const page = await browser.open(page_of(SHOP), {}, "#v=top");
    const edges = await page.run(() => {
        const textRight = (element) => {
            const range = document.createRange();
            range.selectNodeContents(element);
            return range.getBoundingClientRect().right;
        };
        const head = document.querySelectorAll("#view-top th");
        const row = document.querySelectorAll("#view-top tr[aria-rowindex='2'] td");
        return [0, 1, 2, 3].map((i) => [textRight(head[i]), textRight(row[i])]);
    });
    for (const [head, cell] of edges)
        assert.ok(Math.abs(head - cell) <= 2, `${head} over ${cell}`);
    const bars = await page.run(() => Array.from(document.querySelectorAll("#view-top td.bar:nth-child(1)"),
        (td) => parseFloat(td.style.getPropertyValue("--part"))));
    assert.equal(Math.max(...bars), 100, "the largest fills its cell");
    assert.deepEqual((await page.run(tableOf)).length, 8);
}

async function rows_are_walked_by_keys(browser) {
    const stacks = Array.from({length: 5000}, (none, i) => `main;f${i} ${5000 - i}`).join("\n");
    const page = await browser.open(page_of(stacks), {}, "#v=top");
    assert.ok((await page.run(tableOf)).length < 100, "only rows that are seen exist");
    await page.run(() => document.querySelector("#view-top table").focus());
    await page.key("ArrowDown");
    await page.key("ArrowDown");
    const selected = () => page.run(() =>
        document.querySelector("#view-top tr[aria-selected=true] td:last-child").textContent);
    assert.equal(await selected(), "f1");
    await page.key("End");
    await page.quiet();
    assert.equal(await selected(), "main");
    await page.key("Enter");
    await page.quiet();
    assert.match(await page.run(textOf, "function"), /^main /);
}

// --- looks ---

async function targets_are_large_enough(browser) {
    const page = await browser.open(page_of(SHOP));
    const small = await page.run(() => Array.from(document.querySelectorAll("#bar button, #bar select, #bar input"))
        .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 28).map((e) => e.id || e.textContent));
    assert.deepEqual(small, []);
}

async function colours_need_nothing_that_is_new(browser) {
    const page = await browser.open(page_of(SHOP));
    assert.ok(!await page.run(() => document.querySelector("style").textContent.includes("light-dark")));
}

async function the_still_picture_is_small(browser) {
    const stacks = Array.from({length: 5000}, (none, i) =>
        `main;group_of_functions_${i % 40};function_number_${i} ${1 + i % 50}`).join("\n");
    const file = page_of(stacks), page = await browser.open(file);
    const picture = await page.run(() => /base64,([^"]*)"/.exec(document.querySelector("noscript").textContent)[1].length);
    assert.ok(picture < 60000, `${picture} of ${statSync(file).size}`);
}

await runTests([
    what_is_zoomed_is_marked_in_small, labels_are_those_of_the_column, the_sandwich_is_searched_on_both_sides,
    matches_come_by_weight_and_are_one_step_back,
    zooms_of_the_sandwich_are_in_the_link_and_the_history, undo_and_redo_lead_through_the_same_links,
    a_tip_and_an_outline_are_at_the_pointer, a_drag_moves_and_never_zooms,
    with_shift_a_drag_zooms_to_a_part, the_wheel_zooms_at_the_pointer,
    narrow_boxes_are_striped_and_counted, the_right_button_opens_a_menu,
    heads_stand_over_their_numbers, rows_are_walked_by_keys, targets_are_large_enough,
    colours_need_nothing_that_is_new, the_still_picture_is_small,
]);
