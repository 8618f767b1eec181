"""What stands beside a message: the advertisement or product it is about, and Meta's own words.

Each is a card of the type ``origin`` (``conversations/origins.py``); the customer's words stay
as they are.
"""

from typing import Any
from urllib.parse import urlsplit

from conversations.sources.whatsapp.parser.values import Json, identifier, mapping, objects, text

Card = dict[str, Any]

LONGEST_WORDS = 1000
LONGEST_ADDRESS = 2000
REFERRAL = (
    *("source_url", "source_type", "source_id", "headline", "body", "media_type"),
    *("image_url", "video_url", "thumbnail_url", "ctwa_clid"),
)
_PICTURES = ("image_url", "video_url", "thumbnail_url")


def cards_of(message: Json) -> tuple[Card, ...]:
    """Return the cards of a message: where it comes from, what it is about, who wrote it first."""
    context = mapping(message.get("context"))
    return tuple(
        card
        for card in (_advertisement(message), _product(context), _forwarded(context))
        if card is not None
    )


def referral_of(message: Json) -> dict[str, str]:
    """Return Meta's fields of where the customer came from, for the conversation's details."""
    referral = mapping(message.get("referral"))
    product = mapping(mapping(message.get("context")).get("referred_product"))
    found = {name: text(referral.get(name), most=LONGEST_ADDRESS) for name in REFERRAL}
    found["product"] = text(product.get("product_retailer_id"), most=LONGEST_WORDS)
    return {name: value for name, value in found.items() if value}


def report(message: Json) -> Card | None:
    """Return Meta's errors of a message that has words or a file all the same."""
    reasons = reason_of(message)
    return _card("report", text=reasons) if reasons else None


def contents(lines: str) -> Card:
    """Return what is in a message of a type that is new."""
    return _card("contents", text=lines)


def reason_of(part: Json) -> str:
    """Return Meta's reasons with their codes, in one line; empty where there is no error."""
    found = (_reason(error) for error in objects(part.get("errors")))
    return "; ".join(dict.fromkeys(filter(None, found)))[:LONGEST_WORDS]


def words_of(error: Json) -> str:
    """Return Meta's own words of an error, the most detailed ones."""
    details = mapping(error.get("error_data")).get("details")
    candidates = (text(one) for one in (details, error.get("message"), error.get("title")))
    return next(filter(None, candidates), "")


def _reason(error: Json) -> str:
    title, words = text(error.get("title")), words_of(error)
    title = "" if title.lower().rstrip(".") in words.lower() else f"{title.rstrip('.')}. "
    code = identifier(error.get("code"), most=40)
    parts = (f"{title}{words}".strip().rstrip("."), f"(error {code})" if code else "")
    return " ".join(" ".join(filter(None, parts)).split())


def _advertisement(message: Json) -> Card | None:
    referral = mapping(message.get("referral"))
    welcome = text(mapping(referral.get("welcome_message")).get("text"))
    found = {name: text(referral.get(name)) for name in REFERRAL}
    if not any(found.values()) and not welcome:
        return None
    kind = "post" if found["source_type"].lower() == "post" else "advertisement"
    return _card(
        kind,
        title=found["headline"],
        text=found["body"],
        url=found["source_url"],
        facts={
            "Greeting": welcome,
            "Number": found["source_id"],
            "Shows": found["media_type"].lower(),
            "Picture": next((found[one] for one in _PICTURES if _address(found[one])), ""),
            "Click": found["ctwa_clid"],
        },
    )


def _product(context: Json) -> Card | None:
    product = mapping(context.get("referred_product"))
    name = text(product.get("product_retailer_id"))
    catalog = text(product.get("catalog_id"))
    if not name and not catalog:
        return None
    return _card("product", title=name, facts={"Catalogue": catalog})


def _forwarded(context: Json) -> Card | None:
    if context.get("frequently_forwarded") is True:
        return _card("forwarded_often")
    return _card("forwarded") if context.get("forwarded") is True else None


def _card(
    kind: str, *, title: str = "", text: str = "", url: str = "", facts: Json | None = None
) -> Card:
    """Return a card; an address that is none of the web stands among the facts, without a link."""
    address = _address(url)
    told = {"Address": "" if address else url, **(facts or {})}
    lines = [[name, str(value)[:LONGEST_WORDS]] for name, value in told.items() if value]
    card: Card = {"type": "origin", "kind": kind, "title": title[:LONGEST_WORDS]}
    return card | {"text": text[:LONGEST_WORDS], "url": address, "facts": lines}


def _address(url: str) -> str:
    """Return an address of the web; empty for anything else."""
    if len(url) > LONGEST_ADDRESS or any(sign.isspace() for sign in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_web = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    return url if is_web else ""
