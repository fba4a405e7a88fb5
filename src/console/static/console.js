// SPDX-License-Identifier: GPL-3.0-or-later
// Keys for the queue, and what is half typed. Without this file every page works the same, by its forms. A key stands on its
// button (data-key), those that have none on the page (data-keys; data-alt: all with Alt), as whoever is signed in has chosen
// them, or nowhere when he switched them off. Nothing happens while somebody types, or with another modifier.

const [next, back, open, dossier, about] = document.body.dataset.keys ?? "";
const alt = "alt" in document.body.dataset;
const help = document.getElementById("touches");
const cards = [...document.querySelectorAll(".card")];

function current() {
	return document.activeElement.closest(".card");
}

function step(by) {
	const at = cards.indexOf(current());
	const next = cards[at < 0 ? 0 : Math.max(0, Math.min(cards.length - 1, at + by))];
	next?.focus();
	next?.scrollIntoView({ block: "nearest" });
}

// A decision that needs a reason asks for it first; Enter in it then takes that decision, and else none.
let asked = null;

function press(button) {
	if (button.href || button.type === "checkbox") return button.click();
	const reason = button.form.elements.motif;
	const wanted = /^(masquer|transferer|refuser)$/.test(button.value) && !button.dataset.mine;
	if (wanted && reason && !reason.value) {
		asked = button;
		reason.focus();
	} else button.form.requestSubmit(button);
}

function enter(input) {
	if (!asked || asked.form !== input.form || !input.value) return false;
	asked.form.requestSubmit(asked);
	return true;
}

function act(key) {
	const card = current() ?? (cards.length === 1 ? cards[0] : null);
	if (key === next) step(1);
	else if (key === back) step(-1);
	else if (key === about && help) help.open = !help.open;
	else if (key === open) card?.querySelector(".open")?.click();
	else {
		const button = [...(card?.querySelectorAll("[data-key]") ?? [])].find((b) => b.dataset.key === key);
		if (button) press(button);
		else if (key === dossier && card?.querySelector(".open")) location.href = card.querySelector(".open").href + "/dossier";
		else return false;
	}
	return true;
}

addEventListener("keydown", (event) => {
	const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
	if (event.key === "Escape" && typing) {
		asked = null;
		current()?.focus();
	}
	if (event.key === "Enter" && typing && enter(typing)) event.preventDefault();
	if (typing || event.ctrlKey || event.altKey !== alt || event.metaKey || event.key === " ") return;
	// A key that is held, or pressed twice, decides on nothing that nobody has read.
	const walks = [next, back].includes(event.key.length > 1 ? event.key : event.key.toLowerCase());
	if (!walks && (event.repeat || "pause" in document.body.dataset)) return;
	if (act(event.key.length > 1 ? event.key : event.key.toLowerCase())) event.preventDefault();
});

// A key is said on its button only where it works.
document.querySelectorAll("[data-key]").forEach((b) => b.setAttribute("aria-keyshortcuts", (alt ? "Alt+" : "") + b.dataset.key));
if (help) help.hidden = false;
if (location.hash.startsWith("#c")) document.getElementById(location.hash.slice(1))?.focus();

// Behind a decision comes the card that stood below it, not the top of the list.
const BEHIND = "tocsin-suivante";
const behind = sessionStorage.getItem(BEHIND);
sessionStorage.removeItem(BEHIND);
if (behind !== null && !location.hash) {
	document.body.dataset.pause = "";
	setTimeout(() => delete document.body.dataset.pause, 400);
}
if (!location.hash && behind && cards.length > 1) document.getElementById(behind)?.focus();
addEventListener("submit", (event) => {
	if (!event.target.classList.contains("deciding")) return;
	sessionStorage.setItem(BEHIND, cards[cards.indexOf(event.target.closest(".card")) + 1]?.id ?? "");
});

// What can no longer be taken back is not offered.
document.querySelectorAll("button[data-ms]").forEach((b) => setTimeout(() => (b.hidden = true), Number(b.dataset.ms)));

