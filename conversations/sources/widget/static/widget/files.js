/* Files of a draft: chosen, dropped or pasted; uploaded at once, with their progress. */
import { fill, size } from "../ui/format.js";
import { wordsOf } from "./api.js";
import { arrange, icon, make } from "./dom.js";

export class Files extends EventTarget {
  #files = []; // of every draft; one with an id is uploaded, one with a blob can be uploaded
  #draft = "new";
  #refusals = []; // of the shown draft: each file that was refused or failed, and why

  /** `begin` resolves to a new conversation; `limits`: bytes of a file, files of a message. */
  constructor({ form, store, uploads, begin, limits, labels }) {
    super();
    Object.assign(this, { form, store, uploads, begin, limits, labels });
    this.list = form.querySelector(".composer__files");
    this.button = form.querySelector(".composer__attach");
    this.input = form.querySelector("[type=file]");
    this.#listen();
  }

  /** Whether an upload has not ended yet. */
  get isBusy() {
    return this.#shown.some((file) => !file.id && !file.hasFailed);
  }

  get hasFailed() {
    return this.#shown.some((file) => file.hasFailed);
  }

  get isEmpty() {
    return !this.#shown.length;
  }

  /** Show the files of this conversation's draft (null: of the one that is about to begin). */
  show(conversation) {
    this.#forgive();
    this.#open(conversation);
  }

