// The page of --to html in a browser: what it shows and reads out, and how it answers clicks, keys and
// links. The table for browsers without scripts is made in C; the script's sums are compared with it.
import assert from "node:assert/strict";
import {readFileSync, statSync} from "node:fs";

import {CONTROL} from "./browser.mjs";
import {ROW, SHOP, boxes, choose, clickBox, clickOn, isHidden, largeProfile, linkOf, names,
        page_of, pageOfPerf, search, tableOf, textOf} from "./html_page.mjs";
import {draw, runTests} from "./testing.mjs";

// --- the graph ---

async function boxes_are_read_out_with_their_counts(browser) {
    const page = await browser.open(page_of(SHOP));
    assert.deepEqual((await boxes(page)).map((b) => b.level + " " + b.text), [
        "1 all: 100 (100.00%)",
        "2 main: 80 (80.00%)",
        "3 read: 30 (30.00%)",
        "4 parse: 30 (30.00%), self 20",
        "5 parse_line: 10 (10.00%)",
        "3 work: 50 (50.00%)",
        "4 sort: 50 (50.00%), self 30",
        "5 compare: 20 (20.00%)",
        "2 other: 20 (20.00%)",
        "3 parse: 20 (20.00%)",
    ]);
    assert.equal(await page.run(textOf, "summary"), "100 samples");
}

