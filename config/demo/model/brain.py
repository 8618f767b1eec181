"""The brain: what the demo model answers, decided by its prompt alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import orjson

from config.demo.model import acts, cards, guesses, phrases, samples, utility
from config.demo.model.prompt import Prompt, Result

_PERSON = re.compile(
    r"\b(human|real person|(talk|speak|chat|connect|write|transfer)\b.{0,30}\b"
    r"(person|agent|someone|somebody|colleague|representative|support team|supervisor))\b",
    re.IGNORECASE,
)
_FOLLOW_UP = re.compile(
    r"\b(follow(ed|ing)?[- ]?up|get back to (me|us)|(call|write) (me|us) back|raise a ticket)\b",
    re.IGNORECASE,
)
_OWN_WISHES = {
    "current_time": re.compile(r"\bwhat('s| is) the (time|date)\b|\bwhat (time|day) is it\b", re.I),
    "lookup_contact": re.compile(
        r"\bwhat do you know (about|of) me\b|\bmy (contact )?details\b", re.I
    ),
    "remember_variable": re.compile(
        r"\bremember (that )?my (?P<name>[\w ]{1,40}?) is (?P<value>[^.!\n]+)", re.I
    ),
}
_FAULTY = {"bad-arguments": '{"query": "broken', "wrong-arguments": '{"surprise": 1}'}
_LONGEST_QUERY = 300


@dataclass(frozen=True)
class Call:
    """A tool the model wants to use; ``arguments`` is JSON, or is meant not to be."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Reply:
    """What the model says, and which tools it wants."""

    text: str = ""
    calls: list[Call] = field(default_factory=list)
    finish: str = "stop"


def think(prompt: Prompt) -> Reply:
    """Return the reply to ``prompt``: the same prompt always gets the same reply."""
    if text := utility.work(prompt):
        return Reply(text)
    habits: list[Callable[[Prompt], Reply | None]] = [
        _scripted,
        _person_wanted,
        _follow_up_wanted,
        _act,
        _from_results,
        _own_tool,
        _choices_wanted,
        _search,
    ]
    for habit in habits:
        if reply := habit(prompt):
            return reply
    return _say(prompt, phrases.plain(prompt))


def _scripted(prompt: Prompt) -> Reply | None:
    """Return the tool calls that a marker requests."""
    if not prompt.tools:
        return None
    first, done, marks = next(iter(prompt.tools)), len(prompt.results), prompt.markers
    calls: list[Call] = []
    if "tool-loop" in marks:
        calls = [Call(first, _arguments(prompt, first))]
    elif faulty := next((name for name in _FAULTY if name in marks), ""):
        calls = _repaired(prompt, first, faulty)
    elif "unknown-tool" in marks and not done:
        calls = [Call("no_such_tool", "{}")]
    elif "cards" in marks and not done and "present" in prompt.tools:
        calls = [Call("present", samples.cards(marks.text("cards")))]
    elif "call" in marks and not done:
        calls = [Call(name, _arguments(prompt, name)) for name in marks.text("call").split("+")]
    return Reply(_aloud(prompt), calls, "tool_calls") if calls else None


def _repaired(prompt: Prompt, name: str, faulty: str) -> list[Call]:
    """Return a call with faulty arguments as often as requested, then a right one."""
    times = prompt.markers.number(faulty, 1)
    if len(prompt.results) > times:
        return []
    is_right = len(prompt.results) == times
    return [Call(name, _arguments(prompt, name) if is_right else _FAULTY[faulty])]


def _from_results(prompt: Prompt) -> Reply | None:
    """Return an answer from the results of the tools."""
    if not prompt.results:
        return None
    if arguments := cards.of_results(prompt):
        return _call(prompt, cards.TOOL, orjson.dumps(arguments).decode())
    told = acts.told(prompt)
    useful = [result for result in told if not result.is_fault] or told
    return _say(prompt, "\n\n".join(_in_words(prompt, result) for result in useful))


def _in_words(prompt: Prompt, result: Result) -> str:
    data = result.data
    if result.is_fault:
        return phrases.not_done(result.tool, str(data["error"]))
    if result.tool == "search_knowledge":
        articles = data.get("articles", []) if isinstance(data, dict) else []
        return phrases.from_articles(prompt, articles)
    known = {
        "request_handoff": lambda: phrases.handed_over(prompt),
        "create_ticket": lambda: phrases.ticket_raised(prompt, data),
        cards.TOOL: lambda: phrases.CHOOSE,
    }
    return known.get(result.tool, lambda: phrases.from_tool(prompt, result.tool, data))()


def _person_wanted(prompt: Prompt) -> Reply | None:
    if prompt.results:
        return None
    if "request_handoff" not in prompt.tools or not _PERSON.search(prompt.question):
        return None
    reason = {"reason": "The customer asks for a person."}
    return _call(prompt, "request_handoff", orjson.dumps(reason).decode())


def _follow_up_wanted(prompt: Prompt) -> Reply | None:
    if prompt.results:
        return None
    if "create_ticket" not in prompt.tools or not _FOLLOW_UP.search(prompt.question):
        return None
    return _call(prompt, "create_ticket", _arguments(prompt, "create_ticket"))


def _own_tool(prompt: Prompt) -> Reply | None:
    """Return a call of one of Parley's own small tools that the customer's words ask for."""
    for name, wish in _OWN_WISHES.items():
        if name in prompt.tools and (said := wish.search(prompt.question)):
            values = {key: value.strip() for key, value in said.groupdict().items()}
            if "name" in values:
                values["name"] = values["name"].lower().replace(" ", "_")
            return _call(prompt, name, orjson.dumps(values).decode())
    return None


def _act(prompt: Prompt) -> Reply | None:
    """Return the next step of what the customer wishes to be done, or what has to be asked."""
    act = acts.next_act(prompt)
    if act is None:
        return None
    if act.missing:
        return _say(prompt, phrases.asked_for(act.missing))
    return _call(prompt, act.tool, orjson.dumps(act.arguments).decode())


def _choices_wanted(prompt: Prompt) -> Reply | None:
    """Return cards where the customer wants to choose."""
    arguments = cards.of_question(prompt)
    return _call(prompt, cards.TOOL, orjson.dumps(arguments).decode()) if arguments else None


def _search(prompt: Prompt) -> Reply | None:
    """Return a search for what the customer asks about."""
    if "search_knowledge" not in prompt.tools or phrases.is_small_talk(prompt.question):
        return None
    query = guesses.keywords(prompt.question)
    if not query or phrases.about_known(prompt):
        return None
    arguments = orjson.dumps({"query": " ".join(query[:8])[:_LONGEST_QUERY]}).decode()
    return _call(prompt, "search_knowledge", arguments)


def _call(prompt: Prompt, name: str, arguments: str) -> Reply:
    return Reply(_aloud(prompt), [Call(name, arguments)], "tool_calls")


def _aloud(prompt: Prompt) -> str:
    return phrases.THINKING_ALOUD if "think-aloud" in prompt.markers else ""


def _arguments(prompt: Prompt, name: str) -> str:
    tool = prompt.tools.get(name, {})
    return orjson.dumps(guesses.arguments(tool, prompt.question)).decode()


def _say(prompt: Prompt, text: str) -> Reply:
    if "empty" in prompt.markers:
        return Reply("")
    words = int(prompt.markers.number("words", 0))
    text = phrases.of_length(words) if words else phrases.long_enough(text)
    if "length" in prompt.markers:
        return Reply(text, finish="length")
    if "filter" in prompt.markers:
        return Reply(text, finish="content_filter")
    return Reply(text)
