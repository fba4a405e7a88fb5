// SPDX-License-Identifier: GPL-3.0-or-later
// Every page of the console, from its own table of routes (`tocsin-console --routes`), in a town where each has something to show:
// who looks at pages (axe, hostile, narrow, pictures) takes the list from here. A route without an example is `unknown`, and a
// story that looks at pages fails then: give it one in `examples`, or say in NO_PAGE what it answers instead.
//
//   await story("small", async (stage) => {
//       const anne = await everybody(stage);  // an account with every role
//       const known = await furnish(stage, anne);
//       const { pages, unknown } = await pagesOf(stage.town, known);  // pages: [{ route, path, roles }]
//   }, TOWN);
//
// ACTS: pages that only a form leads to, or a mistake: act(page, known) leaves the page there.
import { comment, until } from "./stage.mjs";

/** Links that the town itself writes: to whom a fault of accessibility is reported. */
export const CONTACT = ["mailto:acces@ville.example", "tel:0123456789"];

export const TOWN = {
	rules: `  - id: injure.citee
    title: Injure <citée> & « rapportée »
    status: live
    category: injure_publique
    priority: P3
    score: 6
    when: {words: [malotru]}
    tests: {match: ['Quel malotru'], no_match: ['Le malt']}
topics:
  - id: cantine
    title: Cantine scolaire
    status: live
    lane: reponse
    service: voirie
    when: {words: [cantine]}
    tests: {match: ['la cantine est fermée ?'], no_match: ['la piscine']}
`,
	lexicon: "tocsin: 1\npack: lexique\nowner: com@ville.example\nshared: yes\nlists:\n  elus: [Hautecloque, \"d'Orle\"]\n",
	console: "register_public: yes, accessibility: {state: partial, audit: {by: Cabinet Untel, on: 2026-05-03, rate: 71.4, rgaa: '4.1.2', with: [NVDA], pages: [connexion]}, " +
		"gaps: [La courbe], exemptions: [Un export], contact: {mail: acces@ville.example, form: 'https://www.ville.example/contact', phone: '01 23 45 67 89'}, date: 2026-06-01}",
	extra: "search: yes\nservices:\n  - {id: voirie, nom: Service voirie}\n",
};

// what needs nobody signed in is looked at before there is an account; a newcomer's link is one of ACTS
const NO_PAGE = ["/connexion", "/premier-compte/*", "/mot-de-passe/*", "/healthz", "/readyz", "/metrics", "/fixe/console.css", "/fixe/console.js", "/fixe/direct.js", "/fixe/rules.js", "/fixe/bulk.js",
	"/evenements", "/", "/equipe/statistiques.csv", "/conformite/modeles/*/fichier", "/situation/*/rapport"];

/** What answers no 200: a search without a reason. */
const STATUS = { "/recherche?q=abruti": 400 };

