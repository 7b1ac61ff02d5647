// What the other scripts share: words, whether somebody is composing, local copies of drafts.
(() => {
  "use strict";
  const words = document.getElementById("words");
  const PREFIX = "draft:";
  const WEEK = 7 * 24 * 3600 * 1000;
  let composing = false;

  document.addEventListener("compositionstart", () => { composing = true; });
  document.addEventListener("compositionend", () => { composing = false; });
  document.addEventListener("focusin", () => { composing = false; });
  // Enter that chooses a candidate must not send the form; Safari ends the composition before this key.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.keyCode !== 229) return;
    if (event.target.tagName === "INPUT" && (event.isComposing || event.keyCode === 229)) {
      if (event.code === "Enter" || event.key === "Enter") event.preventDefault();
    }
  }, true);

  const store = {
    read(key) {
      try { return JSON.parse(localStorage.getItem(PREFIX + key)); } catch { return null; }
    },
    write(key, value) {
      try {
        localStorage.setItem(PREFIX + key, JSON.stringify(value));
        return true;
      } catch { return false; }
    },
    remove(key) {
      try { localStorage.removeItem(PREFIX + key); } catch { /* storage is closed to us */ }
    },
    keys() {
      try {
        return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
      } catch { return []; }
    },
  };

  window.portal = {
    store,
    isComposing: (event) => composing || Boolean(event && (event.isComposing || event.keyCode === 229)),
    say(name, values = {}) {
      const text = (words && words.dataset[name]) || "";
      return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
    },
    element(tag, attributes = {}, ...children) {
      const node = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
      node.append(...children);
      return node;
    },
    // Characters as the server counts them: code points, a line end once.
    count: (text) => Array.from(text.replace(/\r\n?/g, "\n")).length,
    clock: (time) => new Date(time).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false }),
  };

  document.documentElement.dataset.script = "";

  // A phone may be shared: nothing written here outlives the logout, or a week.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-logout]")) store.keys().forEach(store.remove);
  });
  for (const key of store.keys()) {
    const copy = store.read(key);
    if (!copy || Date.now() - copy.at > WEEK) store.remove(key);
  }
  // A page that shows what became of a draft names it: its local copy has done its service.
  const user = document.body.dataset.user;
  for (const node of document.querySelectorAll("[data-draft-done]")) {
    store.remove(`${user}:${node.dataset.draftDone}`);
  }
})();
