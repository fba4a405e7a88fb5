// SPDX-License-Identifier: GPL-3.0-or-later
// A phone (390×844, fingers), a window zoomed to 200 % (1280 px show 640) and to 400 % (320): nothing to scroll sideways,
// everything there to press, and large enough for a finger.
import { devices } from "playwright-core";
import { comment, sideways, story, told } from "./stage.mjs";

const LEAST = 24; // css px: WCAG 2.2, 2.5.8

/** What a finger cannot hit; links inside a sentence are no targets of their own. */
function small(page) {
	return page.evaluate((least) => {
		const all = [...document.querySelectorAll("button, input:not([type=hidden]), textarea, summary, nav a, a.open")];
		const shown = all.filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > 0);
		const bad = shown.filter((e) => e.type !== "checkbox" && (e.getBoundingClientRect().height < least ||
			e.getBoundingClientRect().width < least));
		return bad.map((e) => `${e.tagName} ${e.innerText} ${e.getBoundingClientRect().height}`);
	}, LEAST);
}

async function looks(ok, page, paths, name) {
	for (const path of paths) {
		await page.goto(path);
		const out = await sideways(page);
		ok(out === null, `${name}: nothing sticks out of ${path}`, out);
		const bad = await small(page);
		ok(bad.length === 0, `${name}: what one presses on ${path} is large enough`, bad);
	}
}

await story("small", async ({ ok, town, person, again, visitor }) => {
	const long = "x".repeat(900);
	await town.say([comment(1, "Espèce de connard, ça suffit", 1), comment(2, "on sait où tu habites", 2),
		comment(3, "abruti " + long, 3, { author: long.slice(0, 300), author_name: "W".repeat(200), url: "https://exemple.fr/" + long })]);
	const phone = { ...devices["Pixel 7"], viewport: { width: 390, height: 844 }, userAgent: undefined, locale: "fr-FR" };
	const page = await person("anne", "moderation,dircom,juriste,admin,regles,dpo", phone);
	const queue = await town.json("queue");
	await page.goto(`/moderation/${queue[0].seq}/dossier`);
	await page.locator("[name=objet]").first().fill("x".repeat(100));
	await page.getByRole("button", { name: "Ouvrir le dossier" }).tap();
	ok(await told(page, "Dossier ouvert"), "a dossier opened with a finger");
	const paths = ["/moderation", "/moderation?choisir=1", "/moderation?priorite=3", "/reponse", "/commentaires", "/vues", "/raccourcis", "/equipe", "/equipe/statistiques", "/situation", "/situation/appels", "/comptes", "/regles", "/regles/regle/injure.adressee", "/regles/paquet/essai", "/regles/essayer",
		"/regles/modifier", "/regles/modifier/essai", "/regles/journal",
		...["", "/purge", "/prescriptions", "/journal?quoi=comptes", "/exports", "/personne", "/modeles", "/modeles/registre"].map((p) => "/conformite" + p), ...queue.map((q) => `/moderation/${q.seq}`),
		"/dossiers", "/dossiers/1", `/moderation/${queue[0].seq}/dossier`,
		...(await town.json("incidents")).map((i) => `/situation/${i.id}`), "/rien"];
	await looks(ok, page, paths, "390 px");
	const stranger = await visitor(phone);
	await looks(ok, stranger, ["/connexion", "/accessibilite"], "390 px");

	await page.goto("/moderation");
	const insult = page.locator("article.card").filter({ hasText: "ça suffit" });
	await insult.getByRole("button", { name: "Je m'en occupe" }).tap();
	ok(await told(page, "Vous vous en occupez"), "taken with a finger");
	await insult.getByLabel("Motif").tap();
	await page.keyboard.type("injure nette");
	await insult.getByRole("button", { name: "Masquer", exact: true }).tap();
	ok(await told(page, "Décision enregistrée"), "masked with a finger");
	await page.getByRole("link", { name: "Point de situation" }).tap();
	await page.getByRole("button", { name: "Je prends en charge" }).tap();
	ok(await told(page, "Vous prenez en charge"), "the alarm too");

	for (const [width, name] of [[640, "200 %"], [320, "400 %"]]) {
		const window = await again("anne", { viewport: { width, height: 512 } });
		for (const path of paths) {
			await window.goto(path);
			const out = await sideways(window);
			ok(out === null, `${name}: nothing sticks out of ${path}`, out);
		}
		await window.goto("/moderation");
		ok(await window.getByRole("button", { name: "Laisser en ligne" }).first().isVisible(), `${name}: the decisions are there`);
		await window.context().close();
	}
});
