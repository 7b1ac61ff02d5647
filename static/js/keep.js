// form[data-keep]: what is typed stays on this device until a page shows that the server has it.
//
// For short forms without autosave. A session that ended while writing costs nothing: after
// logging in the form asks whether to put the words back (data-draft-done takes the copy away).
(() => {
  "use strict";
  const { store, say, element, clock } = portal;
  const typed = (form) => Array.from(form.elements).filter((field) => field.name && field.type !== "hidden" && !["file", "password", "submit"].includes(field.type));

  const read = (form) => {
    const values = {};
    for (const field of typed(form)) {
      const choice = field.type === "radio" || field.type === "checkbox";
      if (!choice) values[field.name] = field.value;
      else if (field.checked) values[field.name] = [...(values[field.name] || []), field.value];
    }
    return values;
  };
  const put = (form, values) => {
    for (const field of typed(form)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = (values[field.name] || []).includes(field.value);
      else if (field.name in values) field.value = values[field.name];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  const offer = (form, key, copy) => {
    const panel = element("div", { class: "note", "data-tone": "warn", role: "status" }, element("p", {}, say("found", { at: clock(copy.at) })));
    const button = (word, kind, act) => {
      const node = element("button", { type: "button", class: kind }, say(word));
      node.addEventListener("click", () => {
        act();
        panel.remove();
      });
      return node;
    };
    panel.append(element(
      "div",
      { class: "row" },
      button("restore", "primary", () => put(form, copy.fields)),
      button("discard", "", () => store.remove(key)),
    ));
    form.prepend(panel);
  };

  for (const form of document.querySelectorAll("form[data-keep]")) {
    const key = `${document.body.dataset.user}:${form.dataset.keep}`;
    const copy = store.read(key);
    // A page that came back with errors shows what was typed by itself.
    if (copy && JSON.stringify(copy.fields) !== JSON.stringify(read(form))) offer(form, key, copy);
    form.addEventListener("input", () => store.write(key, { at: Date.now(), fields: read(form) }));
  }
})();
