// SPDX-License-Identifier: GPL-3.0-or-later
// The night of the sample town: three weeks as usual, a leak (the Peupliers are to be demolished), the alarm on the page of
// the dir'com, who takes charge from there and writes into the main courante; calm again, it is closed.
import { wrong } from "./accessible.mjs";
import { sideways, story, told, until } from "./stage.mjs";

const LEAK = "2026-01-27T11:40:00+01:00";

await story("valmont", async ({ ok, town, person, again }) => {
	const dircom = await person("dircom", "dircom");
	const mayor = await person("roy", "cabinet");
	const alarm = (page) => page.locator("article.alarm").filter({ hasText: "Peupliers" });

	await town.hear(LEAK);
	await dircom.goto("/situation");
	ok((await alarm(dircom).count()) === 0, "three weeks of a town's life: nothing about the Peupliers", await dircom.locator("main").innerText());

	await mayor.goto("/situation");
	await town.hear("2026-01-27T12:40:00+01:00");
	const news = mayor.locator("#nouvelles").filter({ hasText: /ORANGE|ROUGE/ });
	ok(await news.waitFor().then(() => true, () => false), "a page that was open says it by itself");
	await dircom.goto("/situation");
	ok(await until(dircom, async () => (await dircom.locator(".whole").innerText()).includes("ROUGE")), "an hour after the leak the town is at rouge",
		await dircom.locator("main").innerText());
	ok((await dircom.locator("article.alarm").first().innerText()).includes("ROUGE"), "the gravest alarm stands first");
	const text = await alarm(dircom).innerText();
	ok(/\d+ personnes/.test(text) && text.includes("Personne n'en est chargé"), "how many, and that nobody is in charge", text.slice(0, 800));
	const curve = alarm(dircom).locator("svg").first();
	ok((await curve.isVisible()) && (await curve.locator("title").count()) === 1, "its curve, which has a title");
	ok((await alarm(dircom).locator(".verbatims li").count()) > 0, "what is said");

	const address = await alarm(dircom).locator("a.open").getAttribute("href");
	const english = await again("dircom", { locale: "en-GB", viewport: { width: 390, height: 844 } });
	for (const [page, who] of [[dircom, "the dir'com"], [mayor, "the cabinet"], [english, "an English phone"]]) {
		for (const path of ["/situation", address]) {
			await page.goto(path);
			const [bad, out] = [await wrong(page), await sideways(page)];
			ok(bad.length === 0 && out === null, `${path} of the crisis for ${who}: axe finds nothing, nothing sticks out`, [...bad, out]);
		}
	}
	await english.context().close();
	for (const page of [dircom, mayor]) {
		await page.emulateMedia({ colorScheme: "light" });
		await page.goto("/situation");
	}

	ok((await alarm(mayor).getByRole("button", { name: "Je prends en charge" }).count()) === 1, "the cabinet sees it too");
	await alarm(dircom).getByRole("button", { name: "Je prends en charge" }).click();
	ok(await told(dircom, "Vous prenez en charge"), "taken in charge from the page");
	await mayor.reload();
	ok(/Prise en charge :/.test(await alarm(mayor).innerText()), "the cabinet sees by whom");
	await alarm(dircom).locator("a.open").click();
	await dircom.getByLabel("Ajouter une entrée").fill("Le maire est prévenu, il rappelle à 13 h <b>");
	await dircom.getByRole("button", { name: "Écrire dans la main courante" }).click();
	await dircom.waitForLoadState();
	const log = dircom.locator("table.log");
	ok((await log.innerText()).includes("il rappelle à 13 h <b>"), "the main courante has it, word for word");
	const number = address.split("/").pop();
	ok((await town.json("incidents")).some((i) => String(i.id) === number && i.state === "acked"), "tocsin says the same");

	// no curve may be cut off on paper
	await dircom.emulateMedia({ media: "print" });
	ok(await dircom.locator("svg").first().isVisible(), "printed, it is all there");
	await dircom.emulateMedia({ media: "screen" });

	await dircom.getByText("Valider des éléments de langage").click();
	await dircom.getByLabel("Ce que dit la ville").fill("Aucune décision n'est prise.\nUne réunion se tient jeudi.");
	await dircom.getByRole("button", { name: "Valider cette version" }).click();
	ok(await told(dircom, "éléments de langage sont à jour"), "what the town says is validated from the page");
	await dircom.getByText("Donner une consigne").click();
	await dircom.getByLabel("Conduite à tenir").selectOption({ label: "Suspendre les publications programmées." });
	await dircom.getByRole("button", { name: "Donner cette consigne" }).click();
	ok(await told(dircom, "La consigne est à jour"), "and what its teams are to do");
	await mayor.goto(address);
	const read = await mayor.locator("article.alarm").innerText();
	ok(read.includes("Une réunion se tient jeudi.") && read.includes("Suspendre les publications programmées."), "the cabinet reads both", read);
	await dircom.getByText("Clore cette alerte").click();
	await dircom.getByLabel("Pourquoi elle est finie").fill("La réunion est annoncée, plus rien depuis une heure.");
	await dircom.getByRole("button", { name: "Clore", exact: true }).click();
	ok((await dircom.locator("article.alarm").innerText()).includes("Alerte close."), "closed");
	ok((await dircom.getByRole("button", { name: /Je prends/ }).count()) === 0, "… and not to be taken any more");
	await mayor.goto("/situation");
	ok((await alarm(mayor).count()) === 0, "it leaves the situation page");
	await mayor.goto(address);
	ok((await log.innerText()).includes("rappelle à 13 h"), "its main courante stays");
});
