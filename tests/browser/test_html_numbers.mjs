// The numbers of the page of --to html are those of pp-report and pp-convert: each view, under each
// transform and filter, is compared with the output of the tools under the equivalent rule.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdirSync, readFileSync, readdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";

import {SHOP, choose, linkOf, page_of, textOf} from "./html_page.mjs";
import {folder, runTests} from "./testing.mjs";

const bin = process.argv[2];
let made = 0;

function run(tool, args, input = "") {
    const done = spawnSync(join(bin, tool), args, {input, encoding: "utf8", maxBuffer: 1 << 28});
    assert.equal(done.status, 0, `${tool} ${args.join(" ")}: ${done.stderr}`);
    return done.stdout;
}

// Stacks of functions that call each other and themselves, pseudo-random with a fixed seed.
function randomStacks(functions, lines, seed = 7) {
    const random = (n) => {
        seed = (seed * 1103515245 + 12345) % 2 ** 31;
        return Math.floor(seed / 2 ** 31 * n);
    };
    return Array.from({length: lines}, () => {
        const stack = ["main"];
        for (let depth = 1 + random(9); depth > 0; depth--)
            stack.push(random(5) ? `f${Math.floor(random(functions) * random(functions) / functions)}`
                : stack[stack.length - 1]);
        return `${stack.join(";")} ${1 + random(500)}`;
    }).join("\n") + "\n";
}

const STACKS = randomStacks(60, 400);

const PERF = [[11, "parse", "/lib/libc.so", 30], [12, "send", "/lib/libnet.so", 10],
              [11, "copy", "/lib/libc.so", 60], [13, "send", "/lib/libnet.so", 7],
              [12, "wait", "[kernel.kallsyms]", 5]].map(([tid, name, module, n], i) =>
    `web 10/${tid} [000] ${(1 + i / 4).toFixed(6)}: ${n} cycles: \n` +
    `\t401000 ${name}+0x10 (${module})\n\t400800 inner+0x10 (/lib/libc.so)\n` +
    `\t400000 main+0x10 (/bin/web)\n\n`).join("");

function pageOf(text, options = []) {
    const input = join(folder, `numbers-${++made}.in`), file = join(folder, `numbers-${made}.html`);
    writeFileSync(input, text);
    run("pp-flamegraph", ["-t", "html", "-o", file, ...options, input]);
    return {input, file};
}

// The rows of simple CSV, without the heading.
const csv = (text) => text.trim().split("\n").slice(1).map((line) =>
    line.split(",").map((cell) => cell.replace(/^"(.*)"$/, "$1")));

// [self, total, name] of all functions, sorted.
const sorted = (rows) => rows.map((row) => row.join(" ")).sort();

const topOf = () => page.model.rows().map((r) => [r.self, r.total, page.model.nameOf(r.frame)]);

function reported(input, rules) {
    return csv(run("pp-report", ["top", ...rules, "--csv", "--nodefraction=0", "--edgefraction=0", "-n", "0",
                                 input])).map(([flat, cum, name]) => [flat, cum, name]);
}

async function shown(browser, file, link) {
    const page = await browser.open(file, {}, link);
    await page.quiet();
    return page;
}

// --- transforms ---

async function transforms_do_what_the_rules_do(browser) {
    const {input, file} = pageOf(STACKS);
    for (const [kind, rule, text] of [
        ["hide", "hide", "^f3$"], ["hide", "hide", "^(main|f1.)$"], ["only", "focus", "^f2$"],
        ["without", "ignore", "^f0$"], ["from", "show-from", "^f1$"], ["fold", "prune-from", "^f4$"],
        ["recursion", "merge-recursion", ""], ["only", "focus", "(?i)^F2"],
    ]) {
        const link = `#v=top&x=${encodeURIComponent(`${kind}:${text}`)}`, page = await shown(browser, file, link);
        const wanted = reported(input, [`--${rule}${text ? `=${text}` : ""}`]);
        assert.ok(wanted.length > 10, kind);
        assert.deepEqual(sorted(await page.run(topOf)), sorted(wanted), kind);
        await page.close();
    }
}

