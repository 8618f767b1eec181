/** Files beside a message: chosen, dropped or pasted; uploaded at once, with their progress. */
import { upload } from "../config/http.js";
import { say } from "../config/words.js";

const AT_MOST = 10 * 1024 * 1024;

export class Files {
  #files = [];

  /** `composer` shows refusals and is told when the list changes. */
  constructor(form, composer) {
    this.form = form;
    this.composer = composer;
    this.place = form.querySelector("[data-files]");
    this.input = form.querySelector("[data-file-input]");
    if (this.input) this.#connect();
  }

  /** Whether an upload has not ended yet. */
  get isBusy() {
    return this.#files.some((file) => !file.id);
  }

  get isEmpty() {
    return !this.#files.length;
  }

  /** Hand over what is uploaded: `{id, name}` each; the composer is empty then. */
  take() {
    const taken = this.#files.map(({ id, name }) => ({ id, name }));
    for (const file of this.#files) file.chip.remove();
    this.#files = [];
    return taken;
  }

  /** Show files that the server has already, after a message was called back or refused. */
  giveBack(files) {
    for (const { id, name } of files) this.#show({ id, name });
  }

  #connect() {
    this.form.querySelector("[data-attach]").addEventListener("click", () => this.input.click());
    this.input.addEventListener("change", () => {
      this.#add(this.input.files);
      this.input.value = "";
    });
    this.form.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) event.preventDefault();
      this.#add(event.clipboardData.files);
    });
    this.form.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      this.form.classList.add("composer--drop");
    });
    this.form.addEventListener("dragleave", (event) => {
      if (!this.form.contains(event.relatedTarget)) this.form.classList.remove("composer--drop");
    });
    this.form.addEventListener("drop", (event) => {
      event.preventDefault();
      this.form.classList.remove("composer--drop");
      this.#add(event.dataTransfer.files);
    });
  }

  /** What was said of earlier files is over as soon as others are chosen. */
  #add(list) {
    if (list.length) this.composer.refuse("");
    for (const blob of list) {
      if (blob.size > AT_MOST) this.composer.refuse(say("file_too_large", { name: blob.name }));
      else this.#upload(this.#show({ name: blob.name }), blob);
    }
  }

  async #upload(file, blob) {
    file.abort = new AbortController();
    try {
      const answer = await upload("/api/v1/attachments/", blob, {
        signal: file.abort.signal,
        onProgress: (part) => file.fill.setAttribute("width", `${Math.round(part * 100)}%`),
      });
      file.id = answer.id;
      file.chip.querySelector("[data-progress-bar]").remove();
      this.composer.filesChanged();
    } catch (error) {
      if (file.abort.signal.aborted) return;
      this.composer.refuse(`${file.name}: ${error.detail || say("act_failed")}`);
      this.#remove(file);
    }
  }

  #show(file) {
    file.chip = this.form.querySelector("template[data-file-pattern]").content.firstElementChild.cloneNode(true);
    file.chip.querySelector("[data-name]").textContent = file.name;
    const button = file.chip.querySelector("button");
    button.setAttribute("aria-label", say("remove_file", { name: file.name }));
    button.addEventListener("click", () => this.#remove(file));
    file.fill = file.chip.querySelector("[data-fill]");
    if (file.id) file.chip.querySelector("[data-progress-bar]").remove();
    this.place.append(file.chip);
    this.#files.push(file);
    return file;
  }

  #remove(file) {
    file.abort?.abort();
    file.chip.remove();
    this.#files = this.#files.filter((one) => one !== file);
    this.composer.filesChanged();
  }
}
