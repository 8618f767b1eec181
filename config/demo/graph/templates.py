"""Templates: what Meta has approved, paused and refused for the demo's business."""

import re
from copy import deepcopy
from typing import Any

from config.demo.graph.failures import Failure

Json = dict[str, Any]
_PLACEHOLDER = re.compile(r"\{\{\s*([a-z0-9_]+)\s*\}\}")
_UNKNOWN, _COUNT, _PAUSED, _DISABLED = 132001, 132000, 132015, 132016
_REFUSED = {"PAUSED": _PAUSED, "DISABLED": _DISABLED}


def _body(text: str, *examples: str) -> Json:
    component: Json = {"type": "BODY", "text": text}
    if examples:
        component["example"] = {"body_text": [list(examples)]}
    return component


def _template(number: int, name: str, components: list[Json], **other: str) -> Json:
    return {
        "id": f"90000000000{number:04d}",
        "name": name,
        "language": "en_US",
        "status": "APPROVED",
        "category": "UTILITY",
        "parameter_format": "POSITIONAL",
        "components": components,
        **other,
    }


_FOOTER = {"type": "FOOTER", "text": "Nordhem lamps"}
_TEMPLATES = [
    _template(1, "hello_again", [_body("Hello, we have news about your question. May we go on?")]),
    _template(
        2,
        "order_update",
        [
            {"type": "HEADER", "format": "TEXT", "text": "Your order"},
            _body(
                "Hello {{1}}, your order {{2}} is on its way and arrives on {{3}}.",
                *("Elin", "ORD-20514", "Tuesday"),
            ),
            _FOOTER,
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Thank you"}]},
        ],
    ),
    _template(
        3,
        "refund_confirmed",
        [
            _body(
                "Your refund of {{1}} is confirmed. It reaches your card by {{2}}.", "€189", "May 3"
            )
        ],
    ),
    _template(
        4,
        "question_answered",
        [
            {
                "type": "BODY",
                "text": "Hello {{first_name}}, a colleague has answered your question.",
                "example": {
                    "body_text_named_params": [{"param_name": "first_name", "example": "Elin"}]
                },
            },
            _FOOTER,
        ],
        parameter_format="NAMED",
    ),
    _template(
        5,
        "order_update",
        [
            _body(
                "Hej {{1}}, din order {{2}} är på väg och kommer på {{3}}.", "Elin", "A1", "tisdag"
            )
        ],
        language="sv",
    ),
    _template(
        6,
        "autumn_offer",
        [_body("Hello {{1}}, all floor lamps are 20% off this week.", "Elin")],
        category="MARKETING",
        status="PAUSED",
    ),
    _template(
        7,
        "win_money",
        [_body("Answer now and win a lamp!")],
        category="MARKETING",
        status="REJECTED",
        rejected_reason="PROMOTIONAL",
    ),
]


def fresh() -> list[Json]:
    """Return a business's templates as they are at the start."""
    return deepcopy(_TEMPLATES)


def find(templates: list[Json], name: str, language: str) -> Json:
    """Return the template that may be sent, or refuse as Graph does."""
    for template in templates:
        if (template["name"], template["language"]) == (name, language):
            if template["status"] == "APPROVED":
                return template
            code = _REFUSED.get(template["status"], _UNKNOWN)
            raise Failure(code, f"template name ({name}) is {template['status']}")
    raise Failure(_UNKNOWN, f"template name ({name}) does not exist in {language}")


def shown(template: Json, components: list[Json]) -> Json:
    """Fill the parameters in; return the text of each component, and the ``buttons``."""
    return {
        "header": _filled(template, components, "HEADER"),
        "body": _filled(template, components, "BODY"),
        "footer": _filled(template, components, "FOOTER"),
        "buttons": [
            {"title": button["text"], "payload": button["text"]}
            for part in template["components"]
            if part["type"].upper() == "BUTTONS"
            for button in part["buttons"]
            if button["type"].upper() == "QUICK_REPLY"
        ],
    }


def _filled(template: Json, components: list[Json], kind: str) -> str:
    """Return the text of one component; a wrong number of parameters is refused."""
    part: Json = next((one for one in template["components"] if one["type"].upper() == kind), {})
    text = str(part.get("text", ""))
    given = [
        parameter
        for component in components
        if str(component.get("type", "")).upper() == kind
        for parameter in component.get("parameters", [])
    ]
    names = list(dict.fromkeys(_PLACEHOLDER.findall(text)))
    if part.get("format", "TEXT").upper() == "TEXT" and len(given) != len(names):
        raise Failure(
            _COUNT,
            f"{kind.lower()}: number of localizable_params ({len(given)}) does not match the "
            f"expected number of params ({len(names)})",
        )
    values = {
        str(parameter.get("parameter_name") or name): str(parameter.get("text", ""))
        for name, parameter in zip(names, given, strict=False)
    }
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], ""), text)
