"""Events and topics: each is of a class that clients can rely on, and none is missing."""

from channels_layer.log import events, topics
from channels_layer.log.events import Kind

# CONTRACT 5: the durable types, those of the run's stream, and the lists.
DURABLE = {
    "message.created",
    "message.updated",
    "conversation.created",
    "conversation.updated",
    "conversation.ended",
    "conversation.deleted",
    "handoff.changed",
    "run.started",
    "tool_call",
    "tool_result",
    "end",
    "title",
    "variables.updated",
    "ticket.created",
    "ticket.updated",
    "ticket.commented",
    "notification",
}
STREAM = {"chunk", "status"}
SUMMARY = {"conversation.summary", "ticket.summary"}


def of_kind(kind: Kind) -> set[str]:
    """Return the names of registered types of ``kind``."""
    return {type_.name for type_ in events.catalogue() if type_.kind == kind}


def test_the_contract_s_events_are_registered_in_their_class() -> None:
    assert of_kind(Kind.DURABLE) >= DURABLE
    assert of_kind(Kind.STREAM) >= STREAM
    assert of_kind(Kind.SUMMARY) >= SUMMARY


def test_every_event_belongs_to_a_topic_that_suits_its_class() -> None:
    durable = {kind.prefix: kind.durable for kind in topics.kinds()}
    for type_ in events.catalogue():
        assert type_.topic in durable, f"{type_.name}: nobody can follow {type_.topic}"
        if type_.kind == Kind.DURABLE:
            assert durable[type_.topic], f"{type_.name}: {type_.topic} keeps no log"


def test_every_event_says_what_it_carries() -> None:
    for type_ in events.catalogue():
        assert type_.object().fields, type_.name
        assert type_.summary, type_.name


def test_a_summary_topic_can_be_sent_again() -> None:
    for kind in topics.kinds():
        assert kind.durable or kind.recent is not None, kind.prefix
