// SPDX-License-Identifier: GPL-3.0-or-later
// axe-core (WCAG 2.1 A and AA, and its best practices): no violation on any page of the table of routes, in light and dark, in
// French and English; nor on what forms answer, nor on what is refused.
import { looker, shared, wrong } from "./accessible.mjs";
import { ACTS, everybody, furnish, pagesOf, TOWN } from "./pages.mjs";
import { story } from "./stage.mjs";

const LOCALES = ["fr-FR", "en-GB"];

await story("small", async (stage) => {
	const { ok, town, visitor, again } = stage;
	const { look, visit, so_far } = looker(ok);
	for (const locale of LOCALES) {
		const page = await visitor({ locale });
		for (const path of ["/connexion", await town.link()]) await visit(page, path);
		ok((await page.locator("html").getAttribute("lang")) === locale.slice(0, 2), `${locale} is spoken`);
		await page.emulateMedia({ colorScheme: "dark" });
		const dark = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
		await page.emulateMedia({ colorScheme: "light" });
		ok(dark !== (await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)), "dark is dark");
		await page.context().close();
	}
	so_far("before anybody has an account");

	const anne = await everybody(stage);
	const known = await furnish(stage, anne);
	const { pages, unknown } = await pagesOf(town, known);
	ok(unknown.length === 0, "each route that answers a page has an example in pages.mjs", unknown);
	for (const locale of LOCALES) {
		const first = await again("anne", { locale });
		await shared(first, pages, (page, { path, status }) => visit(page, path, status));
		so_far(`every page, ${locale}`);
		await shared(first, ACTS, async (page, { name, act, stranger }) => {
			const where = stranger ? await visitor({ locale }) : page;
			await act(where, known);
			await look(where, name);
			if (stranger) await where.context().close();
		}, 1); // two of them write on one draft
		so_far(`what forms answer, ${locale}`);
		await first.context().close();
	}

	const page = await visitor();
	await page.setContent('<html lang="fr"><head><title>x</title></head><body><img src="data:,"><p style="color:#eee;background:#fff">Pâle sur blanc</p></body></html>');
	const found = (await wrong(page)).map(({ colorScheme, rule }) => `${rule}, ${colorScheme}`);
	ok(["image-alt, light", "color-contrast, light", "color-contrast, dark"].every((one) => found.includes(one)), "axe finds what is wrong where something is", found);
}, TOWN);
