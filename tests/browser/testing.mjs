// testing.mjs - shared by the browser tests: draws graphs, runs tests, reports results.
import {spawnSync} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {Browser, findChromium} from "./browser.mjs";

const SKIPPED = 77;
const bin = process.argv[2];
export const folder = mkdtempSync(join(tmpdir(), "pp-browser-files-"));
let drawn = 0;

// Draws folded stacks, or the bytes of a Buffer in any format. Returns the path of the file.
export function draw(stacks, options = [], suffix = "svg") {
    const file = join(folder, `${++drawn}.${suffix}`);
    const done = spawnSync(join(bin, "pp-flamegraph"), ["-f", "folded", ...options, "-o", file],
                           {input: stacks, encoding: "utf8"});
    if (done.status !== 0)
        throw new Error(`pp-flamegraph ${options.join(" ")}: ${done.stderr}`);
    return file;
}

// Calls each function with the browser; its name says what is true. A test also fails if the script of
// a page that it opened failed.
export async function runTests(tests) {
    const command = findChromium();
    if (!command) {
        console.log("skipped: there is no Chromium");
        process.exit(SKIPPED);
    }
    const browser = Browser.start(command);
    let failed = 0;
    for (const test of tests) {
        const error = await runOne(browser, test);
        console.log(`${error ? "FAILED" : "ok"} ${test.name}`);
        if (error)
            console.log(error.stack || error);
        failed += error ? 1 : 0;
    }
    await browser.close();
    rmSync(folder, {recursive: true, force: true});
    process.exit(failed ? 1 : 0);
}

async function runOne(browser, test) {
    try {
        await test(browser);
    } catch (error) {
        return error;
    }
    const errors = [...browser.pages.values()].flatMap((page) => page.errors);
    for (const page of [...browser.pages.values()])
        await page.close();
    return errors.length ? new Error(`script errors: ${errors.join("; ")}`) : null;
}
