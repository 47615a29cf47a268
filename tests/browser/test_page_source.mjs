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
    const made = spawnSync("gcc", ["-g", "-O1", "-fPIE", "-pie", "-o", program, source], {encoding: "utf8"});
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
    const lineAt = (i) => `\t${hex(inMemory(instructions[i][0]))} work+0x1 (${program})\n`;
    const samples = chosen.flatMap(([i, count]) => Array.from({length: count}, () =>
        `a 1/1 [000] 1.5: 1000 cycles:\n${lineAt(i)}\n`));
    // As if its third instruction called: what is known is where that returns to.
    samples.push(`a 1/1 [000] 1.5: 1000 cycles:\n\t7f00000 leaf+0x1 (/lib/gone.so)\n${lineAt(3)}\n`);
    const map = `a 1/1 [000] 1.0: PERF_RECORD_MMAP2 1/1: [0x${hex(start)}(0x1000) @ 0x${hex(offset)} ` +
        `08:01 1 0]: r-xp ${program}\n`;
    const input = join(folder, "program.perf");
    writeFileSync(input, map + samples.join(""));
    return {input, program, first: instructions[0][0], instructions: instructions.map(([vaddr, instruction], i) =>
        [inMemory(vaddr), instruction, 1000 * ((chosen.find(([k]) => k === i) || [0, 0])[1])])};
}

// [address, text, self] of all instructions.
const instructionsShown = () => {
    const table = page.shown().exported();
    return Array.from({length: table.count}, (none, i) => table.at(i)).filter((row) => row.address !== undefined)
        .map((row) => [row.address, row.text, row.self]);
};

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
        const rows = await page.run(instructionsShown);
        assert.deepEqual(rows.map((row) => row.slice(0, 3)), made.instructions);
        const sums = await page.run(() => Array.from(document.querySelectorAll("#view-asm tr[aria-rowindex]"),
            (row) => [row.children[0].textContent, row.children[2].textContent]).filter(([, total]) => total));
        assert.deepEqual(sums.map(([self, total]) => [self, total].join()).sort(),
                         [",1,000", "3,000,3,000", "5,000,5,000"], "a call has what it leads to");
        await page.close();
    }
}

// What objdump says of jumps and lines, read in another way than the page reads it.
async function jumps_and_lines_are_those_of_objdump(browser) {
    const made = sampled(), file = join(folder, "jumps.html");
    if (!made)
        return;
    run("pp-flamegraph", ["-t", "html", "--with-asm", "--with-source", "-i", "cycles", "-o", file, made.input]);
    const page = await browser.open(file, {}, "#v=asm");
    await page.quiet();
    const {jumps, lines} = await page.run(() => {
        const [routine] = page.code, {instructions} = routine;
        return {
            jumps: jumpsOf(routine, instructions).map(({from, to}) =>
                [instructions[from].address, instructions[to].address]),
            lines: instructions.map((i) => [i.address, i.file.replace(/.*\//, "") + ":" + i.line]),
        };
    });
    const shift = made.instructions[0][0] - made.first;
    assert.deepEqual(jumps, made.instructions.filter(([, text]) => /^j/.test(text)).map(([address, text]) =>
        [address, parseInt(/^j\w+ +([0-9a-f]+)/.exec(text)[1], 16) + shift]));
    assert.ok(jumps.length >= 2, "a loop");
    const places = spawnSync("addr2line", ["-s", "-e", made.program, ...lines.map(([address]) =>
        (address - shift).toString(16))], {encoding: "utf8"});
    if (places.status === 0)
        assert.deepEqual(lines.map(([, place]) => place),
                         places.stdout.trim().split("\n").map((line) => line.replace(/ \(.*/, "")));
    assert.ok(await page.run(() => document.querySelectorAll("#view-asm td.rails canvas").length) > 5);
    assert.match(await page.run(() => document.querySelector("#view-asm .from-source").textContent),
                 /^program\.c:2 {2}/);
    const [from, to] = jumps[0];
    await page.run((address) => {
        const table = page.shown().exported();
        for (let i = 0; i < table.count; i++)
            if (table.at(i).address === address)
                table.select(i);
    }, from);
    await page.run(() => document.querySelector("#view-asm table").focus());
    await page.key("Enter");
    assert.equal(await page.run(() => page.shown().exported().current().address), to, "Enter follows a jump");
}

async function the_menu_opens_source_and_code(browser) {
    const made = sampled(), code = join(folder, "menu.html"), source = join(folder, "menu-source.html");
    run("pp-flamegraph", ["-t", "html", "--with-source", "-o", source, project()]);
    if (made)
        run("pp-flamegraph", ["-t", "html", "--with-asm", "-i", "cycles", "-o", code, made.input]);
    for (const [file, title, view] of [[source, "Open its source", "source"],
                                       ...(made ? [[code, "Open its machine code", "asm"]] : [])]) {
        const page = await browser.open(file, {}, "#v=top");
        await page.quiet();
        await page.run(() => {
            const table = page.view("top").table();
            for (let i = 0; i < table.count; i++)
                if (page.model.nameOf(table.at(i).frame) === "work")
                    table.select(i);
        });
        await page.run(() => page.openMenu(null));
        await page.run((text) => Array.from(document.querySelectorAll("#menu button"))
            .find((b) => b.textContent.startsWith(text)).click(), title);
        await page.quiet();
        assert.deepEqual(await page.run(() => [page.state().view, page.state().picked]), [view, "work"]);
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
        "#view-asm tr[aria-rowindex]"), (row) => parseInt(row.children[3].textContent, 16)));
    const seen = made.instructions.filter(([, , self]) => self).map(([address]) => address);
    assert.ok(rows.length === 3 && seen.every((address) => rows.includes(address)), rows.join());
}

await runTests([
    instructions_have_what_was_sampled_at_them, without_code_there_are_the_addresses,
    jumps_and_lines_are_those_of_objdump, the_menu_opens_source_and_code,
    lines_are_those_of_the_report, a_function_is_shown_with_some_lines_around,
    source_is_found_in_another_folder, pp_report_writes_the_page_with_its_own_numbers,
]);
