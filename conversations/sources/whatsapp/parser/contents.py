"""Contents of messages, by Meta's types."""

import json
import re
from collections.abc import Callable

from conversations.sources.whatsapp.parser.shapes import Content, Effect, Media, Person
from conversations.sources.whatsapp.parser.values import (
    Json,
    degrees,
    identifier,
    mapping,
    objects,
    phone,
    text,
)

LONGEST_MEDIA_ID = 100
LONGEST_EMOJI = 32
LONGEST_KIND = 20
ACCOUNT_CHANGED = "The customer's account changed"
VOICE_NOTE = "Voice note"
WITHHELD = "WhatsApp does not say what it is"
MAP = "https://www.openstreetmap.org/?mlat={}&mlon={}"

_NAMELESS = frozenset({"unsupported", "unknown"})
_FILES = {
    "image": ("image", "Photo"),
    "sticker": ("image", "Sticker"),
    "video": ("video", "Video"),
    "audio": ("audio", "Audio"),
    "document": ("document", "Document"),
}
_VCARD_LINE = re.compile(r"^(FN|TEL|EMAIL)[^:\n]*:(.+)$", re.IGNORECASE | re.MULTILINE)


def kind_of(message: Json) -> str:
    """Return Meta's type of a message; where it is missing, the one whose part is there."""
    stated = text(message.get("type"), most=LONGEST_KIND).lower()
    return stated or next((kind for kind in _READERS if kind in message), "unknown")


def content_of(message: Json) -> Content:
    """Return the content of a message; name one that cannot be parsed, so that nothing is lost."""
    kind = kind_of(message)
    reader = _READERS.get(kind)
    content = reader(message) if reader else Content()
    is_there = content.text or content.media or content.effect != Effect.WORDS
    return content if is_there else Content(text=_unsupported(kind, message))


def _unsupported(kind: str, message: Json) -> str:
    """Return the text for a message that WhatsApp or Parley cannot show."""
    inner = text(mapping(message.get("unsupported")).get("type"), most=LONGEST_KIND)
    named = inner or kind
    return f"Unsupported message: {WITHHELD if named in _NAMELESS else named}"


def _text(message: Json) -> Content:
    return Content(text=text(mapping(message.get("text")).get("body")))


def _file(message: Json) -> Content:
    kind = kind_of(message)
    part = mapping(message.get(kind))
    shown, name = _FILES[kind]
    is_voice = part.get("voice") is True
    media_id = identifier(part.get("id"), most=LONGEST_MEDIA_ID)
    caption = text(part.get("caption"))
    if not media_id:
        return Content(text=f"{_unsupported(kind, message)}\n{caption}".strip())
    media = Media(
        id=media_id,
        kind=shown,
        name=text(part.get("filename")) or (VOICE_NOTE if is_voice else name),
        mime_type=text(part.get("mime_type"), most=LONGEST_MEDIA_ID),
        sha256=text(part.get("sha256"), most=LONGEST_MEDIA_ID),
        is_voice=is_voice,
    )
    return Content(text=caption, media=media)


def _location(message: Json) -> Content:
    part = mapping(message.get("location"))
    place = ", ".join(filter(None, (text(part.get("name")), text(part.get("address")))))
    latitude, longitude = degrees(part.get("latitude")), degrees(part.get("longitude"))
    link = MAP.format(latitude, longitude) if latitude is not None and longitude is not None else ""
    if not place and not link:
        return Content()
    return Content(text="\n".join(filter(None, (f"Location: {place}".strip(" :"), link))))


def _contacts(message: Json) -> Content:
    cards = [_card(card) for card in objects(message.get("contacts"))]
    return Content(text="\n".join(f"Contact: {card}" for card in cards if card))


def _card(card: Json) -> str:
    name = mapping(card.get("name"))
    full = text(name.get("formatted_name")) or text(name.get("first_name"))
    phones = [
        text(one.get("phone")) or phone(one.get("wa_id")) for one in objects(card.get("phones"))
    ]
    emails = [text(one.get("email")) for one in objects(card.get("emails"))]
    details = [full, *phones, *emails]
    if not any(details):
        details = [value.strip() for _, value in _VCARD_LINE.findall(text(card.get("vcard")))]
    return ", ".join(filter(None, details))


def _interactive(message: Json) -> Content:
    part = mapping(message.get("interactive"))
    if form := mapping(part.get("nfm_reply")):
        return Content(text=_form(form))
    reply = mapping(part.get("button_reply")) or mapping(part.get("list_reply"))
    chosen = identifier(reply.get("id"))
    return Content(text=text(reply.get("title")) or chosen, choice=chosen)


def _form(form: Json) -> str:
    """Return the answers of a form, line by line."""
    try:
        answers = mapping(json.loads(text(form.get("response_json"))))
    except (ValueError, RecursionError):
        answers = {}
    lines = [f"{text(name)}: {text(value)}" for name, value in answers.items() if text(value)]
    return "\n".join(lines) or text(form.get("body"))


def _button(message: Json) -> Content:
    part = mapping(message.get("button"))
    return Content(text=text(part.get("text")) or text(part.get("payload")))


def _order(message: Json) -> Content:
    part = mapping(message.get("order"))
    lines = [_product(one) for one in objects(part.get("product_items"))]
    note = text(part.get("text"))
    return Content(text="\n".join(filter(None, ("Order:" if lines else "", *lines, note))))


def _product(product: Json) -> str:
    price = " ".join(filter(None, (text(product.get("item_price")), text(product.get("currency")))))
    name = text(product.get("product_retailer_id")) or "a product"
    amount = text(product.get("quantity")) or "1"
    return f"- {amount} of {name}" + (f" at {price}" if price else "")


def _reaction(message: Json) -> Content:
    part = mapping(message.get("reaction"))
    target = identifier(part.get("message_id"))
    emoji = text(part.get("emoji"), most=LONGEST_EMOJI)
    return _change(Effect.REACTION, target, emoji=emoji)


def _edit(message: Json) -> Content:
    part = mapping(message.get("edit"))
    after = mapping(part.get("message"))
    return _change(Effect.EDIT, identifier(part.get("original_message_id")), words=_after(after))


def _after(message: Json) -> str:
    """Return the text of a message after an edit; a file itself cannot be changed."""
    kind = kind_of(message)
    if kind in _FILES:
        return text(mapping(message.get(kind)).get("caption"))
    is_words = message and kind not in {"edit", "revoke", "reaction"}
    return content_of(message).text if is_words else ""


def _revoke(message: Json) -> Content:
    part = mapping(message.get("revoke"))
    return _change(Effect.DELETE, identifier(part.get("original_message_id")))


def _change(effect: Effect, target: str, *, emoji: str = "", words: str = "") -> Content:
    """Return a change of the message ``target``; without one, the words alone."""
    if not target:
        return Content(text=words)
    return Content(effect=effect, refers_to=target, emoji=emoji, text=words)


def _system(message: Json) -> Content:
    part = mapping(message.get("system"))
    new = Person(
        wa_id=phone(part.get("wa_id")) or phone(part.get("new_wa_id")),
        user_id=identifier(part.get("user_id")),
    )
    words = text(part.get("body")) or ACCOUNT_CHANGED
    return Content(
        effect=Effect.NOTICE,
        text=words,
        moved_to=new if new.is_known else None,
        former_user_id=identifier(part.get("previous_user_id")),
    )


_READERS: dict[str, Callable[[Json], Content]] = {
    "text": _text,
    **dict.fromkeys(_FILES, _file),
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
    "system": _system,
}
