/** Files beside a message: chosen, dropped or pasted; uploaded at once, with their progress. */
import { takeDrops } from "../ui/drops.js";
import { size } from "../ui/format.js";
import { upload } from "../ui/http.js";
import { say } from "../ui/words.js";
import { draftFiles, keepDraftFiles } from "../ui/drafts.js";

const onTheWay = new Map(); // by draft: its uploads, whichever composer shows them

export class Files {
  #files = [];
  #draft = "";
  #refusals = []; // a line for each of those that were refused

  /** `composer` shows refusals and is notified when the list changes. */
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

  /** Show the files of the draft `key` alone: files of a note stay with the note. */
  open(key) {
    this.#clear();
    this.#draft = key;
    this.#refusals = [];
    for (const file of [...draftFiles(key), ...(onTheWay.get(key) ?? [])]) this.#show(file);
  }

  /** Return the uploaded files, `{id, name, size}` each, and empty the composer. */
  take() {
    const taken = this.#files.map(({ id, name, size: length }) => ({ id, name, size: length }));
    this.#clear();
    keepDraftFiles(this.#draft, []);
    return taken;
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
    takeDrops(this.form, (files) => this.#add(files));
  }

  /** Clear the refusals of earlier files as soon as others are chosen. */
  #add(list) {
    if (list.length) this.#refuse([]);
    const most = Number(this.input.dataset.mostBytes);
    for (const blob of list) {
      if (blob.size > most) this.#refuse([...this.#refusals, say("file_too_large", { name: blob.name, limit: size(most) })]);
      else this.#upload(this.#show({ name: blob.name, size: blob.size }), blob);
    }
  }

  #refuse(refusals) {
    this.#refusals = refusals;
    this.composer.refuseFiles(refusals);
  }

  /** Upload a file into the draft that it was chosen for, whatever is open when it ends. */
  async #upload(file, blob) {
    const draft = this.#draft;
    file.abort = new AbortController();
    onTheWay.set(draft, [...(onTheWay.get(draft) ?? []), file]);
    try {
      const answer = await upload("/api/v1/attachments/", blob, {
        signal: file.abort.signal,
        onProgress: (part) => file.fill.setAttribute("width", `${Math.round(part * 100)}%`),
      });
      file.id = answer.id;
      keepDraftFiles(draft, [...draftFiles(draft), file]);
      file.chip.querySelector("[data-progress-bar]")?.remove();
      file.owner.composer.filesChanged();
    } catch (error) {
      if (file.abort.signal.aborted) return;
      file.owner.#refuse([...file.owner.#refusals, `${file.name}: ${error.detail || say("act_failed")}`]);
      file.owner.#remove(file);
    } finally {
      onTheWay.set(draft, onTheWay.get(draft).filter((one) => one !== file));
    }
  }

  #show(file) {
    file.owner = this;
    file.chip = this.form.querySelector("template[data-file-pattern]").content.firstElementChild.cloneNode(true);
    file.chip.querySelector("[data-name]").textContent = file.name;
    file.chip.querySelector("[data-size]").textContent = file.size === undefined ? "" : size(file.size);
    const button = file.chip.querySelector("button");
    button.setAttribute("aria-label", say("remove_file", { name: file.name }));
    button.addEventListener("click", () => this.#remove(file));
    file.fill = file.chip.querySelector("[data-fill]");
    if (file.id) file.chip.querySelector("[data-progress-bar]").remove();
    this.place.append(file.chip);
    this.#files.push(file);
    return file;
  }

  #clear() {
    for (const file of this.#files) file.chip.remove();
    this.#files = [];
  }

  #remove(file) {
    file.abort?.abort();
    file.chip.remove();
    this.#files = this.#files.filter((one) => one !== file);
    if (file.id) keepDraftFiles(this.#draft, draftFiles(this.#draft).filter(({ id }) => id !== file.id));
    this.composer.filesChanged();
  }
}
