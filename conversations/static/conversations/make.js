/** Return an element with children. */
export function make(tag, ...children) {
  const made = document.createElement(tag);
  made.append(...children);
  return made;
}
