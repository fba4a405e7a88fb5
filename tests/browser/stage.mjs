// SPDX-License-Identifier: GPL-3.0-or-later
// What every story of this folder stands on: a town with the real pipeline (town_host.py), real Chromium, TAP.
//
//   story("small", async ({ ok, town, person, visitor }) => { … });
//
// ok(condition, name, detail)   one point
// town.NAME(…)                  a verb of town_host.py, awaited
// visitor({…})                  a page in a browser of its own: options of playwright's newContext
// person(name, roles, {…})      the same, signed in; services: of the role "service"
//
// Every page is watched: a dialog, an error, a word in the console that is not the browser's own about a refusal, window.__pwned, and a request
// to anywhere but the console are collected in `trouble`, which must be empty at the end. Names are resolved nowhere.
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createServer, request } from "node:http";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const HERE = dirname(fileURLToPath(import.meta.url));
const BROWSERS_OWN = /^(Failed to load resource|EventSource's response has a MIME type)/; // of an answer that is a refusal
const PATIENCE = 60_000; // ms: two cores are shared

// --- TAP

class Plan {
	n = 0;
	failed = 0;

	ok = (condition, name, detail) => {
		this.n += 1;
		this.failed += condition ? 0 : 1;
		console.log(`${condition ? "ok" : "not ok"} ${this.n} - ${name}`);
		if (!condition && detail !== undefined) {
			const text = typeof detail === "string" ? detail : JSON.stringify(detail, null, 1);
			for (const line of text.split("\n")) console.log("# " + line);
		}
		return Boolean(condition);
	};
}

// --- the town

function hostOf(kind, more) {
	const host = spawn("/usr/bin/python3", [join(HERE, "town_host.py"), kind, JSON.stringify(more)], { stdio: ["pipe", "pipe", "inherit"] });
	const waiting = [];
	const gone = new Promise((done) => host.on("exit", done));
	createInterface({ input: host.stdout }).on("line", (line) => {
		if (!line.startsWith("= ")) return console.log("# " + line);
		const answer = JSON.parse(line.slice(2));
		const { done, fail } = waiting.shift();
		if ("wrong" in answer) fail(new Error(answer.wrong));
		else done(answer.is);
	});
	gone.then(() => waiting.splice(0).forEach(({ fail }) => fail(new Error("the town's host ended"))));
	const ask = (...words) =>
		new Promise((done, fail) => {
			waiting.push({ done, fail });
			host.stdin.write(JSON.stringify(words) + "\n");
		});
	const end = () => {
		host.stdin.end();
		return gone;
	};
	return new Proxy({ end }, { get: (own, name) => own[name] ?? ((...more) => ask(name, ...more)) });
}

// --- the browser

function onPath(name) {
	for (const folder of process.env.PATH.split(delimiter)) {
		const path = join(folder, name);
		try {
			accessSync(path, constants.X_OK);
			return path;
		} catch {
			continue;
		}
	}
	throw new Error(`${name} is not on PATH: tools/setup test`);
}

export function launch() {
	const args = ["--disable-gpu", "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];
	if (process.getuid() === 0) args.push("--no-sandbox"); // Chromium has no sandbox for root
	return chromium.launch({ executablePath: onPath("chromium"), args, timeout: PATIENCE });
}

function watch(context, origin, trouble) {
	context.on("request", (request) => {
		const url = request.url();
		if (!url.startsWith(origin + "/") && url !== "data:,") trouble.push("request: " + url.slice(0, 200));
	});
	context.on("page", (page) => {
		page.on("dialog", (dialog) => {
			trouble.push("dialog: " + dialog.message());
			dialog.dismiss();
		});
		page.on("pageerror", (error) => trouble.push("error: " + error.message));
		page.on("console", (message) => {
			if (!BROWSERS_OWN.test(message.text())) trouble.push("console: " + message.text());
		});
		page.on("popup", (popup) => trouble.push("popup: " + popup.url()));
	});
	return context.addInitScript(() => {
		let made;
		Object.defineProperty(window, "__pwned", {
			get: () => made,
			set(value) {
				made = value;
				console.log("pwned: " + value);
			},
		});
	});
}

// --- a story

/** Signs in by the form of /connexion. */
export async function signIn(page, name, password) {
	await page.goto("/connexion");
	await page.fill("#nom", name);
	await page.fill("#secret", password);
	await Promise.all([page.waitForURL((url) => url.pathname !== "/connexion"), page.click("main button.main")]);
}

/** Waits for what the page tells of the last form, and for the rest of that page. */
export async function told(page, text) {
	const found = page.locator(".told").filter({ hasText: text });
	return found.waitFor({ timeout: PATIENCE / 2 }).then(() => page.waitForLoadState(), () => null).then(() => found.count()).then(Boolean);
}

/** Loads the page anew until this is so, or for so long at most: whether it is. */
export async function until(page, holds) {
	const end = Date.now() + PATIENCE;
	while (!(await holds()) && Date.now() < end) await page.reload();
	return holds();
}

/** Nothing sticks out to the right: null, or what does. */
export function sideways(page) {
	return page.evaluate(() => {
		const wide = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= wide) return null;
		const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > wide + 1);
		return out.map((e) => `${e.tagName}.${e.className} ${e.getBoundingClientRect().right}`).slice(0, 5).join("; ");
	});
}

