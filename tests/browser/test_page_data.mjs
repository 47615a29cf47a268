// How the page of --to html decodes its data: times, places, the text of pp-info; and its message for
// data of another version. The times are compared with the text that they were read from.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";

import {folder, runTests} from "./testing.mjs";

const bin = process.argv[2];
let made = 0;

export function run(tool, args, input = "") {
    const done = spawnSync(join(bin, tool), args, {input, encoding: "utf8", maxBuffer: 1 << 28});
    assert.equal(done.status, 0, `${tool} ${args.join(" ")}: ${done.stderr}`);
    return done.stdout;
}

function pageOf(text, options = []) {
    const file = join(folder, `data-${++made}.html`);
    run("pp-flamegraph", ["-t", "html", "-o", file, ...options], text);
    return file;
}

// [thread, microseconds, cycles, function]
function perfOf(samples) {
    return samples.map(([tid, us, cycles, name]) =>
        `web 10/${tid} [000] ${(5 + us / 1e6).toFixed(6)}: ${cycles} cycles: \n` +
        `\t401000 ${name}+0x10 (/opt/web)\n\t400000 main+0x10 (/opt/web)\n\n`).join("");
}

const SAMPLES = [[11, 0, 30, "parse"], [12, 1500, 10, "send"], [11, 2500, 60, "parse"],
                 [12, 9000000, 5, "wait"], [11, 2500, 7, "send"]];

// Each record as the page decodes it: [thread, microseconds, value, leaf].
const recordsOf = async () => {
    const times = await page.profile.times();
    return times.threads.flatMap(({name, from, to}) =>
        Array.from({length: to - from}, (none, k) => {
            const i = from + k, node = page.profile.samples.node[times.stack[i]];
            return [name, times.time[i] * times.unit / 1000, valueOfRecord(times.values[1], i),
                    page.profile.frames.names[page.profile.nodes.frame[node]]];
        }));
};

async function samples_keep_their_times_and_threads(browser) {
    const page = await browser.open(pageOf(perfOf(SAMPLES)));
    assert.deepEqual(await page.run(recordsOf), [
        ["web (11)", 0, 30, "parse"], ["web (11)", 2500, 60, "parse"],
        ["web (11)", 2500, 7, "send"], ["web (12)", 1500, 10, "send"],
        ["web (12)", 9000000, 5, "wait"],
    ]);
    assert.deepEqual(await page.run(async () => {
        const {isClock, isExact, unit, start} = await page.profile.times();
        return {isClock, isExact, unit, start};
    }), {isClock: true, isExact: true, unit: 500000, start: 5e9});
    assert.equal(await page.run(() => page.profile.samples.count), 4, "the two of parse are one");
}

async function times_can_be_left_out(browser) {
    const page = await browser.open(pageOf(perfOf(SAMPLES), ["--no-times"]));
    assert.equal(await page.run(() => page.profile.hasTimes), false);
    assert.equal(await page.run(() => page.profile.times()), null);
}

async function frames_have_the_module_they_are_of(browser) {
    const page = await browser.open(pageOf(perfOf(SAMPLES)));
    assert.deepEqual(await page.run(() => page.profile.frames.names.map((name, f) =>
        `${name} ${page.profile.frames.modules[f]}`).sort()),
        ["all ", "main /opt/web", "parse /opt/web", "send /opt/web", "wait /opt/web", "web "]);
}

async function nodes_are_in_the_order_of_a_walk_by_name(browser) {
    const stacks = "z 1\nmain;b;c 2\nmain;a 3\nmain;b;a;x 4\nmain 5\n";
    const page = await browser.open(pageOf(stacks));
    assert.deepEqual(await page.run(() => Array.from(page.profile.nodes.frame, (f, i) =>
        `${page.profile.frames.names[f]} ${page.profile.nodes.parent[i]} ${page.profile.nodes.end[i]}`)),
        ["all 0 8", "main 0 7", "a 1 3", "b 1 7", "a 3 6", "x 4 6", "c 3 7", "z 0 8"]);
}

async function the_page_has_what_pp_info_says(browser) {
    const input = join(folder, "web.perf"), file = join(folder, "about.html");
    writeFileSync(input, perfOf(SAMPLES));
    run("pp-flamegraph", ["-t", "html", "-o", file, input]);
    const page = await browser.open(file);
    assert.equal(await page.run(() => page.profile.meta()), run("pp-info", [input]));
}

async function data_of_another_version_is_reported(browser) {
    const text = readFileSync(pageOf("a 1\n"), "utf8");
    for (const [base64, said] of [["AQIA", /made by an older pp/], ["AwIA", /made by a newer pp/]]) {
        const file = join(folder, `version-${base64}.html`);
        writeFileSync(file, text.replace(/(<template id="data">)[^<]*/, `$1${base64}`));
        const page = await browser.open(file, {}, "", false);
        await page.until(() => document.getElementById("summary").textContent);
        assert.match(await page.run(() => document.getElementById("summary").textContent), said);
        assert.match(page.errors.join(), said);
        page.errors = [];
    }
}

await runTests([
    samples_keep_their_times_and_threads, times_can_be_left_out, frames_have_the_module_they_are_of,
    nodes_are_in_the_order_of_a_walk_by_name, the_page_has_what_pp_info_says,
    data_of_another_version_is_reported,
]);
