/* The loader: defines window.Parley on any site, shows the launcher and frames the chat.

   A site may queue commands before this file has arrived:
     window.Parley = window.Parley || function () { (Parley.q = Parley.q || []).push(arguments); };
   Commands: open, close, toggle, identify, set, on, reset. What crosses to the frame and back is
   checked for origin and source on both sides. The page's storage keeps for the frame what browsers
   deny or take away from frames of other sites; it is handed to the frame alone. */
(() => {
  "use strict";

  const script = document.currentScript;
  const { widget: key, language } = script?.dataset ?? {};
  if (!key || window.Parley?.isLoaded) return;
  window.Parley ??= function queue(...call) {
    (window.Parley.q ??= []).push(call);
  };

  const home = new URL(script.src).origin;
  const fullScreen = matchMedia("(max-width: 600px)");
  const TEASER_DELAY = 2000;
  const PREFIX = `parley:${key}:`;
  const DISMISSED = `${PREFIX}teaser`;
  const KEPT = /^[a-z]{1,20}(?::[\w-]{1,64})?$/;
  const LONGEST_KEPT = 100_000;
  const SVG = "http://www.w3.org/2000/svg";
  const CHAT = "M20 15a2 2 0 0 1-2 2H9l-5 4V6a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2z";
  const DOWN = "M6 9l6 6 6-6";
  const CROSS = "M6 6l12 12M18 6L6 18";

  const NAME = /^[A-Za-z][\p{L}\p{N}_.-]{0,79}$/u;
  const LONGEST = 2000;

  const state = { isReady: false, isOpen: false, unread: 0, labels: {}, waiting: [], handlers: {} };
  const view = {};

  const COMMANDS = {
    open: () => setOpen(true),
    close: () => setOpen(false),
    toggle: () => setOpen(!state.isOpen),
    identify: (identity) => send("identify", { identity: pick(identity, IDENTITY) }),
    set: (variables) => send("set", { variables: plain(variables) }),
    reset: () => {
      forgetKept();
      send("reset");
    },
    on: (name, handler) => {
      (state.handlers[name] ??= []).push(handler);
      if (name === "ready" && state.isReady) handler({});
    },
  };
  const IDENTITY = ["external_id", "name", "email", "signature"];

  const FROM_FRAME = {
    ready: onReady,
    unread: ({ count }) => showUnread(Number(count) || 0),
    close: () => setOpen(false),
    event: ({ name, detail }) => emit(String(name), detail),
    keep,
  };

  /* ---- the page's side of the messages with the frame ---- */

  function send(type, data = {}) {
    const message = { parley: 1, type, ...data };
    if (state.isReady) view.frame.contentWindow.postMessage(message, home);
    else state.waiting.push(message);
  }

  function onMessage(event) {
    if (event.origin !== home || event.source !== view.frame.contentWindow) return;
    if (event.data?.parley !== 1) return;
    FROM_FRAME[event.data.type]?.(event.data);
  }

  function onReady({ labels, accent, position, teaser, initial }) {
    if (state.isReady) {
      // The frame was loaded again, by itself.
      if (state.isOpen) send("open");
      return;
    }
    state.isReady = true;
    state.labels = labels;
    view.root.style.setProperty("--accent", accent);
    view.root.dataset.position = position;
    view.teaserMark.textContent = initial;
    view.teaserText.textContent = teaser;
    view.frame.title = labels.frame;
    view.panel.setAttribute("aria-label", labels.frame);
    view.dismiss.setAttribute("aria-label", labels.dismiss);
    view.root.hidden = false;
    render();
    const waiting = state.waiting.splice(0);
    for (const message of waiting) view.frame.contentWindow.postMessage(message, home);
    if (teaser && !isDismissed()) setTimeout(showTeaser, TEASER_DELAY);
    emit("ready", {});
  }

  function emit(name, detail) {
    for (const handler of state.handlers[name] ?? []) {
      try {
        handler(detail ?? {});
      } catch (error) {
        // A site's faulty handler must not stop the chat.
        console.error(error);
      }
    }
  }

  /* ---- what the page keeps for the frame ---- */

  /** Return what the page keeps, by name; null where it cannot, or where the frame is of its own origin. */
  function kept() {
    if (location.origin === home) return null;
    return attempt(() => {
      const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
      return Object.fromEntries(names.map((name) => [name.slice(PREFIX.length), localStorage.getItem(name)]));
    });
  }

  function keep({ name, text }) {
    if (location.origin === home || !KEPT.test(name)) return;
    attempt(() => {
      if (text === null) localStorage.removeItem(PREFIX + name);
      else if (String(text).length <= LONGEST_KEPT) localStorage.setItem(PREFIX + name, text);
    });
  }

  function forgetKept() {
    for (const name of Object.keys(kept() ?? {})) keep({ name, text: null });
  }

  /** Tell the frame what another tab keeps or has removed. */
  function onKept({ key: full }) {
    if (!full?.startsWith(PREFIX) || location.origin === home) return;
    const text = attempt(() => localStorage.getItem(full));
    send("kept", { name: full.slice(PREFIX.length), text });
  }

  function attempt(act) {
    try {
      return act();
    } catch {
      return null; // The browser denies storage here, too, or it is full.
    }
  }

  /* ---- the visible elements on the page ---- */

  function setOpen(isOpen) {
    if (isOpen === state.isOpen) return;
    state.isOpen = isOpen;
    if (isOpen) hideTeaser();
    send(isOpen ? "open" : "close");
    render();
    if (isOpen) view.frame.focus();
    else if (view.root.getRootNode().activeElement === view.frame) view.launcher.focus();
    emit(isOpen ? "open" : "close", {});
  }

  function render() {
    const covers = state.isOpen && fullScreen.matches;
    view.root.dataset.open = state.isOpen;
    view.launcher.setAttribute("aria-expanded", state.isOpen);
    view.launcher.setAttribute("aria-label", launcherLabel());
    view.launcherPath.setAttribute("d", state.isOpen ? DOWN : CHAT);
    view.count.textContent = state.unread > 9 ? "9+" : state.unread;
    view.count.hidden = state.isOpen || state.unread === 0;
    view.panel.setAttribute("aria-modal", covers);
    for (const guard of view.guards) guard.tabIndex = covers ? 0 : -1;
    lockScrolling(covers);
  }

  function launcherLabel() {
    if (state.isOpen) return state.labels.close;
    if (state.unread === 0) return state.labels.open;
    const { language, unread } = state.labels;
    const text = unread[new Intl.PluralRules(language).select(state.unread)] ?? unread.other;
    return text.replace("{count}", state.unread);
  }

  function showUnread(count) {
    if (count !== state.unread) emit("unread", { count });
    state.unread = count;
    render();
  }

  function lockScrolling(isLocked) {
    const page = document.documentElement.style;
    if (isLocked && view.overflow === undefined) {
      view.overflow = page.overflow;
      page.overflow = "hidden";
    } else if (!isLocked && view.overflow !== undefined) {
      page.overflow = view.overflow;
      view.overflow = undefined;
    }
  }

  function showTeaser() {
    if (!state.isOpen && state.unread === 0) view.teaser.hidden = false;
  }

  function hideTeaser() {
    view.teaser.hidden = true;
    // Where that is denied the teaser comes back with the next page.
    attempt(() => sessionStorage.setItem(DISMISSED, "1"));
  }

  function isDismissed() {
    return attempt(() => sessionStorage.getItem(DISMISSED)) === "1";
  }

  /* ---- building it ---- */

  function build() {
    const holder = document.createElement("div");
    holder.id = "parley";
    const shadow = holder.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    shadow.adoptedStyleSheets = [sheet];
    view.root = element("div", "root");
    view.root.hidden = true;
    view.root.append(buildFrame(), buildTeaser(), buildLauncher());
    shadow.append(view.root);
    document.body.append(holder);
  }

  function buildFrame() {
    view.frame = element("iframe", "frame");
    const search = language ? `?${new URLSearchParams({ language })}` : "";
    view.frame.src = `${home}/widget/${encodeURIComponent(key)}/${search}`;
    view.frame.allow = "microphone; autoplay; clipboard-write";
    view.frame.addEventListener("load", () => {
      const page = { url: location.href, title: document.title };
      view.frame.contentWindow.postMessage({ parley: 1, type: "hello", page, kept: kept() }, home);
    });
    // While it covers the screen, focus that leaves the frame comes back to it.
    view.guards = [element("span", "guard"), element("span", "guard")];
    for (const guard of view.guards) {
      guard.tabIndex = -1;
      guard.addEventListener("focus", () => view.frame.focus());
    }
    const panel = element("div", "panel");
    panel.setAttribute("role", "dialog");
    view.panel = panel;
    panel.append(view.guards[0], view.frame, view.guards[1]);
    return panel;
  }

  function buildTeaser() {
    view.teaser = element("div", "teaser");
    view.teaser.hidden = true;
    view.teaserMark = element("span", "mark");
    view.teaserMark.setAttribute("aria-hidden", "true");
    view.teaserText = element("button", "say");
    view.teaserText.addEventListener("click", () => setOpen(true));
    view.dismiss = element("button", "dismiss");
    view.dismiss.append(icon(CROSS).svg);
    view.dismiss.addEventListener("click", hideTeaser);
    view.teaser.append(view.teaserMark, view.teaserText, view.dismiss);
    return view.teaser;
  }

  function buildLauncher() {
    view.launcher = element("button", "launcher");
    view.launcher.setAttribute("aria-haspopup", "dialog");
    const { svg, path } = icon(CHAT);
    view.launcherPath = path;
    view.count = element("span", "count");
    view.count.setAttribute("aria-hidden", "true");
    view.launcher.append(svg, view.count);
    view.launcher.addEventListener("click", () => setOpen(!state.isOpen));
    view.launcher.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && state.isOpen) setOpen(false);
    });
    return view.launcher;
  }

  function element(tag, name) {
    const made = document.createElement(tag);
    made.className = name;
    if (tag === "button") made.type = "button";
    return made;
  }

  function icon(shape) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", shape);
    svg.append(path);
    return { svg, path };
  }

  function pick(source, names) {
    return Object.fromEntries(names.filter((n) => source?.[n] != null).map((n) => [n, String(source[n])]));
  }

  /** Return the variables that a conversation takes; others would make its beginning fail. */
  function plain(variables) {
    const given = Object.entries({ ...variables }).filter(([, value]) => value != null);
    const isPlain = ([name, value]) =>
      NAME.test(name) && ["string", "number", "boolean"].includes(typeof value) && String(value).length <= LONGEST;
    for (const [name] of given.filter((entry) => !isPlain(entry))) {
      console.warn(`Parley: the variable "${name}" is left out: a name of letters and digits, and a short text, a number, true or false.`);
    }
    return Object.fromEntries(given.filter(isPlain));
  }

  const STYLE = `
    :host { all: initial; color-scheme: light dark; }
    [hidden] { display: none !important; }
    .root { --surface: light-dark(#fff, #1c2027); --text: light-dark(#1c1a17, #eceff3);
      --shadow: 0 0 0 1px light-dark(rgb(30 25 15 / 0.07), rgb(255 255 255 / 0.1)),
        0 2px 4px rgb(10 15 25 / 0.08), 0 12px 32px rgb(10 15 25 / 0.2);
      font: 400 14px/20px "Inter", -apple-system, "Segoe UI", Roboto, Ubuntu, "Noto Sans",
        "Helvetica Neue", Arial, "Liberation Sans", "DejaVu Sans Condensed", sans-serif; color: var(--text); }
    button { font: inherit; color: inherit; margin: 0; padding: 0; border: 0; background: none; cursor: pointer; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
    .panel, .launcher, .teaser { position: fixed; z-index: 2147483000; }
    .panel { inset: auto 20px 92px auto; width: 380px; max-width: calc(100vw - 40px);
      height: min(704px, calc(100dvh - 112px)); border-radius: 16px; overflow: hidden;
      background: var(--surface); box-shadow: var(--shadow); transform-origin: 100% 100%;
      transition: opacity 160ms, transform 160ms cubic-bezier(0.2, 0.7, 0.2, 1), visibility 160ms; }
    .root:not([data-open="true"]) .panel { visibility: hidden; opacity: 0; transform: translateY(12px); }
    .frame { display: block; width: 100%; height: 100%; border: 0; color-scheme: light dark; }
    .guard { position: absolute; }
    .launcher { inset: auto 20px 20px auto; display: grid; place-items: center; width: 56px; height: 56px;
      border-radius: 50%; background: var(--accent); color: #fff;
      box-shadow: 0 1px 2px rgb(20 30 45 / 0.3), 0 8px 20px rgb(20 30 45 / 0.22); transition: scale 160ms; }
    .launcher:hover { scale: 1.04; } .launcher:active { scale: 0.97; }
    .launcher svg { width: 26px; height: 26px; }
    svg { fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
    .count { position: absolute; inset: -3px -3px auto auto; min-width: 20px; height: 20px; padding: 0 5px;
      box-sizing: border-box; border-radius: 10px; background: #c02626; color: #fff;
      font-size: 11px; font-weight: 600; line-height: 20px; text-align: center; }
    .teaser { inset: auto 20px 92px auto; display: flex; gap: 10px; align-items: flex-start; width: 224px;
      padding: 12px 14px; border-radius: 14px 14px 4px 14px; background: var(--surface); box-shadow: var(--shadow); }
    .say { flex: 1; text-align: start; }
    .mark { display: grid; place-items: center; flex: none; width: 24px; height: 24px; border-radius: 28%;
      background: var(--accent); color: #fff; font-size: 9px; font-weight: 600; }
    .dismiss { position: absolute; inset: -10px -10px auto auto; display: grid; place-items: center;
      width: 24px; height: 24px; border-radius: 50%; background: var(--surface); box-shadow: var(--shadow); }
    .dismiss svg { width: 12px; height: 12px; }
    .root[data-position="left"] :is(.panel, .launcher, .teaser) { right: auto; left: 20px; }
    .root[data-position="left"] .teaser { border-radius: 14px 14px 14px 4px; }
    @media (max-width: 600px) {
      .panel, .root[data-position="left"] .panel { inset: 0; width: 100vw; max-width: none; height: 100dvh; border-radius: 0;
        box-sizing: border-box; padding-bottom: env(safe-area-inset-bottom); }
      .root[data-open="true"] .launcher { display: none; }
    }
    @media (prefers-reduced-motion: reduce) { .panel, .launcher { transition: none; } }
    @media print { .root { display: none; } }
  `;

  function run(name, ...rest) {
    const command = COMMANDS[name];
    if (command) command(...rest);
    else console.warn(`Parley: there is no command "${name}".`);
  }

  function start() {
    build();
    window.addEventListener("message", onMessage);
    window.addEventListener("storage", onKept);
    fullScreen.addEventListener("change", render);
    const queued = window.Parley?.q ?? [];
    window.Parley = run;
    window.Parley.isLoaded = true;
    // A site may go on using the queue that it has kept.
    window.Parley.q = { push: (call) => run(...call) };
    for (const call of queued) run(...call);
  }

  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