/** Of each route that answers a page: its addresses. Those of several lines show another state each. */
function examples({ items, plain, question, transferred, alarm, former }) {
	const drafts = ["registre", "aipd", "information", "charte", "sujets", "accessibilite"];
	return {
		"/accessibilite": ["/accessibilite"],
		"/ecoute": ["/ecoute"],
		"/moderation": ["/moderation", "/moderation?choisir=1", "/moderation?filtrer=1&priorite=3", "/moderation?categorie=spam"],
		"/reponse": ["/reponse"],
		"/commentaires": ["/commentaires", "/commentaires?filtrer=1&categorie=menace"],
		"/vues": ["/vues"],
		"/raccourcis": ["/raccourcis"],
		"/mot-de-passe": ["/mot-de-passe"],
		"/recherche": ["/recherche", "/recherche?q=abruti&motif=essai", "/recherche?q=introuvable&motif=essai", "/recherche?q=abruti"],
		"/moderation/*": [...items, plain, question, transferred].map((seq) => `/moderation/${seq}`),
		"/moderation/*/attente": [`/moderation/${question}/attente`],
		"/moderation/*/reponse": [`/moderation/${question}/reponse`, `/moderation/${transferred}/reponse`],
		"/moderation/*/transferer": [`/moderation/${question}/transferer`],
		"/moderation/*/dossier": [`/moderation/${items[0]}/dossier`],
		"/dossiers": ["/dossiers", "/dossiers?tous=1"],
		"/dossiers/*": ["/dossiers/1", "/dossiers/2"],
		"/signalement": ["/signalement"],
		"/situation": ["/situation"],
		"/situation/appels": ["/situation/appels"],
		"/situation/rejouer": ["/situation/rejouer"],
		"/situation/exercice": ["/situation/exercice", "/situation/exercice?niveau=orange"],
		"/situation/*": [`/situation/${alarm}`],
		"/equipe": ["/equipe"],
		"/equipe/statistiques": ["/equipe/statistiques"],
		"/regles": ["/regles", "/regles?mots=rien"],
		"/regles/journal": ["/regles/journal"],
		"/regles/revenir/*": [`/regles/revenir/${former}`],
		"/regles/oublis": ["/regles/oublis"],
		"/regles/lexique": ["/regles/lexique"],
		"/regles/lexique/*": ["/regles/lexique/elus"],
		"/regles/regle/*": ["/regles/regle/injure.adressee", "/regles/regle/injure.citee", "/regles/regle/cantine"],
		"/regles/paquet/*": ["/regles/paquet/essai"],
		"/regles/essayer": ["/regles/essayer"],
		"/regles/modifier": ["/regles/modifier"],
		"/regles/modifier/*": ["/regles/modifier/essai"],
		"/service": ["/service"],
		"/service/*": [`/service/${transferred}`],
		"/conformite": ["/conformite"],
		"/conformite/purge": ["/conformite/purge"],
		"/conformite/purge/*": ["/conformite/purge/1"],
		"/conformite/prescriptions": ["/conformite/prescriptions"],
		"/conformite/journal": ["/conformite/journal", "/conformite/journal?quoi=decisions"],
		"/conformite/exports": ["/conformite/exports"],
		"/conformite/personne": ["/conformite/personne"],
		"/conformite/modeles": ["/conformite/modeles"],
		"/conformite/modeles/*": drafts.map((name) => `/conformite/modeles/${name}`),
		"/comptes": ["/comptes"],
		"/comptes/*": ["/comptes/anne", "/comptes/theo", "/comptes/ines"],
		"/comptes-nouveau": ["/comptes-nouveau"],
	};
}

/** Addresses of pages that need nothing to be there. */
export async function emptyPages(town) {
	const fits = ([method, path, roles]) => method === "GET" && !path.includes("*") && !roles.includes("*") && !NO_PAGE.includes(path);
	return (await town.routes()).filter(fits).map(([, path]) => path);
}

/** pages: [{ route, path, roles, status }] of every GET of the table that answers a page; unknown: routes without an example, and
 * examples of no route. */
export async function pagesOf(town, known) {
	const table = examples(known);
	const routes = (await town.routes()).filter(([method, path]) => method === "GET" && !NO_PAGE.includes(path));
	const pages = routes.flatMap(([, route, roles]) => (table[route] ?? []).map((path) => ({ route, path, roles, status: STATUS[path] })));
	const unknown = routes.map(([, route]) => route).filter((route) => !table[route]?.length);
	const gone = Object.keys(table).filter((route) => !routes.some((r) => r[1] === route));
	return { pages, unknown: [...unknown, ...gone] };
}

/** Fills in the page's form that leads to this address, and sends it: its own fields, its own button. */
export async function send(page, at, action, fields, press) {
	await page.goto(at);
	const [answer] = await Promise.all([
		page.waitForNavigation(),
		page.evaluate(([to, values, button]) => {
			const fits = (f) => f.getAttribute("action") === to && Object.keys(values).every((name) => f.elements.namedItem(name));
			const form = [...document.forms].find(fits);
			if (!form) throw new Error(`no form to ${to} with ${Object.keys(values)}: ` + [...document.forms].map((f) => f.outerHTML.slice(0, 120)));
			for (const [name, value] of Object.entries(values)) {
				const field = form.elements.namedItem(name);
				if (field.type === "checkbox") field.checked = Boolean(value);
				else field.value = value;
			}
			form.noValidate = true;
			form.requestSubmit(button ? form.querySelector(button) : undefined);
		}, [action, fields, press]),
	]);
	return answer;
}

/** The same, where it must be taken. */
async function done(page, at, action, fields = {}, press = undefined) {
	const answer = await send(page, at, action, fields, press);
	const bad = page.locator(".told.bad, .problems .error");
	if (answer.status() >= 400 || (await bad.count())) throw new Error(`${action}: ${answer.status()} ${await page.locator("main").innerText()}`);
}

