// SPDX-License-Identifier: GPL-3.0-or-later
// Which sources an account sees, changed without scripts, by the keyboard alone, on a phone: somebody who is signed in meanwhile
// has what he has from now on.
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

await story("small", async ({ ok, town, person }) => {
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

	ok((await tabTo(chef, "input[type=checkbox]")) > 0, "a box is reached");
	await chef.keyboard.press("Space");
	const size = await chef.locator("input[type=checkbox]").boundingBox();
	ok((await chef.locator("input[type=checkbox]").isChecked()) && size.height >= 24 && size.width >= 24, "checked; large enough for a finger", size);
	ok((await tabTo(chef, "input[name=motif]")) === 1, "then the reason");
	await chef.keyboard.type("agent du site");
	await Promise.all([chef.waitForNavigation(), chef.keyboard.press("Enter")]); // the first button: what is checked
	ok(await told(chef, "C'est changé"), "Enter limits to what is checked");
	ok((await journal()).includes("changé ; sources : toutes → site ; agent du site"), "written down with its reason", await journal());
	await lea.goto("/moderation");
	ok(lea.url().endsWith("/connexion"), "her open session is over", lea.url());

	await chef.goto("/comptes/lea");
	await tabTo(chef, "input[name=motif]");
	await chef.keyboard.type("renfort");
	ok((await tabTo(chef, "button[value=toutes]")) === 2, "and then the two buttons");
	await Promise.all([chef.waitForNavigation(), chef.keyboard.press("Enter")]);
	ok((await told(chef, "C'est changé")) && (await journal()).includes("changé ; sources : site → toutes ; renfort"), "all again");
});
