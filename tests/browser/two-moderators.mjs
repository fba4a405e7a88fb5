// SPDX-License-Identifier: GPL-3.0-or-later
// Two people before one queue: each sees what the other works on, nobody undoes the other's work unknowingly, what was typed
// is kept, a double click is one decision.
import { comment, story, told } from "./stage.mjs";

await story("small", async ({ ok, town, person, again }) => {
	await town.say([comment(1, "Espèce de connard, ça suffit", 1), comment(2, "Quel abruti", 2), comment(3, "Encore un abruti", 3)]);
	const [anne, bob] = [await person("anne", "moderation"), await person("bob", "moderation")];
	const insult = (page) => page.locator("article.card").filter({ hasText: "connard" });
	const take = (page) => insult(page).getByRole("button", { name: "Je m'en occupe" });

	await bob.goto("/moderation");
	await take(anne).click();
	ok((await insult(anne).innerText()).includes("Vous vous en occupez"), "anne takes it");
	await take(bob).click();
	ok(await told(bob, "anne s'en occupe déjà"), "bob, with an older page, is told");
	ok((await insult(bob).innerText()).includes("anne s'en occupe"), "… and sees it on the item");
	ok((await insult(bob).getByRole("button").count()) === 0, "… which he cannot decide");

	// the same item, open with both before anybody had it
	await anne.locator("article.card").filter({ hasText: "Quel abruti" }).locator("a.open").click();
	await bob.locator("article.card").filter({ hasText: "Quel abruti" }).locator("a.open").click();
	await bob.getByLabel("Motif").fill("une longue explication de bob");
	await anne.getByRole("button", { name: "Laisser en ligne" }).click();
	await anne.waitForURL("**/moderation");
	await bob.getByRole("button", { name: "Masquer", exact: true }).click();
	ok(await told(bob, "a décidé avant vous"), "who comes second is told");
	ok((await bob.locator(".history").innerText()).includes("Laisser en ligne"), "… by what it was decided");
	ok((await bob.locator(".kept").innerText()).includes("une longue explication de bob"), "… and has what he typed before him");

	// two tabs of one person, an old one
	const tab = await again("anne");
	await tab.goto("/moderation");
	const item = tab.locator("article.card").filter({ hasText: "Encore un" });
	await item.getByRole("button", { name: "Laisser en ligne" }).dblclick();
	await tab.waitForURL("**/moderation");
	ok(await told(tab, "Décision enregistrée"), "a double click decides once, and says so");
	await anne.goto("/moderation");
	ok((await anne.locator("article.card").count()) === 1, "the other tab, loaded anew, has what is left");
	const rows = await town.json("queue");
	ok(rows.length === 1 && rows[0].comment.text.includes("connard"), "tocsin queue says the same", rows);
});
