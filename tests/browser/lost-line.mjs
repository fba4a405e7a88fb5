// SPDX-License-Identifier: GPL-3.0-or-later
// The line to the console is cut while somebody writes, and comes back: the page says both, nothing typed moves, what came meanwhile
// is told. Then the console is killed under a reason, a service's answer, a note for the main courante and a pack of rules: the
// page says that one has to sign in again, where to, and everything typed is there then.
import { comment, signIn, story, told } from "./stage.mjs";

const TOPICS = `topics:
  - id: cantine
    title: Cantine scolaire
    status: live
    lane: reponse
    service: voirie
    when: {words: [cantine]}
    tests: {match: ['la cantine est fermée ?'], no_match: ['la piscine']}
`;
const LOST = "Liaison perdue : cette page ne se met plus à jour.";
const FOUND = "Liaison rétablie.";
const OUT = "Vous n'êtes plus connecté ; ce que vous avez écrit est gardé";

/** Everything that this place ever said: what is said for five seconds may be over before one looks. */
const listen = (page) =>
	page.evaluate(() => {
		window.said = [];
		new MutationObserver(() => window.said.push(document.getElementById("liaison").textContent)).observe(document.getElementById("liaison"), { childList: true });
	});
const says = (page, text) => page.waitForFunction((wanted) => window.said.some((one) => one.startsWith(wanted)), text).then(() => true, () => false);

await story(
	"small",
	async ({ ok, town, person, password, cuts, revive }) => {
		await town.say([comment(1, "Espèce de connard, ça suffit", 1), comment(2, "La cantine ouvre quand ?", 2), comment(3, "on sait où tu habites", 3)]);
		const question = await town.seq("La cantine");
		const [{ id: alarm }] = await town.json("incidents");
		const anne = await person("anne", "moderation");
		await anne.goto(`/moderation/${question}/transferer`);
		await anne.locator("select[name=service]").selectOption("voirie");
		await anne.getByLabel("Ce que le service doit savoir").fill("À vous.");
		await anne.getByRole("button", { name: "Transférer" }).click();
		await anne.locator(".told").waitFor();

		const insult = anne.locator("article.card").filter({ hasText: "ça suffit" });
		const reason = insult.getByLabel("Motif");
		await anne.goto("/moderation");
		await reason.pressSequentially("injure adressée à une pers");
		await listen(anne);
		cuts(true);
		ok(await says(anne, LOST), "the line is cut: the page says so");
		await reason.pressSequentially("onne");
		await town.say([comment(4, "Encore un abruti", 4)]);
		cuts(false);
		ok(await says(anne, FOUND), "it comes back: the page says that too");
		await anne.locator("#nouvelles a").waitFor();
		ok((await anne.locator("#nouvelles").innerText()).includes("1 nouvel élément"), "… and what came meanwhile");
		ok((await reason.inputValue()) === "injure adressée à une personne", "what is typed went on", await reason.inputValue());

		const service = await person("voirie", "service", { services: "voirie" });
		const answer = service.getByLabel("Réponse que vous proposez");
		await service.goto(`/service/${question}`);
		await answer.pressSequentially("Oui, jusqu'à lun");
		const rosa = await person("rosa", "regles");
		const pack = rosa.getByLabel("Le paquet, en YAML");
		await rosa.goto("/regles/modifier/essai");
		await pack.press("Control+End");
		await pack.pressSequentially("# à revoir");
		const roy = await person("roy", "cabinet");
		const entry = roy.getByLabel("Ajouter une entrée");
		await roy.goto(`/situation/${alarm}`);
		await entry.pressSequentially("Le maire rappelle à 13 h");
		await listen(roy);

		await revive();
		for (const [page, name] of [[anne, "the moderation"], [roy, "the cabinet"]]) ok(await says(page, OUT), `the console is another: ${name} is told to sign in again`);
		ok((await reason.inputValue()).endsWith("personne") && (await entry.inputValue()).endsWith("13 h"), "and what is typed stands there still");
		await Promise.all([roy.waitForURL("**/connexion"), roy.locator("#liaison a").click()]);
		for (const [page, name] of [[roy, "roy"], [anne, "anne"], [service, "voirie"], [rosa, "rosa"]]) await signIn(page, name, password);
		await roy.goto(`/situation/${alarm}`);
		ok((await entry.inputValue()) === "Le maire rappelle à 13 h", "signed in again, the cabinet finds its note", await entry.inputValue());
		await anne.goto("/moderation");
		ok((await reason.inputValue()) === "injure adressée à une personne", "the moderation its reason", await reason.inputValue());
		await service.goto(`/service/${question}`);
		ok((await answer.inputValue()) === "Oui, jusqu'à lun", "the service its answer", await answer.inputValue());
		await rosa.goto("/regles/modifier/essai");
		ok((await pack.inputValue()).endsWith("# à revoir"), "who writes rules the pack");

		await answer.pressSequentially("di.");
		await service.getByRole("button", { name: "Proposer cette réponse" }).click();
		ok(await told(service, "la modération la publiera"), "finished and sent");
		await entry.pressSequentially(".");
		await roy.getByRole("button", { name: "Écrire dans la main courante" }).click();
		ok(await roy.locator("table.log").filter({ hasText: "Le maire rappelle à 13 h." }).waitFor().then(() => true, () => false), "the note stands in the main courante");
	},
	{ moving: true, rules: TOPICS, extra: "services:\n  - {id: voirie, nom: Service voirie}\n" },
);
