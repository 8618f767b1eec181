/** A chat that begins with its first message: to whom, and what. */
import { Composer } from "../ui/composer.js";
import { draftKey, drafts } from "../ui/drafts.js";
import { newId } from "../ui/ids.js";
import { api } from "../ui/http.js";
import { say } from "../ui/words.js";

const NEW = "new-chat";

export class NewChat extends Composer {
  #tried = {};

  /** `onBegun` gets the chat when the server has it. */
  constructor(form, onBegun) {
    super(form, { store: drafts });
    this.onBegun = onBegun;
    this.show(draftKey(NEW));
  }

  /** Begin the chat; what is written from then on is its draft as soon as there is one. */
  async send() {
    if (this.button.ariaBusy === "true") return;
    const message = this.take();
    if (!message) return;
    this.button.ariaBusy = "true";
    try {
      const body = this.#body(new FormData(this.form).get("assistant"), message.text);
      const chat = await api("POST", "/api/v1/chats/", body);
      this.moveTo(draftKey(chat.id, "message"));
      this.onBegun(chat);
    } catch (error) {
      this.putBack(message.text);
      this.refuse(error.detail || say("act_failed"));
    }
  }

  /** A repeated text, after a lost answer, keeps its id, so that it begins no second chat. */
  #body(assistant, text) {
    const isSame = this.#tried.assistant === assistant && this.#tried.text === text;
    this.#tried = { assistant, text, client_id: isSame ? this.#tried.client_id : newId() };
    return this.#tried;
  }
}
