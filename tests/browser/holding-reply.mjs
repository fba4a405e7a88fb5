// SPDX-License-Identifier: GPL-3.0-or-later
// A question is answered with a holding reply, the service is reminded when its time is over, then comes its answer. Two
// moderators, a phone, and no script at all.
import { comment, sideways, story, told, until } from "./stage.mjs";

const TOPICS = `topics:
  - id: cantine
    title: Cantine scolaire
    status: live
    lane: reponse
    service: education
    reply: attente_cantine
    when: {words: [cantine]}
    tests: {match: ['la cantine est fermée ?'], no_match: ['la piscine']}
`;
const REPLIES = `services:
  - {id: education, nom: Service de l'éducation}
`;

await story("small", async ({ ok, town, person }) => {
	await town.say([
		comment(1, "La cantine est-elle fermée demain ?", 1, { url: "https://exemple.fr/1" }),
		comment(2, "Le menu de la cantine, on le trouve où ?", 2),
		comment(3, "La cantine ouvre quand ?", 3),
	]);
	const anne = await person("anne", "moderation", { permissions: ["clipboard-read", "clipboard-write"] });
	const bob = await person("bob", "moderation");
	const card = (page, text) => page.locator("article.card").filter({ hasText: text });
	const text = (page) => page.getByLabel("Texte pour le public");
	const order = (page) => page.locator("article.card .said").allInnerTexts();

	// the holding reply, from the topic's own model
	await anne.goto("/reponse");
	await bob.goto("/reponse");
	await card(anne, "fermée demain").getByRole("link", { name: "Réponse d'attente" }).click();
	const filled = await text(anne).inputValue();
	ok(filled.includes("(Service de l'éducation)") && filled.includes("d'ici le mardi 3 novembre"), "the topic's model is filled in", filled);
	await anne.getByLabel("Modèle").selectOption({ label: "Attente, tout sujet" });
	await anne.getByRole("button", { name: "Remplir le texte" }).click();
	ok((await text(anne).inputValue()).includes("d'ici le mercredi 4 novembre"), "another model can be taken");
	await text(anne).fill("Bonjour, nous demandons au service et revenons vers vous.");
	await anne.getByRole("button", { name: "Copier le texte" }).click();
	await anne.getByRole("button", { name: "Copié" }).waitFor();
	ok((await anne.evaluate(() => navigator.clipboard.readText())) === "Bonjour, nous demandons au service et revenons vers vous.",
		"what is in the field is copied");
	await anne.getByRole("button", { name: "Enregistrer la réponse d'attente" }).dblclick();
	ok(await told(anne, "tocsin n'envoie rien lui-même"), "it is recorded, and said that nothing was sent");
	ok((await anne.locator(".history li").count()) === 1, "a double click is one decision");
	await anne.getByRole("button", { name: "Copier le texte" }).click();
	await anne.getByRole("button", { name: "Copié" }).waitFor();
	ok((await anne.evaluate(() => navigator.clipboard.readText())).startsWith("Bonjour, nous demandons"), "the text can be copied from there too");
	ok((await anne.locator(".due").innerText()).startsWith("En attente : Service de l'éducation"), "it waits for the service");

	// the other one saw it
	ok(await bob.locator(".over").filter({ hasText: "anne" }).waitFor().then(() => true, () => false), "bob sees on his open page that it is done");
	await bob.goto("/reponse");
	ok((await order(bob)).at(-1).includes("fermée demain"), "it stands last in his list", await order(bob));
	ok((await bob.locator(".count").innerText()).includes("dont 1 attend un service"), "and is counted apart");

	// undone, done again by somebody without scripts
	await anne.getByRole("button", { name: /^Annuler/ }).click();
	ok(await told(anne, "attend de nouveau"), "anne takes it back");
	const eve = await person("eve", "dircom", { javaScriptEnabled: false, viewport: { width: 360, height: 640 } });
	await eve.goto("/reponse");
	ok((await order(eve))[0].includes("fermée demain"), "it stands where it stood");
	await card(eve, "fermée demain").getByRole("link", { name: "Réponse d'attente" }).click();
	ok((await eve.getByRole("button", { name: "Copier le texte" }).count()) === 0, "without scripts nothing offers to copy");
	await eve.getByRole("button", { name: "Enregistrer la réponse d'attente" }).click();
	ok(await told(eve, "Décision enregistrée"), "the model as it is, without a script, on a phone");

	// its time is over: the town hears something on Wednesday, from three people, for one alone may have a wrong clock
	await town.say([1, 2, 3].map((n) => comment("mercredi" + n, "Bonjour à tous", 3 * 1440 + 60 + n)));
	await bob.goto("/reponse");
	ok(await until(bob, async () => (await card(bob, "fermée demain").locator(".due").innerText()).startsWith("En retard de ")), "the service is to be reminded");
	ok((await order(bob))[0].includes("fermée demain"), "… and it comes first", await order(bob));

	// to the service, which proposes an answer
	await card(bob, "fermée demain").getByRole("link", { name: "Répondre" }).click();
	ok((await text(bob).inputValue()) === "", "the answer begins empty");
	await bob.goBack();
	await card(bob, "fermée demain").getByRole("link", { name: "Transférer" }).click();
	ok((await bob.locator("select[name=service]").inputValue()) === "education", "the topic's service is chosen");
	await bob.getByLabel("Ce que le service doit savoir").fill("Qu'en est-il ?");
	await bob.getByRole("button", { name: "Transférer" }).click();
	ok(await told(bob, "prévenez-le"), "transferred, and who tells the service is said");
	const school = await person("ecole", "service", { services: "education", viewport: { width: 360, height: 640 } });
	ok(new URL(school.url()).pathname === "/service", "a service comes to what was transferred to it", school.url());
	ok((await school.locator("article.card").count()) === 1 && !(await school.locator("main").innerText()).includes("a1"), "one question, without its author");
	await school.getByRole("link", { name: "Cantine scolaire" }).click();
	ok((await school.locator(".history").innerText()).includes("Qu'en est-il ?"), "it reads why");
	ok((await sideways(school)) === null, "nothing sticks out", await sideways(school));
	await school.getByLabel("Réponse que vous proposez").fill("Oui, jusqu'à lundi.");
	await school.getByRole("button", { name: "Proposer cette réponse" }).dblclick();
	ok(await told(school, "la modération la publiera"), "it proposes an answer");
	ok((await school.locator(".history strong").filter({ hasText: "Réponse proposée" }).count()) === 1, "once");

	// the answer
	await bob.goto("/reponse");
	ok((await card(bob, "fermée demain").locator(".due").innerText()).startsWith("Réponse proposée par : Service de l'éducation"), "the moderation sees it first");
	await card(bob, "fermée demain").getByRole("link", { name: "Répondre" }).click();
	ok((await text(bob).inputValue()) === "Oui, jusqu'à lundi.", "the answer begins with it");
	await text(bob).fill("La cantine rouvre lundi.");
	await bob.reload();
	ok((await text(bob).inputValue()) === "La cantine rouvre lundi.", "what is half typed outlives the page");
	await bob.getByRole("button", { name: "Enregistrer la réponse", exact: true }).click();
	ok(await told(bob, "Décision enregistrée"), "answered");
	const history = await bob.locator(".history").innerText();
	ok(history.includes("Réponse d'attente") && history.includes("La cantine rouvre lundi.") && history.includes("Décision annulée"),
		"the history keeps all of it", history);
	await school.goto("/service");
	ok((await school.locator("main").innerText()).includes("Rien n'attend votre service."), "the service has nothing left");
	const rows = await town.json("queue", "--lane", "reponse");
	ok(rows.length === 2 && !rows.some((row) => row.comment.text.includes("fermée demain")), "tocsin queue says the same", rows);

	// nothing sticks out on a phone
	const phone = await person("zoe", "moderation", { viewport: { width: 320, height: 640 } });
	for (const path of ["attente", "reponse"]) {
		await phone.goto(`/moderation/${rows[0].seq}/${path}`);
		const out = await sideways(phone);
		ok(out === null, `nothing sticks out at 320 px: ${path}`, out);
	}
}, { rules: TOPICS, extra: REPLIES });
