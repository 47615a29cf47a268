/*
 * The profiles of docs/page.md: a made-up shop with four threads that serve, which stand still while
 * another collects garbage; its times and its memory before and after a mend. Always the same.
 * Run by itself it writes them to a folder: node tests/browser/tour/shop.mjs FOLDER.
 */
import {mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const PERIOD = 10101010; // nanoseconds between samples: 99 Hz
const SECONDS = 12, STILL = [6, 7]; // when threads stand still

// [module, file and line]; the line of a function that calls another is that of the call.
const PLACES = {
    handle: ["shop", "shop.c:29"], parse_order: ["shop", "order.c:41"], find_item: ["shop", "shop.c:13"],
    compare_names: ["shop", "shop.c:8"], fold_case: ["shop", "text.c:20"], render: ["shop", "shop.c:21"],
    put_escaped: ["shop", "page.c:17"], grow: ["shop", "page.c:9"], send_all: ["shop", "net.c:55"],
    strcoll: ["libc.so.6"], realloc: ["libc.so.6"], memmove: ["libc.so.6"], write: ["libc.so.6"],
    epoll_wait: ["libc.so.6"], tcp_sendmsg: ["[kernel.kallsyms]"], collect: ["shop", "heap.c:80"],
    mark: ["shop", "heap.c:52"], sweep: ["shop", "heap.c:66"], accept_loop: ["shop", "net.c:12"],
    flush_log: ["shop", "log.c:31"], main: ["shop", "main.c:9"],
};

// What a thread that serves does, and how often. A frame with a line of its own is NAME@LINE.
const SERVING = [
    [30, "handle@31;find_item@14;compare_names;strcoll"], [17, "handle@31;find_item@14;compare_names;fold_case"],
    [9, "handle@31;find_item@13"], [4, "handle@31;find_item@14;compare_names"], [11, "handle;parse_order"],
    [7, "handle@32;render@23;put_escaped;grow;realloc;memmove"], [5, "handle@32;render@23;put_escaped"],
    [2, "handle@32;render@21"], [8, "handle@33;send_all;write;tcp_sendmsg"], [3, "handle@33;send_all"],
];
// Names are looked up in a table now, and pages are made with room for what comes.
const MENDED = [
    [4, "handle@31;find_item@14;compare_names;fold_case"], [11, "handle;parse_order"],
    [2, "handle@32;render@23;put_escaped;grow;realloc;memmove"], [6, "handle@32;render@23;put_escaped"],
    [2, "handle@32;render@21"], [9, "handle@33;send_all;write;tcp_sendmsg"], [3, "handle@33;send_all"],
    [6, "handle@31;find_item@14;hash_name"],
];

function makeRandom(seed) {
    let at = seed;
    return (n) => {
        at = (at * 1103515245 + 12345) % 2 ** 31;
        return Math.floor(at / 2 ** 31 * n);
    };
}

function pickOf(list, random) {
    let left = random(list.reduce((sum, [n]) => sum + n, 0));
    return list.find(([n]) => (left -= n) < 0)[1];
}

// One sample as perf script -F +srcline prints it; `stack` from the root.
function textOf(comm, tid, at, stack) {
    const frames = stack.split(";").reverse().map((word) => {
        const [name, line] = word.split("@"), [module, place] = PLACES[name] || ["shop", "table.c:18"];
        const where = place && (line ? place.replace(/\d+$/, line) : place);
        const address = (0x401000 + 64 * Object.keys(PLACES).indexOf(name) + Number(line || 0)).toString(16);
        const path = module.startsWith("[") ? module : module === "shop" ? "/opt/shop" : "/lib/" + module;
        return `\t${address} ${name}+0x4 (${path})\n` + (where ? `  ${where}\n` : "");
    });
    return `${comm} 700/${tid} [000] ${at.toFixed(6)}: ${PERIOD} cpu-clock: \n${frames.join("")}\n`;
}

// Samples of all threads in the order of time.
function recording(serving, seed, busy) {
    const random = makeRandom(seed), list = [];
    const every = (tid, comm, from, to, percent, stack) => {
        for (let at = from + random(9000) / 1e6; at < to; at += PERIOD / 1e9)
            if (random(100) < percent)
                list.push([at, comm, tid, stack()]);
    };
    for (let tid = 711; tid <= 714; tid++)
        for (const [from, to] of [[0, STILL[0]], [STILL[1], SECONDS]])
            every(tid, "serve", from + random(30) / 1000, to, tid === 714 ? busy / 2 : busy,
                  () => "main;" + pickOf(serving, random));
    every(715, "collector", STILL[0], STILL[1], 99, () => "main;collect;" + (random(4) ? "mark" : "sweep"));
    every(710, "accept", 0, SECONDS, 4, () => "main;accept_loop;epoll_wait");
    every(716, "log", 9, 9.4, 90, () => "main;flush_log;write");
    return list.sort((a, b) => a[0] - b[0]).map(([at, comm, tid, stack]) =>
        textOf(comm, tid, 4000 + at, stack)).join("");
}

// What the heap holds after each of eight minutes: folded stacks of bytes.
const dumps = () => Array.from({length: 8}, (none, i) => [
    `main;handle;open_session;keep ${(40 + 130 * i) * 1024}`,
    `main;handle;parse_order ${(900 + 350 * (i % 2)) * 1024}`,
    `main;load_items ${5200 * 1024}`, `main;handle;cache_page ${Math.min(1400, 300 + 500 * i) * 1024}`, "",
].join("\n"));

// Writes all; the paths by name.
export function writeShop(folder) {
    const files = {};
    const write = (name, text) => {
        files[name] = join(folder, name);
        writeFileSync(files[name], text);
    };
    mkdirSync(folder, {recursive: true});
    write("shop.c", readFileSync(join(here, "shop.c"), "utf8"));
    write("shop.perf", recording(SERVING, 5, 88));
    write("mended.perf", recording(MENDED, 11, 36));
    dumps().forEach((text, i) => write(`heap.${i + 1}.folded`, text));
    return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
    writeShop(process.argv[2] || ".");