async function transforms_act_one_after_the_other(browser) {
    const {input, file} = pageOf(STACKS);
    const page = await shown(browser, file, "#v=top&x=hide%3A%5Ef0%24&x=from%3A%5Ef1%24&x=recursion%3A");
    const rules = ["--hide=^f0$", "--show-from=^f1$", "--merge-recursion"];
    assert.deepEqual(sorted(await page.run(topOf)), sorted(reported(input, rules)));
}

async function commands_transform_and_undo_gives_the_same_link(browser) {
    const {input, file} = pageOf(STACKS), page = await shown(browser, file, "#v=top");
    await page.run(() => document.querySelector("#view-top table").focus());
    for (const [key, rule] of [["h", "hide"], ["m", "prune-from"], ["x", "ignore"], ["f", "show-from"]]) {
        await page.key("Home");
        const name = await page.run(() => page.model.nameOf(page.subject().frame));
        const before = await page.run(linkOf);
        await page.key(key);
        assert.deepEqual(sorted(await page.run(topOf)), sorted(reported(input, [`--${rule}=^${name}$`])), key);
        assert.equal(await page.run(() => document.querySelectorAll("#chips .chip").length), 1);
        await page.key("u");
        assert.equal(await page.run(linkOf), before, "undo");
        await page.key("U");
        assert.match(await page.run(linkOf), /x=/);
        await page.run(() => document.querySelector("#chips button").click());
        assert.equal(await page.run(linkOf), before, "a click takes it back");
    }
}

// Of the same name in two libraries, one of them in two folders.
const TWINS = [["/lib/liba.so", 30], ["/lib/libb.so", 10], ["/usr/lib/liba.so", 4]].map(([module, n], i) =>
    `web 10/11 [000] ${1 + i}.000000: ${n} cycles: \n` +
    `\t401000 init+0x10 (${module})\n\t400000 main+0x10 (/bin/web)\n\n`).join("");

async function functions_of_one_name_in_two_modules_are_apart(browser) {
    const {input, file} = pageOf(TWINS), page = await shown(browser, file, "#v=top&p=true");
    const rows = () => page.run(topOf).then((list) => list.filter(([, , name]) => name.startsWith("init")));
    assert.deepEqual(await rows(), [[34, 34, "init (liba.so)"], [10, 10, "init (libb.so)"]]);
    await page.run(() => page.view("top").table().select(1));
    assert.match(await page.run(textOf, "side"), /^init \(libb\.so\).*module\/lib\/libb\.so/);
    await page.key("s");
    await page.quiet();
    assert.match(await page.run(textOf, "function"), /^init \(libb\.so\) \u2014 total 10 \(22\.73%\)/);
    await page.run(() => page.openView("flame"));
    await page.quiet();
    assert.deepEqual((await page.run(() => Array.from(document.querySelectorAll("#flame [role=treeitem]"),
        (item) => item.textContent))).filter((text) => text.startsWith("init")),
                     ["init (liba.so): 34 (77.27%)", "init (libb.so): 10 (22.73%)"]);
    assert.equal(readFileSync((await exported(browser, page, "export-folded")).path, "utf8"),
                 run("pp-convert", ["-t", "folded", input]), "files have the names alone");
    const sides = join(folder, "twins.html");
    run("pp-diff", ["-t", "html", "-o", sides, input, input]);
    const compared = await shown(browser, sides, "#v=top");
    assert.ok((await compared.run(topOf)).some(([self, , name]) => self === 44 && name === "init"),
              "a comparison looks for it wherever it is");
}

async function a_module_collapses_into_one_frame(browser) {
    const {file} = pageOf(PERF, ["--no-comm"]), page = await shown(browser, file, "#v=top");
    const libc = await page.run(() => page.profile.frames.names.indexOf("copy"));
    await page.run((frame) => page.transform("module", page.profile.frames.modules[frame]), libc);
    assert.deepEqual(sorted(await page.run(topOf)), sorted([
        [90, 112, "[libc.so]"], [0, 112, "main"], [17, 17, "send"], [5, 5, "wait"]]));
}

