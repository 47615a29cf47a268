// docs/page.md: the ten questions of its tour are asked again, of profiles that tour/shop.mjs makes.
// What the page answers must be what the text says, and look as the picture there.
//
// PP_PICTURES=write writes the pictures anew: ./dev accept pictures.
import assert from "node:assert/strict";
import {mkdirSync, readFileSync, statSync, writeFileSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import {fileURLToPath} from "node:url";

import {run} from "./html_page.mjs";
import {folder, runTests} from "./testing.mjs";
import {distanceOf, readPng, writePng} from "./tour/png.mjs";
import {writeShop} from "./tour/shop.mjs";

const docs = resolve(dirname(fileURLToPath(import.meta.url)), "../../docs");
const WRITE = process.env.PP_PICTURES === "write";
const LOOK = {width: 1000, height: 600};
const MOST_BYTES = 60000;
const NEAR = 4; // of 255, between a picture and what is drawn now

const SHOP = "pp-flamegraph --to=html --with-source -o shop.html shop.perf";
const DIFF = "pp-diff --to=html -o diff.html shop.perf mended.perf";
const LEAKS = "pp-diff --leaks --to=html -o leaks.html heap.1.folded heap.2.folded heap.3.folded " +
    "heap.4.folded heap.5.folded heap.6.folded heap.7.folded heap.8.folded";

/*
 * The stops: the question, which is the heading; the command that writes the page, the link into it,
 * what is done there; and what is then to be seen: in which elements, and that it is in the text of
 * docs/page.md as well.
 */
const STOPS = [
    {name: "flame", title: "Where does the time go?", command: SHOP, link: "",
     does: async (page) => {
         await page.key("/");
         await page.send("Input.insertText", {text: "find_item"});
         await page.key("Enter");
     },
     says: [["#summary", "36.03 s"], ["#matched", "60.39%"]]},
    {name: "top", title: "Which function is it?", command: SHOP, link: "#v=top&p=true",
     does: (page) => page.run(() => page.view("top").table().select(0)),
     says: [["#view-top tr[aria-rowindex='2']", "strcoll"], ["#view-top tr[aria-rowindex='2']", "11.13 s"],
            ["#view-top tr[aria-rowindex='2']", "30.89%"], ["#side", "libc.so.6"], ["#side", "serve (711)"]]},
    {name: "sandwich", title: "Who calls it, and what does it call?", command: SHOP,
     link: "#v=sandwich&f=compare_names",
     says: [["#function", "18.64 s"], ["#view-sandwich .rows", "find_item"], ["#view-sandwich .rows", "59.73%"],
            ["#view-sandwich .rows", "33.06%"]]},
    {name: "heat", title: "What happened in that second?", command: SHOP, link: "#v=heat&r=6-7",
     says: [["#chips", "6 s \u2013 7 s"], ["#summary", "1.01 s"]]},
    {name: "timeline", title: "Which thread waits?", command: SHOP, link: "#v=timeline",
     does: async (page) => {
         const box = await page.run(() => document.querySelector(".lanes canvas").getBoundingClientRect().toJSON());
         await page.mouse("mouseMoved", box.left + box.width * 6.5 / 12, box.top + 2.5 * 24);
     },
     says: [[".lane-names", "collector (715)"], ["#tip", "serve (712)"], ["#tip", "nothing was sampled"]]},
    {name: "tree", title: "When did it run?", command: SHOP, link: "#v=tree",
     does: async (page) => {
         await page.run(() => document.querySelector("#view-tree table").focus());
         for (const name of ["serve", "collector", "log"]) {
             await page.run((wanted) => {
                 const table = page.view("tree").table();
                 for (let i = 0; i < table.count; i++)
                     if (page.model.nameOf(table.at(i).frame) === wanted)
                         table.select(i);
             }, name);
             await page.key(name === "serve" ? "ArrowLeft" : "*");
         }
     },
     says: [["#view-tree", "collect"], ["#view-tree", "flush_log"], ["#view-tree thead", "When"]]},
    {name: "labels", title: "Whose time is it?", command: SHOP, link: "#v=labels",
     says: [["#view-labels", "serve"], ["#view-labels", "94.84%"], ["#view-labels", "14.58%"]]},
    {name: "source", title: "Which line?", command: SHOP, link: "#v=source&f=find_item",
     says: [["#view-source", "18.64 s"], ["#view-source", "3.121 s"],
            ["#view-source", "if (compare_names(items[i].name, name) == 0)"]]},
    {name: "diff", title: "What changed?", command: DIFF, link: "#v=diff",
     says: [["#legend", "before 36.03 s"], ["#legend", "after 16.02 s"], ["#legend", "\u221255.54%"],
            ["#view-diff", "strcoll"], ["#view-diff", "noise"]]},
    {name: "leaks", title: "What grows?", command: LEAKS, link: "#v=leaks",
     says: [["#view-leaks", "keep < open_session"], ["#view-leaks", "grows"], ["#view-leaks", "levels off"],
            ["#view-leaks", "swings"]]},
];

// --- the text ---

const sections = () => readFileSync(join(docs, "page.md"), "utf8").split(/^## /m).slice(1);
const sectionOf = ({title}) => sections().find((text) => text.startsWith(title + "\n"));

async function the_tour_asks_ten_questions() {
    const asked = sections().map((text) => text.split("\n")[0]).filter((title) => title.endsWith("?"));
    assert.deepEqual(asked, STOPS.map(({title}) => title));
    assert.equal(asked.length, 10);
}

async function each_stop_shows_its_picture_and_link() {
    for (const stop of STOPS) {
        const text = sectionOf(stop);
        assert.match(text, new RegExp(`!\\[[^\\]]+\\]\\(page/${stop.name}\\.png\\)`), stop.title);
        assert.ok(!stop.link || text.includes("`" + stop.link + "`"), `${stop.title} has no link ${stop.link}`);
        for (const [, word] of stop.says)
            assert.ok(text.includes(word), `${stop.title} does not say ${word}`);
    }
    const all = readFileSync(join(docs, "page.md"), "utf8").replace(/\\\n +/g, "");
    for (const command of [SHOP, DIFF])
        assert.ok(all.includes(command), command);
    assert.ok(all.includes("pp-diff --leaks --to=html -o leaks.html heap.*.folded"));
}

// --- the page ---

let files = null;

function pageOf({command}) {
    const output = /-o (\S+)/.exec(command)[1];
    if (!files) {
        files = new Map();
        mkdirSync(join(folder, "shop"));
        writeShop(join(folder, "shop"));
    }
    if (!files.has(output)) {
        const [tool, ...args] = command.split(" ");
        run(tool, args, join(folder, "shop"));
        files.set(output, join(folder, "shop", output));
    }
    return files.get(output);
}

async function pictureOf(browser, stop) {
    const page = await browser.open(pageOf(stop), LOOK, stop.link), file = join(folder, `${stop.name}.png`);
    await page.quiet();
    if (stop.does)
        await stop.does(page);
    await page.quiet();
    for (const [selector, text] of stop.says) {
        const seen = await page.run((s) => Array.from(document.querySelectorAll(s), (e) => e.textContent).join("\n"),
                                    selector);
        assert.ok(seen.includes(text), `${stop.title} ${selector} says ${seen}, not ${text}`);
    }
    await page.screenshot(file);
    await page.close();
    return readPng(readFileSync(file));
}

const kept = ({name}) => join(docs, "page", name + ".png");

async function answers_and_pictures_are_those_of_the_text(browser) {
    const drawn = [];
    for (const stop of STOPS) {
        const picture = await pictureOf(browser, stop);
        if (WRITE)
            writeFileSync(kept(stop), writePng(picture));
        const far = distanceOf(picture, readPng(readFileSync(kept(stop))));
        console.log(`    ${stop.name}: ${far.toFixed(2)} of 255, ${statSync(kept(stop)).size} bytes`);
        assert.ok(far < NEAR, `${stop.name}.png is ${far} of 255 from what is drawn: see ./dev accept pictures`);
        assert.ok(statSync(kept(stop)).size < MOST_BYTES);
        drawn.push(picture);
    }
    // The distance tells pictures apart: no two stops are as near as that.
    drawn.forEach((one, i) => drawn.slice(i + 1).forEach((other, k) =>
        assert.ok(distanceOf(one, other) > NEAR, `${STOPS[i].name} is as ${STOPS[i + k + 1].name}`)));
}

await runTests([
    the_tour_asks_ten_questions, each_stop_shows_its_picture_and_link, answers_and_pictures_are_those_of_the_text,
]);
