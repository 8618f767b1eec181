/** Cards of tool calls: editing arguments, approving, denying, saying what became of a call. */
import { api, fragment } from "../ui/http.js";
import { toast } from "../ui/toast.js";
import { fill } from "../ui/format.js";
import { say } from "../ui/words.js";

const CARD = "[data-tool]";
const ACTS = {
  "[data-undo]": (button) => undo(button.closest("[data-field]")),
  "[data-deny-open]": (button) => openDenial(button.closest(CARD)),
  "[data-deny-close]": (button) => closeDenial(button.closest(CARD)),
  "[data-reason]": (button) => takeReason(button),
  "[data-show-all]": (button) => showAll(button),
};

document.addEventListener("click", (event) => {
  for (const [selector, act] of Object.entries(ACTS)) {
    const found = event.target.closest(selector);
    if (found?.closest(CARD)) act(found);
  }
});

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    const field = event.target.closest?.("[data-argument]")?.closest("[data-field]");
    if (field?.closest(CARD)) edited(field);
  });
}

/** Escape leaves the denial, then the field, then nothing else of the page. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const card = event.target.closest?.(CARD);
  if (!card || event.target === card) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.target.closest("[data-deny]")) closeDenial(card);
  else card.focus();
}, { capture: true });

/** Bring cards to life: Approve names the value that it will send. */
export function prepare(root) {
  for (const card of root.querySelectorAll('[data-tool][data-status="waiting"]')) name(card);
}

