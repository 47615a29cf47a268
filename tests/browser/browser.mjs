// browser.mjs - a headless Chromium, driven through the pipe of its DevTools protocol, so that
// the tests need Chromium and Node.js and no library.
import {spawn, spawnSync} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";

const FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--remote-debugging-pipe",
];
const KEYS = {Enter: 13, Escape: 27, Tab: 9, F3: 114, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39,
              ArrowDown: 40, " ": 32, End: 35, Home: 36, F10: 121};
export const CONTROL = 2, SHIFT = 8;

const DEADLINE = 20000;

function withDeadline(promise, what) {
    let timer;
    const late = new Promise((resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`${what} took too long`)), DEADLINE);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// The name of an installed Chromium, or null.
export function findChromium() {
    const names = [process.env.CHROMIUM, "chromium", "chromium-browser", "google-chrome"];
    const runs = (name) => name && spawnSync(name, ["--version"]).status === 0;
    return names.find(runs) || null;
}

export class Browser {
    constructor(child, profile) {
        Object.assign(this, {child, profile, next: 1, waiting: new Map(), pages: new Map()});
        let rest = "";
        child.stdio[4].setEncoding("utf8");
        child.stdio[4].on("data", (text) => {
            const messages = (rest + text).split("\0");
            rest = messages.pop();
            messages.forEach((message) => this.receive(JSON.parse(message)));
        });
        child.stdio[3].on("error", () => {});
    }

    static start(command) {
        const profile = mkdtempSync(join(tmpdir(), "pp-browser-"));
        const args = [...FLAGS, `--user-data-dir=${profile}`, "about:blank"];
        const stdio = ["ignore", "ignore", "ignore", "pipe", "pipe"];
        return new Browser(spawn(command, args, {stdio}), profile);
    }

    receive(message) {
        const waiting = this.waiting.get(message.id);
        this.waiting.delete(message.id);
        if (waiting && message.error)
            waiting.reject(new Error(message.error.message));
        else if (waiting)
            waiting.resolve(message.result);
        else if (this.pages.has(message.sessionId))
            this.pages.get(message.sessionId).hear(message.method, message.params);
    }

    send(method, params = {}, sessionId = undefined) {
        const id = this.next++;
        this.child.stdio[3].write(JSON.stringify({id, method, params, sessionId}) + "\0");
        const answer = new Promise((resolve, reject) => this.waiting.set(id, {resolve, reject}));
        return withDeadline(answer, method);
    }

    // Opens a file. `look`: {width, height, dark}. Unless `ready` is false, waits until a page of
    // --to html has drawn its first view.
    async open(file, look = {}, hash = "", ready = true) {
        const {targetId} = await this.send("Target.createTarget", {url: "about:blank"});
        const attached = await this.send("Target.attachToTarget", {targetId, flatten: true});
        const page = new Page(this, attached.sessionId, targetId);
        this.pages.set(attached.sessionId, page);
        for (const domain of ["Page", "Runtime", "Log"])
            await page.send(`${domain}.enable`);
        await page.send("Page.addScriptToEvaluateOnNewDocument",
                        {source: `(${countWhatIsPutOff})()`});
        await page.look(look);
        await page.go(pathToFileURL(file).href + hash);
        if (ready)
            await page.until(() => !document.querySelector("#app[hidden]") &&
                (!document.body || document.body.getAttribute("aria-busy") !== "true"));
        return page;
    }

    async close() {
        const ended = new Promise((resolve) => this.child.on("exit", resolve));
        await this.send("Browser.close").catch(() => this.child.kill());
        await withDeadline(ended, "closing").catch(() => this.child.kill("SIGKILL"));
        rmSync(this.profile, {recursive: true, force: true, maxRetries: 5});
    }
}

