/* The widget's HTTP calls (the contract's section 6); every refusal is an ApiError. */
import { fill } from "./dom.js";

const TIMEOUT = 20_000;

export class ApiError extends Error {
  constructor({ status, code, detail, fields, retryAfter }) {
    super(detail);
    this.status = status;
    this.code = code;
    this.fields = fields ?? {};
    this.retryAfter = retryAfter;
  }

  /** Whether the same call may succeed later without anybody changing anything. */
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

  async #call(method, path, body, { token = path === "session" ? null : this.token, keepalive = false } = {}) {
    const headers = { Accept: "application/json" };
    if (body) headers["Content-Type"] = "application/json";
    if (token) headers.Authorization = `Bearer ${token}`;
    const answer = await this.#fetch(this.#base + path, {
      method,
      keepalive,
      headers,
      body: body && JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (answer.status === 204) return null;
    const data = await answer.json().catch(() => ({}));
    if (answer.ok) return data;
    throw new ApiError({
      status: answer.status,
      code: data.code ?? "error",
      detail: data.detail ?? answer.statusText,
      fields: data.fields,
      retryAfter: Number(data.retry_after ?? answer.headers.get("Retry-After")) || undefined,
    });
  }

  async #fetch(url, options) {
    try {
      return await fetch(url, options);
    } catch (error) {
      throw new ApiError({ status: 0, code: "unreachable", detail: String(error) });
    }
  }
}

/** What to tell the visitor of a failure. */
export function wordsOf(error, labels) {
  if (error.status === 429) return fill(labels.too_fast, { seconds: Math.ceil(error.retryAfter ?? 60) });
  return error.status ? error.message : labels.unreachable;
}