/** Send the decision of `button` on the call of its card; resolves to whether it counted. */
export async function decide(button) {
  const card = button.closest(CARD);
  const { decide: act } = button.dataset;
  const buttons = [...card.querySelectorAll("[data-decide]")];
  if (buttons.some((one) => one.ariaBusy === "true")) return false;
  button.setAttribute("aria-busy", "true");
  for (const other of buttons) other.disabled = other !== button;
  clearErrors(card);
  try {
    await api("POST", `/api/v1/tool-calls/${card.dataset.tool}/${act}`, bodyOf(card, button));
    return true;
  } catch (error) {
    for (const other of buttons) other.disabled = false;
    if (!showErrors(card, error)) toast(error.detail || say("act_failed"), { isError: error.isPassing });
    return error.code === "already_decided";
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** Approve the call whose card has the focus, else the only one in `root`; false where none is. */
export function approveFocused(root) {
  const focused = document.activeElement?.closest(CARD);
  const card = focused ?? root?.querySelector?.('[data-tool][data-status="waiting"]');
  const button = card?.querySelector("[data-decide=approve]:not(:disabled)");
  button?.click();
  return Boolean(button);
}

/** Whether a person has begun to edit, to deny, or is within the card. */
export function isTouched(card) {
  if (card.contains(document.activeElement)) return true;
  const isDenying = card.querySelector("[data-deny]:not([hidden])");
  return Boolean(isDenying) || inputs(card).some(isChanged);
}

/** Draw `content` in `place`, around the waiting cards that somebody is editing. */
export function drawAround(place, content) {
  prepare(content);
  const held = [...place.querySelectorAll(':scope > [data-tool][data-status="waiting"]')].filter(isTouched);
  const kept = new Map(held.map((card) => [card.dataset.tool, card]));
  const fresh = [...content.children];
  const staying = fresh.filter((one) => one.dataset.status === "waiting").map((one) => kept.get(one.dataset.tool)).filter(Boolean);
  for (const child of [...place.childNodes]) if (!staying.includes(child)) child.remove();
  let next = place.firstChild;
  for (const one of fresh) {
    const card = one.dataset.status === "waiting" ? kept.get(one.dataset.tool) : null;
    if (card) next = card.nextSibling;
    else place.insertBefore(one, next);
  }
}

function bodyOf(card, button) {
  const note = card.querySelector("[data-note]")?.value.trim() ?? "";
  if (button.dataset.decide === "check") return { outcome: button.dataset.outcome, note };
  if (button.dataset.decide === "deny") return { note };
  return inputs(card).some(isChanged) ? { arguments: argumentsOf(card) } : {};
}

/** The arguments as the model wrote them, with what was changed; an emptied field leaves its one out. */
function argumentsOf(card) {
  const values = JSON.parse(card.dataset.arguments);
  for (const input of inputs(card).filter(isChanged)) {
    const value = valueOf(input);
    if (value === undefined) delete values[input.dataset.argument];
    else values[input.dataset.argument] = value;
  }
  return values;
}

/** What a field sends; what it cannot read is sent as it is, and the server says what is wrong. */
function valueOf(input) {
  const text = input.value;
  const { kind } = input.dataset;
  if (!text.trim()) return undefined;
  if (kind === "choice") return JSON.parse(text);
  if (kind === "number") return numberOf(text) ?? text;
  if (kind !== "json") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function numberOf(text) {
  const plain = text.trim().replace(",", ".");
  return /^[-+]?\d*\.?\d+$/.test(plain) ? Number(plain) : null;
}

function inputs(card) {
  return [...card.querySelectorAll("[data-argument]")];
}

function isChanged(input) {
  return input.value !== asked(input);
}

function asked(input) {
  if (!input.matches("select")) return input.defaultValue;
  return [...input.options].find((one) => one.defaultSelected)?.value ?? "";
}

function shownOf(input, value) {
  if (!input.matches("select")) return value;
  return [...input.options].find((one) => one.value === value)?.textContent ?? "";
}

function edited(field) {
  const input = field.querySelector("[data-argument]");
  const is = isChanged(input);
  field.classList.toggle("field--changed", is);
  field.querySelector("[data-was]").hidden = !is;
  field.querySelector("[data-was-value]").textContent = shownOf(input, asked(input)) || "–";
  clearError(field);
  name(field.closest(CARD));
}

function undo(field) {
  const input = field.querySelector("[data-argument]");
  input.value = asked(input);
  edited(field);
  input.focus();
}

/** Write on Approve what it will send, and above what will happen. */
function name(card) {
  const button = card.querySelector("[data-decide=approve]");
  if (!button) return;
  const all = new Map(inputs(card).map((input) => [input.dataset.argument, input]));
  const said = (key) => (all.has(key) ? spoken(all.get(key)) : "") || "…";
  const filled = (template) => template.replace(/\{(\w+)\}/g, (_, key) => said(key));
  const value = card.dataset.approve ? filled(card.dataset.approve) : "";
  const told = card.dataset.approve.match(/\{(\w+)\}/)?.[1];
  const changed = inputs(card).filter(isChanged).map((input) => input.dataset.argument);
  const isOther = changed.some((key) => key !== told);
  const { word, wordValue, wordEdited, wordChanged } = button.dataset;
  if (value) button.textContent = fill(isOther ? wordEdited : wordValue, { value });
  else button.textContent = changed.length ? wordChanged : word;
  for (const what of (card.closest("[data-call]") ?? card).querySelectorAll("[data-what]")) {
    what.dataset.asked ??= what.textContent;
    what.textContent = changed.length ? filled(card.dataset.summary) : what.dataset.asked;
  }
}

function spoken(input) {
  return shownOf(input, input.value).trim();
}

function openDenial(card) {
  const part = card.querySelector("[data-deny]");
  part.hidden = false;
  card.querySelector("[data-deny-open]").setAttribute("aria-expanded", "true");
  part.querySelector("[data-note]").focus();
}

function closeDenial(card) {
  const button = card.querySelector("[data-deny-open]");
  card.querySelector("[data-deny]").hidden = true;
  button.setAttribute("aria-expanded", "false");
  button.focus();
}

function takeReason(button) {
  const note = button.closest("[data-deny]").querySelector("[data-note]");
  note.value = button.textContent;
  note.focus();
}

/** Put the whole result in the place of its beginning. */
async function showAll(button) {
  button.setAttribute("aria-busy", "true");
  try {
    const { content } = await fragment(button.dataset.showAll);
    button.previousElementSibling.remove();
    button.replaceWith(content);
  } catch (error) {
    button.removeAttribute("aria-busy");
    toast(error.detail || say("act_failed"), { isError: true });
  }
}

/** Show what the server said of arguments at their fields; false where it said nothing of them. */
function showErrors(card, error) {
  const said = Object.entries(error.body?.fields ?? {}).filter(([key]) => key.startsWith("arguments."));
  let first = null;
  for (const [key, reasons] of said) {
    const field = card.querySelector(`[data-field="${CSS.escape(key.slice("arguments.".length))}"]`);
    if (!field) continue;
    const place = field.querySelector("[data-error]");
    place.textContent = reasons.join(" ");
    place.hidden = false;
    const input = field.querySelector("[data-argument]");
    input.setAttribute("aria-invalid", "true");
    first ??= input;
  }
  const whole = card.querySelector("[data-error-whole]");
  if (!first && error.code === "invalid" && whole) {
    whole.textContent = error.reason;
    whole.hidden = false;
    return true;
  }
  first?.focus();
  return Boolean(first);
}

function clearErrors(card) {
  for (const field of card.querySelectorAll("[data-field]")) clearError(field);
  const whole = card.querySelector("[data-error-whole]");
  if (whole) whole.hidden = true;
}

function clearError(field) {
  field.querySelector("[data-error]").hidden = true;
  field.querySelector("[data-argument]").removeAttribute("aria-invalid");
}
