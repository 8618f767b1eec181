/** The phone's page: fetches what is new, shows it, and acts as the customer. */
import { bubble, make, summary } from "./bubbles.js";

const TYPE = /^(image|audio|video)\//;
const SAMPLES = {
  photo: { type: "image", image: { file: "sample:lamp.jpg" } },
  voice: { type: "audio", audio: { file: "sample:voice.ogg" } },
  document: { type: "document", document: { file: "sample:invoice.pdf" } },
  sticker: { type: "sticker", sticker: { file: "sample:sticker.webp", animated: false } },
  location: { type: "location", location: { latitude: 59.3326, longitude: 18.0649, name: "Sergels torg", address: "Stockholm" } },
  contact: { type: "contacts", contacts: [{ name: { formatted_name: "Nils Bergström", first_name: "Nils" }, phones: [{ phone: "+46 70 174 06 33", type: "CELL", wa_id: "46701740633" }] }] },
  unsupported: { type: "unsupported" },
};

const find = (name) => document.querySelector(`[data-${name}]`);
const all = (name) => document.querySelectorAll(`[data-${name}]`);

let state = null;
let person = sessionStorage.getItem("person");
let answering = null;

/** What the demo Graph answers; null, and why on the page, when it refuses or is away. */
async function ask(path, body) {
  const isForm = body instanceof FormData;
  try {
    const response = await fetch(path, {
      method: "POST",
      body: isForm ? body : JSON.stringify(body),
      headers: isForm ? {} : { "content-type": "application/json" },
    });
    const answer = await response.json();
    fail(response.ok ? "" : answer.detail);
    return response.ok ? answer : null;
  } catch {
    fail("The demo Graph does not answer. Try again.");
    return null;
  }
}

function fail(reason) {
  find("failure").hidden = !reason;
  find("failure").textContent = reason;
}

