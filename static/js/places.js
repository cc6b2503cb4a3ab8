// Pointing at a place in the list lights its mark on the map, and the other way round; so does the focus.

const where = document.querySelector("[data-where]");

function light(target) {
  const number = (target?.closest("[data-n]") ?? document.activeElement?.closest("[data-n]"))?.dataset.n;
  for (const part of where.querySelectorAll("[data-n]")) part.classList.toggle("on", part.dataset.n === number);
}

for (const type of ["pointerover", "focusin"]) where?.addEventListener(type, (event) => light(event.target));
for (const type of ["pointerleave", "focusout"]) where?.addEventListener(type, () => light(null));
