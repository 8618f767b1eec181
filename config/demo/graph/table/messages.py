"""Rows of what customers write and do, by Meta's types of messages."""

from dataclasses import replace

from config.demo.graph.table.row import NOTHING, Row

CHANGES = "the message changes; nothing is answered"
LINE = "a line in the thread; nothing is answered"
PHOTO = {"id": "$photo", "mime_type": "image/jpeg"}
VOICE = {"id": "$voice", "mime_type": "audio/ogg; codecs=opus"}
FORM = (
    '{"flow_token": "secret", "sizes": ["M", "L"], "gift": true, "note": null,'
    ' "address": {"city": "Oslo", "zip_code": "0150"}, "screen_0_Colour_1": "0_Warm_white"}'
)
FORM_LINES = (
    "sizes: M, L\ngift: Yes\nnote: \u2013\naddress · city: Oslo\naddress · zip code: 0150"
    "\nColour: Warm white"
)
PICKED = {
    "photo": [{"id": "$photo", "mime_type": "image/jpeg", "file_name": "broken.jpg"}],
    "day": "2026-12-01",
}
CARD = {
    "name": {
        "formatted_name": "Nina Berg",
        "prefix": "Dr",
        "first_name": "Nina",
        "middle_name": "Maria",
        "last_name": "Berg",
        "suffix": "Jr",
    },
    "org": {"company": "Nordhem AB", "department": "Sales", "title": "Head"},
    "phones": [{"phone": "+46 70 174 06 33", "type": "CELL", "wa_id": "46701740633"}],
    "emails": [{"email": "nina@nordhem.example", "type": "WORK"}],
    "addresses": [
        {
            "street": "Storgatan 1",
            "city": "Stockholm",
            "state": "Stockholm",
            "zip": "111 23",
            "country": "Sweden",
            "country_code": "se",
            "type": "WORK",
        }
    ],
    "urls": [{"url": "https://nordhem.example", "type": "WORK"}],
    "birthday": "1980-05-01",
}
CARD_LINES = (
    "Contact: Nina Berg\n  Full name: Dr Nina Maria Berg Jr\n  Company: Nordhem AB"
    "\n  Department: Sales\n  Title: Head\n  Phone (cell): +46 70 174 06 33"
    "\n  E-mail (work): nina@nordhem.example"
    "\n  Address (work): Storgatan 1, Stockholm, Stockholm, 111 23, Sweden"
    "\n  Website (work): https://nordhem.example\n  Birthday: 1980-05-01"
)
ADVERT = {
    "source_url": "https://fb.me/nordhem",
    "source_type": "ad",
    "source_id": "120209",
    "headline": "Lamps for dark days",
    "body": "Order before Friday",
    "media_type": "image",
    "image_url": "https://scontent.example/lamp.jpg",
    "ctwa_clid": "ARAk",
    "welcome_message": {"text": "What can we do for you?"},
}
ADVERT_LINES = (
    "Came from the advertisement: Lamps for dark days\nOrder before Friday\nhttps://fb.me/nordhem"
    "\nGreeting: What can we do for you?\nNumber: 120209\nShows: image"
    "\nPicture: https://scontent.example/lamp.jpg"
)


def _row(type: str, did: str, staff: str, **other: object) -> Row:
    """Return a row of a message; ``other`` are the message's own fields."""
    kind = str(other.pop("kind", type))
    model, does = other.pop("model", None), other.pop("does", None)
    message = {"type": kind, **other}
    row = Row(type=type, did=did, staff=staff, message=message)
    return replace(row, model=str(model or row.model), does=str(does or row.does))


def _reply(kind: str, **reply: object) -> dict[str, object]:
    return {"type": kind, kind: reply}


