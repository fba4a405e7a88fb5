// SPDX-License-Identifier: GPL-3.0-or-later
// axe-core (WCAG 2.1 A and AA, and its best practices): no violation on any page, in light and dark, in French and English.
import { violations } from "./accessible.mjs";
import { comment, signIn, story } from "./stage.mjs";

const CONFORMITY = ["", "/purge", "/prescriptions", "/journal?quoi=decisions", "/exports", "/personne"].map((p) => "/conformite" + p);
const DRAFTS = ["", "/registre", "/sujets", "/accessibilite"].map((p) => "/conformite/modeles" + p); // the others are made of the same
const LOCALES = ["fr-FR", "en-GB"];
const EDIT = "/regles/modifier/essai";
const RULES = ["/regles", "/regles?mots=rien", "/regles/regle/injure.adressee", "/regles/paquet/essai", "/regles/essayer", "/regles/modifier", EDIT,
	"/regles/journal"];

await story("small", async ({ ok, town, visitor, person, password }) => {
	let pages = 0;
	let checks = 0;
	const bad = [];
	const look = async (page, name) => {
		for (const colorScheme of ["light", "dark"]) {
			await page.emulateMedia({ colorScheme });
			const found = await violations(page);
			pages += 1;
			checks += found.passes;
			if (found.bad.length) bad.push({ name: `${name} (${await page.locator("html").getAttribute("lang")}, ${colorScheme})`, ...found });
		}
	};

	await town.say([comment(1, "Espèce de connard, ça suffit", 1, { url: "https://exemple.fr/1", thread: "fil" }),
		comment(2, "on sait où tu habites", 2, { author_name: "Jeanne D." }), comment(3, "Quel \u202eabruti", 3)]);
	const link = await town.link();
	for (const locale of LOCALES) {
		const page = await visitor({ locale });
		for (const path of ["/connexion", link, "/accessibilite"]) {
			await page.goto(path);
			await look(page, path);
		}
		ok((await page.locator("html").getAttribute("lang")) === locale.slice(0, 2), `${locale} is spoken`);
		await page.emulateMedia({ colorScheme: "dark" });
		const dark = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
		await page.emulateMedia({ colorScheme: "light" });
		ok(dark !== (await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)), "dark is dark");
		await page.context().close();
	}

	// a history, something told, a claim, a main courante
	const moderator = await person("anne", "moderation,dircom,admin,regles,dpo,juriste");
	const queue = await town.json("queue");
	const [incident] = await town.json("incidents");
	const item = `/moderation/${queue[0].seq}`;
	await moderator.goto(`/moderation/${queue[1].seq}`);
	await moderator.getByRole("button", { name: "Laisser en ligne" }).click();
	await moderator.getByRole("button", { name: "Je m'en occupe" }).last().click();
	await town.run("incident", "langage", String(incident.id), "Nous suivons cela de près.", "--who", "dircom");

	await town.run("purge", "--who", "claire", "--reason", "durées");

	// a dossier with a piece, a note and something sent; one that was lifted
	for (const [purpose, subject] of [["pharos", "Menace au guichet"], ["plainte", "Ancienne affaire"]]) {
		await moderator.goto(`/moderation/${queue[1].seq}/dossier`);
		await moderator.fill("input[name=objet]", subject);
		await moderator.locator("form:has(input[name=objet]) select[name=but]").selectOption(purpose);
		await moderator.fill("#note", "Quelqu'un est visé.");
		await moderator.getByRole("button", { name: "Ouvrir le dossier" }).click();
		await moderator.waitForURL(/\/dossiers\/\d+$/);
	}
	await moderator.locator("summary", { hasText: "Lever la retenue" }).click();
	await moderator.locator("form[action$=lever] input[name=motif]").fill("jugé");
	await moderator.getByRole("button", { name: "Lever la retenue" }).click();
	await moderator.getByText("effacée à la levée").waitFor();
	const files = ["/dossiers", "/dossiers?tous=1", "/dossiers/1", "/dossiers/2", `/moderation/${queue[2].seq}/dossier`];

	// a question that was transferred, answered by nobody yet
	await moderator.goto(`/moderation/${queue[2].seq}/transferer`);
	await moderator.locator("select[name=service]").selectOption("voirie");
	await moderator.getByLabel("Ce que le service doit savoir").fill("À vous.");
	await moderator.getByRole("button", { name: "Transférer" }).click();
	await moderator.locator(".told").waitFor();
	const writing = ["attente", "reponse", "transferer"].map((page) => `/moderation/${queue[2].seq}/${page}`);
	const service = ["/service", `/service/${queue[2].seq}`];

	// a view that is kept
	await moderator.goto("/moderation?priorite=3");
	await moderator.fill("input[name=nom]", "Les P3");
	await moderator.getByRole("button", { name: "Garder la vue" }).click();
	await moderator.locator(".told").waitFor();

	const inside = [...writing, "/reponse", "/moderation", "/moderation?choisir=1", "/moderation?filtrer=1&priorite=3", "/commentaires?filtrer=1&categorie=menace", "/vues", "/raccourcis", ...queue.map((q) => `/moderation/${q.seq}`), "/situation", `/situation/${incident.id}`, "/situation/appels", "/equipe", "/equipe/statistiques", "/comptes", ...files, ...RULES, ...CONFORMITY, ...DRAFTS, "/conformite/purge/1", "/rien", link];
	for (const locale of LOCALES) {
		const page = await visitor({ locale });
		await page.goto("/connexion");
		await page.fill("#nom", "anne");
		await page.fill("#secret", "ce n'est pas lui");
		await page.click("main button.main");
		await look(page, "/connexion, refused");
		await signIn(page, "anne", password);
		for (const path of inside) {
			await page.goto(path);
			await look(page, path);
		}
		const desk = await (locale === "fr-FR" ? person("voirie", "service", { services: "voirie", locale }) : visitor({ locale }));
		if (locale !== "fr-FR") await signIn(desk, "voirie", password);
		for (const path of service) {
			await desk.goto(path);
			await look(desk, path);
		}
		await desk.context().close();
		await page.goto(item);
		await page.locator("button[value=masquer]").click();
		await look(page, "a decision refused");
		await page.goto("/moderation?choisir=tout");
		await page.locator(".picked button").click();
		await look(page, "what would be decided of many");
		await page.goto("/regles/essayer");
		await page.fill("#texte", "Espèce de c0nnard \u202e");
		await page.click("main form button.main");
		await look(page, "a text explained");
		await page.goto(EDIT);
		await page.fill("#texte", (await page.inputValue("#texte")).replace("score: 6", "scor: 6"));
		await page.click("button[value=verifier]");
		await look(page, "a pack with a mistake");
		await page.fill("#texte", (await page.inputValue("#texte")).replace("scor: 6", "score: 6").replace("connard, ", ""));
		await page.click("button[value=rejouer]");
		await look(page, "a pack tried on the history");
		await page.goto("/conformite/personne");
		for (const [name, value] of [["source", "site"], ["compte", "a1"], ["motif", "accès"]]) await page.fill(`[name=${name}]`, value);
		await page.click("main button.main");
		await look(page, "what is held of a person");
		await page.context().close();
	}
	ok(pages === 4 * (inside.length + service.length + 10), "every page was looked at", pages);
	ok(bad.length === 0, `${pages} pages, ${checks} rules passed, no violation`, bad);

	const page = await visitor();
	await page.setContent('<html lang="fr"><head><title>x</title></head><body><img src="data:,"><p style="color:#eee;background:#fff">x</p></body></html>');
	ok((await violations(page)).bad.length >= 2, "axe finds what is wrong where something is");
}, { extra: "services:\n  - {id: voirie, nom: Service voirie}\n" });
