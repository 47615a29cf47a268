// The page of --to html in Firefox: it says what pp-report and pp-convert say there as well.
import assert from "node:assert/strict";
import {rmSync} from "node:fs";
import {join} from "node:path";
import {pathToFileURL} from "node:url";

import {Firefox, findFirefox} from "./firefox.mjs";
import {run} from "./html_page.mjs";
import {folder} from "./testing.mjs";
import {writeShop} from "./tour/shop.mjs";

const SKIPPED = 77;

const topOf = () => page.model.rows().map((r) => [page.profile.frames.names[r.frame], r.self, r.total])
    .sort((a, b) => a[0] < b[0] ? -1 : 1);

function reported(files, args) {
    const rows = run("pp-report", ["top", "--csv", "--no-trim", ...args, files["shop.perf"]]).trim().split("\n")
        .map((line) => line.replaceAll("\"", "").split(","));
    const [head, ...list] = rows, of = (row, name) => row[head.indexOf(name)];
    return list.map((row) => [of(row, "name"), Number(of(row, "flat")), Number(of(row, "cum"))])
        .sort((a, b) => a[0] < b[0] ? -1 : 1);
}

async function numbers_are_those_of_the_tools(firefox) {
    const files = writeShop(join(folder, "shop")), page = join(folder, "shop.html");
    const commands = new Set(["serve", "collector", "accept", "log"]); // frames that pp-report has not
    run("pp-flamegraph", ["-t", "html", "-o", page, files["shop.perf"]]);
    await firefox.open(pathToFileURL(page).href);
    const rows = async () => (await firefox.run(topOf)).filter(([name]) => !commands.has(name));
    assert.deepEqual(await rows(), reported(files, []));
    for (const [change, args] of [
        [{range: [6e9, 7e9]}, ["--time=6:7"]],
        [{range: null, transforms: [{kind: "hide", text: "^compare_names$"}]}, ["--hide=^compare_names$"]],
        [{transforms: [], filters: [{key: "tid", value: "712", not: false}]}, ["--tag-focus=tid=712:712"]],
    ]) {
        await firefox.run((values) => page.change(values), change);
        await firefox.quiet();
        assert.deepEqual(await rows(), reported(files, args), args.join());
    }
}

async function every_view_opens_without_an_error(firefox) {
    await firefox.run(() => {
        window.problems = [];
        window.addEventListener("error", (event) => problems.push(event.message));
        window.addEventListener("unhandledrejection", (event) => problems.push(String(event.reason)));
        page.change({filters: []});
    });
    for (const view of await firefox.run(() => page.views.map(({id}) => id))) {
        await firefox.run((id) => page.openView(id), view);
        await firefox.quiet();
        assert.equal(await firefox.run(() => page.state().view), view);
        assert.ok(await firefox.run((id) => document.getElementById("view-" + id).offsetHeight > 50, view), view);
    }
    assert.deepEqual(await firefox.run(() => problems), []);
    assert.ok(await firefox.run(() => getComputedStyle(document.body).color !== getComputedStyle(document.body)
        .backgroundColor), "colours are known");
}

const command = findFirefox();
if (!command) {
    console.log("skipped: there is no Firefox");
    process.exit(SKIPPED);
}
const late = new Promise((resolve) => setTimeout(resolve, 90000, null));
const firefox = await Promise.race([Firefox.start(command).catch((error) => error), late]);
if (!(firefox instanceof Firefox)) {
    console.log(`skipped: Firefox does not run without a screen here: ${firefox ? firefox.message : "no answer"}`);
    process.exit(SKIPPED);
}
let failed = 0;
for (const test of [numbers_are_those_of_the_tools, every_view_opens_without_an_error]) {
    const error = await test(firefox).then(() => null, (e) => e);
    console.log(`${error ? "FAILED" : "ok"} ${test.name}`);
    if (error)
        console.log(error.stack || error);
    failed += error ? 1 : 0;
}
await firefox.close();
rmSync(folder, {recursive: true, force: true});
process.exit(failed ? 1 : 0);
