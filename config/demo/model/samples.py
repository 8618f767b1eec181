"""Samples: cards that the demo model shows when a marker names their kinds."""

from typing import Any

import orjson

_CARDS: dict[str, dict[str, Any]] = {
    "table": {
        "type": "table",
        "title": "Order ORD-12345",
        "columns": ["Item", "Number", "Price"],
        "rows": [
            ["Arc desk lamp, green", 1, "€164.00"],
            ["Bulb E14, warm", 2, "€18.00"],
            ["Delivery", "", "€7.00"],
        ],
        "total": ["Total", "", "€189.00"],
    },
    "buttons": {
        "type": "buttons",
        "title": "What shall we do?",
        "text": "Each is free of charge for you.",
        "buttons": [{"title": "Refund"}, {"title": "Replacement"}, {"title": "Repair"}],
    },
    "list": {
        "type": "list",
        "title": "Which lamp would you like instead?",
        "items": [
            {
                "title": "Arc desk lamp, green",
                "description": "In stock, Tuesday",
                "note": "€164.00",
            },
            {"title": "Arc desk lamp, sand", "description": "In stock, Tuesday", "note": "€164.00"},
            {"title": "Arc desk lamp, tall", "description": "From 4 December", "note": "€198.00"},
        ],
    },
    "link": {
        "type": "link",
        "title": "How to pack a lamp for return",
        "text": "Three steps, and the label to print. The shade goes first.",
        "url": "https://nordhem.example/returns",
    },
    "image": {"type": "image", "title": "The lamp you sent us", "text": "We look into the crack."},
}


def cards(wanted: str) -> str:
    """Return the arguments of ``present`` for the ``wanted`` kinds: ``table+buttons``.

    An image is named behind a colon, as in ``image:lamp.png``.
    """
    shown = []
    for one in wanted.split("+"):
        kind, _, image = one.partition(":")
        card = _CARDS.get(kind, _CARDS["buttons"])
        shown.append({**card, "image": image} if image else card)
    return orjson.dumps({"cards": shown}).decode()
