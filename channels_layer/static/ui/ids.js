/* Ids that are made in the browser. */

/** A new random id; also on a page without TLS, where the browser's own maker of UUIDs is missing. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
