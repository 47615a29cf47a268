// Comparisons, series of dumps and the view About in the page of --to html: all numbers are compared
// with the CSV of pp-diff and the output of pp-info.
import assert from "node:assert/strict";
import {writeFileSync} from "node:fs";
import {join} from "node:path";

import {choose, run, textOf} from "./html_page.mjs";
import {folder, runTests} from "./testing.mjs";

let made = 0;

function fileOf(text, suffix = "folded") {
    const file = join(folder, `diff-${++made}.${suffix}`);
    writeFileSync(file, text);
    return file;
}

// Parses CSV to objects; fields must have no commas and no newlines.
function csvOf(text) {
    const [head, ...rows] = text.trim().split("\n").map((line) =>
        line.split(",").map((field) => field.replaceAll("\"", "")));
    return rows.map((row) => Object.fromEntries(row.map((field, i) => [head[i], field])));
}

const BEFORE = "main;parse 980\nmain;sort 455\nmain;net;send 550\nmain;old;sub 300\nmain;gc 494\n" +
    "main;same 40\nmain;parse;main 7\n";
const AFTER = "main;parse 792\nmain;sort 420\nmain;net;send 409\nmain;fresh 805\nmain;parse;slow 388\n" +
    "main;same 40\nmain;parse;main 9\n";

function sides(before = BEFORE, after = AFTER, options = []) {
    const files = [fileOf(before), fileOf(after)], page = join(folder, `diff-${made}.html`);
    run("pp-diff", ["-t", "html", "-o", page, ...options, ...files]);
    return {files, page};
}

const near = (a, text) => text === "" ? !Number.isFinite(a)
    : Math.abs(a - Number(text)) <= 1e-8 * Math.max(1, Math.abs(a));

// The rows of a view, by function name.
const rowsOf = (id) => {
    const table = page.view(id).table();
    return Array.from({length: table.count}, (none, i) => {
        const row = {...table.at(i)};
        for (const [key, value] of Object.entries(row))
            row[key] = Number.isNaN(value) ? null : value; // JSON has no NaN
        return {name: page.profile.frames.names[row.frame], ...row};
    });
};

const FIELDS = [["selfBefore", "self_before"], ["selfAfter", "self_after"],
                ["totalBefore", "total_before"], ["totalAfter", "total_after"],
                ["sigmaSelf", "self_significance"], ["qSelf", "self_q"],
                ["sigmaTotal", "total_significance"], ["qTotal", "total_q"]];

function checkRows(rows, wanted) {
    assert.deepEqual(rows.map((r) => r.name).sort(), wanted.map((r) => r.function).sort());
    for (const row of rows) {
        const want = wanted.find((w) => w.function === row.name);
        for (const [key, field] of FIELDS)
            assert.ok(near(row[key] ?? NaN, want[field]), `${row.name}: ${key} ${row[key]}, ${want[field]}`);
        assert.equal(String(row.noise), want.noise, row.name);
    }
}

async function changes_are_those_of_the_table(browser) {
    const {files, page: file} = sides(), page = await browser.open(file, {}, "#v=diff");
    await page.quiet();
    const wanted = csvOf(run("pp-diff", ["--csv", ...files]));
    assert.ok(wanted.length >= 8 && wanted.some((w) => w.noise === "true"));
    checkRows(await page.run(rowsOf, "diff"), wanted);
}

async function runs_of_both_sides_are_judged_as_in_the_table(browser) {
    const before = [BEFORE, BEFORE.replace("980", "1010"), BEFORE.replace("455", "430")].map((t) => fileOf(t));
    const after = [AFTER, AFTER.replace("792", "760"), AFTER.replace("420", "444")].map((t) => fileOf(t));
    const args = ["--before", ...before, "--after", ...after], file = join(folder, "runs.html");
    run("pp-diff", ["-t", "html", "-o", file, ...args]);
    const page = await browser.open(file, {}, "#v=diff");
    await page.quiet();
    checkRows(await page.run(rowsOf, "diff"), csvOf(run("pp-diff", ["--csv", ...args])));
}

