// SPDX-License-Identifier: GPL-3.0-or-later
// Filters that are kept as a view, one's own or the team's, on the queue and on Tout lire; and what a first visit weighs.
import { wrong } from "./accessible.mjs";
import { comment, story, told } from "./stage.mjs";

const FIRST_VISIT = 100 * 1024; // bytes, nothing of it compressed: the page and what it asks for

await story("small", async ({ ok, town, person, again }) => {
	await town.say([...Array(60).keys()].map((i) => comment(i, `Quel abruti, numéro ${i}, il ne sait toujours pas lire un plan de circulation et la rue Foch est fermée`, i))
		.concat([comment(90, "on sait où tu habites", 90), comment(91, "Merci à tous", 91), comment(92, "Bonne journée", 92)]));
	const [anne, roche] = [await person("anne", "moderation"), await person("roche", "dircom")];
	const cards = (page) => page.locator("article.card");
	const views = (page) => page.getByRole("navigation", { name: "Vues", exact: true });

	const fresh = await again("anne");
	const came = [];
	fresh.on("response", (r) => came.push(r));
	await fresh.goto("/moderation");
	await fresh.waitForLoadState("load");
	const parts = came.filter((r) => r.status() === 200 && !(r.headers()["content-type"] ?? "").startsWith("text/event-stream"));
	const sizes = await Promise.all(parts.map(async (r) => [new URL(r.url()).pathname, (await r.body()).length]));
	const visit = sizes.reduce((sum, [, n]) => sum + n, 0);
	ok((await cards(fresh).count()) === 40 && sizes.length === 4 && visit <= FIRST_VISIT, `a first visit weighs ${visit} bytes`, sizes);

	await anne.goto("/moderation");
	await anne.getByRole("link", { name: "Filtrer" }).click();
	await anne.getByLabel("Supposition").selectOption("menace");
	await anne.getByRole("button", { name: "Filtrer" }).click();
	await anne.waitForURL("**categorie=menace**");
	ok((await cards(anne).count()) === 1, "one threat");
	await anne.getByLabel("Garder cette vue sous le nom").fill("Menaces <b>");
	await anne.keyboard.press("Enter");
	ok(await told(anne, "C'est fait"), "kept under a name");
	await anne.goto("/commentaires");
	ok((await cards(anne).count()) === 40, "everything, page by page");
	await views(anne).getByRole("link", { name: "Menaces <b>" }).click();
	await anne.waitForURL("**/moderation?categorie=menace**");
	ok((await cards(anne).count()) === 1, "its link leads there, from another list too");

	await anne.goto("/commentaires?filtrer=1");
	ok((await anne.getByLabel("Suivi").count()) === 0, "Tout lire: nobody is on what does not wait");
	await anne.getByLabel("Supposition").selectOption("menace");
	await anne.getByLabel("Depuis le").fill("2026-11-01");
	await anne.getByRole("button", { name: "Filtrer" }).click();
	await anne.waitForURL("**/commentaires?**menace**");
	ok((await cards(anne).count()) === 1, "what is a threat, whether it waits or not");
	await anne.getByRole("link", { name: /^Depuis le/ }).click();
	await anne.waitForURL((url) => !url.search.includes("du="));
	await anne.getByRole("link", { name: /^Supposition/ }).click();
	await anne.waitForURL((url) => url.pathname === "/commentaires" && !url.search.includes("categorie"));
	ok((await cards(anne).count()) === 40, "each filter can be taken away");
	await anne.getByRole("link", { name: "Suivants" }).click();
	await anne.waitForURL("**apres=**");
	ok((await cards(anne).count()) === 23, "the rest is on the next page");

	await roche.goto("/commentaires?source=site");
	await roche.getByLabel("Garder cette vue sous le nom").fill("Le site");
	await roche.getByLabel("pour toute l'équipe").check();
	await roche.getByRole("button", { name: "Garder la vue" }).click();
	ok(await told(roche, "C'est fait"), "the team's");
	await anne.goto("/vues");
	const row = (name) => anne.getByRole("row").filter({ hasText: name });
	ok((await row("Menaces <b>").innerText()).includes("1") && (await row("Le site").innerText()).includes("de l'équipe"), "both stand in the list of views");
	ok((await row("Le site").getByRole("button").count()) === 0, "what is the team's she does not remove");
	ok((await wrong(anne)).length === 0, "axe finds nothing", await wrong(anne));
	await row("Menaces <b>").getByRole("button", { name: "Retirer" }).click();
	ok(await told(anne, "C'est fait") && (await row("Menaces <b>").count()) === 0, "her own she does");
});
