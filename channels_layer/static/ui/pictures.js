/** Pictures in a thread: the room that each takes, known before it is loaded. */

const WIDE = 3; // beyond this ratio a picture gets more room in its length, or it would be a line
const MORE = 1.6;

/**
 * Return width and height in which a picture of `width` by `height` is seen whole, at most about `side`; one that is
 * small keeps its size. The server has the same in `boxes.py`.
 */
export function fitted({ width, height }, side) {
  if (!width || !height) return { width: side, height: Math.round(side * 0.75) };
  const isLong = Math.max(width / height, height / width) > WIDE;
  const scale = Math.min(1, (isLong ? side * MORE : side) / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
