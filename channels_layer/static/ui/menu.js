/** Menus: a button with `aria-controls` opens the `.menu` it names; arrows walk, Escape closes. */

let opened = null;

// Before anybody acts on a choice: a dialog that it opens gives the focus back to the button, not to what is hidden.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[aria-haspopup][aria-controls]");
  if (button && opened?.button !== button) {
    close();
    open(button);
  } else if (button || !event.target.closest(".menu") || event.target.closest(".menu__item")) {
    close();
  }
}, { capture: true });

document.addEventListener("keydown", (event) => {
  if (!opened) return;
  if (event.key === "Escape") {
    event.stopPropagation();
    close({ isByKey: true });
  } else if (STEPS[event.key]) {
    event.preventDefault();
    walk(STEPS[event.key]);
  } else if (event.key === "Tab") close();
}, { capture: true });

document.addEventListener("focusout", (event) => {
  if (opened && event.relatedTarget && !opened.menu.contains(event.relatedTarget)) {
    if (event.relatedTarget !== opened.button) close();
  }
});

const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

function open(button) {
  const menu = document.getElementById(button.getAttribute("aria-controls"));
  if (!menu) return;
  menu.hidden = false;
  button.setAttribute("aria-expanded", "true");
  opened = { button, menu };
  const all = items();
  (all.find((item) => item.ariaChecked === "true") ?? all[0])?.focus();
}

function close({ isByKey = false } = {}) {
  if (!opened) return;
  const { button, menu } = opened;
  const hadFocus = menu.contains(document.activeElement);
  opened = null;
  menu.hidden = true;
  button.setAttribute("aria-expanded", "false");
  if (hadFocus || isByKey) button.focus();
  button.dispatchEvent(new Event("parley:menu-closed", { bubbles: true }));
}

function walk(step) {
  const all = items();
  const index = all.indexOf(document.activeElement);
  const next = Math.abs(step) === Infinity ? (step > 0 ? all.length - 1 : 0) : index + step;
  all[(next + all.length) % all.length]?.focus();
}

function items() {
  const all = [...opened.menu.querySelectorAll(".menu__item:not(:disabled, [hidden])")];
  return all.filter((item) => item.getClientRects().length); // some are there on a phone only
}
