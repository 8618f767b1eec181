"""A prompt: one request, parsed for the demo model."""

import re
from dataclasses import dataclass
from typing import Any

import orjson

from config.demo.model import markers
from config.demo.model.markers import Markers

Json = dict[str, Any]
_BACKGROUND = re.compile(
    r"<(about_customer|said_before|said_by_colleagues)>\n.*?\n</\1>\n*", re.DOTALL
)
_VARIABLE = re.compile(r"^- ([^:(\n]{1,60}?)(?: \([^:\n]*\))?: (.+)$", re.MULTILINE)
_FILE = re.compile(
    r"^(\[(Image|Audio|Video|Document) attached: .*\]|What is (said|seen) in it: |Its text.*:"
    r"|</?attached_file>\n?)",
    re.MULTILINE,
)
_GO_ON = "Answer what the customer wrote last."
_SELF = re.compile(r"^You are ([^,.\n]{1,60})", re.MULTILINE)


@dataclass(frozen=True)
class Result:
    """A tool's result since the customer's last message."""

    tool: str
    content: str

    @property
    def data(self) -> Any:
        """The content as JSON, or as it is where it is none."""
        try:
            return orjson.loads(self.content)
        except orjson.JSONDecodeError:
            return self.content

    @property
    def is_fault(self) -> bool:
        """Whether it says that the tool did not do its work."""
        return isinstance(self.data, dict) and set(self.data) == {"error"}


@dataclass(frozen=True)
class Prompt:
    """One request for a completion."""

    model: str
    system: str
    background: str
    question: str
    pictures: list[str]
    results: list[Result]
    earlier: list[str]
    tools: dict[str, Json]
    markers: Markers
    wants_json: bool
    characters: int

    @property
    def images(self) -> int:
        """How many images the question has."""
        return len(self.pictures)

    @property
    def variables(self) -> dict[str, str]:
        """What is known or stated of the customer, by name in lower case; what is known holds."""
        stated = _VARIABLE.findall(f"{self.background}\n{self.system}")
        return {name.strip().lower(): value for name, value in stated}

    @property
    def assistant(self) -> str:
        """The model's name in the system prompt."""
        found = _SELF.search(self.system)
        return found[1].strip() if found else "the assistant"


def read(body: Json) -> Prompt:
    """Return the prompt in the ``body`` of a request for a chat completion."""
    messages = _with_question_last(body["messages"])
    start = _start_of_question(messages)
    questions = [message for message in messages[start:] if message["role"] == "user"]
    said = [_BACKGROUND.sub("", _text(message)) for message in questions]
    raw, last = "\n".join(said), said[-1] if said else ""
    model = str(body.get("model", "demo"))
    return Prompt(
        model=model,
        system="\n".join(_text(m) for m in messages if m["role"] in {"system", "developer"}),
        background="\n".join(_background(message) for message in messages),
        question=_FILE.sub("", markers.strip(raw)).strip(),
        pictures=[url for message in questions for url in _pictures(message)],
        results=_results(messages[start:]),
        earlier=_earlier(messages[:start]),
        tools={tool["function"]["name"]: tool["function"] for tool in body.get("tools") or []},
        markers=markers.read(last, model),
        wants_json=(body.get("response_format") or {}).get("type", "text") != "text",
        characters=sum(len(_text(message)) for message in messages),
    )


def _with_question_last(messages: list[Json]) -> list[Json]:
    """Return ``messages`` without a request to answer what stands before, and what lies between."""
    places = [at for at, message in enumerate(messages) if message["role"] == "user"]
    if not places or _text(messages[places[-1]]) != _GO_ON:
        return messages
    start = end = places[-1]
    while start and messages[start - 1]["role"] == "assistant":
        start -= 1
    return messages[:start] + messages[end + 1 :]


def _start_of_question(messages: list[Json]) -> int:
    """Return where the customer's unanswered messages begin."""
    start = len(messages)
    for index in range(len(messages) - 1, -1, -1):
        role = messages[index]["role"]
        if role == "user":
            start = index
        elif role == "assistant" and not messages[index].get("tool_calls"):
            break
    return start


def _text(message: Json) -> str:
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content if part.get("type") == "text")


def _background(message: Json) -> str:
    """Return what a message of the user tells of the customer, before their own words."""
    if message["role"] != "user":
        return ""
    return "\n".join(found[0] for found in _BACKGROUND.finditer(_text(message)))


def _earlier(messages: list[Json]) -> list[str]:
    """Return what the customer wrote in earlier messages."""
    said = [_BACKGROUND.sub("", _text(one)) for one in messages if one["role"] == "user"]
    return [markers.strip(text) for text in said if text]


def _pictures(message: Json) -> list[str]:
    """Return the addresses of a message's images."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return []
    return [part["image_url"]["url"] for part in content if part.get("type") == "image_url"]


def _results(messages: list[Json]) -> list[Result]:
    names = {
        call["id"]: call["function"]["name"]
        for message in messages
        for call in message.get("tool_calls") or []
    }
    return [
        Result(names.get(message.get("tool_call_id", ""), ""), _text(message))
        for message in messages
        if message["role"] == "tool"
    ]
