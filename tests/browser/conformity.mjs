// SPDX-License-Identifier: GPL-3.0-or-later
// The DPO: what is kept, a purge with its preview and its proof, an export that is saved and read, a person's rights.
import { readFileSync } from "node:fs";
import { comment, story } from "./stage.mjs";

const WORD = "zanzibarderie";

/** The second cell of the row that this heads. */
const cell = (page, name) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) }).locator("td").first();

await story("small", async ({ ok, town, person }) => {
	const old = (i) => comment(`o${i}`, `vieille ${WORD} ${i}`, i, { created_at: "2026-08-01T08:00:00Z" });
	await town.say([old(1), old(2), old(3), comment(1, "Espèce de connard, ça suffit", 1), comment(2, "abruti", 2),
		comment(3, "=cmd|' /C calc'!A0", 3, { author: "colibri12" }), comment(4, "bonne soirée", 4, { author: "colibri12" })]);
	const page = await person("claire", "dpo");
	ok(new URL(page.url()).pathname === "/conformite", "the DPO begins with what is kept", page.url());
	ok((await page.getByRole("table", { name: "" }).first().innerText()).includes("non signalés"), "it is there");

	await page.getByRole("navigation", { name: "Conformité" }).getByRole("link", { name: "Purge" }).click();
	ok((await cell(page, "commentaires dont la durée est passée").innerText()) === "3", "three would go");
	await page.getByRole("button", { name: "Effacer définitivement" }).click();
	ok(page.url().endsWith("/conformite/purge") && (await page.locator("h1").innerText()) === "Purger", "the browser wants the reason");
	await page.getByLabel(/^Motif/).fill("durées passées");
	await page.getByRole("button", { name: "Effacer définitivement" }).click();
	await page.waitForURL(/\/conformite\/purge\/\d+$/);
	ok((await cell(page, "Commentaires effacés").innerText()) === "3", "three went");
	ok((await cell(page, "Chaîne de preuves").innerText()).startsWith("intacte"), "the chain holds");
	ok((await cell(page, "Motif").innerText()) === "durées passées", "and why");

	await page.getByRole("link", { name: "Exports" }).click();
	await page.getByLabel(/Commentaires, pour un tableur/).check();
	await page.getByLabel(/^Motif/).fill("bilan annuel");
	const [csv] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Exporter" }).click()]);
	const text = readFileSync(await csv.path(), "utf8");
	ok(csv.suggestedFilename().endsWith(".csv") && text.startsWith("\ufeff"), "a file is saved", csv.suggestedFilename());
	ok(text.includes(`"'=cmd|' /C calc'!A0"`) && !text.includes(WORD) && text.trim().split("\r\n").length === 5, "what is there, and no formula", text);
	await page.getByLabel(/Archive de preuves/).check();
	await page.getByLabel(/^Motif/).fill("dossier");
	const [proofs] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Exporter" }).click()]);
	const [code, out] = await town.run("verify", await proofs.path());
	ok(code === 0 && out.includes("2 maillons"), "the archive is proved", out);

	await page.getByRole("link", { name: "Une personne" }).click();
	await page.getByRole("combobox", { name: "Source" }).selectOption("site");
	await page.getByLabel(/^Nom du compte/).fill("@Colibri12");
	await page.getByLabel(/^Motif/).fill("demande reçue par courrier");
	await page.getByRole("button", { name: "Voir ce qui est gardé" }).click();
	await page.getByRole("listitem").filter({ hasText: "colibri12" }).getByRole("button", { name: "C'est ce compte" }).click();
	ok((await page.locator(".count").innerText()).startsWith("2 textes"), "what is held of a person");
	ok(!page.url().includes("colibri"), "no name in the address");
	await page.getByLabel(/Effacer pour toujours 2 textes/).check();
	await page.locator('form[action$="/effacer"]').getByLabel(/^Motif/).fill("demande d'effacement");
	await page.getByRole("button", { name: "Effacer", exact: true }).click();
	await page.waitForURL(/\/conformite\/purge\/\d+$/);
	ok((await cell(page, "Commentaires effacés").innerText()) === "2" && (await cell(page, "Motif").innerText()) === "demande d'effacement", "they went");

	await page.getByRole("link", { name: "Journal", exact: true }).click();
	const account = await page.locator("table").innerText();
	ok(["bilan annuel", "dossier", "demande reçue par courrier"].every((why) => account.includes(why)) && !account.includes("colibri"),
		"all of it is in the account, without the name", account);
});
