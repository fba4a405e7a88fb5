// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody works on comes near its end: the page says so, politely, once, with or without a line to the server, and
// nothing that is being written is lost. The browser's clock is put forward; the server's is not.
import { comment, story, told } from "./stage.mjs";

/** Puts the page's clock forward until the reminder says this. */
async function until(page, text, forward) {
	const end = Date.now() + 30000;
	const there = async () => (await page.locator("#rappel").innerText()).includes(text);
	while (!(await there()) && Date.now() < end) await forward();
	return there();
}

await story("small", async ({ ok, town, person, again }) => {
	await town.say([comment(1, "Espèce de connard, ça suffit", 1), comment(2, "on sait où tu habites", 2), comment(3, "Quel abruti", 3)]);
	const anne = await person("anne", "moderation");
	const card = (page, text) => page.locator("article.card").filter({ hasText: text });
	const take = async (page, text) => {
		await card(page, text).getByRole("button", { name: "Je m'en occupe" }).click();
		await told(page, "Vous vous en occupez");
	};
	const said = (page, text) => page.locator("#rappel").filter({ hasText: text }).waitFor().then(() => true, () => false);
	const times = (page) => page.evaluate(() => window.times);
	const listen = (page) =>
		page.evaluate(() => {
			window.times = 0;
			new MutationObserver(() => (window.times += 1)).observe(document.getElementById("rappel"), { childList: true });
		});

	await anne.addInitScript(() => {
		window.heard = 0;
		window.EventSource = class extends window.EventSource {
			constructor(address) {
				super(address);
				this.addEventListener("pris", () => (window.heard += 1));
			}
		};
	});
	await anne.clock.install();
	await anne.goto("/moderation");
	await take(anne, "connard");
	await listen(anne);
	ok((await anne.locator("#rappel").getAttribute("role")) === "status" && (await anne.locator("#rappel").innerText()) === "", "nothing is near its end yet");
	const reason = card(anne, "connard").getByLabel("Motif");
	await reason.fill("une explication à moitié écr");
	await reason.evaluate((e) => e.setSelectionRange(3, 3));
	await anne.context().setOffline(true);
	await anne.clock.fastForward("11:00");
	ok(await said(anne, "Votre prise en charge se termine à"), "the claim ends soon: said though the line is lost", await anne.locator("#direct").innerText());
	ok((await reason.inputValue()) === "une explication à moitié écr" && (await reason.evaluate((e) => document.activeElement === e && e.selectionStart === 3)),
		"what is being written stays, the cursor where it was");
	const link = await anne.locator("#rappel a").getAttribute("href");
	ok(/^\/moderation\/\d+$/.test(link), "with the way there", link);
	await anne.context().setOffline(false);
	await anne.clock.runFor("00:40");
	ok((await times(anne)) === 1, "and said once", await times(anne));

	// taken on another computer, heard over the line that is there again
	const other = await again("anne");
	await other.goto("/moderation");
	const before = await anne.evaluate(() => window.heard);
	await take(other, "habites");
	await anne.waitForFunction((n) => window.heard > n, before); // the page's clock goes on only then: it may not pass what is near
	const forward = () => anne.clock.runFor("00:15");
	ok(await until(anne, "est à voir avant", forward), "a P1 that is taken elsewhere is nearly due: said here too", await anne.locator("#rappel").innerText());

	ok(await until(anne, "Votre prise en charge se termine à", forward), "… then that her claim on it ends");

	await anne.reload();
	await listen(anne);
	await anne.clock.fastForward("11:00");
	ok((await times(anne)) === 0, "another page says none of it again", await anne.locator("#rappel").innerText());

	await take(anne, "Quel abruti");
	await anne.clock.fastForward("11:00");
	ok(await said(anne, "Votre prise en charge se termine à"), "of a new one it does");
	await other.goto("/moderation");
	await card(other, "Quel abruti").getByRole("button", { name: "Laisser en ligne" }).click();
	await told(other, "Décision enregistrée");
	ok(await anne.waitForFunction(() => !document.getElementById("rappel").textContent).then(() => true, () => false), "what is decided is spoken of no more");
});
