"""Races around answers, many times, on a real database: ``python -m tests.drills.answer_races``.

Argument: TIMES. Prints one JSON object: for each race how often each outcome came.
"""

import json
import sys
from collections import Counter
from functools import partial

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from channels_layer.access.actors import Staff  # noqa: E402
from channels_layer.ids import new_id  # noqa: E402
from chats.engine.parts import Call, Step, ToolResult  # noqa: E402
from chats.models import Run, ToolCall  # noqa: E402
from chats.services import approvals, endings, journal, runs  # noqa: E402
from chats.services.approvals import Decision  # noqa: E402
from chats.services.endings import Result  # noqa: E402
from chats.services.openings import next_run  # noqa: E402
from conversations.models import Conversation, Message  # noqa: E402
from conversations.services.messages import Draft, post  # noqa: E402
from handoff import services as handoff  # noqa: E402
from tests import factories  # noqa: E402
from tests.chats import talk  # noqa: E402
from tests.drills.racing import at_once  # noqa: E402
from tests.factories import NOON  # noqa: E402

ANSWER = Result("stop", "This is the whole answer.")


def new_agent() -> Staff:
    """Return an agent whom no earlier race on this database knows."""
    return factories.staff(factories.person(f"agent-{new_id()}"))


def opened() -> tuple[Conversation, Run]:
    """Return a conversation whose assistant is about to finish."""
    conversation = factories.conversation()
    talk.say(conversation, "hello")
    run = next_run(conversation_id=conversation.pk, at=NOON).run
    assert run
    return conversation, run


def write_against_finish(times: int) -> Counter[str]:
    """Let a person write at the moment in which the assistant's answer is finished."""
    alice = new_agent()
    return _over(times, partial(_write, alice))


def accept_against_finish(times: int) -> Counter[str]:
    """Let a person accept at the moment in which the assistant's answer is finished."""
    alice = new_agent()
    return _over(times, partial(_accept, alice))


def cancel_against_finish(times: int) -> Counter[str]:
    """Stop the answer at the moment in which it is finished."""
    alice = new_agent()
    tally: Counter[str] = Counter()
    for _ in range(times):
        conversation, run = opened()
        outcomes = at_once(partial(_finish, run), partial(_cancel, run, alice))
        run.refresh_from_db()
        (message,) = talk.messages(conversation)
        ends = talk.types(conversation).count("end")
        was_refused = outcomes[1] == "not_running"
        fits = (run.reason == "stop") == was_refused == (message.error == "")
        tally["one end" if fits and ends == 1 else "broken"] += 1
    return tally


def open_against_open(times: int) -> Counter[str]:
    """Let two workers get the hint of the same question at the same moment."""
    tally: Counter[str] = Counter()
    for _ in range(times):
        conversation = factories.conversation()
        talk.say(conversation, "hello")
        outcomes = at_once(partial(_open, conversation), partial(_open, conversation))
        runs = Run.objects.filter(conversation=conversation).count()
        fits = sorted(outcomes) == ["nothing", "opened"] and runs == 1
        tally["one run" if fits else "broken"] += 1
    return tally


def take_against_take(times: int) -> Counter[str]:
    """Let two workers take over the run of a dead one at the same moment."""
    tally: Counter[str] = Counter()
    for _ in range(times):
        conversation, run = opened()
        Run.objects.filter(pk=run.pk).update(lease_until=None)
        outcomes = at_once(partial(_open, conversation), partial(_open, conversation))
        run.refresh_from_db()
        fits = sorted(outcomes) == ["nothing", "opened"] and run.attempt == 2
        tally["one worker" if fits else "broken"] += 1
    return tally


def decide_against_decide(times: int) -> Counter[str]:
    """Let two people decide on the same call at once, then two workers go on: made once, or never.

    The outcome says both, so that calls made are as many as approvals.
    """
    alice, bob = new_agent(), new_agent()
    tally: Counter[str] = Counter()
    for _ in range(times):
        _, run = opened()
        call = Call("c1", "refund_order", "{}", {}, needs_approval=True)
        journal.start_step(run=run, number=1, call=factories.PLANNED, at=NOON)
        journal.finish_step(run=run, step=Step(1, "", "tool_calls", (call,)), prompt=1, at=NOON)
        journal.wait_for_approval(run=run, result=Result("waiting_approval", ""), at=NOON)
        row = ToolCall.objects.select_related("run").get(run=run)
        outcomes = at_once(
            partial(_decide, row, alice, is_approved=True),
            partial(_decide, row, bob, is_approved=False),
        )
        fits = sorted(outcomes)[:1] == ["already_decided"] and len(set(outcomes)) == 2
        conversation = Conversation(pk=run.conversation_id)
        went_on = at_once(partial(_go_on, conversation), partial(_go_on, conversation))
        expected = ["made", "nothing"] if "ready" in outcomes else ["nothing", "told"]
        fits = fits and sorted(went_on) == expected
        tally["one decision, made as often as approved" if fits else "broken"] += 1
    return tally


def _over(times: int, take: "partial[str]") -> Counter[str]:
    tally: Counter[str] = Counter()
    for _ in range(times):
        conversation, run = opened()
        outcomes = at_once(partial(_finish, run), partial(take, conversation))
        tally[_judged(conversation) if outcomes == ["finished", "taken"] else "broken"] += 1
    return tally


def _judged(conversation: Conversation) -> str:
    """Return who was first, or that the assistant wrote after the person."""
    rows = Message.objects.filter(conversation=conversation)
    change = rows.filter(change__in=["taken", "accepted"]).get()
    answers = rows.filter(author_kind="assistant")
    said = [(answer.position < change.position, answer.error) for answer in answers]
    if said == [(True, "")]:
        return "answer first"
    return "person first" if said == [] else "broken"


def _finish(run: Run) -> str:
    endings.finish(run=run, result=ANSWER, at=NOON)
    return "finished"


def _write(alice: Staff, conversation: Conversation) -> str:
    post(conversation=conversation, by=alice, draft=Draft(text="I am here"), at=NOON)
    return "taken"


def _accept(alice: Staff, conversation: Conversation) -> str:
    handoff.join(floor=conversation, by=alice, at=NOON)
    handoff.accept(floor=conversation, by=alice, at=NOON)
    return "taken"


def _cancel(run: Run, alice: Staff) -> str:
    runs.cancel(run=run, by=alice, at=NOON)
    return "stopped"


def _open(conversation: Conversation) -> str:
    return "opened" if next_run(conversation_id=conversation.pk, at=NOON).run else "nothing"


def _go_on(conversation: Conversation) -> str:
    """Go on with a run as a worker does, up to making the calls that are to be made."""
    run = next_run(conversation_id=conversation.pk, at=NOON).run
    if run is None:
        return "nothing"
    steps = journal.resume(run=run, at=NOON)
    calls = [call for step in steps for call in step.calls if call.outcome is None]
    for call in calls:
        journal.start_call(run=run, call=call)
        journal.finish_call(run=run, call=call, outcome=ToolResult("done", "{}"), at=NOON)
    return "made" if calls else "told"


def _decide(row: ToolCall, by: Staff, *, is_approved: bool) -> str:
    decision = Decision(is_approved=is_approved)
    return approvals.decide(call=row, by=by, decision=decision, at=NOON).status


RACES = {
    "write-finish": write_against_finish,
    "accept-finish": accept_against_finish,
    "cancel-finish": cancel_against_finish,
    "open-open": open_against_open,
    "take-take": take_against_take,
    "decide-decide": decide_against_decide,
}


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    sys.stdout.write(json.dumps({name: race(int(sys.argv[1])) for name, race in RACES.items()}))
