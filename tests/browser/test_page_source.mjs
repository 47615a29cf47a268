// Source in the page of HTML, and pp-report html: lines are compared with pp-report list, functions
// with pp-report top.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";

import {choose, run} from "./html_page.mjs";
import {folder, runTests} from "./testing.mjs";

const ATTACK = "</script><script>window.hit=1</script><img src=x onerror=window.hit=1>";

const FRAMES = [["main", "lib/work.c", 10], ["main", "lib/work.c", 12], ["work", "lib/work.c", 40],
                ["work", "lib/work.c", 44], ["work", "lib/work.c", 48], ["unknown"],
                ["leaf", "lib/gone.c", 3], ["main", "lib/other.c", 2]];
const STACKS = [[0, 2], [0, 3], [1, 3, 6], [1, 4], [1, 4, 4], [0, 5], [1, 2], [0, 3, 2], [0], [7]];
const WEIGHTS = [10, 20, 30, 5, 6, 7, 8, 9, 4, 2];

function project() {
    const lines = Array.from({length: 119}, (none, i) => `\tint line_${i + 1}; // ${ATTACK}`);
    mkdirSync(join(folder, "lib"), {recursive: true});
    writeFileSync(join(folder, "lib/work.c"), lines.join("\n") + "\n");
    writeFileSync(join(folder, "lib/other.c"), "int a;\nint b;\n");
    const input = join(folder, "work.speedscope.json");
    writeFileSync(input, JSON.stringify({
        $schema: "https://www.speedscope.app/file-format-schema.json",
        shared: {frames: FRAMES.map(([name, file, line]) => ({name, file, line}))},
        profiles: [{type: "sampled", name: "t", unit: "none", startValue: 0, endValue: 99,
                    samples: STACKS, weights: WEIGHTS}],
    }));
    return input;
}

// [line, self, total] of all lines with a value, by function and file.
function listOf(text) {
    const found = new Map();
    let lines = null;
    for (const row of text.split("\n")) {
        const head = /^ROUTINE =+ (\S+) in (\S+)$/.exec(row);
        const line = /^ +(\S+) +(\S+) +(\d+):(.*)$/.exec(row);
        if (head)
            found.set(head[1] + " " + head[2], lines = []);
        else if (line && (line[1] !== "." || line[2] !== "."))
            lines.push([Number(line[3]), ...[line[1], line[2]].map((v) => v === "." ? 0 : Number(v)), line[4]]);
    }
    return found;
}

const linesOfAll = () => {
    const {model, places, source} = page;
    const sums = placeSums(page.profile, places, page.times, model.measure().column, page.state(),
                           model.stackPasses());
    return functionsInFiles(places, sums).filter((f) => f.file).map((f) => [f.name + " " + f.file,
        linesOf(places, sums, source, f).filter((r) => r.self || r.total)
            .map((r) => [r.line, r.self, r.total, r.text])]);
};

function checkLines(seen, wanted) {
    assert.ok(wanted.size >= 3);
    for (const [name, lines] of seen)
        if (!name.includes("gone.c"))
            assert.deepEqual(lines, wanted.get(name), name);
    assert.ok(Array.from(wanted.keys()).every((name) => seen.some(([other]) => other === name)));
}

async function lines_are_those_of_the_report(browser) {
    const input = project(), file = join(folder, "source.html");
    run("pp-flamegraph", ["-t", "html", "--with-source", "-o", file, input]);
    const page = await browser.open(file, {}, "#v=source");
    await page.quiet();
    checkLines(await page.run(linesOfAll), listOf(run("pp-report", ["list", ".", input])));
    await page.run(() => page.change({transforms: [{kind: "only", text: "^leaf$"}]}));
    await page.quiet();
    const focused = listOf(run("pp-report", ["list", ".", "--focus=^leaf$", input]));
    assert.equal(focused.get("main lib/work.c")[0][2], 30);
    for (const [name, lines] of await page.run(linesOfAll))
        if (!name.includes("gone.c"))
            assert.deepEqual(lines, focused.get(name), name);
}

const shownLines = () => Array.from(document.querySelectorAll("#view-source tr[aria-rowindex]"), (row) =>
    Array.from(row.children, (cell) => cell.textContent));

async function a_function_is_shown_with_some_lines_around(browser) {
    const file = join(folder, "source.html");
    run("pp-flamegraph", ["-t", "html", "--with-source", "-o", file, project()]);
    const page = await browser.open(file, {}, "#v=source&f=work");
    await page.quiet();
    const rows = await page.run(shownLines);
    assert.deepEqual(rows[0].slice(0, 3), ["", "", "35"]);
    assert.deepEqual(rows.find((row) => row[2] === "44"), ["20", "59", "44", `\tint line_44; // ${ATTACK}`]);
    assert.equal(rows[rows.length - 1][2], "53");
    await choose(page, "#view-source select", "leaf");
    await page.quiet();
    assert.deepEqual(await page.run(shownLines), [["30", "30", "3", ""]]);
    assert.match(await page.run(() => document.querySelector("#view-source p.hint").textContent),
                 /^lib\/gone\.c: total 30 samples.*does not have its source/);
    assert.equal(await page.run(() => window.hit), undefined);
    assert.equal(await page.run(() => document.querySelectorAll("#views img, #views script").length), 0);
}

