"""WhatsApp's transport: the reply window, the parts of a message, and how they leave."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from channels_layer import sentences
from channels_layer.errors import RefusedError
from channels_layer.work.jobs import enqueue
from conversations.cards import as_text, parted
from conversations.models import Attachment, AuthorKind, Conversation, Delivery, Message
from conversations.sources.whatsapp import KIND, cards, formatting, pieces, templating
from conversations.sources.whatsapp.models import USERNAME, Sender
from conversations.sources.whatsapp.services import (
    groups,
    limits,
    media,
    outgoing_files,
    sends,
    templates,
)
from conversations.sources.whatsapp.services.templates import TemplateParametersError
from conversations.transports import SendResult, Transport, WindowClosedError

LONGEST_CAPTION = 1024
PAUSE_SECONDS = 60.0
NO_SENDER = _("This WhatsApp source has no number yet. An administrator has to enter it.")
NO_FILES = _("It takes no files.")
ONE_FILE = {
    "image": _("Its header wants one image."),
    "video": _("Its header wants one video."),
    "document": _("Its header wants one document."),
}


class TemplateRequiredError(WindowClosedError):
    """The customer wrote more than 24 hours ago."""

    detail = _("The customer last wrote more than 24 hours ago; only a template may be sent.")


class RestrictedError(RefusedError):
    """Meta does not let this number send."""

    code = "restricted"


class WhatsAppTransport(Transport):
    """The transport to customers who read on their phones, through Meta."""

    kind = KIND
    label = _("WhatsApp")
    icon = "whatsapp/icon.svg"
    badge = "whatsapp/badge.css"
    gather_seconds = 2.0  # an album comes as several messages
    reply_window = timedelta(hours=24)
    interactive_replies = cards.MOST_ROWS
    takes_templates = True
    handle_attribute = USERNAME
    is_named_by_identity = True
    delivers = True

    def parts(
        self,
        conversation: Conversation,
        message: Message,
        files: Sequence[Attachment],
        template: Mapping[str, Any] | None,
    ) -> list[dict[str, Any]]:
        """Cut a message into texts, files and choices; a template is one part."""
        if template is not None:
            return [_template_part(conversation, files, template, at=message.created_at)]
        read, choice = _cards_of(self, conversation, message)
        text = "\n\n".join(filter(None, (text_of(message), read)))
        if len(files) == 1 and _is_caption(text, files[0]) and not message.cards:
            return [_file_part(files[0], caption=text)]
        is_typed = message.author_kind == AuthorKind.AGENT
        words: list[dict[str, Any]] = [
            {"type": "text", "text": piece} for piece in pieces.cut(text, is_typed=is_typed)
        ]
        if choice is not None:
            above = words.pop()["text"] if words and _fits(choice, words[-1]["text"]) else ""
            words.append({"type": "interactive", "interactive": cards.interactive(choice, above)})
        pictures = [_picture_part(card) for card in message.cards if card.get("file")]
        return [*words, *pictures, *(_file_part(file) for file in files)]

    def refuse(
        self, conversation: Conversation, *, template: Mapping[str, Any] | None, at: datetime
    ) -> None:
        """Refuse free text after the window, and everything that Meta would refuse."""
        sender = _sender_of(conversation)
        if sender.is_paused:
            raise RestrictedError(sentences.translated(sender.restriction))
        is_closed = conversation.is_window_closed(at)
        if template is None:
            if is_closed:
                raise TemplateRequiredError
            return
        templates.checked(sender=sender, template=template)
        if not is_closed:
            return
        if sender.restriction:
            raise RestrictedError(sentences.translated(sender.restriction))
        limits.refuse(sender=sender, conversation=conversation, at=at)

    def words_of(self, conversation: Conversation, template: Mapping[str, Any]) -> str:
        """Return the template as the customer reads it."""
        found = templates.checked(sender=_sender_of(conversation), template=template)
        return templating.text_of(found.components, template.get("parameters") or {})

    def pause(self, conversation: Conversation, *, at: datetime) -> float:
        """Return the pause while the number may not send."""
        del at
        sender = Sender.objects.filter(source_id=conversation.source_id).first()
        return PAUSE_SECONDS if sender is None or sender.is_paused else 0.0

    def send(
        self, delivery: Delivery, *, begin: Callable[[], bool], at: datetime
    ) -> SendResult | None:
        """Send one delivery to Meta; a template that leaves later counts from then on."""
        conversation = delivery.conversation
        is_first = delivery.content["type"] == "template" and conversation.is_window_closed(at)
        if is_first:
            limits.count(sender=_sender_of(conversation), conversation=conversation, at=at)
        return sends.send(delivery, begin=begin, at=at)

    def fetch_again(self, attachment: Attachment, *, at: datetime) -> None:
        """Queue the fetch of a file that did not arrive once more."""
        media.again(attachment=attachment, at=at)

    def acknowledge(self, conversation: Conversation, *, is_typing: bool) -> None:
        """Queue a receipt for the customer's message."""
        enqueue("conversations.acknowledge", conversation=conversation.pk, typing=int(is_typing))


def text_of(message: Message) -> str:
    """Return what a person typed as it is, and what a program wrote in WhatsApp's marks."""
    if message.author_kind == AuthorKind.AGENT:
        return message.text
    return formatting.from_markdown(message.text)


def _cards_of(
    transport: Transport, conversation: Conversation, message: Message
) -> tuple[str, Mapping[str, Any] | None]:
    """Return a message's cards as text, and the choice to tap; groups take no buttons.

    Pictures have words of their own.
    """
    read = [card for card in message.cards if not card.get("file")]
    is_group = groups.group_of(conversation)
    return parted(read, at_most=0 if is_group else transport.interactive_replies)


def _sender_of(conversation: Conversation) -> Sender:
    sender = Sender.objects.filter(source_id=conversation.source_id).first()
    if sender is None:
        raise RestrictedError(str(NO_SENDER))
    return sender


def _template_part(
    conversation: Conversation,
    files: Sequence[Attachment],
    template: Mapping[str, Any],
    *,
    at: datetime,
) -> dict[str, Any]:
    sender = _sender_of(conversation)
    found = templates.checked(sender=sender, template=template)
    wanted = templating.media_of(found.components)
    kinds = [outgoing_files.kind_of(file) for file in files]
    if kinds != ([wanted] if wanted else []):
        detail = ONE_FILE.get(wanted, NO_FILES)
        raise TemplateParametersError(fields={"attachments": [str(detail)]})
    if conversation.is_window_closed(at):
        limits.count(sender=sender, conversation=conversation, at=at)
    part = {
        "type": "template",
        "template": {
            "name": found.name,
            "language": found.language,
            "parameters": dict(template.get("parameters") or {}),
        },
    }
    return part | ({"attachment": str(files[0].pk)} if files else {})


def _is_caption(text: str, file: Attachment) -> bool:
    return len(text) <= LONGEST_CAPTION and (not text or outgoing_files.kind_of(file) != "audio")


def _fits(choice: Mapping[str, Any], above: str) -> bool:
    return len(cards.body(choice, above)) <= cards.LONGEST_BODY


def _picture_part(card: Mapping[str, Any]) -> dict[str, Any]:
    part = {"type": "media", "attachment": card["file"]["id"]}
    caption = as_text([card])[:LONGEST_CAPTION]
    return part | ({"caption": caption} if caption else {})


def _file_part(file: Attachment, *, caption: str = "") -> dict[str, Any]:
    part = {"type": "media", "attachment": str(file.pk)}
    return part | ({"caption": caption} if caption else {})
