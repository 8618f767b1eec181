"""Utility work: titles, summaries, descriptions and JSON by the utility or vision model."""

import re
from typing import Any

import orjson

from config.demo.model import guesses, handover, sight
from config.demo.model.prompt import Prompt

_TITLE = re.compile(r"^\W*(write|give|create|generate|suggest)\b[^\n]*\btitle\b", re.IGNORECASE)
_SUMMARY = re.compile(r"^\W*(summari[sz]e|write (a|the)\b[^\n]*\bsummary)\b", re.IGNORECASE)
_SEEN = re.compile(r"^\W*describe\b[^\n]*\bimages?\b", re.IGNORECASE)
_FENCED = re.compile(r"<(\w+)>\s*(.*?)\s*</\1>", re.DOTALL)


def work(prompt: Prompt) -> str:
    """Return the result where ``prompt`` is a piece of utility work, else empty."""
    order = prompt.system or prompt.question
    if prompt.wants_json:
        return orjson.dumps(_fields(prompt)).decode()
    if _TITLE.match(order):
        return _title(_material(prompt))
    if _SUMMARY.match(order):
        return _summary(_material(prompt))
    if _SEEN.match(order):
        return "\n".join(sight.described(url) for url in prompt.pictures)
    return ""


def _material(prompt: Prompt) -> str:
    """Return the text that the work is about: what is fenced, else everything."""
    fenced = _FENCED.search(prompt.question)
    return fenced[2] if fenced else prompt.question


def _title(text: str) -> str:
    words = guesses.keywords(text)[:6] or text.split()[:6] or ["conversation"]
    return " ".join(words).capitalize()


def _summary(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(["They spoke about:", *(line[:120] for line in lines[:8])])


def _fields(prompt: Prompt) -> dict[str, Any]:
    """Return one value for every ``"name"`` that the order lists in backquotes."""
    names = dict.fromkeys(re.findall(r"`([a-z_]{2,40})`", f"{prompt.system}\n{prompt.question}"))
    material = _material(prompt)
    return {name: _field(name, material) for name in names}


def _field(name: str, material: str) -> Any:
    if name.startswith(("is_", "has_")) or name.endswith("_resolved"):
        return "thank" in material.lower()
    if name in {"title", "topic"}:
        return _title(material)
    value = handover.field(name, material)
    if value is not None:
        return value
    return _summary(material)[:300]
