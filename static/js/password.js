// Show what was typed as password: for fingers and eyes that are no longer twenty.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-show-password]")) {
    const field = document.getElementById(button.dataset.showPassword);
    button.addEventListener("click", () => {
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      button.textContent = portal.say(shown ? "hide" : "show");
    });
    field.form.addEventListener("submit", () => { field.type = "password"; });
  }
})();
