// SPDX-License-Identifier: GPL-3.0-or-later
// A new installation's first quarter of an hour: the printed link, an account, signing in, the queue with its marks, one
// comment taken, decided, undone, and out again.
import { comment, story, told } from "./stage.mjs";

await story("small", async ({ ok, town, visitor, password }) => {
	await town.say([comment(1, "Espèce de connard, ça suffit", 1), comment(2, "on sait où tu habites", 2), comment(3, "Merci bien", 3)]);
	const page = await visitor();

	await page.goto(await town.link());
	ok((await page.title()).startsWith("Premier compte"), "the link opens the form");
	await page.fill("#nom", "chef");
	await page.fill("#secret", password);
	await page.fill("#encore", password + " autre");
	await page.click("main button.main");
	ok(await told(page, ""), "two passwords that differ are told");
	await page.fill("#nom", "chef");
	await page.fill("#secret", password);
	await page.fill("#encore", password);
	await page.click("main button.main");
	await page.waitForURL("**/connexion");
	await page.fill("#nom", "chef");
	await page.fill("#secret", "ce n'est pas celui-là");
	await page.click("main button.main");
	ok(await told(page, "faux"), "a wrong password is told");
	await page.fill("#nom", "chef");
	await page.fill("#secret", password);
	await page.click("main button.main");
	await page.waitForURL("**/moderation");

	const cards = page.locator("article.card");
	ok((await cards.count()) === 2, "what needs an eye is in the queue, the thanks are not", await page.locator("main").innerText());
	ok((await cards.first().innerText()).includes("urgence"), "the urgent first");
	const insult = cards.filter({ hasText: "connard" });
	const mark = insult.locator("mark");
	ok((await mark.textContent()) === "connard" && (await insult.innerText()).includes("injure possible, à qualifier") &&
		(await insult.innerText()).includes("Relevé : Injure adressée à une personne"), "the match is marked, as a supposition; by what, is said below", await insult.innerText());
	ok((await mark.evaluate((e) => getComputedStyle(e).backgroundColor)) !== "rgba(0, 0, 0, 0)", "… and seen");

	await insult.getByRole("button", { name: "Je m'en occupe" }).click();
	ok(await told(page, "Vous vous en occupez"), "taken");
	await insult.getByRole("button", { name: "Masquer", exact: true }).click();
	ok(await told(page, "motif"), "masking wants a reason");
	await page.getByLabel("Motif").fill("injure nette");
	await page.getByRole("button", { name: "Masquer", exact: true }).click();
	await page.waitForURL("**/moderation");
	ok((await page.locator("article.card").count()) === 1, "decided, it leaves");
	await page.getByRole("button", { name: "Annuler" }).click();
	ok(await told(page, "attend de nouveau"), "undone");
	ok((await page.locator("article.card").count()) === 2, "… it waits again");
	await page.locator("article.card").filter({ hasText: "connard" }).locator("a.open").click();
	const history = await page.locator(".history").innerText();
	ok(history.includes("Masquer") && history.includes("Décision annulée") && history.includes("chef"), "the history keeps both", history);

	await page.getByRole("button", { name: "Se déconnecter" }).click();
	await page.waitForURL("**/connexion");
	await page.goBack();
	ok((await page.locator("article.card").count()) === 0 || page.url().endsWith("/connexion"), "after leaving, the back button shows nothing");
});
