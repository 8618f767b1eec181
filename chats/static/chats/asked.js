/** Calls of tools that wait for this person: the count in the navigation, sound and notification. */
import { announce } from "../handoff/alerts.js";
import { live } from "../ui/connection.js";
import { say } from "../ui/words.js";

const REMEMBERED = 500;
const navigation = document.querySelector("[data-navigation]");
const decides = new Set(navigation.dataset.decides.split(" "));
const statuses = new Map(); // per call, as it was last told

live.follow("approvals", {
  on: { "approval.summary": receive },
  onFollowing: (_, isAgain) => isAgain && tell(),
});

/** Count anew what waits, and announce a call once: what is sent again says nothing new. */
function receive(row) {
  const before = statuses.get(row.id);
  remember(row);
  if (before === row.status) return;
  const isWaiting = row.status === "pending";
  if (isWaiting || before !== undefined || row.needs_approval) tell();
  if (isWaiting && decides.has(row.role)) {
    announce({
      id: row.id,
      count: 1,
      title: say("approval_asked", { title: row.title }),
      text: row.summary,
      url: `${navigation.dataset.approvalsUrl}${row.id}/`,
    });
  }
}

function remember(row) {
  statuses.delete(row.id);
  statuses.set(row.id, row.status);
  if (statuses.size > REMEMBERED) statuses.delete(statuses.keys().next().value);
}

function tell() {
  document.dispatchEvent(new Event("parley:asked"));
}
