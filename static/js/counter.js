// Counts as the server does, tells the surplus, and never stops anybody from typing.
// data-count-for names one field or several whose sum is told; data-soft: beyond the limit is no mistake.
(() => {
  "use strict";
  for (const line of document.querySelectorAll("[data-count-for]")) {
    const fields = line.dataset.countFor.split(" ").map((id) => document.getElementById(id)).filter(Boolean);
    if (!fields.length) continue;
    const limit = Number(line.dataset.limit || fields[0].dataset.limit);
    const soft = "soft" in line.dataset;
    const loud = portal.element("span", { class: "visually-hidden", role: "status" });
    let pause;
    line.after(loud);

    const update = () => {
      const n = fields.reduce((sum, field) => sum + portal.count(field.value), 0);
      const over = n - limit;
      line.toggleAttribute("data-over", over > 0);
      const word = (over > 0 ? "over" : "written") + (soft ? "Soft" : "");
      line.textContent = portal.say(word, { n, over, left: -over, limit });
      // A screen reader hears it after a pause, not at each key.
      clearTimeout(pause);
      pause = setTimeout(() => { if (fields.includes(document.activeElement)) loud.textContent = line.textContent; }, 2000);
    };
    for (const field of fields) {
      field.addEventListener("input", (event) => { if (!portal.isComposing(event)) update(); });
      field.addEventListener("compositionend", update);
    }
    update();
  }
})();