  /** Move the shown files to the draft of this conversation. */
  moveTo(conversation) {
    if (this.#draft === (conversation ?? "new")) return;
    const moved = this.#shown;
    this.store.remove(this.#key);
    this.#open(conversation);
    for (const file of moved) file.draft = this.#draft;
    this.#changed();
  }

  #open(conversation) {
    this.#draft = conversation ?? "new";
    const kept = (this.store.get(this.#key) ?? []).map((file) => ({ ...file, draft: this.#draft }));
    this.#files = [...kept, ...this.#files.filter((file) => !file.id || file.draft !== this.#draft)];
    this.#draw();
  }

  /** Add files; refuse unsuitable ones before anything of them is sent. */
  add(list) {
    if (list.length) this.#forgive();
    for (const blob of list) {
      const words = this.#refusal(blob);
      if (words) this.#refuse(blob, words);
      else this.#begin(blob);
    }
    this.#changed();
    this.list.scrollTop = this.list.scrollHeight;
  }

  /** Show files again whose message was recalled. */
  restore(files) {
    this.#files.push(...files.map((file) => ({ ...file, draft: this.#draft })));
    this.#changed();
  }

  /** Retry uploads that failed. */
  retry() {
    const failed = this.#shown.filter((file) => file.hasFailed);
    for (const file of failed) this.#upload(file);
  }

  /** Return the uploaded files and show none. */
  take() {
    const taken = this.#shown;
    this.#forgive();
    this.#drop(taken);
    return taken.map(({ id, name, size }) => ({ id, name, size }));
  }

  clear() {
    for (const { abort } of this.#files) abort?.abort();
    this.#drop(this.#files);
  }

  get #shown() {
    return this.#files.filter((file) => file.draft === this.#draft);
  }

  get #key() {
    return `files:${this.#draft}`;
  }

  #listen() {
    this.button.addEventListener("click", () => this.input.click());
    this.input.addEventListener("change", () => {
      this.add([...this.input.files]);
      this.input.value = "";
    });
    this.form.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) event.preventDefault();
      this.add(event.clipboardData.files);
    });
    // Anywhere in the frame: beside the field, too, the browser would leave the page for the file.
    document.addEventListener("dragover", (event) => this.#drag(event));
    document.addEventListener("dragleave", (event) => event.relatedTarget || this.#mark(false));
    document.addEventListener("drop", (event) => {
      this.#drag(event);
      if (this.#canTake) this.add(event.dataTransfer.files);
      this.#mark(false);
    });
    addEventListener("online", () => this.retry());
  }

  get #canTake() {
    return this.form.offsetParent !== null;
  }

  #drag(event) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    if (!this.#canTake) event.dataTransfer.dropEffect = "none";
    this.#mark(this.#canTake);
  }

  /** Light up the whole frame, which takes what is dropped. */
  #mark(isOver) {
    document.body.dataset.drop = this.form.dataset.drop;
    document.body.classList.toggle("drop-target", isOver);
  }

  #refusal({ name, size: length }) {
    const { bytes, count } = this.limits;
    if (length > bytes) return fill(this.labels.file_too_large, { name, limit: size(bytes) });
    return this.#shown.length < count ? null : fill(this.labels.too_many_files, { name, count });
  }

  #begin(blob) {
    const file = { name: blob.name, size: blob.size, blob, draft: this.#draft };
    this.#files.push(file);
    this.#upload(file);
  }

  /** Upload a file into the draft that it was chosen for, whatever is open when it ends. */
  async #upload(file) {
    this.#forgive(file);
    file.hasFailed = false;
    file.abort = new AbortController();
    const { signal } = file.abort;
    this.#changed();
    try {
      const place = () => (file.draft === "new" ? this.begin() : file.draft);
      const onProgress = (part) => (file.chip.bar.value = part);
      Object.assign(file, await this.uploads.send(file.blob, { place, signal, onProgress }));
    } catch (error) {
      if (!signal.aborted) this.#failed(file, error);
    }
    if (!signal.aborted) this.#changed(file.draft);
  }

  #failed(file, error) {
    if (file.draft === this.#draft) this.#refuse(file, fill(this.labels.of_file, { name: file.name, text: wordsOf(error, this.labels) }));
    // A refused file is refused again; every other failure may pass.
    if (error.fields?.file || error.status === 413) this.#drop([file]);
    else file.hasFailed = true;
  }

  #remove(file) {
    const hadFocus = file.chip.node.contains(document.activeElement);
    file.abort?.abort();
    this.#forgive(file);
    this.#drop([file]);
    if (hadFocus) this.button.focus();
  }

  #drop(files) {
    this.#files = this.#files.filter((file) => !files.includes(file));
    this.#changed();
  }

  /** Store the uploaded files of a draft, and draw its files. */
  #changed(draft = this.#draft) {
    const kept = this.#files.filter((file) => file.draft === draft && file.id);
    const key = `files:${draft}`;
    if (kept.length) this.store.set(key, kept.map(({ id, name, size }) => ({ id, name, size })));
    else this.store.remove(key);
    this.#draw();
    this.dispatchEvent(new Event("change"));
  }

  #refuse(file, words) {
    this.#refusals.push({ file, words });
    this.#sayRefusals();
  }

  /** Withdraw what was said of a file, or of all. */
  #forgive(file) {
    const left = file ? this.#refusals.filter((refusal) => refusal.file !== file) : [];
    if (left.length === this.#refusals.length) return;
    this.#refusals = left;
    this.#sayRefusals();
  }

  /** Say why files are not taken, a line for each. */
  #sayRefusals() {
    this.dispatchEvent(new CustomEvent("refused", { detail: this.#refusals.map(({ words }) => words) }));
  }

  #draw() {
    for (const file of this.#shown) {
      file.chip ??= this.#chip(file);
      const { node, info, retry, bar } = file.chip;
      node.classList.toggle("attachment--failed", Boolean(file.hasFailed));
      info.textContent = file.hasFailed ? this.labels.not_uploaded : size(file.size);
      retry.hidden = !file.hasFailed;
      bar.hidden = Boolean(file.id || file.hasFailed);
    }
    arrange(this.list, this.#shown.map((file) => file.chip.node));
    this.list.hidden = this.isEmpty;
  }

  #chip(file) {
    const { name } = file;
    const info = make("span", "attachment__info");
    const words = make("span", "attachment__words", {}, make("span", "attachment__name truncate", { title: name }, name), info);
    const retry = make("button", "delivery__retry", { "aria-label": fill(this.labels.of_file, { name: this.labels.retry, text: name }), click: () => this.#upload(file) }, this.labels.retry);
    const label = fill(this.labels.remove_file, { name });
    const remove = make("button", "icon-button", { "aria-label": label, title: label, click: () => this.#remove(file) }, icon("close"));
    const bar = make("progress", "attachment__progress", { max: 1, value: 0, "aria-label": fill(this.labels.uploading, { name }) });
    return { info, retry, bar, node: make("li", "attachment", {}, icon("file"), words, retry, remove, bar) };
  }
}
