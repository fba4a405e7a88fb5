// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing from a list: how many are chosen is said; a click with Shift chooses all from the last one on. Without this file boxes
// work the same, one by one. The key (x) is console.js's.

const boxes = [...document.querySelectorAll(".pick input")];
const said = document.querySelector(".picked output");
let last = null;

function count() {
	const n = boxes.filter((b) => b.checked).length;
	said.textContent = n === 1 ? said.dataset.un : n ? said.dataset.plusieurs.replace("{n}", n) : "";
}

boxes.forEach((box, at) =>
	box.addEventListener("click", (event) => {
		if (event.shiftKey && last !== null)
			boxes.slice(Math.min(at, last), Math.max(at, last) + 1).forEach((b) => (b.checked = box.checked));
		last = at;
		count();
	}),
);
addEventListener("pageshow", count);
