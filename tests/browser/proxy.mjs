// SPDX-License-Identifier: GPL-3.0-or-later
// Behind the town hall's own sign-in: nobody types a password here, each is who the proxy says, and leaving says what it is worth.
import { wrong } from "./accessible.mjs";
import { comment, story, told } from "./stage.mjs";

await story("small", async ({ ok, town, visitor, comes }) => {
	await town.account("anne", "moderation");
	await town.account("bob", "dircom");
	await town.say([comment(1, "Quel abruti", 1)]);
	comes("anne");
	const page = await visitor();
	await page.goto("/");
	ok(new URL(page.url()).pathname === "/moderation" && (await page.locator(".me").innerText()) === "anne", "inside at once", page.url());
	await page.goto("/connexion");
	ok(new URL(page.url()).pathname === "/moderation", "nobody is asked for a password", page.url());
	const card = page.locator("article.card");
	await card.getByLabel("Motif").fill("hors charte");
	await town.say([comment(2, "Encore un abruti", 2)]);
	await page.locator("#nouvelles a").waitFor();
	ok((await page.locator("#nouvelles").innerText()).includes("1 nouvel élément"), "news come over the proxy too");
	await card.getByRole("button", { name: "Masquer", exact: true }).click();
	ok(await told(page, "Décision enregistrée"), "and decisions go");

	comes("bob");
	await page.goto("/situation");
	ok((await page.locator(".me").innerText()) === "bob", "with another's name one is another, whatever the browser kept");
	comes("zoe");
	const stranger = await visitor();
	await stranger.goto("/");
	ok((await stranger.locator("h1").innerText()).includes("pas de compte") && (await stranger.locator("main").innerText()).includes("zoe"), "who has no account is told under which name");
	ok((await wrong(stranger)).length === 0, "… readable for all", await wrong(stranger));

	comes("anne");
	await page.goto("/moderation");
	await page.getByRole("button", { name: "Se déconnecter" }).click();
	await page.getByRole("heading", { name: "Vous êtes sorti de tocsin" }).waitFor();
	ok((await page.locator("main").innerText()).includes("vous connaît encore"), "leaving says that the next page lets one in again");
	ok((await wrong(page)).length === 0, "… readable for all", await wrong(page));
}, { proxied: true });