MESSAGES = (
    _row("text", "wrote", "Is the lamp in stock?", text={"body": "Is the lamp in stock?"}),
    _row("image", "sent a photo", "Look\nPhoto", image={**PHOTO, "caption": "Look"}),
    _row("video", "sent a film", "Video", video=PHOTO),
    _row("audio", "sent a sound", "Audio", audio=VOICE),
    _row(
        "voice note",
        "spoke",
        "Voice note",
        kind="audio",
        audio={**VOICE, "voice": True},
    ),
    _row(
        "sticker",
        "sent a sticker",
        "Sticker",
        sticker={"id": "$sticker", "mime_type": "image/webp"},
    ),
    _row(
        "document",
        "sent a file",
        "invoice.pdf",
        document={"id": "$invoice", "mime_type": "application/pdf", "filename": "invoice.pdf"},
    ),
    _row(
        "location",
        "sent a place",
        "Location: Sergels torg, Stockholm, https://torg.example"
        "\nhttps://www.openstreetmap.org/?mlat=59.3326&mlon=18.0649",
        location={
            "latitude": 59.3326,
            "longitude": 18.0649,
            "name": "Sergels torg",
            "address": "Stockholm",
            "url": "https://torg.example",
        },
    ),
    _row("contacts", "sent a contact card", CARD_LINES, contacts=[CARD]),
    _row(
        "contacts of a company",
        "sent a card without a name",
        "Contact: Nordhem AB",
        kind="contacts",
        contacts=[{"org": {"company": "Nordhem AB"}}],
    ),
    _row(
        "contacts as vCard",
        "sent a card as text",
        "Contact: Nina Berg\n  Company: Nordhem AB\n  Phone (cell): +46 70 1",
        kind="contacts",
        contacts=[{"vcard": "BEGIN:VCARD\nFN:Nina Berg\nORG:Nordhem AB\nTEL;TYPE=CELL:+46 70 1"}],
    ),
    _row(
        "interactive button_reply",
        "tapped a button",
        "Yes, please",
        kind="interactive",
        interactive=_reply("button_reply", id="yes", title="Yes, please"),
    ),
    _row(
        "interactive list_reply",
        "chose from a list",
        "Oslo",
        kind="interactive",
        interactive=_reply("list_reply", id="oslo", title="Oslo", description="Norway"),
    ),
    _row(
        "interactive nfm_reply",
        "filled in a form",
        FORM_LINES,
        kind="interactive",
        interactive=_reply("nfm_reply", name="flow", body="Sent", response_json=FORM),
    ),
    _row(
        "interactive nfm_reply with files",
        "picked files in a form",
        "photo: broken.jpg\nday: 2026-12-01\nbroken.jpg",
        kind="interactive",
        interactive=_reply("nfm_reply", name="flow", response_json=PICKED),
    ),
    _row(
        "interactive address_message",
        "gave an address",
        "values · name: Nina Berg\nvalues · pin code: 400063",
        kind="interactive",
        interactive=_reply(
            "nfm_reply",
            name="address_message",
            response_json='{"values": {"name": "Nina Berg", "pin_code": "400063"}}',
        ),
    ),
    _row(
        "interactive call_permission_reply",
        "allowed calls",
        "The business may call for good",
        kind="interactive",
        interactive=_reply("call_permission_reply", response="accept", is_permanent=True),
    ),
    _row(
        "interactive of a new kind",
        "answered something new",
        "payment method · type: upi\nreference id: INV-1",
        kind="interactive",
        interactive={
            "type": "payment_method",
            "payment_method": {"type": "upi"},
            "reference_id": "INV-1",
        },
    ),
    _row(
        "button",
        "tapped a template's button",
        "Stop",
        button={"text": "Stop", "payload": "STOP"},
    ),
    _row(
        "order",
        "ordered from the catalogue",
        "Order:\n- 2 of LAMP-1 at 10.5 SEK\nQuickly, please",
        order={
            "catalog_id": "9",
            "text": "Quickly, please",
            "product_items": [
                {
                    "product_retailer_id": "LAMP-1",
                    "quantity": 2,
                    "item_price": 10.5,
                    "currency": "SEK",
                }
            ],
        },
    ),
    _row(
        "referral",
        "came from an advertisement",
        f"{ADVERT_LINES}\nHow much is it?",
        kind="text",
        text={"body": "How much is it?"},
        referral=ADVERT,
    ),
    _row(
        "referred_product",
        "asked about a product",
        "Asks about the product: LAMP-1\nCatalogue: 9\nIs it in stock?",
        kind="text",
        text={"body": "Is it in stock?"},
        context={"referred_product": {"catalog_id": "9", "product_retailer_id": "LAMP-1"}},
    ),
    _row(
        "forwarded",
        "passed on what another person wrote",
        "Forwarded\nLamps are half price",
        kind="text",
        text={"body": "Lamps are half price"},
        context={"forwarded": True},
    ),
    _row(
        "frequently_forwarded",
        "passed on what many passed on",
        "Forwarded many times\nSend this to ten people",
        kind="text",
        text={"body": "Send this to ten people"},
        context={"frequently_forwarded": True},
    ),
    _row("request_welcome", "opened the chat", "Opened the chat for the first time"),
    _row(
        "reaction",
        "put an emoji to a message",
        "",
        reaction={"message_id": "$said", "emoji": "👍"},
        model=NOTHING,
        does=CHANGES,
    ),
    _row(
        "edit",
        "changed a message",
        "",
        edit={
            "original_message_id": "$said",
            "message": {"type": "text", "text": {"body": "Is the big lamp in stock?"}},
        },
        model="the new words",
        does=CHANGES,
    ),
    _row(
        "revoke",
        "deleted a message",
        "",
        revoke={"original_message_id": "$said"},
        model="that it was deleted",
        does=CHANGES,
    ),
    _row(
        "system user_changed_number",
        "has a new number",
        "WhatsApp reports: “Victor moved”",
        kind="system",
        system={"type": "user_changed_number", "body": "Victor moved", "wa_id": "$phone"},
        model="the number of now",
        does=f"the contact gets the number; {LINE}",
    ),
    _row(
        "system customer_identity_changed",
        "has a new telephone",
        "The customer's account changed",
        kind="system",
        system={"type": "customer_identity_changed", "customer": "$phone"},
        model=NOTHING,
        does=LINE,
    ),
    _row(
        "system user_changed_user_id",
        "has a new user id",
        "The customer's account changed",
        kind="system",
        system={"type": "user_changed_user_id", "user_id": "$user_id"},
        model=NOTHING,
        does=f"the contact gets the id; {LINE}",
    ),
    _row(
        "unsupported",
        "sent what the API does not hand over",
        "Unsupported message: poll. Message type unknown. It is not supported (error 131051)",
        unsupported={"type": "poll"},
        errors=[
            {
                "code": 131051,
                "title": "Message type unknown",
                "error_data": {"details": "It is not supported"},
            }
        ],
    ),
    _row(
        "unsupported, not available",
        "sent what Meta could not fetch",
        "Unsupported message: This message is currently unavailable (error 131060)",
        kind="unsupported",
        errors=[{"code": 131060, "title": "This message is currently unavailable"}],
    ),
    _row(
        "ephemeral",
        "sent what disappears",
        "Unsupported message: ephemeral. Message type unknown (error 131051)",
        errors=[{"code": 131051, "title": "Message type unknown"}],
    ),
    _row(
        "unknown", "did what has no type", "Unsupported message: WhatsApp does not say what it is"
    ),
    _row(
        "of a new type",
        "sent what is newer than Parley",
        "What is in it\nname: Which lamp?\noptions: Ek, Bok\nUnsupported message: poll_creation",
        kind="poll_creation",
        poll_creation={"name": "Which lamp?", "options": ["Ek", "Bok"]},
    ),
    _row(
        "errors beside words",
        "wrote, and Meta reports a fault",
        "Reported with it\nSomething was lost (error 131000)\nHello",
        kind="text",
        text={"body": "Hello"},
        errors=[{"code": 131000, "title": "Something was lost"}],
    ),
)
