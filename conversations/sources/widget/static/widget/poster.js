/* Posting of the visitor's messages, which begins a conversation where there is none. */
import { newId } from "../ui/ids.js";

export class MessagePoster extends EventTarget {
  #startId = newId();

  constructor({ api, session, store, uploads }) {
    super();
    Object.assign(this, { api, session, store, uploads });
    this.page = {};
  }

  /** Return a message's address: its conversation, or the beginning that it shares. */
  addressed(conversation) {
    if (!conversation) return { conversation: null, start: this.#startId };
    const variables = this.store.get("set:new");
    this.store.remove("set:new");
    return { conversation, ...(variables && { variables }) };
  }

  /** Store the site's variables, for the next conversation and the next message. */
  set(variables) {
    for (const name of ["set", "set:new"]) this.store.set(name, { ...this.store.get(name), ...variables });
  }

  /** Begin a conversation; called twice with the same ``startId`` it begins one. */
  async start(form = {}, startId = this.#startId) {
    const variables = { ...this.store.get("set"), ...form };
    const conversation = await this.session.start({ variables, page: this.page, client_id: startId });
    this.store.remove("set:new");
    if (startId === this.#startId) this.#startId = newId();
    return conversation;
  }

  /**
   * Deliver one entry of ``outgoing``; return the message as the server has it. What ``mended`` names,
   * a token or a conversation that is gone, has been replaced already: each is once.
   */
  async deliver(entry, outgoing, mended = []) {
    const former = entry.conversation;
    try {
      return await this.#say(entry, outgoing);
    } catch (error) {
      if (mended.includes(error.status)) throw error;
      if (error.status === 401) await this.session.renew(error.token);
      else if (error.status === 404 && former) this.readdress(outgoing, (other) => other.conversation === former);
      else throw error;
      return this.deliver(entry, outgoing, [...mended, error.status]);
    }
  }

  /** Readdress entries whose conversation is gone: together they begin another one. */
  readdress(outgoing, matches) {
    outgoing.amend(matches, { conversation: null, start: newId() });
  }

  async #say(entry, outgoing) {
    if (!entry.conversation) await this.#begin(entry, outgoing);
    try {
      return await this.#post(entry);
    } catch (error) {
      if (error.status !== 400 || !error.fields.attachments) throw error;
      const files = await this.uploads.again(entry.files, entry.conversation);
      outgoing.amend((other) => other === entry, { files });
      return this.#post(entry);
    }
  }

  async #post({ conversation, text, client_id, variables, choice, files = [] }) {
    const attachments = files.map(({ id }) => id);
    const message = await this.api.say(conversation, { text, client_id, variables, attachments, choice });
    this.uploads.arrived(files);
    return message;
  }

  async #begin(entry, outgoing) {
    try {
      const { id } = await this.start({}, entry.start);
      outgoing.amend((other) => other.start === entry.start && !other.conversation, { conversation: id });
      this.dispatchEvent(new CustomEvent("begun", { detail: id }));
    } catch (error) {
      if (!entry.conversation) throw error; // else the form, filled in meanwhile, has begun one
    }
  }
}
