// SPDX-License-Identifier: GPL-3.0-or-later
// A dossier: opened with the keyboard from the queue, added to by mouse, conducted by the jurist, exported and proved, printed on
// A4, lifted by the DPO.
import { comment, sideways, story, told } from "./stage.mjs";

const FROM = "Mettre dans un dossier";

await story("small", async ({ ok, town, person }) => {
	await town.say([comment(1, "Espèce de connard, ça suffit", 1, { url: "https://exemple.fr/1" }), comment(2, "quel abruti", 2), comment(3, "bonne journée", 3)]);
	const anne = await person("anne", "moderation");
	await anne.goto("/moderation");
	await anne.keyboard.press("j");
	await anne.keyboard.press("d");
	await anne.waitForURL(/\/moderation\/\d+\/dossier$/);
	await anne.getByLabel("Objet (sans nom de personne)").focus();
	await anne.keyboard.type("Injures à l'accueil");
	await anne.keyboard.press("Tab");
	await anne.keyboard.press("Tab");
	await anne.keyboard.type("un agent");
	await anne.keyboard.press("Tab");
	await anne.keyboard.type("L'agent a été en arrêt.");
	await anne.keyboard.press("Tab");
	await anne.keyboard.press("Enter");
	await anne.waitForURL(/\/dossiers\/1$/);
	ok(await told(anne, "Dossier ouvert"), "opened by keyboard alone");
	ok((await anne.locator("h1").innerText()).endsWith("Injures à l'accueil"), "under its name");
	const facts = await anne.locator("table.facts").first().innerText();
	ok(facts.includes("Plainte") && facts.includes("un agent"), "for what and for whom", facts);
	ok((await anne.locator(".conduct").count()) === 0, "the moderation does not conduct it");

	await anne.goto("/commentaires");
	await anne.getByRole("link", { name: "rien de signalé" }).click();
	await anne.getByRole("link", { name: FROM }).click();
	await anne.getByRole("combobox", { name: "Dossier" }).selectOption({ index: 0 });
	await anne.getByRole("button", { name: "Ajouter comme pièce" }).click();
	await anne.waitForURL(/\/dossiers\/1$/);
	ok((await anne.locator(".piece").count()) === 2, "a second piece");

	const lea = await person("lea", "juriste");
	await lea.getByRole("link", { name: "Dossiers", exact: true }).click();
	await lea.getByRole("link", { name: "n° 1" }).click();
	await lea.getByText("Inscrire un envoi").click();
	await lea.getByRole("combobox", { name: "Envoyé à" }).selectOption("article40");
	await lea.getByLabel(/^Le /).fill("2026-11-02T10:30");
	await lea.getByLabel(/^Référence/).fill("AR 1A 234");
	await lea.getByRole("button", { name: "Inscrire l'envoi" }).click();
	ok(await told(lea, "C'est inscrit"), "what was sent");
	ok((await lea.locator("table.data").innerText()).includes("AR 1A 234"), "stands in its log");
	await lea.getByText("Exporter les pièces").click();
	await lea.locator("form.file").getByLabel(/^Motif/).fill("pour le procureur");
	const [file] = await Promise.all([lea.waitForEvent("download"), lea.getByRole("button", { name: "Exporter" }).click()]);
	const [code, out] = await town.run("verify", await file.path());
	ok(code === 0 && out.includes("2 pièces"), "its archive is proved", out);
	await lea.emulateMedia({ media: "print" });
	const shown = await lea.locator("nav, form, .conduct, .screen, .told").evaluateAll((all) => all.filter((e) => e.offsetParent).map((e) => e.className));
	ok(shown.length === 0, "on paper there is nothing to press", shown);
	const paper = await lea.pdf({ preferCSSPageSize: true });
	ok(paper.includes("/MediaBox [0 0 594") || paper.includes("/MediaBox [0 0 595"), "A4", String(paper.subarray(0, 2000)));
	await lea.emulateMedia({ media: "screen" });

	const phone = await person("claire", "dpo", { viewport: { width: 360, height: 740 } });
	await phone.goto("/dossiers");
	ok((await sideways(phone)) === null, "the list fits a phone", await sideways(phone));
	await phone.goto("/dossiers/1");
	ok((await sideways(phone)) === null, "a dossier fits a phone", await sideways(phone));
	ok(!(await phone.locator("main").innerText()).includes("connard"), "the DPO reads no text");
	await phone.locator("summary", { hasText: "Lever la retenue" }).click();
	await phone.getByLabel(/^Motif/).last().fill("affaire jugée");
	await phone.getByRole("button", { name: "Lever la retenue" }).click();
	ok(await told(phone, "Retenue levée"), "lifted");
	await lea.goto("/dossiers/1");
	ok((await lea.locator("main").innerText()).includes("effacée à la levée"), "the note is gone");
});
