// SPDX-License-Identifier: GPL-3.0-or-later
// A topic that names a person: its author does not publish it alone, a jurist reads and signs it on its page (« Je signe »), it is heard,
// and whoever changes what was signed needs another signature.
import { comment, story, told } from "./stage.mjs";

const LEXICON = `tocsin: 1
paquet: lexique
partagé: oui
responsable: moderation@ville.example
personnes:
  brezolles: {noms: [Jeanne Brézolles, Brézolles], mandat: conseillère municipale}
`;
const TOPIC = `sujets:
  - id: permanence
    titre: La permanence de Mme Brézolles
    statut: active
    voie: reponse
    quand: {mots: [$brezolles]}
    nominatif: {motif: les rendez-vous pris par les commentaires}
    exemples: {oui: ['Où est Jeanne Brézolles ?'], non: ['Le stade est fermé']}
`;
const PAGE = "/regles/regle/permanence";
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** The author's page: the pack, with one thing in place of another. */
async function edit(page, from, to) {
	await page.goto("/regles/modifier/essai");
	const text = page.getByLabel("Le paquet, en YAML");
	await text.fill(from ? (await text.inputValue()).replace(from, to) : (await text.inputValue()) + to);
}

async function publish(page, why) {
	await page.getByLabel("Pourquoi ?").fill(why);
	await press(page, "Publier ces règles");
	await page.waitForLoadState();
	return page.locator("main").innerText();
}

await story("small", async ({ ok, town, person }) => {
	await town.say([comment(1, "Merci bien", 1)]);
	const rosa = await person("rosa", "moderation,regles");
	const aubry = await person("aubry", "juriste");
	const asked = () => aubry.getByRole("button", { name: "Je signe", exact: true }).count();
	const counted = async () => (await town.json("queue", "--lane", "reponse")).map((q) => q.comment.id).sort().join();

	await edit(rosa, null, TOPIC);
	const refused = await publish(rosa, "suivre la permanence");
	ok(refused.includes("sans juriste qui signe") && (await told(rosa, "Rien n'est publié")), "unsigned, it is not published", refused);
	ok(refused.includes("brouillon") && refused.includes("Je signe"), "… with the way to a signature", refused);
	ok((await rosa.getByLabel("Le paquet").inputValue()).includes("id: permanence"), "… and nothing typed is lost");

	await edit(rosa, "statut: active\n    voie", "statut: brouillon\n    voie");
	const draft = await publish(rosa, "à signer par un juriste");
	ok(draft.includes("Règles publiées"), "as a draft it is", draft);
	await town.say([comment(2, "Où est Jeanne Brézolles ?", 2)]);
	ok((await counted()) === "", "a draft is not heard", await counted());
	await rosa.goto(PAGE);
	ok((await rosa.getByRole("button", { name: "Je signe" }).count()) === 0, "its author is not asked to sign");

	await aubry.goto("/regles");
	const waiting = aubry.locator(".told").filter({ hasText: "à signer par un juriste" });
	ok((await waiting.count()) === 1, "the jurist is told what waits for a signature", await aubry.locator("main").innerText());
	await waiting.getByRole("link", { name: "La permanence de Mme Brézolles" }).click();
	const facts = await aubry.locator(".facts").innerText();
	ok(facts.includes("Jeanne Brézolles (conseillère municipale)") && facts.includes("les rendez-vous pris"), "reads whom it names, and why", facts);
	ok((await aubry.locator("pre.yaml").innerText()).includes("quand: {mots: [$brezolles]}"), "… and the condition");
	await press(aubry, "Je signe");
	ok(await told(aubry, "Signé"), "signs");
	ok((await asked()) === 0 && (await aubry.locator(".facts").innerText()).includes("aubry, le "), "the page says who signed, and asks no more",
		await aubry.locator(".facts").innerText());

	await edit(rosa, "statut: brouillon", "statut: active");
	const live = await publish(rosa, "signé");
	ok(live.includes("Règles publiées"), "then its author lets it be heard", live);
	await town.say([comment(3, "Jeanne Brézolles reçoit-elle demain ?", 3)]);
	ok((await counted()) === "3", "… and it is", await counted());

	await edit(rosa, "[$brezolles]", "[$brezolles, guichet]");
	const broken = await publish(rosa, "le guichet aussi");
	ok(broken.includes("a changé depuis la signature"), "another condition breaks the seal", broken);
	await edit(rosa, "statut: active\n    voie", "statut: brouillon\n    voie");
	ok((await publish(rosa, "à signer de nouveau")).includes("Règles publiées"), "… a draft again");
	await aubry.goto(PAGE);
	ok((await asked()) === 1 && !(await aubry.locator(".facts").innerText()).includes("aubry, le "), "a new signature is asked for",
		await aubry.locator(".facts").innerText());
	await press(aubry, "Je signe");
	ok(await told(aubry, "Signé"), "… given");
	await edit(rosa, "statut: brouillon", "statut: active");
	ok((await publish(rosa, "signé de nouveau")).includes("Règles publiées"), "… and it is heard again");
	await aubry.goto("/regles/journal");
	const log = await aubry.locator(".versions").innerText();
	ok(log.split("signature de « permanence »").length === 3, "the log has both signatures", log);
}, { lexicon: LEXICON });
