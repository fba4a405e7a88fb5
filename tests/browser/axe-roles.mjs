// SPDX-License-Identifier: GPL-3.0-or-later
// axe-core as in axe.mjs: on the pages before anything was heard, and on those of each role alone, whose navigation and pages
// are its own; what another role has seen so is not looked at twice. In light alone: the colours are those of axe.mjs.
import { LIGHT, looker, shared } from "./accessible.mjs";
import { emptyPages, everybody, furnish, pagesOf, rolesOf, TOWN } from "./pages.mjs";
import { story } from "./stage.mjs";

const bones = (page) => page.evaluate(() => document.querySelector("main").innerHTML.replace(/name="csrf" value="\w+"/g, ""));

await story("small", async (stage) => {
	const { ok, town, person } = stage;
	const { look, go, visit, so_far } = looker(ok, LIGHT);
	const anne = await everybody(stage);
	await shared(anne, await emptyPages(town), (page, path) => visit(page, path));
	so_far("before anything was heard");

	const { pages } = await pagesOf(town, await furnish(stage, anne));
	const first = pages.filter(({ route }, n) => pages.findIndex((p) => p.route === route) === n); // one of each route
	const seen = new Set();
	for (const role of await rolesOf(town)) {
		const one = await person("r-" + role, role, role === "service" ? { services: "voirie" } : {});
		await visit(one, role === "admin" ? "/dossiers" : "/comptes", 403);
		const own = first.filter(({ roles }) => roles.includes(role));
		let came = 0;
		await shared(one, own, async (page, { path, status }) => {
			if (await go(page, path, status)) came += 1;
			const main = await bones(page);
			if (!seen.has(main)) await look(page, `${role}: ${path}`);
			seen.add(main);
		});
		ok(own.length > 0 && came === own.length, `${role} has ${own.length} pages, and each came`, came);
		so_far(role);
		await one.context().close();
	}
}, TOWN);
