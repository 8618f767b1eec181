"""Workers killed while they send, on a real database: ``python -m tests.drills.sends KILLS``.

Runs in a process of its own with ``PARLEY_TEST_DATABASE_URL`` and ``WHATSAPP_GRAPH_URL``, where a
demo Graph answers. Prints one JSON object: what became of every message.
"""

import io
import json
import multiprocessing
import random
import sys
import time
from collections import Counter
from datetime import timedelta
from uuid import UUID

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from channels_layer import times  # noqa: E402
from channels_layer.access.actors import System  # noqa: E402
from conversations.models import Conversation, Delivery, Message  # noqa: E402
from conversations.services import deliveries  # noqa: E402
from conversations.services.conversations import Opening, start  # noqa: E402
from conversations.services.messages import Draft, post  # noqa: E402
from conversations.sources.whatsapp.models import Sender  # noqa: E402
from tests import factories  # noqa: E402
from tests.conversations.sources.whatsapp.graph import DemoGraphServer  # noqa: E402
from tests.servers import ports  # noqa: E402

FAULTS = ("hang-before", "hang", "slow=0.05")
"""What the Graph does to the first message of a round: not even take it, take it and be silent,
or answer soon, so that the worker dies around the answer."""
LINES = 3
LATER = deliveries.UNCLEAR_SECONDS + 1
PATIENCE = deliveries.PREPARING_SECONDS + 60

State = Delivery.State


def work(later: float) -> None:
    """Send what is due, as a worker does, for ever; its clock is ``later`` seconds ahead."""
    ahead = timedelta(seconds=later)
    while True:
        for _task, ids in list(deliveries.due(times.now() + ahead)):
            deliveries.deliver(
                conversation_id=UUID(ids["conversation"]), clock=lambda: times.now() + ahead
            )
        time.sleep(0.01)


def worker(later: float = 0.0) -> multiprocessing.process.BaseProcess:
    """Start a worker that shares nothing with this process."""
    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=work, args=(later,), daemon=True)
    process.start()
    return process


def round_of(graph: DemoGraphServer, sender: Sender, number: int) -> None:
    """Let a worker send three messages and kill it in the middle of the first."""
    conversation = talk(sender, number)
    fault = FAULTS[number % len(FAULTS)]
    graph.fault(fault, path="messages", text=f"Round {number} line 0.", times=1)
    for line in range(LINES):
        say(conversation, f"Round {number} line {line}.")
    first = Delivery.objects.filter(conversation=conversation).order_by("message__position")[0]
    process = worker()
    ports.wait_for("the first request", lambda: _state(first) != State.QUEUED, within=30)
    time.sleep(random.uniform(0.0, 0.1))  # noqa: S311 - it only has to vary
    process.kill()
    process.join()


def talk(sender: Sender, number: int) -> Conversation:
    """Return a conversation of a new customer who has just written."""
    at = times.now()
    identity = factories.IdentityFactory.create(
        source=sender.source, external_id=f"4670{number:07d}"
    )
    opening = Opening(
        source=sender.source, contact=identity.contact, external_id=identity.external_id
    )
    conversation = start(opening=opening, by=System(), at=at)
    conversation.window_expires_at = at + timedelta(hours=24)
    conversation.save()
    return conversation


def say(conversation: Conversation, text: str) -> Message:
    """Say something as the shop's system."""
    draft = Draft(text=text)
    return post(conversation=conversation, by=System(), draft=draft, at=times.now())[0]


def finish() -> None:
    """Let a worker do the rest, a minute later."""
    process = worker(LATER)
    rows = Delivery.objects.filter(state__in=Delivery.OPEN)
    ports.wait_for("the rest", lambda: not rows.exists(), within=PATIENCE)
    process.kill()
    process.join()


def judged(graph: DemoGraphServer) -> Counter[str]:
    """Compare every delivery with how often the Graph took it, and with what people see."""
    taken: Counter[str] = Counter()
    for tracker, times_taken in graph.log()["trackers"].items():
        taken[tracker.partition(".")[0]] += times_taken
    tally: Counter[str] = Counter(doubled=0, lost=0, hidden=0, unknown=0)
    for row in Delivery.objects.select_related("message"):
        times_taken = taken[str(row.pk)]
        tally[row.state] += 1
        tally["doubled"] += times_taken > 1
        if row.state == State.UNKNOWN:
            shown = (row.message.status, row.message.error)
            tally["hidden"] += shown != (Message.Status.FAILED, deliveries.UNCLEAR)
        else:
            tally["lost"] += times_taken == 0
    return tally


def send_again() -> None:
    """Let a person send again what may not have arrived."""
    for row in Delivery.objects.filter(state=State.UNKNOWN).select_related("conversation"):
        conversation = row.conversation
        deliveries.resend(conversation=conversation, message=row.message, at=times.now())


def main(kills: int) -> None:
    """Prepare the database, kill, let the rest be sent, and print what became of it."""
    call_command("migrate", verbosity=0)
    graph = DemoGraphServer(settings.WHATSAPP_GRAPH_URL)
    source = factories.SourceFactory.create(kind="whatsapp")
    sender = Sender.objects.create(
        source=source, phone_number_id="1", business_account_id="1", access_token="token"
    )
    graph.add(sender_id=sender.pk, phone_number_id="1")
    for number in range(kills):
        round_of(graph, sender, number)
    finish()
    tally = judged(graph)
    # Of a worker that died before its request left, the fault has not struck yet.
    graph.call("DELETE", "/_faults")
    send_again()
    finish()
    tally["sent again"] = Delivery.objects.filter(state=State.SENT).count()
    findings = io.StringIO()
    call_command("audit", "--strict", stdout=findings)
    sys.stdout.write(json.dumps(tally))


def _state(row: Delivery) -> str:
    return str(Delivery.objects.values_list("state", flat=True).get(pk=row.pk))


if __name__ == "__main__":
    main(int(sys.argv[1]))
