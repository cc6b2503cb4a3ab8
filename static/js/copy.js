// Copies a page's address for readers who share it. Without this file its button stays hidden.

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break; // only there over HTTPS and on this machine
  const said = button.nextElementSibling;
  button.parentElement.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      said.textContent = "Copied";
    } catch {
      said.textContent = button.dataset.copy;
    }
  });
}
