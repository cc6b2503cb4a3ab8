// Sends the sign-up form without leaving the page: what is wrong is said where the form stands, and nothing typed
// is lost. When all is well the browser goes to the thank-you page, as it does without this file.
// Without this file, or when anything here fails, the form is sent as forms have always been sent.

const pending = new WeakSet();
// When this page was first seen, in milliseconds since it was asked for. One that is loaded ahead is seen later.
let seen = document.visibilityState === "visible" ? 0 : null;
addEventListener("visibilitychange", () => (seen ??= performance.now()), { once: true });

for (const form of document.querySelectorAll("form[data-sign-up]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.elements.namedItem("took").value = seen === null ? "" : Math.round(performance.now() - seen);
    if (!pending.has(form)) send(form);
  });
}

// After an error the server's page begins with a summary: take readers to it.
document.querySelector("[data-focus]")?.focus();

async function send(form) {
  pending.add(form);
  clearErrors(form);
  try {
    const response = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
      signal: AbortSignal.timeout(20000),
    });
    const answer = await response.json();
    if (answer.ok) location.assign(answer.redirect);
    else if (answer.errors) showErrors(form, answer.errors);
    else if (answer.message) say(form, [element("p", answer.message)]);
    else form.submit();
  } catch {
    form.submit();
  } finally {
    pending.delete(form);
  }
}

function showErrors(form, errors) {
  const list = element("ul");
  for (const [name, message] of Object.entries(errors)) {
    const field = form.elements.namedItem(name);
    const item = element("li");
    item.append(field?.id ? link(field, message) : message);
    list.append(item);
    if (field?.id) mark(field, message);
  }
  say(form, [element("h2", "There is a problem"), list]);
}

function mark(field, message) {
  const error = document.getElementById(`${field.id}-error`);
  if (error) {
    error.textContent = message;
    error.hidden = false;
  }
  field.setAttribute("aria-invalid", "true");
  field.closest(".control")?.classList.add("wrong");
}

function clearErrors(form) {
  form.querySelector(".answer").replaceChildren();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.closest(".control")?.classList.remove("wrong");
    const error = document.getElementById(`${field.id}-error`);
    if (error) error.hidden = true;
  }
}

// Into the live region, then the focus, so that a screen reader says it whichever it follows.
function say(form, parts) {
  const answer = form.querySelector(".answer");
  answer.replaceChildren(...parts);
  answer.focus();
}

function link(field, message) {
  const anchor = element("a", message);
  anchor.href = `#${field.id}`;
  anchor.addEventListener("click", (event) => {
    event.preventDefault();
    field.focus();
  });
  return anchor;
}

function element(name, text = "") {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
