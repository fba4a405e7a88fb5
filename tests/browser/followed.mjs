// SPDX-License-Identifier: GPL-3.0-or-later
// A topic that nobody had declared rises in the sample town: the dir'com follows it with one click from the point de situation,
// what comes next is counted under the name that he gave it, and another click ends it.
import { wrong } from "./accessible.mjs";
import { sideways, story, told, until } from "./stage.mjs";

await story("valmont", async ({ ok, town, person, again }) => {
	const dircom = await person("dircom", "dircom");
	const emergent = (page) => page.locator("article.alarm").filter({ hasText: "Sujet émergent" });
	const followed = (page) => page.locator("article.followed");

	await town.hear("2026-01-17T19:20:00+01:00");
	const rises = async () => (await dircom.goto("/situation"), (await emergent(dircom).count()) === 1);
	ok(await until(dircom, rises), "a topic that no rule knows", await dircom.locator("main").innerText());
	const name = emergent(dircom).getByLabel("Sous le nom");
	ok((await name.inputValue()) === "Odette" && (await followed(dircom).count()) === 0, "its own word is there as a name", await name.inputValue());
	await name.fill("Les cent ans de la doyenne");
	await emergent(dircom).getByRole("button", { name: "Suivre ce sujet" }).click();
	ok(await told(dircom, "Ce sujet est suivi"), "one click");
	const text = await followed(dircom).innerText();
	ok(text.includes("Les cent ans de la doyenne") && text.includes("suivi depuis ") && text.includes("Sujet émergent"), "it has its place, with the alarm it comes from", text);

	await town.hear("2026-01-18T19:00:00+01:00");
	const counts = async () => (await dircom.goto("/situation"), /^[1-9]\d* messages? en 24 heures/m.test(await followed(dircom).innerText()));
	ok(await until(dircom, counts), "what comes is counted under it", await followed(dircom).innerText());
	ok(await followed(dircom).locator("svg").first().isVisible(), "its curve");
	const phone = await again("dircom", { locale: "en-GB", viewport: { width: 390, height: 844 } });
	for (const [page, who] of [[dircom, "the dir'com"], [phone, "an English phone"]]) {
		await page.goto("/situation");
		const [bad, out] = [await wrong(page), await sideways(page)];
		ok(bad.length === 0 && out === null, `for ${who}: axe finds nothing, nothing sticks out`, [...bad, out]);
	}
	await dircom.goto("/situation");
	await followed(dircom).getByRole("button", { name: "Ne plus suivre" }).click();
	ok((await told(dircom, "n'est plus suivi")) && (await followed(dircom).count()) === 0, "another click ends it");
});
