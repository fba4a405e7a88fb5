// SPDX-License-Identifier: GPL-3.0-or-later
// The team: the trial and the election period are said on every page; an absence makes a hole, a substitute fills it; the figures
// of the weeks, of nobody in particular. In both languages, on a phone, at 200 %.
import { wrong } from "./accessible.mjs";
import { comment, sideways, story, told } from "./stage.mjs";

const POLICY = `calendars:
  on_call: [{id: cadre, title: cadre d'astreinte, turn: [dupont], start: 2026-01-01}]
people:
  - {id: roche, name: A. Roche, role: dir'com, mail: roche@ville.example}
  - {id: dupont, name: L. Dupont, mail: dupont@ville.example}
  - {id: leroy, name: S. Leroy, mail: leroy@ville.example}
levels:
  jaune: [{tell: roche}]
  orange: [{tell: roche}]
  rouge: [{tell: roche}]
  gris: [{tell: roche}]
  P1: [{tell: cadre}]
policy:
  fallback: [roche]
  trial: {start: 2026-10-01, end: 2026-11-20, tell: roche}
  election: {title: élections municipales, from: 2026-11-01, to: 2026-11-30}
`;
const MONDAY = 1440 + 600; // 2 November 2026
const HOLE = "L. Dupont (cadre d'astreinte) est absent et n'a pas de remplaçant";

await story("small", async ({ ok, town, person, again }) => {
	// a clock goes so far ahead when three in a row agree
	await town.say([comment(1, "Espèce de connard !", MONDAY), comment(2, "Sale abruti !", MONDAY + 7 * 1440),
		...[3, 4, 5].map((i) => comment(i, "Bonjour", MONDAY + 7 * 1440))]);
	const roche = await person("roche", "dircom,admin");
	const text = (page) => page.locator("main").innerText();

	for (const path of ["/moderation", "/situation", "/equipe", "/regles"]) {
		await roche.goto(path);
		const periods = (await roche.locator(".period").allInnerTexts()).join(" ");
		ok(periods.includes("Rodage") && periods.includes("A. Roche") && periods.includes("Période électorale") && periods.includes("élections municipales"),
			`${path} says that a trial and an election period are on`, periods);
	}

	await roche.goto("/equipe");
	ok(!(await text(roche)).includes(HOLE), "no hole");
	const enter = async (substitute, to = "2026-11-12") => {
		await roche.locator("[name=qui]").selectOption("dupont");
		await roche.locator("[name=du]").fill("2026-11-10");
		await roche.locator("[name=au]").fill(to);
		await roche.locator("[name=remplacant]").selectOption({ label: substitute });
		await roche.getByRole("button", { name: "Enregistrer" }).click();
	};
	await enter("personne", "2026-11-01");
	await roche.getByRole("alert").waitFor();
	ok((await roche.locator("[name=du]").inputValue()) === "2026-11-10" && (await roche.locator("[name=qui]").inputValue()) === "dupont",
		"dates that go backwards are refused, and stay typed");
	await enter("personne");
	ok(await told(roche, "vaut dès maintenant") && (await text(roche)).includes(HOLE), "an absence makes a hole, said where it is entered", await text(roche));
	await roche.getByRole("button", { name: "Retirer" }).click();
	ok(await told(roche, "est retirée") && !(await text(roche)).includes(HOLE), "taken back");
	await enter("S. Leroy");
	ok(await told(roche, "vaut dès maintenant") && !(await text(roche)).includes(HOLE) && (await text(roche)).includes("S. Leroy"), "a substitute fills it");

	await roche.getByRole("link", { name: "Statistiques" }).click();
	await roche.getByRole("heading", { level: 1, name: "Statistiques" }).waitFor();
	ok((await roche.locator("svg[role=img]").count()) === 1 && (await text(roche)).includes("02/11/2026") && !(await text(roche)).includes("Dupont"),
		"the weeks as a curve and a table, nobody's name", await text(roche));
	const [file] = await Promise.all([roche.waitForEvent("download"), roche.locator("a[href$='.csv']").click()]);
	ok(file.suggestedFilename().endsWith(".csv"), "and as a file", file.suggestedFilename());

	const paths = ["/equipe", "/equipe/statistiques", "/raccourcis", "/commentaires?filtrer=1"];
	for (const [name, options] of [["wide", {}], ["on a phone", { viewport: { width: 390, height: 844 } }], ["at 200 %", { viewport: { width: 640, height: 450 } }],
		["in English", { locale: "en-GB" }]]) {
		const page = await again("roche", options);
		for (const path of paths) {
			await page.goto(path);
			const out = await sideways(page);
			const bad = await wrong(page);
			ok(out === null && bad.length === 0, `${path} ${name}: all in sight, axe finds nothing`, out ?? bad);
		}
		await page.context().close();
	}
}, { policy: POLICY });
