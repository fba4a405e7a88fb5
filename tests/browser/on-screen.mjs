// SPDX-License-Identifier: GPL-3.0-or-later
// When the queue, open in real Chromium, shows that something new came: a line of milliseconds since 1970 for each time, when
// the line about it is painted; "open" before the first. tests/bench/console.py asks.
//   on-screen.mjs ORIGIN COOKIE TIMES
import { launch } from "./stage.mjs";

const [origin, cookie, times] = process.argv.slice(2);
const [name, value] = cookie.split("=");
const browser = await launch();
const context = await browser.newContext({ baseURL: origin, locale: "fr-FR" });
await context.addCookies([{ name, value, url: origin }]);
const page = await context.newPage();
const heard = page.waitForResponse((r) => r.url().includes("/evenements"));
await page.goto("/moderation");
await heard;
console.log("open");
for (let n = 1; n <= Number(times); n++) {
	const at = await page.evaluate(
		(count) =>
			new Promise((done) => {
				const news = document.getElementById("nouvelles");
				const look = () => {
					if (!(Number(/(\d+) nouve/.exec(news.innerText)?.[1]) >= count)) return;
					watch.disconnect();
					requestAnimationFrame(() => requestAnimationFrame(() => done(Date.now())));
				};
				const watch = new MutationObserver(look);
				watch.observe(news, { childList: true, characterData: true, subtree: true });
				look();
			}),
		n,
	);
	console.log(at);
}
await browser.close();
