// The flame graph SVG in a browser: what it shows, and how it answers clicks, keys and links.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {createServer} from "node:http";
import {join} from "node:path";

import {CONTROL, SHIFT} from "./browser.mjs";
import {draw, folder, runTests} from "./testing.mjs";

const SHOP = ["main;read;parse 20", "main;read;parse;parse_line 10", "main;work;sort 30",
              "main;work;sort;compare 20", "other;parse 20", ""].join("\n");

// --- functions that run in the page ---

const framesOf = () => Array.from(document.querySelector("#frames").children, (g) => {
    const rect = g.querySelector("rect"), text = g.querySelector("text");
    const box = rect.getBoundingClientRect();
    const label = text && text.textContent ? text.getBoundingClientRect() : null;
    return {
        title: g.querySelector("title").textContent.replace(/ \([^(]*$/, ""),
        x: box.left, y: box.top, width: box.width, height: box.height,
        shown: box.width > 0, text: text ? text.textContent : "",
        over: label ? Math.max(label.right - box.right, box.left - label.left) : -1,
        classes: Array.from(g.classList), fill: getComputedStyle(rect).fill,
    };
});
const textOf = (id) => document.querySelector("#" + id).textContent;
const isHidden = (id) => document.querySelector("#" + id).classList.contains("hide");

async function frame(page, title, nth = 0) {
    const found = (await page.run(framesOf)).filter((f) => f.title === title)[nth];
    assert.ok(found, `there is a frame ${title}`);
    return found;
}

async function clickFrame(page, title, modifiers = 0, button = "left") {
    const f = await frame(page, title);
    await page.click({x: f.x + f.width / 2, y: f.y + f.height / 2}, button, modifiers);
}

async function clickOn(page, id) {
    const at = await page.run((name) => {
        const box = document.querySelector("#" + name).getBoundingClientRect();
        return {x: box.left + box.width / 2, y: box.top + box.height / 2};
    }, id);
    await page.click(at);
}

async function search(page, text) {
    await page.key("f", CONTROL);
    await page.run(() => document.querySelector("#box input").select());
    if (text)
        await page.send("Input.insertText", {text});
    else
        await page.key("Backspace");
    await page.run(() => document.querySelector("#frames").focus());
}

const near = (a, b) => Math.abs(a - b) < 0.6;

// --- tests ---

async function frames_are_drawn_with_their_names(browser) {
    const page = await browser.open(draw(SHOP));
    const all = await page.run(framesOf);
    assert.equal(all.length, 10);
    assert.ok(all.every((f) => f.shown));
    assert.equal((await frame(page, "work")).text, "work");
    assert.ok(near((await frame(page, "main")).width, 0.8 * 1180));
}

async function zoom_widens_a_frame_and_keeps_what_it_stands_on(browser) {
    const page = await browser.open(draw(SHOP));
    await clickFrame(page, "work");
    const work = await frame(page, "work"), sort = await frame(page, "sort");
    assert.ok(near(work.width, 1180) && near(sort.width, 1180));
    assert.ok(near((await frame(page, "compare")).width, 1180 * 0.4));
    const main = await frame(page, "main");
    assert.ok(near(main.width, 1180) && main.classes.includes("parent"));
    assert.equal((await frame(page, "read")).shown, false);
    assert.equal(await page.run(isHidden, "unzoom"), false);
    await clickFrame(page, "main");
    assert.ok(near((await frame(page, "read")).width, 1180 * 3 / 8), "zoomed to what is under it");
    await clickOn(page, "unzoom");
    assert.ok(near((await frame(page, "main")).width, 0.8 * 1180));
    assert.equal(await page.run(isHidden, "unzoom"), true);
}

async function zoom_to_all_and_escape_reset(browser) {
    const page = await browser.open(draw(SHOP));
    await clickFrame(page, "sort");
    await clickFrame(page, "all");
    assert.ok(near((await frame(page, "main")).width, 0.8 * 1180));
    await clickFrame(page, "sort");
    await page.key("Escape");
    assert.ok(near((await frame(page, "main")).width, 0.8 * 1180));
}

async function search_shows_the_share_and_counts_nested_matches_once(browser) {
    const page = await browser.open(draw(SHOP));
    await search(page, "parse");
    assert.equal(await page.run(textOf, "matched"), "Matched: 50% (3 frames)");
    assert.ok((await frame(page, "parse_line")).classes.includes("found"));
    assert.equal((await frame(page, "parse")).fill, "rgb(230, 0, 230)");
    await clickFrame(page, "main");
    assert.equal(await page.run(textOf, "matched"), "Matched: 50%, of the zoomed: 37.5% (3 frames)");
    await clickFrame(page, "work");
    assert.equal(await page.run(textOf, "matched"), "Matched: 50%, of the zoomed: 0% (3 frames)");
    await page.key("Escape");
    assert.equal(await page.run(textOf, "matched"), "");
    assert.ok(!(await page.run(framesOf)).some((f) => f.classes.includes("found")));
}

async function search_under_the_zoomed_frame_is_all_of_it(browser) {
    const page = await browser.open(draw(SHOP));
    await clickFrame(page, "sort");
    await search(page, "^main$");
    assert.equal(await page.run(textOf, "matched"), "Matched: 80%, of the zoomed: 100% (1 frame)");
}

async function search_says_if_there_is_no_match_or_no_pattern(browser) {
    const page = await browser.open(draw(SHOP));
    await search(page, "nowhere");
    assert.equal(await page.run(textOf, "matched"), "No match: nowhere");
    await search(page, "(");
    assert.equal(await page.run(textOf, "matched"), "Not a pattern: (");
    await page.key("f", CONTROL);
    await page.key("Enter");
    assert.equal(await page.run(textOf, "matched"), "Not a pattern: (", "cancelled");
    await clickOn(page, "search");
    assert.equal(await page.run(textOf, "matched"), "");
    assert.equal(await page.run(textOf, "search"), "Search");
}

async function case_counts_unless_it_is_switched_off(browser) {
    const page = await browser.open(draw(SHOP));
    await search(page, "WORK");
    assert.equal(await page.run(textOf, "matched"), "No match: WORK");
    await page.key("i", CONTROL);
    assert.equal(await page.run(textOf, "matched"), "Matched: 50% (1 frame)");
    await clickOn(page, "case");
    assert.equal(await page.run(textOf, "matched"), "No match: WORK");
}

async function a_link_opens_the_same_view_at_another_width_and_font(browser) {
    const page = await browser.open(draw(SHOP));
    await clickFrame(page, "sort");
    await search(page, "comp.re;|é");
    const hash = await page.run(() => location.hash);
    const other = draw(SHOP, ["--width", "700", "--fontsize", "20", "--inverted"]);
    const again = await browser.open(other, {}, hash);
    assert.ok(near((await frame(again, "sort")).width, 680));
    assert.equal(await again.run(textOf, "matched"), await page.run(textOf, "matched"));
    assert.equal(await again.run(textOf, "search"), "Reset Search");
}

async function a_link_to_what_is_not_there_shows_all(browser) {
    const page = await browser.open(draw(SHOP), {}, "#z=0123&s=%E0%A4%A");
    assert.ok(near((await frame(page, "main")).width, 0.8 * 1180));
}

async function back_and_forward_go_through_the_views(browser) {
    const page = await browser.open(draw(SHOP));
    const width = async () => Math.round((await frame(page, "main")).width);
    await clickFrame(page, "main");
    await search(page, "sort");
    await page.run(() => history.back());
    await page.until(() => document.querySelector("#matched").textContent === "");
    assert.equal(await width(), 1180);
    await page.run(() => history.back());
    await page.until(() => location.hash === "");
    assert.equal(await width(), 944);
    await page.run(() => history.go(2));
    await page.until(() => document.querySelector("#matched").textContent === "Matched: 50%, " +
        "of the zoomed: 62.5% (1 frame)");
    assert.equal(await width(), 1180);
}

async function keys_walk_from_frame_to_frame(browser) {
    const page = await browser.open(draw(SHOP));
    const at = () => page.run(() => {
        const group = document.querySelector("#frames");
        const g = document.getElementById(group.getAttribute("aria-activedescendant"));
        return [g.getAttribute("role"), g.getAttribute("aria-level"),
                g.getAttribute("aria-label")].join(" ");
    });
    await page.run(() => document.querySelector("#frames").focus());
    assert.match(await at(), /^treeitem 1 all \(100 samples, 100%; self 0, 0%\)$/);
    for (const [key, name] of [["ArrowUp", "2 main"], ["ArrowRight", "2 other"],
                               ["ArrowRight", "2 other"], ["ArrowLeft", "2 main"],
                               ["ArrowUp", "3 read"], ["ArrowRight", "3 work"],
                               ["ArrowUp", "4 sort"], ["ArrowUp", "5 compare"],
                               ["ArrowUp", "5 compare"], ["ArrowDown", "4 sort"]]) {
        await page.key(key);
        assert.ok((await at()).startsWith(`treeitem ${name} (`), `${key} goes to ${name}`);
    }
    assert.match(await at(), /self 30, 30%\)$/);
    assert.equal(await page.run(textOf, "details"),
                 "Function: sort (50 samples, 50.00%; self 30, 30%)");
    await page.key("Enter");
    assert.ok(near((await frame(page, "sort")).width, 1180));
}

async function an_icicle_graph_is_walked_downwards(browser) {
    const page = await browser.open(draw(SHOP, ["--inverted"]));
    await page.run(() => document.querySelector("#frames").focus());
    await page.key("ArrowDown");
    assert.match(await page.run(textOf, "details"), /^Function: main /);
    await page.key("ArrowUp");
    assert.match(await page.run(textOf, "details"), /^Function: all /);
}

async function focus_is_seen_and_buttons_take_keys(browser) {
    const page = await browser.open(draw(SHOP));
    const focused = () => page.run(() => document.activeElement.id);
    await page.key("Tab");
    assert.equal(await focused(), "search");
    await page.key("Enter");
    await page.send("Input.insertText", {text: "work"});
    assert.equal(await page.run(textOf, "matched"), "Matched: 50% (1 frame)");
    await page.run(() => document.querySelector("#search").focus());
    await page.key("Tab");
    assert.equal(await focused(), "case");
    await page.key(" ");
    assert.equal(await page.run(() => document.activeElement.getAttribute("aria-pressed")), "true");
    await page.key("Tab");
    assert.equal(await focused(), "frames");
    const stroke = await page.run(() => getComputedStyle(document.querySelector(".at rect"))
        .strokeWidth);
    assert.equal(stroke, "2.5px");
}

async function details_follow_the_mouse(browser) {
    const page = await browser.open(draw(SHOP));
    const f = await frame(page, "sort");
    await page.mouse("mouseMoved", f.x + 5, f.y + 5);
    assert.equal(await page.run(textOf, "details"),
                 "Function: sort (50 samples, 50.00%; self 30, 30%)");
    await page.mouse("mouseMoved", 2, 2);
    assert.equal(await page.run(textOf, "details"), " ");
}

async function details_leave_room_for_what_was_found(browser) {
    const name = "x".repeat(200);
    const page = await browser.open(draw(`${name} 1 2\nother 1 1\n`), {width: 400});
    await page.run(() => document.querySelector("#frames").focus());
    for (const text of ["xx", "(", "", "nothing that is there"]) {
        await search(page, text);
        await page.key("ArrowUp");
        const [details, matched] = await page.run(() => ["details", "matched"].map((id) => {
            const box = document.querySelector("#" + id).getBoundingClientRect();
            return {left: box.left, right: box.right, width: box.width};
        }));
        assert.ok(details.width > 0 && details.right <= 400);
        assert.ok(!matched.width || details.right < matched.left, `${text} is covered`);
    }
}

const copied = () => {
    window.copied = [];
    Object.defineProperty(navigator, "clipboard", {configurable: true, value: {
        writeText: (text) => { window.copied.push(text); return Promise.resolve(); },
    }});
};

async function c_and_the_right_button_copy_the_name(browser) {
    const page = await browser.open(draw("main;operator()(int, char) 1\n"));
    await page.run(copied);
    const f = (await page.run(framesOf))[2];
    await page.click({x: f.x + 50, y: f.y + 5}, "right");
    await page.run(() => document.querySelector("#frames").focus());
    await page.key("ArrowUp");
    await page.key("c");
    assert.deepEqual(await page.run(() => window.copied), ["operator()(int, char)", "main"]);
    await page.until(() => document.querySelector("#details").textContent === "Copied: main");
}

const LONG = ["main;a_function_with_a_long_name_and_MANY_WIDE_LETTERS_WWWWWWWWWWWWWWWW 50",
              "main;\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57 20",
              ...Array.from({length: 60}, (_, i) => `main;step;WWW_MMM_iii_${i}_lll 1`), ""];

async function the_graph_is_as_wide_as_the_window_and_no_text_is_wider_than_its_frame(browser) {
    const page = await browser.open(draw(LONG.join("\n")));
    for (const width of [600, 1200, 2500, 300]) {
        await page.look({width});
        await page.until((w) => Math.abs(document.querySelector("#frames rect")
            .getBoundingClientRect().width - (w - 20)) < 1, width);
        const frames = await page.run(framesOf);
        for (const f of frames)
            assert.ok(f.over < 0.5, `at ${width}: ${f.text} is ${f.over} too wide`);
        assert.ok(frames.filter((f) => f.text).length > 3);
        const right = await page.run(() => document.querySelector("#case")
            .getBoundingClientRect().right);
        assert.ok(right <= width && right > width - 30);
    }
    await page.look({width: 2500});
    await clickFrame(page, "step");
    for (const f of await page.run(framesOf))
        assert.ok(f.over < 0.5, `zoomed: ${f.text} is ${f.over} too wide`);
}

async function without_script_no_text_is_wider_than_its_frame_either(browser) {
    for (const options of [[], ["--fontsize", "20"], ["--fonttype", "monospace"]]) {
        const file = draw(LONG.join("\n"), ["--no-javascript", "--width", "900", ...options]);
        const page = await browser.open(file);
        for (const f of await page.run(framesOf))
            assert.ok(f.over < 0.5, `${options}: ${f.text} is ${f.over} too wide`);
    }
}

async function a_width_that_is_asked_for_stays(browser) {
    const page = await browser.open(draw(SHOP, ["--width", "800"]), {width: 1500});
    assert.ok(near((await frame(page, "all")).width, 780));
}

async function names_can_be_cut_at_the_left(browser) {
    const name = "x".repeat(300) + "end";
    const left = await browser.open(draw(`${name} 1\n`, ["--text-truncate-direction", "left"]));
    assert.match((await left.run(framesOf))[1].text, /^\.\.x+end$/);
    const right = await browser.open(draw(`${name} 1\n`));
    assert.match((await right.run(framesOf))[1].text, /^x+\.\.$/);
}

async function the_background_is_dark_if_the_viewer_prefers_or_it_was_asked_for(browser) {
    const look = () => {
        const style = getComputedStyle(document.documentElement);
        return [style.getPropertyValue("--top"),
                getComputedStyle(document.querySelector("#title")).fill].join(" ");
    };
    const light = "#eeeeee rgb(0, 0, 0)", dark = "#1a1a1e rgb(238, 238, 238)";
    for (const [options, preferred, want] of [
        [[], false, light], [[], true, dark], [["--dark"], false, dark], [["--light"], true, light],
        [["--bgcolors", "#102030"], false, "#102030 rgb(238, 238, 238)"],
    ]) {
        const page = await browser.open(draw(SHOP, options), {dark: preferred});
        assert.equal(await page.run(look), want, `${options} ${preferred}`);
    }
}

async function times_are_shown_short_and_in_full(browser) {
    const samples = "sh 1 1.0: 1500000 cpu-clock:\n\t10 f (1 ms (/x)\n\n" +
        "sh 1 1.1: 500 cpu-clock:\n\t20 main (/x)\n\n";
    const page = await browser.open(draw(samples, ["-f", "perf-script"]));
    await page.run(() => document.querySelector("#frames").focus());
    await page.key("ArrowUp");
    assert.equal(await page.run(textOf, "details"), "Function: sh " +
                 "(1.501 ms (1,500,500 ns), 100.00%; self 0 ns, 0%)");
    await page.key("ArrowUp");
    assert.equal(await page.run(textOf, "details"), "Function: f (1 ms " +
                 "(1.5 ms (1,500,000 ns), 99.97%; self 1.5 ms, 99.97%)");
    await page.key("ArrowRight");
    assert.equal(await page.run(textOf, "details"), "Function: main (500 ns, 0.03%; self 500 ns, 0.03%)");
}

async function paper_is_white_and_has_no_buttons(browser) {
    const page = await browser.open(draw(SHOP, ["--dark"]));
    await page.send("Emulation.setEmulatedMedia", {media: "print"});
    const seen = await page.run(() => [
        getComputedStyle(document.documentElement).getPropertyValue("--top"),
        getComputedStyle(document.querySelector("#search")).display]);
    assert.deepEqual(seen, ["#fff", "none"]);
}

async function frames_with_links_are_followed_and_zoomed_with_control(browser) {
    const attrs = draw("x 1\n").replace(/svg$/, "attrs");
    (await import("node:fs")).writeFileSync(attrs,
        "work\thref=#here\ttarget=_self\ttitle=what it does\nsort\thref=javascript:window.hit=1\n");
    const page = await browser.open(draw(SHOP, ["-q", "--nameattr", attrs]));
    await clickFrame(page, "what it does");
    assert.equal(await page.run(() => location.hash), "#here");
    await clickFrame(page, "what it does", CONTROL);
    assert.ok(near((await frame(page, "sort")).width, 1180));
    await clickFrame(page, "sort");
    assert.equal(await page.run(() => window.hit), undefined);
    await search(page, "^work$");
    assert.equal(await page.run(textOf, "matched"), "Matched: 50%, of the zoomed: 100% (1 frame)");
}

async function differences_are_shown_for_both_sides(browser) {
    const page = await browser.open(draw("main;old 3 0\nmain;same 1 5\nfresh 0 5\n"));
    const same = await frame(page, "same");
    await page.mouse("mouseMoved", same.x + 5, same.y + 5);
    assert.equal(await page.run(textOf, "details"),
                 "Function: same (5 samples, 50.00%; +40.00%); before: 1 samples, 25.00%; " +
                 "after: 5 samples, 50.00%; self 5, 50%)");
    await search(page, "^same$");
    assert.equal(await page.run(textOf, "matched"), "Matched: 50% (1 frame)");
    assert.ok((await frame(page, "fresh")).classes.includes("new"));
}

const TALL = Array.from({length: 90}, (_, i) => `f${i}`).join(";") + " 3\nother 1\n";
const boxOf = (id) => {
    const box = document.querySelector("#" + id).getBoundingClientRect();
    return {top: box.top, bottom: box.bottom, width: box.width};
};

const twoFrames = () => new Promise((done) => requestAnimationFrame(() =>
    requestAnimationFrame(done)));

async function the_details_of_a_tall_graph_stay_in_the_window(browser) {
    for (const options of [[], ["--inverted"], ["--width", "900"]]) {
        const page = await browser.open(draw(TALL, options), {height: 700});
        assert.ok((await page.run(boxOf, "frames")).bottom + await page.run(() => scrollY) > 1400);
        for (const y of [0, 300, 5000]) {
            await page.run((to) => { window.scrollTo(0, to); }, y);
            await page.run(twoFrames);
            const hovered = (await page.run(framesOf)).filter((f) => f.y > 100 && f.y < 500)[0];
            await page.mouse("mouseMoved", hovered.x + 9, hovered.y + 5);
            const details = await page.run(boxOf, "details");
            assert.ok((await page.run(textOf, "details")).startsWith("Function: "));
            assert.ok(details.width > 0 && details.top >= 0 && details.bottom <= 700,
                      `${options} at ${y}: ${details.top}`);
        }
    }
    const low = await browser.open(draw(SHOP));
    assert.equal(await low.run(isHidden, "behind"), true);
}

async function a_tall_graph_opens_where_its_root_is(browser) {
    const seen = (title) => frame(page, title);
    let page = await browser.open(draw(TALL), {height: 700});
    await page.until(() => scrollY > 0);
    assert.ok((await seen("all")).y > 0 && (await seen("all")).y < 700);
    await page.mouse("mouseMoved", 300, (await seen("all")).y + 5);
    assert.ok((await page.run(boxOf, "details")).bottom <= 700);
    await clickFrame(page, "f0");
    const link = await page.run(() => location.hash);
    await page.run(() => window.scrollTo(0, 0));
    page = await browser.open(draw(TALL), {height: 700}, link);
    await page.until(() => scrollY > 0);
    assert.ok((await seen("f0")).y > 0 && (await seen("f0")).y < 700, "the frame of a link");
    page = await browser.open(draw(TALL, ["--inverted"]), {height: 700});
    await page.run(twoFrames);
    assert.equal(await page.run(() => scrollY), 0);
}

async function a_legend_has_lines_as_wide_as_the_window(browser) {
    const text = Array.from({length: 6}, (none, i) => `web 10/11 [000] 1.00000${i}: ${10 + i} cycles: \n` +
        `\t40100${i} call_${i}+0x1 (/lib/library_number_${i}.so)\n\n`).join("");
    for (const [options, least] of [[["--colors-by", "module"], 3], [["--colors-by", "module", "--inverted"], 3]]) {
        const file = join(folder, `legend-${options.length}.svg`);
        const done = spawnSync(join(process.argv[2], "pp-flamegraph"), [...options, "-o", file], {input: text});
        assert.equal(done.status, 0, String(done.stderr));
        const page = await browser.open(file);
        const boxes = () => page.run(() => Array.from(document.querySelectorAll("#legend text"), (text) => {
            const {left, right, top, bottom} = text.getBoundingClientRect();
            const swatch = text.previousElementSibling && text.previousElementSibling.localName === "rect"
                ? text.previousElementSibling.getBoundingClientRect() : null;
            return {left, right, top, bottom, swatch: swatch && {left: swatch.left, right: swatch.right,
                                                               top: swatch.top, bottom: swatch.bottom}};
        }));
        const lines = async () => new Set((await boxes()).map((b) => Math.round(b.top))).size;
        const wide = await lines();
        assert.ok((await boxes()).length >= 6);
        await page.look({width: 390});
        await page.until((before) => new Set(Array.from(document.querySelectorAll("#legend text"), (text) =>
            Math.round(text.getBoundingClientRect().top))).size > before, wide);
        const narrow = await boxes(), bottom = await page.run(() =>
            document.documentElement.getBoundingClientRect().bottom);
        assert.ok(await lines() >= least);
        for (const b of narrow) {
            assert.ok(b.left >= 0 && b.right <= 390 && b.bottom <= bottom + 1, JSON.stringify(b));
            assert.ok(!b.swatch || (b.swatch.right <= b.left && b.swatch.top > b.top - 4 && b.swatch.bottom < b.bottom + 4));
        }
        narrow.forEach((one, i) => narrow.slice(i + 1).forEach((other) => assert.ok(one.right <= other.left ||
            other.right <= one.left || one.bottom <= other.top + 6 || other.bottom <= one.top + 6, "no text lies on another")));
        await page.look({width: 1200});
        await page.until((before) => new Set(Array.from(document.querySelectorAll("#legend text"), (text) =>
            Math.round(text.getBoundingClientRect().top))).size === before, wide);
    }
}

async function the_walk_scrolls(browser) {
    const page = await browser.open(draw(TALL), {height: 700});
    await page.key("Tab");
    await page.key("Tab");
    await page.key("Tab");
    const at = () => page.run(() => {
        const box = document.querySelector("#frames .at rect").getBoundingClientRect();
        return {top: box.top, bottom: box.bottom};
    });
    for (let i = 0; i < 90; i++) {
        await page.run(twoFrames);
        const box = await at(), details = await page.run(boxOf, "details");
        assert.ok(box.top >= 0 && box.bottom <= 700, `step ${i}: ${box.top}`);
        assert.ok(details.bottom <= 700 && (box.bottom <= details.top || box.top >= details.bottom),
                  `step ${i}: ${JSON.stringify([box, details])}`);
        await page.key("ArrowUp");
    }
    assert.match(await page.run(textOf, "details"), /^Function: f89 /);
}

async function a_phone_shows_text_that_can_be_read(browser) {
    const file = draw(SHOP);
    const page = await browser.open(file);
    assert.equal(await page.run(() => document.documentElement.firstElementChild.localName), "meta");
    await page.send("Emulation.setDeviceMetricsOverride",
                    {width: 390, height: 844, deviceScaleFactor: 2, mobile: true});
    await page.go("file://" + file);
    assert.equal(await page.run(() => innerWidth), 390);
    const letters = await page.run(() => document.querySelector("#search").getBoundingClientRect()
        .height);
    assert.ok(letters >= 12, `Search is ${letters} pixels high`);
    assert.ok(near((await frame(page, "all")).width, 370));
}

async function the_buttons_are_the_scripts(browser) {
    const file = draw(SHOP), shown = await browser.open(file);
    for (const id of ["search", "case"])
        assert.equal(await shown.run(isHidden, id), false);
    const page = await browser.open(file, {}, "");
    await page.send("Emulation.setScriptExecutionDisabled", {value: true});
    await page.go("file://" + file);
    for (const id of ["search", "case", "unzoom"])
        assert.equal((await page.run(boxOf, id)).width, 0, id);
}

async function search_marks_while_typing_and_is_one_step_back(browser) {
    const page = await browser.open(draw(SHOP));
    const before = await page.run(() => history.length);
    await clickOn(page, "search");
    for (const [more, matched] of [["par", "Matched: 70% (4 frames)"], ["se_", "Matched: 10% (1 frame)"],
                                ["xx", "No match: parse_xx"]]) {
        await page.send("Input.insertText", {text: more});
        assert.equal(await page.run(textOf, "matched"), matched);
    }
    await page.run(() => document.querySelector("#box input").select());
    await page.send("Input.insertText", {text: "sort$"});
    assert.ok((await frame(page, "sort")).classes.includes("found"));
    assert.equal(await page.run(() => history.length), before + 1);
    assert.equal(await page.run(() => location.hash), "#s=sort%24");
    assert.deepEqual(page.dialogs, []);
    await page.key("Escape");
    assert.equal(await page.run(textOf, "matched"), "");
    assert.equal((await page.run(boxOf, "box")).width, 0);
    for (const width of [390, 600, 2500]) {
        await page.look({width});
        await page.key("f", CONTROL);
        const at = await page.run(() => {
            const seen = document.querySelector("#box").getBoundingClientRect();
            const button = document.querySelector("#search").getBoundingClientRect();
            return [seen.left, seen.right, seen.width, seen.top, button.left];
        });
        assert.ok(at[0] >= 0 && at[1] <= at[4] && at[2] > 70 && at[3] >= 0, `${width}: ${at}`);
        await page.key("Escape");
    }
}

async function n_goes_from_the_heaviest_match_to_the_lightest(browser) {
    const page = await browser.open(draw(SHOP));
    const at = () => page.run(() => document.querySelector("#frames .at title").textContent
        .replace(/,.*/, ""));
    await search(page, "^parse|^work");
    assert.match(await page.run(textOf, "matched"), /\(4 frames\)$/);
    const order = ["work (50 samples", "parse (30 samples", "parse (20 samples",
                   "parse_line (10 samples", "work (50 samples"];
    for (const [i, name] of order.entries()) {
        await page.key("n");
        assert.equal(await at(), name);
        assert.ok((await page.run(textOf, "matched")).endsWith(`(${i % 4 + 1} of 4)`));
    }
    await page.key("N", SHIFT);
    assert.equal(await at(), "parse_line (10 samples");
    await clickFrame(page, "work");
    await page.key("n");
    await page.key("n");
    assert.equal(await at(), "parse (30 samples");
    assert.ok((await frame(page, "parse")).shown, "what was not zoomed to is reached");
    await page.key("f", CONTROL);
    await page.key("Enter");
    assert.equal(await at(), "parse (20 samples");
}

async function links_of_flamegraph_pl_and_inferno_are_followed(browser) {
    const file = draw(SHOP);
    const y = (await (await browser.open(file)).run(framesOf))
        .find((f) => f.title === "work").y;
    const at = Math.round(y);
    const x = 10 + 30 / 100 * 1180;
    for (const query of [`?x=${x.toFixed(1)}&y=${at}&s=sort`, `?s=sort&x=30&y=${at}`]) {
        const page = await browser.open(file, {width: 1500}, query);
        assert.ok(near((await frame(page, "work")).width, 1480), query);
        assert.equal(await page.run(textOf, "matched"), "Matched: 50%, of the zoomed: 100% (1 frame)");
    }
    const page = await browser.open(file, {}, "?s=par%73e");
    assert.equal(await page.run(textOf, "matched"), "Matched: 50% (3 frames)");
    assert.ok(near((await frame(page, "main")).width, 944));
    const broken = await browser.open(file, {}, "?x=1e9&y=-3&s=%E0%A4%A");
    assert.ok(near((await frame(broken, "main")).width, 944));
}

// 20 s of 4 threads at 1 kHz together, with nothing from 8 to 12 s.
const TIMED = Array.from({length: 20000}, (_, i) => i).filter((i) => i < 8000 || i >= 12000)
    .map((i) => `p ${i % 4} ${(i / 1000).toFixed(6)}: 4000000 cpu-clock:\n` +
        `\t10 ${i % 3 ? "often" : "seldom"} (/x)\n\t11 main (/x)\n\n`).join("");

async function a_chart_in_time_has_lanes_and_an_axis_and_zooms_all_threads(browser) {
    const page = await browser.open(draw(TIMED, ["-f", "perf-script", "--flamechart"]));
    const marks = () => page.run(() => Array.from(document.querySelectorAll("#axis text"),
        (text) => text.textContent));
    const mains = async () => (await page.run(framesOf)).filter((f) => f.shown &&
        f.title.startsWith("main"));
    assert.deepEqual((await marks()).slice(0, 3), ["0 s", "2 s", "4 s"]);
    const boxes = await mains();
    assert.equal(boxes.length, 8, "each of four threads works twice");
    assert.equal(new Set(boxes.map((f) => f.y)).size, 4);
    for (const f of boxes)
        assert.ok(Math.abs(f.width - 0.4 * 1180) < 3, `${f.width}`);
    for (const line of new Set(boxes.map((f) => f.y))) {
        const [left, right] = boxes.filter((f) => f.y === line);
        assert.ok(right.x - (left.x + left.width) > 0.19 * 1180, "idle is empty");
    }
    await page.click({x: boxes[0].x + 20, y: boxes[0].y + 5});
    const zoomed = await mains();
    assert.equal(zoomed.length, 4, "of all threads what they did then");
    assert.ok(zoomed.every((f) => f.width > 1170));
    assert.deepEqual((await marks()).slice(0, 3), ["0 s", "1 s", "2 s"]);
    await page.look({width: 600});
    await page.until(() => document.querySelectorAll("#axis text").length < 6);
    await page.key("Escape");
    assert.equal((await mains()).length, 8);
    await search(page, "^main$");
    assert.equal(await page.run(textOf, "matched"), "Matched: 100% (8 frames)");
    await page.key("n");
    assert.match(await page.run(textOf, "details"), /^Function: main \(8 s .*12.50%\); from /);
}

const ATTACKS = [
    "</title><script>window.hit=1</script>", "]]></script><script>window.hit=2</script>",
    "\" onload=\"window.hit=3", "' onmouseover='window.hit=4", "--><script>window.hit=5</script>",
    "</style><script>window.hit=6</script>", "javascript:window.hit=7", "<img src=x onerror=hit()>",
    "<svg onload=window.hit=8>", "&lt;script&gt;window.hit=9&lt;/script&gt;", "${window.hit=10}",
    "\u001b[31m\u0001", "\ud800", "x:expression(window.hit=11)", "url(javascript:window.hit=12)",
    "'-window.hit-'", "\\u0022);window.hit=13//", "$&$1", "(((((", "constructor", "__proto__",
];

async function nothing_that_names_say_ever_runs(browser) {
    const stacks = ATTACKS.map((a) => `${a.replaceAll(";", ":")};inner ${a.length}\n`).join("");
    for (const attack of ATTACKS) {
        const safe = attack.replaceAll("\0", "");
        const options = ["-q", "--title", "--subtitle", "--countname", "--nametype", "--notes",
                         "--fonttype"];
        const file = draw(stacks, options.flatMap((o) => (o === "-q" ? [o] : [o, safe])));
        const page = await browser.open(file);
        assert.equal(await page.run(() => window.hit), undefined, attack);
        assert.equal(await page.run(() => document.querySelectorAll("script").length), 1);
        assert.equal((await page.run(framesOf)).length, 1 + 2 * ATTACKS.length);
        await page.close();
    }
    const page = await browser.open(draw(stacks));
    await page.run(() => document.querySelector("#frames").focus());
    for (let i = 0; i < ATTACKS.length; i++) {
        await page.key(i ? "ArrowRight" : "ArrowUp");
        await page.key("Enter");
        await page.key("Escape");
    }
    await search(page, "<script>");
    assert.match(await page.run(textOf, "matched"), /^Matched: /);
    assert.equal(await page.run(() => window.hit), undefined);
    assert.deepEqual(page.dialogs, []);
}

// Lanes say what threads are called.
async function nothing_that_threads_are_called_runs(browser) {
    const names = ATTACKS.filter((a) => !/[\0-\x1f\ud800]/.test(a));
    const file = join(folder, "threads.svg"), text = names.flatMap((name, i) => [1, 2].map((at) =>
        `${name} 10/${11 + i} [000] ${at}.000000: 5 cycles: \n\t401000 f+0x1 (/bin/x)\n\n`)).join("");
    const done = spawnSync(join(process.argv[2], "pp-flamegraph"), ["-q", "--flamechart", "-o", file], {input: text});
    assert.equal(done.status, 0, String(done.stderr));
    const page = await browser.open(file);
    const labels = await page.run(() => Array.from(document.querySelectorAll("text"), (t) => t.textContent));
    assert.ok(labels.some((label) => label.includes("window.hit=1<")), "names are there as text");
    for (const y of [100, 200, 300])
        await page.mouse("mouseMoved", 300, y);
    assert.equal(await page.run(() => window.hit), undefined);
    assert.equal(await page.run(() => document.querySelectorAll("script").length), 1);
    assert.equal(await page.run(() => document.querySelectorAll("img, style ~ style, a").length), 0);
}

// As sites show the files of others: without scripts, in a sandbox, or as an image in a page.
async function sites_that_allow_no_script_show_the_picture(browser) {
    const svg = readFileSync(draw(SHOP));
    const server = createServer((request, answer) => {
        const isImage = request.url === "/graph.svg";
        answer.writeHead(200, {"Content-Type": isImage ? "image/svg+xml" : "text/html",
            ...(isImage ? {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
                           "X-Content-Type-Options": "nosniff"} : {})});
        answer.end(isImage ? svg : "<!DOCTYPE html><body style='margin:0'><img src=graph.svg style='width:100%'>");
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
        const site = `http://127.0.0.1:${server.address().port}`, page = await browser.open(draw(SHOP));
        await page.go(site + "/graph.svg");
        assert.ok(near((await frame(page, "all")).width, 1180), "it is as wide as drawn");
        assert.equal((await frame(page, "work")).text, "work");
        for (const id of ["search", "case", "unzoom"])
            assert.equal((await page.run(boxOf, id)).width, 0, "no dead buttons");
        assert.ok(page.errors.length && page.errors.every((e) => /script|sandbox/i.test(e)), page.errors.join());
        page.errors = []; // that its script was refused is what was asked for
        await page.look({width: 390});
        await page.go(site + "/");
        const size = await page.run(() => new Promise((resolve) => {
            const image = document.images[0], say = () => resolve([image.naturalWidth, image.offsetWidth]);
            if (image.complete)
                say();
            else
                image.onload = say;
        }));
        assert.ok(size[0] > 0 && size[1] === 390, size.join());
    } finally {
        server.close();
        server.closeAllConnections();
    }
}

async function an_image_has_no_script_but_is_the_same_picture(browser) {
    const file = draw(SHOP, ["--no-javascript"]);
    assert.ok(!readFileSync(file, "utf8").includes("<script"));
    const page = await browser.open(file);
    assert.ok(near((await frame(page, "main")).width, 0.8 * 1180));
    assert.equal((await frame(page, "work")).text, "work");
}

await runTests([
    frames_are_drawn_with_their_names, zoom_widens_a_frame_and_keeps_what_it_stands_on,
    zoom_to_all_and_escape_reset, search_shows_the_share_and_counts_nested_matches_once,
    search_under_the_zoomed_frame_is_all_of_it, search_says_if_there_is_no_match_or_no_pattern,
    case_counts_unless_it_is_switched_off, a_link_opens_the_same_view_at_another_width_and_font,
    a_link_to_what_is_not_there_shows_all, back_and_forward_go_through_the_views,
    keys_walk_from_frame_to_frame, an_icicle_graph_is_walked_downwards,
    focus_is_seen_and_buttons_take_keys, details_follow_the_mouse,
    times_are_shown_short_and_in_full, details_leave_room_for_what_was_found,
    c_and_the_right_button_copy_the_name,
    the_graph_is_as_wide_as_the_window_and_no_text_is_wider_than_its_frame,
    without_script_no_text_is_wider_than_its_frame_either,
    a_width_that_is_asked_for_stays, names_can_be_cut_at_the_left,
    the_background_is_dark_if_the_viewer_prefers_or_it_was_asked_for,
    paper_is_white_and_has_no_buttons, frames_with_links_are_followed_and_zoomed_with_control,
    differences_are_shown_for_both_sides, the_details_of_a_tall_graph_stay_in_the_window,
    the_walk_scrolls, a_chart_in_time_has_lanes_and_an_axis_and_zooms_all_threads,
    a_phone_shows_text_that_can_be_read, search_marks_while_typing_and_is_one_step_back,
    n_goes_from_the_heaviest_match_to_the_lightest,
    links_of_flamegraph_pl_and_inferno_are_followed, the_buttons_are_the_scripts, nothing_that_names_say_ever_runs,
    a_tall_graph_opens_where_its_root_is, a_legend_has_lines_as_wide_as_the_window,
    nothing_that_threads_are_called_runs, sites_that_allow_no_script_show_the_picture,
    an_image_has_no_script_but_is_the_same_picture,
]);
