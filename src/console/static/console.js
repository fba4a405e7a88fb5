// SPDX-License-Identifier: GPL-3.0-or-later
// Keys for the queue. Without this file every page works the same, by its forms. A key stands on its button (data-key);
// nothing happens while somebody types, with a modifier, or when the keys are switched off in this browser.

const OFF = "tocsin-sans-touches";
const help = document.getElementById("touches");
const toggle = document.getElementById("touches-oui");
const cards = [...document.querySelectorAll(".card")];

function on() {
	return localStorage.getItem(OFF) === null;
}

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
	if (button.href) return button.click();
	const reason = button.form.elements.motif;
	const wanted = button.value === "masquer" || button.value === "transferer";
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
	if (key === "j") step(1);
	else if (key === "k") step(-1);
	else if (key === "?" && help) help.open = !help.open;
	else if (key === "o") card?.querySelector(".open")?.click();
	else {
		const button = [...(card?.querySelectorAll("[data-key]") ?? [])].find((b) => b.dataset.key === key);
		if (button) press(button);
		else if (key === "d" && card?.querySelector(".open")) location.href = card.querySelector(".open").href + "/dossier";
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
	if (typing || event.ctrlKey || event.altKey || event.metaKey || !on()) return;
	if (act(event.key)) event.preventDefault();
});

// A key is said on its button only where it works.
function tell() {
	document.querySelectorAll("[data-key]").forEach((b) => {
		if (on()) b.setAttribute("aria-keyshortcuts", b.dataset.key);
		else b.removeAttribute("aria-keyshortcuts");
	});
}
tell();
if (help) {
	help.hidden = false;
	toggle.checked = on();
	toggle.addEventListener("change", () => {
		if (toggle.checked) localStorage.removeItem(OFF);
		else localStorage.setItem(OFF, "1");
		tell();
	});
}
if (location.hash.startsWith("#c")) document.getElementById(location.hash.slice(1))?.focus();

// What is copied goes to where people publish it.
document.querySelectorAll("[data-copy]").forEach((button) => {
	button.hidden = !navigator.clipboard;
	button.addEventListener("click", async () => {
		const from = document.getElementById(button.dataset.copy);
		await navigator.clipboard.writeText(from.value ?? from.textContent);
		button.textContent = button.dataset.copied;
	});
});

// A form that was sent is not sent twice. What comes back as a file leaves the page as it is: it may be asked for again.
addEventListener("submit", (event) => {
	if (event.target.classList.contains("file")) return;
	if (event.target.dataset.sent) event.preventDefault();
	event.target.dataset.sent = "1";
});
addEventListener("pageshow", () => document.querySelectorAll("form").forEach((f) => delete f.dataset.sent));
