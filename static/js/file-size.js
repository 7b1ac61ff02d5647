// Names and sizes of the chosen files; too large is said before anything is sent.
(() => {
  "use strict";
  const words = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
  for (const input of document.querySelectorAll("input[type=file]")) {
    const limit = Number(input.dataset.maxBytes || 20 * 1048576);
    const list = portal.element("ul", { class: "file-sizes" });
    input.after(portal.element("div", { role: "status" }, list));
    input.addEventListener("change", () => {
      const tooBig = Array.from(input.files).filter((file) => file.size > limit);
      const warnings = tooBig.map((file) => portal.say("tooBig", { name: file.name, size: words(file.size), limit: words(limit) }));
      list.replaceChildren(
        ...Array.from(input.files, (file) => portal.element("li", {}, `${file.name}（${words(file.size)}）`)),
        ...warnings.map((text) => portal.element("li", { class: "overdue" }, text)),
      );
      input.setCustomValidity(warnings[0] || "");
      input.toggleAttribute("aria-invalid", false);
      if (warnings.length) input.setAttribute("aria-invalid", "true");
    });
  }
})();
