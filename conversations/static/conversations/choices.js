/**
 * Choices of cards: one that is pressed is sent as a message of one's own, once, whichever window
 * sends it; what was offered before one's newest message is no longer open.
 */
import { placeOf } from "./place.js";

/** Return the client id of a choice: each card of a message is answered once. */
export const clientIdOf = ({ message, card }) => `choice:${message}:${card}`;

/** Return what the pressed `button` chooses as a message, and close its card. */
export function chosenBy(button) {
  const [card, option] = button.dataset.choice.split(":").map(Number);
  const choice = { message: button.dataset.message, card, option };
  close(button.closest("[data-choices]"));
  button.setAttribute("aria-busy", "true");
  return { text: button.dataset.value, client_id: clientIdOf(choice), choice };
}

/** Close what was offered before the customer's newest message among `items`. */
export function closePassed(items) {
  const open = items.querySelectorAll("[data-choices][data-open]");
  if (!open.length) return;
  const said = [...items.querySelectorAll('[data-author="customer"][data-position]')];
  const newest = Math.max(0, ...said.map((entry) => Number(entry.dataset.position)));
  for (const choices of open) {
    if (placeOf(choices.closest("[data-position]").dataset) < newest) close(choices);
  }
}

/** Open the card of a `choice` again that could not be sent. */
export function reopen(items, { message, card }) {
  const pressed = items.querySelector(`[data-message="${message}"][data-choice^="${card}:"]`);
  const choices = pressed?.closest("[data-choices]");
  if (!choices) return;
  choices.dataset.open = "";
  for (const button of choices.querySelectorAll("button")) {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}

function close(choices) {
  delete choices.dataset.open;
  for (const button of choices.querySelectorAll("button")) button.disabled = true;
  for (const line of choices.querySelectorAll("div.choice")) line.classList.add("choice--passed");
}
