/* Uploads: files on their way to the server, and those kept to be sent again. */
import { fill } from "../ui/format.js";
import { ApiError } from "./api.js";

export class Uploads {
  #atHand = new Map(); // by id: the file itself, until its message has arrived
  #last = Promise.resolve(); // the upload after which the next one begins

  constructor({ api, session, labels }) {
    Object.assign(this, { api, session, labels });
  }

  /**
   * Upload `blob`: `{id, name, size}`. `place` resolves to the conversation it goes to, and
   * is called again when the session has ended meanwhile.
   */
  async send(blob, { place, ...options }) {
    try {
      return await this.#send(blob, await place(), options);
    } catch (error) {
      if (error.status !== 401) throw error;
      await this.session.renew(error.token);
      return this.#send(blob, await place(), options);
    }
  }

  /** Upload `files` anew: they were another session's, or had waited for too long. */
  async again(files, conversation) {
    const gone = files.find(({ id }) => !this.#atHand.has(id));
    if (gone) throw new ApiError({ status: 400, code: "gone", detail: fill(this.labels.file_gone, gone) });
    return Promise.all(files.map(({ id }) => this.#send(this.#atHand.get(id), conversation)));
  }

  /** Drop the files of a message that has arrived. */
  arrived(files) {
    for (const { id } of files) this.#atHand.delete(id);
  }

  /** Send a file after the one before, since the server prepares one picture of a sender at a time. */
  async #send(blob, conversation, options) {
    const own = this.#last.then(() => this.api.upload(conversation, blob, options));
    this.#last = own.catch(() => {});
    const { id, name, size } = await own;
    this.#atHand.set(id, blob);
    return { id, name, size };
  }
}