async function noise_can_be_hidden(browser) {
    const {files, page: file} = sides(), page = await browser.open(file, {}, "#v=diff");
    await page.quiet();
    await page.run(() => document.querySelector("#view-diff input").click());
    await page.quiet();
    const wanted = csvOf(run("pp-diff", ["--csv", "--ignore-noise", ...files]));
    checkRows(await page.run(rowsOf, "diff"), wanted);
}

async function under_a_filter_no_significance_is_shown(browser) {
    const {page: file} = sides(), page = await browser.open(file, {}, "#v=diff&x=without:%5Egc%24");
    await page.quiet();
    const rows = await page.run(rowsOf, "diff");
    assert.ok(rows.length && rows.every((r) => r.qSelf === null && !r.noise));
    assert.equal(rows.find((r) => r.name === "main").totalBefore, 980 + 455 + 550 + 300 + 40 + 7);
}

async function both_sums_and_a_scale_are_shown(browser) {
    const {page: file} = sides();
    for (const measure of ["0", "1", "2", "3"]) {
        const page = await browser.open(file);
        await choose(page, "#column", measure);
        await page.quiet();
        assert.match(await page.run(textOf, "legend"),
                     /^before 2,826 samples · after 2,863 samples · \+1\.31%less.*more$/);
        assert.equal(await page.run(() => document.querySelectorAll("#legend i").length), 5);
        await page.close();
    }
}

async function what_vanished_is_seen_as_wide_as_it_was(browser) {
    const {page: file} = sides(), page = await browser.open(file);
    const widthOf = () => page.run(() => {
        const {boxes} = page.charts()[0], i = page.profile.frames.names.indexOf("gc");
        return boxes.size[Array.from(boxes.frame).indexOf(i)] ?? 0;
    });
    assert.equal(await widthOf(), 0);
    await choose(page, "#column", "2");
    await page.quiet();
    assert.equal(await widthOf(), 494);
    const change = await page.run(() => {
        const {boxes} = page.charts()[0], i = page.profile.frames.names.indexOf("gc");
        const at = Array.from(boxes.frame).indexOf(i);
        return boxes.size[at] - boxes.other[at];
    });
    assert.equal(change, -494);
}

async function what_is_new_or_vanished_is_dashed(browser) {
    const file = sides("a;b 20\nc 5\n", "a;b 10\nd 7\n").page; // b is half of what it was
    for (const [measure, wanted] of [["0", ["c"]], ["1", ["d"]], ["2", ["c", "d"]]]) {
        const page = await browser.open(file, {}, `#m=${measure}`);
        await page.quiet();
        assert.deepEqual(await dashedNames(page), wanted, measure);
        await page.close();
    }
}

function dashedNames(page) {
    return page.run(async () => {
        const proto = CanvasRenderingContext2D.prototype, rect = proto.fillRect, stroke = proto.strokeRect;
        const text = proto.fillText, found = [];
        let isDashed = false;
        proto.strokeRect = function (...box) {
            isDashed = this.getLineDash().length > 0;
            stroke.apply(this, box);
        };
        proto.fillText = function (name, ...at) {
            if (isDashed)
                found.push(name);
            isDashed = false;
            text.call(this, name, ...at);
        };
        page.charts()[0].redraw();
        await new Promise((resolve) => requestAnimationFrame(resolve));
        Object.assign(proto, {fillRect: rect, strokeRect: stroke, fillText: text});
        return found.sort();
    });
}

async function the_side_before_can_be_scaled(browser) {
    const {page: file} = sides("a 10\nb 30\n", "a 20\nb 60\n"), page = await browser.open(file);
    await choose(page, "#column", "3");
    await page.quiet();
    assert.deepEqual(await page.run(() => Array.from(page.charts()[0].boxes.size, (v, i) =>
        v - page.charts()[0].boxes.other[i]).slice(0, 3)), [0, 0, 0]);
}

// --- labels ---

