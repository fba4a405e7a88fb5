// SPDX-License-Identifier: GPL-3.0-or-later
// The console is killed while people type, and every session ends with it: who signs in again finds his words where he wrote
// them, until they are sent. A password is kept nowhere, and whoever leaves takes all with him.
import { wrong } from "./accessible.mjs";
import { comment, signIn, story, told } from "./stage.mjs";

const NOTE = "L'agent a porté plainte le 3, je joins le récé";
const REASON = "injure adressée à une pers";

await story(
	"small",
	async ({ ok, town, person, password, revive }) => {
		await town.say([comment(1, "Espèce de connard, ça suffit", 1)]);
		const anne = await person("anne", "moderation");
		await anne.goto("/moderation");
		await anne.locator("article.card .open").click();
		await anne.waitForURL(/\/moderation\/\d+$/);
		await anne.getByRole("link", { name: "Mettre dans un dossier" }).click();
		await anne.getByLabel("Objet (sans nom de personne)").fill("Injures à l'accueil");
		await anne.getByRole("button", { name: "Ouvrir le dossier" }).click();
		ok(await told(anne, "Dossier ouvert"), "a dossier");
		await anne.goto("/moderation");
		await anne.getByLabel("Motif").pressSequentially(REASON);

		const lea = await person("lea", "juriste");
		const note = lea.getByLabel(/^Note/);
		await lea.goto("/dossiers/1");
		await lea.getByText("Ajouter une note").click();
		await note.pressSequentially(NOTE);
		const rosa = await person("rosa", "regles");
		const pack = rosa.getByLabel("Le paquet, en YAML");
		await rosa.goto("/regles/modifier/essai");
		await pack.press("Control+End");
		await pack.pressSequentially("# à revoir avec Lé");

		await revive();
		await lea.getByRole("button", { name: "Ajouter la note" }).click();
		await lea.getByRole("heading", { name: "Vous n'êtes plus connecté" }).waitFor();
		ok((await wrong(lea)).length === 0, "the jurist sends it, and is told that she is not signed in any more", await wrong(lea));
		await lea.getByRole("link", { name: "Se connecter" }).click();
		await lea.waitForURL("**/connexion");
		await signIn(lea, "lea", password);
		await lea.goto("/dossiers/1");
		ok((await note.inputValue()) === NOTE && (await note.isVisible()), "signed in again, she finds her words in the note's field", await note.inputValue());
		for (const [page, name] of [[anne, "anne"], [rosa, "rosa"]]) await signIn(page, name, password);
		await anne.goto("/moderation");
		ok((await anne.getByLabel("Motif").inputValue()) === REASON, "so does the moderation, in the reason's", await anne.getByLabel("Motif").inputValue());
		await rosa.goto("/regles/modifier/essai");
		ok((await pack.inputValue()).endsWith("# à revoir avec Lé"), "and who writes rules, in the pack's", await pack.inputValue());
		const kept = await lea.evaluate(() => JSON.stringify(sessionStorage));
		ok(kept.includes("récé") && !kept.includes(password), "no password is kept", kept);

		await note.pressSequentially("pissé");
		await lea.getByRole("button", { name: "Ajouter la note" }).click();
		ok(await told(lea, "C'est inscrit"), "finished and sent");
		ok((await lea.locator("td.text").filter({ hasText: NOTE + "pissé" }).count()) === 1, "it stands in the log, once");
		await lea.goto("/dossiers/1");
		ok((await note.inputValue()) === "", "and no longer in the field");
		await lea.getByText("Ajouter une note").click();
		await note.pressSequentially("à moi seule");
		await lea.getByRole("button", { name: "Se déconnecter" }).click();
		await lea.waitForURL("**/connexion");
		ok((await lea.evaluate(() => sessionStorage.length)) === 0, "whoever leaves takes all with him");
	},
	{ moving: true },
);
