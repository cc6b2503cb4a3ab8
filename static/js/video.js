// Puts the player in place of its link when a reader asks for it: nothing is loaded from elsewhere before.
// Without this file the link leads to the video's own page.

for (const box of document.querySelectorAll("[data-player]")) {
  box.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    const player = document.createElement("iframe");
    player.src = box.dataset.player;
    player.title = box.dataset.title;
    player.allow = "fullscreen; picture-in-picture";
    player.allowFullscreen = true;
    player.tabIndex = 0;
    box.replaceChildren(player);
    player.focus();
  });
}
