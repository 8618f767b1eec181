/** The order of a thread. */

/** Return where a message stands: an answer right behind the newest entry when it began, what has no place yet at the end. */
export function placeOf({ behind, position, place }) {
  return behind == null ? Number(position ?? place ?? Infinity) : Number(behind) + 0.5;
}
