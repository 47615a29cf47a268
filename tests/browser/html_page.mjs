// html_page.mjs - shared by the tests of the page of --to html: profiles, and functions that look,
// click and type. Functions that run in the page say so.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {join, resolve} from "node:path";

import {draw, folder} from "./testing.mjs";

export const SHOP = ["main;read;parse 20", "main;read;parse;parse_line 10", "main;work;sort 30",
              "main;work;sort;compare 20", "other;parse 20", ""].join("\n");
const PERF = [[11, "parse", 30], [12, "send", 10], [11, "parse", 60]].map(([tid, name, cycles], i) =>
    `web 10/${tid} [000] 1.00000${i}: ${cycles} cycles: \n` +
    `\t401000 ${name}+0x10 (/bin/web)\n\t400000 main+0x10 (/bin/web)\n\n`).join("");
export const ROW = 18; // pixels

export const page_of = (stacks, options = []) => draw(stacks, options, "html");

export function pageOfPerf() {
    const file = join(folder, "perf.html");
    const done = spawnSync(join(process.argv[2], "pp-flamegraph"), ["-o", file], {input: PERF});
    assert.equal(done.status, 0);
    return file;
}

// The output of a tool, run in `folder` unless another is given.
export function run(tool, args, cwd = folder) {
    const path = resolve(process.argv[2], tool);
    const done = spawnSync(path, args, {encoding: "utf8", cwd, maxBuffer: 1 << 28});
    assert.equal(done.status, 0, `${tool} ${args.join(" ")}: ${done.stderr}`);
    return done.stdout;
}

// Folded stacks with about 303,000 nodes (a few come out equal): each is an earlier one with a few
// frames more.
export function largeProfile() {
    const paths = ["main"], lines = [];
    let seed = 1, nodes = 1;
    const random = (n) => {
        seed = (seed * 1103515245 + 12345) % 2 ** 31;
        return Math.floor(seed / 2 ** 31 * n);
    };
    while (nodes < 303000) {
        let path = paths[random(paths.length)];
        for (let i = 1 + random(5); i > 0; i--) {
            path += `;library::module_${random(20000)}::call`;
            nodes++;
        }
        if (path.length < 2500)
            paths.push(path);
        lines.push(`${path} ${1 + random(1000)}`);
    }
    return lines.join("\n") + "\n";
}

// --- functions that run in the page ---

export const textOf = (id) => document.getElementById(id).textContent;
export const isHidden = (id) => document.getElementById(id).offsetParent === null;
export const linkOf = () => location.hash;

// The boxes as a screen reader reads them, "NAME: 10 (5.00%), ...", by level.
const boxesOf = (id) => Array.from(document.querySelectorAll(`#${id} [role=treeitem]`), (item) => ({
    text: item.textContent, level: Number(item.getAttribute("aria-level")),
    selected: item.getAttribute("aria-selected") === "true",
}));

export async function boxes(page, id = "flame") {
    await page.quiet(); // they follow what is drawn after a while
    return page.run(boxesOf, id);
}

export async function names(page, id) {
    return (await boxes(page, id)).map((b) => b.text.replace(/:? \d.*/, ""));
}

// Clicks at a fraction of the width, in a row that is counted from the root.
export async function clickBox(page, id, share, depth, down = false) {
    const at = await page.run((host, part, row, top) => {
        const box = document.getElementById(host).getBoundingClientRect();
        return {x: box.left + box.width * part, y: top ? box.top + row : box.bottom - row};
    }, id, share, (depth + 0.5) * ROW, down);
    await page.click(at);
}

export const clickOn = (page, id) => page.run((name) => document.getElementById(name).click(), id);

export const choose = (page, selector, value) => page.run((which, to) => {
    const select = document.querySelector(which);
    select.value = to;
    select.dispatchEvent(new Event("change", {bubbles: true}));
}, selector, value);

export async function search(page, text) {
    await page.key("/");
    await page.send("Input.insertText", {text});
}

// The rows of the visible table, without the shares.
export const tableOf = () =>
    Array.from(document.querySelectorAll("section:not([hidden]) .rows tr[aria-rowindex]"), (row) =>
        Array.from(row.children, (cell) => cell.textContent).filter((text) => !/^[\d.]+%$/.test(text)));
