"""The tasks of chats: hints at rows. Doing one twice is doing it once."""

from functools import partial
from threading import Thread
from typing import Any
from uuid import UUID

from celery import shared_task
from celery.signals import celeryd_after_setup, worker_ready, worker_shutting_down
from django.utils import timezone

from channels_layer.work.jobs import enqueue
from chats import live
from chats.engine import providers
from chats.models import McpServer, Run, ToolCall
from chats.selectors import parties
from chats.services import (
    approvals,
    file_readings,
    lost_calls,
    mcp,
    packets,
    runs,
    titles,
    utility_calls,
)


@shared_task(name="chats.answer")
def answer(*, conversation: str) -> None:
    """Let the assistant answer what is unanswered in ``conversation``."""
    live.current(timezone.now).answer(UUID(conversation))


@shared_task(name="chats.settle")
def settle(*, run: str) -> None:
    """End ``run`` if its approval is obsolete."""
    if found := Run.objects.filter(pk=UUID(run)).first():
        runs.settle(run=found, at=timezone.now())


@shared_task(name="chats.expire")
def expire(*, call: str) -> None:
    """End the wait for a decision on ``call`` if its time is up."""
    if found := ToolCall.objects.select_related("run").filter(pk=UUID(call)).first():
        approvals.expire(call=found, at=timezone.now())


@shared_task(name="chats.count_lost_call")
def count_lost_call(*, run: str) -> None:
    """Estimate the call that the worker of the ended ``run`` has left."""
    if (
        found := Run.objects.select_related("conversation", "assistant")
        .filter(pk=UUID(run))
        .first()
    ):
        lost_calls.count(run=found, at=timezone.now())


@shared_task(name="chats.title")
def title(*, conversation: str) -> None:
    """Find a title for ``conversation``."""
    within = utility_calls.seconds(titles.MODEL_SECONDS)
    complete = partial(live.current(timezone.now).complete, within=within)
    titles.entitle(conversation_id=UUID(conversation), complete=complete, at=timezone.now())


@shared_task(name="chats.write_packet")
def write_packet(*, handoff: str) -> None:
    """Write the packet that ``handoff`` lacks."""
    within = utility_calls.seconds(packets.MODEL_SECONDS)
    complete = partial(live.current(timezone.now).complete, within=within)
    packets.write(handoff_id=UUID(handoff), complete=complete, at=timezone.now())


@shared_task(name="chats.read_attachment")
def read_attachment(*, attachment: str) -> None:
    """Read a customer's file."""
    file_readings.read(attachment_id=UUID(attachment), models=live.current(timezone.now))


@shared_task(name="chats.check_mcp_servers")
def check_mcp_servers() -> None:
    """Check all servers of tools, each by a job of its own."""
    for task, ids in mcp.due():
        enqueue(task, **ids)


@shared_task(name="chats.check_mcp_server")
def check_mcp_server(*, server: str) -> None:
    """Ask ``server`` for its tools."""
    if found := McpServer.objects.filter(pk=UUID(server), is_active=True).first():
        mcp.check(server=found, at=timezone.now())


@celeryd_after_setup.connect
def share_out(instance: Any, **_signal: Any) -> None:
    """Share out as many slots as this worker has threads."""
    parties.share_out(instance.concurrency)


@worker_ready.connect
def load(**_signal: Any) -> None:
    """Load the SDK beside the first work, so that the first answer need not wait for it."""
    Thread(target=providers.load, name="load", daemon=True).start()


@worker_shutting_down.connect
def hand_over(**_signal: Any) -> None:
    """Hand over the answers of this worker to others."""
    live.hand_over()
