// SPDX-License-Identifier: GPL-3.0-or-later
// A phone (390×844, fingers), a window zoomed to 200 % (1280 px show 640) and to 400 % (320), letters alone at 200 %: nothing to
// scroll sideways on any page of the table of routes, everything there to press, and large enough for a finger.
import { devices } from "playwright-core";
import { ACTS, everybody, furnish, pagesOf, TOWN } from "./pages.mjs";
import { sideways, story, told } from "./stage.mjs";

const LEAST = 24; // css px: WCAG 2.2, 2.5.8

/** What a finger cannot hit; links inside a sentence are no targets of their own. */
function small(page) {
	return page.evaluate((least) => {
		const all = [...document.querySelectorAll("button, input:not([type=hidden]), textarea, summary, nav a, a.open")];
		const shown = all.filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > 0);
		const bad = shown.filter((e) => e.type !== "checkbox" && (e.getBoundingClientRect().height < least ||
			e.getBoundingClientRect().width < least));
		return bad.map((e) => `${e.tagName} ${e.innerText} ${e.getBoundingClientRect().height}`);
	}, LEAST);
}

/** What is wrong with these pages: what sticks out, what is too small to press. */
async function looks(page, list, act = (where, path) => where.goto(path)) {
	const bad = [];
	for (const one of list) {
		await act(page, one);
		const [out, little] = [await sideways(page), await small(page)];
		if (out || little.length) bad.push({ page: one.name ?? one, out, little });
	}
	return bad;
}

await story("small", async (stage) => {
	const { ok, town, again, visitor } = stage;
	const phone = { ...devices["Pixel 7"], viewport: { width: 390, height: 844 }, userAgent: undefined, locale: "fr-FR" };
	const widths = [["390 px", phone], ["200 %", { viewport: { width: 640, height: 512 } }], ["400 %", { viewport: { width: 320, height: 512 } }]];
	const link = await town.link();
	for (const [name, options] of widths) {
		const stranger = await visitor(options);
		const bad = await looks(stranger, ["/connexion", link]);
		ok(bad.length === 0, `${name}: who has no account`, bad);
		await stranger.context().close();
	}
	const wide = await everybody(stage);
	const long = "x".repeat(900);
	const known = await furnish(stage, wide, { said: (text) => `${text} ${long}`, dress: (text) => `${text} ${"x".repeat(60)}`, account: "W".repeat(200) });
	const { pages, unknown } = await pagesOf(town, known);
	const paths = pages.map(({ path }) => path);
	ok(unknown.length === 0, "each route that answers a page has an example in pages.mjs", unknown);

	for (const [name, options] of widths) {
		const window = await again("anne", options);
		const bad = [...(await looks(window, paths)), ...(await looks(window, ACTS.filter(({ stranger }) => !stranger), (page, { act }) => act(page, known)))];
		ok(bad.length === 0, `${name}: nothing sticks out of ${paths.length} pages and what forms answer, what one presses is large enough`, bad.slice(0, 40).map((b) => JSON.stringify(b).slice(0, 300)));
		await window.goto("/moderation");
		ok(await window.getByRole("button", { name: "Laisser en ligne" }).first().isVisible(), `${name}: the decisions are there`);
		await window.context().close();
	}
	const larger = (page, path) => page.goto(path).then(() => page.evaluate(() => (document.documentElement.style.fontSize = "200%")));
	const bad = await looks(wide, paths, larger);
	ok(bad.length === 0, "letters alone at 200 %: nothing sticks out", bad.slice(0, 40).map((b) => JSON.stringify(b).slice(0, 300)));

	const page = await again("anne", phone);
	await page.goto("/moderation");
	const insult = page.locator("article.card").filter({ hasText: "malotru" });
	await insult.getByRole("button", { name: "Je m'en occupe" }).tap();
	ok(await told(page, "Vous vous en occupez"), "taken with a finger");
	await insult.getByLabel("Motif").tap();
	await page.keyboard.type("injure nette");
	await insult.getByRole("button", { name: "Masquer", exact: true }).tap();
	ok(await told(page, "Décision enregistrée"), "masked with a finger");
	await page.getByRole("link", { name: "Point de situation" }).tap();
	await page.getByRole("button", { name: "Je prends en charge" }).tap();
	ok(await told(page, "Vous prenez en charge"), "the alarm too");
}, TOWN);
