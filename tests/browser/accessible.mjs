// SPDX-License-Identifier: GPL-3.0-or-later
// axe-core (WCAG 2.1 A and AA, and its best practices) over a page as it stands.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** axe runs beside the page's Content-Security-Policy, in the same document. */
export async function violations(page) {
	if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
	const options = { runOnly: { type: "tag", values: TAGS }, resultTypes: ["violations"] };
	const found = await page.evaluate((more) => window.axe.run(document, more), options);
	const bad = found.violations.map((v) => ({ rule: v.id, help: v.help, where: v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + n.failureSummary) }));
	return { bad, passes: found.passes.length };
}

/** What is wrong with a page in either theme: an empty list is good. */
export async function wrong(page) {
	const all = [];
	for (const colorScheme of ["light", "dark"]) {
		await page.emulateMedia({ colorScheme });
		all.push(...(await violations(page)).bad.map((b) => ({ colorScheme, ...b })));
	}
	return all;
}
