/**
 * The text of one run as it arrives over the socket.
 *
 * Offsets and lengths count Unicode code points, as the server does: a JavaScript string
 * counts UTF-16 units, so an emoji would shift every offset behind it.
 */

/** A stream that has received nothing yet. */
export function startStream() {
  return { attempt: 0, text: "", length: 0 };
}

/** How many code points `text` has. */
export function countCodePoints(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/**
 * Apply the data of one `chunk` to `state`; applying one twice changes nothing.
 *
 * Returns "replaced", "appended", "ignored", or "gap": then the topic has to be followed
 * again, and a snapshot comes.
 */
export function applyChunk(state, data) {
  if (data.snapshot) return replace(state, data);
  if (data.attempt < state.attempt) return "ignored";
  const restarted = data.attempt > state.attempt;
  if (restarted) Object.assign(state, { attempt: data.attempt, text: "", length: 0 });
  const size = countCodePoints(data.text);
  if (data.offset === state.length) {
    state.text += data.text;
    state.length += size;
    return restarted ? "replaced" : "appended";
  }
  return data.offset + size <= state.length ? "ignored" : "gap";
}

function replace(state, data) {
  state.attempt = data.attempt;
  state.text = data.text;
  state.length = countCodePoints(data.text);
  return "replaced";
}
