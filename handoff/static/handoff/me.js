/** The signed-in person's menu: presence and on which side the customer speaks. */
import { live } from "../ui/connection.js";
import { api } from "../ui/http.js";
import { say } from "../ui/words.js";
import { toast } from "../ui/toast.js";

const root = document.documentElement;
const menu = document.getElementById("me-menu");
const bubbles = menu?.querySelector("[data-bubbles-toggle]");

bubbles?.addEventListener("click", () => {
  const side = root.dataset.bubbles === "mirrored" ? "" : "mirrored";
  document.cookie = `bubbles=${side}; path=/; max-age=31536000; samesite=lax`;
  location.reload(); // the server writes every bubble with its side
});

live.follow("inbox", {
  on: { presence: ({ agent, presence }) => String(agent.id) === root.dataset.user && showPresence(presence) },
});

menu?.addEventListener("click", async (event) => {
  const item = event.target.closest("[data-presence]");
  if (!item) return;
  try {
    const { presence } = await api("PATCH", "/api/v1/agents/me", { presence: item.dataset.presence });
    showPresence(presence);
  } catch (error) {
    toast(error.detail || say("not_saved"), { isError: true });
  }
});

function showPresence(presence) {
  for (const item of menu.querySelectorAll("[data-presence]")) {
    item.setAttribute("aria-checked", String(item.dataset.presence === presence));
  }
  document.querySelector("[data-presence-mark]").className = `avatar__presence avatar__presence--${presence}`;
  const chosen = menu.querySelector(`[data-presence="${presence}"]`);
  document.querySelector("[data-presence-word]").textContent = chosen?.textContent.trim() ?? "";
}