async function only_what_matches_the_search_is_kept(browser) {
    const {input, file} = pageOf(STACKS), page = await shown(browser, file, "#v=top&s=f1%5B0-4%5D");
    await page.run(() => document.querySelector("#view-top table").focus());
    await page.key("o");
    assert.deepEqual(sorted(await page.run(topOf)), sorted(reported(input, ["--focus=f1[0-4]"])));
}

// --- labels and times ---

async function labels_filter_and_split_as_rules_do(browser) {
    const {input, file} = pageOf(PERF);
    for (const [link, rules] of [
        ["l=tid%3D12", ["--tag-focus=tid=12"]],
        ["l=tid%3D12&l=tid%3D13", ["--tag-focus=tid=12:13"]],
        ["lx=tid%3D11", ["--tag-ignore=tid=11"]],
        ["x=split%3Atid", ["--tag-root=tid"]],
    ]) {
        const page = await shown(browser, file, `#v=top&${link}`);
        const rows = (await page.run(topOf)).filter(([, , name]) => name !== "web");
        assert.deepEqual(sorted(rows), sorted(reported(input, rules).filter(([, , name]) => name !== "web")), link);
        await page.close();
    }
}

async function a_range_of_time_is_that_of_the_rule(browser) {
    const {input, file} = pageOf(PERF);
    for (const [link, rule] of [["0-0.25", "0s:250ms"], ["0.25-0.75", "250ms:750ms"], ["0.9-1", "900ms:1s"]]) {
        const page = await shown(browser, file, `#v=top&r=${link}`);
        const rows = (await page.run(topOf)).filter(([, , name]) => name !== "web");
        const wanted = reported(input, [`--time=${rule}`]).filter(([, , name]) => name !== "web");
        assert.ok(wanted.length > 1);
        assert.deepEqual(sorted(rows), sorted(wanted), link);
        await page.close();
    }
}

async function a_click_on_a_label_chooses_it(browser) {
    const {file} = pageOf(PERF), page = await shown(browser, file, "#v=labels");
    const click = (value, keys = {}) => page.run((text, how) =>
        Array.from(document.querySelectorAll("#view-labels li button")).find((b) =>
            b.firstChild.textContent === text).dispatchEvent(new MouseEvent("click", {bubbles: true, ...how})),
                                                 value, keys);
    const total = async () => Number((await page.run(textOf, "summary")).split(" ")[0]);
    await click("12");
    assert.equal(await total(), 15);
    await click("13", {shiftKey: true});
    assert.equal(await total(), 22);
    await click("11");
    assert.equal(await total(), 90);
    await click("11");
    assert.equal(await total(), 112);
    await click("11", {altKey: true});
    assert.equal(await total(), 22);
    const values = await page.run(() => Object.fromEntries(page.model.labelWeights()).tid);
    assert.deepEqual(values, [["11", 90], ["12", 15], ["13", 7]], "what could be chosen instead is known");
}

async function every_column_has_its_numbers(browser) {
    const {input, file} = pageOf(PERF), page = await shown(browser, file, "#v=top");
    for (const [i, type] of (await page.run(() => page.profile.columns.map((c) => c.type))).entries()) {
        await choose(page, "#column", String(i));
        const rows = csv(run("pp-report", ["top", "--sample-type", type, "--csv", "--nodefraction=0", "-n", "0",
                                           input])).map(([flat, cum, name]) => [flat, cum, name]);
        const without = (list) => sorted(list.filter(([, , name]) => name !== "web"));
        assert.deepEqual(without(await page.run(topOf)), without(rows), type);
    }
}

// --- views ---

