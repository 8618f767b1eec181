"""Phrases: the sentences of which the demo model's answers are made."""

import re
from collections.abc import Iterable
from itertools import cycle, islice
from typing import Any

import orjson

from config.demo.model import guesses, tokens
from config.demo.model.prompt import Prompt

SHORTEST = 40
"""Tokens that an answer has at least, so that one can watch it being written."""

CHOOSE = "Please choose what fits; a tap is enough, or write it in your own words."
THINKING_ALOUD = "Let me look that up for you."

_SMALL_TALK = re.compile(
    r"^(hi|hello|hey|hallo|good (morning|afternoon|evening|day)|thanks?|thank you|ok|okay|great|bye"
    r"|goodbye|ping|test)\b",
    re.IGNORECASE,
)
_FILLERS = [
    "I am happy to go into any part of this in more detail.",
    "Just tell me what matters most to you, and I will look at it with you step by step.",
    "If you would rather speak with a person, say so and I will ask a colleague to join.",
    "Nothing of what you wrote so far is lost.",
]
_WORDS = re.findall(
    r"\w+",
    "every parcel that leaves our house carries a number by which we follow it until it has "
    "reached the right door and someone there has taken it in with both hands",
)
_DENIED = re.compile(r"(?:It was not approved|It was denied)\.?(.*)", re.DOTALL)
_UNDECIDED = re.compile(
    r"(?:Nobody (?:has )?decided|It expired|It has expired)[^.]*\.?(.*)", re.DOTALL
)
_SAID = re.compile(r'"(?:error|detail|message)":\s*"((?:[^"\\]|\\.)+)"')
"""A sentence of another system within an error."""
_SMALL_TALK_WORDS = 6
_EXCERPT = 600


def is_small_talk(question: str) -> bool:
    """Return whether ``question`` is a greeting or thanks, and no more."""
    return bool(_SMALL_TALK.match(question)) and len(question.split()) <= _SMALL_TALK_WORDS


def about_known(prompt: Prompt) -> str:
    """Return an answer from the prompt's own variables, empty if they have none."""
    question = prompt.question.lower()
    if prompt.earlier and re.search(
        r"\b(did i (say|ask|write)|my (first|last) (message|question))", question
    ):
        return f"Before that you wrote: “{prompt.earlier[-1]}”"
    known = [
        f"Your {name} is {value}."
        for name, value in prompt.variables.items()
        if re.search(rf"\bmy {re.escape(name.replace('_', ' '))}\b", question.replace("_", " "))
    ]
    return " ".join(known)


def plain(prompt: Prompt) -> str:
    """Return an answer without a tool's help."""
    parts = []
    if prompt.images:
        parts.append(_images(prompt.images))
    if is_small_talk(prompt.question):
        parts.append(f"Hello{_name(prompt)}! I am {prompt.assistant}. How can I help you today?")
    elif known := about_known(prompt):
        parts.append(known)
    elif formatted := _formatted(prompt.question, ["Ask", "Look", "Answer"]):
        parts.append(formatted)
    elif prompt.question:
        parts.append(
            f"Thank you for your message{_name(prompt)}. You wrote: “{_quote(prompt.question)}” "
            "I have read it and take it from here."
        )
    return "\n\n".join(parts)


def from_articles(prompt: Prompt, articles: list[dict[str, Any]]) -> str:
    """Return an answer out of the ``articles`` that a search found, naming the first title."""
    answer = _found(prompt, articles) if articles else _nothing_found(prompt)
    return f"{_images(prompt.images)}\n\n{answer}" if prompt.images else answer


def _nothing_found(prompt: Prompt) -> str:
    topic = " ".join(guesses.keywords(prompt.question)[:6]) or "that"
    return (
        f"I couldn't find information about {topic} in what I know{_name(prompt)}. "
        "Could you tell me a little more? I can also ask a colleague to help you."
    )


def _found(prompt: Prompt, articles: list[dict[str, Any]]) -> str:
    first = articles[0]
    title = str(first.get("title", ""))
    body = _beginning(str(first.get("text", "")))
    sentences = [part for part in re.split(r"(?<=[.!?])\s+", body) if part]
    answer = f"According to “{title}”: {_formatted(prompt.question, sentences) or body}"
    others = [str(article.get("title", "")) for article in articles[1:3]]
    if others:
        answer += "\n\nRelated: " + ", ".join(f"“{other}”" for other in others) + "."
    return answer