/** Pages that a form answers itself, a mistake among them: the route, how to come there. */
export const ACTS = [
	{ route: "/connexion", name: "sign-in, refused", stranger: true, act: (page) => send(page, "/connexion", "/connexion", { nom: "anne", secret: "ce n'est pas lui" }) },
	{ route: "/moderation/*/decider", name: "a decision refused", act: (page, { items }) =>
		send(page, `/moderation/${items[1]}`, `/moderation/${items[1]}/decider`, { motif: "" }, "button[value=masquer]") },
	{ route: "/moderation/*/dossier", name: "a dossier refused", act: (page, { items }) => send(page, `/moderation/${items[0]}/dossier`, `/moderation/${items[0]}/dossier`, { objet: "" }) },
	{ route: "/moderation/lot", name: "what would be decided of many", act: async (page) => {
		await page.goto("/moderation?choisir=tout");
		await Promise.all([page.waitForNavigation(), page.locator(".picked button").click()]);
	} },
	{ route: "/regles/essayer", name: "a text explained", act: (page, { hostile }) => send(page, "/regles/essayer", "/regles/essayer", { texte: "Espèce de c0nnard \u202e" + hostile }) },
	{ route: "/regles/modifier/*", name: "a pack with a mistake", act: (page) => edited(page, "score: 6", "scor: 6", "verifier") },
	{ route: "/regles/modifier/*", name: "a pack tried on the history", act: (page) => edited(page, "connard, ", "", "rejouer") },
	{ route: "/signalement", name: "a report refused", act: (page, { hostile }) => send(page, "/signalement", "/signalement", { texte: "On dit " + hostile, ou: hostile, quand: "2099-01-01T10:00" }) },
	{ route: "/equipe/absences", name: "an absence refused", act: (page) => send(page, "/equipe", "/equipe/absences", { qui: "morel", du: "2026-12-10", au: "2026-12-01" }) },
	{ route: "/situation/rejouer", name: "what another threshold would have rung", act: async (page) => {
		const form = 'form[action="/situation/rejouer"] .main';
		await page.goto("/situation/rejouer");
		if (await page.locator(form).count()) await Promise.all([page.waitForNavigation(), page.click(form)]);
		await page.waitForSelector("#ecrire", { timeout: 120_000 }); // the page comes anew when it is done
	} },
	{ route: "/comptes/*", name: "an account left without sources", act: (page) => send(page, "/comptes/theo", "/comptes/theo", { "source-site": false, motif: "x" }, "button[value=cochees]") },
	{ route: "/comptes/*", name: "an account's forms", act: async (page) => {
		await page.goto("/comptes/theo");
		await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
	} },
	{ route: "/comptes-nouveau", name: "a new account refused", act: (page, { hostile }) => send(page, "/comptes-nouveau", "/comptes-nouveau", { nom: "Léa " + hostile.slice(0, 30), motif: "x" }) },
	{ route: "/comptes-nouveau", name: "a new account, and its link", act: newcomer },
	{ route: "/mot-de-passe/*", name: "a newcomer chooses his password", act: async (page) => {
		await newcomer(page);
		const link = new URL(await page.inputValue("#lien")).pathname;
		await page.goto(link);
		await send(page, link, link, { secret: "court", encore: "court" });
	} },
	{ route: "/conformite/personne", name: "what is held of a person", act: (page, { account }) => send(page, "/conformite/personne", "/conformite/personne", { source: "site", compte: account, motif: "accès" }) },
	{ name: "404", act: (page) => page.goto("/rien") },
	{ name: "413", act: (page) => send(page, "/moderation?filtrer=1&priorite=3", "/vues", { nom: "x".repeat(70_000) }) },
	{ name: "a stale form", act: async (page, { items }) => {
		await page.goto(`/moderation/${items[1]}`);
		await page.evaluate(() => document.querySelectorAll("[name=csrf]").forEach((field) => (field.value = "0".repeat(32))));
		await Promise.all([page.waitForNavigation(), page.evaluate(() => document.querySelector("form[action$=decider]").requestSubmit())]);
	} },
];

async function edited(page, from, to, what, motif = "essai") {
	await page.goto("/regles/modifier/essai");
	const texte = (await page.inputValue("#texte")).replace("scor: 6", "score: 6").replace(from, to); // a draft is kept
	return send(page, "/regles/modifier/essai", "/regles/modifier/essai", { texte, motif }, `button[value=${what}]`);
}

/** An account nobody has had before: the page shows its link. */
function newcomer(page) {
	return send(page, "/comptes-nouveau", "/comptes-nouveau", { nom: "n" + Date.now(), "role-moderation": true, motif: "arrivée" });
}

