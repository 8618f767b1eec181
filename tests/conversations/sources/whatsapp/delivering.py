"""Webhooks from four processes at once: ``python -m …whatsapp.delivering EVENTS``.

A process of its own, with ``PARLEY_TEST_DATABASE_URL``, that makes four more, so that every commit
is one. Each delivers its share and works what is due, too, as web processes and workers do. Prints
one JSON object: what was answered, and what came of it.
"""

import json
import multiprocessing
import sys
import time
from collections import Counter
from multiprocessing.connection import Connection
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from channels_layer import times  # noqa: E402
from channels_layer.access.actors import System  # noqa: E402
from channels_layer.ids import new_id  # noqa: E402
from channels_layer.models import Event, TopicHead  # noqa: E402
from conversations.models import Contact, Conversation, Delivery, Message  # noqa: E402
from conversations.services import messages  # noqa: E402
from conversations.services.messages import Draft  # noqa: E402
from conversations.sources.whatsapp.models import Inbound, MediaFetch, Sender, WebhookEvent  # noqa: E402
from conversations.sources.whatsapp.services import events  # noqa: E402
from tests.conversations.sources.whatsapp import payloads  # noqa: E402
from tests.conversations.sources.whatsapp.conftest import make_sender  # noqa: E402
from tests.conversations.sources.whatsapp.plan import CUSTOMERS, Plan  # noqa: E402

PROCESSES = 4
WORK_EVERY = 10


def prepare(sender: Sender, plan: Plan) -> None:
    """Let Victor say hello, and write to him what statuses and reactions will be about."""
    hello = payloads.text("Hello", wamid=f"{sender.phone_number_id}.hello", timestamp=time.time())
    webhook = payloads.body(hello, metadata={"phone_number_id": sender.phone_number_id})
    events.store(sender=sender, body=webhook, at=times.now())
    events.work(sender_id=sender.pk, clock=times.now)
    conversation = Conversation.objects.get(source=sender.source)
    for number in plan.of_kind("reaction", "status"):
        draft = Draft(text=f"Ours {number}")
        message, _ = messages.post(
            conversation=conversation, by=System(), draft=draft, at=times.now()
        )
        Delivery.objects.filter(message=message).update(
            provider_id=plan.ours(number), state="sent", next_at=None
        )


def deliver(sender: Sender, plan: Plan, index: int) -> Counter[str]:
    """Deliver one process's share, processing in between; count the answers by kind."""
    client = Client(raise_request_exception=False)
    url = f"/webhooks/whatsapp/{sender.pk}"
    answers: Counter[str] = Counter()
    for number, one in enumerate(plan.deliveries()[index::PROCESSES]):
        headers = {"X-Hub-Signature-256": one.signature}
        answer = client.post(url, one.body, content_type="application/json", headers=headers)
        answers[f"{one.kind} {answer.status_code}"] += 1
        if number % WORK_EVERY == 0:
            events.work(sender_id=sender.pk, clock=times.now)
    while events.work(sender_id=sender.pk, clock=times.now):
        pass
    return answers


def effects(sender: Sender, plan: Plan) -> dict[str, Any]:
    """Count what the deliveries led to."""
    talks = Conversation.objects.filter(source=sender.source)
    ours = Message.objects.filter(conversation__source=sender.source)
    said = Counter(ours.filter(author_kind="customer").values_list("text", flat=True))
    said.pop("Hello")
    reactions = [len(one) for one in ours.values_list("reactions", flat=True) if one]
    states = Delivery.objects.filter(message__in=ours).values_list("state", flat=True)
    return {
        "texts": sum(said[f"Question {number}"] for number in plan.of_kind("text")),
        "photos": sum(said[f"Photo {number}"] for number in plan.of_kind("image")),
        "unsupported": said["Unsupported message: hologram"],
        "different": len(said),
        "reactions": sum(reactions),
        "states": Counter(states),
        "inbound": Inbound.objects.filter(sender=sender).count(),
        "files": MediaFetch.objects.filter(sender=sender).count(),
        "contacts": Contact.objects.filter(conversations__in=talks).distinct().count(),
        "conversations": talks.count(),
        "events": Counter(
            WebhookEvent.objects.filter(sender=sender).values_list("state", flat=True)
        ),
        "gaps": gaps(sender),
    }


def gaps(sender: Sender) -> list[str]:
    """Name the conversations whose positions or events are not 1 to the last."""
    found = []
    for talk in Conversation.objects.filter(source=sender.source):
        positions = Message.objects.filter(conversation=talk).order_by("position")
        head = TopicHead.objects.get(topic=talk.topic).head
        seqs = Event.objects.filter(topic=talk.topic).order_by("seq")
        numbers = [
            list(positions.values_list("position", flat=True)),
            list(seqs.values_list("seq", flat=True)),
        ]
        if numbers != [list(range(1, talk.last_position + 1)), list(range(1, head + 1))]:
            found.append(talk.topic)
    return found


def share(number: int, index: int, line: Connection, result: Connection) -> None:
    """Run one process: wait for the start, deliver, send the counts."""
    phone_number_id = line.recv()
    sender = Sender.objects.get(phone_number_id=phone_number_id)
    result.send(deliver(sender, Plan(phone_number_id, number), index))


def run_all(number: int) -> dict[str, Any]:
    """Prepare, let the processes deliver, and collect the results."""
    # Forked while nothing is connected and no thread runs.
    fork = multiprocessing.get_context("fork")
    results, starts = [], []
    for index in range(PROCESSES):
        (waiting, start), (result, answer) = fork.Pipe(duplex=False), fork.Pipe(duplex=False)
        fork.Process(target=share, args=(number, index, waiting, answer), daemon=True).start()
        answer.close()
        starts.append(start)
        results.append(result)
    call_command("migrate", verbosity=0)
    phone_number_id = f"line-{new_id()}"[:40]
    sender = make_sender(phone_number_id=phone_number_id)
    plan = Plan(phone_number_id, number)
    prepare(sender, plan)
    for start in starts:
        start.send(phone_number_id)
    answers = sum((result.recv() for result in results), Counter[str]())
    events.work(sender_id=sender.pk, clock=times.now)
    signed = {one.body for one in plan.deliveries() if one.kind != "forged"}
    facts = {"answers": answers, "customers": CUSTOMERS, "signed": len(signed)}
    return {**facts, **effects(sender, plan)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run_all(int(sys.argv[1]))))