async function a_comparison_can_be_filtered(browser) {
    const texts = [[["web", "a", 30], ["web", "b", 20], ["cron", "a", 7]],
                   [["web", "a", 10], ["web", "c", 25], ["cron", "a", 9]]];
    const files = texts.map((list, side) => fileOf(list.map(([comm, name, n], i) =>
        `${comm} 10/${10 * side + i} [000] ${i}.000000: ${n} cycles: \n\t401000 ${name}+0x1 (/bin/x)\n\n`).join(""), "perf"));
    const file = join(folder, "labels.html");
    run("pp-diff", ["-i", "cycles", "-t", "html", "-o", file, ...files]);
    const page = await browser.open(file, {}, "#v=labels");
    await page.quiet();
    assert.deepEqual(await page.run(() => page.model.labelWeights()),
                     [["comm", [["web", 35], ["cron", 9]]]], "and nothing of one recording");
    await page.run(() => Array.from(document.querySelectorAll("#view-labels .bar"))
        .find((bar) => bar.textContent.startsWith("web")).click());
    await page.run(() => page.openView("diff"));
    await page.quiet();
    const wanted = csvOf(run("pp-diff", ["-i", "cycles", "--csv", "--tag-focus=comm=web", ...files]))
        .filter((row) => row.self_before !== row.self_after || row.total_before !== row.total_after);
    assert.ok(wanted.length >= 3);
    assert.deepEqual((await page.run(rowsOf, "diff")).map((r) => [r.name, r.selfBefore, r.selfAfter].join()).sort(),
        wanted.map((r) => [r.function, r.self_before, r.self_after].join()).sort());
    assert.match(await page.run(textOf, "legend"), /^before 50 cycles \u00b7 after 35 cycles/);
}

// --- dumps ---

const DUMPS = Array.from({length: 8}, (none, i) => [
    `main;serve;leak_a ${1000 + 500 * i}`, `main;serve;cache;fill ${Math.min(3000, 1000 + 900 * i)}`,
    `main;pool;swing ${2000 + 1500 * (i % 2)}`, "main;steady 5000",
    `main;table;grow ${i < 4 ? 100 : 9000}`, `main;late ${i < 3 ? 0 : 700 * (i - 2)}`, "",
].join("\n"));

function dumps(options = []) {
    const files = DUMPS.map((text, i) => {
        const file = join(folder, `heap.${i}.folded`);
        writeFileSync(file, text);
        return file;
    });
    const page = join(folder, `leaks-${++made}.html`);
    run("pp-diff", ["--leaks", "-t", "html", "-o", page, ...options, ...files]);
    return {files, page};
}

const LEAK_FIELDS = [["growth", "growth"], ["growthError", "growth_error"], ["loss", "loss"],
                     ["lossError", "loss_error"], ["fit", "fit"], ["grew", "grew"], ["first", "first"],
                     ["last", "last"], ["since", "since"]];

const leaksOf = () => rowsShown("leaks").map((row) => ({
    ...row, trend: page.series.trends[row.trend],
    name: pathTo(page.profile.nodes, row.node).map((n) =>
        page.profile.frames.names[page.profile.nodes.frame[n]]).join(";"),
    values: Array.from(page.series.dumps, (none, d) =>
        page.series.values[row.index * page.series.dumps.length + d]),
}));

async function every_dump_and_trend_is_there(browser) {
    for (const by of ["stack", "self", "total"]) {
        const {files, page: file} = dumps(["--by", by]);
        const page = await browser.open(file, {}, "#v=leaks");
        await page.quiet();
        await page.run(`() => { window.rowsShown = ${rowsOf}; }`);
        const rows = await page.run(leaksOf);
        const wanted = csvOf(run("pp-diff", ["--leaks", "--csv", "--by", by, ...files]));
        assert.equal(rows.length, wanted.length);
        for (const want of wanted) {
            const row = rows.find((r) => r.name === (want.stack ?? want.function));
            assert.equal(row.trend, want.trend);
            for (const [key, field] of LEAK_FIELDS)
                assert.ok(near(row[key] ?? NaN, want[field]), `${row.name}: ${key} ${row[key]}, ${want[field]}`);
            assert.deepEqual(row.values, files.map((name) => Number(want[name])));
        }
        await page.close();
    }
}

async function a_trend_can_be_chosen(browser) {
    const page = await browser.open(dumps().page, {}, "#v=leaks");
    await page.quiet();
    const trends = await page.run(() => Array.from(document.querySelectorAll(
        "#view-leaks select:last-of-type")).pop().length);
    assert.ok(trends >= 4);
    await choose(page, "#view-leaks label:nth-child(3) select", "0");
    await page.quiet();
    const rows = await page.run(rowsOf, "leaks");
    assert.ok(rows.length === 2 && rows.every((r) => r.trend === 0));
}