async function the_graph_has_the_nodes_and_edges_of_the_report(browser) {
    for (const [stacks, n] of [[STACKS, 20], [STACKS, 40], [randomStacks(300, 900, 3), 20], [SHOP, 20]]) {
        const {input, file} = pageOf(stacks), page = await shown(browser, file, `#v=graph&n=${n}`);
        const dot = run("pp-report", ["graph", "-n", String(n), input]);
        const nodes = Array.from(dot.matchAll(/tooltip="(\S+) \((\d+)\)" color/g), (m) => `${m[1]} ${m[2]}`);
        const edges = Array.from(dot.matchAll(/ tooltip="(\S+) (?:->|\.\.\.) (\S+) \((\d+)\)"/g), (m) => m.slice(1).join(" "));
        const seen = await page.run(() => {
            const {nodes, edges} = page.shown().graph(), {names} = page.profile.frames;
            return {nodes: nodes.map((r) => `${names[r.frame]} ${r.total}`),
                    edges: edges.map((e) => `${names[e.from]} ${names[e.to]} ${e.weight}`)};
        });
        assert.ok(nodes.length >= 7 && edges.length >= 7);
        assert.deepEqual(seen.nodes.sort(), nodes.sort());
        assert.deepEqual(seen.edges.sort(), edges.sort());
        assert.equal(await page.run(() => document.querySelectorAll("#view-graph .node").length), nodes.length);
        assert.equal(await page.run(() => document.querySelectorAll("#view-graph .edge").length), edges.length);
        const overlaps = await page.run(() => {
            const rects = Array.from(document.querySelectorAll("#view-graph .node rect"), (r) => r.getBoundingClientRect());
            return rects.filter((a, i) => rects.some((b, k) => k > i && a.left < b.right - 1 && b.left < a.right - 1 &&
                a.top < b.bottom - 1 && b.top < a.bottom - 1)).length;
        });
        assert.equal(overlaps, 0, "boxes do not overlap");
        await page.close();
    }
}

async function calls_are_those_of_peek(browser) {
    const {input, file} = pageOf(STACKS);
    for (const name of ["main", "f0", "f7", "f20"]) {
        const page = await shown(browser, file, `#v=sandwich&f=${name}`);
        const wanted = csv(run("pp-report", ["peek", `^${name}$`, "--csv", input])).map(([, kind, flat, cum, other]) =>
            kind === "self" ? [["self", name, flat], ["total", name, cum]] : [[kind, other, cum]]).flat();
        const calls = await page.run(() => {
            const rows = page.shown().exported();
            return Array.from({length: rows.count}, (none, i) => {
                const row = rows.at(i);
                return [row.kind, page.model.nameOf(row.frame), row.weight];
            });
        });
        assert.ok(wanted.length > 5);
        assert.deepEqual(sorted(calls), sorted(wanted), name);
        await page.close();
    }
}

// All paths of the visible tree, after opening all of it: [path, total].
const treePaths = () => {
    const rows = page.shown().table(), path = [];
    return Array.from({length: rows.count}, (none, i) => {
        const row = rows.at(i);
        path.length = row.level() - 1;
        path.push(row.i ? page.model.nameOf(row.frame) : "all");
        return `${path.slice(1).join(";")} ${row.from.total[row.i]} ${row.from.self[row.i]}`;
    }).slice(1);
};

async function the_tree_has_all_calls_and_opens_by_keys(browser) {
    const {file} = pageOf(STACKS), page = await shown(browser, file, "#v=tree");
    await page.run(() => document.querySelector("#view-tree table").focus());
    await page.key("Home");
    await page.key("*");
    const totals = new Map(), selfs = new Map();
    for (const line of STACKS.trim().split("\n")) {
        const [stack, n] = line.split(" "), names = stack.split(";");
        for (let i = 1; i <= names.length; i++) {
            const path = names.slice(0, i).join(";");
            totals.set(path, (totals.get(path) || 0) + Number(n));
        }
        selfs.set(stack, (selfs.get(stack) || 0) + Number(n));
    }
    const wanted = Array.from(totals, ([path, total]) => `${path} ${total} ${selfs.get(path) || 0}`);
    assert.deepEqual((await page.run(treePaths)).sort(), wanted.sort());
    const level = () => page.run(() => page.shown().table().current().level());
    await page.key("ArrowRight");
    assert.equal(await level(), 2, "to what it calls");
    await page.key("ArrowLeft");
    assert.equal(await page.run(() => page.shown().table().current().isOpen()), false, "it closes");
    await page.key("ArrowLeft");
    assert.equal(await level(), 1, "to its caller");
    assert.equal(await page.run(() => document.querySelector("#view-tree table").getAttribute("role")), "treegrid");
    assert.equal(await page.run(() => document.querySelector("#view-tree tr[aria-selected=true]").getAttribute("aria-expanded")), "true");
}

