// test_dh_view.mjs - valgrind's viewer of DHAT files opens what pp writes for it, and shows the same
// totals. It is skipped where valgrind's dh_view.html is not installed.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

import {folder, runTests} from "./testing.mjs";

const SKIPPED = 77;
const bin = process.argv[2];
const data = join(dirname(fileURLToPath(import.meta.url)), "../../testdata/formats");
const viewer = ["/usr/libexec/valgrind", "/usr/lib/valgrind", "/usr/local/libexec/valgrind"]
    .map((path) => join(path, "dh_view.html")).find(existsSync);

if (!viewer) {
    console.log("skipped: valgrind's dh_view.html is not installed");
    process.exit(SKIPPED);
}

function convert(...args) {
    const done = spawnSync(join(bin, "pp-convert"), ["-q", "--all-frames", ...args], {encoding: "utf8"});
    if (done.status !== 0)
        throw new Error(`pp-convert ${args.join(" ")}: ${done.stderr}${done.stdout}`);
    return done.stdout;
}

// What pp adds up in a column.
const sum = (input, column) => convert("-t", "folded", "-i", column, input).trim().split("\n")
    .reduce((all, line) => all + Number(line.match(/ ([0-9]+)$/)[1]), 0);

async function openInViewer(browser, input) {
    const file = join(folder, "written.dhat.json");
    convert("-t", "dhat", "-o", file, input);
    const page = await browser.open(viewer);
    const expression = "document.querySelector('input[type=file]')";
    const {result} = await page.send("Runtime.evaluate", {expression});
    await page.send("DOM.setFileInputFiles", {files: [file], objectId: result.objectId});
    await page.until(() => document.querySelector(".section pre, .section .error"));
    return page;
}

// The numbers of the root of the viewer's tree: "Total: 1,010 bytes (100%, ...) in 2 blocks (...".
const textOfTree = () => document.querySelector(".section pre, .section .error").textContent;

function shown(text, title) {
    const found = text.match(new RegExp(`${title}: +([0-9,]+) [a-z]+ .* in ([0-9,]+) [a-z]+`));
    return found && found.slice(1).map((number) => Number(number.replaceAll(",", "")));
}

async function testDhViewShowsTheTotalsOfWhatIsWritten(browser) {
    for (const [input, bytes, blocks] of [
        ["dhat/recorded.in", "alloc_space", "alloc_objects"],
        ["dhat/rust.in", "alloc_space", "alloc_objects"],
        ["heaptrack/recorded.in", "alloc_space", "alloc_objects"],
        ["xtree/memory.in", "alloc_space", "alloc_objects"]]) {
        const page = await openInViewer(browser, join(data, input)), text = await page.run(textOfTree);
        assert.deepEqual(shown(text, "Total"), [sum(join(data, input), bytes), sum(join(data, input), blocks)],
                         `${input}: ${text}`);
        await page.close();
    }
}

async function testDhViewShowsThePeakAndTheEnd(browser) {
    const input = join(data, "dhat/recorded.in");
    const page = await openInViewer(browser, input), text = await page.run(textOfTree);
    assert.deepEqual(shown(text, "At t-gmax"), [sum(input, "peak_space"), sum(input, "peak_objects")]);
    assert.deepEqual(shown(text, "At t-end"), [sum(input, "inuse_space"), sum(input, "inuse_objects")]);
    assert.match(text, /main \(record\.c:51\)/);
}

runTests([testDhViewShowsTheTotalsOfWhatIsWritten, testDhViewShowsThePeakAndTheEnd]);
