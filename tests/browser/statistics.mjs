// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of a town by the wall clock: what came beside what is to be handled, each on a scale of its own, and per source.
// In both languages and themes, on a phone, at 200 %.
import { wrong } from "./accessible.mjs";
import { sideways, story } from "./stage.mjs";

/** The cells of a table's lines. */
const cells = (page, name) => page.getByRole("region", { name, exact: true }).locator("tbody tr").evaluateAll((rows) =>
	rows.map((row) => [...row.children].map((cell) => cell.innerText)));

await story("small", async ({ ok, town, person, again }) => {
	await town.say(["Espèce de connard !", "Bonjour", "Merci", "Sale abruti !", "Bonsoir"].map((text, i) => ({ id: `${i}`, text, author: `u${i}` })));
	const roy = await person("roy", "cabinet");
	await roy.goto("/equipe/statistiques");
	const curves = roy.locator("svg[role=img]");
	ok((await curves.count()) === 2 && (await roy.getByRole("img", { name: "Commentaires reçus, par semaine" }).isVisible()),
		"two curves, the second of what came");
	const [week] = await cells(roy, "Par semaine");
	ok(week[1] === "5" && week[2] === "2" && week.slice(7).join() === "0,0", "five came, two are to be handled, nothing is late", week);
	const sources = await cells(roy, "Reçus par source, les quatre dernières semaines");
	ok(JSON.stringify(sources) === JSON.stringify([["Site de la ville", "5", "0", "0", "0"]]), "per source", sources);
	ok((await roy.locator("main").innerText()).includes("Promesses en retard"), "the page says what its columns are");
	for (const [name, options] of [["wide", {}], ["on a phone", { viewport: { width: 390, height: 844 } }], ["at 200 %", { viewport: { width: 640, height: 450 } }],
		["in English", { locale: "en-GB" }]]) {
		const page = await again("roy", options);
		await page.goto("/equipe/statistiques");
		const out = await sideways(page);
		const bad = await wrong(page);
		ok(out === null && bad.length === 0, `${name}: all in sight, axe finds nothing`, out ?? bad);
		await page.context().close();
	}
}, { clock: "wall" });
