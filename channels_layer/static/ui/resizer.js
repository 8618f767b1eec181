/** Column edges: drag, arrows 16 px, double click resets; widths are kept per person. */

const STEP = 16;

/** Make every `.resizer[data-column]` under `root` work. */
export function resizers(root = document) {
  for (const edge of root.querySelectorAll(".resizer[data-column]")) connect(edge);
}

/** Change the width of `column` by steps, as the keys [ and ] do. */
export function widen(column, steps) {
  const edge = document.querySelector(`.resizer[data-column="${column}"]`);
  if (edge) set(edge, width(edge) + steps * STEP);
}

function connect(edge) {
  const isAtEnd = edge.dataset.side === "end";
  announce(edge);
  edge.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    edge.setPointerCapture(event.pointerId);
    const [from, start] = [event.clientX, width(edge)];
    const move = (moved) => set(edge, start + (moved.clientX - from) * (isAtEnd ? -1 : 1));
    edge.addEventListener("pointermove", move);
    edge.addEventListener("lostpointercapture", () => edge.removeEventListener("pointermove", move), { once: true });
  });
  edge.addEventListener("keydown", (event) => {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!direction) return;
    event.preventDefault();
    set(edge, width(edge) + direction * STEP * (isAtEnd ? -1 : 1));
  });
  edge.addEventListener("dblclick", () => reset(edge));
}

function set(edge, value) {
  const { column, min, max } = edge.dataset;
  const pixels = Math.round(Math.min(Number(max), Math.max(Number(min), value)));
  document.documentElement.style.setProperty(`--${column}`, `${pixels}px`);
  localStorage.setItem(key(column), pixels);
  announce(edge);
}

function reset(edge) {
  document.documentElement.style.removeProperty(`--${edge.dataset.column}`);
  localStorage.removeItem(key(edge.dataset.column));
  announce(edge);
}

function width(edge) {
  const { column, initial } = edge.dataset;
  return parseFloat(getComputedStyle(document.documentElement).getPropertyValue(`--${column}`)) || Number(initial);
}

function announce(edge) {
  edge.setAttribute("aria-valuenow", Math.round(width(edge)));
  edge.setAttribute("aria-valuemin", edge.dataset.min);
  edge.setAttribute("aria-valuemax", edge.dataset.max);
}

function key(column) {
  return `parley:${document.documentElement.dataset.user ?? ""}:width:${column}`;
}
