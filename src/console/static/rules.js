// SPDX-License-Identifier: GPL-3.0-or-later
// The lines of a pack that is edited: which one the cursor is in, and from a problem to its line. Without this file the form
// works the same.

const text = document.getElementById("texte");
const where = document.getElementById("ligne");

function tell() {
	const line = text.value.slice(0, text.selectionStart).split("\n").length;
	where.textContent = where.dataset.mots.replace("{n}", line);
}

function go(number) {
	const lines = text.value.split("\n");
	const start = lines.slice(0, number - 1).reduce((n, line) => n + line.length + 1, 0);
	text.focus();
	text.setSelectionRange(start, start + (lines[number - 1] ?? "").length);
	text.scrollTop = Math.max(0, (number - 4) * (text.scrollHeight / lines.length));
	text.scrollLeft = 0;
	text.scrollIntoView({ block: "center" });
	tell();
}

if (text && where) {
	for (const event of ["keyup", "click", "input"]) text.addEventListener(event, tell);
	tell();
	for (const link of document.querySelectorAll("a[data-ligne]"))
		link.addEventListener("click", (event) => {
			event.preventDefault();
			go(Number(link.dataset.ligne));
		});
}