// Counts the tasks that a page has deferred; installed before the page's own scripts run.
function countWhatIsPutOff() {
    const putOff = window.putOff = new Set();
    const wrap = (begin, end) => {
        const plainBegin = window[begin].bind(window), plainEnd = window[end].bind(window);
        window[begin] = (f, ...rest) => {
            const id = plainBegin((...args) => {
                putOff.delete(begin + id);
                f(...args);
            }, ...rest);
            putOff.add(begin + id);
            return id;
        };
        window[end] = (id) => {
            putOff.delete(begin + id);
            plainEnd(id);
        };
    };
    wrap("setTimeout", "clearTimeout");
    wrap("requestAnimationFrame", "cancelAnimationFrame");
}

class Page {
    constructor(browser, session, target) {
        Object.assign(this, {browser, session, target, errors: [], dialogs: [], answers: []});
    }

    send(method, params) {
        return this.browser.send(method, params, this.session);
    }

    hear(method, params) {
        if (method === "Runtime.exceptionThrown") {
            const details = params.exceptionDetails;
            this.errors.push((details.exception || {}).description || details.text);
        } else if (method === "Log.entryAdded" && params.entry.level === "error") {
            this.errors.push(params.entry.text);
        } else if (method === "Page.javascriptDialogOpening") {
            this.dialogs.push(params.message);
            const text = this.answers.shift();
            const accept = text !== undefined && text !== null;
            this.send("Page.handleJavaScriptDialog", {accept, promptText: text || ""})
                .catch((error) => this.errors.push(String(error)));
        } else if (method === "Page.loadEventFired" && this.loaded) {
            this.loaded();
        }
    }

    async go(url) {
        const loaded = new Promise((resolve) => { this.loaded = resolve; });
        await this.send("Page.navigate", {url});
        await withDeadline(loaded, "loading");
    }

    async look({width = 1200, height = 800, dark = false}) {
        await this.send("Emulation.setDeviceMetricsOverride",
                        {width, height, deviceScaleFactor: 1, mobile: false});
        const value = dark ? "dark" : "light";
        await this.send("Emulation.setEmulatedMedia",
                        {features: [{name: "prefers-color-scheme", value}]});
    }

    // Runs the function in the page, and returns its result.
    async run(f, ...args) {
        const list = args.map((arg) => JSON.stringify(arg)).join(", ");
        const answer = await this.send("Runtime.evaluate", {
            expression: `(${f})(${list})`, returnByValue: true, awaitPromise: true,
        });
        if (answer.exceptionDetails)
            throw new Error(answer.exceptionDetails.exception.description);
        return answer.result.value;
    }

    // Waits until the function returns a true value, and returns that.
    async until(f, ...args) {
        for (const start = Date.now(); Date.now() - start < DEADLINE;) {
            const value = await this.run(f, ...args);
            if (value)
                return value;
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
        throw new Error(`never true: ${f}`);
    }

    // Waits until the page has nothing left to do. It needs a frame to notice events.
    async quiet() {
        await this.run(() => new Promise((resolve) => requestAnimationFrame(resolve)));
        await this.until(() => putOff.size === 0 && document.body.ariaBusy !== "true");
    }

    async key(key, modifiers = 0) {
        const code = KEYS[key] || key.toUpperCase().charCodeAt(0);
        const event = {key, modifiers, windowsVirtualKeyCode: code,
                       code: key.length > 1 ? key : `Key${key.toUpperCase()}`};
        await this.send("Input.dispatchKeyEvent", {type: "rawKeyDown", ...event});
        await this.send("Input.dispatchKeyEvent", {type: "keyUp", ...event});
    }

    async mouse(type, x, y, button = "none", modifiers = 0) {
        const clickCount = button === "none" ? 0 : 1;
        await this.send("Input.dispatchMouseEvent", {type, x, y, button, clickCount, modifiers});
    }

    async click({x, y}, button = "left", modifiers = 0) {
        await this.mouse("mouseMoved", x, y);
        await this.mouse("mousePressed", x, y, button, modifiers);
        await this.mouse("mouseReleased", x, y, button, modifiers);
    }

    async screenshot(file) {
        const {data} = await this.send("Page.captureScreenshot", {format: "png"});
        writeFileSync(file, Buffer.from(data, "base64"));
    }

    async close() {
        await this.browser.send("Target.closeTarget", {targetId: this.target});
        this.browser.pages.delete(this.session);
    }
}