def handed_over(prompt: Prompt) -> str:
    """Return the answer when a person was requested."""
    return (
        f"Of course{_name(prompt)}. I have asked a colleague to take over this conversation. "
        "They see everything that we wrote, so you need not repeat anything. "
        "Please stay here for a moment; they will answer as soon as they can."
    )


def ticket_raised(prompt: Prompt, data: Any) -> str:
    """Return the answer when a ticket was raised for the customer."""
    number = data.get("number", "") if isinstance(data, dict) else ""
    return (
        f"I have raised ticket #{number} for you{_name(prompt)}. A colleague follows it up and "
        "writes to you here as soon as there is news; you need not do anything until then."
    )


def from_tool(prompt: Prompt, tool: str, data: Any) -> str:
    """Return an answer from the result of any other ``tool``: its own sentence, else its values."""
    title = tool.replace("_", " ")
    if not isinstance(data, dict):
        return f"Here is what “{title}” told me: {_short(data)}"
    message = data.get("message")
    if not isinstance(message, str):
        return f"Here is what “{title}” told me:\n\n{_rows(data)}"
    asked = {key: value for key, value in data.items() if key in guesses.words(prompt.question)}
    return f"{message}\n\n{_rows(asked)}".strip()


def not_done(tool: str, error: str) -> str:
    """Return the answer where a ``tool`` did not do its work; ``error`` says why."""
    if decided := _UNDECIDED.match(error):
        return (
            "I'm sorry, I could not do that: nobody has decided on it in time. "
            f"{decided[1].strip()} Shall I ask again, or bring in a colleague?"
        )
    if denied := _DENIED.match(error):
        reason = f" They wrote: “{denied[1].strip()}”" if denied[1].strip() else ""
        return (
            f"I'm sorry, I asked a colleague, and they decided against it.{reason} "
            "Nothing was changed. Would you like to talk to them yourself?"
        )
    if said := _SAID.search(error):
        return f"That did not work: {said[1]}"
    return f"I tried to use “{tool.replace('_', ' ')}”, but it did not work: {error}"


def asked_for(names: Iterable[str]) -> str:
    """Return a question for what only the customer knows."""
    listed = ", ".join(name.replace("_", " ") for name in names)
    return f"Gladly. Please write to me what I need for it: {listed}."


def long_enough(text: str) -> str:
    """Return the ``text``, with sentences added until it has `SHORTEST` tokens."""
    fillers = cycle(_FILLERS)
    separator = "\n\n" if "\n" in text else " "
    while tokens.count(text) < SHORTEST:
        text = f"{text}{separator}{next(fillers)}".strip()
        separator = " "
    return text


def of_length(words: int) -> str:
    """Return a text of just so many ``words``."""
    return " ".join(islice(cycle(_WORDS), words))


def _images(count: int) -> str:
    return f"I can see {count} image{'s' if count > 1 else ''}."


def _name(prompt: Prompt) -> str:
    name = prompt.variables.get("name", "")
    return f", {name}" if name else ""


def _quote(text: str) -> str:
    return " / ".join(line.strip() for line in text.splitlines() if line.strip())[:400]


def _beginning(text: str) -> str:
    return text if len(text) <= _EXCERPT else text[:_EXCERPT].rpartition(" ")[0] + " …"


def _rows(data: dict[str, Any]) -> str:
    return "\n".join(f"- **{key}**: {_short(value)}" for key, value in data.items())


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return _beginning(text)


def _formatted(question: str, sentences: list[str]) -> str:
    """Return the ``sentences`` as the Markdown that the ``question`` asks for, empty if none."""
    order = question.lower()
    parts = []
    if re.search(r"\b(list|bullets?|bullet points)\b", order):
        parts.append("\n".join(f"- {sentence}" for sentence in sentences))
    if "table" in order:
        rows = "\n".join(f"| {i} | {_cell(s)} |" for i, s in enumerate(sentences, 1))
        parts.append(f"| Step | What |\n| --- | --- |\n{rows}")
    if re.search(r"\bcode\b", order):
        lines = "\n".join(f'    print("{_cell(s)[:60]}")' for s in sentences[:3])
        parts.append(f"```python\ndef answer() -> None:\n{lines}\n```")
    return "\n\n" + "\n\n".join(parts) if parts else ""


def _cell(text: str) -> str:
    return text.replace("|", "/").replace('"', "'").replace("\n", " ")
