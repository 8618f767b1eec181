"""Templates filled in: their slots, their text, and the payload for Meta.

A placeholder of the body keeps its name (``1``, ``first_name``); the one of a text header is
called ``header``, the one of the first button ``button_1``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
HEADER = "header"
MEDIA = frozenset({"IMAGE", "VIDEO", "DOCUMENT"})


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One parameter to fill in: its name, its place, and its placeholder at Meta."""

    name: str
    place: str
    placeholder: str
    example: str = ""
    index: int = 0
    sub_type: str = ""


def slots_of(components: list[Json]) -> list[Slot]:
    """Return the slots of a template, in the order in which they are read."""
    found = [slot for component in components for slot in _slots(component)]
    return list({slot.name: slot for slot in found}.values())


def media_of(components: list[Json]) -> str:
    """Return the kind of file of the header: image, video, document, or an empty text."""
    for component in components:
        kind = str(component.get("format", "")).upper()
        if _type(component) == "HEADER" and kind in MEDIA:
            return kind.lower()
    return ""


def text_of(components: list[Json], values: Mapping[str, str] | None = None) -> str:
    """Return header, body and footer with ``values`` in place.

    A placeholder without a value stays, by the name under which it is filled in.
    """
    filled = values or {}
    read = {"HEADER": 0, "BODY": 1, "FOOTER": 2}
    shown = [one for one in components if _type(one) in read and one.get("text")]
    shown.sort(key=lambda component: read[_type(component)])
    return "\n\n".join(_filled(component, filled) for component in shown)


def buttons_of(components: list[Json]) -> list[str]:
    """Return the texts of the buttons."""
    groups = [one.get("buttons") or [] for one in components if _type(one) == "BUTTONS"]
    return [str(button.get("text", "")) for buttons in groups for button in buttons]


def payload_of(
    components: list[Json], values: Mapping[str, str], *, is_named: bool, media: Json | None = None
) -> list[Json]:
    """Return the components of a template message as the Graph API takes them.

    ``media`` is the header's parameter where the header is a file.
    """
    made: list[Json] = []
    if media:
        made.append({"type": "header", "parameters": [media]})
    slots = slots_of(components)
    for place in ("header", "body"):
        chosen = [slot for slot in slots if slot.place == place]
        if chosen:
            texts = [_parameter(slot, values, is_named=is_named) for slot in chosen]
            made.append({"type": place, "parameters": texts})
    made += [_button(slot, values) for slot in slots if slot.place == "button"]
    return made


def _slots(component: Json) -> Iterator[Slot]:
    kind = _type(component)
    if kind in {"HEADER", "BODY"}:
        examples = _examples(component)
        for placeholder in dict.fromkeys(PLACEHOLDER.findall(str(component.get("text", "")))):
            yield Slot(
                name=HEADER if kind == "HEADER" else placeholder,
                place=kind.lower(),
                placeholder=placeholder,
                example=examples.get(placeholder, ""),
            )
    elif kind == "BUTTONS":
        for index, button in enumerate(component.get("buttons") or []):
            yield from _button_slots(index, button)


def _button_slots(index: int, button: Json) -> Iterator[Slot]:
    kind = _type(button)
    example = button.get("example")
    shown = str(example[0] if isinstance(example, list) and example else example or "")
    name = f"button_{index + 1}"
    if kind == "URL" and (match := PLACEHOLDER.search(str(button.get("url", "")))):
        # The example is the whole address; only its end is filled in.
        shown = shown.removeprefix(str(button["url"])[: match.start()])
        yield Slot(
            name=name,
            place="button",
            placeholder=match[1],
            example=shown,
            index=index,
            sub_type="url",
        )
    elif kind == "COPY_CODE":
        yield Slot(
            name=name,
            place="button",
            placeholder="1",
            example=shown,
            index=index,
            sub_type="copy_code",
        )


def _examples(component: Json) -> dict[str, str]:
    """Return the examples of a header or body by placeholder, whichever form Meta gives them."""
    kind = _type(component).lower()
    example = component.get("example") or {}
    named = example.get(f"{kind}_text_named_params") or []
    if named:
        return {str(one.get("param_name")): str(one.get("example", "")) for one in named}
    values = example.get(f"{kind}_text") or []
    if values and isinstance(values[0], list):
        values = values[0]
    return {str(number): str(value) for number, value in enumerate(values, start=1)}


def _filled(component: Json, values: Mapping[str, str]) -> str:
    is_header = _type(component) == "HEADER"

    def value_of(match: re.Match[str]) -> str:
        name = HEADER if is_header else match[1]
        return values.get(name, f"{{{{{name}}}}}")

    return PLACEHOLDER.sub(value_of, str(component["text"]))


def _parameter(slot: Slot, values: Mapping[str, str], *, is_named: bool) -> Json:
    parameter = {"type": "text", "text": values[slot.name]}
    return parameter | {"parameter_name": slot.placeholder} if is_named else parameter


def _button(slot: Slot, values: Mapping[str, str]) -> Json:
    value = values[slot.name]
    parameter = {"type": "text", "text": value}
    if slot.sub_type == "copy_code":
        parameter = {"type": "coupon_code", "coupon_code": value}
    return {
        "type": "button",
        "sub_type": slot.sub_type,
        "index": str(slot.index),
        "parameters": [parameter],
    }


def _type(component: Json) -> str:
    return str(component.get("type", "")).upper()
