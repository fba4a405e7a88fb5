// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the console, by hand:
//   TOCSIN_BUILD=build/check node tests/browser/pictures.mjs readme   those of README, into src/console/pictures/
//   … pictures.mjs FOLDER         every page of the table of routes: light, dark, on a phone, before anything was heard
//   … pictures.mjs FOLDER crise   the sample town's worst night
// README's are of the sample town, five hours after the leak. No test: a person looks.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { shared } from "./accessible.mjs";
import { ACTS, emptyPages, everybody, furnish, pagesOf, TOWN } from "./pages.mjs";
import { story, until } from "./stage.mjs";

const NIGHT = "2026-01-27T16:40:00+01:00";
const WIDE = { viewport: { width: 1100, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 } };
const OURS = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "src", "console", "pictures");
const folder = process.argv[2];

async function take(page, path, colorScheme = "light", fullPage = false) {
	await page.emulateMedia({ colorScheme });
	await page.screenshot({ path, fullPage });
}

/** The sample town on its bad night: the queue, the situation in both themes, the rule that found most. */
async function crisis({ town, person }, put) {
	const page = await person("anne", "moderation,dircom,regles,juriste", WIDE);
	await town.hear(NIGHT);
	const rings = async () => (await page.goto("/situation"), (await page.locator(".whole").innerText()).includes("ROUGE"));
	await until(page, rings);
	await put(page, "situation");
	await put(page, "situation-sombre", "dark");
	await page.goto("/moderation");
	await put(page, "file");
	await page.goto("/regles");
	const best = await page.locator("a[href^='/regles/regle/injure']").evaluateAll((all) => {
		const hits = (a) => Math.max(0, ...[...a.closest("tr").cells].map((c) => Number(c.textContent.replace(/\s/g, "")) || 0));
		return all.filter((a) => a.closest("tr")).sort((a, b) => hits(b) - hits(a))[0].getAttribute("href");
	});
	await page.goto(best);
	await until(page, async () => (await page.reload(), !(await page.locator("main").innerText()).includes("en train d'être compté")));
	await put(page, "regle");
}

/** Everything, a file each. */
async function all(stage) {
	const { town, again } = stage;
	const anne = await everybody(stage);
	const name = (path, how) => join(folder, `${path.slice(1).replace(/[^\w.-]+/g, "_") || "accueil"}.${how}.png`);
	await shared(anne, await emptyPages(town), async (page, path) => (await page.goto(path), await take(page, name(path, "vide"), "light", true)), 2);
	const known = await furnish(stage, anne);
	const { pages } = await pagesOf(town, known);
	await shared(anne, pages, async (page, { path }) => {
		await page.goto(path);
		for (const theme of ["light", "dark"]) await take(page, name(path, theme), theme, true);
	}, 2);
	await shared(await again("anne", PHONE), pages, async (page, { path }) => (await page.goto(path), await take(page, name(path, "phone"), "light", true)), 2);
	await shared(anne, ACTS.filter(({ stranger }) => !stranger), async (page, one) => (await one.act(page, known), await take(page, name("/" + one.name, "light"), "light", true)), 1);
}

if (!folder) throw new Error("pictures.mjs readme|FOLDER");
if (folder === "readme") await story("valmont", (stage) => crisis(stage, (page, name, theme) => take(page, join(OURS, name + ".png"), theme)));
else {
	mkdirSync(folder, { recursive: true });
	const night = process.argv[3] === "crise";
	const put = (page, name, theme) => take(page, join(folder, `crise-${name}.png`), theme, true);
	await (night ? story("valmont", (stage) => crisis(stage, put)) : story("small", all, TOWN));
}
