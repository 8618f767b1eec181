"""Answers of assistants: whole runs, written by the services that write real ones."""

from datetime import datetime, timedelta
from typing import Any

import orjson

from chats import tools
from chats.engine.parts import Call, Step, ToolResult, UsageReport
from chats.models import Run
from chats.services import endings, journal, openings
from chats.services.budgets import PlannedCall
from chats.services.endings import Result
from chats.tools import ToolContext
from conversations.models import Conversation

Json = dict[str, Any]

TOOL = "search_knowledge"
THINKING = timedelta(seconds=3)
LOOKING = timedelta(seconds=2)
PROMPT = 640
"""How many tokens the instructions and tools of an assistant take, about."""
A_TOKEN = 4


def write(conversation: Conversation, text: str, *, looked_up: str, at: datetime) -> None:
    """Answer what is unanswered with ``text``, after a search for ``looked_up`` if there is one."""
    run = _opened(conversation, text, at=at)
    prompt = _prompt(conversation)
    number = 1
    if looked_up:
        _look_up(run, conversation, looked_up, prompt=prompt, at=at - LOOKING)
        number, prompt = 2, prompt + PROMPT
    said = Step(number, text, "stop", usage=UsageReport(prompt, len(text) // A_TOKEN + 1))
    journal.start_step(run=run, number=number, call=_planned(run, prompt), at=at - LOOKING)
    journal.finish_step(run=run, step=said, prompt=prompt, at=at)
    result = Result(reason="stop", text=text, first_token_at=at - LOOKING)
    endings.finish(run=run, result=result, at=at)


def ask(conversation: Conversation, text: str, *, tool: str, arguments: Json, at: datetime) -> None:
    """Say ``text`` and wait until a person decides whether ``tool`` is used."""
    run = _opened(conversation, text, at=at)
    prompt = _prompt(conversation)
    spent = UsageReport(prompt, len(text) // A_TOKEN + 1)
    call = _call(run, tool, arguments, needs_approval=True)
    journal.start_step(run=run, number=1, call=_planned(run, prompt), at=at - LOOKING)
    said = Step(1, text, "tool_calls", (call,), spent)
    journal.finish_step(run=run, step=said, prompt=prompt, at=at)
    result = Result(reason="waiting_approval", text=text, first_token_at=at - LOOKING)
    journal.wait_for_approval(run=run, result=result, at=at)


def _opened(conversation: Conversation, text: str, *, at: datetime) -> Run:
    run = openings.next_run(conversation_id=conversation.pk, at=at - THINKING).run
    if run is None:
        message = f"There is nothing for {conversation.assistant} to answer: {text[:40]}"
        raise ValueError(message)
    return run


def _prompt(conversation: Conversation) -> int:
    """Estimate the tokens of what the model is given."""
    return PROMPT + 30 * conversation.message_count


def _planned(run: Run, prompt: int) -> PlannedCall:
    return PlannedCall(model=run.model, prompt=prompt, most=PROMPT)


def _call(run: Run, name: str, arguments: Json, *, needs_approval: bool = False) -> Call:
    return Call(
        id=f"call_{run.pk.hex[-12:]}",
        name=name,
        raw=orjson.dumps(arguments).decode(),
        arguments=arguments,
        needs_approval=needs_approval,
    )


def _look_up(
    run: Run, conversation: Conversation, query: str, *, prompt: int, at: datetime
) -> None:
    """Search the assistant's articles as the model would, and record the result."""
    arguments: Json = {"query": query}
    call = _call(run, TOOL, arguments)
    journal.start_step(run=run, number=1, call=_planned(run, prompt), at=at - THINKING)
    search = Step(1, "", "tool_calls", (call,), UsageReport(prompt, 20))
    journal.finish_step(run=run, step=search, prompt=prompt, at=at)
    journal.start_call(run=run, call=call)
    found = orjson.dumps(_found(run, conversation, arguments, at=at)).decode()
    journal.finish_call(
        run=run, call=call, outcome=ToolResult("done", found), at=at + timedelta(seconds=0.3)
    )


def _found(run: Run, conversation: Conversation, arguments: Json, *, at: datetime) -> object:
    tool = tools.find(TOOL)
    if tool is None:
        return {"articles": []}
    context = ToolContext(
        call=str(run.pk),
        run_id=run.pk,
        conversation_id=conversation.pk,
        assistant_id=conversation.assistant_id,
        assistant_name=conversation.assistant.name,
        epoch=run.epoch,
        fence=run.fence,
        at=at,
    )
    return tool.handler(context, arguments)
