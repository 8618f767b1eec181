/** The choice of a requester among the contacts. */
import { api } from "../ui/http.js";
import { say } from "../ui/words.js";

const SEARCH_AFTER = 200;
const SHOWN = 8;

/** Ask for a contact; resolves to it, or to null. Enter chooses the first of those that were searched for. */
export function chooseRequester() {
  const dialog = document.getElementById("dialog-requester").content.firstElementChild.cloneNode(true);
  const field = dialog.querySelector("[data-contact-search]");
  const list = dialog.querySelector("[data-contacts]");
  document.body.append(dialog);
  let chosen = null;
  let timer;
  let shown = null; // the words whose contacts are shown
  const search = async () => {
    clearTimeout(timer);
    const words = field.value.trim();
    const found = await find(words);
    if (words !== field.value.trim()) return;
    shown = words;
    fill(list, found, choose);
  };
  const choose = (contact) => {
    chosen = contact;
    dialog.close();
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, SEARCH_AFTER);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const words = field.value.trim();
    if (words !== shown) search();
    else if (words) list.querySelector("button")?.click();
  });
  dialog.showModal();
  field.focus();
  search();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(chosen);
    });
  });
}

async function find(text) {
  try {
    const page = await api("GET", `/api/v1/contacts/?limit=${SHOWN}&search=${encodeURIComponent(text)}`);
    return page.results;
  } catch {
    return [];
  }
}

function fill(list, contacts, choose) {
  list.replaceChildren(...contacts.map((contact) => entry(contact, choose)));
  if (contacts.length) return;
  const line = document.createElement("li");
  line.className = "muted";
  line.textContent = say("no_contacts");
  list.append(line);
}

function entry(contact, choose) {
  const line = document.createElement("li");
  const button = document.createElement("button");
  const name = document.createElement("b");
  const more = document.createElement("small");
  button.type = "button";
  button.className = "menu__item menu__item--two";
  name.textContent = contact.name || contact.phone || contact.email || contact.id.slice(-4);
  more.textContent = [contact.email, contact.phone].filter(Boolean).join(" · ");
  const words = document.createElement("span");
  words.append(name, more);
  button.append(words);
  button.addEventListener("click", () => choose(contact));
  line.append(button);
  return line;
}
