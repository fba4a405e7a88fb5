// SPDX-License-Identifier: GPL-3.0-or-later
// Point de situation on paper: in the crisis of the sample town the dir'com prints it for the mayor. One sheet of A4, with the curve,
// nothing cut, no navigation, no letter below 8.5 points. What stands in the PDF is read from the PDF: its pages and links from
// its objects, the curve from what it draws.
import { inflateSync } from "node:zlib";
import { sideways, story, until } from "./stage.mjs";

const SHEET = { width: Math.round(((21 - 2 * 1.2) / 2.54) * 96), height: 1000 }; // within @page of console.css
const LEAST = 8.5; // points

const count = (text, what) => (text.match(what) ?? []).length;

/** The streams of a PDF, as they draw. */
function drawn(pdf) {
	const found = [];
	for (let at = pdf.indexOf("stream\n"); at >= 0; at = pdf.indexOf("stream\n", at)) {
		const end = pdf.indexOf("endstream", at);
		if (end < 0) break;
		try {
			found.push(inflateSync(pdf.subarray(at + 7, end)).toString("latin1"));
		} catch {
			// no text: a font
		}
		at = end + 9;
	}
	return found.join("\n");
}

/** The colours that lines are drawn with: "31,58,95". */
function inks(text) {
	return [...text.matchAll(/([\d.]+) ([\d.]+) ([\d.]+) RG/g)].map((m) => m.slice(1, 4).map((n) => Math.round(Number(n) * 255)).join());
}

/** What is printed and too small, or cut: of every element with words of its own. */
function badWords(least) {
	const bad = [];
	for (const e of document.querySelectorAll("body *")) {
		const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
		if (!own || !e.checkVisibility() || e.closest("svg, script, style")) continue;
		const [style, box] = [getComputedStyle(e), e.getBoundingClientRect()];
		if (box.width < 2 || box.right < 0) continue; // for screen readers, the way to the content
		if (parseFloat(style.fontSize) * 0.75 < least) bad.push(`${parseFloat(style.fontSize) * 0.75} pt: ${e.textContent.slice(0, 60)}`);
		if (style.overflow !== "visible" && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)) bad.push(`cut: ${e.textContent.slice(0, 60)}`);
	}
	for (const svg of document.querySelectorAll("main svg")) {
		const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
		for (const text of svg.querySelectorAll("text")) {
			const size = parseFloat(getComputedStyle(text).fontSize) * scale * 0.75;
			if (size < least) bad.push(`${size} pt in a curve: ${text.textContent}`);
		}
	}
	return bad;
}

await story("valmont", async ({ ok, town, person }) => {
	const page = await person("dircom", "dircom", { viewport: SHEET });
	await town.hear("2026-01-27T16:40:00+01:00");
	await page.goto("/situation");
	ok(await until(page, async () => (await page.locator(".whole").innerText()).includes("ROUGE")), "the town is at rouge");
	ok((await page.locator("article.alarm").count()) > 1, "two alarms ring");
	for (const colorScheme of ["light", "dark"]) {
		await page.emulateMedia({ media: "print", colorScheme });
		const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
		const raw = pdf.toString("latin1");
		ok(count(raw, /\/Type \/Page\b(?!s)/g) === 1, `${colorScheme}: one sheet`, count(raw, /\/Type \/Page\b(?!s)/g));
		const [, wide, high] = raw.match(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/) ?? [];
		ok(Math.abs(wide - 595) < 2 && Math.abs(high - 842) < 2, "… of A4", [wide, high]);
		const links = [...raw.matchAll(/\/URI \(http:\/\/[^/]+([^)]*)\)/g)].map((m) => m[1]);
		ok(links.length > 0 && links.every((to) => /^\/situation\/\d+$/.test(to)), "… with no navigation: its links are its alarms", links);
		const ink = await page.evaluate(() => [...document.querySelectorAll("main svg [stroke]")].map((e) => getComputedStyle(e).stroke.match(/\d+/g)?.slice(0, 3).join()));
		const printed = inks(drawn(pdf));
		const curve = ink.filter((one) => one && isColour(one) && printed.some((other) => near(one, other)));
		ok(curve.length > 1, "… and the curve is drawn on it", [ink, [...new Set(printed)]]);
		const bad = await page.evaluate(badWords, LEAST);
		ok(bad.length === 0, `… nothing is cut, nothing below ${LEAST} points`, bad);
		const ground = await page.evaluate(() => [getComputedStyle(document.querySelector("h1")).color, getComputedStyle(document.documentElement).backgroundColor]);
		ok(ground.join() === "rgb(28, 27, 25),rgb(255, 255, 255)", "… black on white", ground);
		ok((await sideways(page)) === null, "… nor sticks out", await sideways(page));
	}
	const text = await page.locator("main").innerText();
	ok(["Peupliers", "Verbatims", "Rumeurs", "Consigne", "Éléments de langage", "Personne n'en est chargé"].every((word) => text.includes(word)),
		"all that the mayor asks for is there", text);
	ok(!/Qui serait appelé|recharger|Se déconnecter|À modérer/.test(await page.locator("body").innerText()), "and nothing to press");
	await page.emulateMedia({ media: "screen" });
	ok(/Qui serait appelé/.test(await page.locator("body").innerText()), "which is back on the screen");
});

/** No grey, which borders and axes have too. */
function isColour(one) {
	const n = one.split(",").map(Number);
	return Math.max(...n) - Math.min(...n) > 40;
}

function near(a, b) {
	const [x, y] = [a.split(","), b.split(",")];
	return x.every((n, i) => Math.abs(n - y[i]) <= 2);
}
