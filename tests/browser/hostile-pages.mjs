// SPDX-License-Identifier: GPL-3.0-or-later
// Hostile texts on every page of the table of routes, and on what forms answer: in comments, questions and their authors' names, in
// reasons, notes, titles of dossiers, views, rules and topics, in words that are searched for. No script runs, nothing is asked of
// elsewhere, nothing sticks out; and the pages do quote them.
import { LINES, tainted } from "./corpus.mjs";
import { ACTS, CONTACT, everybody, furnish, pagesOf, TOWN } from "./pages.mjs";
import { sideways, story } from "./stage.mjs";

const SHORT = ['"><script>__pwned=1</script>', "'><img src=x onerror=__pwned=2>", "</textarea></title><svg onload=__pwned=3>", "\u202e<a href=javascript:__pwned=4>x</a>"];
const QUOTES = /__pwned/;
let turn = 0;
const dress = (text) => `${text} ${SHORT[turn++ % SHORT.length]}`;
const said = (text) => `${text} ${LINES.join(" ")}`.slice(0, 4000);
const hostile = (id, from, title) => [from, `title: '${title} <script>__pwned=5</script>'`];

const rules = [hostile("rule", /title: Injure <.*/, "Injure citée"), hostile("topic", /title: Cantine scolaire/, "Cantine")].reduce((text, [from, to]) => text.replace(from, to), TOWN.rules);

await story("small", async (stage) => {
	const { ok, town, person, origin } = stage;
	const anne = await everybody(stage);
	const known = await furnish(stage, anne, { dress, said, account: "\"><script>__pwned=6</script>" });
	const { pages, unknown } = await pagesOf(town, known);
	ok(unknown.length === 0, "each route that answers a page has an example in pages.mjs", unknown);
	const odd = [];
	const quoting = new Set();
	const look = async (page, name) => {
		const state = await tainted(page, origin, CONTACT);
		const out = await sideways(page);
		if (state || out) odd.push({ name, ...state, out });
		if (QUOTES.test(await page.locator("body").innerText()) || QUOTES.test((await page.locator("textarea, input").evaluateAll((all) => all.map((e) => e.value))).join())) quoting.add(name);
	};
	const searched = ["/recherche", "/commentaires", "/regles"].map((path) => ({ path: `${path}?q=${encodeURIComponent(SHORT[0])}&motif=${encodeURIComponent(SHORT[1])}&mots=${encodeURIComponent(SHORT[2])}` }));
	for (const { path } of [...pages, ...searched]) {
		await anne.goto(path);
		await look(anne, path);
	}
	for (const { name, act } of ACTS.filter((one) => !one.stranger)) {
		await act(anne, known);
		await look(anne, name);
	}
	for (const role of ["cabinet", "service", "juriste", "dpo"]) { // who sees less than all sees other pages
		const one = await person("r-" + role, role, role === "service" ? { services: "voirie" } : {});
		for (const { path } of pages.filter(({ roles, path }) => roles.includes(role) && /^.(moderation|situation|service|dossiers|conformite)/.test(path))) {
			await one.goto(path);
			await look(one, `${role}: ${path}`);
		}
		await one.context().close();
	}
	ok(odd.length === 0, `${pages.length + searched.length + ACTS.length} pages, and those of each role`, odd.slice(0, 5));
	const must = ["/moderation", "/reponse", "/commentaires", "/vues", "/dossiers/1", "/dossiers", `/situation/${known.alarm}`, "/situation", "/regles", "/regles/journal",
		"/regles/regle/cantine", `/service/${known.transferred}`, "/service", "/conformite/journal", "/conformite/purge/1", `/moderation/${known.plain}`, "what would be decided of many", "what is held of a person", "a text explained"];
	ok(must.every((name) => quoting.has(name)), `${quoting.size} of them quote what is hostile`, must.filter((name) => !quoting.has(name)));
}, { ...TOWN, rules });