async function source_is_found_in_another_folder(browser) {
    const input = project(), file = join(folder, "source.html");
    run("pp-flamegraph", ["-t", "html", `--with-source=/nowhere:${folder}`, "-o", file, input], "/");
    const page = await browser.open(file);
    assert.equal(await page.run(() => page.source.get("lib/other.c")[0].lines.join("|")), "int a;|int b;");
    run("pp-flamegraph", ["-t", "html", "-o", file, input], "/");
    const without = await browser.open(file);
    assert.equal(await without.run(() => Boolean(page.places || page.view("source"))), false);
}

async function pp_report_writes_the_page_with_its_own_numbers(browser) {
    const input = project(), file = join(folder, "report.html");
    run("pp-report", ["html", "--with-source", "-o", file, input]);
    const page = await browser.open(file, {}, "#v=top");
    await page.quiet();
    const rows = (await page.run(() => page.model.rows().map((row) =>
        [row.self, row.total, page.profile.frames.names[row.frame]].join()))).sort();
    const wanted = run("pp-report", ["top", "--csv", "--no-trim", input]).trim().split("\n").slice(1)
        .map((line) => line.replaceAll("\"", "").replace(/,$/, "")).sort();
    assert.deepEqual(rows, wanted);
}

// --- machine code ---

const PROGRAM = `int sum;
__attribute__((noinline)) void work(int n) { for (int i = 0; i < n; i++) sum += i * n; }
int main(void) { work(sum); return sum; }
`;

// A program, and samples in it as perf script prints them: [instruction of work, count].
function sampled() {
    const source = join(folder, "program.c"), program = join(folder, "program");
    writeFileSync(source, PROGRAM);
    const made = spawnSync("gcc", ["-O1", "-fPIE", "-pie", "-o", program, source], {encoding: "utf8"});
    if (made.status !== 0 || spawnSync("objdump", ["--version"]).status !== 0)
        return null;
    const text = spawnSync("objdump", ["-d", "--no-show-raw-insn", program], {encoding: "utf8"}).stdout;
    const lines = text.slice(text.indexOf("<work>:")).split("\n").slice(1);
    const instructions = lines.slice(0, lines.findIndex((line) => !line.trim())).map((line) => {
        const [address, instruction] = line.split(":\t");
        return [parseInt(address, 16), instruction.trim()];
    });
    const head = spawnSync("objdump", ["-p", program], {encoding: "utf8"}).stdout.split("\n");
    const at = head.findIndex((line, i) => /LOAD/.test(line) && / r-x/.test(head[i + 1]));
    const [, offset, address] = /off +(0x\w+) vaddr (0x\w+)/.exec(head[at]).map(Number);
    const start = 0x555555550000, hex = (n) => n.toString(16);
    const inMemory = (vaddr) => vaddr - address + start;
    const chosen = [[1, 5], [instructions.length - 2, 3]];
    const samples = chosen.flatMap(([i, count]) => Array.from({length: count}, () =>
        `a 1/1 [000] 1.5: 1000 cycles:\n\t${hex(inMemory(instructions[i][0]))} work+0x1 (${program})\n\n`));
    const map = `a 1/1 [000] 1.0: PERF_RECORD_MMAP2 1/1: [0x${hex(start)}(0x1000) @ 0x${hex(offset)} ` +
        `08:01 1 0]: r-xp ${program}\n`;
    const input = join(folder, "program.perf");
    writeFileSync(input, map + samples.join(""));
    return {input, instructions: instructions.map(([vaddr, instruction], i) =>
        [inMemory(vaddr), instruction, 1000 * ((chosen.find(([k]) => k === i) || [0, 0])[1])])};
}

async function instructions_have_what_was_sampled_at_them(browser) {
    const made = sampled(), file = join(folder, "code.html");
    if (!made) {
        console.log("    skipped: there is no gcc or no objdump");
        return;
    }
    for (const [tool, args] of [["pp-flamegraph", ["-t", "html"]], ["pp-report", ["html"]]]) {
        run(tool, [...args, "--with-asm", "-i", "cycles", "-o", file, made.input]);
        const page = await browser.open(file, {}, "#v=asm");
        await page.quiet();
        const rows = await page.run(() => Array.from(document.querySelectorAll(
            "#view-asm tr[aria-rowindex]"), (row) => Array.from(row.children, (cell) => cell.title ||
            cell.textContent)));
        assert.deepEqual(rows.map(([self, , address, text]) =>
            [parseInt(address, 16), text, Number(self.replace(/[^\d]/g, ""))]), made.instructions);
        await page.close();
    }
}

async function without_code_there_are_the_addresses(browser) {
    const made = sampled(), file = join(folder, "addresses.html");
    if (!made)
        return;
    run("pp-flamegraph", ["-t", "html", "--with-source", "-o", file, made.input]);
    const page = await browser.open(file, {}, "#v=asm");
    await page.quiet();
    const rows = await page.run(() => Array.from(document.querySelectorAll(
        "#view-asm tr[aria-rowindex]"), (row) => parseInt(row.children[2].textContent, 16)));
    assert.deepEqual(rows, made.instructions.filter(([, , self]) => self).map(([address]) => address));
}

await runTests([
    instructions_have_what_was_sampled_at_them, without_code_there_are_the_addresses,
    lines_are_those_of_the_report, a_function_is_shown_with_some_lines_around,
    source_is_found_in_another_folder, pp_report_writes_the_page_with_its_own_numbers,
]);