async function the_tree_from_the_leaves_has_all_callers(browser) {
    const {file} = pageOf("a;b;c 5\na;c 7\nb;c 2\na 3\n"), page = await shown(browser, file, "#v=tree");
    await page.run(() => document.querySelector("#view-tree .viewbar button").click());
    await page.run(() => document.querySelector("#view-tree table").focus());
    await page.key("Home");
    await page.key("*");
    assert.deepEqual((await page.run(treePaths)).map((text) => text.replace(/ \d+$/, "")),
                     ["c 14", "c;a 7", "c;b 7", "c;b;a 5", "a 3"]);
}

async function the_side_has_what_the_tables_have(browser) {
    const {input, file} = pageOf(STACKS), page = await shown(browser, file, "#v=top");
    await page.key("d");
    await page.run(() => document.querySelector("#view-top table").focus());
    await page.key("Home");
    const text = await page.run(textOf, "side");
    const [flat, cum, name] = reported(input, []).sort((a, b) => b[0] - a[0])[0];
    assert.ok(text.startsWith(name));
    assert.ok(text.includes(`self${Number(flat).toLocaleString("en")} samples`), text);
    assert.ok(text.includes(`total${Number(cum).toLocaleString("en")} samples`), text);
}

// --- exports ---

// The folder for the browser's downloads, and the file that a command saves there.
async function exported(browser, page, id) {
    const downloads = join(folder, `downloads-${++made}`);
    mkdirSync(downloads);
    await browser.send("Browser.setDownloadBehavior", {behavior: "allow", downloadPath: downloads});
    await page.run((which) => page.commands.find((c) => c.id === which).run(), id);
    for (let i = 0; i < 500; i++) {
        const [name] = readdirSync(downloads).filter((file) => !file.endsWith(".crdownload"));
        if (name)
            return {name, path: join(downloads, name)};
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`${id} saved nothing`);
}

async function exports_have_what_the_tools_write(browser) {
    const {input, file} = pageOf(STACKS);
    for (const [link, rules] of [["", []], ["#x=hide%3A%5Ef3%24&x=only%3Af2", ["--hide=^f3$", "--focus=f2"]]]) {
        const page = await shown(browser, file, link);
        const wanted = run("pp-convert", ["-t", "folded", ...rules, input]).trim().split("\n").sort();
        const folded = await exported(browser, page, "export-folded");
        assert.match(folded.name, /\.folded$/);
        assert.deepEqual(readFileSync(folded.path, "utf8").trim().split("\n").sort(), wanted);
        const pprof = await exported(browser, page, "export-pprof");
        assert.deepEqual(run("pp-convert", ["-t", "folded", pprof.path]).trim().split("\n").sort(), wanted);
        assert.match(run("pp-info", [pprof.path]), /samples/);
        await page.close();
    }
    const {input: perf, file: perfFile} = pageOf(PERF), page = await shown(browser, perfFile, "#l=tid%3D12");
    const pprof = await exported(browser, page, "export-pprof");
    for (const type of ["samples", "cycles"])
        assert.deepEqual(sorted(csv(run("pp-report", ["top", "--csv", "--sample-type", type, "-n", "0", pprof.path]))
            .map((row) => row.slice(0, 3)).filter((row) => row[2] !== "web")),
            sorted(csv(run("pp-report", ["top", "--csv", "--sample-type", type, "-n", "0", "--tag-focus=tid=12", perf]))
                .map((row) => row.slice(0, 3)).filter((row) => row[2] !== "web")), type);
}

