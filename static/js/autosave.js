// form[data-autosave-url]: what is typed is on the server a few seconds later, and on this device until then.
//
// The status line never says "saved" unless the server said so. Answers of the server:
// 200 {version, saved_at} · 409 {version, theirs, message} · a redirect or 401 = the session has ended.
(() => {
  "use strict";
  const DELAY = 4000;
  const LONGEST = 9000; // also while somebody never pauses
  const RETRY = [5000, 10000, 20000, 40000, 60000];
  const PATIENCE = 20000;
  const KEEPALIVE = 60000; // bytes a browser sends after the page has gone
  const same = (a, b) => String(a ?? "").replace(/\r\n?/g, "\n").trim() === String(b ?? "").replace(/\r\n?/g, "\n").trim();

  const keep = (form) => {
    const { store, say, element, clock } = portal;
    const status = form.querySelector("[data-autosave-status]");
    const panel = form.querySelector("[data-autosave-panel]");
    const version = form.querySelector("input[name=version]");
    const key = `${document.body.dataset.user}:${form.dataset.draft || form.dataset.autosaveUrl}`;
    let edits = 0; // grows with every change; what the server has acknowledged is `acknowledged`
    let acknowledged = 0;
    let inFlight = false;
    let stopped = ""; // "conflict" or "leaving": nothing is sent
    let ended = false;
    let failures = 0;
    let timer = 0;
    let firstUnsaved = 0;
    let stored = true;
    let submitLater = null;
    const loud = element("span", { class: "visually-hidden", role: "status" });
    status.after(loud);

    const fields = () => {
      const found = {};
      const secret = new Set(["csrfmiddlewaretoken", "version"]);
      form.querySelectorAll("input[type=password]").forEach((field) => secret.add(field.name));
      for (const [name, value] of new FormData(form)) {
        if (typeof value !== "string" || secret.has(name)) continue;
        found[name] = name in found ? [].concat(found[name], value) : value;
      }
      return found;
    };
    const put = (values) => {
      for (const [name, value] of Object.entries(values)) {
        for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
          if (field.type === "checkbox" || field.type === "radio") field.checked = [].concat(value).includes(field.value);
          else if (field.type !== "file") field.value = value;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }
      }
    };
    const label = (name) => {
      const field = form.querySelector(`[name="${CSS.escape(name)}"]`);
      const group = field && field.closest(".field");
      const heading = group && group.querySelector("label, legend");
      return heading ? heading.textContent.trim() : name;
    };
    const show = (state, text, ...more) => {
      status.dataset.state = state;
      if (status.textContent === text && !more.length) return;
      status.replaceChildren(text, ...more);
      // A screen reader is told of trouble, not of every save.
      loud.textContent = ["local", "ended", "refused", "conflict"].includes(state) ? text : "";
    };
    const showLocal = () => show("local", say(stored ? "local" : "unsaved"));
    const keepLocal = () => {
      stored = store.write(key, { version: Number(version.value), at: Date.now(), fields: fields() });
    };
    const plan = (wait) => {
      clearTimeout(timer);
      timer = setTimeout(save, wait);
    };

    const changed = (event) => {
      if (portal.isComposing(event) || stopped === "leaving") return;
      if (event && event.target.type === "file") return;
      if (edits === acknowledged) firstUnsaved = Date.now();
      edits += 1;
      keepLocal();
      if (stopped || ended) return;
      if (!failures) {
        show("waiting", say("waiting"));
        plan(Math.max(0, Math.min(DELAY, firstUnsaved + LONGEST - Date.now())));
      }
    };

    // Logging in again gives another token; the page itself is asked for it.
    const newToken = async () => {
      const answer = await fetch(location.href, { redirect: "manual", headers: { Accept: "text/html" } });
      if (!answer.ok) return false;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const token = page.querySelector("form input[name=csrfmiddlewaretoken]");
      if (!token) return false;
      document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token.value; });
      return true;
    };

    const sessionEnded = () => {
      ended = true;
      const url = `${document.body.dataset.loginUrl}?next=${encodeURIComponent(location.pathname)}`;
      show("ended", say("ended"), " ", element("a", { href: url, target: "_blank", rel: "noopener" }, say("login")));
    };
    const failed = () => {
      showLocal();
      plan(RETRY[Math.min(failures, RETRY.length - 1)]);
      failures += 1;
    };

    const post = async (body) => {
      const text = new URLSearchParams(body).toString();
      const patience = new AbortController();
      const clockwork = setTimeout(() => patience.abort(), PATIENCE);
      try {
        return await fetch(form.dataset.autosaveUrl, {
          method: "POST",
          body: text,
          redirect: "manual",
          keepalive: text.length < KEEPALIVE,
          signal: patience.signal,
          headers: {
            "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
            "X-Requested-With": "autosave",
            Accept: "application/json",
          },
        });
      } finally {
        clearTimeout(clockwork);
      }
    };
    const reason = async (answer) => {
      try { return (await answer.json()).message; } catch { return ""; }
    };
    const send = async () => {
      const body = new FormData(form);
      for (const [name, value] of Array.from(body)) if (typeof value !== "string") body.delete(name);
      if (!ended) {
        const answer = await post(body);
        if (answer.status !== 403) return answer;
      }
      // Refused, or logged in again meanwhile: once more with a fresh token.
      if (!(await newToken())) return null;
      body.set("csrfmiddlewaretoken", form.querySelector("input[name=csrfmiddlewaretoken]").value);
      return post(body);
    };

    async function save() {
      clearTimeout(timer);
      if (inFlight || stopped || edits === acknowledged) return;
      if (portal.isComposing()) {
        plan(1000);
        return;
      }
      inFlight = true;
      const sent = edits;
      if (!ended && !failures) show("saving", say("saving"));
      try {
        const answer = await send();
        if (!answer || answer.type === "opaqueredirect" || answer.status === 401) sessionEnded();
        else if (answer.status === 409) conflict(await answer.json());
        else if (answer.status >= 500) failed();
        else if (!answer.ok) show("refused", (await reason(answer)) || say("refused"));
        else saved(sent, await answer.json());
      } catch {
        failed();
      } finally {
        inFlight = false;
      }
      if (submitLater) {
        const submitter = submitLater.submitter;
        submitLater = null;
        if (!stopped) form.requestSubmit(submitter);
      } else if (edits !== acknowledged && !stopped && !ended && !failures && status.dataset.state !== "refused") plan(DELAY);
    }

    const saved = (sent, answer) => {
      version.value = answer.version;
      acknowledged = sent;
      failures = 0;
      ended = false;
      if (portal.seen) portal.seen();
      if (edits === acknowledged) {
        store.remove(key);
        show("saved", say("saved", { at: answer.saved_at }));
      } else {
        firstUnsaved = Date.now();
        keepLocal();
        show("waiting", say("waiting"));
      }
    };

    const close = () => {
      panel.hidden = true;
      panel.replaceChildren();
    };
    const button = (word, act, kind = "") => {
      const node = element("button", { type: "button", class: kind }, say(word));
      node.addEventListener("click", act);
      return node;
    };
    const open = (...nodes) => {
      panel.replaceChildren(...nodes);
      panel.hidden = false;
    };
    const aside = (values) => element(
      "details",
      {},
      element("summary", {}, say("otherCopy")),
      ...Object.entries(values).flatMap(([name, value]) => [element("h3", {}, label(name)), element("pre", {}, String(value))]),
    );

    // Somebody wrote elsewhere: both texts are shown, and whichever is not chosen stays to be copied.
    const conflict = (answer) => {
      stopped = "conflict";
      keepLocal();
      const ours = fields();
      const theirs = Object.fromEntries(Object.entries(answer.theirs || {}).filter(([name, value]) => !same(value, ours[name])));
      const resume = (values, left) => {
        version.value = answer.version;
        stopped = "";
        put(values);
        if (left) open(aside(left));
        else close();
        edits += 1;
        keepLocal();
        save();
      };
      show("conflict", answer.message || say("conflict"));
      if (!Object.keys(theirs).length) {
        resume({}, null);
        return;
      }
      const both = Object.fromEntries(Object.entries(theirs).map(([name, value]) => {
        const field = form.querySelector(`[name="${CSS.escape(name)}"]`);
        return [name, field && field.tagName === "TEXTAREA" ? `${ours[name] ?? ""}\n\n${value}` : ours[name] ?? ""];
      }));
      open(
        ...Object.entries(theirs).map(([name, value]) => element(
          "section",
          { class: "stack", "data-gap": "small" },
          element("h3", {}, label(name)),
          element(
            "div",
            { class: "compare" },
            element("div", {}, element("p", {}, say("ours")), element("pre", {}, String(ours[name] ?? ""))),
            element("div", {}, element("p", {}, say("theirs")), element("pre", {}, String(value))),
          ),
        )),
        element(
          "div",
          { class: "row" },
          button("keepOurs", () => resume({}, theirs), "primary"),
          button("keepTheirs", () => resume(theirs, ours)),
          button("keepBoth", () => resume(both, null)),
        ),
      );
    };

    // What this device still holds from before: a killed tab, a dead network, an ended session.
    const offer = () => {
      const earlier = `${key}~`; // what is typed before the answer must not replace it
      const copy = store.read(key) || store.read(earlier);
      if (!copy) return;
      const now = fields();
      const different = Object.fromEntries(Object.entries(copy.fields).filter(([name, value]) => !same(value, now[name])));
      store.remove(key);
      store.remove(earlier);
      if (!Object.keys(different).length) return;
      store.write(earlier, copy);
      const at = clock(copy.at);
      const older = copy.version < Number(version.value);
      open(
        element(
          "div",
          { class: "note", "data-tone": "warn", role: "status" },
          element("p", {}, say(older ? "foundOlder" : "found", { at })),
          element(
            "details",
            {},
            element("summary", {}, say("showLocal")),
            ...Object.entries(different).flatMap(([name, value]) => [element("h3", {}, label(name)), element("pre", {}, String(value))]),
          ),
          element(
            "div",
            { class: "row" },
            button("restore", () => {
              const present = fields();
              const before = Object.fromEntries(Object.keys(different).map((name) => [name, present[name] ?? ""]).filter(([, value]) => value));
              put(different);
              store.remove(earlier);
              if (Object.keys(before).length) open(aside(before));
              else close();
              save();
            }, "primary"),
            button("discard", () => {
              store.remove(earlier);
              close();
            }),
          ),
        ),
      );
    };

    const now = () => {
      if (edits !== acknowledged) save();
    };
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("compositionend", (event) => setTimeout(() => changed({ target: event.target }), 0));
    form.addEventListener("focusout", now);
    form.addEventListener("submit", (event) => {
      if (inFlight) {
        // Two writers at once would be a conflict with oneself.
        event.preventDefault();
        submitLater = event;
        return;
      }
      // The copy stays until a page shows that the server has it.
      if (edits !== acknowledged) keepLocal();
      stopped = "leaving";
      clearTimeout(timer);
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted && stopped === "leaving") stopped = "";
    });
    document.addEventListener("visibilitychange", now);
    window.addEventListener("pagehide", now);
    window.addEventListener("online", now);
    window.addEventListener("focus", () => { if (ended) save(); });
    window.addEventListener("beforeunload", (event) => {
      if (stopped === "leaving" || edits === acknowledged || stored) return;
      event.preventDefault();
      event.returnValue = "";
    });
    offer();
  };

  document.querySelectorAll("form[data-autosave-url]").forEach(keep);
})();
