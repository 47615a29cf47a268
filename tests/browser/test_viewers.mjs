// test_viewers.mjs - speedscope and the Firefox Profiler open what pp writes for them, and show the same
// totals. The viewers are not part of pp: PP_VIEWERS names a folder in which
//
//     npm install speedscope @firefox-devtools/profiler-cli
//
// was run. Without it the test is skipped, and without Chromium that of speedscope. Screenshots go to
// the folder PP_SCREENSHOTS, if set.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";

import {folder, runTests} from "./testing.mjs";

const SKIPPED = 77;
const bin = process.argv[2];
const data = join(dirname(fileURLToPath(import.meta.url)), "../../testdata/formats");
const modules = process.env.PP_VIEWERS && join(process.env.PP_VIEWERS, "node_modules");
const speedscope = modules && join(modules, "speedscope/dist/release/index.html");
const profilerCli = modules && join(modules, "@firefox-devtools/profiler-cli/dist/profiler-cli.js");

if (!modules || !existsSync(speedscope) || !existsSync(profilerCli)) {
    console.log("skipped: PP_VIEWERS names no folder with speedscope and @firefox-devtools/profiler-cli");
    process.exit(SKIPPED);
}

function run(command, args) {
    const done = spawnSync(command, args, {encoding: "utf8"});
    if (done.status !== 0)
        throw new Error(`${command} ${args.join(" ")}: ${done.stderr}${done.stdout}`);
    return done.stdout;
}

const convert = (...args) => run(join(bin, "pp-convert"), ["-q", ...args]);

// The total and the self value of each function in a column.
function functions(input, column, ...options) {
    const totals = new Map();
    const add = (name, at, value) => {
        const entry = totals.get(name) || {total: 0, self: 0};
        entry[at] += value;
        totals.set(name, entry);
    };
    const lines = convert("-t", "folded", "-i", column, "--no-comm", ...options, input).trimEnd();
    for (const line of lines.split("\n")) {
        const [, stack, value] = line.match(/^(.*) (-?[0-9.]+)$/);
        const names = stack.split(";").filter((name) => name);
        for (const name of new Set(names))
            add(name, "total", Number(value));
        if (names.length)
            add(names.at(-1), "self", Number(value));
    }
    return totals;
}

// --- speedscope ---------------------------------------------------------------

async function openInSpeedscope(browser, input, options) {
    const file = join(folder, "written.speedscope.json"), script = join(folder, "profile.js");
    convert("-t", "speedscope", ...options, "-o", file, input);
    const base64 = readFileSync(file).toString("base64");
    writeFileSync(script, `speedscope.loadFileFromBase64("written.speedscope.json", "${base64}")`);
    const page = await browser.open(speedscope, {}, `#localProfilePath=${script}`);
    await page.until(() => document.querySelector("canvas") && document.title !== "speedscope");
    return page;
}

// The profiles that speedscope has found: the name and the weight of each, without empty stacks.
async function profiles(page) {
    await page.key("t");
    return page.until(() => {
        const rows = [...document.querySelectorAll("tr")].map((row) =>
            [...row.cells].map((cell) => cell.textContent)).filter((cells) => /^[0-9]/.test(cells[0]));
        return rows.length > 0 && rows.map(([, name, weight]) => [name, weight]);
    });
}

const units = {ns: 1, "µs": 1e3, ms: 1e6, s: 1e9, B: 1, KB: 1024, MB: 1048576};

// The number in "600.25µs" or "5.00 KB", in nanoseconds or bytes.
function parse(cell) {
    const [, number, unit] = cell.match(/^([0-9.,]+)\s*(ns|µs|ms|s|B|KB|MB)?/);
    return Number(number.replaceAll(",", "")) * (units[unit] || 1);
}

// The profiles that it must find: one per column and thread, with the totals that pp counts.
function expected(input) {
    const document = JSON.parse(convert("-t", "speedscope", input));
    return document.profiles.map(({name, pp}) => {
        const only = pp.thread ? [`--tag-focus=thread=^${pp.thread}$`] : [];
        const lines = convert("-t", "folded", "-i", pp.column, "--no-comm", ...only, input);
        const sum = lines.trimEnd().split("\n").filter((line) => !line.startsWith(" "))
            .map((line) => Number(line.match(/ (-?[0-9.]+)$/)[1]))
            .reduce((a, b) => a + b, 0);
        return [name, sum];
    });
}

