/** A chat that begins with its first message: to whom, and what. */
import { api } from "../config/http.js";
import { say } from "../config/words.js";

export class NewChat {
  #clientId = crypto.randomUUID();

  /** `onBegun` gets the chat when the server has it. */
  constructor(form, onBegun) {
    this.form = form;
    this.onBegun = onBegun;
    this.field = form.querySelector("[data-text]");
    this.button = form.querySelector("[data-send]");
    this.key = `parley:${document.documentElement.dataset.user}:draft:new-chat`;
    this.field.value = localStorage.getItem(this.key) ?? "";
    this.field.addEventListener("input", () => localStorage.setItem(this.key, this.field.value));
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

  async #begin() {
    const text = this.field.value.trim();
    if (!text || this.button.ariaBusy === "true") return;
    const assistant = new FormData(this.form).get("assistant");
    this.button.ariaBusy = "true";
    this.#refuse("");
    try {
      // The same id again after a lost answer gives the same chat, never a second one.
      const chat = await api("POST", "/api/v1/chats/", { assistant, text, client_id: this.#clientId });
      localStorage.removeItem(this.key);
      this.onBegun(chat);
    } catch (error) {
      this.#refuse(error.detail || say("act_failed"));
    } finally {
      this.button.ariaBusy = null;
    }
  }

  #refuse(text) {
    const place = this.form.querySelector("[data-refusal]");
    place.textContent = text;
    place.hidden = !text;
  }
}
