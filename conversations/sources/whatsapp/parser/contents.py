"""Contents of messages, by Meta's types."""

from collections.abc import Callable

from conversations.sources.whatsapp.parser import contact_cards, origins, readable
from conversations.sources.whatsapp.parser.shapes import Content, Effect, Media, Person
from conversations.sources.whatsapp.parser.values import (
    Json,
    degrees,
    identifier,
    mapping,
    moment,
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
UNSUPPORTED = "Unsupported message: "
BEFORE = "A file from before this number was connected"
OPENED = "Opened the chat for the first time"
UNANSWERED = "Filled in a form without answers"
CALLS = {
    "accept": "The business may call",
    "reject": "The business may not call",
}
MAP = "https://www.openstreetmap.org/?mlat={}&mlon={}"

_NAMELESS = frozenset({"unsupported", "unknown"})
_FILES = {
    "image": ("image", "Photo"),
    "sticker": ("image", "Sticker"),
    "video": ("video", "Video"),
    "audio": ("audio", "Audio"),
    "document": ("document", "Document"),
}


def kind_of(message: Json) -> str:
    """Return Meta's type of a message; where it is missing, the one whose part is there."""
    stated = text(message.get("type"), most=LONGEST_KIND).lower()
    return stated or next((kind for kind in _READERS if kind in message), "unknown")


def content_of(message: Json) -> Content:
    """Return the content of a message; name one that cannot be parsed, so that nothing is lost."""
    kind = kind_of(message)
    reader = _READERS.get(kind)
    content = reader(message) if reader else Content()
    is_there = content.text or content.files or content.effect != Effect.WORDS
    return content if is_there else Content(text=_unsupported(kind, message))


def inside_of(message: Json) -> str:
    """Return what is in a message of a type that is new, line by line; empty for known types."""
    kind = kind_of(message)
    part = {} if kind in {*_NAMELESS, *_READERS} else mapping(message.get(kind))
    return readable.lines_of(part) if part else ""


def is_supported(content: Content) -> bool:
    """Return whether a content is what was sent, and no line about what cannot be shown."""
    return not content.text.startswith(UNSUPPORTED)


def _unsupported(kind: str, message: Json) -> str:
    """Return the text for a message that WhatsApp or Parley cannot show, with Meta's reason."""
    inner = text(mapping(message.get("unsupported")).get("type"), most=LONGEST_KIND)
    named, reason = inner or kind, origins.reason_of(message)
    named = "" if named in _NAMELESS else named
    is_code_alone = reason.startswith("(")
    if is_code_alone or not reason:
        line = f"{named or WITHHELD} {reason}".strip()
    else:
        line = f"{named}. {reason}" if named else reason
    return f"{UNSUPPORTED}{line}"


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
    named = (text(part.get("name")), text(part.get("address")), text(part.get("url")))
    place = ", ".join(filter(None, named))
    latitude, longitude = degrees(part.get("latitude")), degrees(part.get("longitude"))
    link = MAP.format(latitude, longitude) if latitude is not None and longitude is not None else ""
    if not place and not link:
        return Content()
    return Content(text="\n".join(filter(None, (f"Location: {place}".strip(" :"), link))))


def _contacts(message: Json) -> Content:
    return Content(text=contact_cards.lines_of(message.get("contacts")))


def _interactive(message: Json) -> Content:
    part = mapping(message.get("interactive"))
    if form := mapping(part.get("nfm_reply")):
        return _form(form)
    if calls := mapping(part.get("call_permission_reply")):
        return Content(text=_permission(calls))
    reply = mapping(part.get("button_reply")) or mapping(part.get("list_reply"))
    chosen = identifier(reply.get("id"))
    words = text(reply.get("title")) or chosen or _other(part)
    return Content(text=words, choice=chosen)


def _other(part: Json) -> str:
    """Return what is in an interactive reply of a kind that is new."""
    inside = {name: one for name, one in part.items() if name != "type"}
    return readable.lines_of(inside) if inside else ""


def _form(form: Json) -> Content:
    """Return the answers of a form line by line, and the files that were picked in it."""
    raw = form.get("response_json")
    answers = readable.answers_of(raw)
    if isinstance(answers, dict | list):
        words, files = readable.lines_of(answers) if answers else "", readable.files_of(answers)
    else:
        words, files = readable.without_token(raw), []
    first, more = (files[0], files[1:]) if files else (None, [])
    shown = words or text(form.get("body")) or UNANSWERED
    return Content(text=shown, media=first, more=tuple(more))


def _permission(reply: Json) -> str:
    answer = text(reply.get("response")).lower()
    until = moment(reply.get("expiration_timestamp"))
    lasting = "for good" if reply.get("is_permanent") is True else ""
    if until and not lasting:
        lasting = f"until {until:%Y-%m-%d %H:%M} UTC"
    words = CALLS.get(answer) or readable.lines_of(reply)
    return " ".join(filter(None, (words, lasting if answer == "accept" else "")))


def _welcome(message: Json) -> Content:
    del message
    return Content(text=OPENED)


def _placeholder(message: Json) -> Content:
    del message
    return Content(text=BEFORE)


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
    "request_welcome": _welcome,
    "media_placeholder": _placeholder,
}