async function tables_and_pictures_are_saved(browser) {
    const {file} = pageOf(STACKS, ["--title", "../x/<b> \"y\".exe"]), page = await shown(browser, file, "#v=top");
    const table = await exported(browser, page, "export-csv");
    assert.match(table.name, /^[\p{L}\p{N}.-]+\.csv$/u, "names are of harmless letters");
    const rows = csv(readFileSync(table.path, "utf8"));
    assert.deepEqual(sorted(rows), sorted(await page.run(topOf)));
    await page.key("1");
    await page.quiet();
    const svg = await exported(browser, page, "export-svg");
    assert.equal(spawnSync("xmllint", ["--noout", svg.path]).status ?? 0, 0, "well-formed");
    assert.match(readFileSync(svg.path, "utf8"), /<title>main: [\d,]+ \(100\.00%\)/);
    const png = await exported(browser, page, "export-png");
    assert.equal(readFileSync(png.path).subarray(1, 4).toString(), "PNG");
    assert.deepEqual(page.errors, []);
}

// --- hostile names ---

async function names_that_attack_do_nothing_anywhere(browser) {
    const attacks = ["<img src=x onerror=window.hit=1>", "</template></script><script>window.hit=1</script>",
                     "\"' onload=window.hit=1 x='", "javascript:window.hit=1", "__proto__", "constructor",
                     "${window.hit=1}", "=cmd|' /C calc'!A0", "../../x"];
    const text = attacks.map((name, i) => `web<${i}> 10/1${i} [000] 1.0000${i}: ${i + 1} cycles: \n` +
        `\t401000 ${name.replaceAll(" ", "\u00a0")}+0x1 (/lib/${attacks[(i + 1) % 9].replaceAll(/[ /()]/g, "_")})\n` +
        `\t400000 main+0x1 (/bin/web)\n\n`).join("");
    const {file} = pageOf(text), folded = page_of(attacks.map((name) => `main;${name} 3`).join("\n"));
    for (const [which, link] of [file, folded].flatMap((f) => ["#v=tree&p=true", "#v=graph", "#v=labels",
        "#v=top&p=true", `#v=sandwich&f=${encodeURIComponent(attacks[0])}`, "#x=split%3A%3Cimg%3E&x=bad%3A%28",
        "#x=only%3A%28", "#r=9-1&th=%3Cb%3E&n=-5&w=x", `#l=comm%3D${encodeURIComponent("<img>")}`].map((l) => [f, l]))) {
        const page = await shown(browser, which, link);
        await page.key("k", 2);
        await page.quiet();
        await page.key("Escape");
        await page.key("F10", 8);
        await page.key("Escape");
        const box = await page.run(() => document.getElementById("views").getBoundingClientRect().toJSON());
        await page.mouse("mouseMoved", box.x + 200, box.y + box.height - 30);
        assert.equal(await page.run(() => window.hit), undefined, link);
        assert.equal(await page.run(() => document.querySelectorAll("#app img, iframe, body > a, #tip img, #menu img").length), 0);
        assert.deepEqual(page.errors, [], link);
        await page.close();
    }
}

await runTests([
    transforms_do_what_the_rules_do, transforms_act_one_after_the_other,
    commands_transform_and_undo_gives_the_same_link, a_module_collapses_into_one_frame,
    functions_of_one_name_in_two_modules_are_apart,
    only_what_matches_the_search_is_kept, labels_filter_and_split_as_rules_do,
    a_range_of_time_is_that_of_the_rule, a_click_on_a_label_chooses_it, every_column_has_its_numbers,
    the_graph_has_the_nodes_and_edges_of_the_report, calls_are_those_of_peek,
    the_tree_has_all_calls_and_opens_by_keys, the_tree_from_the_leaves_has_all_callers,
    the_side_has_what_the_tables_have, exports_have_what_the_tools_write, tables_and_pictures_are_saved,
    names_that_attack_do_nothing_anywhere,
]);
