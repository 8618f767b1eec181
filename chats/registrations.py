"""What chats add to the layers below, at start: entries of registries, receivers of signals."""

from datetime import timedelta

from channels_layer import sentences
from channels_layer.work import audits, sweeper
from chats import audit, events, panels, tools, topics
from chats.services import (
    approvals,
    budget_warnings,
    due,
    endings,
    file_readings,
    lost_calls,
    mcp,
    mcp_notifications,
    packets,
    runs,
)
from chats.services.journal import UNKNOWN_EFFECT
from chats.tools import cards, clock, contacts, handoff, knowledge
from chats.tools.http import source as http_tools
from chats.tools.mcp import faults, found, source
from conversations import signals


def register() -> None:
    """Fill the registries of the layers below, and the one of tools; connect the receivers."""
    events.register()
    topics.register()
    panels.register()
    budget_warnings.register()
    tools.register(knowledge.TOOL)
    tools.register(handoff.TOOL)
    tools.register(contacts.LOOKUP)
    tools.register(contacts.REMEMBER)
    tools.register(clock.TOOL)
    tools.register(cards.TOOL)
    tools.register_source("http", http_tools.SOURCE)
    tools.register_source("mcp", source.SOURCE)
    mcp_notifications.register()
    _register_sentences()
    _register_work()
    _register_audits()
    _connect()


def _register_sentences() -> None:
    sentences.register(*endings.FOR_CUSTOMERS, for_customers=True)
    sentences.register(*endings.SENTENCES, *file_readings.SENTENCES, UNKNOWN_EFFECT)
    sentences.register(*faults.SENTENCES, *found.SENTENCES, *mcp.SENTENCES)
    sentences.register(*approvals.SENTENCES)


def _register_work() -> None:
    sweeper.register("chats.answer", due.unanswered)
    sweeper.register("chats.run", due.abandoned)
    sweeper.register("chats.settle", due.stale)
    sweeper.register("chats.expire", due.undecided)
    sweeper.register("chats.title", due.untitled)
    sweeper.register("chats.packet", packets.due)
    sweeper.register("chats.reading", file_readings.due)
    sweeper.register_job("chats.check_mcp_servers", every=timedelta(hours=1))
    sweeper.register("chats.lost_call", lost_calls.due)


def _register_audits() -> None:
    audits.register("runs", audit.runs_are_worked_on)
    audits.register("answers", audit.questions_are_answered_once)
    audits.register("ends", audit.runs_publish_their_end)


def _connect() -> None:
    signals.assistant_muted.connect(runs.supersede)
    signals.contact_merged.connect(runs.follow_merge)
    signals.stop_requested.connect(runs.cancel_in)
