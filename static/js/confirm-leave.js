// form[data-confirm-leave]: the browser asks before typed words are thrown away.
(() => {
  "use strict";
  const changed = new Set();
  let sending = false;
  for (const form of document.querySelectorAll("form[data-confirm-leave]")) {
    form.addEventListener("input", () => changed.add(form));
    form.addEventListener("submit", () => { sending = true; });
  }
  window.addEventListener("pageshow", () => { sending = false; });
  window.addEventListener("beforeunload", (event) => {
    if (sending || !changed.size) return;
    event.preventDefault();
    event.returnValue = "";
  });
})();