async function a_click_zooms_and_a_link_opens_it_again(browser) {
    const file = page_of(SHOP);
    const page = await browser.open(file);
    await clickBox(page, "flame", 0.5, 2); // work: from 30 to 80, of 100
    assert.match(await page.run(textOf, "details"), /^work — 50 samples, 50\.00%, self 0/);
    assert.deepEqual(await names(page), ["all", "main", "work", "sort", "compare"]);
    const link = await page.run(linkOf);
    assert.match(link, /^#z=[0-9a-f]{16}$/);
    await page.run(() => history.back());
    await page.until(() => document.getElementById("unzoom").disabled);
    assert.equal((await boxes(page)).length, 10);
    const again = await browser.open(file, {width: 600}, link);
    assert.deepEqual(await names(again), ["all", "main", "work", "sort", "compare"]);
}

async function the_zoomed_is_as_wide_as_the_chart_and_reset_shows_all(browser) {
    const page = await browser.open(page_of(SHOP));
    await clickBox(page, "flame", 0.5, 2);
    await clickBox(page, "flame", 0.9, 4); // compare: the last 40% of sort
    assert.match(await page.run(textOf, "details"), /^compare /);
    await clickOn(page, "unzoom");
    assert.equal((await boxes(page)).length, 10);
    assert.equal(await page.run(linkOf), "");
}

async function what_is_painted_is_the_palettes_colour(browser) {
    const page = await browser.open(page_of(SHOP, ["--colors", "blue", "--inverted"]));
    const [main, none] = await page.run((row) => {
        const context = document.querySelector("#flame canvas").getContext("2d");
        const at = (x, y) => Array.from(context.getImageData(x, y, 1, 1).data);
        return [at(600, 1.2 * row), at(1100, 4.5 * row)];
    }, ROW);
    const svg = readFileSync(draw(SHOP, ["--colors", "blue"]), "utf8");
    const fill = /<title>main \(.*?fill="#(..)(..)(..)"/s.exec(svg).slice(1);
    assert.deepEqual(main, [...fill.map((hex) => parseInt(hex, 16)), 255]);
    assert.equal(none[3], 0);
}

async function the_heaviest_can_be_at_the_left(browser) {
    const page = await browser.open(page_of(SHOP), {}, "#o=weight");
    const level3 = (await boxes(page)).filter((b) => b.level === 3).map((b) => b.text);
    assert.deepEqual(level3, ["work: 50 (50.00%)", "read: 30 (30.00%)", "parse: 20 (20.00%)"]);
}

async function from_the_leaf_callers_stand_on_top(browser) {
    const page = await browser.open(page_of(SHOP, ["--reverse"]));
    const seen = (await boxes(page)).map((b) => b.level + " " + b.text.split(",")[0]);
    assert.deepEqual(seen.filter((text) => /^[23] /.test(text)), [
        "2 parse: 40 (40.00%)", "3 read: 20 (20.00%)", "3 other: 20 (20.00%)",
        "2 sort: 30 (30.00%)", "3 work: 30 (30.00%)",
        "2 compare: 20 (20.00%)", "3 sort: 20 (20.00%)",
        "2 parse_line: 10 (10.00%)", "3 parse: 10 (10.00%)",
    ]);
}

async function by_time_only_neighbours_share_a_box(browser) {
    const page = await browser.open(page_of("a;b 1\nc 2\na;b 3\na;d 4\n", ["--flamechart"]));
    assert.deepEqual((await boxes(page)).map((b) => b.level + " " + b.text.split(" (")[0]), [
        "1 all: 10", "2 a: 1", "3 b: 1", "2 c: 2", "2 a: 7", "3 b: 3", "3 d: 4",
    ]);
    await clickBox(page, "flame", 0.9, 1);
    assert.match(await page.run(linkOf), /^#z=[0-9a-f]{16}\.1$/, "the second a");
}

async function text_stays_in_its_box_at_all_widths(browser) {
    const long = SHOP.replaceAll("parse", "a::very::long::name<漢字,\u{1f4a9}>::of_a_function");
    for (const width of [600, 1200, 2500]) {
        const page = await browser.open(page_of(long), {width});
        const over = await page.run(async () => {
            const proto = CanvasRenderingContext2D.prototype, plain = proto.fillText;
            const last = {rect: null, seen: 0, over: []};
            const rect = proto.fillRect;
            proto.fillRect = function (...box) {
                last.rect = box;
                rect.apply(this, box);
            };
            proto.fillText = function (text, x, y) {
                const [left, , wide] = last.rect;
                last.seen += text ? 1 : 0;
                if (x < left || x + this.measureText(text).width > left + wide)
                    last.over.push(text);
                plain.call(this, text, x, y);
            };
            page.chartShown().redraw();
            await new Promise((resolve) => requestAnimationFrame(resolve));
            return last;
        });
        assert.ok(over.seen >= 8);
        assert.deepEqual(over.over, []);
    }
}

async function text_has_contrast_on_every_colour(browser) {
    const stacks = Array.from({length: 200}, (none, i) => `f${i * 7919};g${i} 1`).join("\n");
    for (const colors of ["hot", "mem", "io", "red", "aqua", "purple", "orange"]) {
        const page = await browser.open(page_of(stacks, ["--colors", colors]));
        const least = await page.run(() => {
            const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
            const light = (rgb) => [16, 8, 0].map((shift) => linear((rgb >> shift & 255) / 255))
                .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
            const contrast = (rgb) => {
                const on = light(parseInt(inkOn(rgb) === "#fff" ? "ffffff" : "000000", 16));
                const [a, b] = [on, light(rgb)].sort((x, y) => y - x);
                return (a + 0.05) / (b + 0.05);
            };
            const shares = Array.from({length: 41}, (none, i) => changeColor((i - 20) / 20));
            const plain = Array.from(page.profile.frames.colors).concat(shares);
            const faded = plain.flatMap((c) => [fade(c, 0xffffff), fade(c, 0x17181c)]);
            return Math.min(...plain.concat(faded).map(contrast));
        });
        assert.ok(least >= 4.5, `${colors}: ${least}`);
        await page.close();
    }
}

// --- keys ---

async function arrows_walk_and_enter_zooms(browser) {
    const page = await browser.open(page_of(SHOP));
    await page.run(() => document.getElementById("flame").focus());
    const walk = async (key) => {
        await page.key(key);
        return (await page.run(textOf, "details")).split(" ")[0];
    };
    assert.equal(await walk("ArrowUp"), "main");
    assert.equal(await walk("ArrowUp"), "read");
    assert.equal(await walk("ArrowRight"), "work");
    assert.equal(await walk("ArrowRight"), "parse");
    assert.equal(await walk("ArrowLeft"), "work");
    assert.equal(await walk("ArrowUp"), "sort");
    assert.equal(await walk("ArrowDown"), "work");
    await page.key("Enter");
    assert.deepEqual(await names(page), ["all", "main", "work", "sort", "compare"]);
    assert.deepEqual((await boxes(page)).filter((b) => b.selected).map((b) => b.level), [3]);
    await page.key("0");
    assert.equal((await boxes(page)).length, 10);
    await page.key("i");
    await page.run(() => document.getElementById("flame").focus());
    assert.equal(await walk("ArrowDown"), "main", "the root is at the top now");
    assert.match(await page.run(linkOf), /d=true/);
}

async function letters_are_for_the_page_only_outside_of_the_search(browser) {
    const page = await browser.open(page_of(SHOP));
    await page.key("f", CONTROL);
    await page.key("t");
    assert.equal(await page.run(isHidden, "view-top"), true);
    await page.key("Escape");
    await page.key("t");
    assert.equal(await page.run(isHidden, "view-top"), false);
    await page.key("?");
    assert.equal(await page.run(() => document.getElementById("help").open), true);
}

// --- search ---

async function what_stands_on_a_match_is_not_counted_twice(browser) {
    const page = await browser.open(page_of(SHOP));
    await search(page, "parse|sort");
    assert.equal(await page.run(textOf, "matched"), "4 matches: 100.00%");
    await page.key("Escape");
    await search(page, "^compare$|^sort$");
    assert.equal(await page.run(textOf, "matched"), "2 matches: 50.00%");
    await clickBox(page, "flame", 0.7, 1);
    assert.equal(await page.run(textOf, "matched"),
                 "2 matches: 50.00%, 62.50% of the zoomed");
    assert.match(await page.run(linkOf), /s=%5Ecompare%24/);
}

async function no_match_bad_patterns_and_case_are_announced(browser) {
    const page = await browser.open(page_of(SHOP));
    await search(page, "PARSE");
    assert.equal(await page.run(textOf, "matched"), "no match");
    await clickOn(page, "case");
    assert.equal(await page.run(textOf, "matched"), "3 matches: 50.00%");
    await page.key("Escape");
    await search(page, "(");
    assert.equal(await page.run(textOf, "matched"), "not a pattern");
}

async function the_next_match_is_selected(browser) {
    const page = await browser.open(page_of(SHOP));
    await search(page, "^parse$");
    await page.run(() => document.getElementById("flame").focus());
    await page.key("n");
    assert.match(await page.run(textOf, "details"), /^parse — 30 samples/);
    await page.key("n");
    assert.match(await page.run(textOf, "details"), /^parse — 20 samples/);
}

// --- table and sandwich ---

// Self and total of each function, from the table for browsers without scripts.
const stillRows = () => {
    const text = document.querySelector("noscript").textContent;
    const still = new DOMParser().parseFromString(text, "text/html");
    return Array.from(still.querySelectorAll("tbody tr"), (row) =>
        [0, 1, 2, 3, 4].map((i) => row.children[i].textContent));
};

async function the_table_has_the_sums_that_c_made(browser) {
    const recursive = "a;b;a;c 5\na;b 7\nb;b;b 11\nc;a 13\nd 17\n";
    for (const stacks of [SHOP, recursive]) {
        const page = await browser.open(page_of(stacks), {}, "#v=top");
        const wanted = (await page.run(stillRows)).map((row) => [row[0], row[2], row[4]]);
        assert.ok(wanted.length >= 4);
        assert.deepEqual(await page.run(tableOf), wanted);
    }
}

async function the_table_sorts_by_its_headings(browser) {
    const page = await browser.open(page_of(SHOP), {}, "#v=top");
    const sortBy = (key) => page.run((name) =>
        document.querySelector(`[data-sort=${name}]`).click(), key);
    const column = async (i) => (await page.run(tableOf)).map((row) => row[i]);
    await sortBy("total");
    assert.deepEqual(await column(1), ["80", "50", "50", "50", "30", "20", "20", "10"]);
    await sortBy("name");
    assert.deepEqual(await column(2),
                     ["compare", "main", "other", "parse", "parse_line", "read", "sort", "work"]);
    await sortBy("name");
    assert.equal((await column(2))[0], "work");
    assert.equal(await page.run(() => document.querySelector("th:last-child").ariaSort),
                 "descending");
}

async function a_sandwich_has_the_totals_that_c_made(browser) {
    const stacks = "a;b;a;c 5\na;b 7\nb;b;b 11\nc;a 13\nd 17\n";
    const file = page_of(stacks);
    const page = await browser.open(file, {}, "#v=top");
    for (const [self, , total, , name] of await page.run(stillRows)) {
        const open = await browser.open(file, {}, `#v=sandwich&f=${name}`);
        assert.ok((await open.run(textOf, "function"))
            .startsWith(`${name} — total ${total} (`), name);
        assert.match(await open.run(textOf, "function"), new RegExp(`self ${self} \\(`));
        for (const side of ["callers", "callees"])
            assert.ok((await boxes(open, side))[0].text.startsWith(`${name}: ${total} (`), side);
        await open.close();
    }
}

async function callers_and_callees_are_merged(browser) {
    const page = await browser.open(page_of(SHOP), {}, "#v=sandwich&f=parse");
    const shown = async (id) => (await boxes(page, id)).map((b) => b.level + " " + b.text);
    assert.deepEqual(await shown("callers"), [
        "1 parse: 50 (50.00%)", "2 read: 30 (30.00%)", "3 main: 30 (30.00%), self 30",
        "2 other: 20 (20.00%), self 20",
    ].map((text) => text.replace(/, self.*/, "")));
    assert.deepEqual(await shown("callees"),
                     ["1 parse: 50 (50.00%), self 40", "2 parse_line: 10 (10.00%)"]);
    await clickBox(page, "callees", 0.1, 1, true);
    assert.match(await page.run(textOf, "details"), /^parse_line /);
}

async function a_frame_or_a_row_opens_its_sandwich(browser) {
    const page = await browser.open(page_of(SHOP));
    await clickBox(page, "flame", 0.5, 2);
    await page.key("s");
    assert.match(await page.run(textOf, "function"), /^work — total 50 \(50\.00%\), self 0 /);
    await page.key("t");
    await page.run(() => document.querySelector(".rows td button").click());
    assert.match(await page.run(textOf, "function"), /^parse — total 50 /);
}

// --- columns, labels, comparisons ---

async function another_column_is_another_measure(browser) {
    const page = await browser.open(pageOfPerf());
    assert.equal(await page.run(textOf, "summary"), "100 cycles");
    await choose(page, "#column", "0");
    assert.equal(await page.run(textOf, "summary"), "3 samples");
    assert.deepEqual((await boxes(page)).map((b) => b.text).slice(-2),
                     ["parse: 2 (66.67%)", "send: 1 (33.33%)"]);
    await page.run(() => history.back());
    await page.until(() => document.getElementById("summary").textContent === "100 cycles");
}

async function a_filter_lets_only_samples_with_its_label_pass(browser) {
    const page = await browser.open(pageOfPerf());
    await choose(page, "#filter", "tid=12");
    assert.equal(await page.run(textOf, "summary"), "10 cycles, filtered");
    assert.deepEqual(await names(page), ["all", "web", "main", "send"]);
    assert.equal(await page.run(linkOf), "#l=tid%3D12");
    await page.key("u");
    assert.equal(await page.run(textOf, "summary"), "100 cycles");
}

async function a_comparison_shows_changes_and_colours_them(browser) {
    const page = await browser.open(page_of("a;b 10 30\na;c 40 10\nd 20 0\ne 0 30\n",
                                            ["--inverted"]));
    const seen = (await boxes(page)).map((b) => b.text);
    assert.ok(seen.includes("b: 30 (42.86%), change +20 (+28.57%)"), seen.join("\n"));
    assert.ok(seen.includes("c: 10 (14.29%), change \u221230 (\u221242.86%)"));
    assert.ok(seen.includes("e: 30 (42.86%), change +30 (+42.86%), new"));
    const colors = () => page.run((row) => {
        const context = document.querySelector("#flame canvas").getContext("2d");
        const at = (x) => Array.from(context.getImageData(x, 2.2 * row, 1, 1).data);
        return [at(100), at(600)];
    }, ROW);
    for (const side of ["1", "0"]) { // b and c are at these places on both sides
        await choose(page, "#column", side);
        await boxes(page);
        const [b, c] = await colors();
        assert.ok(b[0] === 255 && b[2] < 255, "red is what grew");
        assert.ok(c[2] === 255 && c[0] < 255, "blue is what shrank");
    }
    assert.equal(await page.run(textOf, "summary"), "70 samples");
    await choose(page, "#column", "1");
    await page.key("t");
    assert.deepEqual((await page.run(tableOf)).find((row) => row[3] === "d"),
                     ["0", "0", "\u221220 (\u221228.57%), gone", "d"]);
}

// --- size, safety, no script ---

async function stacks_by_the_300000_open_from_four_megabytes(browser) {
    const file = page_of(largeProfile());
    assert.ok(statSync(file).size < 4000000, `${statSync(file).size} bytes`);
    const page = await browser.open(file);
    const took = await page.until(() => page.charts()[0].drawn > 100 && performance.now());
    assert.ok(await page.run(() => page.profile.nodes.count) >= 300000);
    console.log(`    300,000 stacks were drawn ${Math.round(took)} ms after the page was opened`);
    await search(page, "module_1");
    assert.match(await page.run(textOf, "matched"), /match(es)?: .*%/);
}

async function names_that_attack_do_nothing(browser) {
    const attacks = [
        "<img src=x onerror=window.hit=1>", "</template></script><script>window.hit=1</script>",
        "\"' onload=window.hit=1 x='", "javascript:window.hit=1", "@JS@", "__proto__",
        "constructor", "\u202eevil", "]]>", "${window.hit=1}", "&lt;b&gt;", "-->", "toString",
    ];
    const stacks = attacks.map((name, i) => `${name};${attacks[(i + 1) % attacks.length]} ${i + 1}`);
    const options = ["title", "subtitle", "notes", "countname"]
        .flatMap((name) => [`--${name}`, attacks[1]]);
    const file = page_of(stacks.join("\n"), options);
    for (const link of ["", "#v=top", `#v=sandwich&f=${encodeURIComponent(attacks[1])}`,
                        "#v=<img>&o=x&m=9&z=zz&l==&s=(", "#v=__proto__", "#o=time&m=-1&f=%ff"]) {
        const page = await browser.open(file, {}, link);
        await page.key("?");
        await boxes(page);
        assert.equal(await page.run(() => window.hit), undefined);
        assert.equal(await page.run(() => document.querySelectorAll("img, iframe, a").length), 0);
        assert.equal(await page.run(() => document.scripts.length), 2);
        await page.close();
    }
    const page = await browser.open(file);
    assert.ok((await names(page)).includes(attacks[0]), "names are shown as they are");
}

async function the_policy_stops_what_is_not_the_pages_own(browser) {
    const page = await browser.open(page_of(SHOP));
    await page.run(() => {
        const script = document.createElement("script");
        script.textContent = "window.hit = 1";
        document.body.append(script);
        return fetch("https://example.org/").catch(() => 0);
    });
    assert.equal(await page.run(() => window.hit), undefined);
    assert.ok(page.errors.length >= 2 &&
        page.errors.every((text) => text.includes("Content Security Policy")), page.errors.join());
    page.errors = [];
}

async function without_scripts_there_is_a_picture_and_a_table(browser) {
    const page = await browser.open(page_of(SHOP));
    await page.send("Emulation.setScriptExecutionDisabled", {value: true});
    await page.send("Page.reload");
    await page.until(() => document.readyState === "complete" && document.querySelector(".still"));
    assert.equal(await page.run(() => document.querySelectorAll(".still tbody tr").length), 8);
    assert.ok(await page.run(() => document.querySelector("noscript img").naturalWidth > 100));
    assert.equal(await page.run(isHidden, "bar"), true);
}

async function dark_and_light_are_as_the_viewer_prefers(browser) {
    const back = () => getComputedStyle(document.body).backgroundColor;
    const file = page_of(SHOP);
    const light = await browser.open(file), dark = await browser.open(file, {dark: true});
    assert.equal(await light.run(back), "rgb(255, 255, 255)");
    assert.equal(await dark.run(back), "rgb(23, 24, 28)");
    const forced = await browser.open(page_of(SHOP, ["--dark"]));
    assert.equal(await forced.run(back), "rgb(23, 24, 28)");
}

async function the_root_is_in_sight_at_any_size(browser) {
    const tall = Array.from({length: 90}, (none, i) => `f${i}`).join(";") + " 1\n";
    const page = await browser.open(page_of(tall), {width: 600, height: 420});
    assert.equal((await names(page))[0], "all");
    await page.look({width: 600, height: 330});
    assert.equal((await names(page))[0], "all");
    await page.run(() => document.getElementById("flame").focus());
    for (let i = 0; i < 60; i++)
        await page.key("ArrowUp");
    const seen = await names(page);
    assert.ok(seen.includes("f59") && !seen.includes("f1"), seen.join());
    await page.key("s");
    assert.equal((await names(page, "callers"))[0], "f59");
}

async function the_deepest_and_the_widest_can_be_drawn(browser) {
    const deep = Array.from({length: 60000}, (none, i) => `f${i % 1000}`).join(";") + " 1\n";
    const wide = Array.from({length: 100000}, (none, i) => `f${i} 1\n`).join("");
    for (const view of ["", "#o=weight", "#o=callers", "#v=top", "#v=sandwich&f=f7"]) {
        const page = await browser.open(page_of(deep), {}, view);
        await boxes(page);
        await page.close();
    }
    const page = await browser.open(page_of(wide));
    assert.deepEqual(await names(page), ["all"], "the others are narrower than a pixel");
    await search(page, "^f77$");
    await page.key("Escape");
    await search(page, "^f777$");
    await page.run(() => document.getElementById("next").click());
    assert.deepEqual(await names(page), ["all", "f777"]);
}

async function a_new_size_is_drawn_anew(browser) {
    const page = await browser.open(page_of(SHOP));
    await page.look({width: 700, height: 500});
    await page.until(() => {
        const canvas = document.querySelector("#flame canvas");
        return canvas.width === 700 && canvas.clientHeight < 450;
    });
    await clickBox(page, "flame", 0.5, 2);
    assert.match(await page.run(textOf, "details"), /^work /);
}

await runTests([
    boxes_are_read_out_with_their_counts, a_click_zooms_and_a_link_opens_it_again,
    the_zoomed_is_as_wide_as_the_chart_and_reset_shows_all, what_is_painted_is_the_palettes_colour,
    the_heaviest_can_be_at_the_left, from_the_leaf_callers_stand_on_top,
    by_time_only_neighbours_share_a_box, text_stays_in_its_box_at_all_widths,
    text_has_contrast_on_every_colour, arrows_walk_and_enter_zooms,
    letters_are_for_the_page_only_outside_of_the_search,
    what_stands_on_a_match_is_not_counted_twice, no_match_bad_patterns_and_case_are_announced,
    the_next_match_is_selected, the_table_has_the_sums_that_c_made, the_table_sorts_by_its_headings,
    a_sandwich_has_the_totals_that_c_made, callers_and_callees_are_merged,
    a_frame_or_a_row_opens_its_sandwich, another_column_is_another_measure,
    a_filter_lets_only_samples_with_its_label_pass, a_comparison_shows_changes_and_colours_them,
    stacks_by_the_300000_open_from_four_megabytes, names_that_attack_do_nothing,
    the_policy_stops_what_is_not_the_pages_own, without_scripts_there_is_a_picture_and_a_table,
    dark_and_light_are_as_the_viewer_prefers, a_new_size_is_drawn_anew,
    the_root_is_in_sight_at_any_size, the_deepest_and_the_widest_can_be_drawn,
]);