// On a phone a row is a small sheet: each value bears the name of its column.
document.querySelectorAll("table.log, table.data").forEach((table) => {
	const names = [...table.tHead.rows[0].cells].map((c) => c.textContent);
	for (const row of table.tBodies[0].rows) [...row.cells].forEach((c, i) => (c.dataset.nom = c.textContent.trim() ? names[i] ?? "" : ""));
});

// What is copied goes to where people publish it.
document.querySelectorAll("[data-copy]").forEach((button) => {
	button.hidden = !navigator.clipboard;
	button.addEventListener("click", async () => {
		const from = document.getElementById(button.dataset.copy);
		await navigator.clipboard.writeText(from.value ?? from.textContent);
		button.textContent = button.dataset.copied;
	});
});

// What is under way says how far it is; the page comes anew when it is done.
async function follow() {
	const bar = document.querySelector("progress[data-suivi]");
	if (!bar) return;
	try {
		const answer = await fetch(location.href, { cache: "no-store", redirect: "manual" });
		const page = new DOMParser().parseFromString(await answer.text(), "text/html");
		const now = page.querySelector("progress[data-suivi]");
		if (!now) return location.reload();
		if (now.hasAttribute("value")) bar.value = now.value;
	} catch {
		// nobody is there: later
	}
	setTimeout(follow, 2000);
}
setTimeout(follow, 1000);

// A form that was sent is not sent twice. What comes back as a file leaves the page as it is: it may be asked for again.
addEventListener("submit", (event) => {
	if (event.target.classList.contains("file")) return;
	if (event.target.dataset.sent) event.preventDefault();
	event.target.dataset.sent = "1";
});
addEventListener("pageshow", () => document.querySelectorAll("form").forEach((f) => delete f.dataset.sent));

// --- what is half typed

// Kept in this tab under who typed it, in any form that changes something: it is back in its field when he has signed in again.
// Who is not signed in types passwords: nothing of that is kept. Whoever leaves by the button leaves nothing behind.
const me = document.body.dataset.moi;
const kept = sessionStorage;
const SENT = "tocsin-envoye";
const known = /^(csrf|base|vu|suite|sur|ici|retour|cle|modele|service)$/; // hidden: what the page knew, not which form it is
const sent = kept.getItem(SENT);
const refused = document.querySelector(".told.bad");

function typed(form) {
	return [...form.elements].filter((f) => /^(text|date)/.test(f.type));
}

function version(form) {
	return form.elements.base ?? form.elements.vu;
}

function place({ form, name }) {
	const which = [...form.elements].filter((f) => f.type === "hidden" && !known.test(f.name));
	return ["saisie", me, form.getAttribute("action"), ...which.map((f) => f.value), name].join("-");
}

function drop(places) {
	places.forEach((p) => kept.removeItem(p));
}

// When another text is in force by now, the version that it was typed over goes with it: the server then says so.
function restore(field) {
	const [value, over, base] = JSON.parse(kept.getItem(place(field))) ?? [];
	if (value === field.defaultValue && !refused) return drop([place(field)]);
	if (!value || value === field.defaultValue) return;
	field.value = value;
	field.closest("details")?.setAttribute("open", "");
	if (base && over !== field.defaultValue) version(field.form).value = base;
}

// What was sent and taken is kept no longer.
if (sent && document.querySelector(".told:not(.bad)")) drop(JSON.parse(sent));
kept.removeItem(SENT);
if (me) {
	document.querySelectorAll("form[method=post]").forEach((form) => typed(form).forEach(restore));
	addEventListener("input", ({ target }) => {
		const form = target.form;
		if (form?.method !== "post" || !typed(form).includes(target)) return;
		if (target.value) kept.setItem(place(target), JSON.stringify([target.value, target.defaultValue, version(form)?.value]));
		else drop([place(target)]);
	});
	addEventListener("submit", ({ target, submitter }) => {
		if (submitter?.hasAttribute("formaction")) return; // taking it on sends no reason
		if (target.matches(".leave")) return kept.clear();
		if (target.matches(".filling")) return drop([place(document.getElementById("texte"))]); // another text is wanted
		const places = typed(target).map(place);
		if (target.matches(".file")) setTimeout(drop, 5000, places); // no page comes; one that does ends this
		else if (places.length) kept.setItem(SENT, JSON.stringify(places));
	});
}
