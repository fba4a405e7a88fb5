// SPDX-License-Identifier: GPL-3.0-or-later
// axe-core (WCAG 2.1 A and AA, and its best practices) over a page as it stands.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ALL = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
const COLOURS = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

const THEMES = [["light", ALL], ["dark", COLOURS]];
export const LIGHT = THEMES.slice(0, 1);

/** Its pages bring axe with them: quicker than to bring it to each. */
const equip = (context) => context.addInitScript({ content: AXE });

/** axe runs beside the page's Content-Security-Policy, in the same document. */
async function run(page, runOnly) {
	if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
	const options = { runOnly, resultTypes: ["violations"] };
	const found = await page.evaluate((more) => window.axe.run(document, more), options);
	const bad = found.violations.map((v) => ({ rule: v.id, help: v.help, where: v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + n.failureSummary) }));
	return { bad, passes: found.passes.length };
}

/** What is wrong with a page in either theme: an empty list is good. The dark one is other colours and nothing else
 * (console.css): there the rules about colours alone have something new to say. passed(n): so many rules had nothing to say. */
export async function wrong(page, passed = () => {}, themes = THEMES) {
	const all = [];
	for (const [colorScheme, rules] of themes) {
		await page.emulateMedia({ colorScheme });
		const found = await run(page, rules);
		passed(found.passes);
		all.push(...found.bad.map((b) => ({ colorScheme, ...b })));
	}
	return all;
}

/** For stories that look at many pages: look(page, name); go(page, path, status), whether that page came, and not another in its
 * place; visit, both; so_far(name), one point for what was looked at. */
export function looker(ok, themes) {
	let pages = 0;
	let rules = 0;
	let bad = [];
	const look = async (page, name) => {
		const found = await wrong(page, (passes) => (rules += passes), themes);
		pages += 1;
		if (found.length) bad.push({ name: `${name} (${await page.locator("html").getAttribute("lang")})`, found });
	};
	const go = async (page, path, status = 200) => {
		const answer = await page.goto(path);
		const wanted = new URL(path, page.url()).pathname;
		const came = new URL(page.url()).pathname;
		const right = answer.status() === status && came === wanted;
		if (!right) bad.push({ name: path, status: answer.status(), came });
		return right;
	};
	const visit = async (page, path, status) => {
		await go(page, path, status);
		await look(page, path);
	};
	const so_far = (name) => {
		ok(bad.length === 0 && pages > 0, `${name}: ${pages} pages, ${rules} rules passed, no violation`, bad);
		[pages, rules, bad] = [0, 0, []];
	};
	return { look, go, visit, so_far };
}

/** The list, so many at a time; each worker has a page of its own in this one's browser. */
export async function shared(first, list, work, at_once = 4) {
	await equip(first.context());
	const left = [...list];
	const worker = async () => {
		const page = await first.context().newPage();
		while (left.length) await work(page, left.shift());
		await page.close();
	};
	await Promise.all(Array.from({ length: at_once }, worker));
}