async function testSpeedscopeOpensWhatIsWrittenWithTheSameTotals(browser) {
    for (const input of ["cpuprofile/children.in", "firefox/gecko.in", "pprof/go-cpu.in",
                         "chrome-trace/profile.in"].map((f) => join(data, f))) {
        const page = await openInSpeedscope(browser, input, []);
        const found = await profiles(page), want = expected(input);
        if (process.env.PP_SCREENSHOTS)
            await page.screenshot(join(process.env.PP_SCREENSHOTS, `speedscope-${found[0][0]}.png`));
        assert.deepEqual(found.map(([name]) => name), want.map(([name]) => name), input);
        found.forEach(([name, weight], i) =>
            assert.ok(Math.abs(parse(weight) - want[i][1]) <= want[i][1] * 0.005,
                      `${input}: ${name} weighs ${weight}, not ${want[i][1]}`));
        await page.close();
    }
}

// --- the Firefox Profiler --------------------------------------------------------

// Asks a session of the command line of the Firefox Profiler; it may take a while to start.
function call(home, ...args) {
    const env = {...process.env, HOME: home, PROFILER_CLI_SESSION_DIR: home};
    return spawnSync(process.execPath, [profilerCli, ...args], {encoding: "utf8", env});
}

function ask(home, ...args) {
    for (let tries = 0;; tries++) {
        const done = call(home, ...args);
        if (done.status === 0)
            return done.stdout;
        if (tries === 20)
            throw new Error(`profiler-cli ${args.join(" ")}: ${done.stderr}${done.stdout}`);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
}

// What the Firefox Profiler says about the functions of an input that is written as `format`.
function functionsInProfiler(input, column, format) {
    const home = mkdtempSync(join(tmpdir(), "pp-profiler-cli-"));
    const file = join(home, "written.json"), session = `pp-${column}-${process.pid}`;
    convert("-t", format, "-i", column, "-o", file, input);
    try {
        call(home, "load", file, "--session", session);
        return JSON.parse(ask(home, "thread", "functions", "--session", session, "--json"));
    } finally {
        call(home, "stop", session);
        rmSync(home, {recursive: true, force: true});
    }
}

async function testTheFirefoxProfilerOpensWhatIsWrittenWithTheSameTotals() {
    for (const [input, column] of [["cpuprofile/children.in", "wall"], ["pprof/go-cpu.in", "cpu"],
                                   ["speedscope/evented.in", "time"]]) {
        const answer = functionsInProfiler(join(data, input), column, "firefox");
        const want = functions(join(data, input), column);
        assert.equal(answer.weightType, "tracing-ms");
        assert.ok(answer.functions.length > 0);
        for (const {name, selfSamples, totalSamples} of answer.functions) {
            assert.ok(Math.abs(totalSamples * 1e6 - want.get(name).total) < 1, name);
            assert.ok(Math.abs(selfSamples * 1e6 - want.get(name).self) < 1, name);
        }
    }
}

// Its root is the command, and a function stands there once for each line.
async function testTheFirefoxProfilerOpensDhatWithTheSameTotals() {
    for (const input of ["dhat/recorded.in", "heaptrack/recorded.in"]) {
        const answer = functionsInProfiler(join(data, input), "alloc_space", "dhat");
        const want = functions(join(data, input), "alloc_space", "--all-frames");
        const sums = new Map();
        for (const {name, selfSamples} of answer.functions)
            sums.set(name, (sums.get(name) || 0) + selfSamples);
        assert.equal(answer.weightType, "bytes");
        for (const [name, {self}] of want)
            assert.equal(sums.get(name), name.startsWith("[") ? undefined : self, `${input}: ${name}`);
        assert.equal(Math.max(...answer.functions.map(({totalSamples}) => totalSamples)),
                     [...want.values()].reduce((all, {self}) => all + self, 0));
    }
}

runTests([testSpeedscopeOpensWhatIsWrittenWithTheSameTotals,
          testTheFirefoxProfilerOpensWhatIsWrittenWithTheSameTotals,
          testTheFirefoxProfilerOpensDhatWithTheSameTotals]);
