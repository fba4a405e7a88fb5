// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts in the page, without scripts, by the keyboard alone, on a phone: which sources somebody sees, who is signed in meanwhile;
// a newcomer, from the link that is handed to him to the day he is shut out, which his open page says.
import { devices } from "playwright-core";
import { comment, sideways, story, told } from "./stage.mjs";

/** Tab as far as what fits; how many stops it took. */
async function tabTo(page, selector) {
	for (let stops = 1; stops < 60; stops++) {
		await page.keyboard.press("Tab");
		if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return stops;
	}
	return 0;
}

await story("small", async ({ ok, town, person, visitor }) => {
	await town.say([comment(1, "Espèce d'abruti", 1)]);
	const phone = { ...devices["Pixel 7"], viewport: { width: 390, height: 844 }, userAgent: undefined, locale: "fr-FR", javaScriptEnabled: false };
	const chef = await person("chef", "admin", phone);
	const lea = await person("lea", "moderation");
	const journal = async () => (await chef.goto("/conformite/journal?quoi=comptes"), chef.locator("main").innerText());

	await chef.goto("/equipe");
	ok((await tabTo(chef, 'main a[href="/comptes"], nav.tabs a[href="/comptes"]')) > 0, "the team's pages lead to the accounts");
	await Promise.all([chef.waitForNavigation(), chef.keyboard.press("Enter")]);
	ok((await tabTo(chef, 'a[href="/comptes/lea"]')) > 0, "an account's name is reached");
	await Promise.all([chef.waitForNavigation(), chef.keyboard.press("Enter")]);
	ok((await sideways(chef)) === null, "nothing sticks out on a phone", await sideways(chef));

	ok((await tabTo(chef, "summary")) > 0, "what may be changed is folded");
	await chef.keyboard.press("Enter");
	ok((await tabTo(chef, "input[name^=source-]")) === 1, "opened, its box is reached");
	await chef.keyboard.press("Space");
	const size = await chef.locator("input[name^=source-]").boundingBox();
	ok((await chef.locator("input[name^=source-]").isChecked()) && size.height >= 24 && size.width >= 24, "checked; large enough for a finger", size);
	ok((await tabTo(chef, "input[name=motif]")) === 1, "then the reason");
	await chef.keyboard.type("agent du site");
	await Promise.all([chef.waitForNavigation(), chef.keyboard.press("Enter")]); // the first button: what is checked
	ok(await told(chef, "C'est changé"), "Enter limits to what is checked");
	ok((await journal()).includes("changé ; sources : toutes → site ; agent du site"), "written down with its reason", await journal());
	await lea.goto("/moderation");
	ok(lea.url().endsWith("/connexion"), "her open session is over", lea.url());

	await chef.goto("/comptes/lea");
	await tabTo(chef, "summary");
	await chef.keyboard.press("Enter");
	await tabTo(chef, "input[name=motif]");
	await chef.keyboard.type("renfort");
	ok((await tabTo(chef, "button[value=toutes]")) === 2, "and then the two buttons");
	await Promise.all([chef.waitForNavigation(), chef.keyboard.press("Enter")]);
	ok((await told(chef, "C'est changé")) && (await journal()).includes("changé ; sources : site → toutes ; renfort"), "all again");

	// a newcomer
	await chef.goto("/comptes");
	ok((await tabTo(chef, 'a[href="/comptes-nouveau"]')) > 0, "the list leads to a new account");
	await Promise.all([chef.waitForNavigation(), chef.keyboard.press("Enter")]);
	ok((await sideways(chef)) === null && (await chef.locator("main").innerText()).includes("aucun commentaire"), "each role says what it sees; nothing sticks out", await sideways(chef));
	await tabTo(chef, "#nom");
	await chef.keyboard.type("zoe");
	ok((await tabTo(chef, "input[name=role-moderation]")) === 1, "then the roles");
	await chef.keyboard.press("Space");
	await tabTo(chef, "input[name=motif]");
	await chef.keyboard.type("nouvelle modératrice");
	await Promise.all([chef.waitForNavigation(), chef.keyboard.press("Enter")]);
	ok((await told(chef, "Le compte est ajouté")) && (await sideways(chef)) === null, "added, on a phone", await sideways(chef));
	const link = await chef.inputValue("#lien");
	await chef.reload();
	ok((await chef.locator("#lien").count()) === 0 && /\/mot-de-passe\/[0-9a-f]{64}$/.test(link), "its link is shown once", link);

	const zoe = await visitor();
	const own = "le mot de passe de zoé";
	await zoe.goto(new URL(link).pathname);
	ok((await zoe.locator("main").innerText()).includes("zoe"), "the link says whose password it is");
	await zoe.fill("#secret", own);
	await zoe.fill("#encore", own + "x");
	await zoe.click("main button.main");
	ok(await told(zoe, "ne sont pas les mêmes"), "two that differ are told");
	await zoe.fill("#secret", own);
	await zoe.fill("#encore", own);
	await Promise.all([zoe.waitForURL("**/connexion*"), zoe.click("main button.main")]);
	ok(await told(zoe, "choisi"), "chosen");
	await zoe.fill("#nom", "zoe");
	await zoe.fill("#secret", own);
	await Promise.all([zoe.waitForURL("**/moderation"), zoe.click("main button.main")]);
	await zoe.locator("article.card a.open").first().click();
	await zoe.getByRole("button", { name: "Masquer", exact: true }).waitFor();
	await zoe.getByLabel("Motif").fill("injure nette");
	await Promise.all([zoe.waitForURL("**/moderation"), zoe.getByRole("button", { name: "Masquer", exact: true }).click()]);
	ok((await zoe.locator("article.card").count()) === 0, "and she works");
	await zoe.goto("/commentaires");

	// … is shut out
	await chef.goto("/comptes/zoe");
	await chef.locator("summary", { hasText: "Fermer l'accès" }).focus();
	await chef.keyboard.press("Enter");
	ok((await chef.locator("form[action$=fermer]").locator("xpath=..").innerText()).includes("Ses rôles sont gardés") && (await sideways(chef)) === null, "what it means is said before");
	await tabTo(chef, "form[action$=fermer] input[name=motif]");
	await chef.keyboard.type("fin de contrat");
	await Promise.all([chef.waitForNavigation(), chef.keyboard.press("Enter")]);
	ok((await told(chef, "L'accès est fermé")) && (await journal()).includes("changé ; accès fermé ; fin de contrat"), "shut out, and written down");
	await zoe.locator("#liaison", { hasText: "Vous n'êtes plus connecté" }).waitFor();
	ok(true, "her open page says so by itself");
	await Promise.all([zoe.waitForURL("**/connexion"), zoe.locator("#liaison a").click()]);
	await zoe.fill("#nom", "zoe");
	await zoe.fill("#secret", own);
	await zoe.click("main button.main");
	ok(await told(zoe, "Votre accès est fermé"), "and with her password she is told why");
});
