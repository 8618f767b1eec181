/* The form before the first message: checked here for a quick reply, and by the server for good. */
import { icon } from "./dom.js";

const PHONE = /^\+?[\d\s().\-/]{5,32}$/;

export class Prechat extends EventTarget {
  constructor({ form, labels }) {
    super();
    this.form = form;
    this.labels = labels;
    this.button = form.querySelector("[type=submit]");
    form.noValidate = true;
    form.addEventListener("submit", (event) => this.#submit(event));
    form.addEventListener("input", (event) => this.#showReason(event.target, ""));
  }

  get hasFields() {
    return this.#fields().length > 0;
  }

  /** Fill in the details that are known of the contact. */
  prefill(known) {
    for (const field of this.#fields()) {
      if (!field.value && known[field.dataset.fills]) field.value = known[field.dataset.fills];
    }
  }

  focus() {
    (this.#fields()[0] ?? this.button).focus();
  }

  set isBusy(isBusy) {
    this.button.setAttribute("aria-busy", isBusy);
  }

  /** Show the server's reasons by field name; the first one gets the focus. */
  refuse(reasons) {
    const faulty = this.#fields().filter((field) => reasons[field.name]);
    for (const field of faulty) this.#showReason(field, [reasons[field.name]].flat()[0]);
    faulty[0]?.focus();
    return faulty.length > 0;
  }

  #submit(event) {
    event.preventDefault();
    const reasons = Object.fromEntries(this.#fields().map((field) => [field.name, this.#fault(field)]));
    if (this.refuse(reasons)) return;
    const filled = this.#fields().filter((field) => field.value.trim());
    const variables = Object.fromEntries(filled.map((field) => [field.name, field.value.trim()]));
    this.dispatchEvent(new CustomEvent("done", { detail: variables }));
  }

  #fault(field) {
    const value = field.value.trim();
    if (!value) return field.required ? this.labels.required : "";
    if (field.type === "tel" && !PHONE.test(value)) return this.labels.phone;
    return field.type === "email" ? this.#faultOfEmail(value) : "";
  }

  #faultOfEmail(value) {
    const [name, domain] = value.split("@");
    if (!value.includes("@")) return this.labels.email_at;
    if (!name) return this.labels.email_name;
    if (!domain) return this.labels.email_after;
    return /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(value) ? "" : this.labels.email_domain;
  }

  #showReason(field, reason) {
    const place = document.getElementById(field.getAttribute("aria-describedby"));
    if (!place) return;
    field.toggleAttribute("aria-invalid", false);
    place.hidden = !reason;
    place.replaceChildren();
    if (!reason) return;
    field.setAttribute("aria-invalid", "true");
    place.append(icon("warning"), reason);
  }

  #fields() {
    return [...this.form.querySelectorAll("input, select")];
  }
}
