// The explorer answers in place: what its links and its form ask for is fetched, and the parts of the page that the
// server has answered with take the place of the old ones. Pointing at an approach lights it and its neighbours.
// Without this file, or when anything here fails, links and form work as they always have.

const explorer = document.querySelector("[data-explorer]");
const said = document.querySelector("[data-said]");
const here = location.pathname;
let latest = 0;

if (explorer) {
  explorer.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const isPlain = !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || link.pathname !== here || link.origin !== location.origin) return;
    event.preventDefault();
    show(link.href, { keepsFocus: Boolean(link.closest("nav")), isNew: true });
  });
  explorer.addEventListener("submit", (event) => {
    event.preventDefault();
    const asked = new URL(event.target.action);
    asked.search = new URLSearchParams(new FormData(event.target));
    show(asked.href, { isNew: true });
  });
  addEventListener("popstate", () => show(location.href, { keepsFocus: true }));
  for (const type of ["pointerover", "focusin"]) explorer.addEventListener(type, (event) => light(event.target));
  explorer.addEventListener("pointerleave", () => light(null));
  explorer.addEventListener("focusout", () => light(null));
}

// Fetch an answer and show it; the latest one asked for wins.
async function show(address, { keepsFocus = false, isNew = false }) {
  const number = ++latest;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(15000) });
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    if (number !== latest) return;
    if (!answer.querySelector("[data-part=found]")) throw new Error("not the explorer");
    if (isNew) history.pushState(null, "", address);
    replace(answer, keepsFocus);
  } catch {
    if (number === latest) location.assign(address);
  }
}

function replace(answer, keepsFocus) {
  const focused = document.activeElement?.id;
  for (const part of explorer.querySelectorAll("[data-part]")) {
    const fresh = answer.querySelector(`[data-part=${part.dataset.part}]`);
    if (fresh) part.replaceWith(fresh);
  }
  const heading = explorer.querySelector("[data-says]");
  const found = explorer.querySelector("[data-part=found]");
  if (found.getBoundingClientRect().top > innerHeight * 0.7) found.scrollIntoView();
  if (keepsFocus) document.getElementById(focused)?.focus({ preventScroll: true });
  else {
    heading.tabIndex = -1;
    heading.focus();
  }
  said.textContent = heading.dataset.says;
}

// Light an approach, its neighbours and what connects them, in the drawing and in the lists: the one that is pointed
// at, else the one that has the focus.
function light(target) {
  const key = (target?.closest("[data-n]") ?? document.activeElement?.closest("[data-n]"))?.dataset.n;
  for (const lit of explorer.querySelectorAll(".on")) lit.classList.remove("on");
  const chart = explorer.querySelector(".chart");
  const isDrawn = Boolean(key && chart?.querySelector(`[data-n="${key}"]`));
  chart?.classList.toggle("hot", isDrawn);
  if (!isDrawn) return;
  const near = new Set([key]);
  for (const edge of chart.querySelectorAll("[data-e]")) {
    const ends = edge.dataset.e.split(" ");
    if (!ends.includes(key)) continue;
    edge.classList.add("on");
    for (const end of ends) near.add(end);
  }
  for (const end of near) chart.querySelector(`[data-n="${end}"]`)?.classList.add("on");
  for (const item of explorer.querySelectorAll(`.rows > [data-n="${key}"]`)) item.classList.add("on");
}
