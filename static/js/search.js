// The search answers as one types: the server's own results take the place of the old ones, and the number is said.
// Nothing else changes: Enter still sends the form, every key does what it does. Without this file, or when anything
// here fails, the form works as it always has.

const form = document.querySelector("main form[role=search]");
const field = form?.elements.q;
const said = document.querySelector("[data-said]");
const title = document.title.slice(document.title.lastIndexOf("Search"));
const PAUSE = 250; // milliseconds without a key
const SHORTEST = 2;
let timer;
let asking = new AbortController();
let asked = field?.value.trim();

field?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
});

// Ask for what stands in the field. An answer to what stood there before is dropped.
async function ask() {
  const words = field.value.trim();
  if (words === asked || (words && words.length < SHORTEST)) return;
  asked = words;
  asking.abort();
  asking = new AbortController();
  const address = `${form.action}?${new URLSearchParams({ q: words })}`;
  try {
    const response = await fetch(`${address}&part=results`, { signal: asking.signal });
    if (response.ok) show(await response.text(), words, address);
  } catch {
    // A later question, or no answer: what is on the page stays, and Enter asks again.
  }
}

function show(html, words, address) {
  if (words !== asked) return;
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-results]");
  if (!fresh) return;
  document.querySelector("[data-results]").replaceWith(fresh);
  said.textContent = fresh.dataset.says;
  document.title = words ? `${words}: ${title}` : title;
  history.replaceState(null, "", words ? address : form.action);
}
