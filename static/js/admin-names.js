// The workplace's boxes that find while one types are drawn by a library that forgets whose label they bear.
(() => {
  "use strict";
  const name = (root) => {
    for (const select of root.querySelectorAll("select.admin-autocomplete[id]")) {
      const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
      const drawn = select.parentElement.querySelector(".select2-selection");
      if (!label || !drawn) continue;
      label.id ||= `${select.id}-label`;
      const value = drawn.querySelector("[id]");
      const names = [label.id, value && value.id].filter(Boolean).join(" ");
      for (const node of [drawn, value]) if (node) node.setAttribute("aria-labelledby", names);
    }
  };
  // The library draws in a timer of its own, set before this one.
  window.addEventListener("load", () => setTimeout(() => name(document)));
  document.addEventListener("formset:added", (event) => setTimeout(() => name(event.target)));
})();