async function the_graph_can_be_of_a_dump_or_of_two(browser) {
    const page = await browser.open(dumps().page, {}, "#v=leaks");
    await page.quiet();
    await choose(page, "#view-leaks label:nth-child(1) select", "5");
    await page.run(() => page.openView("flame"));
    await page.quiet();
    const sum = (i) => DUMPS[i].trim().split("\n").reduce((all, line) => all + Number(line.split(" ")[1]), 0);
    assert.equal(await page.run(() => page.model.all()), sum(5));
    assert.match(await page.run(() => location.hash), /dp=5/);
    await page.run(() => page.change({dumps: "2-5"}));
    await page.quiet();
    assert.deepEqual(await page.run(() => [page.model.tree().total[0], page.model.tree().other[0]]),
                     [sum(5), sum(2)]);
    assert.match(await page.run(textOf, "legend"), /^before /);
    const again = await browser.open(dumps().page, {}, "#dp=2-99");
    assert.equal(await again.run(() => page.state().dumps), "");
}

async function dumps_are_described(browser) {
    const {files, page: file} = dumps();
    const page = await browser.open(file, {}, "#v=about");
    await page.quiet();
    const said = await page.run(() => document.querySelector(".about").textContent);
    for (const name of files)
        assert.ok(said.includes(name));
    assert.match(said, /horizon8 more dumps/);
}

// --- the view About ---

async function all_that_pp_info_says_is_shown(browser) {
    const input = fileOf("main;a 3\nmain;b 4\n"), file = join(folder, "about.html");
    run("pp-flamegraph", ["-t", "html", "-o", file, input]);
    const page = await browser.open(file, {}, "#v=about");
    await page.quiet();
    const said = await page.run(() => Array.from(document.querySelectorAll(".about dd"),
        (dd) => dd.textContent).join("\n"));
    for (const line of run("pp-info", [input]).trim().split("\n"))
        assert.ok(said.includes(line.startsWith("  ") ? line.slice(13) : line.replace(/:$/, "")), line);
}

async function names_that_attack_do_nothing_here_either(browser) {
    const attack = "</template></script><script>window.hit=1</script><img src=x onerror=window.hit=1>";
    const name = attack.replaceAll(" ", "_");
    const two = sides(`main;${name} 10\nx 5\n`, `main;${name} 40\ny 7\n`);
    const dumped = [1, 2, 3].map((i) => {
        const file = join(folder, `<img src=x onerror=window.hit=1>${i}.folded`);
        writeFileSync(file, `main;${name} ${100 * i}\n`);
        return file;
    });
    const leaks = join(folder, "attack-leaks.html");
    run("pp-diff", ["--leaks", "-t", "html", "-o", leaks, ...dumped]);
    const views = [[two.page, "#v=diff"], [two.page, "#v=about"], [leaks, "#v=leaks"], [leaks, "#v=about"],
                   [leaks, "#dp=<img>"], [two.page, "#m=2&dp=1-2"]];
    for (const [file, link] of views) {
        const page = await browser.open(file, {}, link);
        await page.quiet();
        assert.equal(await page.run(() => window.hit), undefined);
        assert.equal(await page.run(() => document.querySelectorAll("img, iframe, a").length), 0);
        assert.equal(await page.run(() => document.scripts.length), 2);
        await page.close();
    }
}

await runTests([
    a_comparison_can_be_filtered,
    changes_are_those_of_the_table, runs_of_both_sides_are_judged_as_in_the_table, noise_can_be_hidden,
    under_a_filter_no_significance_is_shown, both_sums_and_a_scale_are_shown,
    what_vanished_is_seen_as_wide_as_it_was, what_is_new_or_vanished_is_dashed,
    the_side_before_can_be_scaled, every_dump_and_trend_is_there,
    a_trend_can_be_chosen, the_graph_can_be_of_a_dump_or_of_two, dumps_are_described,
    all_that_pp_info_says_is_shown,
    names_that_attack_do_nothing_here_either,
]);
