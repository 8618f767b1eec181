/* Inspects a whole document, and reports what hostile text has changed in it. */
({ prose, tags, attributes }) => {
  const found = [];
  const say = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 160)}`);
  const FORBIDDEN = "object, embed, base, applet, frame, frameset, marquee, math, meta[http-equiv]";
  const HOSTILE = "[id*=hostile i], [name*=hostile i], [class*=hostile i]";
  const LOADING = ["src", "srcset", "data", "poster", "background"];
  const LEADING = ["href", "action", "formaction", "xlink:href"];

  const isOurs = (address) => {
    try {
      const url = new URL(address, document.baseURI);
      return url.origin === location.origin || ["data:", "blob:", "about:"].includes(url.protocol);
    } catch {
      return false;
    }
  };
  const leads = (address) => /^[\s\u0000-\u0020]*(javascript|vbscript|data)\s*:/i.test(address);

  const lookAt = (root) => {
    for (const element of root.querySelectorAll("*")) {
      const tag = element.localName;
      if (tag.includes("hostile") || element.matches(FORBIDDEN)) say("element", element);
      if (element.matches(HOSTILE)) say("name", element);
      if (tag === "script" && !element.src && !/json|importmap/.test(element.type) && !element.nonce)
        say("script", element);
      for (const { name, value } of element.attributes) {
        if (name.startsWith("on")) say(name, element);
        if (LOADING.includes(name) && !isOurs(value.split(" ")[0])) say(name, element);
        if (LEADING.includes(name) && leads(value)) say(name, element);
        if (name === "style" && /url\(|expression|@import/i.test(value)) say(name, element);
        if (name === "srcdoc") say(name, element);
      }
      if (tag === "form" && !isOurs(element.getAttribute("action") ?? "")) say("form", element);
      if (tag === "link" && !isOurs(element.href)) say("link", element);
      if (tag === "style" && /evil|hostile/.test(element.textContent)) say("style", element);
      if (element.shadowRoot) lookAt(element.shadowRoot);
    }
    for (const element of root.querySelectorAll(prose))
      for (const inner of element.querySelectorAll("*")) {
        // What our own modules add bears their data attributes.
        if (inner.closest("[data-ours], button, svg")) continue;
        if (!tags.includes(inner.localName)) say("outside the allow-list", inner);
        for (const { name } of inner.attributes) {
          const isAllowed = ["class", "rel", ...(attributes[inner.localName] ?? [])].includes(name);
          if (!isAllowed) say(`attribute ${name}`, inner);
        }
      }
  };
  lookAt(document);
  if (window.ran) found.push("a script has run");
  for (const violation of window.tried ?? []) found.push(`tried: ${violation}`);
  return found;
};
