// SPDX-License-Identifier: GPL-3.0-or-later
// Many at once, by keyboard: chosen with x and with Shift, seen before, decided, undone; and a second pair of eyes.
import { comment, story, told } from "./stage.mjs";

const RULE = `  - id: diffamation.fait
    title: Fait précis
    status: live
    category: diffamation
    priority: P3
    score: 6
    when: {words: [magouille]}
    tests: {match: ['quelle magouille'], no_match: ['quel beau temps']}
`;

await story("small", async ({ ok, town, person }) => {
	await town.say([...Array(6).keys()].map((i) => comment(i, `Quel abruti, numéro ${i}`, i)).concat(comment(9, "Quelle magouille", 9)));
	const [anne, bob] = [await person("anne", "moderation"), await person("bob", "dircom")];
	const cards = (page) => page.locator("article.card");

	await anne.goto("/moderation");
	await anne.getByRole("link", { name: "Décider de plusieurs à la fois" }).click();
	await anne.waitForURL("**choisir=1*");
	for (const key of ["j", "x", "j", "x"]) await anne.keyboard.press(key);
	ok((await anne.locator(".picked output").innerText()) === "2 choisis", "chosen with a key, and counted");
	await anne.locator(".pick input").nth(4).click({ modifiers: ["Shift"] });
	ok((await anne.locator(".pick input:checked").count()) >= 3, "with Shift, all up to there");
	await anne.locator(".pick input").first().focus();
	await anne.keyboard.press("x");
	await anne.keyboard.press("x");
	const n = await anne.locator(".pick input:checked").count();
	await anne.getByRole("button", { name: "Voir ce qui serait décidé" }).click();
	await anne.getByRole("heading", { name: "Décision groupée" }).waitFor();
	ok((await anne.locator("table").first().locator("tbody tr").count()) === n, "seen before");
	await anne.getByLabel("Motif, le même pour tous").fill("hors charte");
	await anne.getByRole("button", { name: `Masquer (${n})` }).dblclick();
	ok(await told(anne, `Décision enregistrée pour ${n} commentaires`), "decided at once, by a double click");
	ok((await cards(anne).count()) === 7 - n, "the others wait");
	await anne.getByRole("button", { name: /^Annuler \(dans les \d+ secondes\)$/ }).click();
	ok(await told(anne, `Annulé : ${n} commentaires attendent de nouveau`), "undone at once");
	ok((await cards(anne).count()) === 7, "all of them wait again");

	// a second pair of eyes, while the other one looks at it
	const slander = (page) => cards(page).filter({ hasText: "magouille" });
	await bob.goto("/moderation");
	await anne.goto("/moderation");
	await slander(anne).getByLabel("Motif").fill("imputation");
	await slander(anne).getByRole("button", { name: "Masquer", exact: true }).click();
	ok(await told(anne, "Proposition enregistrée"), "hiding it is only proposed");
	await bob.locator("#nouvelles a").click();
	await bob.waitForLoadState();
	ok((await slander(bob).innerText()).includes("anne propose de le masquer"), "the other one hears of it, and why");
	await slander(bob).focus();
	await bob.keyboard.press("v");
	ok(await told(bob, "Décision enregistrée"), "and confirms with a key");
	ok((await slander(bob).count()) === 0, "then it leaves");
}, { rules: RULE });
