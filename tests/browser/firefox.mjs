// firefox.mjs - a headless Firefox, driven through WebDriver BiDi over a WebSocket of our own, so that
// the tests need Firefox and Node.js and no library.
import {spawn, spawnSync} from "node:child_process";
import {randomBytes} from "node:crypto";
import {mkdtempSync, rmSync} from "node:fs";
import {connect} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";

// The name of a Firefox that is installed, or null.
export function findFirefox() {
    const names = [process.env.FIREFOX, "firefox-esr", "firefox"];
    return names.find((name) => name && spawnSync(name, ["--version"]).status === 0) || null;
}

// --- a WebSocket, as a client: RFC 6455, texts alone ---

function frameOf(text) {
    const data = Buffer.from(text), mask = randomBytes(4), n = data.length;
    const head = n < 126 ? Buffer.from([0x81, 0x80 | n]) : n < 65536 ? Buffer.from([0x81, 0xfe, n >> 8, n & 255])
        : Buffer.concat([Buffer.from([0x81, 0xff, 0, 0, 0, 0]), Buffer.from(Uint32Array.of(n).buffer).reverse()]);
    return Buffer.concat([head, mask, data.map((byte, i) => byte ^ mask[i % 4])]);
}

// Takes frames from the front of a buffer: [[final, payload], ...] and what is left.
function framesOf(buffer) {
    const frames = [];
    for (;;) {
        let n = buffer[1] & 127, at = 2;
        if (buffer.length < 10 && (buffer.length < 2 || (n > 125 && buffer.length < (n === 126 ? 4 : 10))))
            break;
        if (n === 126)
            [n, at] = [buffer.readUInt16BE(2), 4];
        else if (n === 127)
            [n, at] = [Number(buffer.readBigUInt64BE(2)), 10];
        if (buffer.length < at + n)
            break;
        frames.push([buffer[0] >> 7, buffer.subarray(at, at + n)]);
        buffer = buffer.subarray(at + n);
    }
    return [frames, buffer];
}

function openSocket(port, hear) {
    return new Promise((resolve, reject) => {
        const socket = connect(port, "127.0.0.1");
        let rest = Buffer.alloc(0), parts = [], isOpen = false;
        socket.on("error", reject);
        socket.on("connect", () => socket.write(`GET /session HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` +
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
            `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`));
        socket.on("data", (data) => {
            rest = Buffer.concat([rest, data]);
            const end = rest.indexOf("\r\n\r\n");
            if (!isOpen && end < 0)
                return;
            if (!isOpen) {
                if (!rest.toString("latin1", 0, 12).endsWith("101"))
                    return reject(new Error(rest.toString("latin1", 0, end)));
                isOpen = true;
                rest = rest.subarray(end + 4);
                resolve({send: (text) => socket.write(frameOf(text)), end: () => socket.destroy()});
            }
            const [frames, left] = framesOf(rest);
            rest = left;
            for (const [final, payload] of frames) {
                parts.push(payload);
                if (!final)
                    continue;
                hear(JSON.parse(Buffer.concat(parts).toString("utf8")));
                parts = [];
            }
        });
    });
}

// --- the browser ---

export class Firefox {
    static async start(command) {
        const profile = mkdtempSync(join(tmpdir(), "pp-firefox-"));
        const args = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "about:blank"];
        const child = spawn(command, args, {stdio: ["ignore", "ignore", "pipe"]});
        const firefox = Object.assign(new Firefox(), {child, profile, next: 1, waiting: new Map()});
        const port = await new Promise((resolve, reject) => {
            let said = "";
            child.on("exit", () => reject(new Error("Firefox ended")));
            child.stderr.on("data", (data) => {
                const found = /BiDi listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(said += data);
                if (found)
                    resolve(Number(found[1]));
            });
        });
        firefox.socket = await openSocket(port, (message) => firefox.hear(message));
        await firefox.send("session.new", {capabilities: {}});
        const {contexts} = await firefox.send("browsingContext.getTree", {});
        firefox.context = contexts[0].context;
        return firefox;
    }

    hear({id, type, result, message}) {
        const waiting = this.waiting.get(id);
        this.waiting.delete(id);
        if (waiting)
            type === "error" ? waiting.reject(new Error(message)) : waiting.resolve(result);
    }

    send(method, params) {
        const id = this.next++;
        this.socket.send(JSON.stringify({id, method, params}));
        return new Promise((resolve, reject) => this.waiting.set(id, {resolve, reject}));
    }

    // Opens a page of --to html, and waits until it shows itself.
    async open(url) {
        await this.send("browsingContext.navigate", {context: this.context, url, wait: "complete"});
        await this.quiet();
    }

    async quiet() {
        while (!await this.run(() => !document.querySelector("#app[hidden]") && document.body.ariaBusy !== "true"))
            await new Promise((resolve) => setTimeout(resolve, 20));
    }

    // What the function returns in the page.
    async run(f, ...args) {
        const list = args.map((arg) => JSON.stringify(arg)).join(", ");
        const answer = await this.send("script.evaluate", {
            expression: `(async () => JSON.stringify(await (${f})(${list})))()`,
            target: {context: this.context}, awaitPromise: true,
        });
        if (answer.type === "exception")
            throw new Error(answer.exceptionDetails.text);
        return answer.result.value === undefined ? undefined : JSON.parse(answer.result.value);
    }

    async close() {
        const ended = new Promise((resolve) => this.child.on("exit", resolve));
        this.socket.end();
        this.child.kill();
        await ended;
        rmSync(this.profile, {recursive: true, force: true, maxRetries: 5});
    }
}
