// SPDX-License-Identifier: GPL-3.0-or-later
// Two people before one queue: each sees what the other works on, nobody undoes the other's work unknowingly, what was typed
// is kept, a double click is one decision.
import { comment, story, told } from "./stage.mjs";

await story("small", async ({ ok, town, person, again }) => {
	await town.say([comment(1, "Espèce de connard, ça suffit", 1), comment(2, "Quel abruti", 2), comment(3, "Encore un abruti", 3)]);
	const [anne, bob] = [await person("anne", "moderation"), await person("bob", "moderation")];
	const eve = await person("eve", "dircom", { javaScriptEnabled: false }); // her pages are as old as they are
	const card = (page, text) => page.locator("article.card").filter({ hasText: text });
	const insult = (page) => card(page, "connard");
	const take = (page) => insult(page).getByRole("button", { name: "Je m'en occupe" });
	const seen = (page, text) => page.locator(".over").filter({ hasText: text }).waitFor().then(() => true, () => false);

	await bob.goto("/moderation");
	await eve.goto("/moderation");
	await take(anne).click();
	ok((await insult(anne).innerText()).includes("Vous vous en occupez"), "anne takes it");
	ok(await seen(bob, "anne s'en occupe"), "bob sees it on his open page");
	ok(await take(bob).isDisabled(), "… where he can no more take it");
	await take(eve).click();
	ok(await told(eve, "anne s'en occupe déjà"), "eve, with an older page, is told");
	ok((await insult(eve).innerText()).includes("anne s'en occupe") && (await insult(eve).getByRole("button").count()) === 0,
		"… and cannot decide it");

	// the same item, open with all before anybody had it
	for (const page of [anne, bob, eve]) await card(page, "Quel abruti").locator("a.open").click();
	await bob.getByLabel("Motif").fill("une explication de bob");
	await eve.getByLabel("Motif").fill("une longue explication d'ève");
	await anne.getByRole("button", { name: "Laisser en ligne" }).click();
	await anne.waitForURL("**/moderation");
	ok(await seen(bob, "anne"), "bob sees that it was decided");
	ok((await bob.getByLabel("Motif").inputValue()) === "une explication de bob", "… and what he was writing is there");
	await eve.getByRole("button", { name: "Masquer", exact: true }).click();
	ok(await told(eve, "a décidé avant vous"), "who comes second is told");
	ok((await eve.locator(".history").innerText()).includes("Laisser en ligne"), "… by what it was decided");
	ok((await eve.locator(".kept").innerText()).includes("une longue explication d'ève"), "… and has what she typed before her");

	// two tabs of one person, an old one
	const tab = await again("anne");
	await tab.goto("/moderation");
	const item = card(tab, "Encore un");
	await item.getByRole("button", { name: "Laisser en ligne" }).dblclick();
	await tab.waitForURL("**/moderation");
	ok(await told(tab, "Décision enregistrée"), "a double click decides once, and says so");
	await anne.goto("/moderation");
	ok((await anne.locator("article.card").count()) === 1, "the other tab, loaded anew, has what is left");
	const rows = await town.json("queue");
	ok(rows.length === 1 && rows[0].comment.text.includes("connard"), "tocsin queue says the same", rows);

	await insult(anne).getByLabel("Motif").fill("pour rien");
	await town.say([{ id: "1", deleted: true, created_at: comment(1, "", 5).created_at }]);
	ok(await seen(anne, "Supprimé à la source"), "the open page says that the comment is gone at its source");
	ok(await insult(anne).getByRole("button", { name: "Masquer", exact: true }).isDisabled(), "… where nothing is left to decide");
});
