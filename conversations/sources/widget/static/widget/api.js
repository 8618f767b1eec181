/* The widget's HTTP calls (the contract's section 6); every refusal is an ApiError. */
import { fill } from "../ui/format.js";

const TIMEOUT = 20_000; // of a call; of an upload, since its last progress
const OPENED_WITHIN = 10_000;
const BETWEEN = { status: 502 };
const LANGUAGE = { "Accept-Language": document.documentElement.lang };

export class ApiError extends Error {
  constructor({ status, code, detail, fields, retryAfter, token }) {
    super(detail);
    this.status = status;
    this.code = code;
    this.fields = fields ?? {};
    this.retryAfter = retryAfter;
    this.token = token; // with which the request was made
  }

  /** Whether the same call may succeed later without any change. */
  get isPassing() {
    return this.status === 0 || this.status >= 500;
  }
}

export class Api {
  #base;
  token = null;

  constructor(base) {
    this.#base = base;
  }

  session(identity) {
    const body = { ...(this.token && { token: this.token }), ...(identity && { identity }) };
    return this.#call("POST", "session", body);
  }

  /** End the session of `token`, even if the page is left meanwhile. */
  forget(token) {
    return this.#call("DELETE", "session", null, { token, keepalive: true });
  }

  start({ variables, page, client_id }) {
    return this.#call("POST", "conversations", { variables, page, client_id });
  }

  messages(conversation, query = {}) {
    const search = new URLSearchParams(query);
    return this.#call("GET", `conversations/${conversation}/messages?${search}`);
  }

  say(conversation, message) {
    return this.#call("POST", `conversations/${conversation}/messages`, message);
  }

  act(conversation, verb) {
    return this.#call("POST", `conversations/${conversation}/${verb}`, {});
  }

  cancel(conversation, run) {
    return this.#call("POST", `conversations/${conversation}/runs/${run}/cancel`, {});
  }

  /** Send one file and report its progress. */
  upload(conversation, file, { signal, onProgress } = {}) {
    const { token } = this;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const sending = new XMLHttpRequest(); // fetch reports no progress of an upload
      let timer = null;
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(() => sending.abort(), TIMEOUT);
      };
      sending.open("POST", `${this.#base}conversations/${conversation}/attachments`);
      sending.responseType = "json";
      const headers = { Authorization: `Bearer ${token}`, ...LANGUAGE };
      for (const [name, value] of Object.entries(headers)) sending.setRequestHeader(name, value);
      sending.upload.addEventListener("progress", ({ loaded, total }) => {
        wait();
        onProgress?.(loaded / (total || 1));
      });
      sending.addEventListener("loadend", () => {
        clearTimeout(timer);
        const data = sending.response ?? {};
        if (sending.status >= 200 && sending.status < 300) resolve(data);
        else reject(refusal(sending, data, sending.getResponseHeader("Retry-After"), token));
      });
      signal?.addEventListener("abort", () => sending.abort());
      const body = new FormData();
      body.set("file", file);
      wait();
      sending.send(body);
    });
  }

  async #call(method, path, body, { token = path === "session" ? null : this.token, keepalive = false } = {}) {
    const headers = { Accept: "application/json", ...LANGUAGE };
    if (body) headers["Content-Type"] = "application/json";
    if (token) headers.Authorization = `Bearer ${token}`;
    const answer = await this.#fetch(this.#base + path, {
      method,
      keepalive,
      headers,
      body: body && JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(path === "session" ? OPENED_WITHIN : TIMEOUT),
    });
    if (answer.status === 204) return null;
    const data = await answer.json().catch(() => null);
    if (answer.ok && data) return data;
    // What is no JSON comes from something between us and the server.
    const { status } = answer.ok ? BETWEEN : answer;
    throw refusal({ status }, data ?? {}, answer.headers.get("Retry-After"), token);
  }

  async #fetch(url, options) {
    try {
      return await fetch(url, options);
    } catch (error) {
      throw new ApiError({ status: 0, code: "unreachable", detail: String(error) });
    }
  }
}

function refusal({ status }, { code = "error", detail = "", fields, retry_after: wait }, header, token) {
  return new ApiError({ status, code, detail, fields, retryAfter: Number(wait ?? header) || undefined, token });
}

/** Return what ``opening`` does, or an error once a visitor has waited for long enough. */
export function inTime(opening) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new ApiError({ status: 0, code: "unreachable" })), OPENED_WITHIN);
  });
  return Promise.race([opening, late]).finally(() => clearTimeout(timer));
}

/** Return the words that the visitor reads of a failure; a broken server has none. */
export function wordsOf(error, labels) {
  if (error.status === 429) return fill(labels.too_fast, { seconds: Math.ceil(error.retryAfter ?? 60) });
  return error.status ? error.message || labels.broken : labels.unreachable;
}
