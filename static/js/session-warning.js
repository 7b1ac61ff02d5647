// Two minutes or more before the session ends: one tap to stay, by finger, key or screen reader.
(() => {
  "use strict";
  const { idleSeconds, stayUrl, loginUrl, user } = document.body.dataset;
  if (!Number(idleSeconds) || !window.HTMLDialogElement) return;
  // The server notes the last request to the minute.
  const idle = (Number(idleSeconds) - 60) * 1000;
  const AHEAD = Math.min(3 * 60 * 1000, idle / 2);
  const KEY = `seen:${user}`;
  const title = portal.element("h2", { id: "session-title" });
  const text = portal.element("p", { id: "session-text" });
  const stay = portal.element("button", { type: "button", class: "primary" }, portal.say("stay"));
  const login = portal.element("a", { class: "button primary", target: "_blank", rel: "noopener", href: `${loginUrl}?next=${encodeURIComponent(location.pathname)}` }, portal.say("login"));
  const close = portal.element("button", { type: "button" }, portal.say("close"));
  const dialog = portal.element(
    "dialog",
    { "aria-labelledby": "session-title", "aria-describedby": "session-text" },
    portal.element("div", { class: "stack" }, title, text, portal.element("div", { class: "row" }, stay, login, close)),
  );
  // In the page only while it is shown, so that nothing on the page has a double.
  const show = () => {
    document.body.append(dialog);
    dialog.showModal();
  };
  dialog.addEventListener("close", () => dialog.remove());

  // Every window of this person counts: the last request of any of them began the time anew.
  const seen = () => {
    const now = Date.now();
    try { localStorage.setItem(KEY, now); } catch { /* storage is closed to us */ }
    window.portal.lastSeen = now;
    return now;
  };
  const lastSeen = () => {
    let other = 0;
    try { other = Number(localStorage.getItem(KEY)); } catch { /* storage is closed to us */ }
    return Math.max(window.portal.lastSeen || 0, other);
  };
  window.portal.seen = seen;
  seen();

  let asked = false;
  const check = () => {
    const left = lastSeen() + idle - Date.now();
    if (left > AHEAD) {
      asked = false;
      if (dialog.open) dialog.close();
      return;
    }
    const over = left <= 0;
    title.textContent = portal.say(over ? "overTitle" : "warningTitle");
    text.textContent = over ? portal.say("overText") : portal.say("warning", { n: Math.max(1, Math.ceil(left / 60000)) });
    stay.hidden = over;
    login.hidden = !over;
    if (!dialog.open && asked !== (over ? "over" : "soon")) {
      show();
      asked = over ? "over" : "soon";
    }
  };
  stay.addEventListener("click", async () => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    try {
      const answer = await fetch(stayUrl, { method: "POST", redirect: "manual", headers: { "X-CSRFToken": token ? token.value : "" } });
      if (answer.ok) seen();
    } catch { /* no network: the next check says so again */ }
    dialog.close();
    check();
  });
  close.addEventListener("click", () => dialog.close());
  setInterval(check, 15000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) check(); });
})();
