// SPDX-License-Identifier: GPL-3.0-or-later
// Without a mouse: signing in, the order of Tab with a focus that is seen at every stop, one key for each act, and the switch
// that takes the keys away.
import { comment, signIn, story, told } from "./stage.mjs";

/** Where the focus is, and whether one sees it there. */
function focus(page) {
	return page.evaluate(() => {
		const e = document.activeElement;
		const box = e.getBoundingClientRect();
		const style = getComputedStyle(e);
		const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
		const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.width > 0;
		return { tag: e.tagName, text: (e.innerText || e.name || "").slice(0, 40), card: e.closest(".card")?.innerText.slice(0, 200),
			seen: ring && inside, left: box.left, middle: (box.top + box.bottom) / 2 + scrollY, class: e.className, id: e.id };
	});
}

/** To the right in one line, or further down. */
function follows(before, after) {
	return Math.abs(after.middle - before.middle) < 12 ? after.left > before.left : after.middle > before.middle;
}

async function walk(page) {
	const stops = [];
	for (let i = 0; i < 60; i++) {
		await page.keyboard.press("Tab");
		const stop = await focus(page);
		if (stop.tag === "BODY" || (i > 0 && stop.class === "skip")) break;
		stops.push(stop);
	}
	return stops;
}

await story("small", async ({ ok, town, visitor, password }) => {
	await town.account("anne", "moderation,dircom");
	await town.say([comment(1, "Espèce de connard un", 1), comment(2, "Quel abruti deux", 2), comment(3, "abruti trois", 3)]);
	const page = await visitor();
	const awake = () => page.locator("body:not([data-pause])").waitFor({ state: "attached" }); // after a decision keys rest
	const press = (...keys) => keys.reduce((before, key) => before.then(awake).then(() => page.keyboard.press(key)), Promise.resolve());
	const loads = (act) => Promise.all([page.waitForNavigation({ waitUntil: "load" }), act()]);

	await page.goto("/connexion");
	await press("Tab");
	ok((await focus(page)).class === "skip" && (await focus(page)).seen, "the first stop leads past the head of the page", await focus(page));
	await press("Enter");
	ok((await focus(page)).id === "contenu", "… to what it is about");
	await press("Tab");
	await page.keyboard.type("anne");
	await press("Tab");
	await page.keyboard.type(password);
	await loads(() => press("Enter"));
	ok(page.url().endsWith("/moderation"), "signed in", page.url());

	const stops = await walk(page);
	ok(stops.every((s) => s.seen), `the focus is seen at each of ${stops.length} stops`, stops.filter((s) => !s.seen));
	const card1 = stops.filter((s) => s.card?.includes("connard"));
	const back = card1.filter((s, i) => i > 0 && !follows(card1[i - 1], s));
	ok(card1.length >= 6 && back.length === 0, "Tab goes in the order of reading", card1);
	const texts = card1.map((s) => s.text);
	ok(["motif", "m'en occupe", "Laisser", "Masquer"].every((t) => texts.some((x) => x.includes(t))), "to all that can be done", texts);
	ok(!stops.some((s) => s.tag === "BUTTON" && !s.text), "no stop is without a name");

	await page.goto("/moderation");
	const card = async () => (await focus(page)).card ?? "";
	await press("j");
	ok((await card()).includes("urgence") || (await card()).includes("injure"), "j: the first");
	const first = await card();
	await press("j");
	ok((await card()) !== first && (await focus(page)).seen, "j: the next, seen", await focus(page));
	await press("k");
	ok((await card()) === first, "k: back");
	await press("?");
	ok(await page.locator("#touches").evaluate((e) => e.open), "? opens the help");
	ok((await page.locator("#touches kbd").allInnerTexts()).includes("j"), "… which names the keys");
	await press("?");
	ok(!(await page.locator("#touches").evaluate((e) => e.open)), "… and closes it");
	await press("Control+j", "Alt+j");
	ok((await card()) === first, "a key with Ctrl or Alt is the browser's");
	await loads(() => press("c"));
	ok(await told(page, "Vous vous en occupez"), "c: taken");
	ok((await focus(page)).card, "… and the focus is on it again", await focus(page));
	await press("m");
	ok((await focus(page)).tag === "INPUT", "m asks for the reason first");
	await page.keyboard.type("jk clxm?");
	ok((await page.evaluate(() => document.activeElement.value)) === "jk clxm?", "typing is typing");
	await loads(() => press("Enter"));
	ok(await told(page, "Décision enregistrée"), "Enter: masked");
	ok((await page.locator("article.card").count()) === 2, "two are left");
	await press("j");
	await loads(() => press("r"));
	ok(page.url().endsWith("/reponse"), "r: the page on which it is answered", page.url());
	for (let i = 0; i < 40 && (await focus(page)).tag !== "TEXTAREA"; i++) await press("Tab");
	await page.keyboard.type("Bonjour, c'est noté. jkr?");
	for (let i = 0; i < 10 && !(await page.evaluate(() => document.activeElement.matches("button.main"))); i++) await press("Tab");
	await loads(() => press("Enter"));
	ok(await told(page, "Décision enregistrée"), "answered");
	await page.goto("/moderation");
	await press("j");
	await loads(() => press("o"));
	ok(new URL(page.url()).pathname.match(/^\/moderation\/\d+$/), "o: opened", page.url());
	await press("m");
	await page.keyboard.type("non");
	await press("Escape");
	ok((await focus(page)).class.startsWith("card"), "Escape leaves the reason", await focus(page));
	await loads(() => press("l"));
	ok((await page.locator("article.card").count()) === 0, "l: left online, the queue is empty");

	await town.say([comment(4, "abruti quatre", 4), comment(5, "abruti cinq", 5)]);
	await page.goto("/moderation");
	await press("j");
	await loads(() => page.keyboard.down("l"));
	ok((await page.locator("article.card").count()) === 1 && (await page.locator("body[data-pause]").count()) === 1, "l: one is left, and keys rest");
	await page.keyboard.down("l"); // held: it repeats
	await awake();
	await page.keyboard.down("l");
	await page.keyboard.up("l");
	ok((await page.locator("article.card").count()) === 1, "held, it decides on nothing else");
	await page.goto("/moderation");
	// one's own keys, changed without a mouse
	const at = async (name) => {
		for (let i = 0; i < 60 && !(await page.evaluate((n) => document.activeElement.name === n, name)); i++) await press("Tab");
	};
	await press("?");
	for (let i = 0; i < 40 && !(await focus(page)).text.startsWith("Changer"); i++) await press("Tab");
	await loads(() => press("Enter"));
	ok(page.url().endsWith("/raccourcis"), "the help leads to one's keys", page.url());
	await at("suivant");
	await page.keyboard.type("k");
	await loads(() => press("Enter"));
	ok((await page.locator("[role=alert]").count()) === 1 && (await page.locator("[aria-invalid]").getAttribute("name")) === "precedent" &&
		(await page.inputValue("[name=suivant]")) === "k", "one key for two acts is refused, at its field, and stays typed");
	await at("suivant");
	await page.keyboard.type("z");
	await loads(() => press("Enter"));
	ok(await told(page, "Vos raccourcis sont enregistrés"), "kept");
	await page.goto("/moderation");
	await press("j");
	ok((await focus(page)).tag === "BODY", "the old key does nothing");
	await press("z");
	ok((await focus(page)).class === "card p3", "the new one does", await focus(page));
	await press("?");
	ok((await page.locator("#touches dt").first().innerText()) === "z", "the help names it");
	await page.goto("/raccourcis");
	await at("alt");
	await press("Space", "Enter");
	ok(await told(page, "Vos raccourcis sont enregistrés"), "all with Alt");
	await page.goto("/moderation");
	await press("z");
	ok((await focus(page)).tag === "BODY", "alone it does nothing");
	await press("Alt+z");
	ok((await focus(page)).class === "card p3", "with Alt it does", await focus(page));
	ok((await page.locator("[data-key=m]").getAttribute("aria-keyshortcuts")) === "Alt+m", "which its button says");
	await page.goto("/raccourcis");
	await at("actifs");
	await press("Space", "Enter");
	ok(await told(page, "Vos raccourcis sont enregistrés"), "switched off");
	const other = await visitor();
	await signIn(other, "anne", password);
	for (const key of ["z", "Alt+z", "j", "?"]) await other.keyboard.press(key);
	ok((await focus(other)).tag === "BODY" && !(await other.locator("#touches").evaluate((e) => e.open)) &&
		(await other.locator("[data-key], [aria-keyshortcuts]").count()) === 0, "on another computer too: no key does anything");
});
