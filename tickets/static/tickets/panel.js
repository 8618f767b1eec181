/** Related tickets in a conversation's details: raise one in two clicks, link one, keep them true. */
import { live } from "../ui/connection.js";
import { prompt } from "../ui/dialog.js";
import { api, fragment } from "../ui/http.js";
import { Refresher } from "../ui/refresher.js";
import { announce, raise, phrase } from "./raise.js";

const REFRESH_AFTER = 300;
const panel = new Refresher(fetchPanel, { after: REFRESH_AFTER });

document.addEventListener("click", (event) => {
  const place = event.target.closest("[data-tickets-panel]");
  if (!place) return;
  if (event.target.closest("[data-ticket-create]")) create(place);
  if (event.target.closest("[data-ticket-link]")) link(place);
});

live.follow("tickets", {
  on: { "ticket.summary": (data) => concerns(data) && panel.ask() },
  onFollowing: (_, isAgain) => isAgain && panel.ask(),
});

function create(place) {
  const onCreated = (ticket) => {
    announce(ticket);
    panel.ask();
  };
  raise(place.querySelector("[data-ticket-dialog]"), { onCreated });
}

function link(place) {
  const conversation = place.dataset.ticketsPanel;
  const numberIn = (text) => text.replace(/^#/, "");
  prompt({
    title: phrase("link_title"),
    label: phrase("link_label"),
    verb: phrase("link_verb"),
    safe: phrase("link_safe"),
    act: async (text) => {
      await api("POST", `/api/v1/tickets/${encodeURIComponent(numberIn(text))}/link`, { conversation });
      panel.ask();
    },
    explain: ({ status }, text) => status === 404 && phrase("link_none", { number: numberIn(text) }),
  });
}

/** Whether a changed ticket belongs, or belonged, to the conversation that is shown. */
function concerns(ticket) {
  const place = document.querySelector("[data-tickets-panel]");
  if (!place) return false;
  return ticket.conversations.includes(place.dataset.ticketsPanel)
    || Boolean(place.querySelector(`[data-ticket-row="${ticket.id}"]`));
}

async function fetchPanel() {
  const place = document.querySelector("[data-tickets-panel]");
  if (!place) return;
  const { content } = await fragment(place.dataset.refresh);
  const fresh = content.querySelector("[data-tickets-panel]");
  if (!fresh || !place.isConnected) return;
  const hadFocus = place.contains(document.activeElement);
  place.replaceWith(fresh);
  if (hadFocus) fresh.querySelector("[data-ticket-create]").focus();
}
