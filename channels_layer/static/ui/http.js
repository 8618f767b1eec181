/** Requests to our own server: JSON commands and HTML fragments. */

const PATIENCE = 10_000;

/** The server said no, or said nothing: `code` and `detail` say why. */
export class Refusal extends Error {
  constructor({ status = 0, code = "unreachable", detail = "", body = {}, retryAfter = null }) {
    super(detail || code);
    Object.assign(this, { status, code, detail, body, retryAfter });
  }

  /** Whether the same request may succeed later: nothing was decided. */
  get isPassing() {
    return this.status === 0 || this.status >= 500;
  }

  /** What the server says of the fields, else of the whole; empty where it says nothing. */
  get reason() {
    return Object.values(this.body.fields ?? {}).flat().join(" ") || this.detail;
  }
}

/** Send a command; resolves to the answered JSON, rejects with a `Refusal`. */
export async function api(method, path, body) {
  const response = await request(path, {
    method,
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf(), Accept: "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const seconds = answer.retry_after ?? Number(response.headers.get("Retry-After"));
  throw new Refusal({
    status: response.status,
    code: answer.code,
    detail: answer.detail,
    body: answer,
    retryAfter: seconds || null,
  });
}

/** Fetch server-rendered HTML as a document fragment; its headers come along. */
export async function fragment(path, { signal, method = "GET", form } = {}) {
  const headers = { "X-Requested-With": "fetch" };
  if (method !== "GET") headers["X-CSRFToken"] = csrf();
  const response = await request(path, { method, headers, body: form, signal });
  if (!response.ok) throw new Refusal({ status: response.status, code: String(response.status) });
  const template = document.createElement("template");
  template.innerHTML = await textOf(response, signal);
  return { content: template.content, headers: response.headers };
}

async function request(path, options) {
  const signals = [AbortSignal.timeout(PATIENCE), options.signal].filter(Boolean);
  try {
    return await fetch(path, { ...options, signal: AbortSignal.any(signals), credentials: "same-origin" });
  } catch (error) {
    throw options.signal?.aborted ? error : lost(error);
  }
}

/** The whole answer, which may break off after its head. */
async function textOf(response, signal) {
  try {
    return await response.text();
  } catch (error) {
    throw signal?.aborted ? error : lost(error);
  }
}

function lost(error) {
  return new Refusal({ code: error.name === "TimeoutError" ? "timeout" : "unreachable" });
}

function csrf() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}

let lastUpload = Promise.resolve();

/**
 * Send one file as a form, reporting how much of it is sent; resolves to the answered JSON.
 * One goes after the other, since the server prepares one picture of a sender at a time.
 */
export function upload(path, file, options) {
  const own = lastUpload.then(() => send(path, file, options));
  lastUpload = own.catch(() => {});
  return own;
}

function send(path, file, { signal, onProgress }) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const sending = new XMLHttpRequest(); // fetch reports no progress of what it sends
    sending.open("POST", path);
    sending.responseType = "json";
    sending.setRequestHeader("X-CSRFToken", csrf());
    sending.upload.addEventListener("progress", (event) => onProgress(event.loaded / (event.total || 1)));
    sending.addEventListener("error", () => reject(new Refusal({})));
    sending.addEventListener("load", () => {
      const body = sending.response ?? {};
      if (sending.status < 400) resolve(body);
      else reject(new Refusal({ status: sending.status, code: body.code, detail: body.detail, body }));
    });
    sending.addEventListener("abort", () => reject(signal.reason));
    signal.addEventListener("abort", () => sending.abort());
    const form = new FormData();
    form.set("file", file);
    sending.send(form);
  });
}
