// Escape closes the menu of narrow screens, and the focus goes back to its button.
// Without this file the button closes it.

const menu = document.querySelector("details.menu");

menu?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
