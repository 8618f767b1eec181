/** A chat that begins with its first message: to whom, and what. */
import { newId } from "../ui/ids.js";
import { api } from "../ui/http.js";
import { say } from "../ui/words.js";
import { draftKey, keepDraft } from "../conversations/drafts.js";

const NEW = "new-chat";

export class NewChat {
  #tried = {};
  #draft = draftKey(NEW);

  /** `onBegun` gets the chat when the server has it. */
  constructor(form, onBegun) {
    this.form = form;
    this.onBegun = onBegun;
    this.field = form.querySelector("[data-text]");
    this.button = form.querySelector("[data-send]");
    this.field.value = localStorage.getItem(this.#draft) ?? "";
    this.field.addEventListener("input", () => this.#keep());
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#begin();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#begin();
    });
  }

  /** What is written from here on is the draft of the chat as soon as there is one. */
  async #begin() {
    const text = this.field.value.trim();
    if (!text || this.button.ariaBusy === "true") return;
    const body = this.#body(new FormData(this.form).get("assistant"), text);
    this.button.ariaBusy = "true";
    this.#refuse("");
    this.field.value = "";
    try {
      const chat = await api("POST", "/api/v1/chats/", body);
      localStorage.removeItem(this.#draft);
      this.#draft = draftKey(chat.id, "message");
      this.#keep();
      this.onBegun(chat);
    } catch (error) {
      this.field.value = [text, this.field.value].filter(Boolean).join("\n");
      this.#keep();
      this.#refuse(error.detail || say("act_failed"));
      this.button.ariaBusy = null;
    }
  }

  /** A repeated text, after a lost answer, keeps its id, so that it begins no second chat. */
  #body(assistant, text) {
    const isSame = this.#tried.assistant === assistant && this.#tried.text === text;
    this.#tried = { assistant, text, client_id: isSame ? this.#tried.client_id : newId() };
    return this.#tried;
  }

  #keep() {
    keepDraft(this.#draft, this.field.value);
  }

  #refuse(text) {
    const place = this.form.querySelector("[data-refusal]");
    place.textContent = text;
    place.hidden = !text;
  }
}