/** Every role that the table names; "garde" is none, but the duty of an astreinte; nor is "sources", what is open to who sees some only. */
export const rolesOf = async (town) => [...new Set((await town.routes()).flatMap(([, , roles]) => roles))].filter((role) => !["*", "garde", "sources"].includes(role));

export const everybody = async ({ town, person }) => person("anne", (await rolesOf(town)).join(), { services: "voirie" });

/** A town where something happened on every page. dress(text): what is written in fields, said(text): what citizens wrote, made
 * hostile. */
export async function furnish({ town }, anne, { dress = (text) => text, said = (text) => text, account = "a1" } = {}) {
	const written = ["Espèce de connard, ça suffit", "on sait où tu habites", "Quel \u202eabruti", "Il m'a traité de malotru", "Bonne journée",
		"La cantine est-elle fermée demain ?", "La cantine ouvre quand ?"];
	const more = [{ author: account, url: dress("https://exemple.fr/1"), thread: "fil" }, { author_name: dress("Jeanne D."), thread: "fil" }];
	await town.say([...written.map((text, n) => comment(n + 1, said(text), n, more[n])), comment("ancien", "Vieux", 0, { created_at: "2026-08-01T08:00:00Z" })]);
	const seqs = [];
	for (const text of written) seqs.push(await town.seq(text));
	const [plain, question, transferred] = seqs.slice(4);
	const items = seqs.slice(0, 4);
	const alarm = (await town.json("incidents"))[0].id;
	const known = { items, plain, question, transferred, alarm, account, hostile: said("") };
	const at = `/moderation/${items[0]}`;

	await done(anne, at, at + "/decider", { motif: dress("hors charte") }, "button[value=laisser]");
	await done(anne, `/moderation/${items[2]}`, `/moderation/${items[2]}/decider`, {}, "button[formaction$=prendre]");
	for (const [but, objet] of [["pharos", "Menace au guichet"], ["plainte", "Ancienne affaire"]])
		await done(anne, `/moderation/${items[1]}/dossier`, `/moderation/${items[1]}/dossier`, { objet: dress(objet), but, note: dress("Quelqu'un est visé.") });
	await done(anne, "/dossiers/1", "/dossiers/1/noter", { texte: dress("Reçu au commissariat.") });
	await done(anne, "/dossiers/2", "/dossiers/2/lever", { motif: dress("jugé") });
	await done(anne, `/moderation/${plain}`, `/moderation/${plain}/oubli`, { categorie: "injure_publique", note: dress("ironie") });
	await done(anne, `/moderation/${transferred}/transferer`, `/moderation/${transferred}/decider`, { service: "voirie", motif: dress("À vous.") });
	await done(anne, `/service/${transferred}`, `/service/${transferred}/proposer`, { texte: dress("Oui, jusqu'à lundi.") });
	await done(anne, "/moderation?filtrer=1&priorite=3", "/vues", { nom: dress("Les P3").slice(0, 60) });
	await done(anne, "/equipe", "/equipe/absences", { qui: "morel", du: "2026-11-10", au: "2026-11-12" });
	await done(anne, `/situation/${alarm}`, `/situation/${alarm}/noter`, { texte: dress("Le maire est prévenu.") });
	await done(anne, `/situation/${alarm}`, `/situation/${alarm}/elements`, { texte: dress("Nous suivons cela de près.") });
	await done(anne, `/situation/${alarm}`, `/situation/${alarm}/consigne`, { conduite: "1", texte: dress("À la presse aussi.") });
	await done(anne, "/signalement", "/signalement", { texte: dress("On annonce la fin du marché"), ou: dress("un groupe"), rappeler: dress("Mme R.") });
	const waits = async () => (await anne.goto("/moderation"), (await anne.locator(".reported").count()) === 1);
	if (!(await until(anne, waits))) throw new Error("the report does not come into the queue");
	await done(anne, "/conformite/purge", "/conformite/purge", { motif: dress("durées") });
	await done(anne, "/conformite/personne", "/conformite/personne", { source: "site", compte: account, motif: dress("accès") });
	await edited(anne, "abruti]", "abruti, goujat]", "publier", dress("goujat manquait"));
	known.former = (await town.json("rules", "log"))[1].hash;
	await town.account("theo", "moderation");
	await done(anne, "/comptes/theo", "/comptes/theo", { "source-site": true, motif: dress("agent du site") }, "button[value=cochees]");
	await town.account("ines", "juriste");
	await done(anne, "/comptes/ines", "/comptes/ines/fermer", { motif: dress("départ") });
	return known;
}