/** A server before the console, which stays where it is when that one moves: {port, comes(name), moves(port), cuts(yes), end()}. Before its
 * socket it says who comes, as a town hall's own would. It hands a request on when it has it whole, in one write: the console
 * closes behind its answer, and node would still write the nothing behind a body (EPIPE) and never read that answer. */
function proxyTo(to) {
	let who = to.socketPath ? "" : undefined;
	let cut = false;
	const server = createServer(async (asked, answer) => {
		const headers = who === undefined ? asked.headers : { ...asked.headers, "remote-user": who };
		const pieces = await asked.toArray().catch(() => null);
		if (!pieces) return answer.destroy();
		const there = request({ ...to, method: asked.method, path: asked.url, headers }, (r) => {
			answer.writeHead(r.statusCode, r.headers);
			pipeline(r, answer, () => {}); // what dies on one side dies on the other
		});
		there.on("error", () => answer.destroy());
		answer.on("close", () => there.destroy());
		there.end(Buffer.concat(pieces));
	});
	server.on("connection", (socket) => cut && socket.destroy());
	return new Promise((done) =>
		server.listen(0, "127.0.0.1", () =>
			done({
				port: server.address().port,
				comes: (name) => (who = name),
				moves: (port) => (to.port = port),
				cuts: (yes) => ((cut = yes), yes && server.closeAllConnections()),
				end: () => (server.close(), server.closeAllConnections()),
			}),
		),
	);
}

/** more: {rules, extra, policy, console, clock}, what the small town has beside: of its pack, of its configuration; proxied: it has a proxy, over
 * which everybody comes, under the name that `comes` said last. moving: `revive` kills its console and waits for the next one,
 * which people find where the first one was; `cuts(true)` cuts everybody's line to it, until cuts(false). */
export async function story(kind, play, { moving, ...more } = {}) {
	const plan = new Plan();
	const town = hostOf(kind, more);
	const trouble = [];
	let browser, proxy;
	try {
		const [{ port, password, socket }, started] = await Promise.all([town.start(), launch()]);
		browser = started;
		if (more.proxied) proxy = await proxyTo({ socketPath: socket });
		if (moving) proxy = await proxyTo({ host: "127.0.0.1", port });
		const origin = `http://127.0.0.1:${proxy?.port ?? port}`;
		const visitor = async (options = {}) => {
			const context = await browser.newContext({ baseURL: origin, locale: "fr-FR", ...options });
			context.setDefaultTimeout(PATIENCE);
			await watch(context, origin, trouble);
			return context.newPage();
		};
		const again = async (name, options) => {
			const page = await visitor(options);
			await signIn(page, name, password);
			return page;
		};
		const person = async (name, roles, { services, ...options } = {}) => {
			await town.account(name, roles, services);
			return again(name, options);
		};
		const revive = async () => proxy.moves(await town.revive());
		await play({ ok: plan.ok, town, visitor, person, again, password, origin, comes: proxy?.comes, cuts: proxy?.cuts, revive });
		plan.ok(trouble.length === 0, "no dialog, no error, no foreign script, no request to elsewhere", trouble);
		plan.ok((await town.stop()) === 0, "the town stops");
	} catch (error) {
		plan.ok(false, String(error.message).split("\n")[0], error.stack);
		for (const line of await town.log().catch(() => [])) console.log("# log: " + line);
	} finally {
		await browser?.close();
		proxy?.end();
		await town.end();
	}
	console.log(`1..${plan.n}`);
	process.exit(plan.failed ? 1 : 0);
}

/** A comment of the minute after midnight. */
export function comment(id, text, minute = 0, more = {}) {
	const at = new Date(Date.UTC(2026, 10, 1, 0, minute)).toISOString().replace(".000", "");
	return { id: String(id), text, author: "a" + id, created_at: at, ...more };
}
