// [data-pick]: finds among boxes to tick while one types; what is ticked stays in sight and is counted.
(() => {
  "use strict";
  const fill = (text, values) => (text || "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

  for (const root of document.querySelectorAll("[data-pick]")) {
    const rows = Array.from(root.querySelectorAll("[data-words]"));
    const groups = Array.from(root.querySelectorAll("details"), (box) => ({ box, open: box.open }));
    let search = document.getElementById(root.dataset.pickSearch || "");
    if (!search) {
      search = portal.element("input", { type: "search", id: `${root.id}-search`, autocomplete: "off" });
      root.before(portal.element("label", { for: search.id, class: "helptext" }, root.dataset.pickLabel), search);
    }
    const found = portal.element("p", { class: "meta", role: "status" });
    root.before(found);

    const filter = () => {
      const words = search.value.trim().toLowerCase();
      let hits = 0;
      for (const row of rows) {
        const hit = !words || row.dataset.words.toLowerCase().includes(words);
        hits += hit;
        row.hidden = !hit && !row.querySelector("input").checked;
      }
      for (const { box, open } of groups) {
        const shown = rows.some((row) => box.contains(row) && !row.hidden);
        box.hidden = !shown;
        box.open = words ? shown : open || rows.some((row) => box.contains(row) && row.querySelector("input").checked);
      }
      found.textContent = words ? fill(root.dataset.pickFound, { n: hits }) : "";
    };
    const count = () => {
      const n = rows.filter((row) => row.querySelector("input").checked).length;
      for (const node of document.querySelectorAll(`[data-pick-count="${root.id}"]`)) {
        node.textContent = fill(node.dataset.text, { n });
      }
    };
    search.addEventListener("input", (event) => { if (!portal.isComposing(event)) filter(); });
    search.addEventListener("compositionend", filter);
    // Everything found is in sight already; Enter must not send the form.
    search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    root.addEventListener("change", count);
    window.addEventListener("pageshow", count);
    count();
    // Who types faster than the page loads has words there already.
    if (search.value) filter();
  }
})();