async function follow() {
  for (;;) {
    try {
      const response = await fetch(`state?since=${state?.version ?? -1}&wait=20`);
      state = await response.json();
      show();
    } catch {
      find("state").textContent = "the demo Graph does not answer";
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

const chat = () => state.chats.find((one) => one.person === person && one.number === state.numbers[0]?.id);

function show() {
  if (!state.people.some((one) => one.id === person)) person = state.people[0]?.id;
  const number = state.numbers[0];
  find("business").textContent = number?.name ?? "No number yet";
  find("face").textContent = number?.name?.[0] ?? "?";
  find("state").textContent = chat()?.is_typing ? "typing…" : (number?.display_number ?? "");
  showPeople();
  showChat();
  if (number) showMeta(number);
}

function showPeople() {
  find("people").replaceChildren(...state.people.map((one) => {
    const face = make("span", "face", one.name.replace("+", "")[0] ?? "?");
    face.setAttribute("aria-hidden", "true");
    const button = make("button", "person", face, make("b", "", one.name), make("small", "", one.phone ? `+${one.phone}` : "no number"));
    button.type = "button";
    button.dataset.person = one.id;
    button.setAttribute("aria-current", String(one.id === person));
    button.addEventListener("click", () => choose(one.id));
    return make("li", "", button);
  }));
}

function choose(id) {
  person = id;
  sessionStorage.setItem("person", id);
  answer(null);
  pane("chat");
  show();
}

function showChat() {
  const list = find("chat");
  const items = chat()?.items ?? [];
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60 || list.dataset.person !== person;
  const known = new Map(items.map((item) => [item.id, item]));
  const old = new Map([...list.querySelectorAll("[data-item]")].map((one) => [one.dataset.item, one]));
  const shown = items.map((item) => {
    const key = JSON.stringify(item);
    const before = old.get(item.id);
    if (before?.key === key) return before;
    const element = bubble(item, known.get(item.reply_to), acts);
    element.key = key;
    return element;
  });
  if (!items.length) shown.push(make("li", "empty", "Nothing written yet. Say something as the customer."));
  if (chat()?.is_typing) shown.push(make("li", "typing", "typing…"));
  list.dataset.person = person;
  list.replaceChildren(...shown);
  if (isAtEnd) list.scrollTop = list.scrollHeight;
}

function showMeta(number) {
  for (const field of all("receipt")) field.checked = state.receipts[field.dataset.receipt];
  for (const field of all("number")) set(field, number[field.dataset.number]);
  for (const field of all("habit")) set(field, state.habits[field.dataset.habit]);
  const { waiting, last_status } = state.webhooks;
  const last = last_status === null ? "None sent yet." : last_status ? `Last answer ${last_status}.` : "Parley did not answer.";
  find("webhooks").textContent = waiting ? `${waiting} waiting. ${last}` : last;
  find("templates").replaceChildren(...number.templates.map((one) => {
    const select = make("select");
    select.setAttribute("aria-label", `State of ${one.name}, ${one.language}`);
    for (const status of ["APPROVED", "PENDING", "PAUSED", "REJECTED", "DISABLED"]) {
      select.append(new Option(status.toLowerCase(), status, false, status === one.status));
    }
    select.addEventListener("change", () => ask("template", { name: one.name, language: one.language, status: select.value }));
    return make("li", "", make("span", "", `${one.name} · ${one.language}`), select);
  }));
}

function set(field, value) {
  if (field.type === "checkbox") field.checked = value;
  else field.value = value;
}

const read = (field) => (field.type === "checkbox" ? field.checked : field.value);

function answer(item) {
  answering = item;
  find("answering").hidden = !item;
  find("answered").textContent = item ? summary(item) : "";
  if (item) find("text").focus();
}

async function say(message, extra = {}) {
  const body = { person, message, hours_ago: Number(find("age").value), ...extra };
  const answered = answering;
  if (answered) body.reply_to = answered.id;
  answer(null);
  const said = await ask("say", body);
  if (!said && answered) answer(answered);
  return said;
}

/** Say what stands in the field; what does not get there stands there again. */
async function sayWritten(text, message) {
  const field = find("text");
  field.value = "";
  if (await say(message)) return;
  field.value = [text, field.value].filter(Boolean).join("\n");
  field.focus();
}

const acts = {
  answer,
  react: (item, emoji) => ask("react", { person, item: item.id, emoji }),
  press: (item, { title, payload }) => say({ type: "button", button: { text: title, payload } }, { reply_to: item.id }),
  choose(item, isList, { id, title, description }) {
    const kind = isList ? "list_reply" : "button_reply";
    const chosen = description ? { id, title, description } : { id, title };
    say({ type: "interactive", interactive: { type: kind, [kind]: chosen } }, { reply_to: item.id });
  },
};

async function sendFile(file) {
  const form = new FormData();
  form.append("file", file);
  const stored = await ask("file", form);
  if (!stored) return;
  const kind = TYPE.exec(stored.mime_type)?.[1] ?? "document";
  const caption = kind === "audio" ? "" : find("text").value.trim();
  const content = { file: stored.file, ...(caption && { caption }) };
  const message = { type: kind, [kind]: kind === "document" ? { ...content, filename: file.name } : content };
  await (caption ? sayWritten(caption, message) : say(message));
}

function pane(name) {
  document.body.dataset.pane = name;
  for (const button of all("show")) button.setAttribute("aria-current", String(button.dataset.show === name));
}

function drawer(isOpen) {
  find("drawer").hidden = !isOpen;
  find("more").setAttribute("aria-expanded", String(isOpen));
}

find("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = find("text").value.trim();
  if (text) sayWritten(text, { type: "text", text: { body: text } });
});
find("more").addEventListener("click", () => drawer(find("drawer").hidden));
find("drawer").addEventListener("click", (event) => {
  const kind = event.target.closest("[data-say]")?.dataset.say;
  if (kind) say(SAMPLES[kind]);
  if (event.target.closest("[data-burst]")) ask("burst", { person });
  if (kind || event.target.closest("[data-burst]")) drawer(false);
});
find("file").addEventListener("change", ({ target }) => {
  if (target.files[0]) sendFile(target.files[0]);
  target.value = "";
  drawer(false);
});
find("no-answer").addEventListener("click", () => answer(null));
find("new").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { name, phone, is_secret } = event.target.elements;
  const body = name.value.trim() ? { name: name.value.trim() } : {};
  if (is_secret.checked) body.phone = "";
  else if (phone.value.trim()) body.phone = phone.value;
  const made = await ask("person", body);
  if (!made) return;
  event.target.reset();
  person = made.id;
  sessionStorage.setItem("person", person);
  pane("chat");
});
for (const field of all("receipt")) field.addEventListener("change", () => ask("receipts", { person, [field.dataset.receipt]: field.checked }));
for (const field of all("number")) field.addEventListener("change", () => ask("number", { [field.dataset.number]: read(field) }));
for (const field of all("habit")) field.addEventListener("change", () => ask("habits", { [field.dataset.habit]: read(field) }));
for (const button of all("mark")) button.addEventListener("click", () => ask("receipts", { person, status: button.dataset.mark }));
for (const button of all("show")) button.addEventListener("click", () => pane(button.dataset.show));
find("verify").addEventListener("click", async () => {
  const answer = await ask("verify", {});
  if (answer) find("webhooks").textContent = answer.is_verified ? "Parley knows the verify token." : "Parley did not echo the challenge.";
});
find("row").addEventListener("click", async () => {
  if (await ask("row", { person, row: find("table").value })) drawer(false);
});

/** Offer each row of the table, by Meta's fields. */
async function offer() {
  const { rows } = await (await fetch("table")).json();
  const groups = new Map();
  for (const row of rows) {
    if (!groups.has(row.field)) groups.set(row.field, Object.assign(document.createElement("optgroup"), { label: row.field }));
    groups.get(row.field).append(new Option(`${row.name.replace(`${row.field}: `, "")}: ${row.did}`, row.name));
  }
  find("table").replaceChildren(...groups.values());
}
offer();
follow();
