"""Acts: which tool serves the customer's wish, and what has to be looked up before.

All of it is decided by the names and schemas of the tools: a wish for ``refund_order`` whose amount
nobody has said leads to a tool that reads first, and to the amount that it tells.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from config.demo.model import guesses
from config.demo.model.guesses import Known
from config.demo.model.prompt import Prompt, Result

Json = dict[str, Any]
_READING = frozenset(["get", "find", "fetch", "lookup", "look", "search", "list", "read", "show"])
_VERBS = _READING | {"check", "create", "open", "up"}
_WISH = re.compile(r"\b(i want|i need|i('d| would) like|please|my .{0,20}changed)\b", re.IGNORECASE)
_MONEY_BACK = re.compile(r"\bmoney back\b", re.IGNORECASE)
OWN = frozenset(
    {
        *("search_knowledge", "request_handoff", "present"),
        *("lookup_contact", "remember_variable", "current_time"),
    }
)
"""Tools that have habits of their own."""


@dataclass(frozen=True)
class Act:
    """A tool to call with ``arguments``, or what only the customer can say and has not said."""

    tool: str = ""
    arguments: Json = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def next_act(prompt: Prompt) -> Act | None:
    """Return what to do next for the customer's wish; None where no tool serves it, or it did."""
    name = _goal(prompt)
    if not name or not _may_go_on(prompt, name):
        return None
    tool = prompt.tools[name]
    values = guesses.found(tool, _known(prompt))
    missing = [one for one in guesses.schema_of(tool)[1] if one not in values]
    if any(not guesses.can_be_looked_up(one) for one in missing):
        return Act(missing=tuple(missing))
    if missing and (look_up := _look_up(prompt, name)):
        return look_up
    return Act(name, guesses.arguments(tool, prompt.question) | values)


def is_reading(name: str) -> bool:
    """Return whether a tool called ``name`` only looks something up."""
    return name.lower().split("_")[0] in _READING


def told(prompt: Prompt) -> list[Result]:
    """Return the results to speak of: what was looked up for an act is left out after it."""
    acted = [one for one in prompt.results if one.tool not in OWN and not is_reading(one.tool)]
    looked_up = [one for one in prompt.results if one.tool not in OWN and is_reading(one.tool)]
    return [one for one in prompt.results if not acted or one not in looked_up]


def _look_up(prompt: Prompt, goal: str) -> Act | None:
    """Return a call that reads what ``goal`` is about, if there is a tool for it, not yet used."""
    wanted = set(guesses.schema_of(prompt.tools[goal])[1])
    done = {goal, *(result.tool for result in prompt.results)}
    for name, tool in _candidates(prompt).items():
        required = guesses.schema_of(tool)[1]
        found = guesses.found(tool, _known(prompt))
        is_about_it = bool(wanted & set(required)) and len(found) == len(required)
        if is_reading(name) and name not in done and is_about_it:
            return Act(name, found)
    return None


def _may_go_on(prompt: Prompt, goal: str) -> bool:
    """Return whether all that was done for ``goal`` so far was to look things up, with success."""
    return "call" not in prompt.markers and all(
        is_reading(one.tool) and one.tool not in {goal, *OWN} and not one.is_fault
        for one in prompt.results
    )


def _candidates(prompt: Prompt) -> dict[str, Json]:
    return {name: tool for name, tool in prompt.tools.items() if name not in OWN}


def _goal(prompt: Prompt) -> str:
    """Return the tool whose name the customer's words speak of and that can be called, if any."""
    question = _MONEY_BACK.sub("refund", prompt.question)
    spoken = guesses.words(question)
    said = {_stem(word) for word in spoken}
    numbers = guesses.references(question)
    can_refer = bool(numbers) or (bool(_WISH.search(question)) and bool(_earlier(prompt)))
    address = guesses.address_in(question)
    best: tuple[int, int, float, str] = (0, 0, 0.0, "")
    for name, tool in _candidates(prompt).items():
        nouns, required = _nouns(name), guesses.schema_of(tool)[1]
        hits = len(nouns & said)
        meant = len({noun for noun in nouns if noun in said or _is_number_of(noun, numbers)})
        if any(guesses.is_reference(one) for one in required):
            is_possible = can_refer and meant > 0
        else:
            # A list of everything is for those who name it as it is called: "my orders".
            is_possible = hits > 0 and (not is_reading(name) or name.split("_")[-1] in spoken)
        if is_possible:
            hits += bool(address) and any(map(guesses.is_of_address, required))
            best = max(best, (hits, meant, meant / len(nouns), name))
    return best[3]


def _known(prompt: Prompt) -> Known:
    return Known(
        prompt.question,
        references=_earlier(prompt),
        results=[result.data for result in prompt.results],
        variables=prompt.variables,
    )


def _earlier(prompt: Prompt) -> list[str]:
    """Return the numbers that were said or stored before, the newest first."""
    said = [one for text in reversed(prompt.earlier) for one in guesses.references(text)]
    stored = [prompt.variables[name] for name in prompt.variables if guesses.is_reference(name)]
    return [*said, *stored]


def _is_number_of(noun: str, numbers: list[str]) -> bool:
    """Return whether one of ``numbers`` is that of a ``noun``: ORD-12345 of an order."""
    letters = (re.match(r"[a-z]*", number.lower()) for number in numbers)
    return any(one and len(one[0]) > 1 and noun.startswith(one[0]) for one in letters)


def _nouns(name: str) -> set[str]:
    parts = name.lower().split("_")
    return {_stem(part) for part in parts if part not in _VERBS} or {_stem(parts[-1])}


def _stem(word: str) -> str:
    """Return ``word`` without its ending: changed, changes and change are the same."""
    if match := re.fullmatch(r"(\w{3,}?)(ed|ing|es|e)", word):
        return match[1]
    return word[:-1] if re.search(r"\w{3}[^s]s$", word) else word
