// SPDX-License-Identifier: GPL-3.0-or-later
// A rule edited, tried, published and rolled back, by a jurist's colleague who never saw a command line. Then without
// scripts; and somebody else who published meanwhile.
import { comment, story, told } from "./stage.mjs";

const ESSAI = "/regles/modifier/essai";
const replace = async (page, from, to) => {
	const text = page.getByLabel("Le paquet, en YAML");
	await text.fill((await text.inputValue()).replace(from, to));
};
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

await story("small", async ({ ok, town, person, again }) => {
	await town.say([comment(1, "Espèce de connard, ça suffit", 1), comment(2, "Quel malotru, ce monsieur", 2), comment(3, "Merci bien", 3)]);
	const page = await person("rosa", "moderation,regles");
	const waits = async () => (await town.json("queue")).map((q) => q.comment.id).sort().join();

	await page.goto("/moderation");
	await page.getByRole("link", { name: "Règles", exact: true }).click();
	const row = page.getByRole("row").filter({ hasText: "Injure adressée" });
	ok((await row.innerText()).includes("en service"), "the rules in force", await row.innerText());
	await row.getByRole("link").click();
	ok((await page.locator("main").innerText()).includes("Le concours de pétanque"), "one rule, with its examples");
	ok((await page.locator("mark").allInnerTexts()).join() === "connard", "… and what it found, marked");

	await page.getByRole("link", { name: "Essayer un texte" }).click();
	await page.getByLabel("Le texte").fill("Quel malotru !");
	await press(page, "Essayer");
	ok((await page.locator("section.card").innerText()).includes("Rien à signaler"), "a text that nothing catches");

	await page.getByRole("link", { name: "Modifier" }).click();
	await page.getByRole("link", { name: "essai.yaml" }).click();
	await replace(page, "abruti]", "abruti malotru]]");
	await press(page, "Vérifier");
	const problems = page.locator(".problems");
	ok((await problems.innerText()).includes("Erreur") && (await problems.innerText()).includes("malotru]]"), "a mistake, with its line", await problems.innerText());
	await problems.getByRole("link").first().click();
	const chosen = await page.locator("#texte").evaluate((t) => t.value.slice(t.selectionStart, t.selectionEnd));
	ok(chosen.includes("malotru]]") && (await page.locator("#ligne").innerText()) === "Ligne 11", "from the mistake to its line", chosen);
	await replace(page, "abruti malotru]]", "abruti, malotru]");
	await press(page, "Vérifier");
	ok(await told(page, "0 erreur"), "corrected");
	await press(page, "Essayer sur l'historique");
	const found = page.locator("section.card");
	ok((await found.innerText()).includes("1 de plus, 0 de moins") && (await found.locator("mark").innerText()) === "malotru",
		"on the history: one more, and which", await found.innerText());

	const before = await waits();
	await page.getByLabel("Pourquoi ?").fill("malotru manquait");
	await press(page, "Publier ces règles");
	ok(await told(page, "Règles publiées"), "published");
	await town.say([comment(4, "Un vrai malotru", 4)]);
	ok(before === "1" && (await waits()) === "1,4", "the next comment is flagged", await waits());

	const former = page.locator(".versions > li").nth(1);
	await former.getByRole("link", { name: "Voir ce qui changerait, et y revenir" }).click();
	await page.getByLabel("Pourquoi ?").fill("trop large");
	await press(page, "Revenir à cette version");
	ok(await told(page, "de nouveau en vigueur"), "and back");
	await town.say([comment(5, "Encore un malotru", 5)]);
	ok((await waits()) === "1,4", "the one after it is not", await waits());
	const log = await page.locator(".versions").innerText();
	ok(log.includes("malotru manquait") && log.includes("trop large") && log.includes("rosa"), "the log says who and why", log);

	const plain = await again("rosa", { javaScriptEnabled: false });
	await plain.goto(ESSAI);
	await replace(plain, "abruti]", "abruti, goujat]");
	const reason = plain.getByLabel("Pourquoi ?");
	await reason.fill("goujat manquait");
	await reason.press("Enter");
	ok(await told(plain, "Brouillon gardé"), "without scripts; Return publishes nothing");
	const paul = await person("paul", "regles");
	await paul.goto(ESSAI);
	await replace(paul, "abruti]", "abruti, butor]");
	await paul.getByLabel("Pourquoi ?").fill("butor manquait");
	await press(paul, "Publier ces règles");
	ok(await told(paul, "Règles publiées"), "somebody else publishes meanwhile");
	await plain.getByLabel("Pourquoi ?").fill("goujat manquait");
	await press(plain, "Publier ces règles");
	ok((await told(plain, "D'autres règles ont été publiées")) && (await plain.getByLabel("Le paquet").inputValue()).includes("goujat"),
		"that is told, and nothing typed is lost");
	ok((await plain.locator(".told").filter({ hasText: "butor manquait" }).count()) === 1, "… with who and why");
	await press(plain, "Repartir de la version en vigueur avec mon texte");
	ok(await told(plain, "version en vigueur"), "going on from there");
	await plain.goto("/regles/modifier");
	await press(plain, "Abandonner ce brouillon");
	ok(await told(plain, "Brouillon abandonné"), "dropped");
});
