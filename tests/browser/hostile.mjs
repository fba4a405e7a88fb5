// SPDX-License-Identifier: GPL-3.0-or-later
// Hostile comments (corpus.mjs) in every field, a page of its own for each: no script runs, nothing is asked of elsewhere, the page
// still works. hostile-pages.mjs has every other page.
import { corpus, FIELDS, FOREIGN, tainted } from "./corpus.mjs";
import { comment, sideways, story } from "./stage.mjs";

const PIECES = 100; // of the dossier

/** What UTF-8 can say: half a character is none. */
function whole(text, most) {
	return text.slice(0, most).replace(/[\ud800-\udfff]/gu, "\ufffd");
}

/** As a comment that is flagged, whose fields are strings. */
function flagged(one, number) {
	const more = Object.fromEntries(FIELDS.filter((f) => typeof one[f] === "string").map((f) => [f, whole(one[f], 1000)]));
	return comment("h" + number, `abruti ${whole(one.text, 110_000)}`, 1 + (number % 1000), more);
}

await story("small", async ({ ok, town, person, origin }) => {
	const items = corpus().map(flagged).concat(comment("p1", `on sait où tu habites ${corpus().slice(0, 12).map((c) => c.text).join(" ")}`, 3));
	for (let i = 0; i < items.length; i += 200) await town.say(items.slice(i, i + 200));
	const page = await person("anne", "moderation,dircom,juriste,admin,dpo");
	const queue = await town.json("queue", "--limit", "100000");
	ok(queue.length >= items.length * 0.9, `${queue.length} hostile comments wait for an eye`, queue.length);

	await page.goto("/moderation");
	ok((await page.locator(FOREIGN).count()) === 0, "the queue has our scripts, and no element of theirs", await page.locator(FOREIGN).allInnerTexts());
	ok((await page.locator("article.card").count()) === Math.min(40, queue.length), "each comment is one card");
	ok((await sideways(page)) === null, "none makes the page wider", await sideways(page));
	ok((await page.evaluate(() => document.activeElement.tagName)) === "BODY", "none takes the focus");
	const bare = page.locator("article.card:not(:has(mark))");
	ok((await bare.count()) === 0, "what was found in them is marked", await bare.allInnerTexts());

	const odd = [];
	for (const { seq } of queue) {
		await page.goto(`/moderation/${seq}`, { waitUntil: "domcontentloaded" });
		const state = await tainted(page, origin);
		if (state) odd.push({ seq, ...state });
	}
	ok(odd.length === 0, `${queue.length} pages of one`, odd.slice(0, 3));

	await page.goto("/regles/regle/injure.adressee");
	ok((await page.locator(".verbatims mark").count()) > 0 && (await page.locator(FOREIGN).count()) === 0, "a rule's page quotes them, and runs nothing");

	await page.goto("/situation");
	await page.locator("article.alarm a.open").first().click();
	await page.waitForLoadState();
	ok((await page.locator("article.alarm .verbatims").innerText()).includes("<script>"), "the alarm quotes it as it is");
	ok((await page.locator('script:not([src^="/fixe/"])').count()) === 0, "… and runs nothing");

	await page.goto(`/moderation/${queue[0].seq}`);
	await page.getByLabel("Motif").fill("\"><script>window.__pwned='motif'</script>");
	await page.getByRole("button", { name: "Laisser en ligne" }).click();
	await page.goto(`/moderation/${queue[0].seq}`);
	ok((await page.locator(".history").innerText()).includes("window.__pwned='motif'"), "a reason is a text too");

	const pieces = queue.slice(0, PIECES);
	for (const { seq } of pieces) { // one dossier, with a title as hostile as its pieces
		await page.goto(`/moderation/${seq}/dossier`);
		const first = seq === queue[0].seq;
		if (first) await page.fill("[name=objet]", "\"><script>window.__pwned='objet'</script>");
		await page.getByRole("button", { name: first ? "Ouvrir le dossier" : "Ajouter comme pièce" }).click();
		await page.waitForURL(/\/dossiers\/1$/);
	}
	ok((await page.locator(".piece").count()) === pieces.length && (await page.locator(FOREIGN).count()) === 0, `a dossier of ${pieces.length} hostile pieces is text`,
		await page.locator(FOREIGN).evaluateAll((all) => all.map((e) => e.outerHTML.slice(0, 200))));
	ok((await page.locator("h1").innerText()).includes("window.__pwned='objet'") && (await sideways(page)) === null, "… under a hostile title", await sideways(page));

	const name = items[0].author;
	await page.goto("/conformite/personne");
	await page.selectOption("[name=source]", "site");
	for (const [field, value] of [["compte", name], ["motif", "\"><script>window.__pwned='accès'</script>"]])
		await page.fill(`[name=${field}]`, value);
	await page.locator("main button.main").click();
	await page.locator("table").waitFor();
	ok((await page.locator("main").innerText()).includes(name.slice(0, 20)) && (await page.locator(FOREIGN).count()) === 0, "a person's page quotes name and text", name);
	ok((await sideways(page)) === null, "… and is no wider", await sideways(page));
	await page.goto("/conformite/journal");
	ok((await page.locator("table").innerText()).includes("window.__pwned='accès'") && (await page.locator(FOREIGN).count()) === 0, "so does the account");
});
