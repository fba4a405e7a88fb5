// SPDX-License-Identifier: GPL-3.0-or-later
// What is new while the page is open: said at its foot, shown on the cards, and nothing that somebody reads moves. Without this
// file, or without a line to the server, every page works the same and is up to date when it is loaded.
// Events and their order: src/console/live/live.h and watch.c. Sentences come with the page, as data of #direct.

const box = document.getElementById("direct");
const words = box.dataset;
const me = document.body.dataset.moi;
const news = document.getElementById("nouvelles");
const line = document.getElementById("liaison");
const reminder = document.getElementById("rappel");
const title = document.title;
const lanes = Number(words.voies);
const levels = { vert: "VERT", jaune: "JAUNE", orange: "ORANGE", rouge: "ROUGE", gris: "GRIS" };
let last = words.depuis;
let source = null;
let fresh = new Set();
let lost = 0; // the timer that will say that the line is lost; -1: it is said
let pause = 1000;
let signedOut = false;

function fill(sentence, values) {
	return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function say(where, text, path, name) {
	where.replaceChildren(text);
	if (path) {
		const link = document.createElement("a");
		link.href = path;
		link.textContent = name;
		where.append(" ", link);
	}
	box.classList.toggle("on", Boolean(news.textContent || line.textContent || reminder.textContent));
}

// --- the cards

function card(event) {
	return document.getElementById("c" + event.seq) ?? document.getElementById("c" + event.row);
}

// The last decision of which the page knew when it was made.
function known(event) {
	return Number(card(event)?.querySelector("input[name=suite]")?.value ?? -1);
}

// Over the buttons, which it switches off: nothing below moves. What is typed beside them stays.
function mark(event, state, text) {
	const at = card(event);
	const choices = at?.querySelector(".choices");
	if (!choices) return;
	let over = choices.querySelector(".over");
	if (text) {
		over ??= choices.appendChild(document.createElement("p"));
		over.className = "over";
		over.textContent = text;
	} else over?.remove();
	choices.querySelectorAll("button").forEach((b) => (b.disabled = Boolean(text)));
	choices.querySelectorAll("a").forEach((a) => (a.inert = Boolean(text)));
	at.classList.toggle("taken", state === "taken");
	at.classList.toggle("done", state === "done");
	if (text && at.contains(document.activeElement)) say(news, text);
}

function name(decision) {
	return document.querySelector(`.choices [value="${CSS.escape(decision)}"], .choices [data-value="${CSS.escape(decision)}"]`)?.textContent ?? decision;
}

// --- what is due to who reads: said once, whether there is a line or not

const NEAR = 300000; // ms
const mine = new Map(); // row → when the claim ends and the item is due, by the server's clock: remind.h
const skew = Date.now() - words.maintenant;
let reminded = []; // of what the reminder speaks
JSON.parse(words.miens).forEach((one) => mine.set(one.row, one));

function comes(one, at, hour, sentence) {
	const left = at + skew - Date.now();
	const key = `tocsin-dit-${me}-${one.seq}-${sentence}-${hour}`;
	if (left <= 0 || left > NEAR || sessionStorage.getItem(key)) return null;
	sessionStorage.setItem(key, "1");
	return { row: one.row, path: `/moderation/${one.seq}`, text: fill(words[sentence], { heure: hour }) };
}

function remind() {
	if (document.hidden) return;
	const soonest = (one) => comes(one, one.due, one.by, "avant") ?? comes(one, one.at, one.until, "fin") ?? [];
	const near = [...mine.values()].flatMap(soonest);
	if (!near.length) return;
	reminded = near.map((n) => n.row);
	if (near.length === 1) say(reminder, near[0].text, near[0].path, words.voir);
	else say(reminder, fill(words.bientot, { n: near.length }), "/moderation?suivi=moi", words.voir);
}

function rid(event) {
	mine.delete(event.row);
	if (reminded.length === 1 && reminded[0] === event.row) say(reminder, "");
}

// --- what is said

function counted(event) {
	for (const file of ["moderation", "reponse"])
		document.querySelectorAll(`[data-file="${file}"]`).forEach((n) => (n.textContent = event[file].toLocaleString(document.documentElement.lang)));
	for (const [seq, where] of event.new) if (where & lanes && !document.getElementById("c" + seq)) fresh.add(seq);
	if (!fresh.size) return;
	say(news, fresh.size === 1 ? words.un : fill(words.plusieurs, { n: fresh.size }), location.pathname, words.afficher);
	document.title = `(${fresh.size}) ${title}`;
}

const heard = {
	file: counted,
	pris: (e) => (e.id === me ? mine.set(e.row, e) : mark(e, "taken", fill(words.pris, { qui: e.who, heure: e.until }))),
	libre(e) {
		rid(e);
		if (!card(e)?.classList.contains("done")) mark(e, "", "");
	},
	decision(e) {
		fresh.delete(e.seq);
		rid(e);
		if (e.id === me || known(e) >= e.n) return;
		if (/^(proposer|refuser|retirer|requalifier)/.test(e.what)) return say(news, words.change, location.pathname, words.afficher); // it waits still
		if (e.what === "annuler") {
			mark(e, "", "");
			say(news, fill(words.revenu, { qui: e.who }), location.pathname, words.afficher);
		} else mark(e, "done", fill(words.decide, { qui: e.who, quoi: name(e.what) }));
	},
	parti(e) {
		fresh.delete(e.seq);
		rid(e);
		mark(e, "done", words.parti);
	},
	alarme: (e) =>
		e.state === "closed"
			? say(news, words.close, "/situation", words.voir)
			: say(news, fill(words.alarme, { niveau: levels[e.level], titre: e.title }), `/situation/${e.id}`, words.voir),
	repartir: () => say(news, words.change, location.pathname + location.search, words.afficher),
	fin: () => out(),
};

// --- the line

function out() {
	signedOut = true;
	source?.close();
	source = null;
	clearTimeout(lost);
	lost = -1;
	say(line, words.sorti, "/connexion", words.entrer);
}

function away() {
	if (!lost) lost = setTimeout(() => ((lost = -1), say(line, words.perdu)), 2500);
}

// A page that nobody sees holds no line: a browser has six for one server, and the other pages need some. What was missed
// comes when it is seen again.
document.addEventListener("visibilitychange", () => {
	if (signedOut) return;
	remind();
	if (document.hidden) {
		source?.close();
		source = null;
	} else if (!source) open();
});

// A refusal ends an EventSource for good: whether we are still signed in is asked apart.
async function again() {
	try {
		const answer = await fetch("/evenements", { method: "HEAD", redirect: "manual", cache: "no-store" });
		if (answer.type === "opaqueredirect") return out();
	} catch {
		// nobody is there: later
	}
	setTimeout(open, pause);
	pause = Math.min(2 * pause, 30000);
}

function open() {
	if (document.hidden || source || signedOut) return;
	source = new EventSource("/evenements?depuis=" + encodeURIComponent(last));
	source.onopen = () => {
		pause = 1000;
		clearTimeout(lost);
		if (lost === -1) {
			say(line, words.retrouve);
			setTimeout(() => say(line, ""), 5000);
		}
		lost = 0;
	};
	source.onerror = () => {
		away();
		if (source?.readyState !== EventSource.CLOSED) return;
		source = null;
		again();
	};
	for (const [event, act] of Object.entries(heard))
		source.addEventListener(event, (message) => {
			last = message.lastEventId || last;
			act(JSON.parse(message.data));
		});
}

open();
setTimeout(remind, 1000); // what stands in it from the start is not read out
setInterval(remind, 15000);
