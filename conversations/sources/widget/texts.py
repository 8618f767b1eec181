"""The widget's words: those that an administrator may change, and those of the interface."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from channels_layer import sentences
from channels_layer.formats import plural
from conversations.models import Assistant

NAMES = (
    "subtitle",
    "greeting",
    "teaser",
    "placeholder",
    "prechat_title",
    "prechat_text",
    "prechat_button",
    "talk_to_person",
)
LONGEST = 500


def usual(*, assistant: Assistant, brand: str) -> dict[str, str]:
    """Return the configurable texts as they are without configuration, in the reader's language."""
    of_brand = _("Assistant of %(brand)s") % {"brand": brand}
    return {
        "subtitle": of_brand if brand else assistant.tagline or _("Assistant"),
        "greeting": assistant.greeting,
        "teaser": "",
        "placeholder": _("Write a message"),
        "prechat_title": _("Before we start"),
        "prechat_text": _("So that we can help you and reach you."),
        "prechat_button": _("Start chat"),
        "talk_to_person": _("Talk to a person"),
    }


def validate_texts(value: object) -> None:
    """Refuse anything but short texts under known names."""
    if not isinstance(value, dict):
        raise ValidationError(_("Write texts by name."))
    for name, text in value.items():
        if name not in NAMES:
            raise ValidationError(_("There is no text named %(name)s."), params={"name": name})
        if not isinstance(text, str) or len(text) > LONGEST:
            raise ValidationError(
                _("%(name)s is no text of at most %(most)d characters."),
                params={"name": name, "most": LONGEST},
            )


def labels() -> dict[str, Any]:
    """Return the words that the widget's modules use, in the reader's language."""
    return {
        **_thread(),
        **_pictures(),
        **_sending(),
        **_files(),
        "table": _("Table"),
        "choices": _("Choices"),
        **_around(),
        "sentences": sentences.for_customers(),
        "page": {
            "language": get_language(),
            "frame": _("Chat"),
            "open": _("Open chat"),
            "close": _("Close chat"),
            "unread": plural(
                "Open chat, {count} unread message", "Open chat, {count} unread messages"
            ),
            "dismiss": _("Dismiss"),
        },
    }


def _thread() -> dict[str, Any]:
    return {
        "ai": pgettext("mark beside an assistant's name", "AI"),
        "ai_title": _("Written by an assistant"),
        "writing": _("{name} is writing"),
        "stopped": _("Stopped"),
        "interrupted": _("Interrupted"),
        "today": _("Today"),
        "new": plural("{count} new message", "{count} new messages"),
        "newest": _("Newest messages"),
        "sent": _("Sent"),
        "delivered": _("Delivered"),
        "read": pgettext("a message was read", "Read"),
        "waiting": _("We asked for a person."),
        "queue": {
            1: _("You are next in line."),
            2: _("You are second in line."),
            3: _("You are third in line."),
        },
        "queue_other": _("You are number {position} in line."),
        "wait": plural("About {count} minute.", "About {count} minutes."),
        "may_close": _("You can close this window."),
        "stop_waiting": _("Stop waiting"),
        "on_its_way": _("On its way"),
        "not_arrived": _("Did not arrive"),
        "lines": {
            "requested": _("A person was asked for"),
            "requested_own": _("You asked for a person"),
            "withdrawn": _("{assistant} answers again"),
            "withdrawn_own": _("You stopped waiting. {assistant} answers again"),
            "accepted": _("{name} joined"),
            "taken": _("{name} joined"),
            "released": _("{name} left. {assistant} answers again"),
            "returned": _("{assistant} answers again"),
            "ended": _("{name} ended the conversation"),
            "ended_own": _("You ended the conversation"),
            "reopened": _("The conversation goes on"),
            "reopened_own": _("The conversation goes on"),
        },
    }


def _pictures() -> dict[str, Any]:
    return {
        "pages": plural("{count} page", "{count} pages"),
        "still": _("Still of a moving picture"),
        "play": _("Play"),
    }


def _sending() -> dict[str, Any]:
    return {
        "send": _("Send"),
        "sending": _("Sending"),
        "held": _("Sends in {seconds} s"),
        "kept": _("Sends when you are back online"),
        "take_back": _("Take back"),
        "retry": _("Try again"),
        "not_sent": _("Not sent: {reason}"),
        "of_file": _("{name}: {text}"),
        "too_long": plural("Too long by {count} character", "Too long by {count} characters"),
        "too_fast": _("Too many at once. Try again in {seconds} s."),
        "broken": _("This does not work right now. Try again in a moment."),
        "unreachable": _("We cannot be reached right now. Look at your connection."),
        "write_again": _("Write to continue"),
        "required": _("Fill this in."),
        "phone": _("Write a phone number, such as +46 70 318 44 02."),
        "email_at": _("The address needs an @"),
        "email_name": _("Add what comes before the @"),
        "email_after": _("Add what comes after the @"),
        "email_domain": _("The address needs a domain, like .com"),
    }


def _files() -> dict[str, str]:
    return {
        "uploading": _("Uploading {name}"),
        "not_uploaded": _("Not uploaded"),
        "remove_file": _("Remove {name}"),
        "waits_for_files": _("Sends when the files are uploaded"),
        "file_too_large": _("{name} is larger than {limit}."),
        "too_many_files": _("{name} is left out: a message takes {count} files."),
        "file_gone": _("{name} is no longer here. Take the message back and add the file again."),
    }


def _around() -> dict[str, str]:
    return {
        "lost": _("No connection. What you write is kept and sent later."),
        "back": _("Back."),
        "waiting_short": _("Waiting for a person"),
        "person": _("Here to help you"),
        "ended": pgettext("state of a conversation", "Ended"),
        "untitled": _("Conversation"),
        "nothing_said": _("Nothing said yet"),
    }
